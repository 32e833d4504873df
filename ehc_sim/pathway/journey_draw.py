"""The numbers of every case of the journey, from a scenario and the keyed random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, ndtri

from ehc_sim.calendars import ADVICE_DAYS, Timeline
from ehc_sim.pathway.network import Draw
from ehc_sim.pathway.quantities import Quantity
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.schema import (
    AGE_GROUPS,
    AdviceGiver,
    DecisionToAssess,
    Effort,
    Requests,
    Settings,
    Wait,
)
from ehc_sim.streams import Pages, Streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GROUP_ENDS = (5, 11, 16)
OLDEST = 25
"""Highest age in years: plans end at 25 at the latest."""
MINUTES_AN_HOUR = 60

SIX_WEEKS: dict[str, int] = {"calendar": ADVICE_DAYS, "working": 30, "school": 30}
"""Six weeks in each kind of day; beyond them advice is late and may be chased."""


def age_group(ages: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return the number of the age group of ages in years."""
    return np.searchsorted(_GROUP_ENDS, ages, side="right")


class JourneyDraw:
    """What chance decides for the cases of one replication.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with this replication's uncertain numbers.
    numbers, minutes : ndarray of int64, shape (cases,)
        Case number and minute of the request, sorted by minute.
    """

    def __init__(
        self,
        streams: Streams,
        timeline: Timeline,
        periods: Sequence[tuple[date, Settings]],
        numbers: Ints,
        minutes: Ints,
    ) -> None:
        self._streams = streams
        self._pages = Pages(numbers)
        self._settings = [settings for _, settings in periods]
        self._starts = [max(0, timeline.minute(day)) for day, _ in periods]
        self._numbers = numbers
        self._minutes = minutes
        requests = periods[0][1].requests
        self._ages = list(requests.ages)
        self._source, self._sources = self._pick("source", requests.sources, requests)
        age, _ = self._pick("age", requests.ages, requests)
        self._age = np.array([int(a) for a in self._ages])[age]
        self._group = age_group(self._age)
        self._need, self._needs = self._pick("need", requests.needs, requests)
        self._area, self._areas = self._pick("area", requests.areas, requests)

    @property
    def cases(self) -> pd.DataFrame:
        """One row a case: number, minute, source, age, age_group, need and area."""

        def named(codes: NDArray[np.intp], names: Sequence[str]) -> pd.Categorical:
            return pd.Categorical(np.array(names)[codes], categories=list(names))

        return pd.DataFrame(
            {
                "number": self._numbers,
                "minute": self._minutes,
                "source": named(self._source, self._sources),
                "age": self._age,
                "age_group": named(self._group, AGE_GROUPS),
                "need": named(self._need, self._needs),
                "area": named(self._area, self._areas),
            }
        )

    def draw(self) -> Draw:
        """Return the values of every quantity of the journey."""
        quantities = {
            "registration minutes": self._effort("registration", lambda s: s.requests.registration),
            "evidence days": self._wait("evidence", lambda s: s.requests.evidence),
            **self._decisions(),
            **self._drafting(),
            **self._draft_to_final(),
        }
        for name in dict.fromkeys(n for s in self._settings for n in s.advice):
            quantities |= self._advice(name)
        for name in dict.fromkeys(n for s in self._settings for n in s.teams):
            if any((team := s.teams.get(name)) and team.agency for s in self._settings):
                quantities[f"{name}: agency days"] = self._agency(name)
        return Draw(self._minutes, quantities)

    def _u(self, name: str) -> Floats:
        return self._streams.uniforms(name, self._pages)

    def _pick(
        self, name: str, shares: dict[str, Number], requests: Requests
    ) -> tuple[NDArray[np.intp], list[str]]:
        """Draw every case's group, with shares that are themselves drawn once a replication."""
        nominal = np.array([float(share) for share in shares.values()])
        gammas = self._streams.generator(f"shares of {name}").gamma(
            nominal * float(requests.concentration)
        )
        edges = np.cumsum(gammas / gammas.sum())
        picked = np.searchsorted(edges, self._u(name), side="right")
        return np.minimum(picked, len(nominal) - 1), list(shares)

    def _by_period(self, values: Callable[[Settings], Ints]) -> Quantity:
        return Quantity.by_period(self._starts, [values(s) for s in self._settings])

    def _effort(self, name: str, of: Callable[[Settings], Effort]) -> Quantity:
        z = ndtri(self._u(f"{name} hours"))
        return self._by_period(lambda s: _minutes(of(s), z))

    def _wait(self, name: str, of: Callable[[Settings], Wait | None]) -> Quantity:
        z = ndtri(self._u(f"{name} days"))
        return self._by_period(lambda s: _days(of(s), z))

    def _chosen(self, name: str, share: Callable[[Settings], Floats | float]) -> Quantity:
        """Return 1 for the cases whose own number is below the share: a higher share adds cases."""
        u = self._u(name)
        return self._by_period(lambda s: np.asarray(u < share(s), dtype=np.int64))

    def _decisions(self) -> dict[str, Quantity]:
        u_refused, u_withdrawn = self._u("refused"), self._u("withdrawn")

        def assess(settings: Settings) -> Ints:
            decision = settings.decision_to_assess
            refused = refusal(decision, settings.requests)[self._source, self._age]
            option = np.where(u_refused < refused, 1, 0)
            withdrawn = u_withdrawn < float(decision.withdrawn)
            return np.where(withdrawn, 2, option).astype(np.int64)

        return {
            "assess option": self._by_period(assess),
            "overturned option": self._chosen(
                "overturned", lambda s: float(s.decision_to_assess.overturned)
            ),
            "mediation or appeal days": self._wait(
                "mediation or appeal", lambda s: s.decision_to_assess.overturned_after
            ),
            "issue option": self._chosen("no plan", lambda s: float(s.decision_to_issue.no_plan)),
        }

    def _drafting(self) -> dict[str, Quantity]:
        z = ndtri(self._u("drafting hours"))
        u_rework = self._u("times sent back")

        def again(settings: Settings) -> Ints:
            share = float(settings.drafting.rework_effort)
            minutes = _minutes(settings.drafting.effort, z)
            return np.asarray(np.rint(minutes * share), dtype=np.int64)

        return {
            "drafting minutes": self._by_period(lambda s: _minutes(s.drafting.effort, z)),
            "drafting again minutes": self._by_period(again),
            "quality check minutes": self._effort("quality check", lambda s: s.drafting.check),
            "times sent back": self._by_period(
                lambda s: times_repeated(u_rework, float(s.drafting.rework))
            ),
        }

    def _draft_to_final(self) -> dict[str, Quantity]:
        u_rounds, u_placement = self._u("further rounds"), self._u("placement")
        z = ndtri(self._u("placement days"))
        every_case = np.ones(len(self._minutes), dtype=np.int64)

        def placement(settings: Settings) -> Ints:
            final = settings.draft_to_final
            by_age = by_year(final.placement_by_age)[self._age]
            waits = u_placement < np.minimum(float(final.placement) * by_age, 1.0)
            return np.asarray(np.where(waits, _days(final.placement_wait, z), 0))

        def family(settings: Settings) -> Ints:
            return every_case * round(float(settings.draft_to_final.family_days))

        return {
            "family days": self._by_period(family),
            "consultation days": self._wait(
                "consultation", lambda s: s.draft_to_final.consultation
            ),
            "further rounds": self._by_period(
                lambda s: times_repeated(u_rounds, float(s.draft_to_final.another_round))
            ),
            "placement days": self._by_period(placement),
            "finalising minutes": self._effort("finalising", lambda s: s.draft_to_final.effort),
            "signing minutes": self._effort("signing", lambda s: s.draft_to_final.sign),
        }

    def _agency(self, team: str) -> Quantity:
        def turnaround(settings: Settings) -> Wait | None:
            agency = settings.teams[team].agency
            return agency.turnaround if agency else None

        return self._wait(f"{team}: agency", turnaround)

    def _advice(self, name: str) -> dict[str, Quantity]:
        def needed(settings: Settings) -> Floats | float:
            giver = settings.advice.get(name)
            if giver is None:
                return 0.0
            by_need = _multipliers(giver.by_need, self._needs)[self._need]
            by_age = by_year(giver.by_age)[self._age]
            return np.asarray(np.minimum(float(giver.needed) * by_need * by_age, 1.0))

        def share(part: str) -> Callable[[Settings], float]:
            return lambda s: float(getattr(s.advice[name], part)) if name in s.advice else 0.0

        def effort(settings: Settings) -> Effort | None:
            return settings.advice[name].effort if name in settings.advice else None

        quantities = {
            f"{name}: needed": self._chosen(f"{name}: needed", needed),
            f"{name}: awaited": self._chosen(f"{name}: awaited", share("awaited")),
            f"{name}: recent option": self._chosen(f"{name}: recent", share("existing")),
            f"{name}: appointment days": self._wait(
                f"{name}: appointment",
                lambda s: s.advice[name].appointment if name in s.advice else None,
            ),
        }
        giver = next(s.advice[name] for s in self._settings if name in s.advice)
        if giver.team is not None:
            z = ndtri(self._u(f"{name}: advice hours"))
            none = np.zeros(len(z), dtype=np.int64)
            quantities[f"{name}: minutes"] = self._by_period(
                lambda s: none if (e := effort(s)) is None else _minutes(e, z)
            )
        else:
            z = ndtri(self._u(f"{name}: advice days"))
            quantities[f"{name}: days"] = self._by_period(lambda s: _chased(s.advice.get(name), z))
        return quantities


