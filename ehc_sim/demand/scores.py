"""How good a forecast was: errors, ranges and whole distributions against what then happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EDGES = (0.025, 0.1, 0.9, 0.975)
"""Edges of the 95% and the 80% range."""


@dataclass(frozen=True)
class Scale:
    """What errors are divided by: changes from one year to the next in the record up to then.

    Attributes
    ----------
    absolute : float
        Mean absolute change; NaN where there is none but 0, against which no error can be measured.
    square : float
        Mean squared change; NaN likewise.
    """

    absolute: float
    square: float

    @classmethod
    def of(cls, changes: Array) -> Scale:
        """Return the scale of some changes; undefined of none, or of none but 0."""
        if not np.any(changes):
            return cls(np.nan, np.nan)
        return cls(float(np.abs(changes).mean()), float(np.mean(changes**2)))


def relative(value: float, to: float) -> float:
    """Return a ratio, NaN where it is to nothing."""
    return value / to if to > 0 else float("nan")


def crps(sample: Array, actual: Array) -> Array:
    """Return the continuous ranked probability score of samples, lower is better.

    Parameters
    ----------
    sample : ndarray of float64, shape (n_paths, n)
        Sample paths.
    actual : ndarray of float64, shape (n,)
        What happened.

    Returns
    -------
    ndarray of float64, shape (n,)
        E|X - y| - E|X - X'| / 2, in requests.
    """
    size = len(sample)
    rank = 2 * np.arange(1, size + 1) - size - 1
    spread = np.einsum("n,nm->m", rank, np.sort(sample, axis=0)) / size**2
    return np.asarray(np.abs(sample - actual).mean(axis=0) - spread)


def interval_score(low: Array, high: Array, actual: Array, level: float) -> Array:
    """Return the interval score of ranges, lower is better: a proper score of both ends.

    Gneiting and Raftery (2007), Journal of the American Statistical Association 102, 359-378,
    equation 43.

    Parameters
    ----------
    low, high, actual : ndarray of float64, shape (n,)
        Ends of the ranges, and what happened.
    level : float
        Share of the outcomes that a range is to hold, such as 0.8.

    Returns
    -------
    ndarray of float64, shape (n,)
        The width, and 2 / (1 - level) times what lies outside it, in the unit of the ranges.
    """
    outside = np.maximum(low - actual, 0.0) + np.maximum(actual - high, 0.0)
    return np.asarray(high - low + 2 / (1 - level) * outside)


def pit(sample: Array, actual: Array, uniforms: Array) -> Array:
    """Return where in its forecast each count fell, from 0 to 1; evenly spread if that is honest.

    Of counts, a value takes a share of the distribution and not a point of it: the place within it
    is drawn (Czado, Gneiting and Held 2009).

    Parameters
    ----------
    sample : ndarray of float64, shape (n_paths, n)
        Sample paths.
    actual, uniforms : ndarray of float64, shape (n,)
        What happened, and random numbers.
    """
    below = np.mean(sample < actual, axis=0)
    equal = np.mean(sample == actual, axis=0)
    return np.asarray(below + uniforms * equal)


def scores(sample: Array, actual: Array, scale: Scale) -> dict[str, float]:
    """Return the scores of the periods of one forecast.

    Parameters
    ----------
    sample : ndarray of float64, shape (n_paths, n)
        Sample paths; n of 1 or more.
    actual : ndarray of float64, shape (n,)
        What happened.
    scale : Scale
        What errors are divided by.

    Returns
    -------
    dict
        mase (of the median), rmsse (of the mean), crps, all scaled, and NaN where there is no
        scale; in80 and in95, shares of periods; bias, the medians' sum over the actual one, less 1,
        and NaN where nothing came.
    """
    low95, low80, high80, high95 = np.quantile(sample, EDGES, axis=0)
    median = np.median(sample, axis=0)
    return {
        "mase": float(np.abs(median - actual).mean()) / scale.absolute,
        "rmsse": float(np.sqrt(np.mean((sample.mean(axis=0) - actual) ** 2) / scale.square)),
        "crps": float(crps(sample, actual).mean()) / scale.absolute,
        "in80": float(np.mean((low80 <= actual) & (actual <= high80))),
        "in95": float(np.mean((low95 <= actual) & (actual <= high95))),
        "bias": relative(float(median.sum()), float(actual.sum())) - 1,
    }


def totals_in_80(sample: Array, actual: Array, whole: NDArray[np.bool_]) -> list[bool]:
    """Return for each whole twelve months whether their total lay in its 80% range.

    Parameters
    ----------
    sample : ndarray of float64, shape (n_paths, 12 * years)
    actual : ndarray of float64, shape (12 * years,)
    whole : ndarray of bool, shape (12 * years,)
        Months that count; a year without one of them is left out.
    """
    found = []
    for first in range(0, len(actual) - 11, 12):
        twelve = slice(first, first + 12)
        if whole[twelve].all():
            low, high = np.quantile(sample[:, twelve].sum(axis=1), EDGES[1:3])
            found.append(bool(low <= actual[twelve].sum() <= high))
    return found
