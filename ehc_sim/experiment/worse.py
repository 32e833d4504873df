"""Which options are shown to do worse, and what is shown to make them so, in the same futures.

Every cause is judged by the paired test of its difference, replication by replication, allowed for
the number of causes of its kind that were looked at (Holm), and is left out where the difference is
too small to matter.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import DAYS_A_WEEK
from ehc_sim.catalogue.tables import names
from ehc_sim.experiment.chance import mean_interval, paired_mean_p
from ehc_sim.experiment.pairs import TOLD_APART, holm, pair
from ehc_sim.experiment.scenario_result import ScenarioResult, of_the_same
from ehc_sim.experiment.standing import SAME_COST
from ehc_sim.experiment.sums import (
    KINDS_OF_WORK,
    LOAD_OF_YEAR,
    SHARE,
    STEADY,
    with_load_of_year,
    with_shares_of_hours,
)
from ehc_sim.measures import lateness
from ehc_sim.measures.lateness import ALL
from ehc_sim.tables import Table

Floats = NDArray[np.float64]
Held: TypeAlias = Mapping[tuple[str, str], Mapping[Any, Any]]

CHANCE, ON_TIME, UNCLEAR = "chance", "on time", "not told apart"
"""How an option is shown to do worse; or that its chance is lower and may be no worse."""
STOCK, STEP, PART, TEAM = "plans at the start", "step", "waits for", "waits for team"
KIND, LESS, LOAD, QUEUE = "more work", "less work", "load", "queue"
ISSUED, LATE, OVERLOADED = "plans issued", "late plans", "overloaded"

STEPS = {
    "weeks_to_decision": lateness.DECISION,
    "weeks_of_assessment": lateness.ADVICE,
    "weeks_to_draft": lateness.DRAFT,
    "weeks_draft_to_final": lateness.FINAL,
}
"""Measure of each step's weeks, and the step in the account of late plans."""
ALL_ASSESSMENTS, ALL_ON_PLANS = KINDS_OF_WORK
KINDS = (ALL_ASSESSMENTS, ALL_ON_PLANS, "meetings", "disputes")
"""Kinds of work of which a team's hours are made up."""

DAYS, POINT, _PART_DAYS = 2.0, 0.01, 0.5
"""What moves by less is not worth a word: days of a step; a load, or a share of hours; days of a
step at one team."""
BUSY = 0.9
"""A team with work for less of its hours has idle ones: a little more work for it is no cause."""
LEAST_JOBS, LEAST_GROWTH = 5.0, 0.05
MORE_PLANS = 1.02
MORE_STOCK = 1.05
"""From 1 in 20 more plans in place at the start, a scenario is said to change the stock."""

KEYS = ("cause", "of", "name")


def worse(
    results: Sequence[ScenarioResult], comparison: pd.DataFrame, compared: pd.DataFrame
) -> pd.DataFrame:
    """Return which options are shown to do worse, and why.

    Parameters
    ----------
    results : sequence of ScenarioResult
        Scenarios of one study, the baseline first.
    comparison, compared : DataFrame
        As ``compare`` and ``pairs`` return, of the same scenarios.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``worse.csv``.
    """
    by_name = {one.scenario.name: one for one in results}
    asked = set(zip(compared["first"], compared["second"], strict=True))
    others = [
        pair(one, other)
        for one, other in combinations(results, 2)
        if (one.scenario.name, other.scenario.name) not in asked
    ]
    every: list[Mapping[Any, Any]] = [*compared.to_dict("records"), *others]
    stock = {one.scenario.name: _plans_at_start(one) for one in of_the_same(*results)}
    return explained(
        comparison, every, stock, lambda name, other: looked_at(by_name[name], by_name[other])
    )


def explained(
    comparison: pd.DataFrame,
    every: Sequence[Mapping[Any, Any]],
    stock: Mapping[str, float],
    look: Callable[[str, str], pd.DataFrame],
) -> pd.DataFrame:
    """Return the table of ``worse`` from what was found of its parts.

    Parameters
    ----------
    comparison : DataFrame
        One row a scenario, the baseline first.
    every : sequence of mapping
        Every two scenarios, those that are no choice among them, each as a row of ``pairs.csv``.
    stock : mapping of str to float
        Plans in place as the plan begins, by scenario.
    look : callable
        Returns what ``looked_at`` does, of a scenario and the one that it is held against.
    """
    held = {(row["first"], row["second"]): row for row in every}
    rows = comparison.set_index("scenario")
    found = []
    for scenario, against, shown in _shown_worse(rows, held, stock):
        measure = "on_time" if shown == ON_TIME else "chance"
        table = pd.DataFrame([_lead(rows, held, scenario, against, measure)]).assign(cause=shown)
        if shown != UNCLEAR:
            table = together([table, causes(look(scenario, against))])
        lost = rows["difference"][scenario] - rows["difference"][against]
        named = table.assign(scenario=scenario, against=against)
        found.append((shown == UNCLEAR, lost, named))
    found.sort(key=lambda one: one[:2])
    return together([named for *_, named in found])[names("worse")]


