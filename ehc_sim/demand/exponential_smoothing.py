"""Forecast by exponential smoothing with multiplicative errors and months of the year.

Level, trend and each month's share follow the record as it goes (Hyndman, Koehler, Ord and Snyder
2008, "Forecasting with exponential smoothing"); whether there is a trend, and whether it flattens
out, is chosen by the corrected information criterion.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.damped_glm import FittedDampedGLM
from ehc_sim.demand.exposure import Months, MonthWeights
from ehc_sim.demand.extremes import Limit, tempered
from ehc_sim.demand.filled import filled
from ehc_sim.demand.history import History
from ehc_sim.demand.member import LEAST_WALK_SD, MOST_WALK_SD, CannotFit, quiet
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.regression import regression_of
from ehc_sim.rng.streams import Streams

TRENDS: tuple[dict[str, Any], ...] = (
    {"trend": None},
    {"trend": "add"},
    {"trend": "add", "damped_trend": True},
)
LEAST_COUNT = 0.5
"""What a month without requests counts as; multiplicative errors need more than 0."""
LEAST_ERROR = -0.95
"""Relative error of a month below which there is none: at -1 a level would be lost for good."""
MOST_ITERATIONS = 1000


@dataclass(frozen=True, eq=False)
class FittedSmoothing:
    """A fitted model, ready to be simulated from the end of the record.

    Attributes
    ----------
    results : ETSResults
        The model of statsmodels.
    next_month : datetime64[M]
        First month after the record.
    sigma : float
        Standard deviation of a month's relative error, for the degrees of freedom used.
    regression : FittedDampedGLM
        Says what the calendar brings to months.
    limit : Limit
        The most requests of a month.
    notes : tuple of str
        What a reader should know.
    """

    results: Any
    next_month: np.datetime64
    sigma: float
    regression: FittedDampedGLM
    limit: Limit
    notes: tuple[str, ...] = ()

    @property
    def alpha(self) -> float:
        """Share of a month's error that stays in the level."""
        return float(self.results.smoothing_level)

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of monthly counts; see ``ehc_sim.demand.member.Fitted``."""
        skip = int((months[0] - self.next_month).astype(np.int64))
        ahead = skip + len(months)
        noise = np.stack(
            [s.generator("monthly requests, smoothing").standard_normal((ahead, 2)) for s in draws],
            axis=1,
        )
        errors = np.maximum(self.sigma * noise[:, :, 0], LEAST_ERROR)
        # The start of the record is the default, and one path would come as a series.
        made = self.results.simulate(
            ahead, anchor="end", repetitions=len(draws), random_errors=errors
        )
        values = np.asarray(made, dtype=np.float64).reshape(ahead, len(draws)).T
        # The level takes its part of every error; what it would lack to the floor comes on top.
        extra = np.sqrt(max(LEAST_WALK_SD**2 - (self.alpha * self.sigma) ** 2, 0.0))
        values = values * np.exp(np.cumsum(extra * noise[:, :, 1].T, axis=1))
        values = values[:, skip:] * self.regression.calendar(months)
        return CountPaths.of_values(months, values, draws, "smoothing", self.limit.at(months))


@dataclass(frozen=True)
class Smoothing:
    """Method for three years or more by month."""

    name: str = "exponential smoothing"

    def fit(self, history: History, weights: MonthWeights) -> FittedSmoothing:
        """Fit to a monthly history; see ``ehc_sim.demand.member.Member``.

        Raises
        ------
        CannotFit
            If no variant of the model can be fitted.
        """
        history = tempered(history, weights)
        regression = regression_of(history, weights)
        counts = np.maximum(filled(history, weights), LEAST_COUNT)
        values = counts / regression.calendar(history.index)
        tried = [_fit(values, trend) for trend in TRENDS]
        fitted = [results for results in tried if results is not None]
        if not fitted:
            raise CannotFit(f"{self.name} found no fit")
        best = min(fitted, key=lambda results: float(results.aicc))
        # The scale that the model reports divides by all months: 13% too small after 6 years.
        residuals = np.asarray(best.resid)[history.learnt]
        degrees = max(len(residuals) - len(best.params), len(residuals) // 3)
        sigma = float(np.sqrt(np.sum(residuals**2) / degrees))
        return FittedSmoothing(
            _steadied(best, sigma), history.last_month + 1, sigma, regression, Limit.of(history)
        )


def _steadied(results: Any, sigma: float) -> Any:  # noqa: ANN401
    """Return a model whose level takes no more of an error than makes the largest walk."""
    alpha = MOST_WALK_SD / max(sigma, 1e-9)
    if results.smoothing_level <= alpha:
        return results
    parameters = np.array(results.params)
    for name in {"smoothing_level", "smoothing_trend"} & set(results.model.param_names):
        place = results.model.param_names.index(name)
        parameters[place] = min(parameters[place], alpha)
    return results.model.smooth(parameters)


def _fit(values: NDArray[np.float64], trend: dict[str, Any]) -> Any | None:  # noqa: ANN401
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    try:
        with quiet():
            results = ETSModel(
                values, error="mul", seasonal="mul", seasonal_periods=12, **trend
            ).fit(disp=False, maxiter=MOST_ITERATIONS)
    except (ValueError, np.linalg.LinAlgError):
        return None
    return results if np.isfinite(results.aicc) else None
