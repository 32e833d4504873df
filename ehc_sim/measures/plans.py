"""The stock of plans: in place, issued, ceased, moved in and out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.catalogue.service import PLANS
from ehc_sim.measures.columns import by_month, by_year
from ehc_sim.measures.periods import month_bounds, open_at, reached, year_bounds
from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.cases import Cases
from ehc_sim.pathway.log import Log
from ehc_sim.tables import Table

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 2**62
"""In place of a minute: not at all."""


@dataclass(frozen=True, eq=False)
class Stock:
    """When the plans of one run were in place.

    A plan is in place from the minute at which it was issued, moved in or in hand, to that at which
    it is ceased at a review, ends otherwise or moves to another council. The holders are the first
    cases, up to the last one that holds the plan of any.

    Attributes
    ----------
    opened : ndarray of int64, shape (holders,)
        Minute from which the case's plan is in place: before the run for a plan in hand at the
        start, ``NOT_YET`` for a case that holds no plan.
    closed : ndarray of int64, shape (holders,)
        Minute at which it ends, no earlier than ``opened`` and ``NEVER`` where it does not; after
        the run where it is in place at the end.
    issued, moved_in, moved_out : ndarray of bool, shape (holders,)
        Plans that were issued in the run; that moved in from another council; that move to one.
    """

    opened: Ints
    closed: Ints
    issued: Bools
    moved_in: Bools
    moved_out: Bools

    @classmethod
    def of(cls, log: Log, cases: Cases) -> Stock:
        """Read the stock of plans.

        Parameters
        ----------
        log : Log
            Log of a run of the journey.
        cases : Cases
            Who the cases are about.
        """
        size = int(cases.holder.max(initial=-1)) + 1
        holder, kind = cases.holder, cases.of_kind
        issued, in_hand = log.last_done([m.FINAL_PLAN, m.PLAN_IN_HAND], np.arange(size))
        opened = np.maximum(issued, in_hand)
        reviews = np.flatnonzero(kind(m.REVIEW))
        (ceased,) = log.last_done([m.CEASED_AT_REVIEW], reviews)
        ended = reached(ceased)
        at_review = np.full(size, NEVER, dtype=np.int64)
        np.minimum.at(at_review, holder[reviews[ended]], ceased[ended])
        otherwise = np.maximum(cases.ends[:size], opened)
        return cls(
            opened=np.where(kind(m.PLAN_AT_START)[:size], np.minimum(opened, -1), opened),
            closed=np.minimum(at_review, otherwise),
            issued=reached(issued),
            moved_in=reached(opened) & kind(m.PLAN_MOVED_IN)[:size],
            moved_out=cases.moves_out[:size] & (otherwise < at_review),
        )

    @property
    def held(self) -> Bools:
        """Whether each case holds a plan at some time."""
        return reached(self.opened)

    @property
    def left(self) -> Bools:
        """Whether each case's plan moved to another council."""
        return self.held & self.moved_out

    @property
    def ended(self) -> Bools:
        """Whether each case's plan ends otherwise, at a review or not."""
        return self.held & ~self.moved_out

    def open_at(self, minutes: Ints) -> Ints:
        """Return the number of plans in place just before each minute."""
        return open_at(minutes, self.opened[self.held], self.closed[self.held])


def plans(stock: Stock, timeline: Timeline) -> Table:
    """Return the account of the stock by year.

    Parameters
    ----------
    stock : Stock
        Plans of a run.
    timeline : Timeline
        Calendar of the run.

    Returns
    -------
    Table
        One row a year: at_start, issued, moved_in, ceased (at a review or otherwise), moved_out
        and at_end, with at_start + issued + moved_in - ceased - moved_out = at_end.
    """
    bounds = year_bounds(timeline)
    given = {"at_start": stock.open_at(bounds[:-1]), "at_end": stock.open_at(bounds[1:])}
    return by_year(PLANS, stock, timeline, given)


def plans_by_month(stock: Stock, timeline: Timeline) -> Table:
    """Return the plans in place at the end of each month: plans_in_place."""
    in_place = stock.open_at(month_bounds(timeline)[1:])
    return by_month("plans", stock, timeline, {"plans_in_place": in_place})
