"""What happens to a plan once it is in place: annual reviews and phase transfers.

Children and Families Act 2014, section 44; SEND Regulations 2014, regulations 18 to 22. Each review
and each transfer is a case of its own: a plan's first review is started when the plan is issued,
the next one when a review has met. That one is due whether or not the council has decided on this
one: a late decision takes no review away.

A transfer is the review of its school year (regulation 18: "review and amend"): no other is held
from 1 September on, and its meeting starts the next one.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, law
from ehc_sim.journey import milestones as m
from ehc_sim.journey.disputes import (
    ceasing,
    contents_appeal,
    first_after,
    new_plan_appealed,
    plan_appealed,
)
from ehc_sim.journey.moving_in import taken_on
from ehc_sim.journey.reassessments import reassessment
from ehc_sim.journey.requests import DAYS_A_YEAR
from ehc_sim.journey.reviews import days_to_early_review, days_to_review
from ehc_sim.journey.sampling import OLDEST, Ints, by_year
from ehc_sim.journey.school_years import minute_of_date
from ehc_sim.journey.steps import Chances, Step, Steps, days_of_some, plain
from ehc_sim.network.distributions import Sampler, Shares, Trial, Uniform
from ehc_sim.network.nodes import Before, Choice, Decision, End, InPlace, Mark, Start
from ehc_sim.network.quantities import AnyQuantity, Quantity
from ehc_sim.scenario.numbers import Number, fixed
from ehc_sim.scenario.part import Wait
from ehc_sim.scenario.plans import Reviews
from ehc_sim.scenario.schema import Settings

REVIEWS, TRANSFERS = "annual reviews", "phase transfers"

_FIRST, _NEXT = "case of first review", "case of next review"
_TRANSFER_YEAR = "minute transfer takes its place"
_PLAN_ENDS = "minute plan ends"


def entries_of_plans(settings: Settings) -> tuple[str, ...]:
    """Return the nodes at which plans in hand, reviews and transfers arrive."""
    if settings.plans is None:
        return ()
    return (m.PLAN_IN_HAND, m.REVIEW_ARRANGED, m.TRANSFER_BEGUN, m.BROUGHT_FORWARD)


def plan_issued(settings: Settings) -> Sequence[Step]:
    """Return the steps from the final plan on."""
    after = first_after(settings, "new plan", m.ISSUED)
    first = _review_later(settings, m.FIRST_REVIEW, after, _FIRST) if settings.plans else ()
    then = first[0].name if first else after
    return (
        *plain(Mark(m.FINAL_PLAN, then, opens_plan=True)),
        *first,
        *new_plan_appealed(settings, m.ISSUED),
        *contents_appeal(settings),
    )


def plans(settings: Settings) -> Sequence[Step]:
    """Return the steps of plans in hand, reviews and transfers; none without a stock of plans."""
    if settings.plans is None:
        return ()
    in_hand, days, early = m.REVIEW_IN_HAND, "days to review in hand", "review in hand early option"
    then, taking_on = taken_on(settings)
    ends = (m.KEPT, m.REVIEWED, m.NO_REVIEW, m.TRANSFER_INSTEAD, m.TRANSFERRED, m.NO_TRANSFER)
    return (
        *plain(Mark(m.PLAN_IN_HAND, f"{in_hand} early?", opens_plan=True)),
        Step(
            Choice(
                f"{in_hand} early?",
                early,
                (("no", in_hand), ("yes", m.brought_forward(in_hand))),
            ),
            {early: _is_early_in_hand},
        ),
        *(
            Step(
                Start(name, _FIRST, days, entry, then),
                {_FIRST: _first_review, days: _days_to_review_in_hand},
            )
            for name, entry in (
                (in_hand, m.REVIEW_ARRANGED),
                (m.brought_forward(in_hand), m.BROUGHT_FORWARD),
            )
        ),
        *taking_on,
        *_review(Steps(settings, "reviews", REVIEWS)),
        *_amendment(Steps(settings, "reviews", REVIEWS), settings.plans.reviews.panel),
        *_transfer(Steps(settings, "transfers", TRANSFERS)),
        *plain(*(End(name, name) for name in ends)),
    )


def _review_later(settings: Settings, name: str, then: str, case: str = _NEXT) -> Sequence[Step]:
    """Return the steps that start the next review: sooner for a child under five, and for some."""
    under_five, birthday = f"{name} under five", "minute of fifth birthday"
    rule = _first_review if case == _FIRST else _next_review
    of = Steps(settings, "every")
    early = of.share("review brought forward", "plans.reviews.brought_forward")

    def start(name: str, days: str, every: Callable[[Reviews], Number]) -> Sequence[Step]:
        def days_to_early(settings: Settings) -> Sampler:
            low, high = days_to_early_review(_reviews(settings), every(_reviews(settings)))
            return Sampler(Uniform("days to early review", low, high))

        def days_from_now(settings: Settings) -> float:
            return days_to_review(_reviews(settings), every(_reviews(settings)))

        sooner = m.brought_forward(name)
        return (
            of.choice(f"{name} early?", "brought forward", early, no=name, yes=sooner),
            Step(
                Start(name, case, days, m.REVIEW_ARRANGED, then),
                {case: rule, days: lambda c: c.every.same(days_from_now)},
            ),
            Step(
                Start(sooner, case, f"{days}, early", m.BROUGHT_FORWARD, then),
                {case: rule, f"{days}, early": of.by_period(days_to_early)},
            ),
        )

    return (
        Step(
            Before(f"{name}?", birthday, f"{under_five} early?", f"{name} early?"),
            {birthday: _fifth_birthday},
        ),
        *start(under_five, "days to review under five", lambda r: r.every_days_under_five),
        *start(name, "days to review", lambda r: r.every_days),
    )


def _first_review(chances: Chances) -> AnyQuantity:
    return Quantity.by_period(*chances.everybody.first_reviews(chances.timeline))


def _next_review(chances: Chances) -> AnyQuantity:
    return chances.both.constant(chances.everybody.next_reviews())


def _transfer_year(chances: Chances) -> AnyQuantity:
    return chances.reviews.constant(chances.service.reviews.transfer_year)


def _days_to_review_in_hand(chances: Chances) -> AnyQuantity:
    first, plans = chances.everybody.firsts[1], chances.service.plans
    return Quantity.constant(plans.days_to_review - plans.days_brought_forward, first)


def _is_early_in_hand(chances: Chances) -> AnyQuantity:
    first, plans = chances.everybody.firsts[1], chances.service.plans
    return Quantity.constant((plans.days_brought_forward > 0).astype(np.int64), first)


def _fifth_birthday(chances: Chances) -> AnyQuantity:
    everybody = chances.everybody
    fifth = everybody.attributes.birth + round(5 * DAYS_A_YEAR) * MINUTES_A_DAY
    return chances.every.constant(np.maximum(fifth, 0)[everybody.holder])


def _if_in_place(name: str, then: str, otherwise: str) -> Step:
    """Return two ways on: while the plan that a case is about is in place, and else."""
    ends = {_PLAN_ENDS: lambda c: Quantity.constant(c.service.ends)}
    return Step(InPlace(name, _PLAN_ENDS, then, otherwise), ends)


def _review(of: Steps) -> Sequence[Step]:
    in_place, met, report = "plan in place at review?", "review meeting", "report of the school"
    decision, put_off = "review decision", "review put off"
    ceased = of.share("ceased at review", "plans.reviews.ceased")
    to_cease, appeal = ceasing(of, kept=m.REVIEWED)
    signing, checks = "signing of review decision", _reviews(of.settings).check_team
    kept, anew = reassessment(of.settings, otherwise="amended?", then=m.REVIEWED)
    arranged, held = "review before a transfer year?", "meeting before a transfer year?"
    return (
        *plain(Mark(m.REVIEW_ARRANGED, put_off), Mark(m.BROUGHT_FORWARD, in_place)),
        of.delay(put_off, "plans.reviews.put_off", in_place, rule=_put_off),
        _if_in_place(in_place, arranged, m.NO_REVIEW),
        _before_transfer_year(arranged, met),
        of.wait(met, "plans.reviews.meeting", held),
        _before_transfer_year(held, m.REVIEW_MEETING),
        *plain(Mark(m.REVIEW_MEETING, "next review?", clock_days=law.REVIEW_DECISION.days)),
        *_review_later(of.settings, m.NEXT_REVIEW, report),
        of.wait(report, "plans.reviews.report", decision),
        of.work(decision, "plans.reviews.effort", signing, number="review"),
        of.work(signing, "plans.reviews.sign_off_hours", "ceased?", team=checks),
        of.choice("ceased?", "ceased", ceased, no=kept, yes=m.CEASING_TOLD),
        *anew,
        *plain(Mark(m.CEASING_TOLD, to_cease)),
        *appeal,
        *plain(Mark(m.CEASED_AT_REVIEW, m.REVIEWED, closes_plan=True)),
        of.choice("amended?", "amended", _amended, no=m.MAINTAINED, yes="to the panel?"),
        *plain(Mark(m.MAINTAINED, m.REVIEWED)),
    )


def _before_transfer_year(name: str, then: str) -> Step:
    """Return the way on of a review, unless the transfer of the school year takes its place."""
    node = Before(name, _TRANSFER_YEAR, then, m.TRANSFER_INSTEAD)
    return Step(node, {_TRANSFER_YEAR: _transfer_year})


def _amended(chances: Chances) -> AnyQuantity:
    """Return 1 for the plans that are amended: of all reviews it is the setting's share."""

    def sampler(settings: Settings, age: Ints) -> Sampler:
        reviews = _reviews(settings)
        kept = 1 - float(reviews.ceased)
        share = _of_ages(float(reviews.amended), reviews.amended_by_age, age)
        of_kept = np.minimum(np.minimum(share, kept) / max(kept, 1e-9), 1.0)
        return Sampler(0, (Trial("amended", of_kept if of_kept.ndim else float(of_kept)),))

    return _by_age(chances, sampler)


