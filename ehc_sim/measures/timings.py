"""When each request came to each milestone, read from the log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline, deadline, excepted, law, on_time
from ehc_sim.catalogue.service import DECISIONS
from ehc_sim.catalogue.timeliness import MONTHLY, YEARLY
from ehc_sim.journey import milestones as m
from ehc_sim.measures.counting import periods_of
from ehc_sim.measures.periods import month_bounds, month_of_day, reached, year_of_day
from ehc_sim.network.log import NOT_YET, Log

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

SCHOOL_CLOSURE = "school closure"
MISSED_APPOINTMENT = "missed appointment"
WAITS_EXCEPTED = ("personal circumstances", "away from the area")
"""Waits of the pathway that are exceptions."""
EXCEPTIONS = (SCHOOL_CLOSURE, *WAITS_EXCEPTED, MISSED_APPOINTMENT)
"""Kinds of exception to the time limits. The closure is of a school, or for a child under five of
the early years provider that is asked in its place: together with personal circumstances and
absence the four of regulations 10(4) and 13(3). A missed appointment is one for whoever gives the
advice (regulation 8(2)), and not for the plan."""


_MILESTONES = {
    "decided": m.DECISION_TO_ASSESS,
    "agreed": m.AGREED,
    "refused": m.REFUSED,
    "reconsidered": m.RECONSIDERED,
    "ordered": m.ORDER_TO_ASSESS,
    "complete": m.ASSESSMENT_COMPLETE,
    "to_issue": m.AGREED_TO_ISSUE,
    "no_plan": m.NO_PLAN_TOLD,
    "draft": m.DRAFT_PLAN,
    "final": m.FINAL_PLAN,
    "withdrawn": m.WITHDRAWN,
    "ordered_to_issue": m.ORDER_TO_ISSUE,
    "mediated": m.MEDIATED,
    "appealed": m.APPEALED,
    "met": m.MEETING_HELD,
}
"""Milestone that each attribute of ``Timings`` tells of."""
_OF_MEASURES = sorted(
    {
        name
        for row in (*MONTHLY, *YEARLY, *DECISIONS)
        for name in (row.when, row.of, row.part, row.since, row.by)
        if name in vars(m).values()
    }
)
"""Other milestones that measures name."""
DAYS_IN_52_WEEKS = 364


@dataclass(frozen=True, eq=False)
class Timings:
    """Minutes at which the requests of one run came to each milestone; ``NOT_YET`` where never.

    Minutes before the run, of cases that were open when it began, are negative.

    Attributes
    ----------
    received, decided, agreed, refused, reconsidered, ordered : ndarray of int64, shape (requests,)
        The request; the decision to assess being told; the agreement and the refusal to assess; the
        agreement after a refusal that the council reconsidered by itself, which is also in
        ``agreed``; the order to assess after a refusal was overturned.
    complete, to_issue, no_plan, draft, final, withdrawn : ndarray of int64, shape (requests,)
        The last awaited advice; the agreement to issue and the decision against it; the draft and
        the final plan; the withdrawal.
    ordered_to_issue, mediated, appealed, met : ndarray of int64, shape (requests,)
        The order to make a plan after a decision against it; the mediation and the appeal after a
        refusal to assess; the Outcome and Provision meeting.
    contents_appeals : ndarray of int64, shape (appeals,)
        Appeals about the contents of any plan.
    other_appeals : ndarray of int64, shape (others,)
        Appeals against decisions not to issue a plan and to cease one.
    contents_orders : ndarray of int64, shape (orders, 3)
        Of each order about what a plan says: when it was made, the last minute of the day on which
        the amended plan is due, and when it was issued.
    milestones : mapping of str to ndarray of int64, shape (requests,)
        By the milestones' names: when each provider was asked and when its advice was in, and
        the milestones that measures name.
    exceptions : mapping of str to ndarray of bool, shape (requests,)
        Cases to which each of ``EXCEPTIONS`` applies.
    timeline : Timeline
        Calendar of the run.
    families : tuple of str
        Names of the advice providers that are the family.
    exceptions_claimed : bool
        Whether the council flags exceptions, which are then left out of DfE's headline.
    """

    received: Ints
    decided: Ints
    agreed: Ints
    refused: Ints
    reconsidered: Ints
    ordered: Ints
    complete: Ints
    to_issue: Ints
    no_plan: Ints
    draft: Ints
    final: Ints
    withdrawn: Ints
    ordered_to_issue: Ints
    mediated: Ints
    appealed: Ints
    met: Ints
    contents_appeals: Ints
    other_appeals: Ints
    contents_orders: Ints
    milestones: Mapping[str, Ints]
    exceptions: Mapping[str, Bools]
    timeline: Timeline
    families: Sequence[str] = ()
    exceptions_claimed: bool = False

    @classmethod
    def of(
        cls,
        log: Log,
        timeline: Timeline,
        schools: Sequence[str],
        requests: int | None = None,
        families: Sequence[str] = (),
        exceptions_claimed: bool = False,
    ) -> Timings:
        """Read the milestones of a log.

        Parameters
        ----------
        log : Log
            Log of a run of the journey.
        timeline : Timeline
            Calendar of the run.
        schools : sequence of str
            Names of the advice providers that are schools, colleges or early years providers.
        requests : int or None
            Number of requests, which are the first cases of a run; None where every case is one.
        families : sequence of str
            Names of the advice providers that are the family.
        exceptions_claimed : bool
            Whether the council flags exceptions.
        """
        cases = np.arange(len(log.arrived) if requests is None else requests)
        of_schools = [m.asked(school) for school in schools]
        names = [*_MILESTONES.values(), *_OF_MEASURES, *of_schools]
        minutes = dict(zip(names, log.last_done(names, cases), strict=True))
        return cls(
            received=log.arrived[: len(cases)],
            **{field: minutes[name] for field, name in _MILESTONES.items()},
            contents_appeals=log.done(m.CONTENTS_APPEAL),
            other_appeals=np.concatenate(
                [log.done(name) for name in (m.NO_PLAN_APPEALED, m.CEASING_APPEALED)]
            ),
            contents_orders=_orders(log),
            milestones=_Milestones(log, cases, {name: minutes[name] for name in _OF_MEASURES}),
            exceptions=_exceptions(log, timeline, [minutes[name] for name in of_schools], cases),
            timeline=timeline,
            families=families,
            exceptions_claimed=exceptions_claimed,
        )

    def asked(self, giver: str) -> Ints:
        """Return when an advice provider was asked about each case."""
        return self._of_advice(m.asked(giver))

    def advice_in(self, giver: str) -> Ints:
        """Return when an advice provider's advice was in for each case."""
        return self._of_advice(m.advice_in(giver))

    def _of_advice(self, name: str) -> Ints:
        if name not in self.milestones:
            raise KeyError(f"{name!r} is no node of the pathway")
        return self.milestones[name]

    @property
    def until(self) -> int:
        """Minute at which the run ended."""
        return len(self.timeline.days) * MINUTES_A_DAY

    @cached_property
    def excepted(self) -> Bools:
        """Whether the plan's time limit has an exception: a missed appointment gives it none."""
        kinds = [flags for kind, flags in self.exceptions.items() if kind != MISSED_APPOINTMENT]
        return np.asarray(np.any(kinds, axis=0))

    @cached_property
    def second_clock(self) -> Bools:
        """Whether the case is on a clock that an order started."""
        return reached(self.ordered) | reached(self.ordered_to_issue)

    @cached_property
    def decided_at_last(self) -> Ints:
        """Minute of the decision on the first clock: of a reconsidered refusal, the second one."""
        return np.where(reached(self.reconsidered), self.reconsidered, self.decided)

    @cached_property
    def turned_round(self) -> Ints:
        """Minute at which a refusal was turned round, by the council itself or by an order."""
        return np.where(reached(self.reconsidered), self.reconsidered, self.ordered)

    @cached_property
    def assessed_from(self) -> Ints:
        """Minute at which the clock of the assessment was started: the order to assess, if any."""
        return np.where(reached(self.ordered), self.ordered, self.received)

    @cached_property
    def clock_started(self) -> Ints:
        """Minute at which the statutory clock that counts for the plan was started."""
        return np.where(reached(self.ordered_to_issue), self.ordered_to_issue, self.assessed_from)

    @cached_property
    def allowed_days(self) -> Ints:
        """Days that the law gives to the final plan on that clock."""
        days = np.where(reached(self.ordered), law.ORDER_PLAN.days, law.PLAN.days)
        to_issue = reached(self.ordered_to_issue)
        return np.where(to_issue, law.ORDER_TO_ISSUE_PLAN.days, days).astype(np.int64)

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
        """Plans in DfE's measure: those of cases without mediation and without Tribunal.

        Somerset 2024: 567 of 735 plans. Source: footnote 4 of the 20-week measure in the guidance
        to "Education, health and care plans", DfE, 2024.
        """
        disputed = reached(self.mediated) | reached(self.appealed) | self.second_clock
        return reached(self.final) & ~disputed

    @property
    def left_out(self) -> Bools:
        """Plans that DfE's measure leaves out because of mediation or an appeal."""
        return ~self.counted_by_dfe

    @cached_property
    def headline(self) -> Bools:
        """Plans in DfE's headline: those of its measure, less the exceptions that are claimed."""
        return self.counted_by_dfe & ~(self.excepted & self.exceptions_claimed)

    @cached_property
    def over_52_weeks(self) -> Bools:
        """Whether each plan took more than 52 weeks by date."""
        return reached(self.final) & (self.days > DAYS_IN_52_WEEKS)

    @cached_property
    def plan_due(self) -> Ints:
        """Last minute of the day on which each case's plan is due, on its own clock."""
        day = self.clock_started // MINUTES_A_DAY + self.allowed_days
        return (day + 1) * MINUTES_A_DAY - 1

    @cached_property
    def needs_plan(self) -> Bools:
        """Cases that were agreed to on the first clock, and not decided against a plan.

        Those that are still open need one too, so nobody is left out because they wait.
        """
        return reached(self.agreed) & ~reached(self.no_plan)

    @property
    def completed(self) -> Ints:
        """Minute at which the assessment was complete, whatever was ordered later."""
        first = np.where(reached(self.ordered_to_issue), NOT_YET, self.final)
        return np.where(reached(self.no_plan), self.no_plan, first)

    @property
    def family_heard(self) -> Bools:
        """Whether the family's input was in when it was agreed to issue a plan."""
        given = [self.advice_in(giver) for giver in self.families]
        heard = [reached(minutes) & (minutes <= self.to_issue) for minutes in given]
        return np.asarray(np.all([reached(self.to_issue), *heard], axis=0))

    @property
    def appeals(self) -> Ints:
        """Minutes of all appeals: against refusals and ceasing, and about contents."""
        return np.concatenate([self.appealed, self.contents_appeals, self.other_appeals])

    @property
    def ordered_plans(self) -> Ints:
        """Minutes of the orders about what a plan says."""
        return self.contents_orders[:, 0]

    @property
    def ordered_plans_judged(self) -> Bools:
        """Whether the day on which the amended plan is due ended within the run."""
        return np.asarray(self.contents_orders[:, 1] < self.until)

    @property
    def ordered_plans_on_time(self) -> Bools:
        """Whether the plan was amended within five weeks of each, or two for the placement."""
        _, due, issued = self.contents_orders.T
        return np.asarray(self.ordered_plans_judged & reached(issued) & (issued <= due))

    @cached_property
    def no_plan_on_time(self) -> Bools:
        """Whether a decision not to issue was told by week 16, or week 10 of the second clock."""
        allowed = np.where(reached(self.ordered), law.ORDER_NO_PLAN.days, law.NO_PLAN.days)
        return reached(self.no_plan) & on_time(self.assessed_from, self.no_plan, allowed)

    @cached_property
    def days(self) -> Ints:
        """Days by date from the start of the clock to the final plan; no matter where none is."""
        return self.final // MINUTES_A_DAY - self.clock_started // MINUTES_A_DAY

    @cached_property
    def weeks(self) -> NDArray[np.float64]:
        """The same in weeks; NaN where there is no final plan."""
        return np.where(reached(self.final), self.days / 7, np.nan)

    @cached_property
    def months(self) -> Ints:
        """First minute of each month of the timeline, and the minute at which the run ended."""
        return month_bounds(self.timeline)

    @property
    def dates_of_months(self) -> NDArray[np.datetime64]:
        """The months of the timeline."""
        return self.timeline.months

    @cached_property
    def in_financial_years(self) -> Timings:
        """The same run, told by financial years."""
        return replace(self, timeline=self.timeline.in_financial_years)

    def month_of(self, minutes: Ints) -> Ints:
        """Return the number of the month of minutes within the run; -1 for the others."""
        months = np.empty(len(minutes), dtype=np.int64)
        periods_of(minutes, month_of_day(self.timeline), months)
        return months

    def year_of(self, minutes: Ints) -> Ints:
        """Return the number of the year of minutes within the run; -1 for the others."""
        years = np.empty(len(minutes), dtype=np.int64)
        periods_of(minutes, year_of_day(self.timeline), years)
        return years


