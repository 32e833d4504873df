"""The numbers of every request of the journey, from a scenario and the keyed random numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ehc_sim.calendars import ADVICE_DAYS, Timeline
from ehc_sim.pathway.journey import AWAY_FROM_AREA, PERSONAL_CIRCUMSTANCES
from ehc_sim.pathway.journey_meetings import Kept, after_a_meeting, as_usual, meeting_quantities
from ehc_sim.pathway.keyed import Keyed
from ehc_sim.pathway.laws import Chance, Law, Lognormal
from ehc_sim.pathway.profiles import Profiles
from ehc_sim.pathway.quantities import Sampled
from ehc_sim.pathway.sampling import (
    Floats,
    by_year,
    days_law,
    minutes_law,
    multipliers,
    refusal,
    repeats_law,
)
from ehc_sim.scenario.part import Delay, Wait
from ehc_sim.scenario.schema import AdviceGiver, Settings

Quantities = dict[str, Sampled]

SIX_WEEKS: dict[str, int] = {"calendar": ADVICE_DAYS, "working": 30, "school": 30}
"""Six weeks in each kind of day; beyond them advice is late and may be chased."""


class JourneyDraw:
    """What chance decides for the requests of one replication, from the request to the final plan.

    Parameters
    ----------
    keyed : Keyed
        Makes the quantities of the requests.
    profiles : Profiles
        Profiles that requests may have.
    timeline : Timeline
        Calendar of the run.
    """

    def __init__(self, keyed: Keyed, profiles: Profiles, timeline: Timeline) -> None:
        self._keyed = keyed
        self._who = profiles
        self._timeline = timeline
        self._settings = keyed.settings

    def quantities(self) -> Quantities:
        """Return every quantity of the journey's requests, but those of disputes and plans."""
        k = self._keyed
        quantities = {
            "registration minutes": k.effort("registration", lambda s: s.requests.registration),
            "evidence days": k.wait("evidence", lambda s: s.requests.evidence),
            **self._decisions(),
            **self._exceptions(),
            **self._drafting(),
            **self._draft_to_final(),
        }
        for name in dict.fromkeys(n for s in self._settings for n in s.advice):
            quantities |= self._advice(name)
        if self._settings[0].meetings is not None:
            quantities |= meeting_quantities(self._keyed, self._timeline)
        return quantities

    def _decisions(self) -> Quantities:
        def assess(settings: Settings) -> Law:
            decision = settings.decision_to_assess
            refused = refusal(decision, settings.requests)[self._who.source, self._who.age]
            withdrawn = Chance("withdrawn", float(decision.withdrawn), 2)
            return Law(0, (withdrawn, Chance("refused", refused)))

        return {
            "assess option": self._keyed.by_period(assess),
            "issue option": self._keyed.chosen(
                "no plan", lambda s: float(s.decision_to_issue.no_plan)
            ),
        }

    def _exceptions(self) -> Quantities:
        return {
            f"{PERSONAL_CIRCUMSTANCES} days": self._delay(
                PERSONAL_CIRCUMSTANCES, lambda s: s.exceptions.personal_circumstances
            ),
            f"{AWAY_FROM_AREA} days": self._delay(
                AWAY_FROM_AREA, lambda s: s.exceptions.away_from_area
            ),
        }

    def _delay(self, name: str, of: Callable[[Settings], Delay | None]) -> Sampled:
        """Return the days of a delay that a share of the cases meets, 0 for the others."""

        def law(settings: Settings) -> Law:
            delay = of(settings)
            if delay is None:
                return Law(0)
            return _days_of_some(name, float(delay.share), delay.wait)

        return self._keyed.by_period(law)

    def _drafting(self) -> Quantities:
        k = self._keyed

        def drafting(settings: Settings, kept: Kept) -> Lognormal:
            effort = settings.drafting.effort
            return minutes_law("drafting hours", effort, kept(settings, "drafting_kept"))

        def again(settings: Settings, kept: Kept) -> Law:
            share = float(settings.drafting.rework_effort)
            return Law(replace(drafting(settings, kept), of_whole=share))

        def times(settings: Settings, kept: Kept) -> Law:
            chance = float(settings.drafting.rework) * kept(settings, "rework_kept")
            return Law(repeats_law("times sent back", chance))

        return {
            "drafting minutes": self._with_meetings(lambda s, kept: Law(drafting(s, kept))),
            "drafting again minutes": self._with_meetings(again),
            "quality check minutes": k.effort("quality check", lambda s: s.drafting.check),
            "times sent back": self._with_meetings(times),
        }

    def _draft_to_final(self) -> Quantities:
        k = self._keyed

        def rounds(settings: Settings, kept: Kept) -> Law:
            chance = float(settings.draft_to_final.another_round) * kept(settings, "rounds_kept")
            return Law(repeats_law("further rounds", chance))

        def placement(settings: Settings, kept: Kept) -> Law:
            final = settings.draft_to_final
            share = float(final.placement) * by_year(final.placement_by_age)[self._who.age]
            share = np.minimum(share, 1.0) * kept(settings, "placement_kept")
            return _days_of_some("placement", share, final.placement_wait)

        return {
            "family days": k.same(lambda s: float(s.draft_to_final.family_days)),
            "consultation days": k.wait("consultation", lambda s: s.draft_to_final.consultation),
            "further rounds": self._with_meetings(rounds),
            "placement days": self._with_meetings(placement),
            "finalising minutes": k.effort("finalising", lambda s: s.draft_to_final.effort),
            "signing minutes": k.effort("signing", lambda s: s.draft_to_final.sign),
        }

    def _with_meetings(self, law: Callable[[Settings, Kept], Law]) -> Sampled:
        """Return a quantity, with the values of cases that had a meeting where there are any."""
        usual = self._keyed.by_period(lambda s: law(s, as_usual))
        if self._settings[0].meetings is None:
            return usual
        return replace(usual, variant=self._keyed.by_period(lambda s: law(s, after_a_meeting)))

    def _advice(self, name: str) -> Quantities:
        k = self._keyed

        def needed(settings: Settings) -> Floats | float:
            giver = settings.advice.get(name)
            if giver is None:
                return 0.0
            by_need = multipliers(giver.by_need, list(settings.requests.needs))[self._who.need]
            by_age = by_year(giver.by_age)[self._who.age]
            return np.asarray(np.minimum(float(giver.needed) * by_need * by_age, 1.0))

        def share(part: str) -> Callable[[Settings], float]:
            return lambda s: float(getattr(s.advice[name], part)) if name in s.advice else 0.0

        def appointment(settings: Settings) -> Wait | None:
            return settings.advice[name].appointment if name in settings.advice else None

        def minutes(settings: Settings) -> Law:
            effort = settings.advice[name].effort if name in settings.advice else None
            return Law(0 if effort is None else minutes_law(f"{name}: advice hours", effort))

        def missed(settings: Settings) -> Delay | None:
            there = appointment(settings) is not None
            return settings.exceptions.missed_appointment if there else None

        quantities = {
            f"{name}: needed": k.chosen(f"{name}: needed", needed),
            f"{name}: awaited": k.chosen(f"{name}: awaited", share("awaited")),
            f"{name}: recent option": k.chosen(f"{name}: recent", share("existing")),
            f"{name}: appointment days": k.wait(f"{name}: appointment", appointment),
            f"{name}: missed appointment days": self._delay(f"{name}: missed appointment", missed),
        }
        giver = next(s.advice[name] for s in self._settings if name in s.advice)
        if giver.team is not None:
            quantities[f"{name}: minutes"] = k.by_period(minutes)
        else:
            quantities[f"{name}: days"] = k.by_period(
                lambda s: Law(_turnaround(f"{name}: advice days", s.advice.get(name)))
            )
        return quantities


