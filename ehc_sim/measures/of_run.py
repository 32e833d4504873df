"""All measures of one run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.catalogue.service import ADVICE_RATES
from ehc_sim.catalogue.timeliness import TOTALS
from ehc_sim.journey.cases import Cases
from ehc_sim.measures.advice import advice
from ehc_sim.measures.advice_rates import (
    MONTHS_OF_RATE,
    Advice,
    Asking,
    advice_by_month,
    advice_by_year,
    advice_of,
)
from ehc_sim.measures.backlog import waiting
from ehc_sim.measures.billed import billed
from ehc_sim.measures.columns import over_window
from ehc_sim.measures.decisions import decisions
from ehc_sim.measures.lateness import Bucket, lateness, lateness_table
from ehc_sim.measures.plans import plans, plans_by_month
from ehc_sim.measures.reviews import DaysToReview, Reviews, reviews, reviews_by_month
from ehc_sim.measures.reviews_by_age import reviews_by_age
from ehc_sim.measures.team_hours import workload_measures
from ehc_sim.measures.timeliness import cohort, exceptions, monthly, quarterly, window, yearly
from ehc_sim.measures.timings import Timings
from ehc_sim.network.log import Log
from ehc_sim.tables import Table


def financial(table: str) -> str:
    """Return the name of a table of measures by year when it is by financial years."""
    return f"{table} by financial year"


@dataclass(frozen=True)
class Definitions:
    """What the measures need to know of a scenario.

    Attributes
    ----------
    givers : tuple of str
        Advice providers.
    schools : tuple of str
        Those that are schools or colleges, or early years providers.
    families : tuple of str
        Those that are the family.
    exceptions_claimed : bool
        Whether the council flags exceptions.
    window_from, window_until : date
        First and last day of the target window.
    plan_from : date
        First day of the plan.
    remedies_after_weeks : int
        Weeks past the date of a plan from which remedies are paid.
    buckets : mapping of str to Bucket
        Where the time at each node counts when late plans are explained.
    asking : mapping of str to tuple of Asking
        How each advice provider is asked.
    staffed : tuple of str
        Advice providers whose staffing is known.
    days_to_review : tuple of DaysToReview
        Days from one review to arranging the next, and from that to its due, as they stand in turn.
    brought_forward : bool
        Whether some reviews are brought forward.
    """

    givers: tuple[str, ...]
    schools: tuple[str, ...]
    families: tuple[str, ...]
    exceptions_claimed: bool
    window_from: date
    window_until: date
    buckets: Mapping[str, Bucket]
    plan_from: date = date.min
    remedies_after_weeks: int = 0
    asking: Mapping[str, tuple[Asking, ...]] = field(default_factory=dict)
    staffed: tuple[str, ...] = ()
    days_to_review: tuple[DaysToReview, ...] = (DaysToReview(0, 0, 0, 0),)
    brought_forward: bool = False


def measure(
    log: Log,
    cases: Cases,
    workload: Table,
    hours: Callable[[Timeline], Table],
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
    hours : callable
        Returns rows (year, team, kind of work) with hours and agency_hours, for the years of a
        timeline.
    timeline : Timeline
        Calendar of the run.
    definitions : Definitions
        Names and dates that the measures need.

    Returns
    -------
    dict of str to Table
        ``monthly``, ``advice_by_month``, ``teams``, ``waiting``, ``quarterly``, ``reviews_by_age``,
        ``billed``, ``totals`` (one row), and by year ``yearly``, ``exceptions``, ``advice``,
        ``hours``, ``lateness``, ``cohort``, ``decisions``, ``reviews`` and ``plans``: by calendar
        years, and under the name that ``financial`` gives by financial years. A table has the same
        rows and columns in every replication of a scenario.
    """
    d = definitions
    timings = Timings.of(log, timeline, d.schools, cases.requests, d.families, d.exceptions_claimed)
    held = Reviews.of(log, cases, timeline, d.days_to_review, brought_forward=d.brought_forward)
    by_month = Table.beside(
        [
            monthly(timings),
            reviews_by_month(held),
            plans_by_month(held.stock, timeline),
        ]
    )
    given = advice_of(log, {giver: d.asking.get(giver, ()) for giver in d.givers})
    account = lateness(log, timings, d.buckets)

    def by_year(timings: Timings, held: Reviews) -> dict[str, Table]:
        line = timings.timeline
        worked = hours(line)
        by_giver = [advice(timings, d.givers), advice_by_year(given, line)]
        return {
            "yearly": yearly(timings, cases),
            "exceptions": exceptions(timings),
            "advice": Table.beside(by_giver),
            "hours": worked,
            "lateness": lateness_table(account, timings),
            "cohort": cohort(timings),
            "decisions": decisions(timings, cases, worked),
            "reviews": reviews(held),
            "plans": plans(held.stock, line),
        }

    by_financial_year = by_year(timings.in_financial_years, held.in_financial_years)
    return {
        **by_year(timings, held),
        **{financial(name): table for name, table in by_financial_year.items()},
        "monthly": by_month,
        "quarterly": quarterly(timings),
        "advice_by_month": advice_by_month(given, timeline),
        "teams": workload_measures(workload),
        "waiting": waiting(timings),
        "reviews_by_age": reviews_by_age(held, cases),
        "billed": billed(timings, held.stock, d.plan_from, d.remedies_after_weeks),
        "totals": Table.beside(
            [_totals(timings, held, by_month, d), _advice_over_the_plan(log, timings, d)]
        ),
    }


def _totals(timings: Timings, held: Reviews, by_month: Table, d: Definitions) -> Table:
    """Return the measures of the target window and of the end of the run."""
    low = timings.timeline.minute(d.window_from)
    high = timings.timeline.minute(d.window_until) + MINUTES_A_DAY
    found = window(timings, d.window_from, d.window_until)
    found |= over_window("reviews", held, low, high)
    found |= {row.name: float(by_month.column(row.last)[-1]) for row in TOTALS if row.last}
    return Table.of_one({row.name: found[row.name] for row in TOTALS if row.name in found})


def _advice_over_the_plan(log: Log, timings: Timings, d: Definitions) -> Table:
    """Return the advice a week of the givers whose staffing is known, together; NaN without any.

    The rate is that over the plan, and of the weeks to clear that of the last three months.
    """
    ways = [way for giver in d.staffed for way in d.asking.get(giver, ())]
    nothing = dict.fromkeys((row.name for row in ADVICE_RATES), np.array([np.nan]))
    line = timings.timeline
    first = max(line.minute(max(d.plan_from, line.first_day)), 0)
    given = Advice.of(log, ways)
    plan = given.measures(np.array([first, timings.until])) if ways else nothing
    months = given.measures(timings.months, MONTHS_OF_RATE) if ways else nothing
    return Table.of_one(
        {
            "advices_a_week": float(plan["given_a_week"][0]),
            "advices_asked_a_week": float(plan["asked_a_week"][0]),
            "advices_waiting_at_end": float(plan["waiting"][0]),
            "advice_weeks_to_clear_at_end": float(months["weeks_to_clear"][-1]),
        }
    )
