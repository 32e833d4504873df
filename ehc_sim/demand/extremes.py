"""Months far from any other, and what a forecast takes them as; the most that a month can have.

Methods that take the logarithm of a count see a month of 1 among months of 80 as 4 away, thirty
times what months scatter by. Three such months in sixty made one path of eight million requests. So
no method learns from a month as it stands where it lies further from its usual number than counts
do: it counts as one that is far but not unheard of. Where that happened is said.

What is usual is found by medians, which a few extremes do not move, those of one month of the year
included: the level is a running median, which follows a lasting step, and the months of the year
are medians of what is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.borrowing import BORROWED_MONTHS
from ehc_sim.demand.exposure import Months, MonthWeights, log_exposure
from ehc_sim.demand.findings import as_text, listed
from ehc_sim.demand.history import History
from ehc_sim.demand.profile import MONTH_NOISE

Array = NDArray[np.float64]

MOST_RISE = 5.0
"""Times its number to which a council's requests can rise within five years. Of the English
authorities in DfE's SEN2 releases with 100 or more requests a year, 2016 to 2024, none came to more
than 2.9 times in one year, 3.8 in two, 3.8 in three, 4.2 in four and 4.3 in five."""
RISE_MONTHS = 60
"""Months within which it can rise so far; later, as far again in as many."""
EXTREME = 5.0
"""Robust standard deviations from the usual number beyond which a month is extreme. An assumption:
counts that vary by chance lie so far off once in some two million months; of 10,447 months of the
benchmark's tuning series, 10 did."""
TAKEN_AS = 3.0
"""Robust standard deviations that an extreme month is brought back to: as far as one month in 370
lies by chance, so that it still says that months vary."""
AROUND = 6
"""Months before and after one that say its usual level. A change of level that lasts for 4 months
at the record's end, or for 7 within it, is followed and not held to be extreme."""
ROUNDS = 5
"""Rounds of level and months of the year in turn."""
LEAST_TO_SHOW = 2
"""Values of a month of the year from which the record says what is usual in it; of one, an effect
and an extreme look the same."""


@dataclass(frozen=True)
class Limit:
    """The most requests that a month of a forecast can have.

    Attributes
    ----------
    largest : float
        The most requests of a month in the record, or assumed.
    last_month : datetime64[M]
        Last month of the record.
    """

    largest: float
    last_month: np.datetime64

    @classmethod
    def of(cls, history: History, largest: float | None = None) -> Limit:
        """Return the limit that a record sets, or the limit beyond the largest month given."""
        if largest is None:
            counts = history.counts[history.learnt if history.learnt.any() else history.known]
            largest = float(counts.max()) if len(counts) else 0.0
        return cls(largest, history.last_month)

    def at(self, months: Months) -> Array:
        """Return the most that months can have.

        ``MOST_RISE`` times the largest month within five years, as far again in the next five; with
        what chance may bring: two standard deviations more, as 0 is seen of a mean of up to 4.
        """
        ahead = (months - self.last_month).astype(np.float64) / RISE_MONTHS
        once = (np.sqrt(self.largest) + 2) ** 2
        return np.asarray(np.ceil(once * MOST_RISE ** np.maximum(ahead, 1.0)))