def by_year(by_age: Mapping[str, Number]) -> Floats:
    """Return a multiplier for each year of age, shape (OLDEST + 1,).

    Parameters
    ----------
    by_age : mapping of str to Number
        Multipliers by age group ("5-10") or by age in years ("3"), which comes first; 1 elsewhere.
    """
    groups = _multipliers(by_age, AGE_GROUPS)[age_group(np.arange(OLDEST + 1))]
    return np.array(
        [float(by_age[str(age)]) if str(age) in by_age else g for age, g in enumerate(groups)]
    )


def refusal(decision: DecisionToAssess, requests: Requests) -> Floats:
    """Return the chance of refusal by source and age.

    The odds of the groups stand in the given relation, and the chances average to the given share
    of all requests.

    Parameters
    ----------
    decision : DecisionToAssess
        Share refused, and relative odds by source and age.
    requests : Requests
        Shares of requests by source and age.

    Returns
    -------
    ndarray of float64, shape (sources, OLDEST + 1)
    """
    sources = np.array([float(share) for share in requests.sources.values()])
    ages = np.zeros(OLDEST + 1)
    ages[[int(age) for age in requests.ages]] = [float(s) for s in requests.ages.values()]
    log_odds = np.log(
        np.outer(
            _multipliers(decision.odds_by_source, list(requests.sources)),
            by_year(decision.odds_by_age),
        )
    )
    share = float(decision.refused)
    if share in (0.0, 1.0):
        return np.full_like(log_odds, share)
    weights = np.outer(sources, ages)
    weights /= weights.sum()  # uncertain shares, once drawn, need not add up to 1
    low, high = -30.0 - log_odds.max(), 30.0 - log_odds.min()
    for _ in range(60):  # bisection: the average chance rises with the common log odds
        middle = (low + high) / 2
        if float((weights * expit(log_odds + middle)).sum()) < share:
            low = middle
        else:
            high = middle
    return np.asarray(expit(log_odds + low))


