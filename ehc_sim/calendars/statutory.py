"""The statutory clock: what is due when, what is on time, and the school-closure exception.

The law counts calendar days and dates, so a step is on time on the whole of its last day, whether
or not that is a working day. The limits themselves are in ``law.py``.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import overload

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars.law import EXCEPTION_DAYS
from ehc_sim.calendars.terms import SchoolTerms
from ehc_sim.calendars.timeline import MINUTES_A_DAY, Timeline

_WEEK = timedelta(days=7)

Minutes = NDArray[np.int64]


@overload
def deadline(start_minute: int, allowed_days: int) -> int: ...
@overload
def deadline(start_minute: Minutes, allowed_days: int | Minutes) -> Minutes: ...
def deadline(start_minute: int | Minutes, allowed_days: int | Minutes) -> int | Minutes:
    """Return the last minute that is on time.

    Parameters
    ----------
    start_minute : int or ndarray of int64
        When the clock started.
    allowed_days : int or ndarray of int64
        Calendar days, such as ``law.PLAN.days``; an array is of the shape of ``start_minute``.

    Returns
    -------
    int or ndarray of int64
        23:59 of the last day allowed.
    """
    return (start_minute // MINUTES_A_DAY + allowed_days + 1) * MINUTES_A_DAY - 1


@overload
def on_time(start_minute: int, end_minute: int, allowed_days: int) -> bool: ...
@overload
def on_time(
    start_minute: Minutes, end_minute: Minutes, allowed_days: int | Minutes
) -> NDArray[np.bool_]: ...
def on_time(
    start_minute: int | Minutes, end_minute: int | Minutes, allowed_days: int | Minutes
) -> bool | NDArray[np.bool_]:
    """Say whether the end's date is no later than the start's date and the days allowed.

    Parameters
    ----------
    start_minute, end_minute : int or ndarray of int64
        When the clock started and when the step was done; arrays of the same shape.
    allowed_days : int or ndarray of int64
        Calendar days, such as ``law.PLAN.days``.
    """
    return end_minute // MINUTES_A_DAY <= start_minute // MINUTES_A_DAY + allowed_days


def closures(terms: SchoolTerms, first_day: date, last_day: date) -> list[tuple[date, date]]:
    """Return the times when schools are closed for four weeks or more without a break.

    Weekends and bank holidays beside a holiday belong to the closure.

    Parameters
    ----------
    terms : SchoolTerms
    first_day, last_day : date
        Closures that have any day in this span are returned, whole.

    Returns
    -------
    list of (date, date)
        First and last closed day; schools open again on the next day.
    """
    return [
        (first, last)
        for first, last in _closures_of_years(terms, first_day.year, last_day.year)
        if first <= last_day and last >= first_day
    ]


@lru_cache(maxsize=256)
def _closures_of_years(
    terms: SchoolTerms, first_year: int, last_year: int
) -> tuple[tuple[date, date], ...]:
    # It starts and ends in term, so no closure that touches these years is cut short.
    days = np.arange(f"{first_year - 1}-09-15", f"{last_year + 1}-09-15", dtype="datetime64[D]")
    closed = np.concatenate([[False], ~terms.is_open(days), [False]])
    edges = np.flatnonzero(closed[1:] != closed[:-1]).reshape(-1, 2)
    return tuple(
        (days[start].item(), days[end - 1].item())
        for start, end in edges
        if end - start >= EXCEPTION_DAYS
    )


def excepted(asked_minute: Minutes, timeline: Timeline) -> NDArray[np.bool_]:
    """Say for which cases a school's closure lifts the time limit.

    It does when the school was asked for advice in the time from one week before a closure of
    four weeks or more starts until one week before it opens again, both dates included
    (regs 10(4)(a) and 13(3)). So the date of asking decides, not whether the case runs through
    the summer.

    Parameters
    ----------
    asked_minute : ndarray of int64
        When advice was asked of a school, for cases in which it was; may lie before or after
        the timeline.
    timeline : Timeline

    Returns
    -------
    ndarray of bool, of the same shape
    """
    asked_day = np.asarray(asked_minute) // MINUTES_A_DAY
    flags = np.zeros(asked_day.shape, dtype=np.bool_)
    if asked_day.size == 0:
        return flags
    origin = timeline.first_day
    first = origin + timedelta(days=int(asked_day.min()))
    last = origin + timedelta(days=int(asked_day.max())) + _WEEK
    for closed, still_closed in closures(timeline.terms, first, last):
        starts = (closed - _WEEK - origin).days
        ends = (still_closed + timedelta(days=1) - _WEEK - origin).days
        flags |= (starts <= asked_day) & (asked_day <= ends)
    return flags
