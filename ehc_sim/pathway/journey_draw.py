"""The numbers of every request of the journey, from a scenario and the keyed random numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ehc_sim.calendars import ADVICE_DAYS, Timeline
from ehc_sim.pathway.journey import AWAY_FROM_AREA, PERSONAL_CIRCUMSTANCES
from ehc_sim.pathway.journey_meetings import Kept, after_a_meeting, as_usual, meeting_quantities
from ehc_sim.pathway.journey_requests import RequestCases
from ehc_sim.pathway.keyed import Keyed
from ehc_sim.pathway.quantities import Quantity
from ehc_sim.pathway.sampling import (
    Floats,
    Ints,
    by_year,
    days_of,
    minutes_of,
    multipliers,
    refusal,
    times_repeated,
)
from ehc_sim.scenario.part import Delay, Effort, Wait
from ehc_sim.scenario.schema import AdviceGiver, Settings

Quantities = dict[str, Quantity]

SIX_WEEKS: dict[str, int] = {"calendar": ADVICE_DAYS, "working": 30, "school": 30}
"""Six weeks in each kind of day; beyond them advice is late and may be chased."""


class JourneyDraw:
    """What chance decides for the requests of one replication, from the request to the final plan.

    Parameters
    ----------
    keyed : Keyed
        Random numbers of the requests.
    requests : RequestCases
        Who they are about.
    timeline : Timeline
        Calendar of the run.
    """

    def __init__(self, keyed: Keyed, requests: RequestCases, timeline: Timeline) -> None:
        self._keyed = keyed
        self._who = requests.attributes
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
        u_refused, u_withdrawn = self._keyed.u("refused"), self._keyed.u("withdrawn")

        def assess(settings: Settings) -> Ints:
            decision = settings.decision_to_assess
            refused = refusal(decision, settings.requests)[self._who.source, self._who.age]
            option = np.where(u_refused < refused, 1, 0)
            withdrawn = u_withdrawn < float(decision.withdrawn)
            return np.where(withdrawn, 2, option).astype(np.int64)

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

    def _delay(self, name: str, of: Callable[[Settings], Delay | None]) -> Quantity:
        """Return the days of a delay that a share of the cases meets, 0 for the others."""
        u, z = self._keyed.u(name), self._keyed.z(f"{name} days")

        def days(settings: Settings) -> Ints:
            delay = of(settings)
            if delay is None:
                return np.zeros(len(u), dtype=np.int64)
            return np.where(u < float(delay.share), days_of(delay.wait, z), 0)

        return self._keyed.by_period(days)

    def _drafting(self) -> Quantities:
        k = self._keyed
        z, u_rework = k.z("drafting hours"), k.u("times sent back")

        def first(kept: Kept) -> Quantity:
            return k.by_period(lambda s: minutes_of(s.drafting.effort, z, kept(s, "drafting_kept")))

        def again(kept: Kept) -> Quantity:
            def minutes(settings: Settings) -> Ints:
                whole = minutes_of(settings.drafting.effort, z, kept(settings, "drafting_kept"))
                share = float(settings.drafting.rework_effort)
                return np.asarray(np.rint(whole * share), dtype=np.int64)

            return k.by_period(minutes)

        def times(kept: Kept) -> Quantity:
            return k.by_period(
                lambda s: times_repeated(
                    u_rework, float(s.drafting.rework) * kept(s, "rework_kept")
                )
            )

        return {
            "drafting minutes": self._with_meetings(first),
            "drafting again minutes": self._with_meetings(again),
            "quality check minutes": k.effort("quality check", lambda s: s.drafting.check),
            "times sent back": self._with_meetings(times),
        }

    def _draft_to_final(self) -> Quantities:
        k = self._keyed
        u_rounds, u_placement = k.u("further rounds"), k.u("placement")
        z = k.z("placement days")

        def rounds(kept: Kept) -> Quantity:
            return k.by_period(
                lambda s: times_repeated(
                    u_rounds, float(s.draft_to_final.another_round) * kept(s, "rounds_kept")
                )
            )

        def placement(kept: Kept) -> Quantity:
            def days(settings: Settings) -> Ints:
                final = settings.draft_to_final
                share = float(final.placement) * by_year(final.placement_by_age)[self._who.age]
                share = np.minimum(share, 1.0) * kept(settings, "placement_kept")
                return np.where(u_placement < share, days_of(final.placement_wait, z), 0)

            return k.by_period(days)

        return {
            "family days": k.same(lambda s: float(s.draft_to_final.family_days)),
            "consultation days": k.wait("consultation", lambda s: s.draft_to_final.consultation),
            "further rounds": self._with_meetings(rounds),
            "placement days": self._with_meetings(placement),
            "finalising minutes": k.effort("finalising", lambda s: s.draft_to_final.effort),
            "signing minutes": k.effort("signing", lambda s: s.draft_to_final.sign),
        }

    def _with_meetings(self, quantity: Callable[[Kept], Quantity]) -> Quantity:
        """Return a quantity, with the values of cases that had a meeting where there are any."""
        usual = quantity(as_usual)
        if self._settings[0].meetings is None:
            return usual
        return Quantity(usual.starts, usual.values, usual.first, quantity(after_a_meeting))

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

        def effort(settings: Settings) -> Effort | None:
            return settings.advice[name].effort if name in settings.advice else None

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
            z = k.z(f"{name}: advice hours")
            none = np.zeros(len(z), dtype=np.int64)
            quantities[f"{name}: minutes"] = k.by_period(
                lambda s: none if (e := effort(s)) is None else minutes_of(e, z)
            )
        else:
            z = k.z(f"{name}: advice days")
            quantities[f"{name}: days"] = k.by_period(lambda s: chased(s.advice.get(name), z))
        return quantities


def chased(giver: AdviceGiver | None, z: Floats) -> Ints:
    """Return a turnaround's days; of those beyond six weeks a share remains when it is chased."""
    if giver is None or giver.turnaround is None:
        return np.zeros(len(z), dtype=np.int64)
    days = days_of(giver.turnaround, z)
    in_time = SIX_WEEKS[giver.turnaround.counted_in]
    late = np.maximum(days - in_time, 0) * float(giver.late_days_kept)
    return np.asarray(np.minimum(days, in_time) + np.rint(late).astype(np.int64))


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
