"""Utilisation, queues, and offered load against capacity, for each team by month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ehc_sim.measures.timeliness import share

MINUTES_AN_HOUR = 60


def workload_measures(workload: pd.DataFrame, months: np.ndarray) -> pd.DataFrame:
    """Return each team's load by month.

    Parameters
    ----------
    workload : DataFrame
        One row a team and month with capacity_minutes, offered_minutes, worked_minutes,
        agency_minutes and queue, as ``pathway.workload`` returns.
    months : ndarray of datetime64[M]
        The months, by number.

    Returns
    -------
    DataFrame
        Rows (month, team): capacity_hours, offered_hours (joined the queue, less what an agency
        took), worked_hours, utilisation (worked / capacity), load (offered / capacity) and queue
        (jobs waiting at the end of the month). Load above 1 has no steady state.
    """
    capacity = workload["capacity_minutes"].to_numpy() / MINUTES_AN_HOUR
    offered = (
        workload["offered_minutes"] - workload["agency_minutes"]
    ).to_numpy() / MINUTES_AN_HOUR
    worked = workload["worked_minutes"].to_numpy() / MINUTES_AN_HOUR
    index = pd.MultiIndex.from_arrays(
        [months[workload["month"].to_numpy()], workload["team"]], names=["month", "team"]
    )
    return pd.DataFrame(
        {
            "capacity_hours": capacity,
            "offered_hours": offered,
            "worked_hours": worked,
            "utilisation": share(worked, capacity),
            "load": share(offered, capacity),
            "queue": workload["queue"].to_numpy(),
        },
        index=index,
    )
