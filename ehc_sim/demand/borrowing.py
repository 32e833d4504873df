"""Months of the year, growth and the calendar, borrowed as far as a record is too short to say.

Empirical Bayes (Efron and Morris 1975): a council's month effects are taken to scatter about the
borrowed ones, by so much as they are seen to scatter beyond their own errors.
"""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.profile import QUARTERS_BEYOND_CALENDAR

Array = NDArray[np.float64]

GROWTH_ELSEWHERE = 0.10
"""Log growth a year elsewhere: the middle of authorities in DfE's SEN2 release, 2019 to 2024."""
GROWTH_SD = 0.07
"""Standard deviation of the lasting log growth a year between authorities, same source: quartiles
of growth over five years were 8.8% and 16.8%, with each year's own variation in them."""
EXPOSURE_SD = 0.5
"""How far requests may follow the calendar's exposure less or more than in proportion: standard
deviation of the power about 1. An assumption; 0, not at all, and 2 lie two of them away."""
SCATTERS = np.geomspace(0.01, 1.0, 25)
"""Standard deviations of month effects about the borrowed ones that are tried."""
LIKELY_SCATTER = 0.10
"""Scatter beyond which larger ones need evidence: an assumption. Scottish CAMHS boards, which are
of one service, scattered by some 0.06 about one another."""

BORROWED_MONTHS = np.log(np.repeat(QUARTERS_BEYOND_CALENDAR, 3))
"""Log effect of January to December beyond the calendar."""


GROWTH, EXPOSURE = 12, 13
"""Places of growth and of the calendar's further power among the coefficients, after 12 months."""
CARRIED_ON = 14
"""Coefficients that a forecast goes on with; those of steps come after them."""


def known_before(size: int, short: bool) -> tuple[Array, Array]:
    """Return precision and mean of what is known of coefficients before the record, but of months.

    Parameters
    ----------
    size : int
        Number of coefficients: 12 months, growth, the calendar's further power, then any others.
    short : bool
        Whether growth leans on that elsewhere.

    Returns
    -------
    precision : ndarray of float64, shape (size, size)
    mean : ndarray of float64, shape (size,)
        The borrowed months, growth elsewhere, and a calendar that counts in proportion.
    """
    precision, mean = np.zeros((size, size)), np.zeros(size)
    mean[:12] = BORROWED_MONTHS
    mean[GROWTH] = GROWTH_ELSEWHERE
    precision[GROWTH, GROWTH] = 1 / GROWTH_SD**2 if short else 0.0
    precision[EXPOSURE, EXPOSURE] = 1 / EXPOSURE_SD**2
    return precision, mean


def month_precision(size: int, scatter: float) -> Array:
    """Return the precision of month effects about the borrowed ones, whatever their level."""
    precision = np.zeros((size, size))
    precision[:12, :12] = (np.eye(12) - 1 / 12) / scatter**2
    return precision


def shrunk(mean: Array, information: Array, short: bool) -> tuple[Array, Array]:
    """Return coefficients and their covariance drawn towards what was known before.

    Parameters
    ----------
    mean, information : ndarray of float64, shape (k,) and (k, k)
        Estimates from the record alone, and the inverse of their covariance; 0 for a coefficient of
        which the record says nothing.
    short : bool
        Whether growth leans on that elsewhere.
    """
    before, prior = known_before(len(mean), short)
    partly = np.asarray(np.linalg.inv(information + before), dtype=np.float64)
    found = partly @ (information @ mean + before @ prior)
    scatter = likeliest_scatter(found[:12] - prior[:12], partly[:12, :12])
    before = before + month_precision(len(mean), scatter)
    after = np.linalg.inv(information + before)
    return after @ (information @ mean + before @ prior), (after + after.T) / 2


def likeliest_scatter(difference: Array, covariance: Array) -> float:
    """Return the scatter of month effects about the borrowed ones, by marginal likelihood.

    Parameters
    ----------
    difference : ndarray of float64, shape (12,)
        Own less borrowed effects; their common level does not count.
    covariance : ndarray of float64, shape (12, 12)
        Of the own effects' errors.
    """
    contrasts = np.linalg.qr(np.column_stack([np.ones(12), np.eye(12)[:, :11]]))[0][:, 1:]
    seen, error = contrasts.T @ difference, contrasts.T @ covariance @ contrasts
    best, most = SCATTERS[0], -np.inf
    for scatter in SCATTERS:
        whole = error + scatter**2 * np.eye(11)
        sign, log_det = np.linalg.slogdet(whole)
        likelihood = -0.5 * (log_det + seen @ np.linalg.solve(whole, seen))
        likelihood -= np.log1p((scatter / LIKELY_SCATTER) ** 2)  # a Cauchy prior's tail
        if sign > 0 and likelihood > most:
            best, most = scatter, likelihood
    return float(best)
