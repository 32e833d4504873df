"""What happens to a plan once it is in place: annual reviews and phase transfers.

Children and Families Act 2014, section 44; SEND Regulations 2014, regulations 18 to 22. Each review
and each transfer is a case of its own: a plan's first review is started when the plan is issued,
the next one when a review has met. That one is due whether or not the council has decided on this
one: a late decision takes no review away.
"""

from __future__ import annotations

from collections.abc import Sequence

from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.journey_disputes import appealed, contents_appeal, first_after
from ehc_sim.pathway.nodes import (
    Before,
    Choice,
    Decision,
    End,
    InPlace,
    Mark,
    Node,
    Start,
    Wait,
    Work,
)
from ehc_sim.scenario.plans import PhaseTransfers, Reviews
from ehc_sim.scenario.schema import Settings

REVIEW_DAYS = 28
"""Days from the review meeting to telling the family: regulation 20(10)."""
AMENDED_DAYS = 84
"""Days from the review meeting to the amended plan: 4 weeks to the notice and 8 from there
(regulations 20(10) and 22(3))."""
REVIEWS, TRANSFERS = "annual reviews", "phase transfers"


def entries_of_plans(settings: Settings) -> tuple[str, ...]:
    """Return the nodes at which plans in hand, reviews and transfers arrive."""
    if settings.plans is None:
        return ()
    return (m.PLAN_IN_HAND, m.REVIEW_ARRANGED, m.TRANSFER_BEGUN)


def plan_issued(settings: Settings) -> Sequence[Node]:
    """Return the nodes from the final plan on."""
    after = first_after(settings, "new plan", m.ISSUED)
    first = _review_later("first review", after) if settings.plans else ()
    then = first[0].name if first else after
    return (
        Mark(m.FINAL_PLAN, then, opens_plan=True),
        *first,
        *appealed(settings, "new plan", m.ISSUED),
        *contents_appeal(settings),
    )


def plans(settings: Settings) -> Sequence[Node]:
    """Return the nodes of plans in hand, reviews and transfers; none without a stock of plans."""
    if settings.plans is None:
        return ()
    return (
        Mark(m.PLAN_IN_HAND, "review of a plan in hand", opens_plan=True),
        Start(
            "review of a plan in hand",
            "case of next review",
            "days to review in hand",
            m.REVIEW_ARRANGED,
            m.KEPT,
        ),
        *_review(settings, settings.plans.reviews),
        *_amendment(settings, settings.plans.reviews),
        *_transfer(settings, settings.plans.phase_transfers),
        *(End(name, name) for name in (m.KEPT, m.REVIEWED, m.NO_REVIEW)),
        *(End(name, name) for name in (m.TRANSFERRED, m.NO_TRANSFER)),
    )


def _review_later(name: str, then: str) -> Sequence[Node]:
    """Return the nodes that start the next review, sooner for a child under five."""
    under_five, case, entry = f"{name} under five", "case of next review", m.REVIEW_ARRANGED
    return (
        Before(f"{name}?", "minute of fifth birthday", under_five, name),
        Start(under_five, case, "days to review under five", entry, then),
        Start(name, case, "days to review", entry, then),
    )


def _review(settings: Settings, reviews: Reviews) -> Sequence[Node]:
    return (
        Mark(m.REVIEW_ARRANGED, "plan in place at review?"),
        InPlace("plan in place at review?", "minute plan ends", "review meeting", m.NO_REVIEW),
        Wait("review meeting", "review meeting days", m.REVIEW_MEETING, reviews.meeting.counted_in),
        Mark(m.REVIEW_MEETING, "next review?", clock_days=REVIEW_DAYS),
        *_review_later("next review", "report of the school"),
        Wait("report of the school", "report days", "review decision", reviews.report.counted_in),
        Work("review decision", reviews.team, "review minutes", m.REVIEW_DECIDED, REVIEWS),
        Mark(m.REVIEW_DECIDED, "ceased?"),
        Choice(
            "ceased?",
            "ceased option",
            (("no", "amended?"), ("yes", m.CEASED_AT_REVIEW)),
        ),
        Mark(m.CEASED_AT_REVIEW, m.REVIEWED, closes_plan=True),
        Choice("amended?", "amended option", (("no", m.REVIEWED), ("yes", m.AMENDMENT_NOTICE))),
    )


def _amendment(settings: Settings, reviews: Reviews) -> Sequence[Node]:
    panel, family = "panel for amendments", "family's 15 days on the amendment"
    after = first_after(settings, "amended plan", m.REVIEWED)
    return (
        Mark(m.AMENDMENT_NOTICE, "to the panel?", due_days=AMENDED_DAYS),
        Choice("to the panel?", "to the panel option", (("no", "amending"), ("yes", panel))),
        Decision(panel, reviews.panel, "amending"),
        Work("amending", reviews.amending_team, "amending minutes", "check of amendment", REVIEWS),
        Work("check of amendment", reviews.check_team, "amendment check minutes", family, REVIEWS),
        Wait(family, "amendment family days", m.AMENDED_PLAN),
        Mark(m.AMENDED_PLAN, after),
        *appealed(settings, "amended plan", m.REVIEWED),
    )


def _transfer(settings: Settings, transfers: PhaseTransfers) -> Sequence[Node]:
    consultation, in_place = "transfer consultation", "plan in place at transfer?"
    after = first_after(settings, "phase transfer", m.TRANSFERRED)
    return (
        Mark(m.TRANSFER_BEGUN, in_place, clock_days="transfer clock days"),
        InPlace(in_place, "minute plan ends", consultation, m.NO_TRANSFER),
        Wait(
            consultation,
            "transfer consultation days",
            "transfer work",
            transfers.consultation.counted_in,
        ),
        Work("transfer work", transfers.team, "transfer minutes", "check of transfer", TRANSFERS),
        Work(
            "check of transfer",
            transfers.check_team,
            "transfer check minutes",
            m.TRANSFER_PLAN,
            TRANSFERS,
        ),
        Mark(m.TRANSFER_PLAN, after),
        *appealed(settings, "phase transfer", m.TRANSFERRED),
    )
