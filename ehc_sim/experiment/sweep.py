"""One scenario at several values of one setting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.experiment.arguments import several, text
from ehc_sim.experiment.chance import mean_interval
from ehc_sim.experiment.results import Results
from ehc_sim.experiment.scenario_result import BETWEEN, ScenarioResult
from ehc_sim.experiment.study import Plan, Progress, study
from ehc_sim.scenario import BadInput, Fault, Scenario
from ehc_sim.scenario.what_if import plain, what_if

Floats = NDArray[np.float64]

FEWEST_VALUES = 2
OF_SUMMARY = (
    *("replications", "target", "window_from", "window_until"),
    *("chance", "chance_low", "chance_high"),
    *("on_time", "on_time_low80", "on_time_high80", "on_time_low95", "on_time_high95"),
    *("difference", "difference_low", "difference_high", "plans_on_time"),
    *("extra_plans_on_time", "extra_plans_on_time_low", "extra_plans_on_time_high"),
    *("cost", "cost_low", "cost_high"),
    "other_children",
)
"""Columns of the comparison of scenarios that a sweep has too."""
OF_EXPLANATIONS = ("explanations", *BETWEEN)
"""Those that it has where explanations of the past are named."""

HOURS_OF_NEW_PLANS = (
    *("hours_first_assessments", "hours_second_assessments"),
    *("hours_meetings", "hours_disputes"),
)
"""Hours that go into new plans and what is disputed; not those of reviews and transfers."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """What a scenario does at several values of one setting.

    Attributes
    ----------
    what : str
        Path of the setting, such as ``meetings.share``.
    values : tuple
        Its values, in the order in which they were given.
    results : Results
        One scenario for each value, with the same replications.
    """

    what: str
    values: tuple[Any, ...]
    results: Results

    def table(self) -> pd.DataFrame:
        """Return one row a value.

        Returns
        -------
        DataFrame
            Columns what, value, shown (the value as people write it), those of ``OF_SUMMARY`` and,
            where explanations of the past are named, of ``OF_EXPLANATIONS``,
            as in ``comparison.csv`` with the first value in place of the baseline. Then means with
            the 95% interval in ``_low`` and ``_high``: hours_difference (hours a plan, to the
            first value), step_on_time and step_hours (to the value before; NaN for the first). And

            - hours_a_plan: hours of all teams on assessments, meetings and disputes for each plan
              issued, in the calendar years of the target window, mean;
            - best: the highest mean share on time; the first of those that are equal;
            - later_gains: a value that comes later gains on this one, as far as the 95% intervals
              of the paired differences tell. Its share on time is higher, or its hours a plan are
              fewer and its share on time is not lower.
        """
        scenarios = self.results.of_the_same
        on_time = np.stack([r.total("on_time") for r in scenarios])
        hours = np.stack([hours_a_plan(result) for result in scenarios])
        summary = self.results.summary()
        table = summary[[one for one in (*OF_SUMMARY, *OF_EXPLANATIONS) if one in summary]].copy()
        table.insert(0, "shown", [said(value) for value in self.values])
        table.insert(0, "value", list(self.values))
        table.insert(0, "what", self.what)
        table["hours_a_plan"] = [mean_interval(of_one)[0] for of_one in hours]
        places = scenarios[0].places
        _differences(table, "hours_difference", [hours[0]] * len(hours), list(hours), places)
        _differences(table, "step_on_time", _before(on_time), list(on_time), places)
        _differences(table, "step_hours", _before(hours), list(hours), places)
        differences = np.nan_to_num(table["difference"].to_numpy(), nan=-np.inf)
        table["best"] = np.arange(len(table)) == int(differences.argmax())
        table["later_gains"] = [
            any(
                _gains(on_time[j] - on_time[i], hours[j] - hours[i], places)
                for j in range(i + 1, len(table))
            )
            for i in range(len(table))
        ]
        return table


def sweep(
    scenario: Scenario,
    what: str,
    values: Sequence[Any],
    plan: Plan,
    progress: Progress = lambda done, wanted: None,
) -> Sweep:
    """Run a scenario at several values of one setting, under common random numbers.

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file.
    what : str
        Path of the setting, such as ``decision_to_assess.refused``. It has each value from the
        start of the plan, or for the whole run where it cannot change on a date.
    values : sequence
        At least two different ones, as a scenario file has them.
    plan : Plan
        How many replications to run, and where.
    progress : callable
        Called with the replications done and wanted, of all values together.

    Raises
    ------
    BadInput
        When there is no such setting, or it cannot have one of the values; with every fault.
    TypeError, ValueError
        When ``what`` is no text, or ``values`` is no list.
    RunFailed
        When a worker process was killed.
    """
    chosen = tuple(map(plain, several("values", values)))
    of_each = tried(scenario, text("what", what), chosen)
    return Sweep(what, chosen, study(of_each, plan, progress))


def tried(scenario: Scenario, what: str, values: Sequence[Any]) -> list[Scenario]:
    """Return the scenario at each value of a setting.

    Raises
    ------
    BadInput
        With the faults of every value.
    """
    found: list[Scenario] = []
    faults: list[Fault] = []
    if len(values) < FEWEST_VALUES:
        problem = f"found {len(values)}, allowed is {FEWEST_VALUES} values or more"
        faults.append(Fault(None, None, what, problem))
    for place, value in enumerate(values):
        if value in values[:place]:
            problem = f"found {said(value)} twice, allowed is every value once"
            faults.append(Fault(None, None, what, problem))
        try:
            name = f"{scenario.name}: {what} {said(value)}"
            found.append(what_if(scenario, {what: value}, name))
        except BadInput as bad:
            faults += (fault for fault in bad.faults if fault not in faults)
    if faults:
        raise BadInput(faults)
    return found


def said(value: Any) -> str:  # noqa: ANN401
    """Return a value of a setting as people write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.10g}" if isinstance(value, int | float) else str(value)


def hours_a_plan(result: ScenarioResult) -> Floats:
    """Return the hours of ``HOURS_OF_NEW_PLANS`` for each plan issued, of all teams.

    Returns
    -------
    ndarray, shape (replications,)
        In the calendar years of the target window; NaN where no plan was issued in them.
    """
    target = result.scenario.base.target
    decisions, plans = result.tables["decisions"], result.tables["plans"]
    years = np.arange(target.window_from.year, target.window_until.year + 1)
    chosen = np.isin(decisions.index, years)
    hours = sum(decisions.column(name)[:, chosen].sum(axis=1) for name in HOURS_OF_NEW_PLANS)
    issued = plans.column("issued")[:, np.isin(plans.index, years)].sum(axis=1)
    ratio = np.full(len(issued), np.nan)
    np.divide(hours, issued, out=ratio, where=issued > 0)
    return ratio


def _before(values: Floats) -> list[Floats]:
    return [np.full_like(values[0], np.nan), *values[:-1]]


def _differences(
    table: pd.DataFrame,
    name: str,
    before: Sequence[Floats],
    after: Sequence[Floats],
    places: Floats | None,
) -> None:
    """Add mean differences, replication by replication, and their 95% intervals to a table."""
    found = [mean_interval(new - old, places) for old, new in zip(before, after, strict=True)]
    for place, column in enumerate((name, f"{name}_low", f"{name}_high")):
        table[column] = [interval[place] for interval in found]


def _gains(more_on_time: Floats, more_hours: Floats, places: Floats | None) -> bool:
    _, low, high = mean_interval(more_on_time, places)
    return low > 0 or (mean_interval(more_hours, places)[2] < 0 and not high < 0)
