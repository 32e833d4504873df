"""Scenarios side by side, replication by replication."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.catalogue.tables import columns, names
from ehc_sim.catalogue.timeliness import Compared, Difference, Median
from ehc_sim.experiment.chance import mean_interval, ratio_interval
from ehc_sim.experiment.in_post import carried_by
from ehc_sim.experiment.scenario_result import ScenarioResult, of_the_same
from ehc_sim.experiment.sums import overloaded
from ehc_sim.scenario.agreement import is_choice
from ehc_sim.scenario.differences import (
    changes_order,
    changes_order_only,
    changes_staff,
    changes_who_is_assessed,
)
from ehc_sim.scenario.labels import labels_of_teams

Floats = NDArray[np.float64]


def compare(results: Sequence[ScenarioResult]) -> pd.DataFrame:
    """Return one row a scenario: chance, share on time, cost, and the difference to the first.

    Scenarios run the same replications under common random numbers, so differences are paired:
    they are of the replications that a scenario and the first both have. The chance and the share
    on time are of all of a scenario's own; what else is told of each is of those that all have.

    Parameters
    ----------
    results : sequence of ScenarioResult
        The scenarios; the first is the one that the others are compared with.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``comparison.csv``.
    """
    of_all = of_the_same(*results)
    found = figures(results)
    best = _chance_best(np.stack([result.total("on_time") for result in of_all]))
    first = results[0].scenario
    rows = [
        {
            **found[i],
            "chance_best": best[i],
            "is_choice": is_choice(first, result.scenario),
            "changes_order": changes_order(first, result.scenario),
            "changes_staff": changes_staff(first, result.scenario),
            "order_only": changes_order_only(first, result.scenario),
            "other_children": changes_who_is_assessed(first, result.scenario),
            "recovers": recovers(same),
            "officers": _called(result, carried_by(result.scenario.periods[-1][1])),
            "overloaded": _called(result, _overloaded(same)),
        }
        for i, (result, same) in enumerate(zip(results, of_all, strict=True))
    ]
    return pd.DataFrame(rows, columns=[one for one in names("comparison") if one in rows[0]])


def figures(results: Sequence[ScenarioResult]) -> list[dict[str, object]]:
    """Return the numbers of each row of the comparison: those that its replications tell alone."""
    of_all = of_the_same(*results)
    return [
        {**_chance(result), **_beside(result, results[0]), **_medians(same)}
        for result, same in zip(results, of_all, strict=True)
    ]


def _chance(result: ScenarioResult) -> dict[str, object]:
    scenario = result.scenario
    target = scenario.base.target
    on_time = result.total("on_time")
    chance = result.chance
    known = on_time[~np.isnan(on_time)]  # not where no plan was issued
    levels = [0.025, 0.1, 0.5, 0.9, 0.975]
    low95, low80, median, high80, high95 = np.quantile(known if len(known) else [np.nan], levels)
    return {
        "scenario": scenario.name,
        "why": scenario.why,
        "replications": result.replications,
        "reached": result.reached,
        "half_width_asked": float("nan") if result.half_width is None else result.half_width,
        "target": result.target_share,
        "window_from": target.window_from,
        "window_until": target.window_until,
        "chance": chance.value,
        "chance_low": chance.low,
        "chance_high": chance.high,
        "on_time": median,
        "on_time_low80": low80,
        "on_time_high80": high80,
        "on_time_low95": low95,
        "on_time_high95": high95,
    }


def _beside(result: ScenarioResult, baseline: ScenarioResult) -> dict[str, object]:
    """Return what a scenario does in the replications that the baseline has too, and its price."""
    is_baseline = result is baseline
    result, baseline = of_the_same(result, baseline)
    more = {measure: result.total(measure) - baseline.total(measure) for measure in _PRICED}
    cost, plans, waited = more.values()
    beats = float((result.total("on_time") > baseline.total("on_time")).mean())
    return {
        "replications_compared": result.replications,
        "chance_beats_baseline": float("nan") if is_baseline else beats,
        # Means, as the extra plans are: the price of one is then their ratio wherever it is read.
        "cost": float(cost.mean()),
        "cost_low": float(np.quantile(cost, 0.1)),
        "cost_high": float(np.quantile(cost, 0.9)),
        **_price("cost_per_extra_plan", cost, plans, result.places),
        **_price("cost_per_week_saved", cost, -waited, result.places),
        **_differences(result, baseline),
    }


_PRICED = ("cost", "plans_on_time_in_plan", "late_child_weeks_in_plan")


def _price(name: str, cost: Floats, gained: Floats, places: Floats | None) -> dict[str, object]:
    """Return what one of something gained costs, and its interval.

    Where the interval of what is gained takes in none, a price for each means nothing.
    """
    shown = mean_interval(gained, places)[1] > 0
    price = ratio_interval(cost, gained, places) if shown else [float("nan")] * 3
    return dict(zip((name, f"{name}_low", f"{name}_high"), price, strict=True))


def _differences(result: ScenarioResult, baseline: ScenarioResult) -> dict[str, object]:
    """Return the columns of the comparison that say of which measure they are a difference."""
    found: dict[str, object] = {}
    for column in columns(Compared):
        if isinstance(column.way, Difference):
            more = result.total(column.way.of) - baseline.total(column.way.of)
            mean, low, high = mean_interval(-more if column.way.less else more, result.places)
            found |= {column.name: mean, f"{column.name}_low": low, f"{column.name}_high": high}
    return found


def _medians(result: ScenarioResult) -> dict[str, object]:
    """Return the columns that say of which measure they are the median, and the waiting in all."""
    found: dict[str, object] = {
        "late_child_weeks": float(result.total("late_child_weeks_in_plan").mean())
    }
    for column in columns(Compared):
        if isinstance(column.way, Median):
            values = result.total(column.way.of)
            some = values[~np.isnan(values)]  # a share with nothing to count is in no replication
            median = float(np.median(some)) if len(some) else float("nan")
            found[column.name] = median if np.isfinite(median) else float("nan")
    return found


def _chance_best(on_time: Floats) -> Floats:
    """Return the share of replications in which each scenario is best; ties are shared out."""
    values = np.nan_to_num(on_time, nan=-1.0)
    best = values == values.max(axis=0)
    return np.asarray((best / best.sum(axis=0)).mean(axis=1))


def recovers(result: ScenarioResult) -> str:
    """Return the month from which the twelve-month share stays at the target, or "" for never.

    It is the median over the replications that is looked at, from the start of the plan.
    """
    stack = result.tables["monthly"]
    target = result.target_share
    shares = stack.column("issued_on_time_12m")
    months = pd.DatetimeIndex(stack.index)
    planned = months >= pd.Timestamp(result.scenario.base.period.plan_from).replace(day=1)
    medians = np.median(np.nan_to_num(shares[:, planned], nan=-1.0), axis=0)
    below = np.flatnonzero(medians < target)
    first = below[-1] + 1 if len(below) else 0
    if first == len(medians):
        return ""
    return str(months[planned][first].strftime("%Y-%m"))


def _called(result: ScenarioResult, teams: Iterable[str]) -> str:
    """Return what some teams are called, one after the other."""
    labels = labels_of_teams([result.scenario])
    return "; ".join(labels.get(team, team) for team in teams)


def _overloaded(result: ScenarioResult) -> list[str]:
    base = result.scenario.base
    year = base.target.window_until.year
    return overloaded(result.tables["teams"], base.period.plan_from, year)
