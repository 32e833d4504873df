"""The chance of meeting the target, and how well a number of replications knows it."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtr, stdtrit

LEVEL = 0.95
LEVEL_OF_LOOKS = 0.9565
"""Level of the interval of a chance that was looked at again and again until it was narrow enough.

Who stops where the interval happens to be narrow covers the truth less often than the level says.
With the looks of ``study.looks`` this one covers every chance from 0.005 to 0.995 in at least 94 of
100 studies, for half-widths of 3 to 10 points: worked out exactly, as Frey, J. (2010), Fixed-width
sequential confidence intervals for a proportion, The American Statistician 64, 242-249, does."""
POWER = 0.8
"""Probability with which a stated number of replications shows a difference that is there."""


def met(on_time: NDArray[np.float64], target: float) -> NDArray[np.bool_]:
    """Return in which replications the target is met; not where nothing was issued."""
    return np.nan_to_num(on_time, nan=-1.0) >= target


def chance_interval(successes: int, replications: int, level: float = LEVEL) -> tuple[float, float]:
    """Return Wilson's interval of a chance.

    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.

    Parameters
    ----------
    successes : int
        Replications in which the target was met.
    replications : int
        All replications, at least 1.
    level : float
        Share of such intervals that are to hold the chance.
    """
    from scipy import stats  # takes 40 megabytes, of which there is less while workers run

    interval = stats.binomtest(successes, replications).proportion_ci(level, method="wilson")
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


def paired_chance_p(only_first: int, only_second: int) -> float:
    """Return the exact p-value of two chances being the same in the same replications.

    McNemar's test: of the replications in which just one of two scenarios meets the target, it is
    each of them as often where the chances are the same. McNemar, Q. (1947), Psychometrika 12,
    153-157.

    Parameters
    ----------
    only_first, only_second : int
        Replications in which only the one, and only the other, meets the target.
    """
    from scipy import stats

    apart = only_first + only_second
    return float(stats.binomtest(only_first, apart, 0.5).pvalue) if apart else 1.0


def replications_to_tell(
    only_first: int, only_second: int, replications: int, level: float
) -> float:
    """Return how many replications would tell two chances apart, were the differences so far true.

    They do so with a probability of 0.8 in McNemar's test. Connor, R. J. (1987), Sample size for
    testing differences in proportions for the paired-sample design, Biometrics 43, 207-211.

    Parameters
    ----------
    only_first, only_second : int
        Replications in which only the one, and only the other, met the target.
    replications : int
        All replications so far.
    level : float
        p-value below which the two are told apart.

    Returns
    -------
    float
        A whole number; NaN where as many replications were each one's, so that none would do.
    """
    if only_first == only_second:
        return float("nan")
    apart = (only_first + only_second) / replications
    difference = abs(only_first - only_second) / replications
    tests = ndtri(1 - level / 2) * np.sqrt(apart)
    tests += ndtri(POWER) * np.sqrt(max(apart - difference**2, 0.0))
    return float(np.ceil((tests / difference) ** 2))


def paired_chance_interval(
    both: int, only_first: int, only_second: int, neither: int
) -> tuple[float, float]:
    """Return the 95% interval of the second chance less the first, from the same replications.

    Half a replication is added to each of the four counts: Agresti, A. and Min, Y. (2005), Simple
    improved confidence intervals for comparing matched proportions, Statistics in Medicine 24,
    729-740.

    Parameters
    ----------
    both, only_first, only_second, neither : int
        Replications by who met the target.
    """
    n = both + only_first + only_second + neither + 2
    first, second = only_first + 0.5, only_second + 0.5
    difference = (second - first) / n
    half = float(ndtri((1 + LEVEL) / 2)) * np.sqrt((first + second) / n - difference**2) / n**0.5
    return max(float(difference - half), -1.0), min(float(difference + half), 1.0)


def paired_mean_p(differences: NDArray[np.float64]) -> float:
    """Return the p-value of Student's paired t test that a mean difference is 0.

    Parameters
    ----------
    differences : ndarray of float64, shape (replications,)
        Differences; NaN where one of the two is not known. 1 with fewer than two of them, which
        show nothing, and where all are 0. Where all are the same but not 0 the t test is none;
        then it is that of the sign test, by which few replications still show little.
    """
    known = differences[~np.isnan(differences)]
    if len(known) < 2 or not known.any():
        return 1.0
    error = known.std(ddof=1) / np.sqrt(len(known))
    if error <= 1e-12 * abs(known.mean()):
        return float(2 * 0.5 ** len(known))
    return float(2 * stdtr(len(known) - 1, -abs(known.mean()) / error))


def ratio_interval(
    top: NDArray[np.float64], bottom: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Return a ratio of means, and the ends of Fieller's 95% interval of it.

    Fieller, E. C. (1954), Journal of the Royal Statistical Society B 16, 175-185.

    Parameters
    ----------
    top, bottom : ndarray, shape (replications,)
        Pairs of the same replications.

    Returns
    -------
    tuple of float
        All are NaN where the mean of ``bottom`` is 0, and the ends where its own interval takes in
        0: the ratio could then be anything.
    """
    nan, count = float("nan"), len(top)
    above, below = float(top.mean()), float(bottom.mean())
    if below == 0:
        return nan, nan, nan
    if count < 2:
        return above / below, nan, nan
    spread = np.cov(top, bottom) * float(stdtrit(count - 1, (1 + LEVEL) / 2)) ** 2 / count
    square, middle, rest = (
        below**2 - spread[1, 1],
        above * below - spread[0, 1],
        above**2 - spread[0, 0],
    )
    if square <= 0:
        return above / below, nan, nan
    half = float(np.sqrt(max(0.0, middle**2 - square * rest)))
    return above / below, float((middle - half) / square), float((middle + half) / square)
