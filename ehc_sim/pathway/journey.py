"""The journey of a request through the 20 weeks, as a table of nodes.

The words are those of the SEND Regulations 2014 and of Somerset's Improvement Priority 8. Numbers
come from a scenario (``journey_draw.py`` and its like), people and panels too
(``journey_people.py``). What happens to a plan once it is issued is in ``journey_plans.py``, what
follows a refusal in ``journey_disputes.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ehc_sim.calendars import DECISION_DAYS, PLAN_DAYS
from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.journey_disputes import after_no_plan, after_refusal
from ehc_sim.pathway.journey_plans import entries_of_plans, plan_issued, plans
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
from ehc_sim.scenario.part import Delay
from ehc_sim.scenario.schema import AdviceGiver, Settings

PERSONAL_CIRCUMSTANCES = "personal circumstances"
AWAY_FROM_AREA = "away from the area"


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
    nodes = [
        *_request_to_decision(settings),
        *after_refusal(settings),
        *_before_advice(settings),
        *_advice(settings),
        *_decision_to_draft(settings),
        *_draft_to_final(settings),
        *plan_issued(settings),
        *plans(settings),
    ]
    ends = (m.ISSUED, m.REFUSAL_STANDS, m.NO_PLAN, m.WITHDRAWN)
    nodes += [End(outcome, outcome) for outcome in ends]
    return _checked(tuple(nodes), (m.REQUEST, *entries_of_plans(settings)))


@lru_cache(maxsize=64)
def _checked(nodes: tuple[Node, ...], entries: tuple[str, ...]) -> Pathway:
    """Return a pathway; the replications of a scenario share one, which is checked once."""
    return Pathway(nodes, entries)


def _request_to_decision(settings: Settings) -> Sequence[Node]:
    requests, decision = settings.requests, settings.decision_to_assess
    return (
        Mark(m.REQUEST, "registration", due_days=DECISION_DAYS),
        Work("registration", requests.registration_team, "registration minutes", "evidence"),
        Wait("evidence", "evidence days", "panel to assess", requests.evidence.counted_in),
        Decision("panel to assess", decision.panel, m.DECISION_TO_ASSESS),
        Mark(m.DECISION_TO_ASSESS, "assess?"),
        Choice(
            "assess?",
            "assess option",
            (("yes", m.AGREED), ("no", m.REFUSED), ("withdrawn", m.WITHDRAWN)),
        ),
        Mark(m.AGREED, PERSONAL_CIRCUMSTANCES, due_days=PLAN_DAYS),
    )


def _before_advice(settings: Settings) -> Sequence[Node]:
    exceptions = settings.exceptions

    def counted_in(delay: Delay | None) -> Days:
        return delay.wait.counted_in if delay else "calendar"

    return (
        Wait(
            PERSONAL_CIRCUMSTANCES,
            f"{PERSONAL_CIRCUMSTANCES} days",
            AWAY_FROM_AREA,
            counted_in(exceptions.personal_circumstances),
        ),
        Wait(
            AWAY_FROM_AREA,
            f"{AWAY_FROM_AREA} days",
            "advice",
            counted_in(exceptions.away_from_area),
        ),
    )


def _advice(settings: Settings) -> Sequence[Node]:
    branches = tuple(
        Branch(giver.label, m.asked(name), f"{name}: needed", f"{name}: awaited")
        for name, giver in settings.advice.items()
    )
    nodes: list[Node] = [Fork("advice", branches, m.ASSESSMENT_COMPLETE)]
    for name, giver in settings.advice.items():
        nodes += _advice_of(name, giver, settings.exceptions.missed_appointment)
    nodes.append(Join(m.ASSESSMENT_COMPLETE, "panel to issue"))
    return nodes


def _advice_of(name: str, giver: AdviceGiver, missed: Delay | None) -> Sequence[Node]:
    step = f"{name}: advice"
    given: Node = (
        Work(step, giver.team, f"{name}: minutes", m.advice_in(name))
        if giver.team is not None
        else Wait(step, f"{name}: days", m.advice_in(name), _days_of(giver))
    )
    appointment = giver.appointment
    return (
        Mark(m.asked(name), f"{name}: recent advice?"),
        Choice(
            f"{name}: recent advice?",
            f"{name}: recent option",
            (("no", f"{name}: appointment"), ("reused", m.advice_in(name))),
        ),
        Wait(
            f"{name}: appointment",
            f"{name}: appointment days",
            missed_appointment(name),
            appointment.counted_in if appointment else "calendar",
        ),
        Wait(
            missed_appointment(name),
            f"{name}: missed appointment days",
            step,
            missed.wait.counted_in if missed else "calendar",
        ),
        given,
        Mark(m.advice_in(name), m.ASSESSMENT_COMPLETE),
    )


def missed_appointment(giver: str) -> str:
    """Return the name of the wait for another appointment with an advice giver."""
    return f"{giver}: missed appointment"


def _days_of(giver: AdviceGiver) -> Days:
    assert giver.turnaround is not None
    return giver.turnaround.counted_in


def _decision_to_draft(settings: Settings) -> Sequence[Node]:
    drafting = settings.drafting
    return (
        Decision("panel to issue", settings.decision_to_issue.panel, "issue?"),
        Choice("issue?", "issue option", (("yes", m.AGREED_TO_ISSUE), ("no", m.NO_PLAN_TOLD))),
        *after_no_plan(settings),
        *_meeting(settings),
        Work("drafting", drafting.team, "drafting minutes", "quality check"),
        Work("quality check", drafting.check_team, "quality check minutes", "sent back?"),
        Repeat("sent back?", "times sent back", "drafting again", m.DRAFT_PLAN, "sent back"),
        Work("drafting again", drafting.team, "drafting again minutes", "quality check"),
    )


def _draft_to_final(settings: Settings) -> Sequence[Node]:
    final = settings.draft_to_final
    return (
        Mark(m.DRAFT_PLAN, "family's 15 days"),
        Wait("family's 15 days", "family days", "consultation"),
        Wait("consultation", "consultation days", "settled?", final.consultation.counted_in),
        Repeat("settled?", "further rounds", "consultation", "placement", "another round"),
        Wait("placement", "placement days", "finalising", final.placement_wait.counted_in),
        Work("finalising", final.team, "finalising minutes", "signing"),
        Work("signing", final.sign_team, "signing minutes", m.FINAL_PLAN),
    )


def _meeting(settings: Settings) -> Sequence[Node]:
    """Return the Outcome and Provision meeting; without one, drafting begins at once."""
    meetings = settings.meetings
    if meetings is None:
        return (Mark(m.AGREED_TO_ISSUE, "drafting"),)
    lead, attend = "Outcome and Provision meeting", "adviser at the meeting"
    return (
        Mark(m.AGREED_TO_ISSUE, "meeting?"),
        Choice("meeting?", "meeting option", (("no", "drafting"), ("yes", "wait for a slot"))),
        Wait("wait for a slot", "slot days", lead, meetings.slot.counted_in),
        Work(lead, meetings.team, "meeting minutes", attend, "meetings"),
        Work(attend, meetings.adviser_team, "adviser minutes", m.MEETING_HELD, "meetings"),
        Mark(m.MEETING_HELD, "drafting", variant=1),
    )
