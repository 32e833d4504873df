"""All measures of one run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, cast

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
from ehc_sim.measures.lateness import Bucket, Lateness, lateness, lateness_table
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


BY_YEAR = (
    *("yearly", "exceptions", "advice", "hours", "lateness", "cohort", "decisions", "reviews"),
    "plans",
)
"""Tables by calendar years, which are also made by financial years."""
TABLES = (
    *BY_YEAR,
    *(financial(name) for name in BY_YEAR),
    *("monthly", "quarterly", "advice_by_month", "teams", "waiting", "reviews_by_age", "totals"),
)
"""Tables of a run; ``totals`` has one row. What ``billed`` is of is paid for, and told as costs."""


class Measures:
    """The measures of one run. Each table is made when it is asked for, once.

    Nothing is worked out that only other tables need, so that a few tables of many runs are cheap.
    A table has the same rows and columns in every replication of a scenario.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    cases : Cases
        Who the cases are about.
    workload : callable
        Returns the work of each team by month.
    hours : callable
        Returns rows (year, team, kind of work) with hours and agency_hours, for the years of a
        timeline.
    timeline : Timeline
        Calendar of the run.
    definitions : Definitions
        Names and dates that the measures need.
    """

    def __init__(
        self,
        log: Log,
        cases: Cases,
        workload: Callable[[], Table],
        hours: Callable[[Timeline], Table],
        timeline: Timeline,
        definitions: Definitions,
    ) -> None:
        self._log, self._cases = log, cases
        self._workload, self._hours = workload, hours
        self._timeline, self._definitions = timeline, definitions
        self._made: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        """Return a table of ``TABLES``, or what is ``billed`` by month."""
        if name not in self._made:
            self._made[name] = self._makers()[name]()
        return self._made[name]

    def _makers(self) -> dict[str, Callable[[], Table]]:
        """Return what makes each table.

        It is not kept: it refers to this, whose log and cases would stay until Python searches for
        what refers to itself.
        """
        return {
            **self._by_year(lambda name: name, lambda run: run),
            **self._by_year(financial, lambda run: run.in_financial_years),
            "monthly": self._monthly,
            "quarterly": lambda: quarterly(self._timings),
            "advice_by_month": lambda: advice_by_month(self._given, self._timeline),
            "teams": lambda: workload_measures(self._workload()),
            "waiting": lambda: waiting(self._timings),
            "reviews_by_age": lambda: reviews_by_age(self._held, self._cases),
            "totals": self._totals,
            "billed": self._billed,
        }

    def _by_year(
        self, named: Callable[[str], str], told: Callable[[Any], Any]
    ) -> dict[str, Callable[[], Table]]:
        """Return what makes the tables by year, by what they are named and how years are told."""
        d, cases = self._definitions, self._cases

        def timings() -> Timings:
            return cast(Timings, told(self._timings))

        def held() -> Reviews:
            return cast(Reviews, told(self._held))

        def line() -> Timeline:
            return cast(Timeline, told(self._timeline))

        makers: dict[str, Callable[[], Table]] = {
            "yearly": lambda: yearly(timings(), cases),
            "exceptions": lambda: exceptions(timings()),
            "advice": lambda: Table.beside(
                [advice(timings(), d.givers), advice_by_year(self._given, line())]
            ),
            "hours": lambda: self._hours(line()),
            "lateness": lambda: lateness_table(self._account, timings()),
            "cohort": lambda: cohort(timings()),
            "decisions": lambda: decisions(timings(), cases, self[named("hours")]),
            "reviews": lambda: reviews(held()),
            "plans": lambda: plans(held().stock, line()),
        }
        return {named(name): makers[name] for name in BY_YEAR}

    @cached_property
    def _timings(self) -> Timings:
        d, requests = self._definitions, self._cases.requests
        return Timings.of(
            self._log, self._timeline, d.schools, requests, d.families, d.exceptions_claimed
        )

    @cached_property
    def _held(self) -> Reviews:
        d = self._definitions
        return Reviews.of(
            self._log,
            self._cases,
            self._timeline,
            d.days_to_review,
            brought_forward=d.brought_forward,
        )

    @cached_property
    def _given(self) -> dict[str, Advice]:
        d = self._definitions
        return advice_of(self._log, {giver: d.asking.get(giver, ()) for giver in d.givers})

    @cached_property
    def _account(self) -> Lateness:
        return lateness(self._log, self._timings, self._definitions.buckets)

    def _monthly(self) -> Table:
        return Table.beside(
            [
                monthly(self._timings),
                reviews_by_month(self._held),
                plans_by_month(self._held.stock, self._timeline),
            ]
        )

    def _billed(self) -> Table:
        d = self._definitions
        return billed(self._timings, self._held.stock, d.plan_from, d.remedies_after_weeks)

    def _totals(self) -> Table:
        d = self._definitions
        of_window = _of_window(self._timings, self._held, self["monthly"], d)
        return Table.beside([of_window, _advice_over_the_plan(self._log, self._timings, d)])


def _of_window(timings: Timings, held: Reviews, by_month: Table, d: Definitions) -> Table:
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
