"""Work asked of each team, work done and capacity, by month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.pathway.log import AGENCY, NOT_YET, Log
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
        (of its posts), offered_minutes (joined the queue), worked_minutes (by its posts),
        agency_minutes and agency_cases (passed on) and queue (jobs waiting at the month's end).
    """
    month = network.timeline.month
    firsts = np.flatnonzero(np.diff(month, prepend=-1))
    bounds = np.append(firsts, len(month)).astype(np.int64) * MINUTES_A_DAY
    tables = []
    for team, plan in network.teams.items():
        places = [
            i
            for i, node in enumerate(network.pathway)
            if isinstance(node, Work) and node.team == team
        ]
        visits = log.visits[np.isin(log.visits[:, 1], places)]
        table = pd.DataFrame(_by_month(visits, plan, bounds), columns=list(WORKLOAD_MEASURES))
        table.insert(0, "month", np.arange(len(firsts)))
        table.insert(0, "team", team)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _by_month(visits: Ints, plan: TeamPlan, bounds: Ints) -> Ints:
    joined, started, resource, minutes = visits[:, 2], visits[:, 3], visits[:, 5], visits[:, 6]
    months = len(bounds) - 1
    passed_on = (resource == AGENCY) & (started != NOT_YET)
    of_joining = np.searchsorted(bounds, joined, side="right") - 1
    of_start = np.searchsorted(bounds, started[passed_on], side="right") - 1
    still_waits = np.where(started == NOT_YET, bounds[-1], started)
    queue = np.searchsorted(np.sort(joined), bounds[1:], side="left") - np.searchsorted(
        np.sort(still_waits), bounds[1:], side="left"
    )
    return np.stack(
        [
            sum((np.diff(post.capacity_by(bounds)) for post in plan.posts), np.zeros(months)),
            np.bincount(of_joining, minutes, months),
            _worked(visits, plan, bounds),
            np.bincount(of_start, minutes[passed_on], months),
            np.bincount(of_start, minlength=months),
            queue,
        ],
        axis=1,
    ).astype(np.int64)


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
