"""Compiled counting of the work in a log, by month and by kind of work."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry, inline

Ints = NDArray[np.int64]


@inline
def _day(minute: int) -> np.uint64:
    """Return the day of a minute from 0 on; unsigned numbers are divided and looked up sooner."""
    return np.uint64(minute) // np.uint64(1440)


@inline
def _worked_by(opens: int, before: Ints, minute: int) -> int:
    """Return the minutes of work that a post busy since minute 0 has done by a minute."""
    day = minute // 1440
    if day >= len(before) - 1:
        return before[-1]
    today = minute - 1440 * day - opens
    return before[day] + min(max(today, 0), before[day + 1] - before[day])


@entry
def work_of_daily_hours(
    jobs: Ints, most_a_case: Ints, free: Ints, started: Ints, ended: Ints, minutes: Ints
) -> None:
    """Share out the work of a team of daily hours over the days on which it can have been done.

    Each job is given what a day has left, from its first day to its last. What does not fit there,
    as another job had those minutes in truth, goes to days before: what ended by a day was done by
    it, so there is always room.

    Parameters
    ----------
    jobs : ndarray of int64
        Visits that were begun and ended, in the order in which they ended.
    most_a_case : ndarray of int64, shape (days,)
        Most minutes that one case can be given on each day.
    free : ndarray of int64, shape (days,)
        Minutes of the team on each day; changed in place to what is left of them.
    started, ended, minutes : ndarray of int64, shape (visits,)
        When each visit began and ended, and its minutes of work.
    """
    for job in jobs:
        first, last, left = max(started[job], 0) // 1440, ended[job] // 1440, minutes[job]
        for day in range(first, last + 1):
            given = min(left, most_a_case[day], free[day])
            free[day] -= given
            left -= given
            if left == 0:
                break
        day = last
        while left > 0 and day >= 0:
            given = min(left, free[day])
            free[day] -= given
            left -= given
            day -= 1


@entry
def work_beyond_what_is_offered(
    rows: NDArray[np.int32],
    visits: tuple[Ints, ...],
    station: Ints,
    first_post: Ints,
    posts: tuple[Ints, Ints, Ints],
    bounds: Ints,
    not_yet: int,
    found: Ints,
) -> None:
    """Add up what posts work in each month on days on which they take no job any more.

    Parameters
    ----------
    rows, visits, station, first_post, bounds, not_yet
        As those of ``work_by_month``.
    posts : tuple of ndarray of int64, of shapes (posts,) and twice (posts, days + 1)
        Minute of the day at which each post starts, its minutes of work before each day, and those
        of them that it does not offer.
    found : ndarray of int64, shape (teams, months)
        Minutes, changed in place; 0 at first.
    """
    node, _, started, ended, resource, _ = visits
    opens, before, beyond = posts
    until = bounds[-1]
    for row in rows:
        visit = np.uint64(row)
        if resource[visit] < 0 or started[visit] == not_yet:
            continue
        team = station[np.uint64(node[visit])]
        post = first_post[team] + resource[visit]
        if beyond[post, -1] == 0:
            continue
        end = until if ended[visit] == not_yet else ended[visit]
        for day in range(max(started[visit], 0) // 1440, min(end, until - 1) // 1440 + 1):
            if beyond[post, day + 1] > beyond[post, day]:
                low, high = max(started[visit], 1440 * day), min(end, 1440 * (day + 1))
                done = _worked_by(opens[post], before[post], high)
                done -= _worked_by(opens[post], before[post], low)
                month = np.searchsorted(bounds, 1440 * day, "right") - 1
                found[team, month] += done


@entry
def work_by_month(
    rows: NDArray[np.int32],
    visits: tuple[Ints, ...],
    station: Ints,
    first_post: Ints,
    posts: tuple[Ints, Ints],
    bounds: Ints,
    not_yet: int,
    agency: int,
    found: Ints,
) -> None:
    """Add up what each team was asked to do and its posts did in each month.

    Parameters
    ----------
    rows : ndarray of int32
        Visits to nodes at which a team works.
    visits : tuple of ndarray of int64, each of shape (visits,)
        Columns node, joined, started, ended, resource and minutes of the log.
    station : ndarray of int64, shape (nodes,)
        Team that works at each node.
    first_post : ndarray of int64, shape (teams,)
        Number of each team's first post among those of all teams.
    posts : tuple of ndarray of int64, of shapes (posts,) and (posts, days + 1)
        Minute of the day at which each post starts, and its minutes of work before each day.
    bounds : ndarray of int64, shape (months + 1,)
        First minute of each month, and the end of the run. All begin a day.
    not_yet, agency : int
        What stands in the log in place of a minute and of posts.
    found : ndarray of int64, shape (teams, months, 5)
        Minutes offered (without what an agency took later), worked by posts and passed on to an
        agency, cases passed on, and jobs waiting at the end of the month. Changed in place; 0 at
        first.
    """
    node, joined, started, ended, resource, minutes = visits
    opens, before = posts
    months, until = len(bounds) - 1, bounds[-1]
    month_of = np.empty(until // 1440 + 1, np.int64)
    for month in range(months):
        month_of[bounds[month] // 1440 : bounds[month + 1] // 1440] = month
    month_of[-1] = months
    for row in rows:
        visit = np.uint64(row)
        team = station[np.uint64(node[visit])]
        of_team = found[team]
        begun, work = started[visit], minutes[visit]
        month = month_of[_day(min(joined[visit], until))] if joined[visit] >= 0 else 0
        if month < months:
            of_team[month, 4] += 1
            # Cases that are open at the start joined before; an agency's are no work of the team.
            if joined[visit] >= 0 and resource[visit] != agency:
                of_team[month, 0] += work
        if begun == not_yet:
            continue
        month = month_of[_day(max(begun, 0))]
        of_team[month, 4] -= 1
        if resource[visit] >= 0:
            end = until if ended[visit] == not_yet else ended[visit]
            if ended[visit] != not_yet and end <= bounds[month + 1]:
                of_team[month, 1] += work
                continue
            post = first_post[team] + resource[visit]
            done = _worked_by(opens[post], before[post], begun)
            by_the_end = _worked_by(opens[post], before[post], end)
            while True:
                there = min(_worked_by(opens[post], before[post], bounds[month + 1]), by_the_end)
                of_team[month, 1] += there - done
                if bounds[month + 1] >= end:
                    break
                done = there
                month += 1
        elif resource[visit] == agency:
            of_team[month, 2] += work
            of_team[month, 3] += 1
    for team in range(len(found)):
        for month in range(1, months):
            found[team, month, 4] += found[team, month - 1, 4]


@entry
def work_by_kind(
    rows: NDArray[np.int32],
    visits: tuple[Ints, ...],
    station: Ints,
    first_post: Ints,
    posts: tuple[Ints, Ints],
    second: NDArray[np.bool_],
    cells: Ints,
    year_of_day: Ints,
    not_yet: int,
    agency: int,
    shared: int,
    found: Ints,
) -> None:
    """Add up the minutes that each team worked, by year and kind of work.

    Parameters
    ----------
    rows, visits, station, first_post, posts, not_yet, agency
        As those of ``work_by_month``.
    shared : int
        What stands in the log in place of posts where a team of daily hours worked.
    second : ndarray of bool, shape (visits,)
        Visits of which assessments count as second ones.
    cells : ndarray of int64, shape (3, nodes)
        For each node the row of ``found`` of its kind of work in the first year, the row where it
        counts as second, and how many rows later the next year is.
    year_of_day : ndarray of int64, shape (days,)
        Year of each day of the run, from 0.
    found : ndarray of int64, shape (rows, 3)
        Minutes that the team worked, that an agency worked, and that came to the team. Changed in
        place; 0 at first.
    """
    node, joined, started, ended, resource, minutes = visits
    opens, before = posts
    until = 1440 * len(year_of_day)
    for row in rows:
        visit = np.uint64(row)
        at = np.uint64(node[visit])
        team = station[at]
        cell, apart = cells[1 if second[visit] else 0, at], cells[2, at]
        if joined[visit] >= 0:
            day = _day(min(joined[visit], until - 1))
            found[cell + apart * year_of_day[day], 2] += minutes[visit]
        over = ended[visit] != not_yet
        day = _day(min(max(ended[visit], 0), until - 1) if over else until - 1)
        row = cell + apart * year_of_day[day]
        if resource[visit] >= 0 and not over:
            post = first_post[team] + resource[visit]
            found[row, 0] += _worked_by(opens[post], before[post], until)
            found[row, 0] -= _worked_by(opens[post], before[post], started[visit])
        elif over and (resource[visit] >= 0 or resource[visit] == shared):
            found[row, 0] += minutes[visit]
        elif over and resource[visit] == agency:
            found[row, 1] += minutes[visit]
