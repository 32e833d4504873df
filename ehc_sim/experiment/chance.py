"""The chance of meeting the target, and how well a number of replications knows it.

Where requests are drawn evenly, each replication has a place among them, from 0 (fewest) to 1
(most), and the places are spread so that no part of the forecast is left to chance. What requests
explain of a measure then hardly adds to the error of its mean: what is left is how replications
differ from those next to them. Every interval and test here takes the places, and says without
them what it does of plain draws.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtri, stdtr, stdtrit

from ehc_sim.demand.even import chosen_from

Floats = NDArray[np.float64]

LEVEL = 0.95
LEVEL_OF_LOOKS = 0.9565
"""Level of the interval of a chance that was looked at again and again until it was narrow enough.

Who stops where the interval happens to be narrow covers the truth less often than the level says.
With the looks of ``study.looks`` and half-widths of 3 to 10 points this one covers the chance in
over 95 of 100 studies on average over chances from 0.005 to 0.995; at five points in over 93 of 100
whatever the chance. Worked out exactly, as in Frey, J. (2010), Fixed-width sequential confidence
intervals for a proportion, The American Statistician 64, 242-249."""
POWER = 0.8
"""Probability with which a stated number of replications shows a difference that is there."""
NEIGHBOURS = 4
"""Replications that are next to one another. In made studies the cover with 3 and 4 was nearer to
95% than with 5 to 8, which are surer of the variance but leave more of a steep rise in it."""


def spread(values: Floats, places: Floats | None = None) -> tuple[Floats, int]:
    """Return the covariance of one replication that counts for a mean, and its degrees of freedom.

    Replications are put in the order of their places, in groups of some ``NEIGHBOURS``: the
    covariance is that within the groups, as of strata that are collapsed (Cochran, W. G. (1977),
    Sampling Techniques, 5A.12). Of what lies between them a part is kept: the share that the
    futures chosen are of those that they were chosen from, and where all but m values are the same,
    which shows little of how they go with the place, one part in m + 1.

    Parameters
    ----------
    values : ndarray of float64, shape (measures, replications)
        At least two replications; none NaN.
    places : ndarray of float64, shape (replications,), optional
        Places of the replications, 0 to 1; plain draws where None.

    Returns
    -------
    tuple of (ndarray of float64, shape (measures, measures)) and int
        Without places the ordinary covariance, and one less than the number of replications.
    """
    count = values.shape[1]
    about = values - values.mean(axis=1, keepdims=True)
    whole = about @ about.T / (count - 1)
    groups = count // NEIGHBOURS if places is not None else 1
    if places is None or groups < 2:
        return whole, count - 1
    starts = np.arange(groups) * count // groups
    sizes = np.diff(np.r_[starts, count])
    ordered = about[:, np.argsort(places)]
    means = np.add.reduceat(ordered, starts, axis=1) / sizes
    inside = ordered - np.repeat(means, sizes, axis=1)
    within = inside @ inside.T / (count - groups)
    others = count - max(np.unique(row, return_counts=True)[1].max() for row in values)
    kept = min(count / chosen_from(count) + 1 / (others + 1), 1.0)
    return within + kept * (whole - within), count - groups


def worth(values: Floats | NDArray[np.bool_], places: Floats | None = None) -> float:
    """Return how many plain replications each one is worth for the mean of a measure, 1 or more.

    Parameters
    ----------
    values : ndarray of float64 or bool, shape (replications,)
        The measure; none NaN.
    places : ndarray of float64, shape (replications,), optional
        Places of the replications; without them each is worth one.
    """
    if places is None or len(values) < 2:
        return 1.0
    one = np.asarray(values, dtype=np.float64)[np.newaxis]
    whole, counted = float(one.var(ddof=1)), spread(one, places)
    left, free = float(counted[0][0, 0]), counted[1]
    if not 0 < left < whole:
        return 1.0
    sure = ndtri((1 + LEVEL) / 2) / stdtrit(free, (1 + LEVEL) / 2)  # what is left is an estimate
    return max(1.0, float(whole / left * sure**2))


def met(on_time: NDArray[np.float64], target: float) -> NDArray[np.bool_]:
    """Return in which replications the target is met; not where nothing was issued."""
    return np.nan_to_num(on_time, nan=-1.0) >= target


def chance_interval(
    hits: NDArray[np.bool_], places: Floats | None = None, level: float = LEVEL
) -> tuple[float, float]:
    """Return Wilson's interval of a chance, of as many replications as these are worth.

    Wilson, E. B. (1927), Journal of the American Statistical Association 22, 209-212.

    Parameters
    ----------
    hits : ndarray of bool, shape (replications,)
        In which replications the target was met; at least one replication.
    places : ndarray of float64, shape (replications,), optional
        Places of the replications; plain draws where None.
    level : float
        Share of such intervals that are to hold the chance.
    """
    share, square = float(hits.mean()), float(ndtri((1 + level) / 2)) ** 2
    count = len(hits) * worth(hits, places)
    middle = share + square / (2 * count)
    half = np.sqrt(square * (share * (1 - share) + square / (4 * count)) / count)
    ends = (np.array([middle - half, middle + half]) / (1 + square / count)).clip(0.0, 1.0)
    # None, or all, are just at the end but for rounding.
    low, high = (0.0 if share == 0 else float(ends[0])), (1.0 if share == 1 else float(ends[1]))
    return low, high


def mean_interval(values: Floats, places: Floats | None = None) -> tuple[float, float, float]:
    """Return mean, and lower and upper end of Student's 95% interval of the mean.

    The ends are NaN for a single value.

    Parameters
    ----------
    values : ndarray of float64, shape (replications,)
        Those that are NaN are left out.
    places : ndarray of float64, shape (replications,), optional
        Places of the replications; plain draws where None.
    """
    known, places = _known(values, places)
    if not len(known):
        return float("nan"), float("nan"), float("nan")
    mean = float(known.mean())
    if len(known) < 2:
        return mean, float("nan"), float("nan")
    error, free = _error(known, places)
    half = float(stdtrit(free, (1 + LEVEL) / 2)) * error
    return mean, mean - half, mean + half


def _known(values: Floats, places: Floats | None) -> tuple[Floats, Floats | None]:
    """Return the values that are not NaN, and their places."""
    some = ~np.isnan(values)
    return values[some], None if places is None else places[some]


def _error(values: Floats, places: Floats | None) -> tuple[float, int]:
    """Return the standard error of a mean, and its degrees of freedom."""
    covariance, free = spread(values[np.newaxis], places)
    return float(np.sqrt(covariance[0, 0] / len(values))), free


def paired_chance_p(only_first: float, only_second: float) -> float:
    """Return the exact p-value of two chances being the same in the same replications.

    McNemar's test: of the replications in which just one of two scenarios meets the target, it is
    each of them as often where the chances are the same. McNemar, Q. (1947), Psychometrika 12,
    153-157.

    Parameters
    ----------
    only_first, only_second : float
        Replications in which only the one, and only the other, meets the target: as many plain
        ones as they are worth.
    """
    fewer, more = sorted((only_first, only_second))
    return min(1.0, 2 * float(betainc(more, fewer + 1, 0.5))) if more else 1.0


def replications_to_tell(
    only_first: int, only_second: int, replications: int, level: float, worth: float = 1.0
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
    worth : float
        Plain replications that each one is worth for the difference.

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
    return float(np.ceil((tests / difference) ** 2 / worth))


def paired_chance_interval(
    both: float, only_first: float, only_second: float, neither: float
) -> tuple[float, float]:
    """Return the 95% interval of the second chance less the first, from the same replications.

    Half a replication is added to each of the four counts: Agresti, A. and Min, Y. (2005), Simple
    improved confidence intervals for comparing matched proportions, Statistics in Medicine 24,
    729-740.

    Parameters
    ----------
    both, only_first, only_second, neither : float
        Replications by who met the target: as many plain ones as they are worth.
    """
    n = both + only_first + only_second + neither + 2
    first, second = only_first + 0.5, only_second + 0.5
    difference = (second - first) / n
    half = float(ndtri((1 + LEVEL) / 2)) * np.sqrt((first + second) / n - difference**2) / n**0.5
    return max(float(difference - half), -1.0), min(float(difference + half), 1.0)


def paired_mean_p(differences: Floats, places: Floats | None = None) -> float:
    """Return the p-value of Student's paired t test that a mean difference is 0.

    Parameters
    ----------
    differences : ndarray of float64, shape (replications,)
        Differences; NaN where one of the two is not known. 1 with fewer than two of them, which
        show nothing, and where all are 0. Where all are the same but not 0 the t test is none;
        then it is that of the sign test, by which few replications still show little.
    places : ndarray of float64, shape (replications,), optional
        Places of the replications; plain draws where None.
    """
    known, places = _known(differences, places)
    if len(known) < 2 or not known.any():
        return 1.0
    error, free = _error(known, places)
    if error <= 1e-12 * abs(known.mean()):
        return float(2 * 0.5 ** len(known))
    return float(2 * stdtr(free, -abs(known.mean()) / error))


def ratio_interval(
    top: Floats, bottom: Floats, places: Floats | None = None
) -> tuple[float, float, float]:
    """Return a ratio of means, and the ends of Fieller's 95% interval of it.

    Fieller, E. C. (1954), Journal of the Royal Statistical Society B 16, 175-185.

    Parameters
    ----------
    top, bottom : ndarray, shape (replications,)
        Pairs of the same replications.
    places : ndarray of float64, shape (replications,), optional
        Places of the replications; plain draws where None.

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
    covariance, free = spread(np.stack([top, bottom]), places)
    error = covariance * float(stdtrit(free, (1 + LEVEL) / 2)) ** 2 / count
    square, middle, rest = (
        below**2 - error[1, 1],
        above * below - error[0, 1],
        above**2 - error[0, 0],
    )
    if square <= 0:
        return above / below, nan, nan
    half = float(np.sqrt(max(0.0, middle**2 - square * rest)))
    return above / below, float((middle - half) / square), float((middle + half) / square)
