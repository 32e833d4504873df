"""When each case came to each milestone, read from the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import (
    ADVICE_DAYS,
    DECISION_DAYS,
    MINUTES_A_DAY,
    NO_PLAN_DAYS,
    PLAN_DAYS,
    SECOND_CLOCK_NO_PLAN_DAYS,
    SECOND_CLOCK_PLAN_DAYS,
    Timeline,
    excepted,
    on_time,
)
from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.log import NOT_YET, Log

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def reached(minutes: Ints) -> Bools:
    """Return whether each case came to a milestone within the run."""
    return np.asarray(minutes != NOT_YET)


@dataclass(frozen=True, eq=False)
class Timings:
    """Minutes at which the cases of one run came to each milestone; ``NOT_YET`` where they did not.

    Attributes
    ----------
    received, decided, agreed, refused, ordered : ndarray of int64, shape (cases,)
        The request; the decision to assess being told; the agreement and the refusal to assess; the
        order to assess after a refusal was overturned.
    complete, to_issue, no_plan, draft, final, withdrawn : ndarray of int64, shape (cases,)
        The last awaited advice; the agreement to issue and the decision against it; the draft and
        the final plan; the withdrawal.
    excepted : ndarray of bool, shape (cases,)
        Cases whose advice was asked of a school round a closure of four weeks or more.
    timeline : Timeline
        Calendar of the run.
    """

    received: Ints
    decided: Ints
    agreed: Ints
    refused: Ints
    ordered: Ints
    complete: Ints
    to_issue: Ints
    no_plan: Ints
    draft: Ints
    final: Ints
    withdrawn: Ints
    excepted: Bools
    timeline: Timeline

    @classmethod
    def of(cls, log: Log, timeline: Timeline, schools: Sequence[str]) -> Timings:
        """Read the milestones of a log.

        Parameters
        ----------
        log : Log
            Log of a run of the journey.
        timeline : Timeline
            Calendar of the run.
        schools : sequence of str
            Names of the advice givers that are schools or colleges.
        """
        inside = np.zeros(len(log.arrived), dtype=bool)
        for name in schools:
            asked = log.reached(m.asked(name))
            inside[reached(asked)] |= excepted(asked[reached(asked)], timeline)
        return cls(
            received=log.arrived,
            decided=log.reached(m.DECISION_TO_ASSESS),
            agreed=log.reached(m.AGREED),
            refused=log.reached(m.REFUSED),
            ordered=log.reached(m.ORDER_TO_ASSESS),
            complete=log.reached(m.ASSESSMENT_COMPLETE),
            to_issue=log.reached(m.AGREED_TO_ISSUE),
            no_plan=log.reached(m.NO_PLAN_TOLD),
            draft=log.reached(m.DRAFT_PLAN),
            final=log.reached(m.FINAL_PLAN),
            withdrawn=log.reached(m.WITHDRAWN),
            excepted=inside,
            timeline=timeline,
        )

    @property
    def until(self) -> int:
        """Minute at which the run ended."""
        return len(self.timeline.days) * MINUTES_A_DAY

    @cached_property
    def second_clock(self) -> Bools:
        """Whether the case is assessed after mediation or an appeal."""
        return reached(self.ordered)

    @cached_property
    def clock_started(self) -> Ints:
        """Minute at which the statutory clock that counts was started."""
        return np.where(self.second_clock, self.ordered, self.received)

    @cached_property
    def allowed_days(self) -> Ints:
        """Days that the law gives to the final plan on that clock."""
        return np.where(self.second_clock, SECOND_CLOCK_PLAN_DAYS, PLAN_DAYS).astype(np.int64)

    @cached_property
    def being_assessed_from(self) -> Ints:
        """Minute from which the case is assessed: agreed to, or ordered."""
        return np.maximum(self.agreed, self.ordered)

    @cached_property
    def plan_on_time(self) -> Bools:
        """Whether the plan was issued within the case's own clock."""
        return reached(self.final) & on_time(self.clock_started, self.final, self.allowed_days)

    @cached_property
    def counted_by_dfe(self) -> Bools:
        """Plans in DfE's measure: those without mediation or Tribunal."""
        return reached(self.final) & ~self.second_clock

    @cached_property
    def decided_on_time(self) -> Bools:
        """Whether the decision to assess was told by week 6."""
        return reached(self.decided) & on_time(self.received, self.decided, DECISION_DAYS)

    @cached_property
    def no_plan_on_time(self) -> Bools:
        """Whether a decision not to issue was told by week 16, or week 10 of the second clock."""
        allowed = np.where(self.second_clock, SECOND_CLOCK_NO_PLAN_DAYS, NO_PLAN_DAYS)
        return reached(self.no_plan) & on_time(self.clock_started, self.no_plan, allowed)

    @cached_property
    def weeks(self) -> NDArray[np.float64]:
        """Weeks by date from the start of the clock to the final plan; NaN where there is none."""
        days = self.final // MINUTES_A_DAY - self.clock_started // MINUTES_A_DAY
        return np.where(reached(self.final), days / 7, np.nan)

    @cached_property
    def months(self) -> Ints:
        """First minute of each month of the timeline, and the minute at which the run ended."""
        firsts = np.flatnonzero(np.diff(self.timeline.month, prepend=-1))
        return np.append(firsts, len(self.timeline.days)).astype(np.int64) * MINUTES_A_DAY

    def month_of(self, minutes: Ints) -> Ints:
        """Return the number of the month of minutes within the run; -1 for the others."""
        day = np.clip(minutes // MINUTES_A_DAY, 0, len(self.timeline.days) - 1)
        inside = reached(minutes) & (minutes < self.until)
        return np.where(inside, self.timeline.month[day], -1).astype(np.int64)

    def year_of(self, minutes: Ints) -> Ints:
        """Return the calendar year of minutes within the run; 0 for the others."""
        first = self.timeline.first_day
        month = self.month_of(minutes)
        return np.where(month >= 0, first.year + (month + first.month - 1) // 12, 0)


def advice_on_time(asked: Ints, given: Ints) -> Bools:
    """Return whether advice came within six weeks, by date, of the day it was asked for."""
    return reached(given) & on_time(asked, given, ADVICE_DAYS)
