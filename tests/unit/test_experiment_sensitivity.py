"""What decides in a small service in which that is known, and what it was told of each number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ehc_sim as ehc
from ehc_sim.experiment.held import REQUESTS, run_held
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.sensitivity import FUTURES_ALONE, Sensitivity, sensitivity
from ehc_sim.experiment.study import Plan
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.uncertain_numbers import uncertain_numbers
from tests.runs import SEED
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

HOURS = "advice.educational psychologist.effort.mean_hours"
COST = "teams.plan writers.cost_a_post"
TWO = """
advice.health.turnaround.mean_days = 38
teams."senior officers".time_on_this_work = 0.6
teams."plan writers".cost_a_post = { low = 30_000, likely = 42_000, high = 90_000 }
"""
"""Two numbers have a range: the hours of a team with more work than hours, and what posts cost."""
LATE = "late_child_weeks_in_plan"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return smallshire(tmp_path_factory.mktemp("small"), TWO)


@pytest.fixture(scope="module")
def found(small: Scenario) -> Sensitivity:
    return sensitivity(small, Plan(seed=SEED), [LATE, "cost"])


def rows(found: Sensitivity, measure: str) -> pd.DataFrame:
    table = found.table()
    return table[table["measure"] == measure].set_index("key")


def test_the_hours_of_an_overloaded_team_decide_and_its_price_does_nothing(
    found: Sensitivity,
) -> None:
    late = rows(found, LATE)
    assert list(late.index) == [HOURS, COST]
    assert late["told_apart"].tolist() == [True, False]
    assert late.loc[HOURS, "effect_low"] > 0
    assert late.loc[COST, "effect_low"] < 0 < late.loc[COST, "effect_high"]
    assert abs(late.loc[COST, "effect"]) < 0.05 * late.loc[HOURS, "effect"]
    assert late.loc[COST, "share"] < 0.05 < late.loc[HOURS, "share"]


def test_what_posts_cost_decides_the_cost(found: Sensitivity) -> None:
    cost = rows(found, "cost")
    assert cost.index[0] == COST
    assert cost.loc[COST, "told_apart"]


def test_an_effect_is_that_of_two_direct_runs_at_the_ends(
    small: Scenario, found: Sensitivity
) -> None:
    ends = run_held(small, [[{HOURS: 0.0}, {HOURS: 1.0}]] * 10, Plan(seed=SEED), lambda batch: None)
    direct = np.diff(ends[LATE], axis=1)[:, 0]
    row = rows(found, LATE).loc[HOURS]
    margin = (row["effect_high"] - row["effect_low"]) / 2
    both = np.hypot(margin, 2.26 * direct.std(ddof=1) / np.sqrt(10))
    assert abs(direct.mean() - row["effect"]) < both
    assert both < direct.mean(), "too few runs to compare"


@pytest.mark.slow
def test_what_leads_among_many_is_run_alone_and_together(tmp_path: Path) -> None:
    """Two hundred runs: six numbers, more than are at their ends one at a time."""
    text = """
    advice.family.turnaround.mean_days = { low = 12, likely = 15, high = 18 }
    drafting.effort.mean_hours = { low = 7, likely = 9, high = 11 }
    [teams."plan writers"]
    cost_a_post = { low = 30_000, likely = 42_000, high = 90_000 }
    """
    scenario = smallshire(tmp_path, text)
    found = sensitivity(scenario, Plan(seed=SEED), [LATE])
    late = rows(found, LATE)
    assert len(late) == 6
    assert late.index[0] == HOURS
    assert late["at_ends"].tolist() == ["alone" if told else "with others"
                                        for told in late["told_apart"]]  # fmt: skip
    looked = late["interactions"] != "not looked for"
    assert not looked[COST]
    ends = run_held(
        scenario,
        [[{HOURS: 0.0}, {HOURS: 1.0}]] * FUTURES_ALONE,
        Plan(seed=SEED),
        lambda batch: None,
    )
    direct = np.diff(ends[LATE], axis=1).mean()
    assert late.loc[HOURS, "effect"] == pytest.approx(direct, rel=1e-12)
    assert found.runs >= 2 * found.futures + 2 * FUTURES_ALONE


def test_a_future_in_which_nothing_is_held_is_the_replication_of_its_number(
    small: Scenario,
) -> None:
    replicator = Replicator(small, SEED)
    (run,) = replicator.runs([1])
    totals = replicator.tables(run)["totals"]
    held = run_held(small, [[{}, {HOURS: 0.5}]] * 2, Plan(seed=SEED), lambda batch: None)
    for name in totals.columns:
        np.testing.assert_array_equal(held[name][1, 0], totals.column(name)[0])
    assert held[LATE][1, 1] != held[LATE][1, 0]
    assert held[REQUESTS].shape == (2, 2)
    np.testing.assert_array_equal(held[REQUESTS][:, 0], held[REQUESTS][:, 1])


def test_every_number_is_told_with_its_file_and_line(tmp_path: Path) -> None:
    added = "{ low = 0.5, likely = 1, high = 1 }"
    text = change(
        "teams.plan writers.posts", f"add = {added}", "from = 2025-09-01",
        "yearly_cost = { low = 1, likely = 2, high = 3 }",
    ) + change(
        "advice.health.turnaround", "set = { mean_days = { low = 9, likely = 10, high = 11 } }",
        "from = 2026-01-01",
    )  # fmt: skip
    scenario = smallshire(tmp_path, text)
    told = {one.key: one for one in uncertain_numbers(scenario)}
    lines = {
        key: (tmp_path / one.file.name).read_text(encoding="utf-8").splitlines()[one.line - 1]
        for key, one in told.items()
        if one.file is not None and one.line is not None
    }
    assert len(lines) == len(told) == 5
    assert lines[HOURS].startswith("effort = { mean_hours = { low = 10")
    of_health = told["advice.health.turnaround.mean_days"]
    assert of_health.label == "Health: turnaround, mean days"
    assert of_health.range == "30 to 50, most likely 38; later 9 to 11, most likely 10"
    (more,) = [one for one in told.values() if "add" in one.label and "cost" not in one.label]
    assert more.label == "Plan writers: posts: add from 2025-09-01"
    assert lines[more.key] == f"add = {added}"
    (cost,) = [one for one in told.values() if one.label.endswith("cost a year")]
    assert lines[cost.key].startswith("yearly_cost")


def test_a_scenario_without_a_range_is_told_so_in_one_line(tmp_path: Path) -> None:
    certain = smallshire(
        tmp_path,
        'advice.health.turnaround.mean_days = 38\nteams."senior officers".time_on_this_work = 0.6\n'
        'advice."educational psychologist".effort.mean_hours = 12\n',
    )
    with pytest.raises(ehc.BadInput) as fault:
        ehc.sensitivity(certain)
    (line,) = str(fault.value).splitlines()
    assert "found no number with a range, allowed is one or more: low, likely and high" in line


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        ({"measures": ["speed"]}, ValueError, "measure: found 'speed', allowed is one of on_time"),
        ({"measures": [3]}, ValueError, "measure: found 3, allowed is one of on_time"),
        ({"measures": "on_time"}, TypeError, "measures: found str, allowed is a list"),
        ({"measures": []}, ValueError, "measures: found none, allowed is one or more"),
        ({"runs": 0}, ValueError, "least_runs: found 0"),
        ({"runs": 2.5}, TypeError, "least_runs: found 2.5"),
        ({"processes": 0}, ValueError, "processes: found 0"),
    ],
)
def test_every_wrong_argument_is_named(
    small: Scenario, wrong: dict[str, object], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=f"^{said}"):
        ehc.sensitivity(small, **wrong)  # type: ignore[arg-type]