def _days_of_some(name: str, share: Floats | float, wait: Wait) -> Law:
    """Return the days of a wait that a share of the cases has; 0 for the others."""
    days = days_law(f"{name} days", wait)
    if isinstance(days, int):
        return Law(0, (Chance(name, share, days),))
    return Law(0, (Chance(name, share, None),), days)


def _turnaround(stream: str, giver: AdviceGiver | None) -> int | Lognormal:
    """Return the distribution of a turnaround's days: of those beyond six weeks a share remains."""
    if giver is None or giver.turnaround is None:
        return 0
    days = days_law(stream, giver.turnaround)
    if isinstance(days, int):
        return days
    in_time, kept = SIX_WEEKS[giver.turnaround.counted_in], float(giver.late_days_kept)
    return replace(days, in_time=in_time, late_kept=kept)


def agency_quantities(every: Keyed) -> Quantities:
    """Return the turnaround of the agencies of teams, for cases of every kind."""
    names = dict.fromkeys(name for s in every.settings for name in s.teams)

    def turnaround(name: str) -> Callable[[Settings], Wait | None]:
        def of(settings: Settings) -> Wait | None:
            agency = settings.teams[name].agency if name in settings.teams else None
            return agency.turnaround if agency else None

        return of

    return {
        f"{name}: agency days": every.wait(f"{name}: agency", turnaround(name))
        for name in names
        if any((team := s.teams.get(name)) and team.agency for s in every.settings)
    }
