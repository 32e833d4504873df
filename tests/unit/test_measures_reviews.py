"""Annual reviews and phase transfers, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ehc_sim.journey import milestones as m
from ehc_sim.measures.columns import over_window
from ehc_sim.measures.reviews import DaysToReview, Reviews, reviews, reviews_by_month
from ehc_sim.measures.reviews_by_age import reviews_by_age
from tests.hand_made import Made, in_hand, minute, plan, review, service_of, transfer, two_years

pytestmark = pytest.mark.unit

ARRANGED = [DaysToReview(0, 0, 0, 60)]
"""A review that is arranged on 2 March 2025 is due on 1 May."""


def of(*made: Made) -> Reviews:
    timeline = two_years()
    return Reviews.of(*service_of(timeline, *made), timeline, ARRANGED)


def year(number: int, *made: Made) -> pd.Series:
    return reviews(of(*made)).frame().loc[number]


def held(holder: int, meeting: str, *others: tuple[str, str], arranged: str = "2025-01-15") -> Made:
    return review(holder, arranged, (m.REVIEW_MEETING, meeting), *others)


def decided(when: str) -> tuple[str, str]:
    return (m.MAINTAINED, when)


def changed(decision: str, plan_on: str | None = None) -> tuple[tuple[str, str], ...]:
    """Return the milestones of a review after which the plan is amended."""
    amended = [(m.AMENDED_PLAN, plan_on)] if plan_on else []
    return (decided(decision), (m.AMENDMENT_NOTICE, decision), *amended)


def test_a_decision_is_on_time_to_the_end_of_the_28th_day() -> None:
    """3 March + 28 days is 31 March. A decision that never came is late."""
    found = year(
        2025,
        *(in_hand() for _ in range(3)),
        held(0, "2025-03-03 10:00", decided("2025-03-31 23:59")),
        held(1, "2025-03-03 16:00", decided("2025-04-01 00:00")),
        held(2, "2025-03-03"),
    )
    assert found["held"] == 3
    assert found["decided"] == 2
    assert found["decided_on_time"] == pytest.approx(1 / 3)


def test_a_review_that_amends_is_decided_by_its_notice() -> None:
    """3 March + 28 days is 31 March: a notice on that day is in time, on 1 April it is late."""
    notice, ceased = m.AMENDMENT_NOTICE, m.CEASED_AT_REVIEW
    found = year(
        2025,
        *(in_hand() for _ in range(4)),
        held(0, "2025-03-03", (notice, "2025-03-31")),
        held(1, "2025-03-03", (notice, "2025-04-01")),
        held(2, "2025-03-03", (m.CEASING_TOLD, "2025-03-31"), (ceased, "2025-03-31")),
        held(3, "2025-03-03"),
    )
    assert (found["decided"], found["amended"], found["ceased_at_review"]) == (3, 2, 1)
    assert found["decided_on_time"] == 0.5


def test_a_meeting_whose_four_weeks_end_after_the_run_is_not_judged() -> None:
    """3 December + 28 days is 31 December 2026, the last day; of the 4th it is too early."""
    plans = (in_hand(), in_hand(), in_hand())
    late, early = held(0, "2026-12-03"), held(1, "2026-12-04")
    found = year(2026, *plans, late, early, held(2, "2026-06-01", decided("2026-06-02")))
    assert found["held"] == 3
    assert found["decided_on_time"] == 0.5


def test_decisions_maintain_amend_or_cease() -> None:
    ceased = ((m.CEASING_TOLD, "2025-03-10"), (m.CEASED_AT_REVIEW, "2025-03-10"))
    found = year(
        2025,
        *(in_hand() for _ in range(4)),
        held(0, "2025-03-03", decided("2025-03-10")),
        held(1, "2025-03-03", *changed("2025-03-10")),
        held(2, "2025-03-03", *ceased),
        held(3, "2025-03-03", *changed("2026-03-10")),
    )
    names = ["held", "decided", "maintained", "amended", "ceased_at_review"]
    assert found[names].tolist() == [4, 3, 1, 1, 1]


def test_an_amended_plan_is_on_time_to_the_end_of_the_84th_day() -> None:
    """3 March + 84 days is 26 May. Reviews that change nothing are not asked."""
    found = year(
        2025,
        *(in_hand() for _ in range(4)),
        held(0, "2025-03-03", *changed("2025-03-20", "2025-05-26 23:59")),
        held(1, "2025-03-03", *changed("2025-03-20", "2025-05-27 00:00")),
        held(2, "2025-03-03", *changed("2025-03-20")),
        held(3, "2025-03-03", decided("2025-03-20")),
    )
    assert found["amended_on_time"] == pytest.approx(1 / 3)


def test_a_review_is_expected_of_plans_in_place_all_year() -> None:
    """Not of those that were issued, moved in or ended in it. Two meetings are of one plan."""
    found = year(
        2025,
        in_hand(),
        in_hand(),
        in_hand("2025-12-31"),
        Made(m.REQUEST_CASE, plan("2025-01-06", "2025-05-26")),
        Made(m.PLAN_MOVED_IN, {m.PLAN_IN_HAND: "2025-02-01"}),
        held(0, "2025-02-03", decided("2025-02-10")),
        held(0, "2025-08-04", arranged="2025-06-10"),
        held(2, "2025-03-03"),
        held(3, "2025-11-03", arranged="2025-10-01"),
    )
    assert found["expected"] == 2
    assert found["expected_held"] == 1
    assert found["held"] == 4


def test_a_plan_issued_in_one_year_is_expected_a_review_in_the_next() -> None:
    table = reviews(of(Made(m.REQUEST_CASE, plan("2025-01-06", "2025-05-26")))).frame()
    assert table["expected"].tolist() == [0, 1]


def test_reviews_fall_due_while_the_plan_is_in_place() -> None:
    """Due in 2025: one is held, one is not, one was held early in 2025 though due in 2026."""
    plans = (in_hand(), in_hand(), in_hand(), in_hand("2025-04-01"), in_hand())
    made = (
        *plans,
        held(0, "2025-03-03"),
        review(1, "2025-03-02"),
        review(2, "2025-12-01", (m.REVIEW_MEETING, "2025-12-20")),
        review(3, "2025-03-02"),
        review(4, "2025-12-01"),
    )
    table = reviews(of(*made)).frame()
    assert table.loc[2025, "review_due"] == 2
    assert table.loc[2026, "review_due"] == 2  # the one that is overdue, and the last


def test_a_review_is_overdue_from_the_day_after_it_was_due_until_it_is_decided() -> None:
    """Due on 1 May, 30 April and 1 May; met on 10 May and decided on 10 June; neither; the plan
    ended on 20 May."""
    made = (
        *(in_hand(), in_hand(), in_hand("2025-05-20")),
        held(0, "2025-05-10", decided("2025-06-10"), arranged="2025-03-02"),
        review(1, "2025-03-01"),
        review(2, "2025-03-02"),
    )
    overdue = reviews_by_month(of(*made)).frame()["reviews_overdue"]
    assert overdue["2025-04":"2025-07"].tolist() == [0, 2, 1, 1]
    found = year(2025, *made)
    assert found["overdue_at_end"] == 1
    assert found["oldest_overdue_weeks"] == pytest.approx(35)  # 30 April to 31 December: 245 days


def test_a_plan_of_which_two_reviews_are_not_decided_is_overdue_once() -> None:
    """The first is due in May 2025 and decided in July 2026, the second in May and September 2026:
    overdue from May 2025 to August 2026. Another plan is overdue in June 2026 alone."""
    made = (
        *(in_hand(), in_hand()),
        held(0, "2025-04-10", decided("2026-07-10"), arranged="2025-03-02"),
        held(0, "2026-04-10", decided("2026-09-10"), arranged="2026-03-02"),
        held(1, "2026-05-10", decided("2026-07-10"), arranged="2026-04-20"),
    )
    overdue = reviews_by_month(of(*made)).frame()["reviews_overdue"]
    assert overdue["2025-04":"2025-06"].tolist() == [0, 1, 1]
    assert overdue["2026-04":"2026-10"].tolist() == [1, 1, 2, 1, 1, 0, 0]
    assert year(2025, *made)["overdue_at_end"] == 1
    open_still = (in_hand(), review(0, "2024-03-01"), review(0, "2025-03-01"))
    assert year(2025, *open_still)["overdue_at_end"] == 1


def test_a_review_that_met_in_time_is_overdue_while_it_is_not_decided() -> None:
    """Due on 1 May 2025 and met before; decided in February 2027: overdue at the end of two years,
    and the meeting of the year after takes nothing from that."""
    made = (
        in_hand(),
        held(0, "2025-04-10", decided("2027-02-10"), arranged="2025-03-02"),
        held(0, "2026-04-10", decided("2026-04-17"), arranged="2026-03-02"),
    )
    table = reviews(of(*made)).frame()
    assert table["overdue_at_end"].tolist()[:2] == [1, 1]
    assert table.loc[2026, "expected_held"] == 1


def test_without_an_overdue_review_the_oldest_has_no_weeks() -> None:
    found = year(2025, in_hand(), held(0, "2025-03-03", decided("2025-03-10")))
    assert found["overdue_at_end"] == 0
    assert found["oldest_overdue_weeks"] == 0


def test_meetings_and_decisions_are_counted_by_month() -> None:
    table = reviews_by_month(
        of(
            in_hand(),
            in_hand(),
            held(0, "2025-03-03", decided("2025-05-01")),
            held(1, "2025-03-31"),
        )
    ).frame()
    assert table["review_meetings"].sum() == 2
    assert table.loc[pd.Timestamp("2025-03"), "review_meetings"] == 2
    assert table.loc[pd.Timestamp("2025-05"), "review_decisions"] == 1


def test_a_transfer_is_on_time_to_the_end_of_its_statutory_day() -> None:
    """By 14 February for two, 31 March for one; the fourth found no plan, the last is not due."""
    done = m.TRANSFER_PLAN
    gone = Made(m.TRANSFER, {m.TRANSFER_BEGUN: "2025-10-01", m.NO_TRANSFER: "2025-10-01"}, 3)
    table = reviews(
        of(
            *(in_hand() for _ in range(5)),
            transfer(0, "2025-10-01", "2026-02-14", (done, "2026-02-14 23:00")),
            transfer(1, "2025-10-01", "2026-02-14", (done, "2026-02-15 00:00")),
            transfer(2, "2025-10-01", "2026-03-31"),
            gone,
            transfer(4, "2026-10-01", "2027-02-15", (done, "2026-12-01")),
        )
    ).frame()
    assert table["transfers"].tolist() == [0, 3]
    assert table.loc[2026, "transfers_on_time"] == pytest.approx(1 / 3)
    assert pd.isna(table.loc[2025, "transfers_on_time"])


def moved(notice: str, *more: Made) -> tuple[Made, ...]:
    """Return the transfer of docs/worked_cases.md, in the place of a review of November 2025."""
    meeting, told = (m.TRANSFER_MEETING, "2025-10-08"), (m.TRANSFER_NOTICE, notice)
    given_up = review(0, "2025-09-13", (m.TRANSFER_INSTEAD, "2025-09-13"))
    done = (m.TRANSFER_PLAN, "2026-02-10")
    return in_hand(), given_up, transfer(0, "2025-09-01", "2026-02-14", meeting, told, done), *more


def test_a_transfer_is_the_review_of_its_year_and_is_counted_once() -> None:
    """One meeting, one decision on 1 December (54 days: late), one plan amended by 14 February."""
    found = year(2025, *moved("2025-12-01"))
    names = ["expected_held", "held", "decided", "amended", "maintained", "ceased_at_review"]
    assert found[names].tolist() == [1, 1, 1, 1, 0, 0]
    assert found["review_due"] == 1
    assert found["decided_on_time"] == 0
    assert year(2025, *moved("2025-11-05"))["decided_on_time"] == 1  # 28 days
    found = year(2026, *moved("2025-12-01"))
    assert (found["transfers"], found["transfers_on_time"], found["held"]) == (1, 1, 0)


def test_a_review_is_overdue_until_the_transfer_in_its_place_is_decided() -> None:
    """Due on 12 November 2025: overdue at the end of that month alone, and once."""
    overdue = reviews_by_month(of(*moved("2025-12-01"))).frame()["reviews_overdue"]
    assert overdue["2025-10":"2026-03"].tolist() == [0, 1, 0, 0, 0, 0]
    never = reviews_by_month(of(*moved("2026-12-01"))).frame()["reviews_overdue"]
    assert never["2025-11":"2026-12"].tolist() == [1] * 13 + [0]


def test_a_transfer_before_any_review_is_due_is_due_on_its_statutory_day() -> None:
    """A review due in July is none: overdue from 15 February, and not once more from July."""
    made = (
        in_hand(),
        transfer(0, "2025-09-01", "2026-02-14", (m.TRANSFER_MEETING, "2025-11-20")),
        review(0, "2026-05-02", (m.TRANSFER_INSTEAD, "2026-05-02")),
    )
    overdue = reviews_by_month(of(*made)).frame()["reviews_overdue"]
    assert overdue["2026-01":"2026-08"].tolist() == [0, 1, 1, 1, 1, 1, 1, 1]


def test_a_review_whose_transfer_came_to_nothing_is_overdue_until_the_plan_ends() -> None:
    """The plan ended on 5 December, before the transfer met; due on 12 November."""
    gone = ((m.NO_TRANSFER, "2025-12-10"),)
    made = (
        in_hand("2025-12-05"),
        review(0, "2025-09-13", (m.TRANSFER_INSTEAD, "2025-09-13")),
        transfer(0, "2025-09-01", "2026-02-14", *gone),
    )
    overdue = reviews_by_month(of(*made)).frame()["reviews_overdue"]
    assert overdue["2025-10":"2026-01"].tolist() == [0, 1, 0, 0]
    assert year(2026, *made)["transfers"] == 0


def test_appeals_after_reviews_and_transfers_are_told_apart_from_those_of_new_plans() -> None:
    appeal = (m.CONTENTS_APPEAL, "2025-09-01")
    found = year(
        2025,
        in_hand(),
        Made(m.REQUEST_CASE, plan("2025-01-06", "2025-05-26", appeal)),
        held(0, "2025-03-03", *changed("2025-03-20", "2025-05-26"), appeal),
    )
    assert found["appeals_after_review"] == 1


def test_the_window_holds_its_first_and_last_minute() -> None:
    timeline = two_years()
    r = of(
        *(in_hand() for _ in range(3)),
        held(0, "2025-02-28 23:59", decided("2025-03-01")),
        held(1, "2025-03-01 00:00", decided("2025-03-02")),
        held(2, "2025-03-31 23:59"),
    )
    low, high = (minute(timeline, f"2025-0{month}-01 00:00") for month in (3, 4))
    assert over_window("reviews", r, low, high) == {"review_decisions_on_time": 0.5}


def test_a_service_without_plans_has_the_same_rows_and_columns() -> None:
    some = reviews(of(in_hand(), held(0, "2025-03-03"))).frame()
    none = reviews(of(Made(m.REQUEST_CASE, {m.REQUEST: "2025-01-06"}))).frame()
    assert none.index.tolist() == some.index.tolist()
    assert none.columns.tolist() == some.columns.tolist()
    shares = [
        *("decided_on_time", "amended_on_time", "transfers_on_time", "reassessed_on_time"),
    ]
    assert none[shares].isna().all(axis=None)
    assert (none.drop(columns=shares) == 0).all(axis=None)


def test_an_amended_plan_whose_twelve_weeks_end_after_the_run_is_not_judged() -> None:
    """8 October 2026 + 84 days is 31 December, the last day; of the 9th it is too early. The
    four weeks of both are over."""
    found = year(
        2026,
        *(in_hand() for _ in range(3)),
        held(0, "2026-03-03", *changed("2026-03-20", "2026-04-20")),
        held(1, "2026-10-08", *changed("2026-10-20")),
        held(2, "2026-10-09", *changed("2026-10-20", "2026-12-30")),
    )
    assert found["amended_on_time"] == 0.5


def test_a_plan_that_ends_as_the_year_does_was_in_place_on_its_last_day() -> None:
    """To the first minute of 2026, and to the last of 2025."""
    assert year(2025, in_hand("2026-01-01 00:00"))["expected"] == 1
    assert year(2025, in_hand("2025-12-31 23:59"))["expected"] == 0


def test_a_review_due_on_the_last_day_of_a_year_is_not_yet_overdue() -> None:
    """1 November + 60 days is 31 December 2025; of 31 October it is the day before."""
    found = year(2025, in_hand(), review(0, "2025-11-01"))
    assert (found["overdue_at_end"], found["oldest_overdue_weeks"]) == (0, 0)
    found = year(2025, in_hand(), review(0, "2025-10-31"))
    assert (found["overdue_at_end"], found["oldest_overdue_weeks"]) == (1, pytest.approx(1 / 7))


def test_reviews_by_age_go_by_the_age_on_31_august_of_their_year() -> None:
    """Of three ten-year-olds of August 2025 one is born a day too late to be of that year."""
    born = ("2014-09-01", "2015-08-31", "2015-09-01")
    made = [
        *(replace(in_hand(), born=day) for day in born),
        held(0, "2025-03-03", decided("2025-03-10")),
        held(1, "2025-11-03", *changed("2025-12-31 23:59")),
        held(2, "2025-03-03", decided("2025-03-10")),
        held(0, "2026-02-03", decided("2026-02-10")),
    ]
    timeline = two_years()
    log, cases = service_of(timeline, *made)
    found = reviews_by_age(Reviews.of(log, cases, timeline, ARRANGED), cases).frame()
    assert found.loc[(2025, "age", "10"), ["held", "decided", "amended"]].tolist() == [2, 2, 1]
    assert found.loc[(2025, "age", "10"), "decided_on_time"] == pytest.approx(1 / 2)
    assert found.loc[(2025, "age", "9"), ["held", "decided", "amended"]].tolist() == [1, 1, 0]
    assert found.loc[(2026, "age", "11"), "decided"] == 1
    assert found.loc[(2025, "age group", "5-10"), "decided"] == 3
    # The groups of these cases have no eleven-year-old, who is in the single ages only.
    assert found["decided"].sum() == 4 + 3