def _put_off(chances: Chances) -> AnyQuantity:
    """Return the days by which some reviews are put off; a plan may end in the meantime."""

    def sampler(settings: Settings, age: Ints) -> Sampler:
        reviews = _reviews(settings)
        if reviews.put_off is None:
            return Sampler(0)
        share = _of_ages(float(reviews.put_off.share), reviews.put_off_by_age, age)
        return days_of_some("review put off", share, reviews.put_off.wait)

    return _by_age(chances, sampler)


def _by_age(chances: Chances, sampler: Callable[[Settings, Ints], Sampler]) -> AnyQuantity:
    """Return a quantity of reviews whose law follows from the settings and the age.

    ``sampler`` gives it for the age of each profile, in years on 31 August of the calendar year.
    """
    timeline, born = chances.timeline, chances.everybody.born(chances.timeline)
    profiles = np.arange(born.min(), born.max() + 1) if len(born) else born
    years = np.arange(timeline.first_day.year, timeline.last_day.year + 1)
    firsts = np.maximum(minute_of_date(timeline, years, 1, 1), 0).tolist()

    def of_year(settings: Settings, year: int) -> Sampler:
        return sampler(settings, np.clip(years[year] - profiles, 0, OLDEST))

    return chances.reviews.by_year(firsts, of_year)


