"""From which month on nobody has waited too long, from replications written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ehc_sim.experiment.clear_by import clear_by, clear_from
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.scenario import Scenario, load
from ehc_sim.scenario.faults import BadInput
from ehc_sim.scenario.target import TARGETS
from tests.scenario_files import SMALL, smallshire
from tests.stacks import stack_of

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def today() -> Scenario:
    return load(SMALL / "baseline.toml")


def result(scenario: Scenario, *replications: Sequence[float]) -> ScenarioResult:
    """Return replications whose oldest case has waited so long in the last months of the run."""
    months = pd.date_range("2024-01-01", "2026-12-01", freq="MS").rename("month")
    tables = []
    for weeks in replications:
        oldest = np.full(len(months), 99.0)
        oldest[len(months) - len(weeks) :] = weeks
        tables.append(pd.DataFrame({"oldest_weeks": oldest}, index=months))
    totals = [pd.DataFrame({"on_time": [0.5]}, index=[0])] * len(tables)
    return ScenarioResult(scenario, {"monthly": stack_of(tables), "totals": stack_of(totals)})


def by_weeks(table: pd.DataFrame) -> pd.DataFrame:
    return table[~table["is_target"]].set_index("weeks")


def test_it_is_clear_from_the_month_after_which_nobody_is_over_again() -> None:
    oldest = np.array([[60, 40, 60, 50, 51], [60, 60, 60, 60, 53], [10, 20, 30, 52, 52]])
    assert clear_from(oldest, 52).tolist() == [3, 5, 0]


def test_the_months_are_those_of_one_five_and_nine_futures_in_ten(today: Scenario) -> None:
    """Of ten futures, k is clear from the last k months; one never is."""
    runs = [[50.0] * k for k in range(10)]
    row = by_weeks(clear_by([result(today, *runs)])).loc[52]
    assert (row["low80"], row["median"], row["high80"]) == ("2026-04", "2026-08", "2026-12")
    assert (row["replications"], row["cleared"], row["chance"]) == (10, 9, 0.9)
    wilson = stats.binomtest(9, 10).proportion_ci(0.95, method="wilson")
    assert row[["chance_low", "chance_high"]].tolist() == pytest.approx([wilson.low, wilson.high])


def test_what_is_not_clear_by_the_end_has_no_month(today: Scenario) -> None:
    table = by_weeks(clear_by([result(today, [31.0], [31.0], [29.0])]))
    assert table.loc[30, ["low80", "median", "high80"]].tolist() == ["2026-12", "", ""]
    assert table.loc[52, "high80"] == "2026-12"
    assert table.loc[20, "chance"] == 0


def test_a_month_that_is_clear_by_accident_does_not_count(today: Scenario) -> None:
    table = by_weeks(clear_by([result(today, [10.0, 10.0, 60.0, 50.0])]))
    assert table.loc[52, "median"] == "2026-12"


def test_what_was_clear_before_the_plan_is_clear_from_its_first_month(today: Scenario) -> None:
    table = by_weeks(clear_by([result(today, [5.0] * 36)]))
    assert set(table["median"]) == {"2025-01"}


def test_a_target_is_met_where_it_is_clear_on_its_day_and_stays_so(
    today: Scenario, tmp_path: Path
) -> None:
    scenario = smallshire(tmp_path, "[target.nobody_over_52_weeks]\nby = 2026-09-30\n")
    late, lost = [50.0] * 3, [50.0] * 5 + [60.0] * 2
    table = clear_by([result(scenario, [50.0] * 4, late, lost)])
    row = table[table["is_target"]].iloc[0]
    assert (row["weeks"], row["day"], row["cleared"]) == (52, date(2026, 9, 30), 1)
    assert by_weeks(table).loc[52, "cleared"] == 2


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("2027-09-30", "found 2027-09-30, allowed is 2025-01-01 to 2026-12-31, the days of the"),
        ("2026-09-29", "found 2026-09-29, allowed is the last day of a month"),
        ("2024-12-31", "found 2024-12-31, allowed is 2025-01-01"),
    ],
)
@pytest.mark.parametrize("setting", TARGETS)
def test_a_day_that_the_run_does_not_have_is_refused(
    tmp_path: Path, setting: str, day: str, problem: str
) -> None:
    with pytest.raises(BadInput, match=f"target.{setting}.by: {problem}"):
        smallshire(tmp_path, f"[target.{setting}]\nby = {day}\n")


def test_the_targets_are_settings_of_the_schema(today: Scenario) -> None:
    assert {name for name in TARGETS if getattr(today.base.target, name) is None} == set(TARGETS)
