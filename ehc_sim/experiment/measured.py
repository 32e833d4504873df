"""What one replication was made of, what happened in it, and its measures."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, partial

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.experiment.in_post import carried_by, in_post_by_month
from ehc_sim.experiment.scenario_result import MEMBER, PLACE
from ehc_sim.experiment.spending import (
    Line,
    by_financial_year,
    cost,
    prices,
    provided,
    spending,
    spent,
)
from ehc_sim.experiment.unit_costs import advice_costs
from ehc_sim.journey.prepare import Prepared
from ehc_sim.journey.reviews import days_to_review
from ehc_sim.measures.decisions import second_assessments
from ehc_sim.measures.of_run import TABLES as OF_RUN
from ehc_sim.measures.of_run import Definitions, Measures
from ehc_sim.measures.officers import Carried, officers, together
from ehc_sim.measures.reviews import DaysToReview
from ehc_sim.measures.team_hours import agency_cases, hours_by_kind, workload
from ehc_sim.network.log import Log
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.scenario import Periods
from ehc_sim.tables import Table

TABLES = (*OF_RUN, "costs_by_year", "prices", "advice_costs", "officers")
"""Tables of a replication."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """What chance decides for one replication.

    Attributes
    ----------
    number : int
        Number of the replication.
    prepared : Prepared
        Network, draw and the cases' attributes.
    periods : tuple of (date, Settings)
        Settings with this replication's uncertain numbers.
    """

    number: int
    prepared: Prepared
    periods: Periods


@dataclass(frozen=True, eq=False)
class Replication(Drawn):
    """What one replication was made of and what happened in it.

    Attributes
    ----------
    log : Log
        What happened.
    """

    log: Log


def chosen(only: Collection[str] | None) -> tuple[str, ...]:
    """Return the names of the tables that are wanted, in the order of ``TABLES``.

    Raises
    ------
    ValueError
        When there is no table of a name.
    """
    if only is None:
        return TABLES
    for name in only:
        if name not in TABLES:
            raise ValueError(f"only: found {name!r}, allowed is {', '.join(TABLES)}")
    return tuple(name for name in TABLES if name in only)


class ReplicationTables:
    """The measures of a replication, with what it costs; each is made when it is asked for.

    Parameters
    ----------
    replication : Replication
        What happened.
    scenario : Scenario
        Of which it is one.
    timeline : Timeline
        Calendar of the run.
    definitions : Definitions
        What the measures need to know of the scenario.
    streams : Streams
        Random numbers of the replication, for what changes cost.
    place : float
        Place of its requests among all that there may be.
    member : int or None
        Row of its member in the table of members.
    """

    def __init__(
        self,
        replication: Replication,
        scenario: Scenario,
        timeline: Timeline,
        definitions: Definitions,
        streams: Streams,
        place: float,
        member: int | None = None,
    ) -> None:
        self._scenario, self._timeline = scenario, timeline
        self._streams, self._place, self._member = streams, place, member
        self._log, self._periods = replication.log, replication.periods
        self._network = replication.prepared.network
        known = with_reviews(definitions, replication.periods, timeline)
        cases = replication.prepared.everybody
        log, network = self._log, self._network
        second = cache(partial(second_assessments, log, cases))

        def hours(line: Timeline) -> Table:
            return hours_by_kind(log, network, second(), line)

        work = partial(workload, log, network)
        self._of_run = Measures(log, cases, work, hours, timeline, known)

    def __getitem__(self, name: str) -> Table:
        """Return a table of ``TABLES``."""
        match name:
            case "totals":
                return self._totals()
            case "costs_by_year":
                return by_financial_year(self._account, self._timeline.months, self._plan_from)
            case "prices":
                return prices(self._periods)
            case "advice_costs":
                return self._advice_costs()
            case "officers":
                return officers(self._of_run["monthly"], self._carried, self._in_post)
        return self._of_run[name]

    @property
    def _plan_from(self) -> date:
        return self._scenario.base.period.plan_from

    @cached_property
    def _account(self) -> list[Line]:
        network = self._network
        bought = agency_cases(self._log, network)
        return spending(
            self._scenario.changes,
            self._periods,
            self._timeline,
            dict(zip(network.teams, bought, strict=True)),
            network.teams,
            network.panels,
            self._streams,
            self._of_run["billed"],
        )

    @cached_property
    def _carried(self) -> dict[str, Carried]:
        return carried_by(self._periods[-1][1])

    @cached_property
    def _in_post(self) -> dict[str, NDArray[np.float64]]:
        return {
            team: in_post_by_month(team, self._periods, self._timeline, self._network.teams)
            for team in self._carried
        }

    def _advice_costs(self) -> Table:
        hours = self._of_run["hours"]
        return advice_costs(
            self._account, self._periods, self._timeline, self._log, hours, self._plan_from
        )

    def _totals(self) -> Table:
        """Return the totals of the run, with what it costs."""
        months, plan_from = self._timeline.months, self._plan_from
        rate = float(self._periods[-1][1].costs.discount_rate)
        pounds = spent(self._account, len(months))
        of_plans = provided(self._account, len(months))
        in_plan = months >= np.datetime64(plan_from, "M")
        monthly = self._of_run["monthly"]
        in_time, late = monthly.column("plans_on_time"), monthly.column("late_child_weeks")
        more = {
            "cost": cost(pounds, months, rate, plan_from),
            "provision": cost(of_plans, months, rate, plan_from),
            "spent_in_plan": cost(pounds, months, 0.0, plan_from),
            "plans_issued_in_plan": float(monthly.column("plans_issued")[in_plan].sum()),
            "plans_on_time_in_plan": float(in_time[in_plan].sum()),
            "late_child_weeks_in_plan": float(late[in_plan].sum()),
        }
        of_all = together(monthly, self._carried, self._in_post)
        more |= {f"{name}_at_end": value for name, value in of_all.items()}
        more[PLACE] = self._place
        if self._member is not None:
            more[MEMBER] = float(self._member)
        return Table.beside([self._of_run["totals"], Table.of_one(more)])


def with_reviews(known: Definitions, periods: Periods, timeline: Timeline) -> Definitions:
    """Return what measures need to know, with when reviews are arranged in a replication."""
    every = [(max(timeline.minute(day), 0), s.plans.reviews) for day, s in periods if s.plans]
    if not every:
        return known
    days = tuple(
        DaysToReview(
            since,
            days_to_review(reviews, reviews.every_days),
            days_to_review(reviews, reviews.every_days_under_five),
            round(float(reviews.arranged_days_before)),
        )
        for since, reviews in every
    )
    early = any(float(reviews.brought_forward) for _, reviews in every)
    return replace(known, days_to_review=days, brought_forward=early)
