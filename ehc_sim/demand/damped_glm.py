"""Forecast from the months of the year: a negative binomial regression, carefully extended.

Month of the year, a log-linear trend that flattens out, and school days as exposure. A regression
alone is far too sure of a year's total (on Scottish CAMHS referrals 44% of second-year totals lay
in an 80% range), so the level and the slope wander in the future as residuals show they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.borrowing import growth_prior, shrunk
from ehc_sim.demand.exposure import Months, MonthWeights, log_exposure
from ehc_sim.demand.history import History, before_steps
from ehc_sim.demand.member import LEAST_WALK_SD, CannotFit, quiet
from ehc_sim.demand.paths import CountPaths
from ehc_sim.streams import Streams

LEAST_MONTHS = 36
"""Months learnt from that the trend's own growth needs; with fewer it leans on that elsewhere."""
DAMPING = 0.98
"""Part of the trend's slope kept from one month to the next in the forecast."""
SLOPE_WALK_SD = 0.03
"""Standard deviation, over a year, of the change of the log growth a year."""
LEAST_ALPHA = 1e-6
"""Smallest excess variance; 0 would be a Poisson distribution, which the family cannot take."""
ALPHA_ROUNDS = 4
"""Rounds of regression and moment equation; the fourth changes the third digit at most."""