@dataclass(frozen=True, eq=False)
class Usual:
    """What months usually have.

    Attributes
    ----------
    expected : ndarray of float64, shape (n,)
        Usual requests of each month of the record.
    spread : float
        Robust standard deviation of the months about it, relative to that of counts with the excess
        variance of elsewhere; never less than 1.
    z : ndarray of float64, shape (n,)
        Robust standard deviations from the usual; NaN for months not learnt from.
    """

    expected: Array
    spread: float
    z: Array

    def within(self, counts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return counts, those further than ``EXTREME`` brought back to ``TAKEN_AS``."""
        away = TAKEN_AS * self.spread * _sd_of_root(self.expected)
        middle = np.sqrt(self.expected + 0.375)
        low = np.maximum(middle - away, 0) ** 2 - 0.375
        high = (middle + away) ** 2 - 0.375
        kept = np.clip(counts, np.floor(np.maximum(low, 0)), np.ceil(high))
        return np.asarray(np.where(np.abs(np.nan_to_num(self.z)) > EXTREME, kept, counts)).astype(
            np.int64
        )


def usual(history: History, weights: MonthWeights) -> Usual:
    """Return what months of a record usually have, whatever a few of them had.

    Parameters
    ----------
    history : History
        By month; one month or more learnt from.
    weights : MonthWeights
        Exposure of its months.
    """
    used = np.flatnonzero(history.learnt)
    month = history.index.astype(np.int64) % 12
    calendar = log_exposure(history.index, weights) + BORROWED_MONTHS[month]
    logs = np.log(history.counts + 0.5) - calendar
    level, season = np.zeros(len(logs)), np.zeros(12)
    for _ in range(ROUNDS):
        level = _running_median(logs - season[month], used)
        left = logs - level
        season = np.array([_median_with_borrowed(left[used][month[used] == m]) for m in range(12)])
    expected = np.maximum(np.exp(level + season[month] + calendar) - 0.5, 0.0)
    away = np.sqrt(history.counts + 0.375) - np.sqrt(expected + 0.375)
    relative = np.where(history.learnt, away / _sd_of_root(expected), np.nan)
    spread = max(1.4826 * float(np.nanmedian(np.abs(relative))), 1.0)
    return Usual(expected, spread, relative / spread)


def tempered(history: History, weights: MonthWeights) -> History:
    """Return a record as methods learn from it: no month further from the usual than counts lie.

    Parameters
    ----------
    history : History
        By month; any other, and one that was tempered, is returned as it is.
    weights : MonthWeights
        Exposure of its months.
    """
    if history.tempered or history.kind != "monthly" or not history.learnt.any():
        return history
    counts = usual(history, weights).within(history.counts)
    return replace(history, counts=counts, tempered=True)


def told(history: History, learnt: History) -> tuple[str, ...]:
    """Return what was done about months far from any other, in words; nothing where none is."""
    changed = np.flatnonzero(history.counts != learnt.counts)
    if not len(changed):
        return ()
    if len(changed) == 1:
        at = changed[0]
        return (
            f"{as_text(history.index[changed])[0]} has {history.counts[at]:,} requests, far from "
            f"any month like it: it counts as {learnt.counts[at]:,} where the methods learn.",
        )
    return (
        f"{len(changed)} months are far from any month like them and count as less far where the "
        f"methods learn: {_each(history, learnt, changed)}.",
    )


def _each(history: History, learnt: History, changed: Iterable[int]) -> str:
    return listed(
        f"{history.index[at]} ({history.counts[at]:,} as {learnt.counts[at]:,})" for at in changed
    )


def _sd_of_root(mean: Array) -> Array:
    """Return the standard deviation of a count's root: half, and more with excess variance."""
    return np.asarray(0.5 * np.sqrt(1 + MONTH_NOISE * mean))


def _running_median(values: Array, used: NDArray[np.intp]) -> Array:
    """Return the median of the values used within ``AROUND`` months; far from any, of the nearest.

    Counted in months used, so that a gap does not leave a month without neighbours.
    """
    place = np.searchsorted(used, np.arange(len(values)))
    last = len(used) - 1
    medians = np.array(
        [np.median(values[used[max(k - AROUND, 0) : k + AROUND + 1]]) for k in range(len(used))]
    )
    return np.asarray(medians[np.minimum(place, last)])


def _median_with_borrowed(values: Array) -> float:
    """Return the median of a month's effects beyond the borrowed one, with that beside them."""
    return float(np.median(np.r_[values, 0.0])) if len(values) >= LEAST_TO_SHOW else 0.0
