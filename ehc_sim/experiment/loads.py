"""The work that each team is asked for in a year of the plan, replication by replication."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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
