"""Months of the year and growth borrowed from elsewhere, as far as the record is too short to say.

Empirical Bayes (Efron and Morris 1975): a council's month effects are taken to scatter about the
borrowed ones, by so much as they are seen to scatter beyond their own errors.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.profile import QUARTERS_BEYOND_CALENDAR

Array = NDArray[np.float64]

GROWTH_ELSEWHERE = 0.10
"""Log growth a year elsewhere: the middle of the authorities of DfE's SEN2 release, 2019 to 2024."""
GROWTH_SD = 0.07
"""Standard deviation of the lasting log growth a year between authorities, same source: quartiles
of growth over five years were 8.8% and 16.8%, with each year's own variation in them."""
SCATTERS = np.geomspace(0.01, 1.0, 25)
"""Standard deviations of month effects about the borrowed ones that are tried."""
LIKELY_SCATTER = 0.10
"""Scatter beyond which larger ones need evidence: an assumption. Scottish CAMHS boards, which share
a service, scattered by some 0.06 about one another."""

BORROWED_MONTHS = np.log(np.repeat(QUARTERS_BEYOND_CALENDAR, 3))
"""Log effect of January to December beyond the calendar."""


def growth_prior(size: int, short: bool) -> tuple[Array, Array]:
    """Return precision and mean of what is known of coefficients before the record.

    Parameters
    ----------
    size : int
        Number of coefficients: 12 months, growth, then any others.
    short : bool
        Whether growth leans on that elsewhere.

    Returns
    -------
    precision : ndarray of float64, shape (size, size)
    mean : ndarray of float64, shape (size,)
        The borrowed months, and growth elsewhere.
    """
    precision, mean = np.zeros((size, size)), np.zeros(size)
    mean[:12] = BORROWED_MONTHS
    mean[12] = GROWTH_ELSEWHERE
    precision[12, 12] = 1 / GROWTH_SD**2 if short else 0.0
    return precision, mean


def month_precision(size: int, scatter: float) -> Array:
    """Return the precision of month effects about the borrowed ones, whatever their common level."""
    precision = np.zeros((size, size))
    precision[:12, :12] = (np.eye(12) - 1 / 12) / scatter**2
    return precision


def shrunk(mean: Array, covariance: Array, precision: Array, prior: Array) -> tuple[Array, Array]:
    """Return coefficients and their covariance drawn towards what was known before.

    Parameters
    ----------
    mean, covariance : ndarray of float64, shape (k,) and (k, k)
        Estimates from the record alone.
    precision, prior : ndarray of float64, shape (k, k) and (k,)
        From ``growth_prior``; the months are added here, with the scatter that is likeliest.
    """
    scatter = likeliest_scatter(mean[:12] - prior[:12], covariance[:12, :12])
    before = precision + month_precision(len(mean), scatter)
    own = np.linalg.inv(covariance)
    after = np.linalg.inv(own + before)
    return after @ (own @ mean + before @ prior), (after + after.T) / 2


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
