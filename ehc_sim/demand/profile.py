"""Which months requests come in when only totals of a year are known, and the split of a total."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.exposure import Months, MonthWeights

QUARTERS_BEYOND_CALENDAR = (1.04, 0.98, 0.98, 1.00)
"""Requests in January-March … October-December relative to what the calendar alone explains.

Devon County Council's requests by quarter, 2018: 463, 362, 309, 359 and 2019: 422, 399, 368, 487
(freedom of information request 6330), as shares of their year, divided by the quarters' share of
the exposure with the default day weights. Two years of one council are little evidence, so half of
the difference (on the log scale) is kept. The exposure is divided out here because it is multiplied
in again with the months' own calendar: counted once. Month indices of health referrals were looked
at and not used: they have no August dip beyond the working days, and requests have.
"""

MONTH_NOISE = 0.006
"""Variance of a month's rate, relative, beyond chance (negative binomial alpha).

Scottish CAMHS referrals by board, monthly, 2012-2025 (Public Health Scotland): 0.003 to 0.009,
median 0.0055.
"""


def expected_shares(months: Months, weights: MonthWeights) -> NDArray[np.float64]:
    """Return the share of a period's requests expected in each of its months.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (n,)
        The months of the period, usually twelve.
    weights : MonthWeights
        Exposure by month.

    Returns
    -------
    ndarray of float64, shape (n,)
        Adds up to 1. A month without exposure gets 0.
    """
    weight = expected_weight(months, weights)
    return np.asarray(weight / weight.sum(), dtype=np.float64)


def expected_weight(months: Months, weights: MonthWeights) -> NDArray[np.float64]:
    """Return what months have of requests relative to one another: calendar and time of the year.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (n,)
        Any months.
    weights : MonthWeights
        Exposure by month.

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    quarter = months.astype(np.int64) % 12 // 3
    return np.asarray(weights.at(months) * np.array(QUARTERS_BEYOND_CALENDAR)[quarter])


def split(
    total: int, shares: NDArray[np.float64], rng: np.random.Generator, noise: float = MONTH_NOISE
) -> NDArray[np.int64]:
    """Split a total over months at random; the parts add up to it exactly.

    The shares vary by gamma factors with mean 1 and variance ``noise``, then the total is dealt
    out by a multinomial (together a Dirichlet-multinomial), so that a month is as variable as
    recorded months are.

    Parameters
    ----------
    total : int
        Requests in the period.
    shares : ndarray of float64, shape (n,)
        Expected shares.
    rng : Generator
        Random numbers of this period and replication.
    noise : float
        Relative variance of a month's share; above 0.
    """
    varied = shares * rng.gamma(1 / noise, noise, len(shares))
    return np.asarray(rng.multinomial(total, varied / varied.sum()), dtype=np.int64)
