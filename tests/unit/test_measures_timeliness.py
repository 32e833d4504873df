"""On time as DfE counts it, on time when due, weeks 6 and 16, and weeks taken: worked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.catalogue.measure import GROUPINGS
from ehc_sim.journey import milestones as m
from ehc_sim.measures.periods import quarter_bounds, quarters
from ehc_sim.measures.timeliness import monthly, quarterly, window, yearly
from tests.hand_made import (
    Case,
    agreed,
    cases_like,
    overturned,
    plan,
    request,
    timings_of,
    two_years,
)

pytestmark = pytest.mark.unit


def month(name: str, *cases: Case, claimed: bool = False) -> pd.Series:
    """Return the measures of one month of 2025 or 2026."""
    return monthly(timings_of(two_years(), *cases, claimed=claimed)).frame().loc[pd.Timestamp(name)]


def test_a_plan_is_on_time_to_the_last_minute_of_its_140th_day() -> None:
    """6 January + 140 days is Monday 26 May, a bank holiday, which makes no difference."""
    cases = (
        plan("2025-01-06 16:59", "2025-05-26 23:59"),
        plan("2025-01-06 09:00", "2025-05-27 00:00"),
    )
    found = month("2025-05", *cases)
    assert found["plans_issued"] == 2
    assert found["plans_on_time"] == 1
    assert found["issued_on_time"] == 0.5


def test_plans_on_a_second_clock_are_issued_but_not_in_dfes_share() -> None:
    """Ordered on 3 March, issued on 20 May, within 98 days: on time on its own clock."""
    cases = (
        plan("2025-01-06", "2025-05-27"),
        overturned("2025-01-06", "2025-02-04", "2025-03-03", (m.FINAL_PLAN, "2025-05-20")),
    )
    found = month("2025-05", *cases)
    assert found["plans_issued"] == 2
    assert found["plans_on_time"] == 1
    assert found["issued_on_time"] == 0.0


@pytest.mark.parametrize(("final", "on_time"), [("2025-06-09", 1), ("2025-06-10", 0)])
def test_a_second_clock_runs_98_days_from_the_order(final: str, on_time: int) -> None:
    """3 March + 98 days is 9 June."""
    case = overturned("2025-01-06", "2025-02-04", "2025-03-03", (m.FINAL_PLAN, final))
    assert month("2025-06", case)["plans_on_time"] == on_time


@pytest.mark.parametrize(("claimed", "share"), [(False, 0.5), (True, 1.0)])
def test_flagged_plans_are_left_out_only_where_the_council_claims_exceptions(
    claimed: bool, share: float
) -> None:
    """The late one was asked of a school on 29 July, in the closure of summer 2025."""
    asked = m.asked("school")
    cases = (
        plan("2025-07-01", "2025-12-15", (asked, "2025-07-29")),
        plan("2025-08-01", "2025-12-10", (asked, "2025-09-10")),
    )
    found = month("2025-12", *cases, claimed=claimed)
    assert found["issued_on_time"] == share
    assert found["issued_on_time_with_exceptions"] == 0.5


def test_an_exception_of_another_giver_than_a_school_is_none() -> None:
    case = plan("2025-07-01", "2025-12-15", (m.asked("psychologist"), "2025-07-29"))
    assert month("2025-12", case, claimed=True)["issued_on_time"] == 0.0


@pytest.mark.parametrize("disputed", [(m.MEDIATED, "2025-02-20"), (m.APPEALED, "2025-03-20"), None])
def test_a_case_with_mediation_or_tribunal_is_left_out_of_dfes_share(
    disputed: tuple[str, str] | None,
) -> None:
    """The other plan is late, the disputed one on time; both are issued."""
    others = [disputed] if disputed else []
    cases = (plan("2025-01-06", "2025-05-27"), plan("2025-02-03", "2025-05-20", *others))
    found = month("2025-05", *cases)
    assert found["plans_issued"] == 2
    assert found["issued_on_time"] == (0.0 if disputed else 0.5)
    attributes = cases_like(*[("parent", 3, "0-4", "autism", "North")] * 2)
    row = yearly(timings_of(two_years(), *cases), attributes).frame().loc[(2025, "all", "all")]
    assert row["left_out"] == (0.5 if disputed else 0.0)
    assert row["plans_counted"] == (1 if disputed else 2)


TOLD = (m.NO_PLAN_TOLD, "2025-04-22")


@pytest.mark.parametrize(("final", "on_time"), [("2025-08-18", 1), ("2025-08-19", 0)])
def test_an_order_to_make_a_plan_gives_77_days(final: str, on_time: int) -> None:
    """2 June + 77 days is 18 August; the plan is in nobody's 20 weeks."""
    case = agreed(
        "2025-01-06", "2025-02-04", TOLD, (m.ORDER_TO_ISSUE, "2025-06-02"), (m.FINAL_PLAN, final)
    )
    found = month("2025-08", case)
    assert found["plans_on_time"] == on_time
    assert pd.isna(found["issued_on_time"])
    assert found["mean_weeks"] == pytest.approx(11 if on_time else 78 / 7)


