"""Months and calendar years of a run, and what is counted in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.measures.counting import add_before

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
    before = np.zeros(len(bounds), dtype=np.int64)
    add_before(bounds, minutes, 1, before)
    return before[1:] - before[:-1]


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
    add_before(minutes, started, 1, still)
    add_before(minutes, ended, -1, still)
    return still
