"""The method that a record calls for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.borrowed_year import BorrowedYear
from ehc_sim.demand.borrowing import BORROWED_MONTHS
from ehc_sim.demand.exposure import Months, MonthWeights
from ehc_sim.demand.extremes import MOST_RISE
from ehc_sim.demand.history import History
from ehc_sim.demand.ladder import Method, Rung, rung
from ehc_sim.demand.member import Member
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.pool import FOUR, TWO
from ehc_sim.demand.profile import MONTH_NOISE
from ehc_sim.demand.seasonal_naive import SeasonalNaive
from ehc_sim.demand.yearly import YearlyTotals
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.record import Assumed


@dataclass(frozen=True, eq=False)
class FittedAssumption:
    """An assumed number of requests, and how it is spread.

    Attributes
    ----------
    first_month : datetime64[M]
        First month that is wanted.
    assumed : Assumed
        What to expect.
    weights : MonthWeights
        Exposure by month.
    notes : tuple of str
        What a reader should know.
    """

    first_month: np.datetime64
    assumed: Assumed
    weights: MonthWeights
    notes: tuple[str, ...]

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of monthly counts; see ``ehc_sim.demand.member.Fitted``.

        Its level wanders to no more than ``MOST_RISE`` times what is assumed, nor to less.
        """
        every = np.arange(self.first_month, months[-1] + 1)
        years = np.arange(len(every)) // 12
        counts = np.empty((len(draws), len(every)), dtype=np.int64)
        for r, streams in enumerate(draws):
            rng = streams.generator("monthly requests, assumed level")
            sd = self.assumed.level_sd.drawn(streams.uniform)
            wandering = sd * np.cumsum(rng.standard_normal(years[-1] + 1))
            growth = np.log1p(self.assumed.growth_a_year.drawn(streams.uniform))
            a_year = self.assumed.requests_a_year.drawn(streams.uniform)
            planned = a_year * self._shares(every) * np.exp(growth * years)
            mean = planned * np.exp(
                np.clip(wandering[years], -np.log(MOST_RISE), np.log(MOST_RISE))
            )
            excess = streams.generator("monthly requests, excess").standard_gamma(
                1 / MONTH_NOISE, len(every)
            )
            chance = streams.generator("monthly requests, chance")
            counts[r] = chance.poisson(mean * excess * MONTH_NOISE)
        return CountPaths(months, counts[:, -len(months) :], draws[0].replication)

    def _shares(self, months: Months) -> NDArray[np.float64]:
        """Return each month's requests as a share of a year's of average exposure."""
        year = self.first_month + np.arange(12)
        beyond = np.exp(BORROWED_MONTHS)
        first = self.weights.at(year) * beyond[year.astype(np.int64) % 12]
        every = self.weights.at(months) * beyond[months.astype(np.int64) % 12]
        return np.asarray(every / first.sum())


@dataclass(frozen=True)
class Assumption:
    """Method for no record at all."""

    name: str = "assumed, not forecast"

    def fit(self, history: History, weights: MonthWeights) -> FittedAssumption:
        """Take what is assumed; see ``ehc_sim.demand.member.Member``.

        Raises
        ------
        ValueError
            If the history says nothing of what is assumed.
        """
        assumed = history.assumed
        if assumed is None:
            raise ValueError("the history holds no assumption")
        growth = float(assumed.growth_a_year)
        note = (
            f"This is an assumption and no forecast: {float(assumed.requests_a_year):,.0f} "
            f"requests in the first year and {growth:+.1%} a year after it, give or take "
            f"{float(assumed.level_sd):.0%} a year, spread over the months as elsewhere. Nothing "
            "of it was learnt from a record."
        )
        return FittedAssumption(history.last_month + 1, assumed, weights, (note,))


_ON_RUNG: Mapping[Rung, Callable[[], Member]] = {
    "seasonal naive": SeasonalNaive,
    "assumed": Assumption,
    "by year": YearlyTotals,
    "of few": BorrowedYear,
    "four": lambda: FOUR,
    "two": lambda: TWO,
    "borrowed year": BorrowedYear,
}


def choose(history: History, method: Method | None = None) -> tuple[Member, str]:
    """Return the method for a history, and why it is this one, in words.

    Parameters
    ----------
    history : History
        The record.
    method : str, optional
        What the scenario asks for; by default the record decides.

    Raises
    ------
    BadInput
        If the history is too short for any method, or for the one asked for.
    """
    found, why = rung(history, method)
    return _ON_RUNG[found](), why
