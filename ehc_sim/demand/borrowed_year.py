"""Forecast from one to two years by month, or from few requests: a year borrowed from elsewhere.

The months of the year and the growth are known from elsewhere, give or take; the record says how
far it differs from them. A negative binomial regression with these as prior, at its mode.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.borrowing import LIKELY_SCATTER, known_before, month_precision
from ehc_sim.demand.damped_glm import FittedDampedGLM, carried_on, design_of, excess_variance
from ehc_sim.demand.exposure import MonthWeights, log_exposure
from ehc_sim.demand.extremes import tempered
from ehc_sim.demand.history import History
from ehc_sim.demand.member import CannotFit, quiet
from ehc_sim.demand.profile import MONTH_NOISE

LEAST_TO_JUDGE_NOISE = 24
"""Months from which the excess variance is the record's own, not that of elsewhere."""
LEVEL_SD = 2.0
"""Standard deviation of the log level about that of the record with half a request more: it decides
only where there is no request at all."""
STEPS = 200
HALVED_AFTER = 25
"""Steps after which they are halved: on a record that jumps, whole ones go to and fro for ever."""
CLOSE = 1e-9


@dataclass(frozen=True)
class BorrowedYear:
    """Method for one to two years by month, or for records with few requests or many zeros."""

    name: str = "regression with a borrowed year"

    def fit(self, history: History, weights: MonthWeights) -> FittedDampedGLM:
        """Fit to a monthly history; see ``ehc_sim.demand.member.Member``.

        Raises
        ------
        CannotFit
            If the regression finds no mode.
        """
        history = tempered(history, weights)
        used = history.learnt
        counts = history.counts.astype(np.float64)
        design = design_of(history, weights)
        exposure = log_exposure(history.index, weights)
        precision, prior = known_before(design.shape[1], short=True)
        precision += month_precision(design.shape[1], LIKELY_SCATTER)
        prior[:12] += np.log((counts[used].sum() + 0.5) / np.exp(exposure[used]).sum())
        precision[:12, :12] += 1 / (12 * LEVEL_SD) ** 2
        alpha = MONTH_NOISE
        for _ in range(2):
            mean, covariance = mode(
                counts[used], design[used], exposure[used], alpha, precision, prior
            )
            if used.sum() < LEAST_TO_JUDGE_NOISE:
                break
            expected = np.exp(design[used] @ mean + exposure[used])
            degrees = int(used.sum()) - MONTHS_OF_EVIDENCE
            alpha = excess_variance(counts[used], expected, degrees)
        with quiet():
            return carried_on(history, weights, design, mean, covariance, alpha)


MONTHS_OF_EVIDENCE = 8
"""Degrees of freedom that level, growth and months with a prior use up, about."""


def mode(
    counts: NDArray[np.float64],
    design: NDArray[np.float64],
    exposure: NDArray[np.float64],
    alpha: float,
    precision: NDArray[np.float64],
    prior: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the mode of a negative binomial regression with a normal prior, and its covariance.

    Fisher scoring: each step solves a weighted regression with the prior as further rows.

    Parameters
    ----------
    counts, exposure : ndarray of float64, shape (n,)
        Requests, and log exposure.
    design : ndarray of float64, shape (n, k)
    alpha : float
        Excess variance.
    precision, prior : ndarray of float64, shape (k, k) and (k,)

    Raises
    ------
    CannotFit
        If the steps do not settle.
    """
    found = prior.copy()
    for turn in range(STEPS):
        expected = np.exp(np.minimum(design @ found + exposure, 25))
        weight = expected / (1 + alpha * expected)
        information = (design.T * weight) @ design + precision
        slope = design.T @ ((counts - expected) / (1 + alpha * expected))
        try:
            step = np.linalg.solve(information, slope - precision @ (found - prior))
        except np.linalg.LinAlgError as error:
            raise CannotFit(f"regression with a borrowed year: {error}") from error
        found = found + np.clip(step, -1, 1) * (1.0 if turn < HALVED_AFTER else 0.5)
        if np.abs(step).max() < CLOSE:
            covariance = np.linalg.inv(information)
            return found, (covariance + covariance.T) / 2
    raise CannotFit("regression with a borrowed year: no mode was found")
