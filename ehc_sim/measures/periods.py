"""Months and calendar years of a run, and what is counted in them."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def years(timeline: Timeline) -> Ints:
    """Return the calendar years that a run touches."""
    return np.arange(timeline.first_day.year, timeline.last_day.year + 1, dtype=np.int64)


def month_bounds(timeline: Timeline) -> Ints:
    """Return the first minute of each month, and the minute at which the run ended."""
    firsts = np.flatnonzero(np.diff(timeline.month, prepend=-1))
    return np.append(firsts, len(timeline.days)).astype(np.int64) * MINUTES_A_DAY


def year_bounds(timeline: Timeline) -> Ints:
    """Return the first minute of each calendar year, and the minute at which the run ended."""
    of_day = timeline.days.astype("datetime64[Y]").astype(np.int64)
    firsts = np.flatnonzero(np.diff(of_day, prepend=-1))
    return np.append(firsts, len(timeline.days)).astype(np.int64) * MINUTES_A_DAY


def count_in(bounds: Ints, minutes: Ints) -> Ints:
    """Return how many minutes lie in each month or year; others are not counted.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n + 1,)
        From ``month_bounds`` or ``year_bounds``.
    minutes : ndarray of int64
        Minutes; those before the run, after it and ``NOT_YET`` lie in none.

    Returns
    -------
    ndarray of int64, shape (n,)
    """
    return np.diff(_count_before(bounds, minutes))


def open_at(minutes: Ints, started: Ints, ended: Ints) -> Ints:
    """Return how many spells are open just before each minute.

    Parameters
    ----------
    minutes : ndarray of int64
        When to look, rising.
    started, ended : ndarray of int64, of the same shape
        First minute of each spell, and the first after it; a spell may have no length.
    """
    return np.asarray(_count_before(minutes, started) - _count_before(minutes, ended))


@njit(nogil=True, cache=True)
def _count_before(bounds: Ints, minutes: Ints) -> Ints:
    """Return how many minutes lie before each of some rising bounds, at least one."""
    count = len(bounds)
    first = bounds[0] // 1440
    passed_on = np.zeros(bounds[-1] // 1440 - first + 1, np.int64)
    passed = 0
    for day in range(len(passed_on)):
        while bounds[passed] // 1440 < first + day:
            passed += 1
        passed_on[day] = passed  # the bounds of earlier days
    between = np.zeros(count + 1, np.int64)
    for minute in minutes:
        if minute < bounds[0]:
            passed = 0
        elif minute >= bounds[-1]:
            passed = count
        else:
            passed = passed_on[minute // 1440 - first]
            while bounds[passed] <= minute:
                passed += 1
        between[passed] += 1
    return np.cumsum(between)[:-1]


@njit(nogil=True, cache=True)
def add_up(
    period: Ints,
    which: Bools,
    weight: NDArray[np.float64],
    codes: Ints,
    groups: Ints,
    periods: int,
    sums: NDArray[np.float64],
) -> None:
    """Add up weights by period and group, in several groupings.

    Parameters
    ----------
    period : ndarray of int64, shape (cases,)
        Number of the period; cases of which it is below 0 are left out.
    which : ndarray of bool, shape (cases,)
        Cases that count.
    weight : ndarray of float64, shape (cases,)
        What each adds; 1 to count them.
    codes : ndarray of int64, shape (groupings, cases)
        Group of each case.
    groups : ndarray of int64, shape (groupings,)
        Number of groups.
    periods : int
        Number of periods.
    sums : ndarray of float64, shape (cells,)
        Changed in place, 0 at first: one cell for each period and group of the first grouping,
        groups running fastest, then those of the next.
    """
    cases = np.flatnonzero(which & (period >= 0))
    first = 0
    for grouping in range(len(codes)):
        code, apart = codes[grouping], groups[grouping]
        for case in cases:
            sums[first + period[case] * apart + code[case]] += weight[case]
        first += periods * apart