class _Milestones(Mapping[str, Ints]):
    """Minutes of the milestones that measures name, and of those of advice, read at need."""

    def __init__(self, log: Log, cases: Ints, known: dict[str, Ints]) -> None:
        self._log, self._cases, self._known = log, cases, known
        self._of_advice = [
            name for name in log.nodes if name.endswith((m.asked(""), m.advice_in("")))
        ]

    def __getitem__(self, name: str) -> Ints:
        if name not in self._known and name in self._of_advice:
            (self._known[name],) = self._log.last_done([name], self._cases)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._of_advice

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._known), **dict.fromkeys(self._of_advice)})

    def __len__(self) -> int:
        return len(list(iter(self)))


def _orders(log: Log) -> Ints:
    """Return when orders about contents were made, when their plans are due and were issued."""
    limits = {m.CONTENTS_ORDER: law.ORDER_AMENDED_PLAN, m.PLACEMENT_ORDER: law.ORDER_PLACEMENT}
    *made, issued = log.last_done([*limits, m.ORDERED_PLAN], np.arange(len(log.arrived)))
    found = []
    for minutes, limit in zip(made, limits.values(), strict=True):
        at = minutes[reached(minutes)]
        found.append(np.stack([at, deadline(at, limit.days), issued[reached(minutes)]], axis=1))
    return np.concatenate(found)


def _exceptions(
    log: Log, timeline: Timeline, asked: Sequence[Ints], cases: Ints
) -> dict[str, Bools]:
    """Return the cases to which each kind of exception applies, from when schools were asked."""
    closed = np.zeros(len(cases), dtype=bool)
    for minutes in asked:
        closed[reached(minutes)] |= excepted(minutes[reached(minutes)], timeline)
    missed = [name for name in log.nodes if name.endswith(f": {MISSED_APPOINTMENT}")]
    visited = log.visited([*WAITS_EXCEPTED, *missed], cases)
    waits = dict(zip(WAITS_EXCEPTED, visited, strict=False))
    any_missed = visited[len(WAITS_EXCEPTED) :].any(axis=0)
    return {SCHOOL_CLOSURE: closed, **waits, MISSED_APPOINTMENT: any_missed}
