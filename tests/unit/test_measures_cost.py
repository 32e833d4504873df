"""Discounting by the Green Book: worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ehc_sim.experiment.spending import cost

pytestmark = pytest.mark.unit

GREEN_BOOK = 0.035


def spent(**pounds: float) -> tuple[np.ndarray, np.ndarray]:
    """Return spending by month, such as ``m2025_01=1000``, and the months."""
    months = [name.removeprefix("m").replace("_", "-") for name in pounds]
    return np.array(list(pounds.values())), np.array(months, dtype="datetime64[M]")


def test_the_first_year_of_the_plan_is_not_discounted() -> None:
    table = spent(m2025_01=1000, m2025_12=500)
    assert cost(*table, GREEN_BOOK, date(2025, 1, 1)) == 1500


def test_every_later_year_is_divided_by_1_035_once_more() -> None:
    """1000, 1000 / 1.035 = 966.18 and 1000 / 1.071225 = 933.51."""
    table = spent(m2025_06=1000, m2026_01=1000, m2027_12=1000)
    found = cost(*table, GREEN_BOOK, date(2025, 1, 1))
    assert found == pytest.approx(1000 + 966.1836 + 933.5107, abs=0.001)


def test_years_are_counted_from_the_start_of_the_plan() -> None:
    """In a plan from April the year 1 is from April to March."""
    table = spent(m2025_04=1000, m2026_03=1000, m2026_04=1000)
    found = cost(*table, GREEN_BOOK, date(2025, 4, 1))
    assert found == pytest.approx(2000 + 966.1836, abs=0.001)


def test_what_was_spent_before_the_plan_is_left_out() -> None:
    assert cost(*spent(m2024_12=9999, m2025_01=1), GREEN_BOOK, date(2025, 1, 1)) == 1


def test_the_month_in_which_a_run_and_its_plan_start_is_in_the_plan() -> None:
    """Plans and weeks of waiting of that month count, so its pounds do too."""
    assert cost(*spent(m2025_01=10, m2025_02=1), GREEN_BOOK, date(2025, 1, 15)) == 11
