"""What every method of forecasting offers, so that methods can stand side by side."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from ehc_sim.demand.exposure import Months, MonthWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.paths import CountPaths
from ehc_sim.rng.streams import Streams

LEAST_WALK_SD = 0.02
"""Smallest standard deviation of a month's change of log level: boards with real walks had up to
0.043, and an estimate of 0 from some years is no proof of none."""
MOST_WALK_SD = 0.06
"""Largest: half as much again as the most of those boards. A record with a step in it would have
more, as if steps came every month."""
TYPICAL_WALK_SD = 0.03
"""The same where a record is too short to show any: of nine such boards, six had 0.03 to 0.043."""


class CannotFit(ValueError):  # noqa: N818
    """A method that found no fit to a history."""


class Fitted(Protocol):
    """A method fitted to a history."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the forecast should know, in words."""

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of the observed counts, observation noise included.

        Parameters
        ----------
        months : ndarray of datetime64[M], shape (n_months,)
            Months after the history, in order and without a gap.
        draws : sequence of Streams
            One for each path. A path depends on its own only, so each can be made by itself.
        """


class Member(Protocol):
    """A method of forecasting."""

    @property
    def name(self) -> str:
        """Name in words."""

    def fit(self, history: History, weights: MonthWeights) -> Fitted:
        """Fit to a history; the weights cover its months and those to forecast, whole years.

        Raises
        ------
        CannotFit
            If the method finds no fit.
        """


@contextmanager
def quiet() -> Iterator[None]:
    """Keep warnings of a fit to itself: those that matter are checked on what it found."""
    import statsmodels.tools.sm_exceptions  # noqa: F401 - it sets filters when it is first loaded

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
