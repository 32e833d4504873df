"""Annual reviews and phase transfers: expected, held, decided, amended, overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import DAYS_A_WEEK, MINUTES_A_DAY, Timeline, deadline
from ehc_sim.catalogue.service import REVIEWS
from ehc_sim.journey import milestones as m
from ehc_sim.journey.cases import Cases
from ehc_sim.measures.columns import by_month, by_year
from ehc_sim.measures.counting import count_expected
from ehc_sim.measures.periods import (
    month_bounds,
    open_at,
    reached,
    year_bounds,
)
from ehc_sim.measures.plans import NEVER, Stock
from ehc_sim.network.log import NOT_YET, Log
from ehc_sim.tables import Table

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

_OF_REVIEWS = (
    m.REVIEW_MEETING,
    m.MAINTAINED,
    m.AMENDMENT_NOTICE,
    m.AMENDED_PLAN,
    m.CEASING_TOLD,
    m.CEASED_AT_REVIEW,
    m.REASSESSMENT_ASKED,
    m.REASSESSMENT_NOTICE,
    m.REASSESSED_PLAN,
    m.CONTENTS_APPEAL,
)
_OF_TRANSFERS = (
    m.TRANSFER_BEGUN,
    m.NO_TRANSFER,
    m.TRANSFER_MEETING,
    m.TRANSFER_NOTICE,
    m.TRANSFER_PLAN,
    m.CONTENTS_APPEAL,
)


class DaysToReview(NamedTuple):
    """Days from a review to arranging the next one, if it is not brought forward, and to its due.

    Attributes
    ----------
    since : int
        First minute of the run at which they hold.
    every, under_five : int
        Days to arranging it, and for a child under five.
    ahead : int
        Days from arranging it to the last day on which it is due.
    """

    since: int
    every: int
    under_five: int
    ahead: int


@dataclass(frozen=True, eq=False)
class Reviews:
    """When the annual reviews and phase transfers of one run came to each milestone.

    Minutes, ``NOT_YET`` where never within the run. Only the reviews that were arranged within the
    run are in it; no other falls due within it. A phase transfer is the review of its school year,
    and the review that it takes the place of is none.

    Attributes
    ----------
    holder : ndarray of int64, shape (reviews,)
        Case that holds the plan.
    due : ndarray of int64, shape (reviews,)
        Last minute of the day by which the meeting is due. Of a transfer: the day of the review in
        whose place it is, or its own statutory day where that is sooner.
    meeting, decided, notice, amended, ceased : ndarray of int64, shape (reviews,)
        The meeting; the decision of which the family is told, which is the notice where the plan is
        to be amended; the notice with the proposed amendments; the amended plan; the end of a plan
        that is ceased.
    reassessing, reassessed : ndarray of int64, shape (reviews,)
        The notice of a reassessment that was asked for at the review; the plan after it.
    transfer_due, transfer_plan : ndarray of int64, shape (transfers,)
        Of the phase transfers of plans that were in place when they were begun: last minute of the
        statutory day (14 February or 31 March), and the amended plan.
    appeals : ndarray of int64, shape (appeals,)
        Appeals about the contents of plans amended after a review or for a transfer.
    stock : Stock
        The plans.
    timeline : Timeline
        Calendar of the run.
    """

    holder: Ints
    due: Ints
    meeting: Ints
    decided: Ints
    notice: Ints
    amended: Ints
    ceased: Ints
    reassessing: Ints
    reassessed: Ints
    transfer_due: Ints
    transfer_plan: Ints
    appeals: Ints
    stock: Stock
    timeline: Timeline

    @classmethod
    def of(
        cls,
        log: Log,
        cases: Cases,
        timeline: Timeline,
        days_to_review: Sequence[DaysToReview] = (DaysToReview(0, 0, 0, 0),),
        *,
        brought_forward: bool = False,
    ) -> Reviews:
        """Read the reviews and transfers of a log.

        Parameters
        ----------
        log : Log
            Log of a run of the journey.
        cases : Cases
            Who the cases are about.
        timeline : Timeline
            Calendar of the run.
        days_to_review : sequence of DaysToReview
            When reviews are arranged, which is when their cases arrive unless they are brought
            forward, and due, as it stands in turn. Each goes by what stood at the plan or the
            meeting from which it is counted; that of a plan in hand on the first day or moving in
            by what stands first.
        brought_forward : bool
            Whether some are brought forward; they are due as if they were not.
        """
        arrived = reached(log.arrived) & (log.arrived < log.until)
        arranged = np.flatnonzero(cases.of_kind(m.REVIEW) & arrived)
        due = deadline(log.arrived[arranged], days_to_review[0].ahead)
        if any(days.ahead != days_to_review[0].ahead for days in days_to_review):
            of_run, own = _in_run(log, cases, arranged, days_to_review, early=False)
            due[of_run] = own
        if brought_forward:
            of_run, own = _in_run(log, cases, arranged, days_to_review, early=True)
            due[of_run] = own
            in_hand, own = _early_in_hand(log, cases, arranged)
            due[in_hand] = own
        of_reviews = log.last_done(_OF_REVIEWS, arranged)
        (given_up,) = log.last_done([m.TRANSFER_INSTEAD], arranged)
        moving = np.flatnonzero(cases.of_kind(m.TRANSFER))
        begun, none, *of_transfers = log.last_done(_OF_TRANSFERS, moving)
        review, instead = _in_place_of(cases.holder, arranged, given_up, moving, begun)
        there = reached(begun) & ~reached(none)
        review, instead = review[there[instead]], instead[there[instead]]
        transfers, transfer_due = moving[there], cases.due_minute[moving]
        sooner = transfer_due.copy()
        np.minimum.at(sooner, instead, due[review])
        held, told, plan, appeal = (minutes[there] for minutes in of_transfers)
        kept = np.ones(len(arranged), dtype=bool)
        kept[review] = False
        never = np.full(len(transfers), NOT_YET, dtype=np.int64)

        def both(of_review: Ints, of_transfer: Ints) -> Ints:
            return np.concatenate([of_review[kept], of_transfer])

        meeting, maintained, notice, amended, ceasing, ceased, asked, *others = of_reviews
        reassessing, reassessed, appealed = others
        appeals = np.concatenate([appealed, appeal])
        return cls(
            holder=both(cases.holder[arranged], cases.holder[transfers]),
            due=both(due, sooner[there]),
            meeting=both(meeting, held),
            decided=both(np.maximum.reduce([maintained, notice, ceasing, asked]), told),
            notice=both(notice, told),
            amended=both(amended, plan),
            ceased=both(ceased, never),
            reassessing=both(reassessing, never),
            reassessed=both(reassessed, never),
            transfer_due=transfer_due[there],
            transfer_plan=plan,
            appeals=appeals[reached(appeals)],
            stock=Stock.of(log, cases),
            timeline=timeline,
        )

    @cached_property
    def in_financial_years(self) -> Reviews:
        """The same run, told by financial years."""
        return replace(self, timeline=self.timeline.in_financial_years)

    @property
    def until(self) -> int:
        """Minute at which the run ended."""
        return len(self.timeline.days) * MINUTES_A_DAY

    @property
    def maintained(self) -> Bools:
        """Whether the plan was left as it is: not amended, ceased or reassessed."""
        return ~reached(self.notice) & ~reached(self.ceased) & ~reached(self.reassessing)

    @property
    def transferred_on_time(self) -> Bools:
        """Whether the plan of each transfer was amended by its statutory day."""
        return reached(self.transfer_plan) & (self.transfer_plan <= self.transfer_due)

    @property
    def closed(self) -> Ints:
        """Minute at which the plan of each review ends."""
        return self.stock.closed[self.holder]

    def overdue(self) -> tuple[Ints, Ints]:
        """Return the time in which plans are overdue for a review: first minutes, and those after.

        It is from the day after a review was due until it is decided, while the plan is in place; a
        spell without length is none. A review is complete with the decision, of which the family is
        told, and not with the meeting (Children and Families Act 2014, section 44; SEND Regulations
        2014, regulation 20). A plan of which two reviews are not decided is overdue once: the spell
        of the later one begins when that of the earlier one ends.
        """
        over = np.where(reached(self.decided), self.decided, NEVER)
        first = self.due + 1
        end = np.maximum(np.minimum(over, self.closed), first)
        # One key for both, so that they are sorted at once; nothing is due before ``since``.
        since = first.min(initial=0)
        of_plan = self.holder * (first.max(initial=0) - since + 1)
        order = np.argsort(of_plan + (first - since), kind="stable")
        holder = self.holder[order]
        # No spell is told of beyond the run, so that a plan's minutes may stand behind another's.
        apart = holder * (self.until + 2)
        before = np.maximum.accumulate(np.minimum(end[order], self.until + 1) + apart)
        later = np.flatnonzero(holder[1:] == holder[:-1]) + 1
        of_later = order[later]
        first[of_later] = np.maximum(first[of_later], before[later - 1] - apart[later])
        return first, np.maximum(end, first)


_STARTS = (m.FIRST_REVIEW, m.NEXT_REVIEW, m.REVIEW_AFTER_TRANSFER)
_FROM = (m.FINAL_PLAN, m.REVIEW_MEETING, m.TRANSFER_MEETING)
"""Milestones from which the next review is counted."""


def _in_run(
    log: Log, cases: Cases, arranged: Ints, days_to_review: Sequence[DaysToReview], *, early: bool
) -> tuple[Ints, Ints]:
    """Return the reviews that follow a plan or a meeting of the run, and when each is due.

    Returns
    -------
    place : ndarray of int64, shape (those that are brought forward, or those that are not,)
        Their places in ``arranged``.
    due : ndarray of int64, of the same shape
        Last minute of the day on which each is due.
    """
    since, *days, ahead = np.array(days_to_review).T
    found = []
    for young, days_of_age in enumerate(days):
        for name in _STARTS:
            plain = f"{name} under five" if young else name
            starter, arrives, _ = log.last_visits(m.brought_forward(plain) if early else plain)
            starter, arrives = starter[reached(arrives)], arrives[reached(arrives)]
            now = log.last_done(_FROM, starter).max(axis=0)
            stood = np.searchsorted(since, now, side="right") - 1
            due = deadline(now, days_of_age[stood] + ahead[stood])
            found.append((_started(log, cases, arranged, starter, arrives), due))
    place, due = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return place, due


def _early_in_hand(log: Log, cases: Cases, arranged: Ints) -> tuple[Ints, Ints]:
    """Return the same of plans in hand on the first day, with when each review is due."""
    starter, arrives, _ = log.last_visits(m.brought_forward(m.REVIEW_IN_HAND))
    starter, arrives = starter[reached(arrives)], arrives[reached(arrives)]
    return _started(log, cases, arranged, starter, arrives), cases.due_minute[starter]


def _started(log: Log, cases: Cases, arranged: Ints, starter: Ints, arrives: Ints) -> Ints:
    """Return the places in ``arranged`` of the reviews that cases started, by when they arrive."""
    apart = log.until + 1
    key = cases.holder[arranged] * apart + log.arrived[arranged]
    order = np.argsort(key)
    return order[np.searchsorted(key[order], cases.holder[starter] * apart + arrives)]


def _in_place_of(
    holder: Ints, arranged: Ints, given_up: Ints, transfers: Ints, begun: Ints
) -> tuple[Ints, Ints]:
    """Return the reviews that a transfer took the place of, and which transfer it was.

    Parameters
    ----------
    holder : ndarray of int64, shape (cases,)
        Case that holds each case's plan.
    arranged : ndarray of int64, shape (reviews,)
        Cases of the reviews.
    given_up : ndarray of int64, shape (reviews,)
        Minute from which each was not to be held; ``NOT_YET`` where it was.
    transfers, begun : ndarray of int64, shape (transfers,)
        Cases of the transfers, and the minute at which the school year before the move began.

    Returns
    -------
    review, instead : ndarray of int64, of the same shape
        Places in ``arranged`` and in ``transfers``.
    """
    review = np.flatnonzero(reached(given_up))
    if not len(transfers) or not len(review):
        none = np.zeros(0, dtype=np.int64)
        return none, none
    order = np.lexsort((begun, holder[transfers]))
    whose, years = holder[arranged[review]], holder[transfers[order]]
    far = max(int(given_up.max()), int(begun.max())) + 1
    key = years * far + begun[order]
    last = np.searchsorted(key, whose * far + given_up[review], side="right") - 1
    found = (last >= 0) & (years[last] == whose)
    return review[found], order[last[found]]


def reviews(r: Reviews) -> Table:
    """Return the annual reviews and phase transfers by year.

    Parameters
    ----------
    r : Reviews
        Reviews of a run.

    Returns
    -------
    Table
        One row a year, as ``docs/results.md`` describes it. Shares are NaN where there is nothing
        to share.

    Notes
    -----
    DfE asks of every plan in place in January whether a review was expected in the year before:
    Somerset answered yes for 4,919 of its 5,725 plans of January 2025 and no for nearly all that
    had been in place for less than twelve months (806, with 743 new plans in the year; "Education,
    health and care plans", 2025 edition, annual_reviews.csv). So ``expected`` counts the plans that
    were in place on the first and on the last day of the year, and ``expected_held`` those of them
    with a meeting in the year (3,306). ``held`` counts all meetings: a second one of a young child,
    those of new plans and those of plans that have ended since.
    """
    return by_year(REVIEWS, r, r.timeline, _plans_expected(r, year_bounds(r.timeline)))


def reviews_by_month(r: Reviews) -> Table:
    """Return review_meetings, review_decisions and reviews_overdue (at the end) of each month."""
    ends = month_bounds(r.timeline)[1:]
    return by_month("reviews", r, r.timeline, {"reviews_overdue": open_at(ends, *r.overdue())})


def _plans_expected(r: Reviews, bounds: Ints) -> dict[str, NDArray[np.generic]]:
    """Return how many plans a review was expected, held and due for, and how many were overdue."""
    found = np.zeros((len(bounds) - 1, 5), dtype=np.int64)
    ends = found[:, -1] = bounds[1:]
    stock = r.stock
    times = (r.due, r.meeting, r.decided)
    count_expected(bounds, stock.opened, stock.closed, r.holder, times, NOT_YET, found)
    expected, held, due, overdue, oldest = found.T
    days = np.where(overdue > 0, (ends - 1) // MINUTES_A_DAY - oldest // MINUTES_A_DAY, 0)
    return {
        "expected": expected,
        "expected_held": held,
        "review_due": due,
        "overdue_at_end": overdue,
        "oldest_overdue_weeks": days / DAYS_A_WEEK,
    }
