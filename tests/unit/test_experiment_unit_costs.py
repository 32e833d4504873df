"""What an advice, a plan and a week of waiting saved cost: worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.spending import Line
from ehc_sim.experiment.unit_costs import advice_costs, unit_costs
from ehc_sim.network import Log
from ehc_sim.network.log import NOBODY
from ehc_sim.scenario import Scenario, load
from ehc_sim.tables import Rows, Table
from tests.hand_made import minute, two_years
from tests.scenario_files import SMALL, change, smallshire
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

TWO = two_years()
TEAM = "educational psychologists"
GIVEN = "educational psychologist: advice"


def log_of(*given: str) -> Log:
    """Return the log of one piece of advice a case, given at noon of some days."""
    minutes = [minute(TWO, when) for when in given]
    rows = [number for i, at in enumerate(minutes) for number in (i, 0, at, at, at, NOBODY, 0)]
    until = len(TWO.days) * 24 * 60
    return Log.of(rows, (GIVEN,), ("work",), np.array(minutes, dtype=np.int64), until)


def hours(**of_kind: float) -> Table:
    """Return the hours of the psychologists by kind of work in 2025; in 2024 a thousand of each."""
    kinds = [kind.replace("_", " ") for kind in of_kind]
    values = np.array([1000.0] * len(kinds) + list(of_kind.values()))
    rows = Rows.of(year=[2024, 2025], team=[TEAM], kind=kinds)
    return Table.of(rows, {"hours": values / 2, "agency_hours": values / 2})


def a_line(item: str, month: int, pounds: float, team: str = TEAM) -> Line:
    paid = np.zeros(24)
    paid[month] = pounds
    return Line(item, "posts", "not said", paid, team)


def costs_of(scenario: Scenario, *lines: Line, worked: Table, given: tuple[str, ...]) -> pd.Series:
    plan_from = scenario.base.period.plan_from
    log = log_of(*given)
    return advice_costs(lines, scenario.periods, TWO, log, worked, plan_from).frame().loc[TEAM]


def test_an_advice_costs_the_teams_time_on_this_work_with_its_agency() -> None:
    """55% of 10,000 pounds of pay, 1,000 of overtime and 3,500 of the agency, for two advices."""
    found = costs_of(
        load(SMALL / "baseline.toml"),
        a_line(TEAM, 0, 10_000),
        a_line(f"overtime: {TEAM}", 1, 1_000),
        a_line(f"agency: {TEAM}", 2, 3_500),
        a_line("plan writers", 2, 99_999, team="plan writers"),
        worked=hours(assessments=500),
        given=("2025-01-10", "2026-12-31"),
    )
    assert found.tolist() == pytest.approx([5_500 + 1_000 + 3_500, 2])


def test_of_a_team_with_other_work_the_share_of_its_hours_on_assessments_counts() -> None:
    """300 of 400 hours, first and second assessments; what was before the plan is left out."""
    found = costs_of(
        load(SMALL / "baseline.toml"),
        a_line(TEAM, 0, 10_000),
        worked=hours(assessments=200, second_assessments=100, meetings=100),
        given=("2025-01-10",),
    )
    assert found.tolist() == pytest.approx([0.75 * 5_500, 1])


def test_the_assistants_who_work_a_share_of_an_advice_are_paid_for_too(tmp_path: Path) -> None:
    """55% of the psychologists' 10,000 pounds, and 80% of their assistants' 1,000."""
    with_assistants = (
        '[advice."educational psychologist"]\nassistant_team = "assistants"\n'
        "assistant_share = 0.4\nsign_off_hours = 1\n"
        "[teams.assistants]\nposts = 2\ntime_on_this_work = 0.8\ncost_a_post = 40_000\n"
        "leave_days = 0\nsickness_days = 0\n"
    )
    found = costs_of(
        smallshire(tmp_path, with_assistants),
        a_line(TEAM, 0, 10_000),
        a_line("assistants", 0, 1_000, team="assistants"),
        worked=hours(assessments=500),
        given=("2025-01-10",),
    )
    assert found.tolist() == pytest.approx([5_500 + 800, 1])


def test_what_was_paid_and_given_before_the_plan_is_left_out(tmp_path: Path) -> None:
    later = "[period]\nplan_from = 2025-03-01\n"
    found = costs_of(
        smallshire(tmp_path, later),
        a_line(TEAM, 1, 10_000),
        a_line(TEAM, 2, 2_000),
        worked=hours(assessments=500),
        given=("2025-02-28", "2025-03-01"),
    )
    assert found.tolist() == pytest.approx([1_100, 1])


def test_traded_time_bought_back_counts_from_its_day(tmp_path: Path) -> None:
    """55% in January, 75% from 1 February."""
    more = change(f"teams.{TEAM}.time_on_this_work", "set = 0.75", "from = 2025-02-01")
    found = costs_of(
        smallshire(tmp_path, more),
        a_line(TEAM, 0, 1_000),
        a_line(TEAM, 1, 1_000),
        worked=hours(assessments=500),
        given=("2025-01-10",),
    )
    assert found["pounds"] == pytest.approx(550 + 750)


def test_a_plan_and_an_advice_are_ratios_of_means_with_fiellers_interval() -> None:
    """Three futures: 2, 4 and 6 million for 100, 100 and 100 plans: 40,000 pounds each.

    With a certain number of plans Fieller's ends are Student's: 4.3027 × 20,000 / √3 on each side.
    """
    advice = pd.DataFrame({"pounds": [3000.0], "advices": [2.0]}, index=pd.Index([TEAM]))
    result = ScenarioResult(
        load(SMALL / "baseline.toml"),
        {
            "totals": stack_of(
                [
                    pd.DataFrame({"spent_in_plan": [spent], "plans_issued_in_plan": [100.0]})
                    for spent in (2e6, 4e6, 6e6)
                ]
            ),
            "advice_costs": stack_of([advice] * 3),
        },
    )
    beside = pd.DataFrame(
        {
            **{f"cost_per_week_saved{end}": [5.0 + i] for i, end in enumerate(("", "_low"))},
            **{"cost_per_week_saved_high": [9.0], "cost": [1500.0]},
            **{f"cost_per_extra_plan{end}": [np.nan] for end in ("", "_low", "_high")},
            **{"late_child_weeks_saved": [300.0], "extra_plans_on_time": [-1.0]},
        }
    )
    table = unit_costs([result], beside).set_index("of")
    half = 4.3027 * 20_000 / 3**0.5
    plan = table.loc["plan issued", ["pounds", "low", "high", "spent", "number"]]
    expected = [40_000, 40_000 - half, 40_000 + half, 4e6, 100]
    assert plan.tolist() == pytest.approx(expected, rel=1e-4)
    assert table.loc[f"advice of {TEAM}", "pounds"] == 1500
    week = table.loc["week of waiting saved", ["pounds", "low", "high", "spent", "number"]]
    assert week.tolist() == [5, 6, 9, 1500, 300]
    assert np.isnan(table.loc["extra plan on time", "pounds"])