def test_an_assessment_is_completed_once_whatever_was_ordered_later() -> None:
    """No plan was told on day 106, within week 16 of the request."""
    ordered = ((m.ORDER_TO_ISSUE, "2025-06-02"), (m.FINAL_PLAN, "2025-08-01"))
    case = agreed("2025-01-06", "2025-02-04", TOLD, *ordered)
    attributes = cases_like(("parent", 3, "0-4", "autism", "North"))
    row = yearly(timings_of(two_years(), case), attributes).frame().loc[(2025, "all", "all")]
    assert row["completed"] == 1
    assert row["plans_issued"] == 1
    assert month("2025-04", case)["week16_on_time"] == 1.0


def test_a_request_made_before_the_run_is_timed_from_its_own_day() -> None:
    """Received on 4 November 2024, issued 140 and 141 days later; no request of 2025."""
    cases = (plan("2024-11-04", "2025-03-24"), plan("2024-11-04", "2025-03-25"))
    found = month("2025-03", *cases)
    assert found["plans_issued"] == 2
    assert found["issued_on_time"] == 0.5
    assert found["due_on_time"] == 0.5
    assert found["mean_weeks"] == pytest.approx(140.5 / 7)
    table = monthly(timings_of(two_years(), *cases)).frame()
    assert table["requests"].sum() == 0
    assert table["decisions"].sum() == 0


def test_a_case_that_never_arrived_is_in_no_measure() -> None:
    """Such as a request that might have been made again."""
    timings = timings_of(two_years(), plan("2025-01-06", "2025-05-26"), {})
    table = monthly(timings).frame()
    assert table["requests"].sum() == 1
    assert table["due_on_time"].tolist().count(1.0) == 1
    found = window(timings, date(2025, 1, 1), date(2025, 12, 31))
    assert found["due_on_time"] == 1.0


def test_a_month_in_which_nothing_was_issued_has_no_share() -> None:
    found = month("2025-06", plan("2025-01-06", "2025-05-26"))
    assert found["plans_issued"] == 0
    for name in ("issued_on_time", "mean_weeks", "median_weeks", "p90_weeks", "week6_on_time"):
        assert pd.isna(found[name])


def test_twelve_months_are_those_up_to_the_month() -> None:
    """On time in March 2025, late in December 2025."""
    cases = (plan("2025-01-06", "2025-03-10"), plan("2025-01-06", "2025-12-10"))
    rolling = monthly(timings_of(two_years(), *cases)).frame()["issued_on_time_12m"]
    assert rolling[:"2025-11"].isna().all()
    assert rolling[pd.Timestamp("2025-12")] == 0.5
    assert rolling[pd.Timestamp("2026-02")] == 0.5
    assert rolling[pd.Timestamp("2026-03")] == 0.0
    assert pd.isna(rolling[pd.Timestamp("2026-12")])


