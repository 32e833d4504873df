"""Forecast by the theta method: half the trend, and a level that follows the record.

Assimakopoulos and Nikolopoulos (2000). The point forecast is the one of statsmodels; its ranges are
not used, since they are wrong there (a nominal 95% held 100% at twice to fourteen times the width):
the errors of the smoothed level are measured here, and the paths are those of its own equation, an
integrated moving average.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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

THETA = 2
PERIOD = 12
WORSE_THAN_MEAN = 3.0
"""Errors relative to the scatter of the log counts beyond which there is no fit: of counts that are
all the same, the estimate of the drift is arbitrary."""
HALF = 0.5
"""Added before the logarithm and taken off after it, so that a month without requests has one."""


@dataclass(frozen=True, eq=False)
class FittedTheta:
    """A fitted theta method.

    Attributes
    ----------
    next_month : datetime64[M]
        First month after the record.
    level, drift : float
        Log level at the end of the record and its change a month.
    season : ndarray of float64, shape (12,)
        Log effect of each month, from the first after the record.
    alpha : float
        Share of a month's error that stays in the level.
    sigma : float
        Standard deviation of a month's log error.
    regression : FittedDampedGLM
        Says what the calendar brings to months.
    limit : Limit
        The most requests of a month.
    notes : tuple of str
        What a reader should know.
    """

    next_month: np.datetime64
    level: float
    drift: float
    season: NDArray[np.float64]
    alpha: float
    sigma: float
    regression: FittedDampedGLM
    limit: Limit
    notes: tuple[str, ...] = ()

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of monthly counts; see ``ehc_sim.demand.member.Fitted``."""
        skip = int((months[0] - self.next_month).astype(np.int64))
        ahead = skip + len(months)
        noise = np.stack(
            [s.generator("monthly requests, theta").standard_normal((ahead + 1, 2)) for s in draws]
        )
        errors = self.sigma * noise[:, 1:, 0]
        # The level takes its part of every error; what it would lack to the floor comes on top.
        alpha = min(self.alpha, MOST_WALK_SD / max(self.sigma, 1e-9))
        extra = np.sqrt(max(LEAST_WALK_SD**2 - (alpha * self.sigma) ** 2, 0.0))
        steps = alpha * errors + extra * noise[:, 1:, 1]
        wandering = np.cumsum(steps, axis=1) - steps
        month = np.arange(1, ahead + 1)
        middle = self.level + self.drift * month + self.season[(month - 1) % PERIOD]
        values = np.exp(middle + wandering + errors)[:, skip:] * self.regression.calendar(months)
        return CountPaths.of_values(months, values - HALF, draws, "theta", self.limit.at(months))


@dataclass(frozen=True)
class Theta:
    """Method for two years or more by month."""

    name: str = "theta"

    def fit(self, history: History, weights: MonthWeights) -> FittedTheta:
        """Fit to a monthly history; see ``ehc_sim.demand.member.Member``.

        Raises
        ------
        CannotFit
            If the level cannot be smoothed.
        """
        from statsmodels.tsa.forecasting.theta import ThetaModel

        history = tempered(history, weights)
        regression = regression_of(history, weights)
        counts = filled(history, weights) + HALF
        values = np.log(counts / regression.calendar(history.index))
        try:
            with quiet():
                model = ThetaModel(
                    values, period=PERIOD, deseasonalize=True, use_test=False, method="additive"
                )
                results = model.fit(disp=False)
                ahead = np.asarray(results.forecast(2 * PERIOD, theta=THETA), dtype=np.float64)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise CannotFit(f"{self.name}: {error}") from error
        alpha = float(results.params["alpha"])
        drift = float(np.mean(ahead[PERIOD:] - ahead[:PERIOD]) / PERIOD)
        start = ahead[:PERIOD] - drift * np.arange(1, PERIOD + 1)
        level = float(start.mean())
        season = start - level
        place = (np.arange(len(values)) - len(values)) % PERIOD
        errors = _one_step_errors(values - season[place], alpha, drift)[history.learnt[1:]]
        degrees = max(len(errors) - PERIOD - 1, len(errors) // 3)
        sigma = float(np.sqrt(np.sum(errors**2) / degrees))
        if not sigma < WORSE_THAN_MEAN * values.std():
            raise CannotFit(f"{self.name}: its errors are larger than those of a mean")
        return FittedTheta(
            next_month=history.last_month + 1,
            level=level,
            drift=drift,
            season=season,
            alpha=alpha,
            sigma=sigma,
            regression=regression,
            limit=Limit.of(history),
        )


def _one_step_errors(
    values: NDArray[np.float64], alpha: float, drift: float
) -> NDArray[np.float64]:
    """Return each month's error of the level smoothed up to the month before, plus the drift."""
    level, errors = values[0], np.empty(len(values) - 1)
    for month, value in enumerate(values[1:]):
        errors[month] = value - level - drift
        level += drift + alpha * errors[month]
    return errors
