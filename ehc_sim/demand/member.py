"""What every method of forecasting offers, so that methods can stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ehc_sim.demand.exposure import Months, MonthWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.paths import CountPaths
from ehc_sim.streams import Streams


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
        """Fit to a history; the weights cover its months and those to forecast, whole years."""
