"""Forecast by structural components: level, steady trend, months of the year and school days.

An unobserved components model of the log of the counts (Harvey 1989); months that are not known are
left open by its filter. The level wanders, the slope does not: with a slope that wanders too, or
without an irregular part, forecasts were worse and ranges several times too wide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.damped_glm import FittedDampedGLM
from ehc_sim.demand.exposure import Months, MonthWeights
from ehc_sim.demand.extremes import Limit, tempered
from ehc_sim.demand.history import History
from ehc_sim.demand.member import LEAST_WALK_SD, MOST_WALK_SD, CannotFit, quiet
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.regression import regression_of
from ehc_sim.rng.streams import Streams

PERIOD = 12
HALF = 0.5
"""Added before the logarithm and taken off after it, so that a month without requests has one."""


@dataclass(frozen=True, eq=False)
class FittedComponents:
    """A fitted model in its state space form: what is known at the end, and what moves it.

    Attributes
    ----------
    next_month : datetime64[M]
        First month after the record.
    state : ndarray of float64, shape (k,)
        Expected state in the first month after the record.
    state_root : ndarray of float64, shape (k, k)
        Root of the state's covariance.
    transition : ndarray of float64, shape (k, k)
        From one month's state to the next.
    design : ndarray of float64, shape (k,)
        What of the state is seen.
    shocks : ndarray of float64, shape (k, m)
        How each kind of monthly shock enters the state, times its standard deviation.
    noise_sd : float
        Standard deviation of the irregular part.
    regression : FittedDampedGLM
        Says what the calendar brings to months.
    limit : Limit
        The most requests of a month.
    notes : tuple of str
        What a reader should know.
    """

    next_month: np.datetime64
    state: NDArray[np.float64]
    state_root: NDArray[np.float64]
    transition: NDArray[np.float64]
    design: NDArray[np.float64]
    shocks: NDArray[np.float64]
    noise_sd: float
    regression: FittedDampedGLM
    limit: Limit
    notes: tuple[str, ...] = ()

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of monthly counts; see ``ehc_sim.demand.member.Fitted``."""
        skip = int((months[0] - self.next_month).astype(np.int64))
        ahead = skip + len(months)
        start = np.empty((len(draws), len(self.state)))
        noise = np.empty((len(draws), ahead, 1 + self.shocks.shape[1]))
        for r, streams in enumerate(draws):
            rng = streams.generator("monthly requests, components")
            start[r] = rng.standard_normal(len(self.state))
            noise[r] = rng.standard_normal(noise.shape[1:])
        values = np.exp(self.logs(start, noise))[:, skip:] * self.regression.calendar(months)
        most = self.limit.at(months)
        return CountPaths.of_values(months, values - HALF, draws, "components", most)

    def logs(self, start: NDArray[np.float64], noise: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return log counts without the calendar, from standard normal numbers.

        The model is linear, so a path is its middle, plus what the start's error becomes, plus what
        becomes of each month's shocks. Sums run over the last axis, in one order whatever the
        number of paths, so that a path made alone is the same.

        Parameters
        ----------
        start : ndarray of float64, shape (n_paths, k)
            For the state at the start.
        noise : ndarray of float64, shape (n_paths, n, 1 + m)
            For the irregular part and for the shocks.
        """
        ahead = noise.shape[1]
        seen = np.empty((ahead, len(self.state)))
        row = self.design
        for month in range(ahead):
            seen[month] = row
            row = row @ self.transition
        error = (start[:, np.newaxis, :] * self.state_root).sum(axis=2)
        logs = (seen * self.state).sum(axis=1) + (error[:, np.newaxis, :] * seen).sum(axis=2)
        reached = self.shocks
        for later in range(1, ahead):  # a shock is first seen in the month after
            weight = self.design @ reached
            logs[:, later:] += (noise[:, : ahead - later, 1:] * weight).sum(axis=2)
            reached = self.transition @ reached
        return np.asarray(logs + self.noise_sd * noise[:, :, 0])


@dataclass(frozen=True)
class Components:
    """Method for three years or more by month."""

    name: str = "structural components"

    def fit(self, history: History, weights: MonthWeights) -> FittedComponents:
        """Fit to a monthly history; see ``ehc_sim.demand.member.Member``.

        Raises
        ------
        CannotFit
            If the model finds no fit.
        """
        from statsmodels.tsa.statespace.structural import UnobservedComponents

        history = tempered(history, weights)
        regression = regression_of(history, weights)
        counts = (history.counts + HALF) * regression.to_present
        logs = np.log(counts / regression.calendar(history.index))
        logs = np.where(history.learnt, logs, np.nan)
        try:
            with quiet():
                model = UnobservedComponents(
                    logs,
                    level="lldtrend",
                    seasonal=PERIOD,
                    stochastic_seasonal=False,
                )
                parameters = np.array(model.fit(disp=False).params)
                level = model.param_names.index("sigma2.level")
                parameters[level] = np.clip(parameters[level], LEAST_WALK_SD**2, MOST_WALK_SD**2)
                results = model.smooth(parameters)
        except (ValueError, np.linalg.LinAlgError) as error:
            raise CannotFit(f"{self.name}: {error}") from error
        return _fitted(model, results, history, regression)


def _fitted(
    model: Any,  # noqa: ANN401
    results: Any,  # noqa: ANN401
    history: History,
    regression: FittedDampedGLM,
) -> FittedComponents:
    """Take from a smoothed model what a forecast needs."""
    space = model.ssm
    covariance = results.predicted_state_cov[:, :, -1]
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    shocks = np.array(space["selection"]) @ np.sqrt(np.maximum(space["state_cov"], 0))
    return FittedComponents(
        next_month=history.last_month + 1,
        state=np.array(results.predicted_state[:, -1]),
        state_root=vectors * np.sqrt(np.maximum(values, 0)),
        transition=np.array(space["transition"]),
        design=np.array(space["design"][0]),
        shocks=shocks,
        noise_sd=float(np.sqrt(space["obs_cov"][0, 0])),
        regression=regression,
        limit=Limit.of(history),
    )
