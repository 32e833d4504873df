"""How many requests a day draws, relative to other days: working days, school days, weekdays.

The same weights serve three times, so the calendar is counted once: their sum over a month is the
month's exposure in a forecast, splits a year into months, and splits a month into days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.scenario.schema import Demand

Months = NDArray[np.datetime64]
"""Months in order, dtype datetime64[M]."""


@dataclass(frozen=True)
class DayWeights:
    """Requests on one kind of day relative to another.

    Attributes
    ----------
    weekday : tuple of float, length 5
        Monday to Friday, relative to one another.
    school_holiday : float
        A working day in the school holidays, relative to a school day.

    Notes
    -----
    The defaults are assumptions, not measured; a council's own dated requests should replace them.
    """

    weekday: tuple[float, ...] = (1.15, 1.10, 1.00, 0.95, 0.80)
    school_holiday: float = 0.45

    @classmethod
    def of(cls, demand: Demand) -> DayWeights:
        """Return the weights that a scenario sets."""
        weekday = tuple(float(weight) for weight in demand.weekday_weights)
        return cls(weekday, float(demand.school_holiday_weight))


def daily_weights(timeline: Timeline, weights: DayWeights) -> NDArray[np.float64]:
    """Return the weight of every day of a timeline.

    Parameters
    ----------
    timeline : Timeline
        Days, with working days and school days marked.
    weights : DayWeights
        Weights by kind of day.

    Returns
    -------
    ndarray of float64, shape (n_days,)
        0 on weekends and bank holidays. A month that would have no positive weight at all is
        given 1 on each of its working days.
    """
    by_weekday = np.zeros(7)
    by_weekday[:5] = weights.weekday
    in_term = np.where(timeline.school, 1.0, weights.school_holiday)
    daily = timeline.working * in_term * by_weekday[timeline.weekday]
    empty = np.bincount(timeline.month, weights=daily) <= 0
    return np.where(empty[timeline.month], timeline.working.astype(float), daily)


@dataclass(frozen=True, eq=False)
class MonthWeights:
    """Exposure of whole months: the sum of their days' weights.

    Attributes
    ----------
    months : ndarray of datetime64[M], shape (n,)
        Months without a gap.
    exposure : ndarray of float64, shape (n,)
        Weighted days; 1 is a school day with a weekday weight of 1.
    terms_made : tuple of int
        School years whose term dates were made by rule, not listed.
    """

    months: Months
    exposure: NDArray[np.float64]
    terms_made: tuple[int, ...] = ()

    @classmethod
    def england(
        cls,
        first: np.datetime64,
        last: np.datetime64,
        terms: SchoolTerms,
        weights: DayWeights,
    ) -> MonthWeights:
        """Add up the days of an English council's months.

        Parameters
        ----------
        first, last : datetime64
            First and last month, or years, which are taken whole.
        terms : SchoolTerms
            The council's school terms.
        weights : DayWeights
            Weights by kind of day.

        Raises
        ------
        ValueError
            If bank holidays are not known for the months.
        """
        return _england(
            first.astype("datetime64[M]"), (last + 1).astype("datetime64[M]"), terms, weights
        )

    @cached_property
    def content(self) -> bytes:
        """Digest of the months and their exposure."""
        digest = blake2b(self.months.astype(np.int64).tobytes(), digest_size=16)
        digest.update(self.exposure.tobytes())
        return digest.digest()

    def at(self, months: Months) -> NDArray[np.float64]:
        """Return the exposure of some months.

        Raises
        ------
        ValueError
            If a month is outside the months that the weights were made for.
        """
        number = (months - self.months[0]).astype(np.int64)
        if len(number) and (number.min() < 0 or number.max() >= len(self.months)):
            raise ValueError(
                f"exposure is known from {self.months[0]} to {self.months[-1]}, "
                f"asked for {months.min()} to {months.max()}"
            )
        return np.asarray(self.exposure[number])


def log_exposure(months: Months, weights: MonthWeights) -> NDArray[np.float64]:
    """Return the log of the exposure of months; of a month without any, a very low number."""
    return np.asarray(np.log(np.maximum(weights.at(months), 1e-9)))


@lru_cache(maxsize=64)
def _england(
    first: np.datetime64, end: np.datetime64, terms: SchoolTerms, weights: DayWeights
) -> MonthWeights:
    first_day = first.astype("datetime64[D]").item()
    last_day = end.astype("datetime64[D]").item() - timedelta(days=1)
    timeline = Timeline.england(first_day, last_day, terms)
    exposure = np.bincount(timeline.month, daily_weights(timeline, weights)).astype(np.float64)
    exposure.setflags(write=False)
    return MonthWeights(timeline.months, exposure, timeline.terms_made)
