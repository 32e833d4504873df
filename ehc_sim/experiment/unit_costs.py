"""What one of something costs: a plan, an advice, a week of waiting saved."""

from collections.abc import Iterator, Sequence
from datetime import date
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.catalogue.tables import names
from ehc_sim.experiment.chance import ratio_interval
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.spending import Line
from ehc_sim.journey.pathway import advice_step
from ehc_sim.measures.periods import count_in, month_bounds
from ehc_sim.network.log import Log
from ehc_sim.scenario.labels import labels_of_teams
from ehc_sim.scenario.scenario import Periods
from ehc_sim.scenario.whole_run import of_whole_run
from ehc_sim.tables import Rows, Table

Floats = NDArray[np.float64]

ASSESSMENTS = ("assessments", "second assessments")
"""Kinds of work that advice is part of."""
A_PLAN, A_WEEK, AN_EXTRA_PLAN = "plan issued", "week of waiting saved", "extra plan on time"


def advice_costs(
    lines: Sequence[Line],
    periods: Periods,
    timeline: Timeline,
    log: Log,
    hours: Table,
    plan_from: date,
) -> Table:
    """Return what each team that gives advice costs for it over the plan, and how much it gives.

    Parameters
    ----------
    lines : sequence of Line
        The account of a replication.
    periods : sequence of (date, Settings)
        Settings with this replication's uncertain numbers.
    timeline : Timeline
        Calendar of the run.
    log : Log
        Log of the run, for the advice given.
    hours : Table
        Rows (year, team, kind of work) with hours.
    plan_from : date
        Months before its own are left out.

    Returns
    -------
    Table
        Rows (team): pounds, of its people for the time that is for the work modelled, idle time
        among it, and of its agency, times the share of the hours worked in the calendar years of
        the plan that went to assessments; and advices, given in the plan and not reused.
    """
    givers: dict[str, list[str]] = {}
    teams: dict[str, dict[str, None]] = {}
    for name, giver in of_whole_run(periods).advice.items():
        if giver.team is not None:
            givers.setdefault(giver.team, []).append(name)
            helped_by = [giver.team, *filter(None, [giver.assistant_team])]
            teams.setdefault(giver.team, {}).update(dict.fromkeys(helped_by))
    inside = timeline.months >= np.datetime64(plan_from, "M")
    pounds = [
        sum(
            _for_work_modelled(lines, one, periods, timeline)[inside].sum()
            * _share_on_assessments(hours, one, plan_from.year)
            for one in who
        )
        for who in teams.values()
    ]
    advices = [
        sum(_by_month(log.done(advice_step(name)), timeline)[inside].sum() for name in of_team)
        for of_team in givers.values()
    ]
    columns = {"pounds": np.array(pounds, dtype=float), "advices": np.array(advices, dtype=float)}
    return Table.of(Rows.of(team=list(givers)), columns)


def _for_work_modelled(
    lines: Sequence[Line], team: str, periods: Periods, timeline: Timeline
) -> Floats:
    """Return the pounds of a team's people for the time on this work, and of its agency."""
    starts = [max(0, timeline.minute(day)) // MINUTES_A_DAY for day, _ in periods]
    of_day = np.searchsorted(starts, np.arange(len(timeline.days)), side="right") - 1
    shares = np.array([float(s.teams[team].time_on_this_work) for _, s in periods])[of_day]
    share = np.bincount(timeline.month, shares) / np.bincount(timeline.month)
    of_team = [line for line in lines if line.team == team]
    whole = ("overtime: ", "agency: ")  # all of it is for the work modelled
    pounds = [line.pounds * (1.0 if line.item.startswith(whole) else share) for line in of_team]
    return np.asarray(np.sum(pounds, axis=0))


def _share_on_assessments(hours: Table, team: str, first_year: int) -> float:
    """Return the share of a team's hours, its agency's among them, that went to assessments."""
    worked = hours.column("hours") + hours.column("agency_hours")
    first, on_assessments, of_all = 0, 0.0, 0.0
    for years, teams, kinds in hours.rows.blocks:
        shape = (len(years), len(teams), len(kinds))
        block = worked[first : first + prod(shape)].reshape(shape)
        first += prod(shape)
        if team in teams:
            since = np.asarray(years) >= first_year
            of_kind = block[since, list(teams).index(team)].sum(axis=0)
            on_assessments += of_kind[[kind in ASSESSMENTS for kind in kinds]].sum()
            of_all += of_kind.sum()
    return on_assessments / of_all if of_all > 0 else 1.0


def _by_month(minutes: NDArray[np.int64], timeline: Timeline) -> NDArray[np.int64]:
    return count_in(month_bounds(timeline), minutes)


def unit_costs(results: Sequence[ScenarioResult], compared: pd.DataFrame) -> pd.DataFrame:
    """Return what a plan and an advice cost, and what a week of waiting saved and a plan more do.

    Parameters
    ----------
    results : sequence of ScenarioResult
        The scenarios; the first is the one that the others are compared with.
    compared : DataFrame
        Their comparison, as ``compare`` returns it.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``unit_costs.csv``.
    """
    rows = [
        {"scenario": result.scenario.name} | row
        for result, (_, beside) in zip(results, compared.iterrows(), strict=True)
        for row in (*_average(result), *_more(beside))
    ]
    return pd.DataFrame(rows, columns=names("unit_costs"))


def _average(result: ScenarioResult) -> Iterator[dict[str, object]]:
    """Yield what one of something costs on average over the plan."""
    spent, issued = result.total("spent_in_plan"), result.total("plans_issued_in_plan")
    yield _ratio(A_PLAN, spent, issued, result.places)
    table = result.tables["advice_costs"]
    called = labels_of_teams([result.scenario])
    pounds, advices = table.column("pounds"), table.column("advices")
    for place, team in enumerate(table.index):
        of = f"advice of {called[team]}"
        yield _ratio(of, pounds[:, place], advices[:, place], result.places)


def _ratio(of: str, spent: Floats, number: Floats, places: Floats | None) -> dict[str, object]:
    price, low, high = ratio_interval(spent, number, places)
    means = {"spent": float(spent.mean()), "number": float(number.mean())}
    return {"of": of, "pounds": price, "low": low, "high": high} | means


def _more(compared: pd.Series) -> Iterator[dict[str, object]]:
    """Yield what one of something more than with the baseline costs."""
    for of, price, number in (
        (A_WEEK, "cost_per_week_saved", "late_child_weeks_saved"),
        (AN_EXTRA_PLAN, "cost_per_extra_plan", "extra_plans_on_time"),
    ):
        interval = {end or "pounds": compared[price + end] for end in ("", "_low", "_high")}
        yield {
            "of": of,
            **{name.removeprefix("_"): value for name, value in interval.items()},
            "spent": compared["cost"],
            "number": compared[number],
        }
