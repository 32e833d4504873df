"""Sums and shares within each replication: a sum of medians is the median of no sum."""

import numpy as np
import pandas as pd

from ehc_sim.measures.lateness import ALL
from ehc_sim.measures.periods import share
from ehc_sim.tables import Table

SHARE = "share"
KINDS_OF_WORK = {
    "all assessments": ("assessments", "second assessments"),
    "all work on plans": ("annual reviews", "phase transfers", "appeals about plans"),
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
