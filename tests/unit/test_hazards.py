"""The month in which a hazard adds up to a goal: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.network.hazards import month_by_hazard

pytestmark = pytest.mark.unit

YEAR = 1200
MONTHS = np.arange(13) * 100
"""Twelve months of 100 minutes."""


def months(goal: float, birth: int, kept_until: int, hazard: list[float]) -> tuple[int, int]:
    """Return the month and the first minute of it that counts, with a hazard a year by age."""
    by_month = np.tile(hazard, (12, 1))
    found = month_by_hazard(
        np.array([goal]), np.array([birth]), np.array([kept_until]), MONTHS, by_month, YEAR
    )
    month, since = (int(numbers[0]) for numbers in found)
    return month, since


def test_the_hazards_of_months_add_up() -> None:
    assert months(goal=0.35, birth=0, kept_until=0, hazard=[1.2]) == (3, 300)  # 0.1 a month
    assert months(goal=0.05, birth=0, kept_until=0, hazard=[1.2]) == (0, 0)


def test_a_plan_that_is_kept_has_no_hazard_until_then() -> None:
    assert months(goal=0.35, birth=0, kept_until=250, hazard=[1.2]) == (5, 500)  # half a month's
    assert months(goal=0.04, birth=0, kept_until=250, hazard=[1.2]) == (2, 250)
    assert months(goal=0.04, birth=0, kept_until=1200, hazard=[1.2])[0] == -1


def test_the_hazard_is_that_of_the_age_when_the_month_begins() -> None:
    assert months(goal=0.15, birth=450 - YEAR, kept_until=0, hazard=[0, 1.2]) == (6, 600)
    assert months(goal=0.15, birth=-5 * YEAR, kept_until=0, hazard=[0, 1.2]) == (1, 100)


def test_a_hazard_that_does_not_add_up_within_the_run_ends_no_plan() -> None:
    assert months(goal=1.3, birth=0, kept_until=0, hazard=[1.2])[0] == -1
