"""Advice within six weeks, for each advice giver."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ehc_sim.calendars import ADVICE_DAYS
from ehc_sim.measures.periods import year_bounds, years
from ehc_sim.measures.timeliness import share
from ehc_sim.measures.timings import Ints, Timings, reached
from ehc_sim.pathway.log import NOT_YET
from ehc_sim.tables import Rows, Table

_OUT = 2**31
"""In place of days: the advice is still out."""


def advice(timings: Timings, givers: Sequence[str]) -> Table:
    """Return how each advice giver answered, by the year in which advice was asked for.

    Parameters
    ----------
    timings : Timings
        Milestones of the run.
    givers : sequence of str
        Names of the advice givers.

    Returns
    -------
    Table
        Rows (year, giver): asked (number), on_time (share of those whose six weeks ended within the
        run), late (number), outstanding (number still out at the end of that year) and median_days
        (to advice, those still out counted as longer than any; NaN where half are not in).
    """
    t, bounds = timings, year_bounds(timings.timeline)
    counts = np.zeros((len(bounds) - 1, len(givers), 4))
    medians = np.full((len(bounds) - 1, len(givers)), np.nan)
    for place, giver in enumerate(givers):
        asked, given = t.asked(giver), t.advice_in(giver)
        year = t.year_of(asked) - t.timeline.first_day.year
        days = np.empty(len(asked), dtype=np.int64)
        counts[:, place] = _counts(asked, given, year, bounds, ADVICE_DAYS, NOT_YET, _OUT, days)
        medians[:, place] = _medians(year, days, len(bounds) - 1)
    number, judged, in_time, outstanding = np.moveaxis(counts, 2, 0)
    return Table.of(
        Rows.of(year=years(t.timeline), giver=list(givers)),
        {
            "asked": number.ravel(),
            "on_time": share(in_time, judged).ravel(),
            "late": (judged - in_time).ravel(),
            "outstanding": outstanding.ravel(),
            "median_days": medians.ravel(),
        },
    )


@njit(nogil=True, cache=True)
def _counts(
    asked: Ints,
    given: Ints,
    year: Ints,
    bounds: Ints,
    allowed_days: int,
    not_yet: int,
    out: int,
    days: Ints,
) -> Ints:
    """Return what one giver was asked in each year, shape (years, 4), and note the days it took.

    Parameters
    ----------
    asked, given : ndarray of int64, shape (cases,)
        When advice was asked for and came.
    year : ndarray of int64, shape (cases,)
        Year of asking, below 0 outside of the run.
    bounds : ndarray of int64, shape (years + 1,)
        First minute of each year, and the end of the run.
    allowed_days : int
        Days in which advice is on time.
    not_yet, out : int
        In place of a minute: not within the run; in place of days: still out.
    days : ndarray of int64, shape (cases,)
        Changed in place: days to the advice.

    Returns
    -------
    ndarray of int64, shape (years, 4)
        Asked; those of them whose time was over within the run; of these the ones in time; and all
        that were out at the end of the year.
    """
    counts = np.zeros((len(bounds) - 1, 4), np.int64)
    last = bounds[-1] // 1440
    for case in range(len(asked)):
        if asked[case] == not_yet:
            continue
        has = given[case] != not_yet
        day = asked[case] // 1440
        days[case] = given[case] // 1440 - day if has else out
        if year[case] >= 0:
            of_year = counts[year[case]]
            of_year[0] += 1
            if day + allowed_days < last:
                of_year[1] += 1
                if has and days[case] <= allowed_days:
                    of_year[2] += 1
        for place in range(max(year[case], 0), len(counts)):
            end = bounds[place + 1]
            if has and given[case] < end:
                break
            if asked[case] < end:
                counts[place, 3] += 1
    return counts


def _medians(year: Ints, days: Ints, years: int) -> NDArray[np.float64]:
    """Return the median of the days in each year; NaN where there is none, or it is still out."""
    asked = year >= 0
    first = days[asked].min(initial=0)
    apart = 2 * _OUT
    ordered = np.sort(year[asked] * apart + (days[asked] - first))
    ends = np.searchsorted(ordered, np.arange(1, years + 1) * apart)
    starts = np.concatenate([[0], ends[:-1]])
    medians = np.full(years, np.nan)
    some = ends > starts
    middle = (starts + ends - 1)[some]
    pair = ordered[np.stack([middle // 2, (middle + 1) // 2])] % apart + first
    medians[some] = np.where((pair == _OUT).any(axis=0), np.nan, pair.mean(axis=0))
    return medians


def family_view(timings: Timings, families: Sequence[str]) -> Table:
    """Return the share of plans of which the drafting began with the family's input in.

    Parameters
    ----------
    timings : Timings
        Milestones of the run.
    families : sequence of str
        Names of the advice givers that are the family.

    Returns
    -------
    Table
        One row a month in which drafting began: family_view_before_draft (share).
    """
    t = timings
    month = t.month_of(t.to_issue)
    drafted = month >= 0
    had = drafted.copy()
    for giver in families:
        given = t.advice_in(giver)
        had &= reached(given) & (given <= t.to_issue)
    count = len(t.months) - 1
    whole = np.bincount(month[drafted], minlength=count)
    part = np.bincount(month[had], minlength=count)
    return Table.of(
        Rows.of(month=t.timeline.months), {"family_view_before_draft": share(part, whole)}
    )