def times_repeated(u: Floats, chance: float) -> Ints:
    """Return how often each case goes back when every time it does so with the same chance.

    Parameters
    ----------
    u : ndarray of float64, shape (cases,)
        Each case's own number in (0, 1).
    chance : float
        Chance to go back, below 1. A higher chance sends the same cases back as often or oftener.

    Returns
    -------
    ndarray of int64, shape (cases,)
        Geometric: P(n or more) = chance**n.
    """
    if chance <= 0:
        return np.zeros(len(u), dtype=np.int64)
    return np.asarray(np.floor(np.log(u) / np.log(chance)), dtype=np.int64)


def _multipliers(by_name: Mapping[str, Number], names: Sequence[str]) -> Floats:
    return np.array([float(by_name[name]) if name in by_name else 1.0 for name in names])


def _lognormal(mean: float, spread: float, z: Floats) -> Floats:
    """Return lognormal values of a mean and a coefficient of variation from normal scores."""
    variance = np.log1p(spread**2)
    return np.asarray(mean * np.exp(np.sqrt(variance) * z - variance / 2))


def _minutes(effort: Effort, z: Floats) -> Ints:
    hours = _lognormal(float(effort.mean_hours), float(effort.spread), z)
    return np.maximum(np.rint(hours * MINUTES_AN_HOUR), 1).astype(np.int64)


def _days(wait: Wait | None, z: Floats) -> Ints:
    """Return whole days, at least 1; 0 for everybody where there is no wait."""
    if wait is None or float(wait.mean_days) + float(wait.at_least_days) == 0:
        return np.zeros(len(z), dtype=np.int64)
    days = float(wait.at_least_days) + _lognormal(float(wait.mean_days), float(wait.spread), z)
    return np.maximum(np.rint(days), 1).astype(np.int64)


def _chased(giver: AdviceGiver | None, z: Floats) -> Ints:
    """Return a turnaround's days; of those beyond six weeks a share remains when it is chased."""
    if giver is None or giver.turnaround is None:
        return np.zeros(len(z), dtype=np.int64)
    days = _days(giver.turnaround, z)
    in_time = SIX_WEEKS[giver.turnaround.counted_in]
    late = np.maximum(days - in_time, 0) * float(giver.late_days_kept)
    return np.asarray(np.minimum(days, in_time) + np.rint(late).astype(np.int64))
