"""Sums and shares of a table are taken within each future, and only then summarised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.results import Results
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.sums import with_parts_of_all_steps, with_shares_of_hours
from ehc_sim.measures.table import Table
from ehc_sim.scenario import load
from tests.scenario_files import SMALL
from tests.stacks import stack_of

pytestmark = pytest.mark.unit


def stacked(
    names: Sequence[str], futures: Sequence[Mapping[tuple[object, ...], Mapping[str, float]]]
) -> Table:
    """Return the stack of futures: the measures of each row's key."""
    return stack_of(
        [
            pd.DataFrame.from_dict(rows, orient="index").set_axis(
                pd.MultiIndex.from_tuples(rows, names=names)
            )
            for rows in futures
        ]
    )


def lateness(*futures: tuple[float, float, float]) -> Table:
    """Return days of the officers in two steps and of the panel in one, of ten late plans."""
    return stacked(
        ["year", "step", "part"],
        [
            {
                (2027, step, part): {"late_plans": 10.0, "days_a_late_plan": days}
                for step, part, days in (
                    ("all", "all", sum(each)),
                    ("Advice", "all", each[0] + each[1]),
                    ("Advice", "officers", each[0]),
                    ("Advice", "panel", each[1]),
                    ("Draft plan", "all", each[2]),
                    ("Draft plan", "officers", each[2]),
                )
            }
            for each in futures
        ],
    )


def hours(*futures: Mapping[str, float]) -> Table:
    """Return the hours of one team in 2027 by kind of work."""
    names = ["year", "team", "kind"]
    return stacked(
        names,
        [
            {(2027, "officers", kind): {"hours": worked} for kind, worked in each.items()}
            for each in futures
        ],
    )


def medians(stack: Table, measure: str) -> pd.Series[float]:
    """Return the middle of each row, by its keys after the year."""
    ranges = stack.ranges()
    return ranges[ranges["measure"] == measure].set_index(list(stack.index.names))["median"][2027]


def test_a_parts_days_over_all_steps_are_added_up_in_each_future() -> None:
    """1 + 9, 5 + 1 and 9 + 2 days: the middle is 10, where the middles of the steps make 7."""
    every = with_parts_of_all_steps(lateness((1, 0, 9), (5, 3, 1), (9, 4, 2)))
    days = medians(every, "days_a_late_plan")
    assert days["all", "officers"] == 10.0
    assert days["Advice", "officers"] + days["Draft plan", "officers"] == 7.0
    assert days["all", "panel"] == 3.0
    assert medians(every, "late_plans")["all", "officers"] == 10.0
    assert days.index.is_unique


def test_the_parts_over_all_steps_add_up_to_all_days_in_each_future() -> None:
    every = with_parts_of_all_steps(lateness((1, 0, 9), (5, 3, 1), (9, 4, 2)))
    of_all = every.index.get_level_values("step") == "all"
    whole = of_all & (every.index.get_level_values("part") == "all")
    days = every.column("days_a_late_plan")
    np.testing.assert_array_equal(days[:, of_all & ~whole].sum(axis=1), days[:, whole][:, 0])


def test_a_year_without_late_plans_has_no_days_of_any_part() -> None:
    every = with_parts_of_all_steps(lateness((np.nan,) * 3, (5, 3, 1)))
    of_officers = every.index.get_loc((2027, "all", "officers"))
    assert np.isnan(every.column("days_a_late_plan")[0, of_officers])
    assert medians(every, "days_a_late_plan")["all", "officers"] == 6.0


def test_a_share_of_hours_is_worked_out_in_each_future() -> None:
    """Reviews are 1/2, 1/10 and 4/5: the middle is a half; of the middle hours it is 40 in 80."""
    every = with_shares_of_hours(
        hours(
            {"assessments": 40, "second assessments": 0, "annual reviews": 40, "disputes": 0},
            {"assessments": 500, "second assessments": 400, "annual reviews": 100, "disputes": 0},
            {"assessments": 1, "second assessments": 1, "annual reviews": 8, "disputes": 0},
        )
    )
    shares, worked = medians(every, "share"), medians(every, "hours")
    assert shares["officers", "annual reviews"] == 0.5
    assert worked["officers", "annual reviews"] / worked["officers", "all"] == 0.5  # by accident
    assert shares["officers", "second assessments"] == 0.1
    assert worked["officers", "second assessments"] / worked["officers", "all"] == 1 / 80
    assert shares["officers", "all assessments"] == 0.5
    assert worked["officers", "all assessments"] == 40.0
    assert shares["officers", "all"] == 1.0


def test_kinds_that_a_team_does_not_do_make_no_row_and_no_hours_no_share() -> None:
    every = with_shares_of_hours(hours({"assessments": 0.0}, {"assessments": 3.0}))
    kinds = every.index.get_level_values("kind")
    assert list(kinds) == ["assessments", "all", "all assessments"]
    assert np.isnan(every.column("share")[0]).all()
    assert every.column("share")[1].tolist() == [1.0, 1.0, 1.0]


def test_the_tables_of_a_study_have_the_sums_of_each_scenario() -> None:
    """What `report` reads from a folder is what was added up by replication."""
    scenario = load(SMALL / "baseline.toml")
    tables = {
        "lateness": lateness((1, 0, 9), (5, 3, 1), (9, 4, 2)),
        "hours": hours({"assessments": 6.0, "disputes": 2.0}),
        "totals": stack_of([pd.DataFrame({"on_time": [0.5]})]),
    }
    results = Results((ScenarioResult(scenario, tables),), seed=1, seconds=0.0)
    days = results.lateness().set_index(["scenario", "year", "step", "part", "measure"])["median"]
    assert days[scenario.name, 2027, "all", "officers", "days_a_late_plan"] == 10.0
    shares = results.hours().set_index(["scenario", "year", "team", "kind", "measure"])["median"]
    assert shares[scenario.name, 2027, "officers", "disputes", "share"] == 0.25
    assert shares[scenario.name, 2027, "officers", "all", "hours"] == 8.0