def _of_ages(share: float, times: Mapping[str, Number], age: Ints) -> Shares:
    """Return a share for each age, at most 1; one for all where no age has another."""
    return np.minimum(share * by_year(times)[age], 1.0) if times else share


def _amendment(of: Steps, panel: str) -> Sequence[Step]:
    """Return the steps of an amendment; its notice, sent with the proposed text, is the decision.

    Regulation 22(2)(a); R (L, M and P) v Devon County Council [2022] EWHC 493 (Admin).
    """
    sits, check = "panel for amendments", "check of amendment"
    what, family = "amended plan", "family's 15 days on the amendment"
    to_panel = of.share("to the panel", "plans.reviews.to_panel")
    return (
        of.choice("to the panel?", "to the panel", to_panel, no="amending", yes=sits),
        *plain(Decision(sits, panel, "amending")),
        of.work("amending", "plans.reviews.amending", check),
        of.work(check, "plans.reviews.check", m.AMENDMENT_NOTICE, number="amendment check"),
        *plain(Mark(m.AMENDMENT_NOTICE, family, due_days=law.AMENDED_PLAN.days)),
        of.fixed_days(
            family, "plans.reviews.family_days", m.AMENDED_PLAN, number="amendment family"
        ),
        *plain(Mark(m.AMENDED_PLAN, first_after(of.settings, what, m.REVIEWED))),
        *plan_appealed(of, what, m.REVIEWED),
    )