def looked_at(option: ScenarioResult, against: ScenarioResult) -> pd.DataFrame:
    """Return what can make an option do worse than another, in the year in which the target ends.

    Returns
    -------
    DataFrame
        A row each, with ``cause``, ``of``, ``name`` and ``year``; the medians of both (days of a
        step, on average and of a late plan; a load or share of hours, 0 to 1; jobs; plans); the
        mean of the option's less the other's with its 95% interval; and the p-value of the paired
        t test, adjusted for those of its cause.
    """
    year = option.scenario.base.target.window_until.year
    option, against = of_the_same(option, against)
    own, other = (_figures(one, year) for one in (option, against))
    rows = []
    for key, values in own.items():
        if key not in other or np.isnan(values - other[key]).all():
            continue
        difference, low, high = mean_interval(values - other[key], option.places)
        cause, whose, which = key
        rows.append(
            {
                "cause": cause,
                "of": whose,
                "name": which,
                "value": float(np.nanmedian(values)),
                "against_value": float(np.nanmedian(other[key])),
                "difference": difference,
                "low": low,
                "high": high,
                "p_adjusted": paired_mean_p(values - other[key], option.places),
                "year": option.scenario.base.period.plan_from.year if cause == STOCK else year,
            }
        )
    table = together([pd.DataFrame(rows)])
    for places in table.groupby("cause").groups.values():
        table.loc[places, "p_adjusted"] = holm(table.loc[places, "p_adjusted"].to_numpy(float))
    return table


def causes(looked: pd.DataFrame) -> pd.DataFrame:
    """Return those of ``looked_at`` that are shown and large enough, in the order of telling.

    The step that takes longer comes first, then the team that its cases wait for, what takes that
    team's hours, and how much waits for it.
    """
    told = looked[looked["p_adjusted"] < TOLD_APART]

    def of(cause: str) -> pd.DataFrame:
        return told[told["cause"] == cause]

    stock, loads = of(STOCK), of(LOAD)
    found = [stock[stock["value"] > MORE_STOCK * stock["against_value"]]]
    step = _largest(of(STEP), DAYS)
    team = ""
    if step.empty:
        first = _largest(loads[loads["value"] >= BUSY], POINT)
        team = "" if first.empty else str(first["of"].iloc[0])
    else:
        parts = of(PART)[of(PART)["of"] == STEPS[step["name"].iloc[0]]]
        teams = looked.loc[looked["cause"] == LOAD, "of"]
        part = _largest(parts[parts["name"].isin(teams)], _PART_DAYS)
        team = "" if part.empty else str(part["name"].iloc[0])
        found += [step, part.assign(cause=TEAM) if team else _largest(parts, DAYS)]
    kinds, queue = of(KIND)[of(KIND)["of"] == team], of(QUEUE)[of(QUEUE)["of"] == team]
    kind = _largest(kinds, POINT)
    less = (kinds["name"] == ALL_ASSESSMENTS) & (kinds["difference"] <= -POINT)
    jobs = np.maximum(LEAST_JOBS, LEAST_GROWTH * queue["against_value"])
    new = (loads["value"] > STEADY) & (loads["against_value"] <= STEADY) & (loads["of"] != team)
    found += [
        kind,
        (kinds[less] if len(kind) else kinds[:0]).assign(cause=LESS),
        loads[(loads["of"] == team) & (loads["difference"] >= POINT)],
        queue[queue["difference"] >= jobs],
    ]
    plans = told[told["cause"].isin([ISSUED, LATE])]
    if len(plans) == 2 and (plans["value"] > MORE_PLANS * plans["against_value"]).all():
        found.append(plans)
    found.append(loads[new & (loads["difference"] > 0)].assign(cause=OVERLOADED))
    return together(found)


