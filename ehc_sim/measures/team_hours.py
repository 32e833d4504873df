"""Work asked of each team, work done and capacity, by month; hours by kind of work, by year."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.measures.periods import share, years
from ehc_sim.measures.team_hours_loop import (
    work_beyond_what_is_offered,
    work_by_kind,
    work_by_month,
    work_of_daily_hours,
)
from ehc_sim.network.log import AGENCY, NOT_YET, SHARED, Log
from ehc_sim.network.network import Network
from ehc_sim.network.nodes import Work
from ehc_sim.tables import Rows, Table

Ints = NDArray[np.int64]
WORKLOAD_MEASURES = (
    "offered_minutes",
    "worked_minutes",
    "agency_minutes",
    "agency_cases",
    "queue",
    "capacity_minutes",
)
HOURS_MEASURES = ("hours", "agency_hours", "offered_hours")
ASSESSMENTS = "assessments"
SECOND_ASSESSMENTS = "second assessments"
"""Kind of the assessments of cases that were refused before."""

MINUTES_AN_HOUR = 60


def workload(log: Log, network: Network) -> Table:
    """Return what each team was asked to do and did.

    Parameters
    ----------
    log : Log
        Log of a run.
    network : Network
        The network that was run.

    Returns
    -------
    Table
        Rows (team, month), the month as datetime64[M], with offered_minutes (joined the queue
        within the run, without what an agency took then or later), worked_minutes (by its posts or
        in its daily hours), agency_minutes and agency_cases (passed on), queue (jobs waiting at the
        month's end) and capacity_minutes (of its posts, or of its daily hours). No month has more
        minutes worked than it has capacity.

    Notes
    -----
    A job of posts that goes on over the end of a month is shared out by their hours. What a leaver
    does who takes no job any more, and finishes the one in hand, is capacity as far as it is work.
    The log does not tell how much of a job was done on each day by a team of daily hours: it is
    shared out over the days on which it was in hand, as far as they have hours, and one that did
    not end counts nothing.

    A job that was handed over is two: what was done counts as offered in the month in which the
    job joined, the rest in that of the hand-over, so that no minute is offered twice. From the
    hand-over on it is in the queue again.
    """
    timeline = network.timeline
    works = _works(network)
    firsts = np.flatnonzero(np.diff(timeline.month, prepend=-1))
    bounds = np.append(firsts, len(timeline.days)).astype(np.int64) * MINUTES_A_DAY
    calendars = network.calendars
    found = np.zeros((len(network.teams), len(firsts), 5), dtype=np.int64)
    work_by_month(
        log.work,
        log.columns[1:],
        _stations(network, works),
        calendars.first_post,
        (calendars.opens, calendars.before),
        bounds,
        NOT_YET,
        AGENCY,
        found,
    )
    capacity = np.add.reduceat(calendars.capacity, firsts, axis=1)
    beyond = np.zeros_like(capacity)
    work_beyond_what_is_offered(
        log.work,
        log.columns[1:],
        _stations(network, works),
        calendars.first_post,
        (calendars.opens, calendars.before, calendars.beyond),
        bounds,
        NOT_YET,
        beyond,
    )
    capacity += beyond
    for number, team in enumerate(network.teams.values()):
        if team.daily is not None:
            found[number, :, 1] += _of_daily_hours(log, network, number, firsts)
    values = np.concatenate([found, capacity[..., np.newaxis]], axis=2).astype(np.float64)
    rows = Rows.of(team=list(network.teams), month=timeline.months)
    return Table(rows, WORKLOAD_MEASURES, values.reshape(-1, len(WORKLOAD_MEASURES)))


def agency_cases(log: Log, network: Network) -> NDArray[np.float64]:
    """Return how many cases each team passed on to its agency in each month.

    Returns
    -------
    ndarray of float64, shape (teams, months)
        As ``agency_cases`` of ``workload``.
    """
    month = network.timeline.month
    node, _, started, _, resource, _ = log.columns[1:]
    rows = log.work[(resource[log.work] == AGENCY) & (started[log.work] != NOT_YET)]
    team = _stations(network, _works(network))[node[rows]]
    months = int(month[-1]) + 1
    cells = team * months + month[np.maximum(started[rows], 0) // MINUTES_A_DAY]
    counts = np.bincount(cells, minlength=len(network.teams) * months)
    return counts.reshape(-1, months).astype(np.float64)


def _of_daily_hours(log: Log, network: Network, team: int, firsts: Ints) -> Ints:
    """Return what a team of daily hours worked in each month."""
    daily = list(network.teams.values())[team].daily
    assert daily is not None
    node, _, started, ended, resource, minutes = log.columns[1:]
    at = log.work[_stations(network, _works(network))[node[log.work]] == team]
    jobs = at[(resource[at] == SHARED) & (ended[at] != NOT_YET)].astype(np.int64)
    jobs = jobs[np.lexsort((started[jobs], ended[jobs]))]
    free = daily.minutes.astype(np.int64)
    work_of_daily_hours(jobs, daily.most_a_case.astype(np.int64), free, started, ended, minutes)
    return np.asarray(np.add.reduceat(daily.minutes - free, firsts), dtype=np.int64)


def hours_by_kind(
    log: Log,
    network: Network,
    second_rows: NDArray[np.bool_],
    timeline: Timeline | None = None,
) -> Table:
    """Return the hours that each team worked, by kind of work.

    Parameters
    ----------
    log : Log
        Log of a run.
    network : Network
        The network that was run.
    second_rows : ndarray of bool, shape (visits,)
        Rows of ``log.visits`` of which assessments count as second assessments: those of requests
        made again and those after a refusal that was turned round.
    timeline : Timeline, optional
        Calendar of the run with the years by which to tell; the network's own by default.

    Returns
    -------
    Table
        Rows (year, team, kind), one for every year of the run and every kind of work of
        each team, with hours (worked by the team), agency_hours and offered_hours (of the work that
        came to the team in the year, done or not). The same rows for every draw.

    Notes
    -----
    Work counts in the year in which it ended or was handed over, an agency's in the year in which
    it came back. Work that a post has in hand at the end of the run counts in the last year as far
    as it is done by the post's hours, so that the hours of posts add up to the minutes worked of
    ``workload``; of other work that has not ended nothing is known, and it is left out.
    """
    line = timeline or network.timeline
    every, year_of_day = years(line), line.year - line.year[0]
    works = _works(network)
    kinds = _kinds(network, works)
    rows = Rows(
        ("year", "team", "kind"), tuple((every, [team], named) for team, named in kinds.items())
    )
    calendars = network.calendars
    found = np.zeros((len(rows), 3), dtype=np.int64)
    work_by_kind(
        log.work,
        log.columns[1:],
        _stations(network, works),
        calendars.first_post,
        (calendars.opens, calendars.before),
        second_rows,
        _cells(network, works, kinds, len(every)),
        year_of_day,
        NOT_YET,
        AGENCY,
        SHARED,
        found,
    )
    return Table(rows, HOURS_MEASURES, found / MINUTES_AN_HOUR)


def _works(network: Network) -> list[tuple[int, Work]]:
    """Return the nodes at which a team works, with their numbers."""
    return [(place, node) for place, node in enumerate(network.pathway) if isinstance(node, Work)]


def _stations(network: Network, works: Sequence[tuple[int, Work]]) -> Ints:
    """Return the number of the team that works at each node, -1 where none does."""
    names = list(network.teams)
    stations = np.full(len(network.pathway.names), -1, dtype=np.int64)
    for place, node in works:
        stations[place] = names.index(node.team)
    return stations


def _kinds(network: Network, works: Sequence[tuple[int, Work]]) -> dict[str, list[str]]:
    """Return the kinds of work of each team, in the order of the pathway."""
    kinds: dict[str, list[str]] = {team: [] for team in network.teams}
    for _, node in works:
        second = [SECOND_ASSESSMENTS] if node.kind == ASSESSMENTS else []
        kinds[node.team] += [one for one in (node.kind, *second) if one not in kinds[node.team]]
    return kinds


def _cells(
    network: Network,
    works: Sequence[tuple[int, Work]],
    kinds: dict[str, list[str]],
    years: int,
) -> Ints:
    """Return the row of hours of each node's kind of work, as ``work_by_kind`` takes them."""
    first, firsts = 0, {}
    for team, named in kinds.items():
        firsts[team] = first
        first += years * len(named)
    cells = np.zeros((3, len(network.pathway.names)), dtype=np.int64)
    for place, node in works:
        named = kinds[node.team]
        again = SECOND_ASSESSMENTS if node.kind == ASSESSMENTS else node.kind
        own = [firsts[node.team] + named.index(kind) for kind in (node.kind, again)]
        cells[:, place] = (*own, len(named))
    return cells


def workload_measures(workload: Table) -> Table:
    """Return each team's load by month.

    Parameters
    ----------
    workload : Table
        Rows (team, month) with capacity_minutes, offered_minutes, worked_minutes, agency_minutes
        and queue, as ``team_hours`` returns.

    Returns
    -------
    Table
        Rows (month, team), team by team: capacity_hours, offered_hours (joined the queue in the
        month, without what an agency took then or later), worked_hours, utilisation (worked /
        capacity), load (offered / capacity) and queue (jobs waiting at the end of the month).
        Utilisation is 0 to 1, load 0 or more; load above 1 has no steady state.
    """
    ((teams, months),) = workload.rows.blocks
    capacity = workload.column("capacity_minutes") / MINUTES_AN_HOUR
    offered = workload.column("offered_minutes") / MINUTES_AN_HOUR
    worked = workload.column("worked_minutes") / MINUTES_AN_HOUR
    return Table.of(
        Rows(("month", "team"), tuple((months, [team]) for team in teams)),
        {
            "capacity_hours": capacity,
            "offered_hours": offered,
            "worked_hours": worked,
            "utilisation": share(worked, capacity),
            "load": share(offered, capacity),
            "queue": workload.column("queue"),
        },
    )
