"""What mirrored runs say: the effect of each number, and where one depends on something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from ehc_sim.experiment.chance import LEVEL, mean_interval
from ehc_sim.experiment.mirrored import Signs
from ehc_sim.experiment.pairs import TOLD_APART, holm

Floats = NDArray[np.float64]

FEWEST_SPARE = 8
"""Degrees of freedom that an estimate of its own chance needs; t is then 2.3 in place of 2.0."""
FEW, MANY = 0.1, 0.9
"""Shares of the futures with fewer requests than those that are called few, and many."""


@dataclass(frozen=True)
class Effects:
    """What numbers do to one measure.

    Attributes
    ----------
    effect, low, high : ndarray, shape (numbers,)
        Mean change of the measure from the low end of a number to its high end, and its 95%
        interval, of this number by itself.
    share : ndarray, shape (numbers,)
        Share of the variance between runs of one future that is this number's, as a straight line
        over its range; 0 to 1.
    told_apart : ndarray of bool, shape (numbers,)
        Whether the effect can be told from none, all numbers having been looked at (Holm).
    variance : float
        The variance between runs of one future.
    alone : ndarray of bool, shape (numbers,)
        Whether the number alone was at its ends, all others as the future has them.
    """

    effect: Floats
    low: Floats
    high: Floats
    share: Floats
    told_apart: NDArray[np.bool_]
    variance: float
    alone: NDArray[np.bool_]

    def leading(self, most: int) -> list[int]:
        """Return those that are told apart, the largest share of the variance first."""
        order = np.argsort(-self.share, kind="stable")
        return [int(i) for i in order if self.told_apart[i]][:most]


def effects(runs: Floats, signs: Signs, spread: Floats) -> Effects:
    """Return the effects of numbers on one measure.

    Parameters
    ----------
    runs : ndarray, shape (pairs, 2)
        The measure in both runs of every pair, the mirrored one second.
    signs : ndarray, shape (pairs, numbers)
        Design of the first runs, as ``mirrored.design`` has it.
    spread : ndarray, shape (numbers,)
        Variance of each number as it is drawn, where its range is 1 wide.
    """
    fitted = _least_squares(signs.astype(np.float64), (runs[:, 0] - runs[:, 1]) / 2)
    effect, error = 2 * fitted.slope, 2 * fitted.error
    own = spread * (effect**2 - error**2)  # without what chance adds to a square
    variance = float(own.sum()) + 2 * fitted.variance
    margin = fitted.t * error
    return Effects(
        *(effect, effect - margin, effect + margin),
        *(_share(own, variance), holm(fitted.p) < TOLD_APART, variance),
        np.full(len(effect), bool((np.abs(signs).sum(axis=1) <= 1).all())),
    )


def with_those_alone(found: Effects, spread: Floats, changes: Mapping[int, Floats]) -> Effects:
    """Return effects in which those of some numbers are from runs with that number alone at ends.

    Numbers that are at their ends together make a service that is farther from the one that is
    expected, in which each of them may do more or less.

    Parameters
    ----------
    found : Effects
        From runs in which several numbers were at their ends.
    spread : ndarray, shape (numbers,)
        As for ``effects``.
    changes : mapping of int to ndarray, shape (futures,)
        For some numbers, the measure at the high end less that at the low end.
    """
    effect, low, high = found.effect.copy(), found.low.copy(), found.high.copy()
    own, alone = found.share * found.variance, found.alone.copy()
    variance = found.variance - float(own[list(changes)].sum())
    for i, change in changes.items():
        effect[i], low[i], high[i] = mean_interval(change)
        own[i] = max(0.0, spread[i] * (effect[i] ** 2 - change.var(ddof=1) / len(change)))
        alone[i] = True
    variance += float(own[list(changes)].sum())
    return Effects(effect, low, high, _share(own, variance), found.told_apart, variance, alone)


def _share(own: Floats, variance: float) -> Floats:
    return np.clip(own / variance, 0, 1) if variance > 0 else np.zeros_like(own)


def by_demand(
    changes: Mapping[int, tuple[Floats, Floats]],
) -> dict[int, tuple[float, float]]:
    """Return the effects that depend on demand, with few and with many requests.

    Parameters
    ----------
    changes : mapping of int to (ndarray, ndarray), each of shape (futures,)
        For each number that is asked about, the measure at its high end less that at its low end,
        and the requests, in the same futures. All numbers are looked at together (Holm).

    Returns
    -------
    dict of int to (float, float)
        For each whose effect depends on demand, what it is where a tenth of the futures have fewer
        requests, and where a tenth have more.
    """
    fits, ends = {}, {}
    for i, (change, demand) in changes.items():
        width = float(demand.std())
        if width > 0 and len(change) - 2 >= FEWEST_SPARE:
            height = (demand - demand.mean()) / width
            fits[i] = _least_squares(np.column_stack([np.ones_like(height), height]), change)
            ends[i] = np.quantile(height, [FEW, MANY])
    adjusted = holm(np.array([fitted.p[1] for fitted in fits.values()]))
    found = {}
    for (i, fitted), p in zip(fits.items(), adjusted, strict=True):
        if p < TOLD_APART:
            few, many = fitted.slope[0] + ends[i] * fitted.slope[1]
            found[i] = (float(few), float(many))
    return found


def together(runs: Floats, signs: Signs) -> list[tuple[int, int]]:
    """Return which numbers act together: the effect of one depends on where the other is.

    Parameters
    ----------
    runs : ndarray, shape (futures, runs)
        The measure in each run of a factorial, in several futures.
    signs : ndarray, shape (runs, numbers)
        The factorial, as ``mirrored.factorial`` has it.

    Returns
    -------
    list of (int, int)
        Pairs that can be told from none; all pairs are looked at together (Holm).
    """
    pairs = list(combinations(range(signs.shape[1]), 2))
    products = np.stack([signs[:, i] * signs[:, j] for i, j in pairs], axis=1)
    contrasts = runs @ products / len(signs)
    ones = np.ones((len(runs), 1))
    p = np.array([_least_squares(ones, contrasts[:, k]).p[0] for k in range(len(pairs))])
    return [pair for pair, adjusted in zip(pairs, holm(p), strict=True) if adjusted < TOLD_APART]


@dataclass(frozen=True)
class _Fit:
    slope: Floats
    error: Floats
    p: Floats
    t: float
    variance: float


def _least_squares(columns: Floats, values: Floats) -> _Fit:
    """Return slopes with standard errors and p-values; there must be more rows than columns."""
    spare = len(values) - columns.shape[1]
    scale = np.linalg.inv(columns.T @ columns)
    slope = scale @ (columns.T @ values)
    left = values - columns @ slope
    variance = float(left @ left) / spare
    error = np.sqrt(variance * np.diag(scale))
    # A measure that nothing moves has what floating-point numbers leave over, and no more.
    least = 1e-12 * float(np.abs(values).max(initial=0.0))
    moved = np.abs(slope) > least
    t = np.divide(np.abs(slope), error, out=np.full_like(slope, np.inf), where=error > 0)
    p = np.where(moved, 2 * stdtr(spare, -t), 1.0)
    return _Fit(slope, error, p, float(stdtrit(spare, (1 + LEVEL) / 2)), variance)
