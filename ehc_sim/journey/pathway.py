"""The journey of a request through the 20 weeks, as a list of steps.

The words are those of the SEND Regulations 2014 and of Somerset's Improvement Priority 8. A step
says what it is and how its numbers come from a scenario (``steps.py``); people and panels are in
``teams.py``. What happens to a plan once it is issued is in ``plans.py``, what follows a refusal in
``disputes.py``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from ehc_sim.calendars import law
from ehc_sim.journey import milestones as m
from ehc_sim.journey.disputes import after_no_plan, after_refusal
from ehc_sim.journey.meetings import Kept, less_after_a_meeting, meeting
from ehc_sim.journey.plans import entries_of_plans, plan_issued, plans
from ehc_sim.journey.sampling import (
    MINUTES_AN_HOUR,
    by_year,
    minutes_distribution,
    multipliers,
    refusal,
    repeats_distribution,
    turnaround_distribution,
)
from ehc_sim.journey.steps import Chances, Rule, Step, Steps, days_of_some, plain
from ehc_sim.network.distributions import Lognormal, Sampler, Shares, Trial
from ehc_sim.network.nodes import Branch, Decision, End, Fork, Join, Mark, Node, Repeat
from ehc_sim.network.pathway import Pathway
from ehc_sim.network.quantities import AnyQuantity
from ehc_sim.scenario.numbers import Number, fixed
from ehc_sim.scenario.part import Delay, Effort, Wait
from ehc_sim.scenario.schema import AdviceGiver, Settings


def journey(settings: Settings) -> Pathway:
    """Return the pathway of a scenario.

    Parameters
    ----------
    settings : Settings
        Settings that name the teams, the panels and the advice providers.

    Returns
    -------
    Pathway
        From the request to its outcome.
    """
    return pathway_of(journey_steps(settings), settings)


def pathway_of(steps: Sequence[Step], settings: Settings) -> Pathway:
    """Return the pathway of the steps of ``journey_steps``."""
    nodes = tuple(step.node for step in steps)
    return _checked(nodes, (m.REQUEST, *entries_of_plans(settings)))


@lru_cache(maxsize=64)
def _checked(nodes: tuple[Node, ...], entries: tuple[str, ...]) -> Pathway:
    """Return a pathway; the replications of a scenario share one, which is checked once."""
    return Pathway(nodes, entries)


def journey_steps(settings: Settings) -> list[Step]:
    """Return the steps of the journey of a scenario, in order.

    Parameters
    ----------
    settings : Settings
        Settings that name the teams, the panels and the providers. The numbers of a step follow
        the settings of each period of a run.
    """
    of = Steps(settings)
    ends = (m.ISSUED, m.REFUSAL_STANDS, m.NO_PLAN, m.WITHDRAWN)
    return [
        *_request_to_decision(of),
        *after_refusal(settings),
        *_before_advice(of),
        *_advice(of),
        *_decision_to_draft(of),
        *_draft_to_final(of),
        *plan_issued(settings),
        *plans(settings),
        *plain(*(End(outcome, outcome) for outcome in ends)),
    ]


def _request_to_decision(of: Steps) -> Sequence[Step]:
    panel, missing = "panel to assess", "missing evidence"
    decided = Decision(panel, of.settings.decision_to_assess.panel, m.DECISION_TO_ASSESS)
    ways = {"yes": m.AGREED, "no": m.REFUSED, "withdrawn": m.WITHDRAWN}
    return (
        *plain(Mark(m.REQUEST, "registration", due_days=law.ASSESS_DECISION.days)),
        of.work("registration", "requests.registration", "evidence"),
        of.wait("evidence", "requests.evidence", panel, waited_for=missing),
        *plain(decided, Mark(m.DECISION_TO_ASSESS, "assess?")),
        of.choice("assess?", "assess", _assessed, **ways),
        *plain(Mark(m.AGREED, "personal circumstances", due_days=law.PLAN.days)),
    )


def _assessed(chances: Chances) -> AnyQuantity:
    who = chances.who

    def sampler(settings: Settings) -> Sampler:
        decision = settings.decision_to_assess
        refused = refusal(decision, settings.requests)[who.source, who.age]
        withdrawn = Trial("withdrawn", float(decision.withdrawn), 2)
        return Sampler(0, (withdrawn, Trial("refused", refused)))

    return chances.requests.by_period(sampler)


def _before_advice(of: Steps) -> Sequence[Step]:
    away = "away from the area"
    return (
        of.delay("personal circumstances", "exceptions.personal_circumstances", away),
        of.delay(away, "exceptions.away_from_area", "advice"),
    )


def _advice(of: Steps) -> Sequence[Step]:
    branches = []
    rules: dict[str, Rule] = {}
    for name, giver in of.settings.advice.items():
        needed, awaited = f"{name}: needed", f"{name}: awaited"
        branches.append(Branch(giver.label, m.asked(name), needed, awaited))
        rules |= {needed: _needed(name), awaited: of.share(awaited, _share(name, "awaited"))}
    return (
        Step(Fork("advice", tuple(branches), m.ASSESSMENT_COMPLETE), rules),
        *(step for name in of.settings.advice for step in _advice_of(of, name)),
        *plain(Join(m.ASSESSMENT_COMPLETE, "panel to issue")),
    )


def _advice_of(of: Steps, name: str) -> Sequence[Step]:
    recent, appointment = (f"{name}: {what}" for what in ("recent", "appointment"))
    advice = advice_step(name)
    assisted, by_assistants = f"{name}: assistants", of.settings.advice[name].assistant_team
    reused = of.share(recent, _share(name, "existing"))
    asked, missed = f"{recent} advice?", missed_appointment(name)

    def seen(settings: Settings) -> Wait | None:
        return settings.advice[name].appointment if name in settings.advice else None

    def not_seen(settings: Settings) -> Delay | None:
        return None if seen(settings) is None else settings.exceptions.missed_appointment

    nil = of.settings.advice[name].nil_returns is not None
    new = f"{name}: anything to add?" if nil else appointment
    return (
        *plain(Mark(m.asked(name), asked)),
        of.choice(asked, recent, reused, no=new, reused=m.advice_in(name)),
        *(_nil_returns(of, name, new, appointment) if nil else ()),
        of.wait(appointment, seen, missed),
        of.delay(missed, not_seen, assisted if by_assistants else advice),
        *([_assisted(of, name, assisted, advice)] if by_assistants else []),
        *_given(of, name, advice),
        *plain(Mark(m.advice_in(name), m.ASSESSMENT_COMPLETE)),
    )


def _nil_returns(of: Steps, name: str, asked: str, otherwise: str) -> Sequence[Step]:
    """Return the steps of a provider of whose answers a share is that nothing is to be added.

    Medical advice is sought every time (regulation 6(1)(c)), and a coordinator of health's advice
    may have none to give.
    """

    def nil(settings: Settings) -> Delay | None:
        return None if (one := settings.advice.get(name)) is None else one.nil_returns

    def share(settings: Settings) -> float:
        return 0.0 if (one := nil(settings)) is None else float(one.share)

    def wait(settings: Settings) -> Wait | None:
        return None if (one := nil(settings)) is None else one.wait

    answer = nil_return_step(name)
    return (
        of.choice(asked, answer, of.share(answer, share), something=otherwise, nothing=answer),
        of.wait(answer, wait, m.advice_in(name)),
    )


def _given(of: Steps, name: str, step: str) -> Sequence[Step]:
    """Return how an advice provider gives advice: by the work of a team, or after a turnaround.

    What an agency of the team wrote is checked by the team's own posts.
    """

    def giver(settings: Settings) -> AdviceGiver | None:
        return settings.advice.get(name)

    def effort(settings: Settings) -> Effort | None:
        return None if (one := giver(settings)) is None else one.effort

    def turnaround(settings: Settings) -> Wait | None:
        return None if (one := giver(settings)) is None else one.turnaround

    def checking(settings: Settings) -> Number | None:
        return None if (one := giver(settings)) is None else one.agency_check_hours

    given_by, then = of.settings.advice[name].team, m.advice_in(name)
    if given_by is not None:
        hours = of.by_period(lambda s: _hours_of_advice(giver(s), step, assistants=False))
        check = agency_check_step(name)
        return (
            of.work(step, effort, then, team=given_by, rule=hours, by_agency=check),
            of.work(check, checking, then, team=given_by, own_posts=True),
        )
    days = of.by_period(lambda s: Sampler(turnaround_distribution(f"{step} days", giver(s))))
    return (of.wait(step, turnaround, then, rule=days),)


def nil_return_step(giver: str) -> str:
    """Return the name of the step in which it is found that a provider has nothing to add."""
    return f"{giver}: nil return"


def advice_step(giver: str) -> str:
    """Return the name of the step in which an advice provider gives advice that is not reused."""
    return f"{giver}: advice"


def agency_check_step(giver: str) -> str:
    """Return the name of the step in which a team checks what its agency gave as advice."""
    return f"{giver}: check of agency advice"


def _assisted(of: Steps, name: str, step: str, then: str) -> Step:
    """Return the work of assistants or trainees on advice, before the team that signs it."""

    def effort(settings: Settings) -> Effort | None:
        giver = settings.advice.get(name)
        return None if giver is None else giver.effort

    hours = of.by_period(lambda s: _hours_of_advice(s.advice.get(name), then, assistants=True))
    team = of.settings.advice[name].assistant_team
    assert team is not None
    return of.work(step, effort, then, team=team, rule=hours)


def _hours_of_advice(giver: AdviceGiver | None, step: str, *, assistants: bool) -> Sampler:
    """Return the minutes of advice that assistants work, or those of the team that gives it.

    Both are parts of the same hours of a case; the team's grow by those to sign what assistants
    did.
    """
    if giver is None or giver.effort is None:
        return Sampler(0)
    whole, share = minutes_distribution(f"{step} hours", giver.effort), float(giver.assistant_share)
    if assistants:
        return Sampler(replace(whole, of_whole=share))
    if share == 0:
        return Sampler(whole)
    sign_off = float(giver.sign_off_hours) * MINUTES_AN_HOUR
    return Sampler(replace(whole, kept=1 - share, at_least=sign_off))


def missed_appointment(giver: str) -> str:
    """Return the name of the wait for another appointment with an advice provider."""
    return f"{giver}: missed appointment"


def _share(giver: str, part: str) -> Callable[[Settings], float]:
    return lambda s: float(getattr(s.advice[giver], part)) if giver in s.advice else 0.0


def _needed(name: str) -> Rule:
    def rule(chances: Chances) -> AnyQuantity:
        who = chances.who

        def needed(settings: Settings) -> Shares:
            giver = settings.advice.get(name)
            if giver is None:
                return 0.0
            by_need = multipliers(giver.by_need, list(settings.requests.needs))[who.need]
            by_age = by_year(giver.by_age)[who.age]
            return np.asarray(np.minimum(float(giver.needed) * by_need * by_age, 1.0))

        return chances.requests.chosen(f"{name}: needed", needed)

    return rule


def _decision_to_draft(of: Steps) -> Sequence[Step]:
    check, again, times = "quality check", "drafting again", "times sent back"
    panel, effort = of.settings.decision_to_issue.panel, "drafting.effort"
    no_plan = of.share("no plan", "decision_to_issue.no_plan")
    first = less_after_a_meeting(lambda s, kept: Sampler(_draft(s, kept)))
    second = less_after_a_meeting(_draft_again)
    return (
        *plain(Decision("panel to issue", panel, "issue?")),
        of.choice("issue?", "issue", no_plan, yes=m.AGREED_TO_ISSUE, no=m.NO_PLAN_TOLD),
        *after_no_plan(of.settings),
        *meeting(of.settings),
        of.work("drafting", effort, check, rule=first),
        of.work(check, "drafting.check", "sent back?"),
        Step(
            Repeat("sent back?", times, again, m.DRAFT_PLAN, "sent back"),
            {times: less_after_a_meeting(_sent_back)},
        ),
        of.work(again, _effort_again, check, team=of.settings.drafting.team, rule=second),
    )


def _draft(settings: Settings, kept: Kept) -> Lognormal:
    return minutes_distribution(
        "drafting hours", settings.drafting.effort, kept(settings, "drafting_kept")
    )


def _sent_back(settings: Settings, kept: Kept) -> Sampler:
    chance = float(settings.drafting.rework) * kept(settings, "rework_kept")
    return Sampler(repeats_distribution("times sent back", chance))


def _draft_again(settings: Settings, kept: Kept) -> Sampler:
    return Sampler(replace(_draft(settings, kept), of_whole=float(settings.drafting.rework_effort)))


def _effort_again(settings: Settings) -> Effort:
    first, share = settings.drafting.effort, float(settings.drafting.rework_effort)
    hours = fixed(max(float(first.mean_hours) * share, 1 / 60))
    return Effort(mean_hours=hours, spread=first.spread)


def _draft_to_final(of: Steps) -> Sequence[Step]:
    family, consultation = "family's 15 days", "consultation"
    settled, rounds, place = "settled?", "further rounds", "placement"
    school, naming, said = "draft_to_final.naming_a_school", "naming a school", "family"
    return (
        *plain(Mark(m.DRAFT_PLAN, family)),
        of.fixed_days(family, _last_day, naming, number=said, waited_for=said),
        of.wait(naming, school, consultation, waited_for=said),
        of.wait(consultation, "draft_to_final.consultation", settled, waited_for="settings"),
        Step(
            Repeat(settled, rounds, consultation, place, "another round"),
            {rounds: less_after_a_meeting(_another_round)},
        ),
        of.wait(place, "draft_to_final.placement_wait", "finalising", rule=_placement),
        of.work("finalising", "draft_to_final.effort", "signing"),
        of.work("signing", "draft_to_final.sign", m.FINAL_PLAN),
    )


def _last_day(settings: Settings) -> float:
    """Return the days from the service of a draft to the last day that the family has.

    The 15 days of regulation 13(1) begin with the day on which the draft is served: the last is 14
    days after it. Settings can be consulted on that day.
    """
    return float(settings.draft_to_final.family_days) - 1


def _another_round(settings: Settings, kept: Kept) -> Sampler:
    chance = float(settings.draft_to_final.another_round) * kept(settings, "rounds_kept")
    return Sampler(repeats_distribution("further rounds", chance))


def _placement(chances: Chances) -> AnyQuantity:
    who = chances.who

    def sampler(settings: Settings, kept: Kept) -> Sampler:
        final = settings.draft_to_final
        share = float(final.placement) * by_year(final.placement_by_age)[who.age]
        share = np.minimum(share, 1.0) * kept(settings, "placement_kept")
        return days_of_some("placement", share, final.placement_wait)

    return less_after_a_meeting(sampler)(chances)
