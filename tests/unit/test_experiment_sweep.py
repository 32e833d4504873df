"""A setting tried out at several values, and what its table says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.results import Results
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.sweep import HOURS_OF_NEW_PLANS, Sweep, tried
from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.what_if import value_of, what_if
from tests.scenario_files import SMALL, change, smallshire, whole_service
from tests.stacks import stack_of
from tests.unit.test_experiment_compare import result, totals

pytestmark = pytest.mark.unit

POSTS = "teams.plan writers.posts"
NAN = float("nan")


@pytest.fixture(scope="module")
def small() -> Scenario:
    """A plan from 2025, and a target of 60% in 2026."""
    return load(SMALL / "baseline.toml")


def test_what_is_tried_out_holds_from_the_start_of_the_plan(small: Scenario) -> None:
    more = what_if(small, {POSTS: 4}, "More")
    assert more.name == "More"
    assert float(more.on(date(2024, 12, 31)).teams["plan writers"].posts) == 2.5
    assert float(more.on(date(2025, 1, 1)).teams["plan writers"].posts) == 4
    assert float(small.periods[-1][1].teams["plan writers"].posts) == 2.5


def test_what_holds_for_the_whole_run_is_tried_out_for_all_of_it() -> None:
    doubled = what_if(load(SMALL / "whole_service.toml"), {"plans.times": 2}, "Twice")
    assert [float(settings.plans.times) for _, settings in doubled.periods] == [2]


def test_it_is_the_same_as_a_change_at_the_end_of_the_file(tmp_path: Path) -> None:
    before = change(POSTS, "set = 3", "from = 2025-06-01") + change(
        POSTS, "add = 1", "from = 2025-02-01"
    )
    tried_out = what_if(smallshire(tmp_path, before), {POSTS: 6}, "Another")
    written = smallshire(tmp_path, before + change(POSTS, "set = 6"))
    assert tried_out.periods == written.periods
    assert tried_out.changes == written.changes


def test_several_settings_can_be_tried_out_at_once(small: Scenario) -> None:
    both = what_if(small, {POSTS: 4, "decision_to_assess.refused": 0.3}, "Both")
    settings = both.periods[-1][1]
    assert float(settings.teams["plan writers"].posts) == 4
    assert float(settings.decision_to_assess.refused) == 0.3


def test_what_was_changed_before_in_python_is_not_lost_unseen(small: Scenario) -> None:
    more = what_if(small, {POSTS: 4}, "More")
    both = what_if(more, {"decision_to_assess.refused": 0.3}, "More still")
    assert float(both.periods[-1][1].teams["plan writers"].posts) == 4
    elsewhere = replace(more, tried=())  # as if the change had been made by other means
    for changed in (elsewhere, replace(small, path=None)):
        with pytest.raises(ValueError, match="as it was read from its file"):
            what_if(changed, {"decision_to_assess.refused": 0.3}, "More still")


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("teams.plan riters.posts", 3, f'found "teams.plan riters.posts", did you mean "{POSTS}"?'),
        (
            "decision_to_assess.refused",
            1.4,
            "decision_to_assess.refused: found 1.4, allowed is 0 to 1 (from 2025-01-01)",
        ),
        (
            "decision_to_assess.refused",
            "10%",
            'decision_to_assess.refused: found the text "10%", allowed is a number '
            "(from 2025-01-01)",
        ),
    ],
)
def test_faults_are_said_as_of_a_file(small: Scenario, what: str, value: object, said: str) -> None:
    with pytest.raises(BadInput) as bad:
        what_if(small, {what: value}, "Cannot be")
    assert str(bad.value) == said


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.25", 0.25),
        ("3", 3),
        ("true", True),
        ("2025-09-01", date(2025, 9, 1)),
        ("newest", "newest"),
        ('"newest"', "newest"),
        ("still in time first", "still in time first"),
        ("{ low = 1, high = 2 }", {"low": 1, "high": 2}),
        ("10%", "10%"),
    ],
)
def test_a_value_on_the_command_line_is_that_of_a_file(text: str, value: object) -> None:
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


def test_every_value_has_a_scenario_and_every_fault_is_said(small: Scenario) -> None:
    what = "decision_to_assess.refused"
    names = [one.name for one in tried(small, what, [0.2, 0.3])]
    assert names == [f"Smallshire today: {what} {value}" for value in (0.2, 0.3)]
    with pytest.raises(BadInput) as bad:
        tried(small, what, [2, 0.3, 0.3, "lots"])
    assert [fault.problem.split(",")[0] for fault in bad.value.faults] == [
        "found 2",
        "found 0.3 twice",
        'found the text "lots"',
    ]
    with pytest.raises(BadInput, match="allowed is 2 values or more"):
        tried(small, what, [0.3])


def of_value(
    scenario: Scenario,
    value: object,
    on_time: Sequence[float],
    hours: Sequence[float],
    plans: float = 10,
) -> ScenarioResult:
    """Return results with so many hours in 2026, a quarter of each kind, and ten times in 2025."""
    years = pd.Index([2024, 2025, 2026], name="year")
    decisions = [
        pd.DataFrame({kind: [0.0, 10 * h, h / 4] for kind in HOURS_OF_NEW_PLANS}, index=years)
        for h in hours
    ]
    issued = pd.DataFrame({"issued": [5.0, 99.0, plans]}, index=years)
    made = result(scenario, str(value), totals(on_time))
    tables = {"decisions": stack_of(decisions), "plans": stack_of([issued] * len(hours))}
    return replace(made, tables={**made.tables, **tables})


def table_of(scenario: Scenario, *values: tuple[Sequence[float], Sequence[float]]) -> pd.DataFrame:
    found = tuple(of_value(scenario, i, *one) for i, one in enumerate(values))
    return Sweep("meetings.share", tuple(range(len(values))), Results(found, 1, 0.0)).table()


LOW = np.array([0.1, 0.3, 0.2, 0.4])
NOISE = np.array([0.1, -0.1, 0.1, -0.1])
SAME = [100.0] * 4


def test_hours_a_plan_are_those_of_the_years_of_the_target(small: Scenario) -> None:
    table = table_of(small, (LOW, [100, 200, 300, 400]), (LOW, [110, 210, 310, 410]))
    assert table["hours_a_plan"].tolist() == pytest.approx([25, 26])
    assert table.loc[1, ["step_hours", "hours_difference"]].tolist() == pytest.approx([1, 1])
    assert table.loc[1, "step_hours_low"] == pytest.approx(1)
    assert np.isnan(table.loc[0, "step_hours"])


def test_where_no_plan_is_issued_there_are_no_hours_a_plan(small: Scenario) -> None:
    none = of_value(small, 0, LOW, SAME, plans=0)
    table = Sweep("meetings.share", (0, 1), Results((none, of_value(small, 1, LOW, SAME)), 1, 0.0))
    assert np.isnan(table.table().loc[0, "hours_a_plan"])
    assert table.table().loc[1, "hours_a_plan"] == 10


def test_steps_are_to_the_value_before_and_differences_to_the_first(small: Scenario) -> None:
    table = table_of(small, (LOW, SAME), (LOW + 0.1, SAME), (LOW + 0.3, SAME))
    assert table["difference"].tolist() == pytest.approx([0, 0.1, 0.3])
    assert table["step_on_time"].tolist()[1:] == pytest.approx([0.1, 0.2])
    assert np.isnan(table["step_on_time"].iloc[0])
    assert table["later_gains"].tolist() == [True, True, False]
    assert table["best"].tolist() == [False, False, True]


def test_what_cannot_be_told_from_chance_is_no_gain(small: Scenario) -> None:
    """The third value is higher on average than the second, but not in every replication."""
    table = table_of(small, (LOW, SAME), (LOW + 0.2, SAME), (LOW + 0.22 + NOISE, SAME))
    assert table["later_gains"].tolist() == [True, False, False]
    assert table["best"].tolist() == [False, False, True]


def test_small_steps_that_add_up_are_a_gain(small: Scenario) -> None:
    """No step by itself can be told from chance; the two together can."""
    table = table_of(small, (LOW, SAME), (LOW + 0.1 + NOISE, SAME), (LOW + 0.2, SAME))
    assert table["step_on_time_low"].iloc[1] < 0
    assert table["step_on_time_low"].iloc[2] < 0
    assert table["later_gains"].tolist() == [True, False, False]


def test_fewer_hours_are_a_gain_unless_fewer_plans_are_on_time(small: Scenario) -> None:
    fewer = [90.0, 91.0, 89.0, 90.0]
    assert table_of(small, (LOW, SAME), (LOW, fewer))["later_gains"].tolist() == [True, False]
    later = table_of(small, (LOW, SAME), (LOW - 0.05, fewer))
    assert later["later_gains"].tolist() == [False, False]


def test_equal_values_have_the_first_as_the_best(small: Scenario) -> None:
    table = table_of(small, (LOW, SAME), (LOW, SAME), ([NAN] * 4, SAME))
    assert table["best"].tolist() == [True, False, False]


def test_the_table_can_be_written_as_json(small: Scenario) -> None:
    rows = json.loads(table_of(small, (LOW, SAME), (LOW, SAME)).to_json(orient="records"))
    assert rows[0]["step_on_time"] is None
    assert rows[1]["shown"] == "1"


def test_a_table_of_one_replication_tells_nothing_apart(small: Scenario) -> None:
    table = table_of(small, ([0.1], [100]), ([0.9], [100]))
    assert table["later_gains"].tolist() == [False, False]
    assert np.isnan(table.loc[1, "difference_low"])


def test_a_setting_that_is_not_there_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="meetings"):
        tried(smallshire(tmp_path), "meetings.share", [0, 1])
    (tmp_path / "whole").mkdir()
    assert len(tried(whole_service(tmp_path / "whole"), "meetings.share", [0, 1])) == 2


@pytest.mark.parametrize(
    ("what", "lines"),
    [
        (
            "teams.educational psychologists.agency.cases_a_month",
            {"agency.price: found nothing, allowed is a number": '[teams."educational psych',
             "agency.turnaround: found nothing, allowed is a table": '[teams."educational psych'},
        ),
        (
            "advice.health.nil_returns.share",
            {"advice.health.nil_returns.wait: found nothing": "[advice.health]"},
        ),
        ("exceptions.away_from_area.share", {"exceptions.away_from_area.wait: found nothing": ""}),
    ],
)  # fmt: skip
def test_what_a_table_lacks_that_is_not_there_is_told_once_with_its_place(
    small: Scenario, what: str, lines: dict[str, str]
) -> None:
    with pytest.raises(BadInput) as bad:
        tried(small, what, [0.1, 0.2])
    text = (SMALL / "baseline.toml").read_text(encoding="utf-8").splitlines()
    assert len(bad.value.faults) == len(lines)
    for fault, (said, at) in zip(bad.value.faults, lines.items(), strict=True):
        assert said in str(fault)
        assert fault.file == SMALL / "baseline.toml"
        assert text[(fault.line or 0) - 1].startswith(at)