def _transfer(of: Steps) -> Sequence[Step]:
    """Return the steps of a transfer, from 1 September of the school year before the move.

    Its notice is the decision after the review, as that of any amendment.
    """
    in_place, still, clock = "plan in place at transfer?", "plan still in place?", "transfer days"
    autumn = "autumn before the move"
    report, work, consultation = "report for the transfer", "transfer work", "transfer consultation"
    late, check, what = "place found late", "check of transfer", "phase transfer"
    signing, checks = "signing of transfer decision", _reviews(of.settings).check_team
    return (
        *plain(Mark(m.TRANSFER_BEGUN, in_place)),
        _if_in_place(in_place, autumn, m.NO_TRANSFER),
        of.wait(autumn, _autumn, still, number="transfer review", rule=_days_to_transfer_review),
        _if_in_place(still, m.TRANSFER_MEETING, m.NO_TRANSFER),
        *plain(
            Mark(
                m.TRANSFER_MEETING, "review after a transfer?", clock_days=law.REVIEW_DECISION.days
            )
        ),
        *_review_later(of.settings, m.REVIEW_AFTER_TRANSFER, report),
        of.wait(report, "plans.reviews.report", work),
        of.work(work, "plans.phase_transfers.effort", signing, number="transfer"),
        of.work(signing, "plans.reviews.sign_off_hours", m.TRANSFER_NOTICE, team=checks),
        Step(Mark(m.TRANSFER_NOTICE, consultation, due_days=clock), {clock: _transfer_days}),
        of.wait(consultation, "plans.phase_transfers.consultation", late),
        of.delay(late, "plans.phase_transfers.late", check),
        of.work(check, "plans.phase_transfers.check", m.TRANSFER_PLAN, number="transfer check"),
        *plain(Mark(m.TRANSFER_PLAN, first_after(of.settings, what, m.TRANSFERRED))),
        *plan_appealed(of, what, m.TRANSFERRED),
    )


def _autumn(settings: Settings) -> Wait:
    """Return how the days to the review of a transfer are counted; each has its own number."""
    return Wait(mean_days=fixed(0), counted_in="school")


def _days_to_transfer_review(chances: Chances) -> AnyQuantity:
    return chances.transfers.constant(chances.service.transfers.school_days)


def _transfer_days(chances: Chances) -> AnyQuantity:
    """Return the days from the review meeting of each transfer to the day on which it is due."""
    transfers = chances.service.transfers
    return chances.transfers.constant(np.maximum(transfers.due // MINUTES_A_DAY - transfers.met, 0))


def _reviews(settings: Settings) -> Reviews:
    assert settings.plans is not None
    return settings.plans.reviews
