"""Work asked of each team, work done and capacity, by month; hours by kind of work, by year."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.pathway.log import AGENCY, NOT_YET, SHARED, Log
from ehc_sim.pathway.network import Network, TeamPlan
from ehc_sim.pathway.nodes import Work

Ints = NDArray[np.int64]
WORKLOAD_MEASURES = (
    "capacity_minutes",
    "offered_minutes",
    "worked_minutes",
    "agency_minutes",
    "agency_cases",
    "queue",
)
ASSESSMENTS = "assessments"
SECOND_ASSESSMENTS = "second assessments"
"""Kind of the assessments of cases that were refused before."""

MINUTES_AN_HOUR = 60


def workload(log: Log, network: Network) -> pd.DataFrame:
    """Return what each team was asked to do and did.

    Parameters
    ----------
    log : Log
        Log of a run.
    network : Network
        The network that was run.

    Returns
    -------
    DataFrame
        One row a team and month (number of the month in the timeline), with capacity_minutes
        (of its posts, or of its daily hours), offered_minutes (joined the queue within the run),
        worked_minutes (by its posts or in its daily hours), agency_minutes and agency_cases
        (passed on) and queue (jobs waiting at the month's end).

    Notes
    -----
    A job of posts that goes on over the end of a month is shared out by their hours. The log does
    not tell how much of a job was done on each day by a team of daily hours: all of it counts in
    the month in which it ended, and one that did not end counts nothing.

    A job that was handed over is two: what was done counts as offered in the month in which the
    job joined, the rest in that of the hand-over, so that no minute is offered twice. From the
    hand-over on it is in the queue again.
    """
    month = network.timeline.month
    firsts = np.flatnonzero(np.diff(month, prepend=-1))
    bounds = np.append(firsts, len(month)).astype(np.int64) * MINUTES_A_DAY
    tables = []
    rows = _rows_of_teams(log, network)
    for team, plan in network.teams.items():
        visits = log.visits[rows[team]]
        table = pd.DataFrame(_by_month(visits, plan, bounds), columns=list(WORKLOAD_MEASURES))
        table.insert(0, "month", np.arange(len(firsts)))
        table.insert(0, "team", team)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def hours_by_kind(log: Log, network: Network, second_rows: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the hours that each team worked, by kind of work.

    Parameters
    ----------
    log : Log
        Log of a run.
    network : Network
        The network that was run.
    second_rows : ndarray of bool, shape (visits,)
        Rows of ``log.visits`` of which assessments count as second assessments: those of requests
        made again and those after an order to assess.

    Returns
    -------
    DataFrame
        Rows (year, team, kind), one for every calendar year of the run and every kind of work of
        each team, with hours (worked by the team), agency_hours and offered_hours (of the work that
        came to the team in the year, done or not). The same rows for every draw.

    Notes
    -----
    Work counts in the year in which it ended or was handed over, an agency's in the year in which
    it came back. Work that a post has in hand at the end of the run counts in the last year as far
    as it is done by the post's hours, so that the hours of posts add up to the minutes worked of
    ``workload``; of other work that has not ended nothing is known, and it is left out.
    """
    year_of_day = network.timeline.days.astype("datetime64[Y]").astype(np.int64) + 1970
    work = network.pathway.work
    every = list(dict.fromkeys((ASSESSMENTS, SECOND_ASSESSMENTS, *work)))
    kind_of_node = np.array([every.index(of_node) for of_node in work])
    years = np.unique(year_of_day)
    place_of_day = np.searchsorted(years, year_of_day)
    tables = []
    rows = _rows_of_teams(log, network)
    for team, plan in network.teams.items():
        visits = log.visits[rows[team]]
        own, bought = _done(visits, plan, log.until)
        kind = kind_of_node[visits[:, 1]]
        kind[second_rows[rows[team]] & (kind == every.index(ASSESSMENTS))] = every.index(
            SECOND_ASSESSMENTS
        )
        kinds = _kinds_of(team, network)
        column = np.zeros(len(every), dtype=np.int64)
        column[[every.index(name) for name in kinds]] = np.arange(len(kinds))
        joined, ended = visits[:, 2], visits[:, 4]
        in_run = np.where(ended == NOT_YET, log.until - 1, ended).clip(0, log.until - 1)
        place = place_of_day[in_run // MINUTES_A_DAY] * len(kinds) + column[kind]
        day_joined = joined.clip(0, log.until - 1) // MINUTES_A_DAY
        came_in = place_of_day[day_joined] * len(kinds) + column[kind]
        came = np.where(joined >= 0, visits[:, 6], 0)
        index = pd.MultiIndex.from_product([years, [team], kinds], names=["year", "team", "kind"])
        hours = {
            "hours": np.bincount(place, own, len(index)) / MINUTES_AN_HOUR,
            "agency_hours": np.bincount(place, bought, len(index)) / MINUTES_AN_HOUR,
            "offered_hours": np.bincount(came_in, came, len(index)) / MINUTES_AN_HOUR,
        }
        tables.append(pd.DataFrame(hours, index=index))
    return pd.concat(tables)


def _rows_of_teams(log: Log, network: Network) -> dict[str, NDArray[np.intp]]:
    """Return which visits are to the work of each team, by name."""
    names = list(network.teams)
    number = [names.index(n.team) if isinstance(n, Work) else len(names) for n in network.pathway]
    of_visit = np.array(number, dtype=np.int16)[log.visits[:, 1]]
    return {name: np.flatnonzero(of_visit == i) for i, name in enumerate(names)}


def _kinds_of(team: str, network: Network) -> list[str]:
    """Return the kinds of work of a team, in the order of the pathway."""
    kinds = [n.kind for n in network.pathway if isinstance(n, Work) and n.team == team]
    if ASSESSMENTS in kinds:
        kinds.insert(kinds.index(ASSESSMENTS) + 1, SECOND_ASSESSMENTS)
    return list(dict.fromkeys(kinds))


def _done(visits: Ints, plan: TeamPlan, until: int) -> tuple[Ints, Ints]:
    """Return the minutes of each visit that the team and that an agency has done."""
    started, ended, resource, minutes = visits[:, 3], visits[:, 4], visits[:, 5], visits[:, 6]
    over = np.where(ended == NOT_YET, 0, minutes)
    own = np.where((resource >= 0) | (resource == SHARED), over, 0)
    for number, post in enumerate(plan.posts):
        in_hand = (resource == number) & (ended == NOT_YET)
        begun = post.worked_by(started[in_hand])
        own[in_hand] = post.worked_by(np.array([until])) - begun
    return own, np.where(resource == AGENCY, over, 0)


def _by_month(visits: Ints, plan: TeamPlan, bounds: Ints) -> Ints:
    joined, started, resource, minutes = visits[:, 2], visits[:, 3], visits[:, 5], visits[:, 6]
    months = len(bounds) - 1
    passed_on = (resource == AGENCY) & (started != NOT_YET)
    in_run = joined >= bounds[0]  # cases that are open at the start joined before
    of_joining = np.searchsorted(bounds, joined[in_run], side="right") - 1
    of_start = np.searchsorted(bounds, started[passed_on], side="right") - 1
    still_waits = np.where(started == NOT_YET, bounds[-1], started)
    queue = _before(joined, bounds) - _before(still_waits, bounds)
    return np.stack(
        [
            _capacity(plan, bounds),
            np.bincount(of_joining, minutes[in_run], months),
            _worked(visits, plan, bounds) + _worked_by_day(visits, bounds),
            np.bincount(of_start, minutes[passed_on], months),
            np.bincount(of_start, minlength=months),
            queue,
        ],
        axis=1,
    ).astype(np.int64)


def _before(minutes: Ints, bounds: Ints) -> Ints:
    """Return how many of the minutes lie before each bound but the first."""
    passed = np.searchsorted(bounds[1:], minutes, side="right")
    return np.bincount(passed, minlength=len(bounds))[:-1].cumsum()


def _capacity(plan: TeamPlan, bounds: Ints) -> Ints:
    """Return the minutes that posts or daily hours offer in each month."""
    capacity = np.zeros(len(bounds) - 1, dtype=np.int64)
    for post in plan.posts:
        capacity += np.diff(post.capacity_by(bounds))
    if plan.daily is not None:
        by_day = np.concatenate([[0], plan.daily.minutes.cumsum()])
        capacity += np.diff(by_day[bounds // MINUTES_A_DAY])
    return capacity


def _worked_by_day(visits: Ints, bounds: Ints) -> Ints:
    """Return the minutes worked of daily hours, by the month in which the jobs ended."""
    ended = visits[(visits[:, 5] == SHARED) & (visits[:, 4] != NOT_YET)]
    month = np.searchsorted(bounds, ended[:, 4], side="right") - 1
    return np.bincount(month, ended[:, 6], len(bounds) - 1).astype(np.int64)


def _worked(visits: Ints, plan: TeamPlan, bounds: Ints) -> NDArray[np.float64]:
    """Return the minutes that posts worked in each month; jobs over its end are shared out."""
    worked = np.zeros(len(bounds) - 1)
    started, ended, resource = visits[:, 3], visits[:, 4], visits[:, 5]
    for number, post in enumerate(plan.posts):
        mine = (resource == number) & (started != NOT_YET)
        ends = np.where(ended[mine] == NOT_YET, bounds[-1], ended[mine])
        first = np.searchsorted(bounds, started[mine], side="right") - 1
        last = np.searchsorted(bounds, ends - 1, side="right") - 1
        begun, done = post.worked_by(started[mine]), post.worked_by(ends)
        at_bounds = post.worked_by(bounds)
        worked += np.bincount(first, np.minimum(done, at_bounds[first + 1]) - begun, len(worked))
        for later in range(1, int((last - first).max(initial=0)) + 1):
            on = first + later <= last
            here = (first + later)[on]
            part = np.minimum(done[on], at_bounds[here + 1]) - at_bounds[here]
            worked += np.bincount(here, part, len(worked))
    return worked
