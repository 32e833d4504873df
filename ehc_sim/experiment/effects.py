"""What mirrored runs say: the effect of each number, and where one depends on something else."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from ehc_sim.experiment.chance import LEVEL
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
    rest : float
        Share of that variance that is no number's alone: bends, numbers that act together, and
        chance.
    """

    effect: Floats
    low: Floats
    high: Floats
    share: Floats
    told_apart: NDArray[np.bool_]
    rest: float

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
    alone = spread * (effect**2 - error**2)  # without what chance adds to a square
    variance = float(alone.sum()) + 2 * fitted.variance
    share = np.clip(alone / variance, 0, 1) if variance > 0 else np.zeros_like(alone)
    margin = fitted.t * error
    told_apart = holm(fitted.p) < TOLD_APART
    rest = max(0.0, 1 - float(share[told_apart].sum()))
    return Effects(effect, effect - margin, effect + margin, share, told_apart, rest)


def by_demand(
    runs: Floats, signs: Signs, demand: Floats, leading: list[int]
) -> dict[int, tuple[float, float]]:
    """Return the effects that depend on demand, with few and with many requests.

    Parameters
    ----------
    runs, signs
        As for ``effects``.
    demand : ndarray, shape (pairs,)
        Requests in the future of each pair.
    leading : list of int
        Numbers that are asked about; all are looked at together (Holm).

    Returns
    -------
    dict of int to (float, float)
        For each whose effect depends on demand, what it is where a tenth of the futures have fewer
        requests, and where a tenth have more.
    """
    width, numbers = float(demand.std()), signs.shape[1]
    spare = len(runs) - numbers - len(leading)
    if not leading or width == 0 or spare < FEWEST_SPARE:
        return {}
    height = (demand - demand.mean()) / width
    more = signs[:, leading] * height[:, np.newaxis]
    columns = np.hstack([signs, more]).astype(np.float64)
    fitted = _least_squares(columns, (runs[:, 0] - runs[:, 1]) / 2)
    ends = np.quantile(height, [FEW, MANY])
    adjusted = holm(fitted.p[numbers:])
    found = {}
    for place, i in enumerate(leading):
        if adjusted[place] < TOLD_APART:
            few, many = 2 * (fitted.slope[i] + ends * fitted.slope[numbers + place])
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
