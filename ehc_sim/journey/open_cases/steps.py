"""The steps at which a request can be open, read from the pathway, with what is behind each."""

from dataclasses import dataclass

from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey, journey_steps
from ehc_sim.journey.steps import Step
from ehc_sim.network.nodes import Decision, Fork, Node, following
from ehc_sim.network.nodes import Wait as WaitNode
from ehc_sim.network.nodes import Work as WorkNode
from ehc_sim.network.pathway import Pathway
from ehc_sim.scenario.part import Effort, Wait
from ehc_sim.scenario.schema import Settings

ADVICE = "advice"
"""The step at which a case waits for advice."""


@dataclass(frozen=True)
class OpenStep:
    """A step at which a request can be open.

    Attributes
    ----------
    node : Node
        Node of the pathway: a wait, work, a decision, or the fork of advice.
    wait, effort : Wait, Effort or None
        How long it lasts, for a wait; how much there is to do, for work.
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
    wait: Wait | None
    effort: Effort | None
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


def open_steps(settings: Settings) -> dict[str, OpenStep]:
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
    for step in journey_steps(settings):
        node = step.node
        if node.name not in reached or not _is_open_step(step, settings):
            continue
        ahead = _ahead(pathway, node.name)
        steps[node.name] = OpenStep(
            node,
            step.wait(settings) if step.wait else None,
            step.effort(settings) if step.effort else None,
            decided=m.DECISION_TO_ASSESS not in ahead,
            refused=node.name in refusal and node.name not in agreed,
            assessed=m.DECISION_TO_ASSESS not in ahead and ADVICE not in ahead,
            no_plan=node.name in no_plan and node.name not in to_issue,
            to_issue=node.name in to_issue,
            drafted=node.name in draft,
        )
    return steps


def _is_open_step(step: Step, settings: Settings) -> bool:
    if isinstance(step.node, WaitNode):
        return step.wait is not None and step.wait(settings) is not None
    return isinstance(step.node, WorkNode | Decision | Fork)


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