def test_due_on_time_counts_who_still_waits_and_nobody_without_a_plan_to_come() -> None:
    """Asked for on 20 January, so all are due on 9 June: one in time, one late, one still open."""
    start, decided = "2025-01-20", "2025-02-04"
    cases = (
        agreed(start, decided, (m.FINAL_PLAN, "2025-06-09 16:00")),
        agreed(start, decided, (m.FINAL_PLAN, "2025-06-10 09:00")),
        agreed(start, decided),
        agreed(start, decided, (m.NO_PLAN_TOLD, "2025-04-20")),
        request(start, (m.DECISION_TO_ASSESS, decided), (m.REFUSED, decided)),
        request(start, (m.DECISION_TO_ASSESS, decided), (m.WITHDRAWN, decided)),
        overturned(start, decided, "2025-03-03", (m.FINAL_PLAN, "2025-06-05")),
    )
    assert month("2025-06", *cases)["due_on_time"] == pytest.approx(1 / 3)
    found = window(timings_of(two_years(), *cases), date(2025, 6, 1), date(2025, 6, 30))
    assert found["due_on_time"] == pytest.approx(1 / 3)


def test_week_6_is_day_42_by_date() -> None:
    """6 January + 42 days is 17 February. Refused and agreed count alike."""
    cases = (
        agreed("2025-01-06 16:59", "2025-02-17 23:00"),
        request(
            "2025-01-06", (m.DECISION_TO_ASSESS, "2025-02-18 00:10"), (m.REFUSED, "2025-02-18")
        ),
    )
    found = month("2025-02", *cases)
    assert found["decisions"] == 2
    assert found["agreed"] == 1
    assert found["week6_on_time"] == 0.5


def test_week_16_is_day_112_and_week_10_on_a_second_clock() -> None:
    """All told on 28 April: day 112 of 6 January, day 70 of 17 February, day 77 of 10 February."""
    told = (m.NO_PLAN_TOLD, "2025-04-28 12:00")
    cases = (
        agreed("2025-01-06", "2025-02-04", told),
        overturned("2025-01-06", "2025-02-04", "2025-02-17", told),
        overturned("2025-01-06", "2025-02-04", "2025-02-10", told),
    )
    assert month("2025-04", *cases)["week16_on_time"] == pytest.approx(2 / 3)
    late = agreed("2025-01-06", "2025-02-04", (m.NO_PLAN_TOLD, "2025-04-29"))
    assert month("2025-04", late)["week16_on_time"] == 0.0


def test_over_52_weeks_begins_on_day_365() -> None:
    """6 January 2025 + 364 days is 5 January 2026."""
    cases = (plan("2025-01-06", "2026-01-05 23:00"), plan("2025-01-06", "2026-01-06 09:00"))
    assert month("2026-01", *cases)["issued_over_52_weeks"] == 0.5


def test_mean_median_and_90th_centile_of_the_weeks() -> None:
    """10, 20, 30 and 40 weeks: mean and median 25; 0.9 of the way along 3 steps is 37."""
    final = date(2025, 12, 22)
    cases = [plan(str(final - timedelta(weeks=w)), str(final)) for w in (30, 10, 40, 20)]
    found = month("2025-12", *cases)
    assert found["mean_weeks"] == pytest.approx(25)
    assert found["median_weeks"] == pytest.approx(25)
    assert found["p90_weeks"] == pytest.approx(37)


def test_the_window_holds_its_first_and_last_day() -> None:
    cases = (
        plan("2025-01-06", "2025-02-28 23:59"),
        plan("2025-01-06", "2025-03-01 00:00"),
        plan("2025-01-06", "2025-05-31 23:59"),
        plan("2025-01-06", "2025-06-01 00:00"),
    )
    found = window(timings_of(two_years(), *cases), date(2025, 3, 1), date(2025, 5, 31))
    assert found["plans_on_time"] == 1
    assert found["on_time"] == 0.5
    assert found["over_52_weeks"] == 0.0
    assert found["mean_weeks"] == pytest.approx((54 + 145) / 2 / 7)


def test_a_window_without_plans_has_no_share() -> None:
    found = window(timings_of(two_years()), date(2025, 3, 1), date(2025, 5, 31))
    assert found["plans_on_time"] == 0
    assert pd.isna(found["on_time"])
    assert pd.isna(found["mean_weeks"])


