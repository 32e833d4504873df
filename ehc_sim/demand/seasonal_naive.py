"""The plain guess that a forecast has to beat: the same month last year.

Its ranges are those of a walk for each month of the year, with the changes from year to year that
the record shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.exposure import Months, MonthWeights
from ehc_sim.demand.extremes import Limit, tempered
from ehc_sim.demand.filled import filled
from ehc_sim.demand.history import History
from ehc_sim.demand.paths import CountPaths
from ehc_sim.rng.streams import Streams

PERIOD = 12
SPREAD_ELSEWHERE = 0.2
"""Yearly change of a month, relative, taken where the record has no two years to show it."""


@dataclass(frozen=True, eq=False)
class FittedNaive:
    """The last twelve months, and how much months change in a year.

    Attributes
    ----------
    next_month : datetime64[M]
        First month after the record.
    last_year : ndarray of float64, shape (12,)
        Requests in the last twelve months.
    change_sd : float
        Root mean square of the changes of a month in a year.
    limit : Limit
        The most requests of a month.
    notes : tuple of str
        What a reader should know.
    """

    next_month: np.datetime64
    last_year: NDArray[np.float64]
    change_sd: float
    limit: Limit
    notes: tuple[str, ...] = ("Growth: none; each month is that of the year before.",)

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of monthly counts; see ``ehc_sim.demand.member.Fitted``."""
        skip = int((months[0] - self.next_month).astype(np.int64))
        years = (skip + len(months) - 1) // PERIOD + 1
        changes = np.stack(
            [s.generator("monthly requests, naive").standard_normal((years, PERIOD)) for s in draws]
        )
        values = self.last_year + self.change_sd * np.cumsum(changes, axis=1)
        values = values.reshape(len(draws), -1)[:, skip : skip + len(months)]
        return CountPaths.of_values(months, values, draws, "naive", self.limit.at(months))


@dataclass(frozen=True)
class SeasonalNaive:
    """The same month last year."""

    name: str = "seasonal naive"

    def fit(self, history: History, weights: MonthWeights) -> FittedNaive:
        """Take the last twelve months; see ``ehc_sim.demand.member.Member``."""
        last_year, learnt = filled(history, weights)[-PERIOD:], history.learnt
        # a month far from any other is last year's all the same, and no usual change
        counts = tempered(history, weights).counts.astype(np.float64)
        both = learnt[PERIOD:] & learnt[:-PERIOD]
        changes = (counts[PERIOD:] - counts[:-PERIOD])[both]
        spread = np.sqrt(np.mean(changes**2)) if both.any() else SPREAD_ELSEWHERE * counts.mean()
        limit = Limit.of(history)
        return FittedNaive(history.last_month + 1, last_year, float(spread), limit)
