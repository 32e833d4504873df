"""What follows a refusal: support, mediation, appeals, asking again; and orders of the Tribunal."""

from __future__ import annotations

from collections.abc import Sequence

from ehc_sim.calendars import SECOND_CLOCK_PLAN_DAYS
from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.nodes import Choice, End, Mark, Node, Start, Wait, Work
from ehc_sim.scenario.disputes import Disputes
from ehc_sim.scenario.schema import Settings

ORDER_TO_ISSUE_DAYS = 77
"""Days from an order to make a plan to the final plan: 11 weeks, draft in 5 (SEND Regulations 2014,
regulation 44(2); the wording was read in a public guide that quotes it, not in the regulation)."""
ABOUT_PLANS = "appeals about plans"
"""Kind of work of appeals about what plans say."""
ANSWER_DAYS = 42
"""Days in which the council answers an appeal: 30 working days (Tribunal Procedure (First-tier
Tribunal) (HESC) Rules 2008, rule 21; from memory). It orders the work, no measure judges by it."""
MEDIATION_DAYS = 30
"""Days in which the council takes part in mediation (Children and Families Act 2014, section 53;
from memory). It orders the work, no measure judges by it."""


def after_refusal(settings: Settings) -> Sequence[Node]:
    """Return the nodes from the refusal to assess to its end, or to an order to assess."""
    disputes = settings.disputes
    if disputes is None:
        return (Mark(m.REFUSED, m.REFUSAL_STANDS),)
    return (
        Mark(m.REFUSED, "support?"),
        Choice("support?", "support option", (("no", "dispute?"), ("yes", "support"))),
        Work("support", disputes.support.team, "support minutes", "dispute?", "disputes"),
        Choice(
            "dispute?",
            "dispute option",
            (("no", "ask again?"), ("mediation", "wait for mediation"), ("appeal", m.APPEALED)),
        ),
        *_mediation(disputes),
        *_appeal(disputes),
        Choice("ask again?", "ask again option", (("no", m.REFUSAL_STANDS), ("yes", "ask again"))),
        Start(
            "ask again", "case asking again", "days to asking again", m.REQUEST, m.REFUSAL_STANDS
        ),
        Mark(m.ORDER_TO_ASSESS, "personal circumstances", clock_days=SECOND_CLOCK_PLAN_DAYS),
    )


def _mediation(disputes: Disputes) -> Sequence[Node]:
    mediation = disputes.mediation
    wait = mediation.wait.counted_in
    return (
        Wait("wait for mediation", "mediation days", "mediation due", wait),
        Mark("mediation due", "mediation", clock_days=MEDIATION_DAYS),
        Work("mediation", mediation.team, "mediation minutes", m.MEDIATED, "disputes"),
        Mark(m.MEDIATED, "mediation outcome"),
        Choice(
            "mediation outcome",
            "mediation option",
            (("agreed", m.ORDER_TO_ASSESS), ("appeal", m.APPEALED), ("neither", "ask again?")),
        ),
    )


def _appeal(disputes: Disputes) -> Sequence[Node]:
    appeals = disputes.appeals
    return (
        Mark(m.APPEALED, "answer to appeal", clock_days=ANSWER_DAYS),
        Work("answer to appeal", appeals.team, "appeal minutes", "appeal decision", "disputes"),
        Wait("appeal decision", "appeal days", "appeal outcome", appeals.wait.counted_in),
        Choice(
            "appeal outcome",
            "appeal option",
            (("order", m.ORDER_TO_ASSESS), ("dismissed", "ask again?")),
        ),
    )


def after_no_plan(settings: Settings) -> Sequence[Node]:
    """Return the nodes after a decision not to issue a plan."""
    disputes = settings.disputes
    if disputes is None:
        return (Mark(m.NO_PLAN_TOLD, m.NO_PLAN),)
    counted_in = disputes.no_plan_after.counted_in
    return (
        Mark(m.NO_PLAN_TOLD, "no plan overturned?"),
        Choice(
            "no plan overturned?",
            "no plan overturned option",
            (("no", m.NO_PLAN), ("yes", "wait for order to issue")),
        ),
        Wait("wait for order to issue", "order to issue days", m.ORDER_TO_ISSUE, counted_in),
        Mark(m.ORDER_TO_ISSUE, m.AGREED_TO_ISSUE, clock_days=ORDER_TO_ISSUE_DAYS),
    )


def appealed(settings: Settings, what: str, then: str) -> Sequence[Node]:
    """Return the choice whether a plan's contents are appealed, named ``<what> appealed?``.

    Parameters
    ----------
    settings : Settings
        Without disputes there is no choice, and no appeal.
    what : str
        ``new plan``, ``amended plan`` or ``phase transfer``.
    then : str
        Node that follows where there is no appeal.
    """
    if settings.disputes is None:
        return ()
    ways = (("no", then), ("yes", "wait for contents appeal"))
    return (Choice(f"{what} appealed?", f"{what} appeal option", ways),)


def first_after(settings: Settings, what: str, then: str) -> str:
    """Return the node that follows a plan: the choice whether it is appealed, or the end."""
    return f"{what} appealed?" if settings.disputes else then


def contents_appeal(settings: Settings) -> Sequence[Node]:
    """Return the nodes of an appeal about what a plan says, to its end."""
    if settings.disputes is None:
        return ()
    contents = settings.disputes.contents
    answer = "answer to contents appeal"
    return (
        Wait(
            "wait for contents appeal",
            "contents appeal days",
            m.CONTENTS_APPEAL,
            contents.wait.counted_in,
        ),
        Mark(m.CONTENTS_APPEAL, answer, clock_days=ANSWER_DAYS),
        Work(answer, contents.team, "contents appeal minutes", m.APPEAL_CLOSED, ABOUT_PLANS),
        End(m.APPEAL_CLOSED, m.APPEAL_CLOSED),
    )
