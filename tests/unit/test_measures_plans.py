"""The account of the stock of plans, worked by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.journey import milestones as m
from ehc_sim.measures.plans import Stock, plans, plans_by_month
from tests.hand_made import NEXT_REVIEW, Made, in_hand, plan, review, service_of, two_years
from tests.plain_counts import open_reviews

pytestmark = pytest.mark.unit

FLOWS = ["at_start", "issued", "moved_in", "ceased", "moved_out", "at_end"]
LATER = "2027-06-01"
"""After the run."""


def new_plan(final: str, ends: str | None = None, moves_out: bool = False) -> Made:
    return Made(m.REQUEST_CASE, plan("2025-01-06", final), None, ends, moves_out)


def moved_in(when: str, ends: str | None = None) -> Made:
    return Made(m.PLAN_MOVED_IN, {m.PLAN_IN_HAND: when}, None, ends)


def ceasing(holder: int, when: str) -> Made:
    told = ((m.CEASING_TOLD, when), (m.CEASED_AT_REVIEW, when))
    return review(holder, "2025-02-01", *told)


def account(*made: Made, timeline: Timeline | None = None) -> pd.DataFrame:
    timeline = timeline or two_years()
    return plans(Stock.of(*service_of(timeline, *made)), timeline).frame()


SEVEN = (
    in_hand(),
    in_hand("2025-06-15"),
    in_hand("2026-03-01", moves_out=True),
    in_hand("2026-09-01", moves_out=True),
    new_plan("2025-05-26"),
    moved_in("2026-02-01", ends="2026-04-01"),
    new_plan("2026-07-01"),
    ceasing(3, "2025-12-31 23:59"),
)
"""One stays, one ends in 2025, one moves out in 2026, one is ceased on the last minute of 2025
before it would have moved out; two are issued; one moves in and ends."""


def test_every_plan_comes_and_goes_once() -> None:
    table = account(*SEVEN)
    assert table.loc[2025, FLOWS].tolist() == [4, 1, 0, 2, 0, 3]
    assert table.loc[2026, FLOWS].tolist() == [3, 1, 1, 1, 1, 3]


def test_the_account_closes_and_goes_on_in_the_next_year() -> None:
    table = account(*SEVEN)
    came = table["at_start"] + table["issued"] + table["moved_in"]
    assert (came - table["ceased"] - table["moved_out"] == table["at_end"]).all()
    assert table.loc[2026, "at_start"] == table.loc[2025, "at_end"]


def test_plans_in_place_are_told_at_the_end_of_each_month() -> None:
    timeline = two_years()
    stock = Stock.of(*service_of(timeline, *SEVEN))
    table = plans_by_month(stock, timeline).frame()["plans_in_place"]
    assert table["2025-04":"2025-07"].tolist() == [4, 5, 4, 4]
    assert table[pd.Timestamp("2025-12")] == 3
    assert table["2026-01":"2026-07"].tolist() == [3, 4, 3, 2, 2, 2, 3]


def test_a_year_that_is_cut_short_has_an_account_of_its_own() -> None:
    short = Timeline.england(date(2025, 9, 1), date(2026, 3, 31), SchoolTerms())
    begun = Made(m.PLAN_AT_START, {m.PLAN_IN_HAND: "2025-09-01 00:00"}, ends="2026-03-31")
    table = account(begun, new_plan("2025-10-01"), timeline=short)
    assert table.loc[2025, FLOWS].tolist() == [1, 1, 0, 0, 0, 2]
    assert table.loc[2026, FLOWS].tolist() == [2, 0, 0, 1, 0, 1]


def test_a_plan_issued_after_the_child_has_gone_ends_at_once() -> None:
    table = account(new_plan("2025-05-26", ends="2025-03-01", moves_out=True))
    assert table.loc[2025, FLOWS].tolist() == [0, 1, 0, 0, 1, 0]


def test_a_request_without_a_plan_is_not_in_the_stock() -> None:
    refused = Made(m.REQUEST_CASE, {m.REQUEST: "2025-01-06", m.REFUSED: "2025-02-04"})
    again = Made(m.REQUEST_AGAIN)
    assert (account(refused, again) == 0).all(axis=None)


def test_every_plan_in_place_has_the_next_review_that_is_begun_or_to_come() -> None:
    """To come; to come after a decision; after a meeting; begun, with the one before decided."""
    met, decided = (m.REVIEW_MEETING, "2025-05-10"), (m.MAINTAINED, "2025-06-01")
    made = (
        Made(m.PLAN_AT_START, {m.PLAN_IN_HAND: "2025-01-01 00:00", NEXT_REVIEW: LATER}),
        in_hand(),
        in_hand(),
        in_hand(),
        review(1, "2025-03-01", met, decided, (NEXT_REVIEW, LATER)),
        review(2, "2026-11-01", (m.REVIEW_MEETING, "2026-12-20"), (NEXT_REVIEW, LATER)),
        review(3, "2025-03-01", met, decided, (NEXT_REVIEW, "2026-10-01")),
        review(3, "2026-10-01"),
    )
    assert open_reviews(*service_of(two_years(), *made)).tolist() == [1, 1, 1, 1]


def test_plans_that_have_ended_are_owed_no_review() -> None:
    """One is ceased at its review; the review of the other found it gone."""
    gone = Made(m.REVIEW, {m.REVIEW_ARRANGED: "2025-09-01", m.NO_REVIEW: "2025-09-01"}, 1)
    made = (in_hand(), in_hand("2025-08-01"), ceasing(0, "2025-05-01"), gone)
    assert open_reviews(*service_of(two_years(), *made)).tolist() == []


def test_a_plan_without_a_review_to_come_or_with_two_is_found() -> None:
    """What the count is for: a pathway that forgot one, or began two."""
    slot = Made(m.REVIEW, {}, 0)
    made = (in_hand(), in_hand(), slot, review(1, "2026-01-05"), review(1, "2026-02-05"))
    assert open_reviews(*service_of(two_years(), *made)).tolist() == [0, 2]
