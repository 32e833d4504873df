"""Days on which a post is away: leave, mostly in the school holidays, short and long sickness."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.rng.streams import CASES_A_PAGE, Streams
from ehc_sim.staff.rota_days import take_leave, take_spells

Bools = NDArray[np.bool_]

MEAN_SPELL_DAYS = 5.0
"""Mean length of a spell of sickness in working days. Assumption: nobody publishes it for these
teams; the days of sickness a year are a setting, so only their clustering depends on this."""

WORKING_DAYS_A_YEAR = 253
"""Working days of an ordinary year in England: 261 weekdays less 8 bank holidays."""


def leave(
    streams: Streams,
    name: str,
    posts: int,
    timeline: Timeline,
    days_a_year: NDArray[np.float64],
    in_school_holidays: NDArray[np.float64],
) -> Bools:
    """Draw the days of annual leave of each post.

    Leave is taken in whole weeks as far as it goes: a post's weeks of the school holidays (and of
    the terms) are put in a random order and filled from the first.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    name : str
        Name of the group of posts; with the post's number it keys the draw.
    posts : int
        Number of posts.
    timeline : Timeline
        Calendar of the run.
    days_a_year : ndarray of float64, shape (years,)
        Days of leave in each calendar year that the timeline touches.
    in_school_holidays : ndarray of float64, shape (years,)
        Share of them taken in the school holidays.

    Returns
    -------
    ndarray of bool, shape (posts, days)
        Days of leave.
    """
    away = np.zeros((posts, len(timeline.days)), dtype=bool)
    weeks, parts = _parts_of_years(timeline)
    keys = by_post(streams, f"leave of {name}", posts, weeks)
    for part in parts:
        full = days_a_year[part.year] * min(1.0, part.working_days / WORKING_DAYS_A_YEAR)
        in_holidays = round(full * in_school_holidays[part.year])
        count = in_holidays if part.holidays else round(full) - in_holidays
        if count > 0:
            take_leave(away, keys, part.weeks, count, part.days, part.firsts)
    return away


class _PartOfYear(NamedTuple):
    """The working days of a calendar year in which schools are open, or closed.

    Attributes
    ----------
    year : int
        Number of the year.
    holidays : bool
        Whether schools are closed.
    working_days : int
        Working days of the whole year.
    days : ndarray of int64, shape (days,)
        Numbers of the days.
    weeks : ndarray of int64, shape (weeks,)
        Numbers of the weeks that they are in.
    firsts : ndarray of int64, shape (weeks + 1,)
        Place in ``days`` of the first day of each week, and their number.
    """

    year: int
    holidays: bool
    working_days: int
    days: NDArray[np.int64]
    weeks: NDArray[np.int64]
    firsts: NDArray[np.int64]


@lru_cache(maxsize=8)
def _parts_of_years(timeline: Timeline) -> tuple[int, tuple[_PartOfYear, ...]]:
    """Return the number of weeks of a timeline, and the parts of its years."""
    years = timeline.days.astype("datetime64[Y]").astype(np.int64)
    weeks = (timeline.days.astype(np.int64) + 3) // 7  # day 0 is a Thursday; weeks from Monday
    weeks -= weeks[0]
    parts = []
    for number, year in enumerate(np.unique(years)):
        in_year = timeline.working & (years == year)
        for holidays in (True, False):
            days = np.flatnonzero(in_year & (timeline.school != holidays))
            mine, firsts = np.unique(weeks[days], return_index=True)
            firsts = np.append(firsts, len(days))
            parts.append(_PartOfYear(number, holidays, int(in_year.sum()), days, mine, firsts))
    return int(weeks[-1]) + 1, tuple(parts)


def sickness(
    streams: Streams, name: str, posts: int, timeline: Timeline, days_a_year: NDArray[np.float64]
) -> Bools:
    """Draw the days of sickness of each post, in spells.

    Parameters
    ----------
    streams, name, posts, timeline
        As for ``leave``.
    days_a_year : ndarray of float64, shape (days,)
        Working days of sickness a year, at the rate of each day of the timeline.

    Returns
    -------
    ndarray of bool, shape (posts, days)
        Days of sickness.
    """
    working = np.flatnonzero(timeline.working)
    share = np.clip(days_a_year[working] / WORKING_DAYS_A_YEAR, 0, 0.95)
    starts = -np.log1p(-share) / MEAN_SPELL_DAYS
    u_start = by_post(streams, f"sickness of {name}", posts, len(working))
    post, day = np.divmod(np.flatnonzero(u_start < -np.expm1(-starts)), len(working))
    u_length = streams.uniforms(f"spells of {name}", post * CASES_A_PAGE + day)
    more = np.floor(np.log(u_length) / np.log(1 - 1 / MEAN_SPELL_DAYS)).astype(np.int64)
    away = np.zeros((posts, len(timeline.days)), dtype=bool)
    take_spells(away, post, day, day + 1 + more, working)
    return away


def long_sickness(
    streams: Streams,
    name: str,
    posts: int,
    timeline: Timeline,
    spells_a_year: NDArray[np.float64],
    days: NDArray[np.int64],
) -> Bools:
    """Draw the days of long sickness of each post.

    A spell begins on a working day of which the post's own number is below the day's chance, so a
    higher rate keeps all days of sickness and adds some. Spells may overlap.

    Parameters
    ----------
    streams, name, posts, timeline
        As for ``leave``.
    spells_a_year : ndarray of float64, shape (days,)
        Spells that begin in a year, at the rate of each day of the timeline.
    days : ndarray of int64, shape (days,)
        Calendar days of a spell that begins on each day.

    Returns
    -------
    ndarray of bool, shape (posts, days)
        Working days of sickness.
    """
    away = np.zeros((posts, len(timeline.days)), dtype=bool)
    if not spells_a_year.any():
        return away
    working = np.flatnonzero(timeline.working)
    u_start = by_post(streams, f"long sickness of {name}", posts, len(working))
    begins = np.flatnonzero(u_start < daily_chance(spells_a_year[working]))
    post, day = np.divmod(begins, len(working))
    after = np.searchsorted(working, working[day] + days[working[day]])
    take_spells(away, post, day, after, working)
    return away


def daily_chance(a_year: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the chance on a working day of what happens at a yearly rate."""
    return np.asarray(-np.expm1(-a_year / WORKING_DAYS_A_YEAR))


def by_post(streams: Streams, name: str, posts: int, count: int) -> NDArray[np.float64]:
    """Return uniform numbers keyed by post, so that another post changes nobody's days.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    name : str
        Name of the quantity.
    posts, count : int
        Number of posts, and of numbers for each.

    Returns
    -------
    ndarray of float64, shape (posts, count)
    """
    return streams.uniforms(name, _numbers(posts, count)).reshape(posts, count)


@lru_cache(maxsize=32)
def _numbers(posts: int, count: int) -> NDArray[np.int64]:
    """Return the numbers of so many days or weeks of each post, one post after the other."""
    return (np.arange(posts)[:, np.newaxis] * CASES_A_PAGE + np.arange(count)).ravel()


def years_of(timeline: Timeline) -> list[date]:
    """Return the first of January of each calendar year that the timeline touches."""
    first, last = timeline.days[0].item().year, timeline.days[-1].item().year
    return [date(year, 1, 1) for year in range(first, last + 1)]
