"""Sums and shares within each replication: a sum of medians is the median of no sum."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.measures.lateness import ALL
from ehc_sim.measures.periods import share
from ehc_sim.tables import Table

LOAD_OF_YEAR = "load_of_year"
STEADY = 1.0
"""Offered load over capacity above which a queue grows without end."""


def with_load_of_year(teams: Table, plan_from: date) -> Table:
    """Return the table of teams with the load of each calendar year of the plan.

    It is worked out within each replication, so that its median is one of loads; the median of the
    hours offered over the median of the hours there are is the load of no future.

    Parameters
    ----------
    teams : Table
        Rows (month, team) with offered_hours and capacity_hours, in every replication.
    plan_from : date
        First day of the plan.

    Returns
    -------
    Table
        With the column load_of_year: offered hours over capacity of the months of a row's year that
        lie in the plan, the same in each of them; NaN before the plan, and where a team has no
        hours all year.
    """
    months = pd.DatetimeIndex(teams.index.get_level_values("month"))
    names = teams.index.get_level_values("team")
    planned = months >= pd.Timestamp(plan_from).replace(day=1)
    offered, capacity = teams.column("offered_hours"), teams.column("capacity_hours")
    load = np.full(offered.shape, np.nan)
    places = pd.Series(np.arange(len(months)))[planned]
    for _, rows in places.groupby([names[planned], months.year[planned]]):
        hours = (offered[:, rows].sum(axis=1), capacity[:, rows].sum(axis=1))
        load[:, rows] = _ratio(*hours)[:, None]
    return teams.with_column(LOAD_OF_YEAR, load)


def overloaded(teams: Table, plan_from: date, year: int) -> list[str]:
    """Return the teams that are asked for more hours than they have in a year, in most futures.

    They have no steady state: their queue grows for as long as that goes on.

    Parameters
    ----------
    teams : Table
        As for ``with_load_of_year``.
    plan_from : date
        First day of the plan.
    year : int
        Calendar year.
    """
    loads = with_load_of_year(teams, plan_from)
    medians = np.median(loads.column(LOAD_OF_YEAR), axis=0)  # NaN, where not known, is not above
    months = pd.DatetimeIndex(teams.index.get_level_values("month"))
    over = (months.year == year) & (medians > STEADY)
    return [str(team) for team in teams.index.get_level_values("team")[over].unique()]


def _ratio(some: NDArray[np.float64], all_: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.divide(some, all_, out=np.full(some.shape, np.nan), where=all_ > 0))


SHARE = "share"
KINDS_OF_WORK = {
    "all assessments": ("assessments", "second assessments"),
    "all work on plans": (
        *("annual reviews", "phase transfers", "reassessments", "appeals about plans"),
        "plans moved in",
    ),
}
"""Kinds of work that are compared as one."""


def with_parts_of_all_steps(lateness: Table) -> Table:
    """Return the account of late plans with each part's whole, over all steps.

    Parameters
    ----------
    lateness : Table
        Rows (year, step, part), as of ``measures.lateness.lateness_table``.

    Returns
    -------
    Table
        With a row (year, all, part) for each part; late_plans is the same as in its other rows.
    """
    year, step, part = (lateness.index.get_level_values(name) for name in ("year", "step", "part"))
    rows = pd.Series(np.flatnonzero((part != ALL) & (step != ALL)))
    keys, sums = [], []
    counted = lateness.columns.index("late_plans")
    for (of_year, of_part), places in rows.groupby([year[rows], part[rows]], sort=False):
        total = lateness.values[:, places].sum(axis=1)
        total[:, counted] = lateness.values[:, places.iloc[0], counted]
        keys.append((of_year, ALL, of_part))
        sums.append(total)
    return lateness.with_rows(keys, sums)


def with_shares_of_hours(hours: Table) -> Table:
    """Return the hours of teams with those of several kinds of work together, and their shares.

    Parameters
    ----------
    hours : Table
        Rows (year, team, kind) with hours and others.

    Returns
    -------
    Table
        With a row for all kinds of a team's work and for each of ``KINDS_OF_WORK`` of which it has
        any, and with the column share: hours over the team's hours of the year; NaN where the team
        worked none.
    """
    year, team, kind = (hours.index.get_level_values(name) for name in ("year", "team", "kind"))
    wholes = {ALL: tuple(kind.unique())} | KINDS_OF_WORK
    keys, sums = [], []
    for whole, kinds in wholes.items():
        rows = pd.Series(np.flatnonzero(kind.isin(kinds)))
        for (of_year, of_team), places in rows.groupby([year[rows], team[rows]], sort=False):
            keys.append((of_year, of_team, whole))
            sums.append(hours.values[:, places].sum(axis=1))
    every = hours.with_rows(keys, sums)
    worked = every.column("hours")
    of_all = every.index.get_level_values(2) == ALL
    teams = pd.MultiIndex.from_arrays([every.index.get_level_values(i) for i in (0, 1)])
    shares = share(worked, worked[:, of_all][:, teams[of_all].get_indexer(teams)])
    return every.with_column(SHARE, shares)