STAGED = agreed(
    "2025-01-06 10:00",
    "2025-02-03 10:00",
    (m.ASSESSMENT_COMPLETE, "2025-04-14 10:00"),
    (m.AGREED_TO_ISSUE, "2025-04-22 10:00"),
    (m.DRAFT_PLAN, "2025-05-05 10:00"),
    (m.FINAL_PLAN, "2025-06-02 10:00"),
)
"""4 weeks to the decision, 10 of assessment, 3 to the draft and 4 to the final plan."""


def test_a_years_figures_by_group() -> None:
    cases = (
        STAGED,
        plan("2025-01-06", "2025-06-02"),
        request("2025-01-06", (m.DECISION_TO_ASSESS, "2025-02-03"), (m.REFUSED, "2025-02-03")),
        agreed("2025-01-06", "2025-02-03", (m.NO_PLAN_TOLD, "2025-04-01")),
    )
    attributes = cases_like(
        ("parent", 3, "0-4", "autism", "North"),
        ("school", 12, "11-15", "speech", "North"),
        ("parent", 12, "11-15", "autism", "South"),
        ("school", 3, "0-4", "autism", "South"),
    )
    table = yearly(timings_of(two_years(), *cases), attributes).frame()
    all_2025 = table.loc[(2025, "all", "all")]
    assert all_2025["requests"] == 4
    assert all_2025["refused"] == pytest.approx(1 / 4)
    assert all_2025["completed"] == 3
    assert all_2025["plans_issued"] == 2
    assert all_2025["issued_on_time"] == 0.0
    assert table.loc[(2025, "source", "parent"), "refused"] == 0.5
    assert table.loc[(2025, "age", "3"), "plans_issued"] == 1
    assert table.loc[(2025, "age", "4"), "plans_issued"] == 0
    assert table.loc[(2025, "area", "North"), "plans_issued"] == 2
    assert table.loc[(2026, "all", "all"), "requests"] == 0
    parent = table.loc[(2025, "source", "parent")]
    assert parent["weeks_of_assessment"] == pytest.approx(10)
    assert parent["weeks_to_draft"] == pytest.approx(3)
    assert parent["weeks_draft_to_final"] == pytest.approx(4)
    assert parent["weeks_to_decision"] == pytest.approx(4)


def test_the_groups_of_every_view_add_up_to_everybody() -> None:
    cases = (STAGED, plan("2025-01-06", "2026-01-06"), request("2026-02-03"))
    attributes = cases_like(
        ("parent", 3, "0-4", "autism", "North"),
        ("school", 24, "16-25", "speech", "North"),
        ("parent", 10, "5-10", "autism", "South"),
    )
    table = yearly(timings_of(two_years(), *cases), attributes).frame()
    numbers = ["requests", "completed", "plans_issued", "plans_counted"]
    for by in GROUPINGS:
        parts = table.loc[(slice(None), by, slice(None)), numbers].groupby("year").sum()
        whole = table.loc[(slice(None), "all", "all"), numbers].groupby("year").sum()
        pd.testing.assert_frame_equal(parts, whole)


def test_claimed_exceptions_are_not_plans_left_out_after_a_dispute() -> None:
    """One flagged plan and one after mediation: only the second is left out by DfE's measure."""
    flagged = plan("2025-07-01", "2025-12-15", (m.asked("school"), "2025-07-29"))
    mediated = plan("2025-08-01", "2025-12-10", (m.MEDIATED, "2025-09-10"))
    attributes = cases_like(*[("parent", 3, "0-4", "autism", "North")] * 2)
    table = yearly(timings_of(two_years(), flagged, mediated, claimed=True), attributes).frame()
    row = table.loc[(2025, "all", "all")]
    assert row["left_out"] == 0.5
    assert row["plans_counted"] == 0


def test_a_flagged_plan_on_time_counts_where_exceptions_are_left_in() -> None:
    """Flagged and on time, beside a late one: none of one without it, one of two with it."""
    cases = (
        plan("2025-07-28", "2025-12-10", (m.asked("school"), "2025-07-29")),
        plan("2025-07-01", "2025-12-15"),
    )
    found = month("2025-12", *cases, claimed=True)
    assert found["issued_on_time"] == 0.0
    assert found["issued_on_time_with_exceptions"] == 0.5


