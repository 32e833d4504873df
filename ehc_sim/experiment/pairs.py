"""Every two scenarios held against each other in the same simulated futures: paired tests."""

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.catalogue.tables import names
from ehc_sim.experiment.chance import (
    mean_interval,
    paired_chance_interval,
    paired_chance_p,
    paired_mean_p,
    replications_to_tell,
    worth,
)
from ehc_sim.experiment.scenario_result import ScenarioResult, of_the_same
from ehc_sim.scenario.agreement import is_choice
from ehc_sim.scenario.differences import changes_order_only, changes_who_is_assessed

DIFFERENCES = {
    "on_time": "on_time",
    "late_child_weeks": "late_child_weeks_in_plan",
    "overdue": "overdue_cases_at_end",
    "cost": "cost",
    "advices": "advices_a_week",
}
"""What is compared beside the chance: column of ``pairs.csv``, and measure of a replication."""
FAMILIES = ("chance", "on_time", "late_child_weeks", "overdue")
"""What is tested, each in two families: every option against the baseline, as the study asks, and
the options among one another, since the two that matter are picked after the results are known. In
one such family in twenty at most something is told apart that is the same."""
TOLD_APART = 0.05
"""Adjusted p-value below which two scenarios are told apart."""


def pairs(results: Sequence[ScenarioResult]) -> pd.DataFrame:
    """Hold every two choices against each other, replication by replication.

    A scenario that meets other futures, with more requests or plans, is no choice and in no pair.

    Parameters
    ----------
    results : sequence of ScenarioResult
        Scenarios of one study; each is held against those after it.

    Returns
    -------
    DataFrame
        One row a pair, as ``docs/results.md`` describes ``pairs.csv``: in how many replications
        both, one or neither met the target; differences (the second less the first) with their 95%
        intervals; and p-values, exact for the chance (McNemar) and of a paired t test for the
        others, each also adjusted for the number of pairs of its family (Holm). What only changes
        the order of work, or who is assessed, is held against the baseline and no rival: its other
        pairs have no adjusted p-value.
    """
    first = results[0].scenario
    choices = [one for one in results if is_choice(first, one.scenario)]
    apart = (changes_order_only, changes_who_is_assessed)
    rivals = {
        one.scenario.name
        for one in choices
        if not any(differs(first, one.scenario) for differs in apart)
    }
    every = list(combinations(choices, 2))
    table = pd.DataFrame([pair(one, other) for one, other in every], columns=names("pairs"))
    return asked(table, first.name, rivals, [_worth(one, other) for one, other in every])


def asked(
    table: pd.DataFrame,
    baseline: str,
    rivals: Collection[str],
    worths: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Add to pairs what allows for their number, for those that are asked about.

    Parameters
    ----------
    table : DataFrame
        Pairs with their p-values, the baseline the first of those that it is in.
    baseline : str
        Name of the baseline.
    rivals : collection of str
        Names of the scenarios that are held against one another.
    worths : sequence of float, optional
        Plain replications that each one is worth for the difference of chances of each pair.
    """
    with_baseline = table["first"] == baseline
    able = table["first"].isin(rivals) & table["second"].isin(rivals)
    each = np.ones(len(table)) if worths is None else np.asarray(worths)
    for family in (with_baseline, ~with_baseline & able):
        for test in FAMILIES:
            adjusted = holm(table.loc[family, f"{test}_p"].to_numpy(dtype=np.float64))
            table.loc[family, f"{test}_p_adjusted"] = adjusted
        level = TOLD_APART / max(int(family.sum()), 1)
        table.loc[family, "replications_to_tell"] = [
            replications_to_tell(
                row["only_first"], row["only_second"], row["replications"], level, worth
            )
            for row, worth in zip(table[family].to_dict("records"), each[family], strict=True)
        ]
    return table


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values adjusted by Holm's method for all being looked at.

    Holm, S. (1979), Scandinavian Journal of Statistics 6, 65-70.

    Parameters
    ----------
    p : ndarray of float64, shape (tests,)
    """
    order = np.argsort(p, kind="stable")
    # statsmodels has it too, but collects the garbage of the whole process each time.
    rising = np.maximum.accumulate(np.arange(len(p), 0, -1) * p[order])
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(rising, 1.0)
    return adjusted


def pair(first: ScenarioResult, second: ScenarioResult) -> dict[str, object]:
    """Return the row of two scenarios in ``pairs.csv``, not adjusted for there being others.

    It is of the replications that both have.
    """
    first, second = of_the_same(first, second)
    a, b = first.met, second.met
    both, only_first = int((a & b).sum()), int((a & ~b).sum())
    only_second, neither = int((~a & b).sum()), int((~a & ~b).sum())
    worth_each = _worth(first, second)
    counts = [worth_each * count for count in (both, only_first, only_second, neither)]
    low, high = paired_chance_interval(*counts)
    row: dict[str, object] = dict.fromkeys(names("pairs"), float("nan"))
    row |= {
        "first": first.scenario.name,
        "second": second.scenario.name,
        "replications": len(a),
        "both_met": both,
        "only_first": only_first,
        "only_second": only_second,
        "neither": neither,
        "chance_difference": (only_second - only_first) / len(a),
        "chance_low": low,
        "chance_high": high,
        "chance_p": paired_chance_p(*counts[1:3]),
    }
    for name, measure in DIFFERENCES.items():
        difference = second.total(measure) - first.total(measure)
        found = mean_interval(difference, first.places)
        ends = ("difference", "low", "high")
        row |= {f"{name}_{end}": value for end, value in zip(ends, found, strict=True)}
        if name in FAMILIES:
            row[f"{name}_p"] = paired_mean_p(difference, first.places)
    return row


def _worth(first: ScenarioResult, second: ScenarioResult) -> float:
    """Return how many plain replications each one is worth for the difference of the chances."""
    first, second = of_the_same(first, second)
    return worth(second.met.astype(np.float64) - first.met, first.places)
