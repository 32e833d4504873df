"""The steps at which a request can be open, read from the pathway, with what is behind each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.journey import AWAY_FROM_AREA, PERSONAL_CIRCUMSTANCES, journey
from ehc_sim.pathway.nodes import Decision, Fork, Node, following
from ehc_sim.pathway.nodes import Wait as WaitNode
from ehc_sim.pathway.nodes import Work as WorkNode
from ehc_sim.pathway.table import Pathway
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Delay, Effort, Wait
from ehc_sim.scenario.schema import Settings

ADVICE = "advice"
"""The step at which a case waits for advice."""


@dataclass(frozen=True)
class Step:
    """A step at which a request can be open.

    Attributes
    ----------
    node : Node
        Node of the pathway: a wait, work, a decision, or the fork of advice.
    decided : bool
        Whether the family has been told the decision to assess.
    refused : bool
        Whether the decision was a refusal that has not been turned round.
    assessed : bool
        Whether the assessment is complete.
    no_plan : bool
        Whether the case waits after a decision not to issue a plan.
    to_issue : bool
        Whether a plan has been agreed to.
    drafted : bool
        Whether there is a draft plan.
    """

    node: Node
    decided: bool
    refused: bool
    assessed: bool
    no_plan: bool
    to_issue: bool
    drafted: bool

    @property
    def name(self) -> str:
        """Name of the step."""
        return self.node.name

    @property
    def is_work(self) -> bool:
        """Whether somebody of a team works on the case at this step."""
        return isinstance(self.node, WorkNode)


def open_steps(settings: Settings) -> dict[str, Step]:
    """Return the steps at which a request can be open in a scenario, in the order of the pathway.

    They are the waits, pieces of work and decisions from the request to the final plan, with the
    advice as one step. A wait that the scenario does not have, such as that of an exception, is no
    step.

    Parameters
    ----------
    settings : Settings
        Settings of the scenario.
    """
    pathway = journey(settings)
    reached = _ahead(pathway, m.REQUEST)
    refusal, agreed = _ahead(pathway, m.REFUSED), _ahead(pathway, m.AGREED)
    no_plan = _ahead(pathway, m.NO_PLAN_TOLD)
    to_issue, draft = _ahead(pathway, m.AGREED_TO_ISSUE), _ahead(pathway, m.DRAFT_PLAN)
    steps = {}
    for node in pathway:
        if node.name not in reached or not _is_step(node, settings):
            continue
        ahead = _ahead(pathway, node.name)
        steps[node.name] = Step(
            node,
            decided=m.DECISION_TO_ASSESS not in ahead,
            refused=node.name in refusal and node.name not in agreed,
            assessed=m.DECISION_TO_ASSESS not in ahead and ADVICE not in ahead,
            no_plan=node.name in no_plan and node.name not in to_issue,
            to_issue=node.name in to_issue,
            drafted=node.name in draft,
        )
    return steps


def _is_step(node: Node, settings: Settings) -> bool:
    match node:
        case Decision() | Fork():
            return True
        case WaitNode():
            return wait_at(node.name, settings) is not None
        case WorkNode():
            return True
        case _:
            return False


def _ahead(pathway: Pathway, start: str) -> set[str]:
    """Return the nodes from one on to the final plan, without the branches of a fork."""
    found, ahead = {start}, [start]
    while ahead:
        node = pathway[ahead.pop()]
        if node.name == m.FINAL_PLAN:
            continue
        for name in (node.join,) if isinstance(node, Fork) else following(node):
            if name not in found:
                found.add(name)
                ahead.append(name)
    return found


def _waited(delay: Delay | None) -> Wait | None:
    return None if delay is None else delay.wait


_WAITS: dict[str, Callable[[Settings], Wait | None]] = {
    "evidence": lambda s: s.requests.evidence,
    PERSONAL_CIRCUMSTANCES: lambda s: _waited(s.exceptions.personal_circumstances),
    AWAY_FROM_AREA: lambda s: _waited(s.exceptions.away_from_area),
    "wait for mediation": lambda s: s.disputes.mediation.wait if s.disputes else None,
    "appeal decision": lambda s: s.disputes.appeals.wait if s.disputes else None,
    "wait for order to issue": lambda s: s.disputes.no_plan_after if s.disputes else None,
    "wait for a slot": lambda s: s.meetings.slot if s.meetings else None,
    "family's 15 days": lambda s: Wait(mean_days=s.draft_to_final.family_days),
    "consultation": lambda s: s.draft_to_final.consultation,
    "placement": lambda s: s.draft_to_final.placement_wait,
}


def _again(settings: Settings) -> Effort:
    first, share = settings.drafting.effort, float(settings.drafting.rework_effort)
    hours = fixed(max(float(first.mean_hours) * share, 1 / 60))
    return Effort(mean_hours=hours, spread=first.spread)


_EFFORTS: dict[str, Callable[[Settings], Effort | None]] = {
    "registration": lambda s: s.requests.registration,
    "support": lambda s: s.disputes.support.effort if s.disputes else None,
    "mediation": lambda s: s.disputes.mediation.effort if s.disputes else None,
    "answer to appeal": lambda s: s.disputes.appeals.effort if s.disputes else None,
    "Outcome and Provision meeting": lambda s: s.meetings.effort if s.meetings else None,
    "adviser at the meeting": lambda s: s.meetings.adviser if s.meetings else None,
    "drafting": lambda s: s.drafting.effort,
    "quality check": lambda s: s.drafting.check,
    "drafting again": _again,
    "finalising": lambda s: s.draft_to_final.effort,
    "signing": lambda s: s.draft_to_final.sign,
}


def wait_at(step: str, settings: Settings) -> Wait | None:
    """Return the wait at a step, None where the scenario has none.

    Raises
    ------
    KeyError
        When the step is no wait.
    """
    return _WAITS[step](settings)


def effort_at(step: str, settings: Settings) -> Effort:
    """Return the effort of the work at a step.

    Raises
    ------
    KeyError
        When no work is done at the step in this scenario.
    """
    effort = _EFFORTS[step](settings)
    if effort is None:
        raise KeyError(f"{step!r}: no work in this scenario")
    return effort
