"""What follows a refusal: support, mediation, appeals, asking again; and orders of the Tribunal."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter

import numpy as np

from ehc_sim.calendars import law
from ehc_sim.journey import milestones as m
from ehc_sim.journey.meetings import Kept, less_after_a_meeting
from ehc_sim.journey.steps import Chances, Rule, Step, Steps, plain
from ehc_sim.network.distributions import Modifier, Sampler, Shares, Trial
from ehc_sim.network.nodes import End, Mark, Start
from ehc_sim.network.quantities import AnyQuantity
from ehc_sim.scenario.disputes import Disputes
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.schema import Settings

ABOUT_PLANS = "appeals about plans"
"""Kind of work of appeals about what plans say."""
AGREED, APPEAL, NEITHER = 0, 1, 2
"""Ways on from a mediation."""
NO_DISPUTE, MEDIATION, STRAIGHT_TO_APPEAL = 0, 1, 2
"""Ways on from a refusal."""

WAY_FORWARD = "way forward meeting?"
"""First node of the reconsideration of a refusal."""

_SUPPORT = "support taken up"


def after_refusal(settings: Settings) -> Sequence[Step]:
    """Return the steps from the refusal to assess to its end, or to an order to assess."""
    if settings.disputes is None:
        return plain(Mark(m.REFUSED, m.REFUSAL_STANDS))
    of = Steps(settings, kind="disputes")
    supported = of.share(_SUPPORT, "disputes.support.uptake")
    reconsidering = _reconsideration(of)
    first = reconsidering[0].name if reconsidering else "support?"
    return (
        *plain(Mark(m.REFUSED, first)),
        *reconsidering,
        of.choice("support?", "support", supported, no="dispute?", yes="support"),
        of.work("support", "disputes.support.effort", "dispute?"),
        of.choice(
            "dispute?",
            "dispute",
            of.by_period(_dispute),
            no="ask again?",
            mediation="wait for mediation",
            appeal=m.APPEALED,
        ),
        *_mediation(of),
        *_appeal(of),
        *_asking_again(of),
        *plain(_by_order(m.ORDER_TO_ASSESS, "personal circumstances", law.ORDER_PLAN.days)),
    )


def _by_order(name: str, then: str, clock_days: int) -> Mark:
    """Return an order, or what is agreed at mediation, with the clock that it starts."""
    return Mark(name, then, clock_days=clock_days, ordered=True)


def _helped(disputes: Disputes, kept: float, share: Callable[[float], Shares]) -> Modifier:
    """Return what support leaves of a share for those who take it up."""
    return Modifier(_SUPPORT, float(disputes.support.uptake), share(kept))


def _dispute(settings: Settings) -> Sampler:
    disputes = _of(settings)
    kept = float(disputes.support.disputes_kept)

    def mediated(left: float) -> float:
        return float(disputes.mediation.share) * left

    def straight(left: float) -> float:
        return float(disputes.appeals.share) * left / max(1 - mediated(left), 1e-9)

    return Sampler(
        NO_DISPUTE,
        (
            Trial("mediation", mediated(1.0), MEDIATION, _helped(disputes, kept, mediated)),
            Trial("appeal", straight(1.0), STRAIGHT_TO_APPEAL, _helped(disputes, kept, straight)),
        ),
    )


def _reconsideration(of: Steps) -> Sequence[Step]:
    """Return the steps of a meeting on a refusal; what is agreed to there keeps its first clock."""
    if _of(of.settings).reconsideration is None:
        return ()
    at, waited, met = "disputes.reconsideration", "wait for a way forward meeting", "way forward"
    some = of.share(WAY_FORWARD, f"{at}.share")

    def agreed(settings: Settings) -> Sampler:
        one = _of(settings).reconsideration
        share = 0.0 if one is None else _stronger(settings, one.agreed)
        return Sampler(0, (Trial("reconsidered", share),))

    return (
        of.choice(WAY_FORWARD, met, some, no="support?", yes=waited),
        of.wait(waited, f"{at}.wait", met, number=met),
        of.work(met, f"{at}.effort", "reconsidered?"),
        of.choice(
            "reconsidered?",
            "reconsidered",
            of.by_period(agreed),
            no="support?",
            yes=m.RECONSIDERED,
        ),
        *plain(Mark(m.RECONSIDERED, m.AGREED)),
    )


def _mediation(of: Steps) -> Sequence[Step]:
    waited, due = "wait for mediation", "mediation due"
    return (
        of.wait(waited, "disputes.mediation.wait", due, number="mediation"),
        *plain(Mark(due, "mediation", clock_days=law.MEDIATION.days)),
        of.work("mediation", "disputes.mediation.effort", m.MEDIATED),
        *plain(Mark(m.MEDIATED, "mediation outcome")),
        of.choice(
            "mediation outcome",
            "mediation",
            of.by_period(_mediated),
            agreed=m.ORDER_TO_ASSESS,
            appeal=m.APPEALED,
            neither="ask again?",
        ),
    )


def _mediated(settings: Settings) -> Sampler:
    disputes = _of(settings)
    kept = float(disputes.support.disputes_kept)

    def appeals(left: float) -> float:
        return float(disputes.appeals.after_mediation) * left

    return Sampler(
        NEITHER,
        (
            Trial("mediation agreed", _stronger(settings, disputes.mediation.agreed), AGREED),
            Trial("appeal after mediation", appeals(1.0), APPEAL, _helped(disputes, kept, appeals)),
        ),
    )


def _appeal(of: Steps) -> Sequence[Step]:
    answer, decision, outcome = "answer to appeal", "appeal decision", "appeal outcome"
    won = of.by_period(_overturned)
    return (
        *plain(Mark(m.APPEALED, answer, clock_days=law.APPEAL_ANSWER.days)),
        of.work(answer, "disputes.appeals.effort", decision, number="appeal"),
        of.wait(decision, "disputes.appeals.wait", outcome, number="appeal"),
        of.choice(outcome, "appeal", won, order=m.ORDER_TO_ASSESS, dismissed="ask again?"),
    )


def _overturned(settings: Settings) -> Sampler:
    """Return 0 for those that are won and 1 for the others: the first way is that of the won."""
    share = _stronger(settings, _of(settings).appeals.overturned)
    return Sampler(1, (Trial("appeal won", share, 0),))


def _stronger(settings: Settings, share: Number) -> float:
    """Return a share of refusals overturned at the share refused now, as ``Margin`` says."""
    margin = _of(settings).margin
    if margin is None:
        return float(share)
    refused = float(settings.decision_to_assess.refused) / float(margin.refused)
    return min(float(share) * math.pow(refused, float(margin.times) - 1), 1.0)


def _asking_again(of: Steps) -> Sequence[Step]:
    which, days = "case asking again", "days to asking again"
    rules: dict[str, Rule] = {
        which: lambda c: c.requests.constant(c.everybody.requests.again),
        days: lambda c: c.requests.wait("asking again", lambda s: _of(s).ask_again_after),
    }
    return (
        of.choice("ask again?", "ask again", _asks_again, no=m.REFUSAL_STANDS, yes="ask again"),
        Step(Start("ask again", which, days, m.REQUEST, m.REFUSAL_STANDS), rules),
    )


def _asks_again(chances: Chances) -> AnyQuantity:
    def sampler(settings: Settings) -> Sampler:
        disputes = _of(settings)
        kept = float(disputes.support.asking_again_kept)

        def asks(left: float) -> Shares:
            share = float(disputes.ask_again) * left * chances.who.may_ask
            return np.asarray(share, dtype=np.float64)

        return Sampler(0, (Trial("ask again", asks(1.0), 1, _helped(disputes, kept, asks)),))

    return chances.requests.by_period(sampler)


def after_no_plan(settings: Settings) -> Sequence[Step]:
    """Return the steps after a decision not to issue a plan."""
    if settings.disputes is None:
        return plain(Mark(m.NO_PLAN_TOLD, m.NO_PLAN))
    ordered = _by_order(m.ORDER_TO_ISSUE, m.AGREED_TO_ISSUE, law.ORDER_TO_ISSUE_PLAN.days)
    if settings.disputes.no_plan_appeals is not None:
        of, what = Steps(settings, kind="disputes"), "no plan"
        return (
            *plain(Mark(m.NO_PLAN_TOLD, f"{what} appealed?")),
            *_other_appeal(of, what, m.NO_PLAN_APPEALED, won=m.ORDER_TO_ISSUE, lost=m.NO_PLAN),
            *plain(ordered),
        )
    of, order, overturned = Steps(settings), "wait for order to issue", "no plan overturned"
    rule = of.share(overturned, "disputes.no_plan_overturned")
    return (
        *plain(Mark(m.NO_PLAN_TOLD, f"{overturned}?")),
        of.choice(f"{overturned}?", overturned, rule, no=m.NO_PLAN, yes=order),
        of.wait(order, "disputes.no_plan_after", m.ORDER_TO_ISSUE, number="order to issue"),
        *plain(ordered),
    )


def _other_appeal(of: Steps, what: str, appealed: str, won: str, lost: str) -> Sequence[Step]:
    """Return an appeal against a decision not to issue or to cease, from the question whether.

    Parameters
    ----------
    of : Steps
        Makes the steps of the cases that come here.
    what : str
        ``no plan`` or ``ceasing``; the settings are in ``disputes.<what>_appeals``.
    appealed : str
        Milestone of the appeal.
    won, lost : str
        Node that follows an appeal that the family wins, and one that it loses or never makes.
    """
    at = f"disputes.{what.replace(' ', '_')}_appeals"
    waited, answer = f"wait for {what} appeal", f"answer to {what} appeal"
    decision, outcome = f"{what} appeal decision", f"{what} appeal outcome"
    some = of.share(f"{what} appealed", f"{at}.share")
    # 0, the first way, is that of the won, as in every appeal.
    dismissed = of.by_period(lambda s: Sampler(1, (Trial(f"{what} appeal won", _won(s, at), 0),)))
    return (
        of.choice(f"{what} appealed?", f"{what} appealed", some, no=lost, yes=waited),
        of.wait(waited, f"{at}.after", appealed, number=f"{what} to appeal"),
        *plain(Mark(appealed, answer, clock_days=law.APPEAL_ANSWER.days)),
        of.work(answer, f"{at}.effort", decision, number=f"{what} appeal"),
        of.wait(decision, f"{at}.wait", outcome, number=f"{what} appeal"),
        of.choice(outcome, f"{what} appeal", dismissed, order=won, dismissed=lost),
    )


def _won(settings: Settings, at: str) -> float:
    share: Number = attrgetter(f"{at}.overturned")(settings)
    return float(share)


def ceasing(of: Steps, kept: str) -> tuple[str, Sequence[Step]]:
    """Return what follows a decision to cease a plan: the first node, and the steps of an appeal.

    The plan stays in place until the appeal is decided (Children and Families Act 2014, section
    45(4)), and where the family wins.

    Parameters
    ----------
    of : Steps
        Makes the steps of reviews.
    kept : str
        Node that follows where the plan is kept.
    """
    disputes = of.settings.disputes
    if disputes is None or disputes.ceasing_appeals is None:
        return m.CEASED_AT_REVIEW, ()
    about = replace(of, kind=ABOUT_PLANS)
    steps = _other_appeal(about, "ceasing", m.CEASING_APPEALED, kept, m.CEASED_AT_REVIEW)
    return steps[0].name, steps


def new_plan_appealed(settings: Settings, then: str) -> Sequence[Step]:
    """Return the choice whether what a new plan says is appealed, less often after a meeting."""

    def sampler(settings: Settings, kept: Kept) -> Sampler:
        share = float(_of(settings).contents.new_plan) * kept(settings, "appeals_kept")
        return Sampler(0, (Trial("new plan appealed", share),))

    return _appealed(Steps(settings), "new plan", then, less_after_a_meeting(sampler))


def plan_appealed(of: Steps, what: str, then: str) -> Sequence[Step]:
    """Return the choice whether what a plan says is appealed, named ``<what> appealed?``.

    Parameters
    ----------
    of : Steps
        Makes the steps of the cases that come here.
    what : str
        ``amended plan`` or ``phase transfer``.
    then : str
        Node that follows where there is no appeal; without disputes there is no choice.
    """
    share = f"disputes.contents.{what.replace(' ', '_')}"
    return _appealed(of, what, then, of.share(f"{what} appealed", share))


def _appealed(of: Steps, what: str, then: str, rule: Rule) -> Sequence[Step]:
    if of.settings.disputes is None:
        return ()
    name = f"{what} appealed?"
    return (of.choice(name, f"{what} appeal", rule, no=then, yes="wait for contents appeal"),)


def first_after(settings: Settings, what: str, then: str) -> str:
    """Return the node that follows a plan: the choice whether it is appealed, or the end."""
    return f"{what} appealed?" if settings.disputes else then


def contents_appeal(settings: Settings) -> Sequence[Step]:
    """Return the steps of an appeal about what a plan says, to its end."""
    if settings.disputes is None:
        return ()
    of, what = Steps(settings, "every", ABOUT_PLANS), "contents appeal"
    waited, answer = f"wait for {what}", f"answer to {what}"
    further = _after_answer(of) if settings.disputes.contents.after_answer else ()
    then = further[0].name if further else m.APPEAL_CLOSED
    return (
        of.wait(waited, "disputes.contents.wait", m.CONTENTS_APPEAL, number=what),
        *plain(Mark(m.CONTENTS_APPEAL, answer, clock_days=law.APPEAL_ANSWER.days)),
        of.work(answer, "disputes.contents.effort", then, number=what),
        *further,
        *plain(End(m.APPEAL_CLOSED, m.APPEAL_CLOSED)),
    )


def _after_answer(of: Steps) -> Sequence[Step]:
    """Return the steps from the evidence to the plan that is amended as ordered."""
    at = "disputes.contents.after_answer"
    assert of.settings.disputes is not None and of.settings.disputes.contents.after_answer
    team = of.settings.disputes.contents.after_answer.team
    evidence, heard, settling = "evidence and bundle", "contents hearing?", "settling the appeal"
    agreed, hearing, attending = "consent order", "wait for the hearing", "hearing"
    without, by_it, placement = "changed by consent", "changed by the Tribunal", "placement ordered"
    amending = "amending as ordered"

    def whether(what: str, setting: str, no: str, yes: str) -> Step:
        return of.choice(f"{what}?", what, of.share(what, f"{at}.{setting}"), no=no, yes=yes)

    def work(name: str, setting: str, then: str) -> Step:
        return of.work(name, f"{at}.{setting}", then, team=team)

    ordered = f"{placement}?"
    closed = m.APPEAL_CLOSED
    return (
        work(evidence, "evidence", heard),
        whether(heard.removesuffix("?"), "hearing", settling, hearing),
        of.wait(settling, f"{at}.settling", agreed),
        work(agreed, "consent", f"{without}?"),
        whether(without, "changed_without_hearing", closed, ordered),
        of.wait(hearing, f"{at}.hearing_wait", attending, number="contents hearing"),
        work(attending, "attending", f"{by_it}?"),
        whether(by_it, "changed_by_hearing", closed, ordered),
        whether(placement, "placement_only", m.CONTENTS_ORDER, m.PLACEMENT_ORDER),
        *plain(
            Mark(m.CONTENTS_ORDER, amending, clock_days=law.ORDER_AMENDED_PLAN.days),
            Mark(m.PLACEMENT_ORDER, amending, clock_days=law.ORDER_PLACEMENT.days),
        ),
        work(amending, "amending", m.ORDERED_PLAN),
        *plain(Mark(m.ORDERED_PLAN, closed)),
    )


def _of(settings: Settings) -> Disputes:
    assert settings.disputes is not None
    return settings.disputes
