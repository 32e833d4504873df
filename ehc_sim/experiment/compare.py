"""Scenarios side by side, replication by replication."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.experiment.chance import chance_interval, mean_interval, met, ratio_interval
from ehc_sim.experiment.loads import overloaded
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.scenario.agreement import is_choice
from ehc_sim.scenario.differences import changes_order, changes_order_only

Floats = NDArray[np.float64]


def compare(results: Sequence[ScenarioResult]) -> pd.DataFrame:
    """Return one row a scenario: chance, share on time, cost, and the difference to the first.

    Scenarios run the same replications under common random numbers, so differences are paired.

    Parameters
    ----------
    results : sequence of ScenarioResult
        The scenarios; the first is the one that the others are compared with.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``comparison.csv``.
    """
    on_time = np.stack([result.total("on_time") for result in results])
    best = _chance_best(on_time)
    baseline = results[0]
    rows = [
        {
            **_chance(result),
            **_differences(result, baseline),
            "chance_best": best[i],
            "is_choice": is_choice(baseline.scenario, result.scenario),
            "changes_order": changes_order(baseline.scenario, result.scenario),
            "order_only": changes_order_only(baseline.scenario, result.scenario),
            **_state(result),
        }
        for i, result in enumerate(results)
    ]
    return pd.DataFrame(rows)


def _chance(result: ScenarioResult) -> dict[str, object]:
    scenario = result.scenario
    target = scenario.base.target
    on_time = result.total("on_time")
    hits = met(on_time, result.target_share)
    low, high = chance_interval(int(hits.sum()), len(hits))
    known = on_time[~np.isnan(on_time)]  # not where no plan was issued
    levels = [0.025, 0.1, 0.5, 0.9, 0.975]
    low95, low80, median, high80, high95 = np.quantile(known if len(known) else [np.nan], levels)
    return {
        "scenario": scenario.name,
        "why": scenario.why,
        "replications": len(hits),
        "target": result.target_share,
        "window_from": target.window_from,
        "window_until": target.window_until,
        "chance": float(hits.mean()),
        "chance_low": low,
        "chance_high": high,
        "on_time": median,
        "on_time_low80": low80,
        "on_time_high80": high80,
        "on_time_low95": low95,
        "on_time_high95": high95,
    }


def _differences(result: ScenarioResult, baseline: ScenarioResult) -> dict[str, object]:
    on_time, base = result.total("on_time"), baseline.total("on_time")
    difference, low, high = mean_interval(on_time - base)
    plans = result.total("plans_on_time_in_plan") - baseline.total("plans_on_time_in_plan")
    extra, extra_low, extra_high = mean_interval(plans)
    cost = result.total("cost") - baseline.total("cost")
    saved = baseline.total("late_child_weeks_in_plan") - result.total("late_child_weeks_in_plan")
    weeks, weeks_low, weeks_high = mean_interval(saved)
    reviews, reviews_low, reviews_high = _more("reviews_overdue_at_end", result, baseline)
    appeals, appeals_low, appeals_high = _more("appeals", result, baseline)
    # Where the interval of the extra plans takes in none, a price for each means nothing.
    shown = result is not baseline and extra_low > 0
    price, price_low, price_high = ratio_interval(cost, plans) if shown else [float("nan")] * 3
    return {
        "difference": difference,
        "difference_low": low,
        "difference_high": high,
        "chance_beats_baseline": (
            float((on_time > base).mean()) if result is not baseline else float("nan")
        ),
        "plans_on_time": float(np.median(result.total("plans_on_time"))),
        "extra_plans_on_time": extra,
        "extra_plans_on_time_low": extra_low,
        "extra_plans_on_time_high": extra_high,
        "late_child_weeks": float(result.total("late_child_weeks_in_plan").mean()),
        "late_child_weeks_saved": weeks,
        "late_child_weeks_saved_low": weeks_low,
        "late_child_weeks_saved_high": weeks_high,
        "more_reviews_overdue": reviews,
        "more_reviews_overdue_low": reviews_low,
        "more_reviews_overdue_high": reviews_high,
        "more_appeals": appeals,
        "more_appeals_low": appeals_low,
        "more_appeals_high": appeals_high,
        # Means, as the extra plans are: the price of one is then their ratio wherever it is read.
        "cost": float(cost.mean()),
        "cost_low": float(np.quantile(cost, 0.1)),
        "cost_high": float(np.quantile(cost, 0.9)),
        "cost_per_extra_plan": price,
        "cost_per_extra_plan_low": price_low,
        "cost_per_extra_plan_high": price_high,
    }


def _more(
    name: str, result: ScenarioResult, baseline: ScenarioResult
) -> tuple[float, float, float]:
    """Return the mean of how much higher a measure is than the baseline's, with its 95% ends."""
    return mean_interval(result.total(name) - baseline.total(name))


def _chance_best(on_time: Floats) -> Floats:
    """Return the share of replications in which each scenario is best; ties are shared out."""
    values = np.nan_to_num(on_time, nan=-1.0)
    best = values == values.max(axis=0)
    return np.asarray((best / best.sum(axis=0)).mean(axis=1))


def _state(result: ScenarioResult) -> dict[str, object]:
    def median(name: str) -> float:
        values = result.total(name)
        some = values[~np.isnan(values)]  # a share with nothing to count is in no replication
        return float(np.median(some)) if len(some) else float("nan")

    return {
        "mean_weeks": median("mean_weeks"),
        "over_52_weeks": median("over_52_weeks"),
        "due_on_time": median("due_on_time"),
        "review_decisions_on_time": median("review_decisions_on_time"),
        "appeals": median("appeals"),
        "open_at_end": median("open_cases_at_end"),
        "overdue_at_end": median("overdue_cases_at_end"),
        "oldest_weeks_at_end": median("oldest_weeks_at_end"),
        "reviews_overdue_at_end": median("reviews_overdue_at_end"),
        "recovers": recovers(result),
        "overloaded": "; ".join(_overloaded(result)),
    }


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


def _overloaded(result: ScenarioResult) -> list[str]:
    base = result.scenario.base
    year = base.target.window_until.year
    return overloaded(result.tables["teams"], base.period.plan_from, year)
