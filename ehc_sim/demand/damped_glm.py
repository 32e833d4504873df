"""Forecast from the months of the year: a negative binomial regression, carefully extended.

Month of the year, a log-linear trend that flattens out, and school days as exposure. A regression
alone is far too sure of a year's total (on Scottish CAMHS referrals 44% of second-year totals lay
in an 80% range), so the level and the slope wander in the future as residuals show they do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.borrowing import CARRIED_ON, EXPOSURE, GROWTH, GROWTH_ELSEWHERE, shrunk
from ehc_sim.demand.exposure import Months, MonthWeights, log_exposure
from ehc_sim.demand.extremes import Limit, tempered
from ehc_sim.demand.history import History, before_steps
from ehc_sim.demand.member import LEAST_WALK_SD, MOST_WALK_SD, TYPICAL_WALK_SD, CannotFit, quiet
from ehc_sim.demand.paths import CountPaths
from ehc_sim.rng.streams import Streams

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
    coefficients : ndarray of float64, shape (14,)
        Log rate in January to December in the last month of the record, log growth a year, and the
        power with which requests follow the exposure, less 1.
    covariance_root : ndarray of float64, shape (14, 14)
        Lower triangular root of the coefficients' covariance.
    alpha : float
        Excess variance: the variance of a count is mean + alpha * mean².
    level, level_sd : float
        Log level of the last months relative to the trend, and its standard deviation.
    walk_sd : float
        Standard deviation of a month's change of log level.
    mean_exposure : float
        Mean log exposure of the record.
    expected : ndarray of float64, shape (n,)
        Requests expected in each month of the record, with the level reached by then.
    to_present : ndarray of float64, shape (n,)
        What brings a month to the level after the steps that the planner confirmed.
    weights : MonthWeights
        Exposure by month.
    limit : Limit
        The most requests of a month.
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
    mean_exposure: float
    expected: NDArray[np.float64]
    to_present: NDArray[np.float64]
    weights: MonthWeights
    limit: Limit
    notes: tuple[str, ...]

    @property
    def growth_sd(self) -> float:
        """Standard error of the log growth a year."""
        return float(np.sqrt(np.sum(self.covariance_root[GROWTH] ** 2)))

    @property
    def growth(self) -> float:
        """Log growth a year of the fitted trend."""
        return float(self.coefficients[GROWTH])

    def calendar(self, months: Months) -> NDArray[np.float64]:
        """Return how many requests the calendar brings to months, 1 on average in the record."""
        beyond = log_exposure(months, self.weights) - self.mean_exposure
        return np.asarray(np.exp((1 + self.coefficients[EXPOSURE]) * beyond))

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of monthly counts; see ``ehc_sim.demand.member.Fitted``."""
        first = int((months[0] - self.months[-1]).astype(np.int64))
        ahead = self.months[-1] + np.arange(1, first + len(months))
        most = self.limit.at(ahead)
        log_mean = np.minimum(self._log_means(ahead, draws), np.log(most))
        counts = np.empty(log_mean.shape, dtype=np.int64)
        for r, streams in enumerate(draws):
            excess = streams.generator("monthly requests, excess").standard_gamma(
                1 / self.alpha, len(ahead)
            )
            mean = np.minimum(np.exp(log_mean[r]) * excess * self.alpha, most)
            chance = streams.generator("monthly requests, chance").poisson(mean)
            counts[r] = np.minimum(chance, most)
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
        trend = drawn[:, GROWTH, np.newaxis] * steps
        level = self.level + self.level_sd * start + self.walk_sd * np.cumsum(walks[:, :, 0], 1)
        slope = SLOPE_WALK_SD / np.sqrt(12) * np.cumsum(walks[:, :, 1], axis=1)
        wandering = level + np.cumsum(slope, axis=1) / 12
        beyond = log_exposure(ahead, self.weights) - self.mean_exposure
        exposure = self.mean_exposure + (1 + drawn[:, EXPOSURE, np.newaxis]) * beyond
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
        history = tempered(history, weights)
        used = history.learnt
        counts = history.counts[used].astype(np.float64)
        design, exposure = design_of(history, weights), log_exposure(history.index, weights)
        seen = np.flatnonzero(np.ptp(design[used], axis=0) > 0)  # not an exposure without change
        mean = np.zeros(design.shape[1])
        information = np.zeros((len(mean), len(mean)))
        try:
            with quiet():
                fitted, alpha = _regression(counts, design[np.ix_(used, seen)], exposure[used])
                mean[seen] = fitted.params
                information[np.ix_(seen, seen)] = np.linalg.inv(fitted.cov_params())
                mean, covariance = shrunk(mean, information, int(used.sum()) < LEAST_MONTHS)
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
    design : ndarray of float64, shape (n, k)
        As ``design_of`` gives.
    coefficients, covariance : ndarray of float64, shape (k,) and (k, k)
        Of the regression.
    alpha : float
        Excess variance.
    """
    used = history.learnt
    counts = history.counts.astype(np.float64)
    exposure = log_exposure(history.index, weights)
    mean = np.exp(design @ coefficients + exposure)
    residuals = np.where(used, np.log((counts + 0.5) / (mean + 0.5)), np.nan)
    least = LEAST_WALK_SD if used.sum() >= LEAST_MONTHS else TYPICAL_WALK_SD
    levels, level_sd, walk_sd = _wandering(residuals, least)
    future = slice(CARRIED_ON)
    return FittedDampedGLM(
        months=history.index,
        coefficients=coefficients[future],
        covariance_root=np.asarray(
            np.linalg.cholesky(covariance[future, future]), dtype=np.float64
        ),
        alpha=alpha,
        level=float(levels[-1]),
        level_sd=level_sd,
        walk_sd=walk_sd,
        mean_exposure=float(exposure.mean()),
        expected=mean * np.exp(levels),
        to_present=np.exp(-design[:, CARRIED_ON:] @ coefficients[CARRIED_ON:]),
        weights=weights,
        limit=Limit.of(history),
        notes=_notes(float(coefficients[GROWTH]), int(used.sum()) < LEAST_MONTHS),
    )


def design_of(history: History, weights: MonthWeights) -> NDArray[np.float64]:
    """Return the columns that explain the log counts beyond their exposure.

    Returns
    -------
    ndarray of float64, shape (n, 14 + steps)
        A column for each month of the year; years since the end of the record; log exposure about
        its mean; and a column for each confirmed step.
    """
    months = history.index
    dummies = np.eye(12)[months.astype(np.int64) % 12]
    years = (months - months[-1]).astype(np.float64) / 12
    exposure = log_exposure(months, weights)
    return np.column_stack([dummies, years, exposure - exposure.mean(), before_steps(history)])


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


def _wandering(
    residuals: NDArray[np.float64], least: float
) -> tuple[NDArray[np.float64], float, float]:
    """Return the level of the residuals by month, its error at the end, and the walk's.

    The walk's standard deviation is never more than ``MOST_WALK_SD`` nor less than ``least``, for
    the level reached as for the months to come: otherwise the first year is
    too sure (where 0.02 is true, 69% of first-year totals lay in an 80% range, and 73% with the
    floor).
    """
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    model = UnobservedComponents(residuals, level="llevel")
    parameters = np.array(model.fit(disp=False).params)  # a variance of 0 is left to the floor
    walk = model.param_names.index("sigma2.level")
    parameters[walk] = np.clip(parameters[walk], least**2, MOST_WALK_SD**2)
    smoothed = model.smooth(parameters)
    variance = smoothed.filtered_state_cov[0, 0, -1]
    levels = np.asarray(smoothed.smoothed_state[0])
    return levels, float(np.sqrt(max(variance, 0.0))), float(np.sqrt(parameters[walk]))


def _notes(growth: float, short: bool) -> tuple[str, ...]:
    leaned = f", leaned on {np.expm1(GROWTH_ELSEWHERE):.0%} elsewhere" if short else ""
    return (
        f"Growth: the record's trend is {np.expm1(growth):+.1%} a year{leaned}; the regression "
        f"keeps {DAMPING**12:.0%} of it after a year.",
    )