@dataclass(frozen=True, eq=False)
class FittedDampedGLM:
    """A fitted regression and the wandering of its level.

    Attributes
    ----------
    months : ndarray of datetime64[M], shape (n,)
        Months of the record.
    coefficients : ndarray of float64, shape (13,)
        Log rate in January to December in the last month of the record, and log growth a year.
    covariance_root : ndarray of float64, shape (13, 13)
        Lower triangular root of the coefficients' covariance.
    alpha : float
        Excess variance: the variance of a count is mean + alpha * mean².
    level, level_sd : float
        Log level of the last months relative to the trend, and its standard deviation.
    walk_sd : float
        Standard deviation of a month's change of log level.
    expected : ndarray of float64, shape (n,)
        Requests expected in each month of the record, with the level reached by then.
    to_present : ndarray of float64, shape (n,)
        What brings a month to the level after the steps that the planner confirmed.
    weights : MonthWeights
        Exposure by month.
    notes : tuple of str
        What a reader should know.
    """

    months: Months
    coefficients: NDArray[np.float64]
    covariance_root: NDArray[np.float64]
    alpha: float
    level: float
    level_sd: float
    walk_sd: float
    expected: NDArray[np.float64]
    to_present: NDArray[np.float64]
    weights: MonthWeights
    notes: tuple[str, ...]

    @property
    def growth_sd(self) -> float:
        """Standard error of the log growth a year."""
        return float(np.sqrt(np.sum(self.covariance_root[-1] ** 2)))

    @property
    def growth(self) -> float:
        """Log growth a year of the fitted trend."""
        return float(self.coefficients[-1])

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of monthly counts; see ``ehc_sim.demand.member.Fitted``."""
        first = int((months[0] - self.months[-1]).astype(np.int64))
        ahead = self.months[-1] + np.arange(1, first + len(months))
        log_mean = self._log_means(ahead, draws)
        counts = np.empty(log_mean.shape, dtype=np.int64)
        for r, streams in enumerate(draws):
            excess = streams.generator("monthly requests, excess").standard_gamma(
                1 / self.alpha, len(ahead)
            )
            mean = np.exp(log_mean[r]) * excess * self.alpha
            counts[r] = streams.generator("monthly requests, chance").poisson(mean)
        return CountPaths(months, counts[:, first - 1 :], draws[0].replication)

    def _log_means(self, ahead: Months, draws: Sequence[Streams]) -> NDArray[np.float64]:
        size = len(self.coefficients)
        errors = np.empty((len(draws), size))
        start = np.empty((len(draws), 1))
        walks = np.empty((len(draws), len(ahead), 2))
        for r, streams in enumerate(draws):
            errors[r] = streams.generator("monthly requests, fit").standard_normal(size)
            rng = streams.generator("monthly requests, level")
            start[r] = rng.standard_normal()
            walks[r] = rng.standard_normal((len(ahead), 2))
        # einsum sums in one order whatever the number of paths, so a path made alone is the same
        drawn = self.coefficients + np.einsum("nk,jk->nj", errors, self.covariance_root)
        steps = np.cumsum(DAMPING ** np.arange(1, len(ahead) + 1)) / 12
        trend = drawn[:, -1:] * steps
        level = self.level + self.level_sd * start + self.walk_sd * np.cumsum(walks[:, :, 0], 1)
        slope = SLOPE_WALK_SD / np.sqrt(12) * np.cumsum(walks[:, :, 1], axis=1)
        wandering = level + np.cumsum(slope, axis=1) / 12
        exposure = log_exposure(ahead, self.weights)
        return np.asarray(drawn[:, ahead.astype(np.int64) % 12] + trend + wandering + exposure)


@dataclass(frozen=True)
class DampedGLM:
    """Method for two years or more by month."""

    name: str = "monthly regression with a damped trend"

    def fit(self, history: History, weights: MonthWeights) -> FittedDampedGLM:
        """Fit to a monthly history; see ``ehc_sim.demand.member.Member``.

        The months of the year are drawn towards those borrowed from elsewhere, as far as their
        own errors and their differences from them say; with less than ``LEAST_MONTHS`` months,
        growth is drawn towards that elsewhere too.

        Raises
        ------
        CannotFit
            If the regression finds no fit.
        """
        used = history.learnt
        counts = history.counts.astype(np.float64)
        steps = before_steps(history)
        design = np.column_stack([design_of(history.index), steps])
        exposure = log_exposure(history.index, weights)
        try:
            with quiet():
                fitted, alpha = _regression(counts[used], design[used], exposure[used])
                mean, covariance = np.asarray(fitted.params), np.asarray(fitted.cov_params())
                precision, prior = growth_prior(design.shape[1], int(used.sum()) < LEAST_MONTHS)
                mean, covariance = shrunk(mean, covariance, precision, prior)
                return carried_on(history, weights, design, mean, covariance, alpha)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise CannotFit(f"{self.name}: {error}") from error


def carried_on(
    history: History,
    weights: MonthWeights,
    design: NDArray[np.float64],
    coefficients: NDArray[np.float64],
    covariance: NDArray[np.float64],
    alpha: float,
) -> FittedDampedGLM:
    """Return a regression with the wandering of its level found from its residuals.

    Parameters
    ----------
    history, weights
        The record and its exposure.
    design : ndarray of float64, shape (n, 13 + steps)
        As ``design_of`` gives, with a column for each step.
    coefficients, covariance : ndarray of float64, shape (k,) and (k, k)
        Of the regression.
    alpha : float
        Excess variance.
    """
    used = history.learnt
    counts = history.counts.astype(np.float64)
    mean = np.exp(design @ coefficients + log_exposure(history.index, weights))
    residuals = np.where(used, np.log((counts + 0.5) / (mean + 0.5)), np.nan)
    levels, level_sd, walk_sd = _wandering(residuals)
    future = slice(MONTHS_AND_GROWTH)
    return FittedDampedGLM(
        months=history.index,
        coefficients=coefficients[future],
        covariance_root=np.linalg.cholesky(covariance[future, future]),
        alpha=alpha,
        level=float(levels[-1]),
        level_sd=level_sd,
        walk_sd=walk_sd,
        expected=mean * np.exp(levels),
        to_present=np.exp(-design[:, MONTHS_AND_GROWTH:] @ coefficients[MONTHS_AND_GROWTH:]),
        weights=weights,
        notes=_notes(float(coefficients[MONTHS_AND_GROWTH - 1])),
    )


MONTHS_AND_GROWTH = 13
"""Columns of the design that go on into the future."""


def design_of(months: Months) -> NDArray[np.float64]:
    """Return a column for each month of the year, and years since the end of the record."""
    dummies = np.eye(12)[months.astype(np.int64) % 12]
    return np.column_stack([dummies, (months - months[-1]).astype(np.float64) / 12])


def _regression(
    counts: NDArray[np.float64], design: NDArray[np.float64], exposure: NDArray[np.float64]
) -> tuple[Any, float]:
    """Fit the regression and its excess variance in turn.

    The family never estimates alpha itself, and its default of 1 makes every error some eight
    times too large, so alpha is found from the residuals and given.
    """
    import statsmodels.api as sm  # here: a second to load, and yearly records never need it

    alpha = LEAST_ALPHA
    for _ in range(ALPHA_ROUNDS):
        family = sm.families.NegativeBinomial(alpha=alpha)
        fitted = sm.GLM(counts, design, family=family, offset=exposure).fit()
        alpha = excess_variance(counts, fitted.mu, len(counts) - design.shape[1])
    return fitted, alpha


def excess_variance(counts: NDArray[np.float64], means: NDArray[np.float64], degrees: int) -> float:
    """Return alpha with sum (y - mu)² / (mu + alpha mu²) = degrees of freedom, by bisection.

    Maximum likelihood is biased low with a column for each month (0.0075 where 0.012 was true).
    """
    squares = (counts - means) ** 2
    low, high = LEAST_ALPHA, 10.0
    for _ in range(60):
        alpha = np.sqrt(low * high)
        if np.sum(squares / (means + alpha * means**2)) > degrees:
            low = alpha
        else:
            high = alpha
    return float(np.sqrt(low * high))


def _wandering(residuals: NDArray[np.float64]) -> tuple[NDArray[np.float64], float, float]:
    """Return the level of the residuals by month, its error at the end, and the walk's.

    The walk is never less than ``LEAST_WALK_SD``, for the level reached as for the months to come:
    otherwise the first year is too sure (where 0.02 is true, 69% of first-year totals lay in an
    80% range, and 73% with the floor).
    """
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model = UnobservedComponents(residuals, level="llevel")
    parameters = np.array(model.fit(disp=False).params)  # a variance of 0 is left to the floor
    walk = model.param_names.index("sigma2.level")
    parameters[walk] = max(parameters[walk], LEAST_WALK_SD**2)
    smoothed = model.smooth(parameters)
    variance = smoothed.filtered_state_cov[0, 0, -1]
    levels = np.asarray(smoothed.smoothed_state[0])
    return levels, float(np.sqrt(max(variance, 0.0))), float(np.sqrt(parameters[walk]))


def _notes(growth: float) -> tuple[str, ...]:
    return (
        f"Growth: the record's trend is {np.expm1(growth):+.1%} a year; the forecast keeps "
        f"{DAMPING**12:.0%} of it after a year.",
    )
