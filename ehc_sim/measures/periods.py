"""Months and years of a run, and what is counted in them.

The years are those of its timeline: calendar years, or the financial years of
``Timeline.in_financial_years``. What is measured by year needs no more to be told by either.
"""

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehc_sim.calendars import JANUARY, MINUTES_A_DAY, MONTHS_A_YEAR, Timeline, year_of
from ehc_sim.measures.counting import add_before
from ehc_sim.network.log import NOT_YET

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@lru_cache(maxsize=16)
def years(timeline: Timeline) -> Ints:
    """Return the years that a run touches, as the calendar years in which they begin."""
    return np.arange(timeline.year[0], timeline.year[-1] + 1, dtype=np.int64)


@lru_cache(maxsize=16)
def month_of_day(timeline: Timeline) -> Ints:
    """Return the number of the month of each day, from 0, between two of -1."""
    return np.pad(timeline.month.astype(np.int64), 1, constant_values=-1)


@lru_cache(maxsize=16)
def year_of_day(timeline: Timeline) -> Ints:
    """Return the number of the year of each day, from 0, between two of -1."""
    return np.pad(timeline.year - timeline.year[0], 1, constant_values=-1)


def first_of_year(months: NDArray[np.datetime64], years_from: int) -> Ints:
    """Return the place of the first month of the year of each month; below 0 before the first.

    Parameters
    ----------
    months : ndarray of datetime64[M], shape (months,)
        Months in a row.
    years_from : int
        Month in which years begin, 1 to 12.
    """
    first = (year_of(months, years_from) - 1970) * MONTHS_A_YEAR + years_from - JANUARY
    return np.asarray(first - months[0].astype(np.int64))


@lru_cache(maxsize=16)
def month_bounds(timeline: Timeline) -> Ints:
    """Return the first minute of each month, and the minute at which the run ended."""
    return _bounds(month_of_day(timeline)[1:-1])


@lru_cache(maxsize=16)
def year_bounds(timeline: Timeline) -> Ints:
    """Return the first minute of each year, and the minute at which the run ended."""
    return _bounds(year_of_day(timeline)[1:-1])


def reached(minutes: Ints) -> Bools:
    """Return whether each case came to a milestone within the run."""
    return np.asarray(minutes != NOT_YET)


def share(part: ArrayLike, whole: ArrayLike) -> NDArray[np.float64]:
    """Return part / whole, NaN where there is nothing to share."""
    of = np.asarray(whole, dtype=np.float64)
    shares = np.full(of.shape, np.nan)
    np.divide(part, of, out=shares, where=of > 0)
    return shares


@lru_cache(maxsize=16)
def quarters(timeline: Timeline) -> tuple[str, ...]:
    """Return the calendar quarters that a run has the whole of, such as ``2023-Q4``."""
    return tuple(f"{year}-Q{quarter}" for year, quarter in _whole_quarters(timeline))


@lru_cache(maxsize=16)
def quarter_bounds(timeline: Timeline) -> Ints:
    """Return the first minute of each of ``quarters``, and the one after the last."""
    found = _whole_quarters(timeline)
    if not found:
        return np.zeros(1, dtype=np.int64)
    year, quarter = found[-1]
    firsts = [date(year, 3 * quarter - 2, 1) for year, quarter in found]
    after = date(year + quarter // 4, 3 * (quarter % 4) + 1, 1)
    days = np.array([*firsts, after], dtype="datetime64[D]") - timeline.days[0]
    return np.asarray(days.astype(np.int64) * MINUTES_A_DAY)


def _whole_quarters(timeline: Timeline) -> list[tuple[int, int]]:
    """Return year and number, 1 to 4, of each quarter within a run."""
    every = timeline.days.astype("datetime64[M]")
    months, days = np.unique(every, return_counts=True)
    whole = months[days == ((months + 1).astype("datetime64[D]") - months).astype(np.int64)]
    number = whole.astype(np.int64)  # of months since January 1970, so quarters begin at 0 mod 3
    of_quarter, parts = np.unique(number // 3, return_counts=True)
    return [(1970 + int(q) // 4, int(q) % 4 + 1) for q in of_quarter[parts == 3]]


def _bounds(of_day: Ints) -> Ints:
    firsts = np.flatnonzero(np.diff(of_day, prepend=-1))
    return np.append(firsts, len(of_day)).astype(np.int64) * MINUTES_A_DAY


def count_in(bounds: Ints, minutes: Ints, which: Bools | None = None) -> Ints:
    """Return how many minutes lie in each month or year; others are not counted.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n + 1,)
        From ``month_bounds`` or ``year_bounds``.
    minutes : ndarray of int64
        Minutes; those before the run, after it and ``NOT_YET`` lie in none.
    which : ndarray of bool, of the same shape, optional
        Minutes that count; all by default.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    before = np.zeros(len(bounds), dtype=np.int64)
    add_before(bounds, minutes, _all(minutes) if which is None else which, 1, before)
    return np.asarray(before[1:] - before[:-1])


def open_at(minutes: Ints, started: Ints, ended: Ints) -> Ints:
    """Return how many spells are open just before each minute.

    Parameters
    ----------
    minutes : ndarray of int64
        When to look, rising.
    started, ended : ndarray of int64, of the same shape
        First minute of each spell, and the first after it; a spell may have no length.
    """
    still = np.zeros(len(minutes), dtype=np.int64)
    add_before(minutes, started, _all(started), 1, still)
    add_before(minutes, ended, _all(ended), -1, still)
    return still


def _all(minutes: Ints) -> Bools:
    return np.ones(len(minutes), dtype=bool)