def together(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the rows of several tables of causes, each with every column."""
    blank = dict.fromkeys(("scenario", "against", *KEYS), "")
    rows = [blank | row for table in tables for row in table.to_dict("records")]
    return pd.DataFrame(rows, columns=names("worse"))


def _largest(rows: pd.DataFrame, least: float) -> pd.DataFrame:
    """Return the row whose mean rises most, where it rises by so much; else none."""
    return rows[rows["difference"] >= least].nlargest(1, "difference")


def _shown_worse(
    rows: pd.DataFrame, held: Held, stock: Mapping[str, float]
) -> list[tuple[str, str, str]]:
    """Return the options that do worse, what each is held against, and how it is shown.

    An option with a larger stock of plans is held against one that spends as much without it, where
    that is shown to do better; every other against the baseline.
    """
    baseline = str(rows.index[0])
    found = []
    for option in map(str, rows.index[1:]):
        twin = _without_the_stock(rows, held, stock, option)
        if twin is not None:
            found.append((option, twin, CHANCE))
            continue
        row = held[baseline, option]
        chance, on_time = row["chance_difference"], row["on_time_difference"]
        apart = row["chance_p_adjusted"] < TOLD_APART  # not of one that is no choice
        if apart and chance < 0:
            found.append((option, baseline, CHANCE))
        elif not apart and row["on_time_p_adjusted"] < TOLD_APART and on_time < 0:
            found.append((option, baseline, ON_TIME))
        elif chance < 0 and rows["is_choice"][option]:
            found.append((option, baseline, UNCLEAR))
    return found


def _without_the_stock(
    rows: pd.DataFrame, held: Held, stock: Mapping[str, float], option: str
) -> str | None:
    """Return the option that spends as much and is shown to do better with the usual stock.

    Of several, it is the one that does better by least.
    """
    most = MORE_STOCK * stock[str(rows.index[0])]
    if not stock[option] > most:
        return None
    mine = rows.loc[option]
    alike = rows[
        rows["is_choice"]
        & (rows["chance"] > mine["chance"])
        & (rows["cost"] > 0)
        & ((rows["cost"] - mine["cost"]).abs() < SAME_COST * rows["cost"])
        & (rows.index.map(stock).to_numpy() <= most)
    ]
    tests = [_held(held, option, str(name))[0]["chance_p"] for name in alike.index]
    better = alike[holm(np.array(tests, dtype=np.float64)) < TOLD_APART]
    return None if better.empty else str(better["chance"].idxmin())


def _held(held: Held, option: str, against: str) -> tuple[Mapping[Any, Any], int]:
    """Return the row of two scenarios, and 1 where it is the first's less the second's, or -1."""
    if (against, option) in held:
        return held[against, option], 1
    return held[option, against], -1


def _lead(
    rows: pd.DataFrame, held: Held, option: str, against: str, measure: str
) -> dict[str, object]:
    row, sign = _held(held, option, against)
    ends = [sign * row[f"{measure}_{end}"] for end in ("low", "high")]
    return {
        "value": rows[measure][option],
        "against_value": rows[measure][against],
        "difference": sign * row[f"{measure}_difference"],
        **dict(zip(("low", "high"), sorted(ends), strict=True)),
        "p_adjusted": row.get(f"{measure}_p_adjusted", float("nan")),
        "year": rows["window_until"][option].year,
    }


def _plans_at_start(result: ScenarioResult) -> float:
    return float(np.median(_at_start(result)))


def _at_start(result: ScenarioResult) -> Floats:
    year = result.scenario.base.period.plan_from.year
    return _rows(result.tables["plans"], "at_start", year=year)[:, 0]


def _rows(table: Table, measure: str, **where: object) -> Floats:
    """Return a measure of the rows that match, shape (replications, rows)."""
    return table.column(measure)[:, _matching(table, where)]


def _matching(table: Table, where: Mapping[str, object]) -> NDArray[np.bool_]:
    match = np.ones(len(table.index), dtype=bool)
    for level, wanted in where.items():
        values = table.index.get_level_values(level)
        match &= np.asarray((pd.to_datetime(values) if level == "month" else values) == wanted)
    return match


def _figures(result: ScenarioResult, year: int) -> dict[tuple[str, str, str], Floats]:
    """Return what may be a cause: of each cause, whose and which, a value a replication."""
    tables, period = result.tables, result.scenario.base.period
    everybody = {"year": year, "by": ALL, "group": ALL}
    yearly, lateness = tables["yearly"], tables["lateness"]  # each is read when it is asked for
    found = {(STOCK, "", ""): _at_start(result)}
    for measure in STEPS:
        found[STEP, "", measure] = DAYS_A_WEEK * _rows(yearly, measure, **everybody)[:, 0]
    found[ISSUED, "", ""] = _rows(yearly, "plans_issued", **everybody)[:, 0]
    whole = {"year": year, "step": ALL, "part": ALL}
    found[LATE, "", ""] = _rows(lateness, "late_plans", **whole)[:, 0]
    last: dict[str, object] = {"month": pd.Timestamp(year, 12, 1)}
    loads = with_load_of_year(tables["teams"], period.plan_from)
    of: dict[str, tuple[Table, str, dict[str, object]]] = {
        PART: (lateness, "days_a_late_plan", {"year": year}),
        LOAD: (loads, LOAD_OF_YEAR, last),
        QUEUE: (loads, "queue", last),
        KIND: (with_shares_of_hours(tables["hours"]), SHARE, {"year": year}),
    }
    for cause, (table, measure, where) in of.items():
        values = _rows(table, measure, **where)
        for place, key in enumerate(table.index[_matching(table, where)]):
            whose, which = (key[1], "") if cause in (LOAD, QUEUE) else key[1:]
            if ALL not in (whose, which) and (cause != KIND or which in KINDS):
                found[cause, str(whose), str(which)] = values[:, place]
    return found
