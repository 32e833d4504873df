"""What has become of a year's requests: worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.journey import milestones as m
from ehc_sim.measures.timeliness import OUTCOMES, cohort
from tests.hand_made import agreed, overturned, plan, request, timings_of

pytestmark = pytest.mark.unit

A_YEAR = Timeline.england(date(2025, 1, 1), date(2025, 12, 31), SchoolTerms())


def five_requests() -> tuple[dict[str, str], ...]:
    """Return five requests of 6 January, of which 20 weeks end on 26 May."""
    start, decided = "2025-01-06 15:00", "2025-02-17 09:00"
    return (
        plan(start, "2025-05-26 23:00"),
        overturned(start, decided, "2025-06-23 12:00"),
        agreed(start, decided, (m.NO_PLAN_TOLD, "2025-04-28 12:00")),
        request(start, (m.DECISION_TO_ASSESS, decided), (m.WITHDRAWN, decided)),
        agreed(start, decided),
    )


@pytest.mark.parametrize(
    ("weeks", "issued", "refused", "no_plan", "withdrawn", "still_open"),
    [
        (0, 0, 0, 0, 0, 5),
        (4, 0, 0, 0, 0, 5),
        (8, 0, 1, 0, 1, 3),
        (16, 0, 1, 1, 1, 2),
        (20, 1, 1, 1, 1, 1),
        (24, 1, 0, 1, 1, 2),
        (48, 1, 0, 1, 1, 2),
    ],
)
def test_outcomes_compete(
    weeks: int, issued: int, refused: int, no_plan: int, withdrawn: int, still_open: int
) -> None:
    """Refused on 17 February (day 42), ordered on 23 June (day 168), no plan on day 112."""
    row = cohort(timings_of(A_YEAR, *five_requests())).frame().loc[(2025, weeks)]
    wanted = (issued, refused, no_plan, withdrawn, still_open)
    assert [row[name] for name in OUTCOMES] == pytest.approx([one / 5 for one in wanted])


def test_a_plan_that_was_ordered_ends_as_a_plan() -> None:
    """No plan on day 112, the order on day 154 and the plan on day 224."""
    ordered = ((m.ORDER_TO_ISSUE, "2025-06-09"), (m.FINAL_PLAN, "2025-08-18"))
    case = agreed("2025-01-06", "2025-02-17", (m.NO_PLAN_TOLD, "2025-04-28"), *ordered)
    table = cohort(timings_of(A_YEAR, case)).frame().loc[2025]
    ends = {weeks: table.columns[table.loc[weeks] == 1].tolist() for weeks in (12, 16, 24, 32)}
    assert ends == {12: ["open"], 16: ["no plan"], 24: ["open"], 32: ["issued"]}


def test_a_request_of_before_the_run_is_of_no_years_requests() -> None:
    table = cohort(timings_of(A_YEAR, plan("2024-11-04", "2025-03-24"), {})).frame()
    assert table.isna().all(axis=None)


def test_every_row_adds_up_to_one() -> None:
    table = cohort(timings_of(A_YEAR, *five_requests(), plan("2025-08-01", "2025-09-01"))).frame()
    sums = table.dropna().sum(axis=1)
    assert len(sums) == 13
    assert sums.to_numpy() == pytest.approx(1)


@pytest.mark.parametrize(("start", "known"), [("2025-01-01", True), ("2025-01-02", False)])
def test_shares_are_of_the_requests_followed_to_the_end_of_the_day(start: str, known: bool) -> None:
    """52 weeks after 1 January end with 31 December, the last day; after 2 January they do not."""
    row = cohort(timings_of(A_YEAR, agreed(start, start))).frame().loc[(2025, 52)]
    assert row.notna().all() == known


def test_who_was_not_followed_so_long_is_in_no_share() -> None:
    """At 48 weeks only the first was followed, and it is open."""
    table = cohort(
        timings_of(A_YEAR, agreed("2025-01-06", "2025-02-04"), plan("2025-07-01", "2025-09-01"))
    ).frame()
    assert table.loc[(2025, 12), "issued"] == 0.5
    assert table.loc[(2025, 48), "issued"] == 0.0
    assert table.loc[(2025, 48), "open"] == 1.0
