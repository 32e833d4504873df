"""Series with a known truth: requests a month as a council might receive them, five families.

A: growth that stays. B: a level and a slope that wander. C: growth that slows down, with months
that hang together. D: a step in the record. E: a step after the record, which no method can know,
with months that hang together. All: overdispersed counts, school days, months of the year beyond
them, and the dip of spring 2020.

The weights of weekdays and holidays differ from series to series and from those that the program
assumes, so that its methods do not have the calendar of the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.history import History, covid

FAMILIES = "ABCDE"
AHEAD = 36
ALPHAS = (0.003, 0.01, 0.03)
FIRST, LAST = np.datetime64("2014-01", "M"), np.datetime64("2033-12", "M")
COVID_DIP = (0.75, 0.35, 0.40, 0.55, 0.70, 0.85)
"""Requests in March to August 2020 as a share of what they would have been: made up after the
national fall of 2020."""


@dataclass(frozen=True, eq=False)
class Made:
    """A made series and what it was made from.

    Attributes
    ----------
    family : str
        One of ``FAMILIES``.
    history : History
        What a method is given.
    actual : ndarray of float64, shape (36,)
        What happened after it.
    growth : float
        Log growth a year at the start; all along in family A.
    alpha : float
        Excess variance.
    """

    family: str
    history: History
    actual: NDArray[np.float64]
    growth: float
    alpha: float


@cache
def terms() -> SchoolTerms:
    """Return the school terms of every series."""
    return SchoolTerms.read("somerset")


def weights_for(history: History) -> MonthWeights:
    """Return the exposure that a method is given: with the program's own default weights."""
    end = history.last_month + AHEAD
    return MonthWeights.england(history.first_month, end, terms(), DayWeights())


def make(seed: int, family: str) -> Made:
    """Make one series.

    Parameters
    ----------
    seed : int
        The same seed and family give the same series.
    family : str
        One of ``FAMILIES``.
    """
    rng = np.random.default_rng([seed, FAMILIES.index(family)])
    known = int(rng.integers(48, 97))
    while True:
        start = FIRST + int(rng.integers(0, 120))
        months = start + np.arange(known + AHEAD)
        if months[-1] <= LAST and not covid(months[known - 12 :]).any():
            break
    growth, alpha = float(rng.uniform(0.05, 0.16)), float(rng.choice(ALPHAS))
    log_mean = np.log(100) + rng.normal(0, 0.5) + _calendar(rng, months)
    log_mean = log_mean + _movement(rng, family, known, growth)
    mean = np.exp(log_mean)
    dip = covid(months)
    mean[dip] *= np.array(COVID_DIP)[(months[dip] - np.datetime64("2020-03", "M")).astype(int)]
    counts = rng.poisson(mean * rng.gamma(1 / alpha, alpha, len(mean)))
    history = History("monthly", months[:known], counts[:known])
    return Made(family, history, counts[known:].astype(np.float64), growth, alpha)


def _calendar(rng: np.random.Generator, months: NDArray[np.datetime64]) -> NDArray[np.float64]:
    weekday = np.array([1.15, 1.10, 1.00, 0.95, 0.80]) * np.exp(rng.normal(0, 0.1, 5))
    own = DayWeights(tuple(float(w) for w in weekday), float(rng.uniform(0.3, 0.8)))
    exposure = MonthWeights.england(months[0], months[-1], terms(), own).exposure
    month_of_year = rng.normal(0, 0.07, 12)
    return np.asarray(
        np.log(exposure / exposure.mean()) + month_of_year[months.astype(np.int64) % 12]
    )


def _movement(
    rng: np.random.Generator, family: str, known: int, growth: float
) -> NDArray[np.float64]:
    size = known + AHEAD
    years = np.arange(size) / 12
    hang_together = np.zeros(size)
    if family in "CE":
        shocks = rng.normal(0, 0.03, size)
        for month in range(1, size):
            hang_together[month] = 0.8 * hang_together[month - 1] + shocks[month]
    if family == "B":
        slope = growth / 12 + np.cumsum(rng.normal(0, 0.002, size))
        return np.asarray(np.cumsum(slope + rng.normal(0, 0.02, size)))
    if family == "C":
        slowing = 3.0  # years after which two thirds of the growth is over
        return np.asarray(2 * growth * slowing * (1 - np.exp(-years / slowing)) + hang_together)
    trend = growth * years + hang_together
    if family == "D":
        at = int(rng.integers(18, known - 11))
        return np.asarray(trend + rng.choice([-1, 1]) * rng.uniform(0.15, 0.35) * _from(at, size))
    if family == "E":
        at = known + int(rng.integers(0, 24))
        return np.asarray(trend + rng.normal(0, 0.12) * _from(at, size))
    return np.asarray(trend)


def _from(at: int, size: int) -> NDArray[np.float64]:
    return (np.arange(size) >= at).astype(np.float64)
