"""How wide a pool's ranges should be, by what the last two years of the record say of them.

Methods cannot know all that moves a council's requests, so each has a floor under its uncertainty.
On a record that moves less than that, ranges come out too wide; on another they are too narrow. So
the record is cut off a year and two years before its end, forecast from there, and the spread of
the paths about their median multiplied by the factor that would have scored best. The factor used
is half-way between that and 1, since two years can show little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ehc_sim.demand.damped_glm import DampedGLM
from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.extremes import Limit
from ehc_sim.demand.fits import fit_once
from ehc_sim.demand.history import History
from ehc_sim.demand.member import CannotFit, Member
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.scores import Array, crps
from ehc_sim.demand.theta import Theta
from ehc_sim.rng.streams import Streams

JUDGES: tuple[Member, ...] = (DampedGLM(), Theta())
"""Methods that stand in for the pool: of its four, the two that are quickest to fit."""
# The next five were chosen on the tuning series of the benchmark, or are assumptions.
YEARS_BACK = (1, 2)
LEAST_LEARNT = 36
"""Months learnt from before the record is cut off: what the pool of four needs."""
LEAST_JUDGED = 6
"""Months after the cut that count, of which fewer say nothing."""
FACTORS = np.arange(5, 14) / 10
TRUST = 0.5
"""How far from 1 towards the best factor to go."""
PATHS = 100
"""Sample paths of each method."""


def spread_factor(history: History, weights: MonthWeights) -> float:
    """Return what the spread of a pool's paths is multiplied by; 1 for a record too short to tell.

    Parameters
    ----------
    history : History
        A monthly record.
    weights : MonthWeights
        Exposure of its months.
    """
    scores = [
        found
        for years in YEARS_BACK
        if (found := _scores(history, weights, len(history.counts) - 12 * years)) is not None
    ]
    if not scores:
        return 1.0
    best = FACTORS[int(np.argmin(np.mean(scores, axis=0)))]
    return float(1 + TRUST * (best - 1))


def _scores(history: History, weights: MonthWeights, cut: int) -> Array | None:
    """Return the CRPS with each factor of a forecast made when so many months were known."""
    if cut < 1 or history.learnt[:cut].sum() < LEAST_LEARNT:
        return None
    past, months, draws = history.until(cut), history.index[cut:], reference_draws(PATHS)
    # A confirmed step is known to the forecast of the future, and was not at the cut.
    end = min((step for step in history.steps if step >= months[0]), default=months[-1] + 1)
    judged = np.flatnonzero(history.learnt[cut:] & (months < end))
    if len(judged) < LEAST_JUDGED:
        return None
    parts = []
    for method in JUDGES:
        try:
            parts.append(fit_once(method, past, weights).paths(months, draws).counts)
        except CannotFit:
            continue
    if not parts:
        return None
    sample = np.concatenate(parts)[:, judged].astype(np.float64)
    actual = history.counts[cut:][judged].astype(np.float64)
    middle = np.median(sample, axis=0)
    return np.array([crps(middle + f * (sample - middle), actual).mean() for f in FACTORS])


def reference_draws(number: int) -> list[Streams]:
    """Return streams for paths by which a spread is known; the same at every call."""
    return [Streams(0, r) for r in range(number)]


@dataclass(frozen=True, eq=False)
class Spread:
    """Paths about their median, made wider or narrower.

    Attributes
    ----------
    middle : ndarray of float64, shape (n_months,)
        Median of the pool's paths.
    factors : ndarray of float64, shape (n_months,)
        What the distance from it is multiplied by. A factor below 1 goes down no further than to
        the chance of a count, whose variance is its mean.
    limit : Limit
        The most requests of a month.
    """

    middle: Array
    factors: Array
    limit: Limit

    @classmethod
    def of(cls, reference: CountPaths, factor: float, limit: Limit) -> Spread:
        """Return the spread of months by paths of the pool that stand for all."""
        counts = reference.counts.astype(np.float64)
        least = np.sqrt(counts.mean(axis=0) / np.maximum(counts.var(axis=0), 1e-9))
        return cls(np.median(counts, axis=0), np.maximum(factor, np.minimum(least, 1.0)), limit)

    def applied(self, paths: CountPaths, draws: Sequence[Streams]) -> CountPaths:
        """Return paths with their new spread, rounded at random with the paths' own streams."""
        values = self.middle + self.factors * (paths.counts - self.middle)
        most = self.limit.at(paths.months)
        return CountPaths.of_values(paths.months, values, draws, "spread", most)


def in_words(factor: float) -> str:
    """Return what was done to the ranges, for a reader of the forecast."""
    percent = round(100 * abs(factor - 1))
    wider, narrow = ("wider", "narrow") if factor > 1 else ("narrower", "wide")
    return (
        f"The ranges are {percent}% {wider} than the methods give by themselves: where the record "
        f"was cut off and forecast to its end, theirs were too {narrow}."
    )
