"""Where the time at each node of the journey counts when late plans are explained."""

from collections.abc import Iterable

from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey, journey_steps
from ehc_sim.measures.lateness import ADVICE, DECISION, DRAFT, FINAL, Place
from ehc_sim.network.nodes import Decision, Wait, Work, following
from ehc_sim.network.pathway import Pathway
from ehc_sim.scenario.schema import Settings

_STEPS = {
    DECISION: ((m.REQUEST,), (m.DECISION_TO_ASSESS,)),
    ADVICE: ((m.AGREED, m.ORDER_TO_ASSESS), (m.ASSESSMENT_COMPLETE,)),
    DRAFT: ((m.ASSESSMENT_COMPLETE, m.ORDER_TO_ISSUE), (m.DRAFT_PLAN, m.NO_PLAN_TOLD)),
    FINAL: ((m.DRAFT_PLAN,), (m.FINAL_PLAN,)),
}
"""Milestones from which each step goes, and to which."""


def lateness_parts(settings: Settings) -> dict[str, Place]:
    """Return where the time at each node between the request and the final plan counts.

    Parameters
    ----------
    settings : Settings
        Settings that name teams, panels and advice givers.

    Returns
    -------
    dict of str to Place
        Waits, work and decisions by name, in the order of the pathway. Work counts for its team, a
        wait within the advice for its giver (where a team gives the advice, for the appointment), a
        decision for itself.
    """
    pathway = journey(settings)
    step_of = {
        name: step
        for step, (firsts, lasts) in _STEPS.items()
        for name in _between(pathway, firsts, lasts)
    }
    giver_of = {
        name: giver
        for giver in settings.advice
        for name in _between(pathway, [m.asked(giver)], [m.ASSESSMENT_COMPLETE])
    }
    places = {}
    for step in journey_steps(settings):
        node = step.node
        if node.name not in step_of or not isinstance(node, Wait | Work | Decision):
            continue
        giver = giver_of.get(node.name)
        if isinstance(node, Work):
            part = node.team
        elif giver is not None:
            given = settings.advice[giver]
            part = given.label if given.team is None else f"{given.label}: appointment"
        else:
            part = step.waited_for or node.name
        places[node.name] = Place(step_of[node.name], part, giver)
    return places


def _between(pathway: Pathway, firsts: Iterable[str], lasts: Iterable[str]) -> set[str]:
    """Return the nodes that can be reached from some without passing others."""
    ahead = [name for name in firsts if name in pathway.place]
    found, stops = set(ahead), set(lasts)
    while ahead:
        for target in following(pathway[ahead.pop()]):
            if target not in found and target not in stops:
                found.add(target)
                ahead.append(target)
    return found
