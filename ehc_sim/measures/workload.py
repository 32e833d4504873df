"""Utilisation, queues, and offered load against capacity, for each team by month."""

from ehc_sim.measures.periods import share
from ehc_sim.tables import Rows, Table

MINUTES_AN_HOUR = 60


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
