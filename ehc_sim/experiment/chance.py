"""The chance of meeting the target, and how well a number of replications knows it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

LEVEL = 0.95


def met(on_time: NDArray[np.float64], target: float) -> NDArray[np.bool_]:
    """Return in which replications the target is met; not where nothing was issued."""
    return np.nan_to_num(on_time, nan=-1.0) >= target


def chance_interval(successes: int, replications: int) -> tuple[float, float]:
    """Return Wilson's 95% interval of a chance.

    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.

    Parameters
    ----------
    successes : int
        Replications in which the target was met.
    replications : int
        All replications, at least 1.
    """
    from scipy import stats  # takes 40 megabytes, of which there is less while workers run

    interval = stats.binomtest(successes, replications).proportion_ci(LEVEL, method="wilson")
    return float(interval.low), float(interval.high)


def mean_interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return mean, and lower and upper end of Student's 95% interval of the mean.

    The ends are NaN for a single value.
    """
    values = values[~np.isnan(values)]
    if not len(values):
        return float("nan"), float("nan"), float("nan")
    mean = float(values.mean())
    if len(values) < 2:
        return mean, float("nan"), float("nan")
    half = float(
        stdtrit(len(values) - 1, (1 + LEVEL) / 2) * values.std(ddof=1) / np.sqrt(len(values))
    )
    return mean, mean - half, mean + half


def narrow_enough(successes: int, replications: int, half_width: float) -> bool:
    """Return whether the interval of the chance is at most so wide on each side."""
    low, high = chance_interval(successes, replications)
    return (high - low) / 2 <= half_width
