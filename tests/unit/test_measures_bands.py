"""How long open cases have waited, and the weeks waited past the date: worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.journey import milestones as m
from ehc_sim.measures.backlog import backlog
from ehc_sim.measures.bands import BANDS, bands
from ehc_sim.measures.timeliness import monthly
from ehc_sim.measures.timings import Timings
from tests.hand_made import agreed, overturned, request, timings_of, two_years

pytestmark = pytest.mark.unit


def test_a_case_moves_to_the_next_band_on_the_day_after_its_weeks() -> None:
    """From 11 January, 140 days end on 31 May, 210 on 9 August and 364 on 10 January 2026."""
    found = bands(timings_of(two_years(), agreed("2025-01-11", "2025-02-04")))
    assert [found[name].tolist().index(1) for name in BANDS] == [0, 5, 7, 12]
    assert found["open_to_20_weeks"].tolist() == [1] * 5 + [0] * 19
    assert found["open_20_to_30_weeks"].tolist() == [0] * 5 + [1] * 2 + [0] * 17
    assert found["open_over_52_weeks"].tolist() == [0] * 12 + [1] * 12


def test_weeks_past_the_date_are_those_of_open_and_of_finished_cases() -> None:
    """The first was due on 26 May and was out at noon on 10 June: 5 days in May, 9.5 in June.

    The other was ordered on 2 April, was due 98 days after and is never out: 22 days in July.
    """
    timings = timings_of(
        two_years(),
        agreed("2025-01-06", "2025-02-04", (m.FINAL_PLAN, "2025-06-10")),
        overturned("2025-01-15", "2025-02-04", "2025-04-02"),
        request("2025-01-10", (m.DECISION_TO_ASSESS, "2025-02-04"), (m.REFUSED, "2025-02-04")),
    )
    waited = bands(timings)["late_child_weeks"][:8] * 7
    assert waited == pytest.approx([0, 0, 0, 0, 5, 9.5, 22, 31])


def test_who_was_late_before_the_run_waits_from_its_first_minute() -> None:
    timings = timings_of(two_years(), agreed("2024-01-01", "2024-02-10"), {})
    found = bands(timings)
    assert found["late_child_weeks"][:2] * 7 == pytest.approx([31, 28])
    assert found["open_over_52_weeks"].tolist() == [1] * 24


def test_who_was_never_past_the_date_adds_nothing() -> None:
    timings = timings_of(
        two_years(), agreed("2025-01-06", "2025-02-04", (m.FINAL_PLAN, "2025-05-26 23:59"))
    )
    assert not bands(timings)["late_child_weeks"].any()


def test_an_order_starts_a_new_count_of_weeks() -> None:
    """Its first clock ran to 4 February; 140 days from 2 April end on 20 August."""
    found = bands(timings_of(two_years(), overturned("2025-01-15", "2025-02-04", "2025-04-02")))
    assert found["open_to_20_weeks"].tolist()[:9] == [1, 0, 0, 1, 1, 1, 1, 0, 0]
    assert found["open_20_to_30_weeks"].tolist()[7:9] == [1, 1]


def test_the_bands_add_up_to_the_open_cases_and_are_measures_of_a_month() -> None:
    cases = [agreed(f"2025-{month:02}-05", f"2025-{month:02}-20") for month in range(1, 8)]
    timings: Timings = timings_of(two_years(), *cases)
    table = monthly(timings)
    rows = np.sum([table.column(name) for name in BANDS], axis=0)
    assert (rows == backlog(timings).column("open_cases")).all()
    assert set(bands(timings)) <= set(table.columns)
