"""The journey of a request through the 20 weeks, as a table of nodes.

The words are those of the SEND Regulations 2014 and of Somerset's Improvement Priority 8. Numbers
come from a scenario (``journey_draw.py``), people and panels too (``journey_people.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from ehc_sim.calendars import SECOND_CLOCK_PLAN_DAYS
from ehc_sim.pathway.milestones import (
    AGREED,
    AGREED_TO_ISSUE,
    ASSESSMENT_COMPLETE,
    DECISION_TO_ASSESS,
    DRAFT_PLAN,
    FINAL_PLAN,
    ISSUED,
    NO_PLAN,
    NO_PLAN_TOLD,
    ORDER_TO_ASSESS,
    REFUSAL_STANDS,
    REFUSED,
    REQUEST,
    WITHDRAWN,
    advice_in,
    asked,
)
from ehc_sim.pathway.nodes import (
    Branch,
    Choice,
    Days,
    Decision,
    End,
    Fork,
    Join,
    Mark,
    Node,
    Repeat,
    Wait,
    Work,
)
from ehc_sim.pathway.table import Pathway
from ehc_sim.scenario.schema import AdviceGiver, Settings


def journey(settings: Settings) -> Pathway:
    """Return the pathway of a scenario.

    Parameters
    ----------
    settings : Settings
        Settings that name the teams, the panels and the advice givers.

    Returns
    -------
    Pathway
        From the request to its outcome.
    """
    return Pathway(
        [
            *_request_to_decision(settings),
            *_advice(settings),
            *_decision_to_draft(settings),
            *_draft_to_final(settings),
            *_ends(),
        ]
    )


def _request_to_decision(settings: Settings) -> Sequence[Node]:
    requests, decision = settings.requests, settings.decision_to_assess
    return (
        Mark(REQUEST, "registration"),
        Work("registration", requests.registration_team, "registration minutes", "evidence"),
        Wait("evidence", "evidence days", "panel to assess", requests.evidence.counted_in),
        Decision("panel to assess", decision.panel, DECISION_TO_ASSESS),
        Mark(DECISION_TO_ASSESS, "assess?"),
        Choice(
            "assess?",
            "assess option",
            (("yes", AGREED), ("no", REFUSED), ("withdrawn", WITHDRAWN)),
        ),
        Mark(AGREED, "advice"),
        Mark(REFUSED, "overturned?"),
        Choice(
            "overturned?",
            "overturned option",
            (("no", REFUSAL_STANDS), ("yes", "mediation or appeal")),
        ),
        Wait("mediation or appeal", "mediation or appeal days", ORDER_TO_ASSESS),
        Mark(ORDER_TO_ASSESS, "advice", clock_days=SECOND_CLOCK_PLAN_DAYS),
    )


def _advice(settings: Settings) -> Sequence[Node]:
    branches = tuple(
        Branch(giver.label, asked(name), f"{name}: needed", f"{name}: awaited")
        for name, giver in settings.advice.items()
    )
    nodes: list[Node] = [Fork("advice", branches, ASSESSMENT_COMPLETE)]
    for name, giver in settings.advice.items():
        nodes += _advice_of(name, giver)
    nodes.append(Join(ASSESSMENT_COMPLETE, "panel to issue"))
    return nodes


def _advice_of(name: str, giver: AdviceGiver) -> Sequence[Node]:
    step = f"{name}: advice"
    given: Node = (
        Work(step, giver.team, f"{name}: minutes", advice_in(name))
        if giver.team is not None
        else Wait(step, f"{name}: days", advice_in(name), _days_of(giver))
    )
    appointment = giver.appointment
    return (
        Mark(asked(name), f"{name}: recent advice?"),
        Choice(
            f"{name}: recent advice?",
            f"{name}: recent option",
            (("no", f"{name}: appointment"), ("reused", advice_in(name))),
        ),
        Wait(
            f"{name}: appointment",
            f"{name}: appointment days",
            step,
            appointment.counted_in if appointment else "calendar",
        ),
        given,
        Mark(advice_in(name), ASSESSMENT_COMPLETE),
    )


def _days_of(giver: AdviceGiver) -> Days:
    assert giver.turnaround is not None
    return giver.turnaround.counted_in


def _decision_to_draft(settings: Settings) -> Sequence[Node]:
    drafting = settings.drafting
    return (
        Decision("panel to issue", settings.decision_to_issue.panel, "issue?"),
        Choice("issue?", "issue option", (("yes", AGREED_TO_ISSUE), ("no", NO_PLAN_TOLD))),
        Mark(NO_PLAN_TOLD, NO_PLAN),
        Mark(AGREED_TO_ISSUE, "drafting"),
        Work("drafting", drafting.team, "drafting minutes", "quality check"),
        Work("quality check", drafting.check_team, "quality check minutes", "sent back?"),
        Repeat("sent back?", "times sent back", "drafting again", DRAFT_PLAN, "sent back"),
        Work("drafting again", drafting.team, "drafting again minutes", "quality check"),
    )


def _draft_to_final(settings: Settings) -> Sequence[Node]:
    final = settings.draft_to_final
    return (
        Mark(DRAFT_PLAN, "family's 15 days"),
        Wait("family's 15 days", "family days", "consultation"),
        Wait("consultation", "consultation days", "settled?", final.consultation.counted_in),
        Repeat("settled?", "further rounds", "consultation", "placement", "another round"),
        Wait("placement", "placement days", "finalising", final.placement_wait.counted_in),
        Work("finalising", final.team, "finalising minutes", "signing"),
        Work("signing", final.sign_team, "signing minutes", FINAL_PLAN),
        Mark(FINAL_PLAN, ISSUED),
    )


def _ends() -> Sequence[Node]:
    return tuple(End(outcome, outcome) for outcome in (ISSUED, REFUSAL_STANDS, NO_PLAN, WITHDRAWN))
