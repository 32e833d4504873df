"""From uniform numbers to days, minutes and numbers of repeats."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ehc_sim.calendars import law
from ehc_sim.network.distributions import Geometric, Lognormal
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.part import Effort, Wait
from ehc_sim.scenario.schema import AGE_GROUPS, AdviceGiver, DecisionToAssess, Requests

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_GROUP_ENDS = (5, 11, 16)
OLDEST = 25
"""Highest age in years: plans end at 25 at the latest."""
MINUTES_AN_HOUR = 60


def age_group(ages: NDArray[np.integer]) -> NDArray[np.intp]:
    """Return the number of the age group of ages in years."""
    return np.searchsorted(_GROUP_ENDS, ages, side="right")


def by_year(by_age: Mapping[str, Number]) -> Floats:
    """Return a multiplier for each year of age, shape (OLDEST + 1,).

    Parameters
    ----------
    by_age : mapping of str to Number
        Multipliers by age group ("5-10") or by age in years ("3"), which comes first; 1 elsewhere.
    """
    groups = multipliers(by_age, AGE_GROUPS)[age_group(np.arange(OLDEST + 1))]
    return np.array(
        [float(by_age[str(age)]) if str(age) in by_age else g for age, g in enumerate(groups)]
    )


def multipliers(by_name: Mapping[str, Number], names: Sequence[str]) -> Floats:
    """Return the multiplier of each name; 1 for a name without one."""
    return np.array([float(by_name[name]) if name in by_name else 1.0 for name in names])


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
    return _refusal(
        float(decision.refused),
        tuple(multipliers(decision.odds_by_source, list(requests.sources)).tolist()),
        tuple(by_year(decision.odds_by_age).tolist()),
        tuple(float(share) for share in requests.sources.values()),
        tuple((int(age), float(share)) for age, share in requests.ages.items()),
    )


@lru_cache(maxsize=64)
def _refusal(
    share: float,
    odds_by_source: tuple[float, ...],
    odds_by_age: tuple[float, ...],
    sources: tuple[float, ...],
    share_of_age: tuple[tuple[int, float], ...],
) -> Floats:
    ages = np.zeros(OLDEST + 1)
    for age, of_all in share_of_age:
        ages[age] = of_all
    log_odds = np.log(np.outer(odds_by_source, odds_by_age))
    found: Floats = np.full_like(log_odds, share)
    if share not in (0.0, 1.0):
        weights = np.outer(sources, ages)
        weights /= weights.sum()  # uncertain shares, once drawn, need not add up to 1
        low, high = -30.0 - log_odds.max(), 30.0 - log_odds.min()
        for _ in range(60):  # bisection: the average chance rises with the common log odds
            middle = (low + high) / 2
            if float((weights * expit(log_odds + middle)).sum()) < share:
                low = middle
            else:
                high = middle
        found[:] = expit(log_odds + low)
    found.setflags(write=False)
    return found


def minutes_distribution(stream: str, effort: Effort, kept: float = 1.0) -> Lognormal:
    """Return the distribution of minutes of work: as ``minutes_of``."""
    return Lognormal(
        stream, float(effort.mean_hours), float(effort.spread), kept=kept, units=MINUTES_AN_HOUR
    )


def days_distribution(stream: str, wait: Wait | None) -> int | Lognormal:
    """Return the distribution of whole days, or 0 where there is no wait: as ``days_of``."""
    if wait is None or float(wait.mean_days) + float(wait.at_least_days) == 0:
        return 0
    return Lognormal(
        stream, float(wait.mean_days), float(wait.spread), at_least=float(wait.at_least_days)
    )


SIX_WEEKS: dict[str, int] = {"calendar": law.ADVICE.days, "working": 30, "school": 30}
"""Six weeks in each kind of day; beyond them advice is late and may be chased."""


def turnaround_distribution(stream: str, giver: AdviceGiver | None) -> int | Lognormal:
    """Return the distribution of a turnaround's days: of those beyond six weeks a share remains."""
    if giver is None or giver.turnaround is None:
        return 0
    days = days_distribution(stream, giver.turnaround)
    if isinstance(days, int):
        return days
    in_time, kept = SIX_WEEKS[giver.turnaround.counted_in], float(giver.late_days_kept)
    return replace(days, in_time=in_time, late_kept=kept)


def repeats_distribution(stream: str, chance: float) -> int | Geometric:
    """Return the distribution of how often cases go back, 0 where none does."""
    return Geometric(stream, chance) if chance > 0 else 0


def lognormal(mean: float, spread: float, z: Floats) -> Floats:
    """Return lognormal values of a mean and a coefficient of variation from normal scores."""
    variance = np.log1p(spread**2)
    return np.asarray(mean * np.exp(np.sqrt(variance) * z - variance / 2))


def minutes_of(effort: Effort, z: Floats, kept: float = 1.0) -> Ints:
    """Return minutes of work from normal scores, at least 1.

    Parameters
    ----------
    effort : Effort
        Mean hours and their spread.
    z : ndarray of float64, shape (cases,)
        Normal score of each case.
    kept : float
        Share of the hours that is left.
    """
    hours = lognormal(float(effort.mean_hours), float(effort.spread), z) * kept
    return np.maximum(np.rint(hours * MINUTES_AN_HOUR), 1).astype(np.int64)


def days_of(wait: Wait | None, z: Floats) -> Ints:
    """Return whole days from normal scores, at least 1; 0 for everybody where there is no wait."""
    if wait is None or float(wait.mean_days) + float(wait.at_least_days) == 0:
        return np.zeros(len(z), dtype=np.int64)
    days = float(wait.at_least_days) + lognormal(float(wait.mean_days), float(wait.spread), z)
    return np.maximum(np.rint(days), 1).astype(np.int64)