def test_every_year_of_age_to_25_has_a_row() -> None:
    cases = cases_like(("parent", 25, "16-25", "autism", "North"))
    table = yearly(timings_of(two_years(), request("2025-02-03")), cases).frame()
    ages = table.xs("age", level="by").loc[2025]
    assert ages.index.tolist() == [str(age) for age in range(26)]
    assert ages.loc["25", "requests"] == 1


def test_an_assessment_that_was_ordered_takes_from_the_order() -> None:
    """Refused on 3 February, ordered on 3 March, complete on 14 April: six weeks."""
    case = overturned(
        "2025-01-06 10:00",
        "2025-02-03 10:00",
        "2025-03-03 10:00",
        (m.ASSESSMENT_COMPLETE, "2025-04-14 10:00"),
    )
    cases = cases_like(("parent", 3, "0-4", "autism", "North"))
    table = yearly(timings_of(two_years(), case), cases).frame()
    assert table.loc[(2025, "all", "all"), "weeks_of_assessment"] == pytest.approx(6)


def test_an_assessment_without_a_plan_is_completed_however_late_it_was_agreed() -> None:
    """The decision to assess took twelve weeks."""
    case = agreed("2025-01-06", "2025-03-31", (m.NO_PLAN_TOLD, "2025-07-01"))
    cases = cases_like(("parent", 3, "0-4", "autism", "North"))
    table = yearly(timings_of(two_years(), case), cases).frame()
    assert table.loc[(2025, "all", "all"), "completed"] == 1


def test_the_mean_weeks_of_the_window_are_of_every_plan_issued_in_it() -> None:
    """10 weeks, and 20 of a plan after mediation, which DfE's share leaves out."""
    cases = (
        plan("2025-01-06", "2025-03-17"),
        plan("2025-01-06", "2025-05-26", (m.MEDIATED, "2025-02-20")),
    )
    found = window(timings_of(two_years(), *cases), date(2025, 1, 1), date(2025, 5, 31))
    assert found["mean_weeks"] == pytest.approx(15)


def test_a_quarter_has_the_share_of_all_plans_of_its_three_months() -> None:
    """One of two in April, none of one in June: a third, and not the mean of the months' shares.

    The last minute of June is in the quarter, and the first of July in the next.
    """
    cases = (
        plan("2025-01-06", "2025-04-07"),
        plan("2024-06-03", "2025-04-14"),
        plan("2024-06-03", "2025-06-30 23:59"),
        plan("2025-03-03", "2025-07-01 00:00"),
    )
    found = quarterly(timings_of(two_years(), *cases)).frame()
    assert found["plans_counted"].tolist() == [0, 3, 1, 0, 0, 0, 0, 0]
    assert found.loc["2025-Q2", "issued_on_time"] == pytest.approx(1 / 3)
    assert found.loc["2025-Q3", "issued_on_time"] == 1
    assert pd.isna(found.loc["2025-Q1", "issued_on_time"])


@pytest.mark.parametrize(
    ("first", "last", "whole"),
    [
        (date(2023, 1, 1), date(2023, 12, 31), ("2023-Q1", "2023-Q2", "2023-Q3", "2023-Q4")),
        (date(2023, 1, 2), date(2023, 9, 29), ("2023-Q2",)),
        (date(2023, 10, 1), date(2024, 3, 31), ("2023-Q4", "2024-Q1")),
        (date(2023, 2, 1), date(2023, 5, 31), ()),
    ],
)
def test_only_quarters_that_are_whole_are_counted(
    first: date, last: date, whole: tuple[str, ...]
) -> None:
    timeline = Timeline.england(first, last, SchoolTerms())
    bounds = (quarter_bounds(timeline) / 1440).tolist()
    assert quarters(timeline) == whole
    assert all(90 <= after - before <= 92 for before, after in pairwise(bounds))
    assert len(bounds) == len(whole) + 1
