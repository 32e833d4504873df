"""What is behind an open case when a run starts, as rows of the log.

A caseload has the days of the milestones that matter, not of every step. What lies between them is
given to the step before: coarse, but without a gap.
"""

from collections.abc import Callable, Mapping
from datetime import date

from ehc_sim.calendars import law
from ehc_sim.journey import milestones as m
from ehc_sim.journey.open_cases.case import CaseRow
from ehc_sim.journey.open_cases.steps import ADVICE, OpenStep
from ehc_sim.network.nodes import Mark
from ehc_sim.network.pathway import Pathway

Visit = tuple[str, int, int, int]
"""Node, and the minutes at which the case joined, started and ended."""


class Behind:
    """The visits and milestones behind one open case.

    Parameters
    ----------
    case : CaseRow
        The case.
    step : OpenStep
        The step at which it is.
    pathway : Pathway
        The pathway.
    minute : callable
        Gives the minute of a day before the run.
    advice_begun : mapping of str to int
        For each advice provider whose appointment is over but whose advice is not in, the minute at
        which it was over.

    Attributes
    ----------
    visits : list of Visit
        In order; milestones have the same minute three times.
    clock, clock_days : int
        Minute at which the statutory clock was started that runs now, and its days.
    """

    def __init__(
        self,
        case: CaseRow,
        step: OpenStep,
        pathway: Pathway,
        minute: Callable[[date], int],
        advice_begun: Mapping[str, int],
    ) -> None:
        self._pathway = pathway
        self._minute = minute
        self.visits: list[Visit] = []
        self.clock = minute(case.received)
        self.clock_days = law.PLAN.days
        self._last = 0
        self._mark(m.REQUEST, self.clock)
        since = minute(case.since)
        if case.decided is None:
            self._visit("registration", self.clock, since)
            return
        self._decided(case, case.decided)
        if step.refused:
            self._disputed(step, since)
            return
        begun = self._asked(case, advice_begun)
        if step.assessed:
            self._assessed(case, step, begun)
        elif step.name != ADVICE:
            self._reach(since)

    def _visit(self, node: str, joined: int, ended: int) -> None:
        self._last = len(self.visits)
        self.visits.append((node, joined, joined, ended))

    def _reach(self, minute: int) -> None:
        """Have the last visit go on to a minute, so that no time is left out."""
        node, joined, started, ended = self.visits[self._last]
        self.visits[self._last] = (node, joined, started, max(ended, minute))

    def _mark(self, name: str, minute: int) -> None:
        """Note a milestone, with the clock that it starts."""
        self.visits.append((name, minute, minute, minute))
        node = self._pathway[name]
        if isinstance(node, Mark):
            if isinstance(node.clock_days, int):
                self.clock, self.clock_days = minute, node.clock_days
            if isinstance(node.due_days, int):
                self.clock_days = node.due_days

    def _decided(self, case: CaseRow, decided: date) -> None:
        told = self._minute(decided)
        self._visit("panel to assess", self.clock, told)
        self._mark(m.DECISION_TO_ASSESS, told)

    def _disputed(self, step: OpenStep, since: int) -> None:
        told = self.visits[self._last][3]
        self._mark(m.REFUSED, told)
        self._reach(since)
        before = [n.name for n in self._pathway if isinstance(n, Mark) and n.then == step.name]
        for name in before or ([m.APPEALED] if step.name == "appeal decision" else []):
            self._mark(name, since)

    def _asked(self, case: CaseRow, advice_begun: Mapping[str, int]) -> int:
        """Note the agreement or order, and the advice; return when the assessment was begun."""
        begun = self.visits[self._last][3]
        if case.ordered is None:
            self._mark(m.AGREED, begun)
        else:
            self._mark(m.REFUSED, begun)
            begun = self._minute(case.ordered)
            self._reach(begun)
            self._mark(m.ORDER_TO_ASSESS, begun)
        asked = [self._minute(one.asked) for one in case.advice.values()]
        self._reach(min(asked, default=begun))
        for giver, one in case.advice.items():
            on = self._minute(one.asked)
            self.visits.append((m.asked(giver), on, on, on))
            if one.came_in is not None:
                came = self._minute(one.came_in)
                self.visits.append((f"{giver}: advice", on, on, came))
                self.visits.append((m.advice_in(giver), came, came, came))
            elif giver in advice_begun:
                self.visits.append((f"{giver}: appointment", on, on, advice_begun[giver]))
        return begun

    def _assessed(self, case: CaseRow, step: OpenStep, begun: int) -> None:
        since = self._minute(case.since)
        decided_since = step.to_issue or step.no_plan
        came = [self._minute(one.came_in) for one in case.advice.values() if one.came_in]
        complete = max(min(max(came, default=begun), since), begun) if decided_since else since
        if not came or complete > max(came):
            self._reach(complete)
        self._mark(m.ASSESSMENT_COMPLETE, complete)
        if not decided_since:
            return
        self._visit("panel to issue", complete, since)
        if step.no_plan:
            self._mark(m.NO_PLAN_TOLD, since)
        else:
            self._mark(m.AGREED_TO_ISSUE, since)
            if step.drafted:
                self._mark(m.DRAFT_PLAN, since)
