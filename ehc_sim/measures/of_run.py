"""All measures of one run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.catalogue.timeliness import TOTALS
from ehc_sim.journey.cases import Cases
from ehc_sim.measures.advice import advice
from ehc_sim.measures.backlog import waiting
from ehc_sim.measures.billed import billed
from ehc_sim.measures.columns import over_window
from ehc_sim.measures.decisions import decisions
from ehc_sim.measures.lateness import Bucket, lateness, lateness_table
from ehc_sim.measures.plans import plans, plans_by_month
from ehc_sim.measures.reviews import Reviews, reviews, reviews_by_month
from ehc_sim.measures.reviews_by_age import reviews_by_age
from ehc_sim.measures.team_hours import workload_measures
from ehc_sim.measures.timeliness import cohort, exceptions, monthly, quarterly, window, yearly
from ehc_sim.measures.timings import Timings
from ehc_sim.network.log import Log
from ehc_sim.tables import Table


@dataclass(frozen=True)
class Definitions:
    """What the measures need to know of a scenario.

    Attributes
    ----------
    givers : tuple of str
        Advice givers.
    schools : tuple of str
        Those that are schools or colleges, or early years providers.
    families : tuple of str
        Those that are the family.
    exceptions_claimed : bool
        Whether the council flags exceptions.
    arranged_days_before : float
        Days before an annual review is due at which it is arranged; 0 without a stock of plans.
    window_from, window_until : date
        First and last day of the target window.
    plan_from : date
        First day of the plan.
    remedies_after_weeks : int
        Weeks past the date of a plan from which remedies are paid.
    buckets : mapping of str to Bucket
        Where the time at each node counts when late plans are explained.
    """

    givers: tuple[str, ...]
    schools: tuple[str, ...]
    families: tuple[str, ...]
    exceptions_claimed: bool
    arranged_days_before: float
    window_from: date
    window_until: date
    buckets: Mapping[str, Bucket]
    plan_from: date = date.min
    remedies_after_weeks: int = 0


def measure(
    log: Log,
    cases: Cases,
    workload: Table,
    hours: Table,
    timeline: Timeline,
    definitions: Definitions,
) -> dict[str, Table]:
    """Return the tables of measures of one run.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    cases : Cases
        Who the cases are about.
    workload : Table
        Work of each team by month.
    hours : Table
        Rows (year, team, kind of work) with hours and agency_hours.
    timeline : Timeline
        Calendar of the run.
    definitions : Definitions
        Names and dates that the measures need.

    Returns
    -------
    dict of str to Table
        ``monthly``, ``yearly``, ``quarterly``, ``exceptions``, ``advice``, ``teams``, ``hours``,
        ``waiting``, ``cohort``, ``decisions``, ``reviews``, ``reviews_by_age``, ``plans``,
        ``lateness``, ``billed`` and ``totals`` (one row). A table has the same rows and columns in
        every replication of a scenario.
    """
    d = definitions
    timings = Timings.of(log, timeline, d.schools, cases.requests, d.families, d.exceptions_claimed)
    held = Reviews.of(log, cases, timeline, d.arranged_days_before)
    by_month = Table.beside(
        [
            monthly(timings),
            reviews_by_month(held),
            plans_by_month(held.stock, timeline),
        ]
    )
    return {
        "monthly": by_month,
        "yearly": yearly(timings, cases),
        "quarterly": quarterly(timings),
        "exceptions": exceptions(timings),
        "advice": advice(timings, d.givers),
        "teams": workload_measures(workload),
        "hours": hours,
        "waiting": waiting(timings),
        "cohort": cohort(timings),
        "decisions": decisions(timings, cases, hours),
        "reviews": reviews(held),
        "reviews_by_age": reviews_by_age(held, cases),
        "plans": plans(held.stock, timeline),
        "lateness": lateness_table(lateness(log, timings, d.buckets), timings),
        "billed": billed(timings, held.stock, d.plan_from, d.remedies_after_weeks),
        "totals": _totals(timings, held, by_month, d),
    }


def _totals(timings: Timings, held: Reviews, by_month: Table, d: Definitions) -> Table:
    """Return the measures of the target window and of the end of the run."""
    low = timings.timeline.minute(d.window_from)
    high = timings.timeline.minute(d.window_until) + MINUTES_A_DAY
    found = window(timings, d.window_from, d.window_until)
    found |= over_window("reviews", held, low, high)
    found |= {row.name: float(by_month.column(row.last)[-1]) for row in TOTALS if row.last}
    return Table.of_one({row.name: found[row.name] for row in TOTALS if row.name in found})
