"""The chances in the futures in which requests stay flat, from replications written by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ehc_sim.calendars import SchoolTerms
from ehc_sim.catalogue.tables import names
from ehc_sim.demand.forecast import forecast
from ehc_sim.demand.history import History
from ehc_sim.experiment.flat_requests import flat_requests, last_year
from ehc_sim.experiment.scenario_result import BETWEEN, ScenarioResult
from ehc_sim.scenario import Scenario, load
from tests.scenario_files import SMALL
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

MONTHS = pd.date_range("2020-01-01", "2035-12-01", freq="MS").rename("month")


@pytest.fixture(scope="module")
def smallshire() -> Scenario:
    return load(SMALL / "baseline.toml")


def result(
    scenario: Scenario, requests_a_month: list[float], on_time: list[float], before: float = 999
) -> ScenarioResult:
    """Return replications with so many requests in each month from the start of the plan."""
    first = pd.Timestamp(scenario.base.period.plan_from)
    last = pd.Timestamp(scenario.base.target.window_until)
    monthly = [
        pd.DataFrame({"requests": before}, index=MONTHS).assign(
            requests=np.where((first <= MONTHS) & (last >= MONTHS), requests, before)
        )
        for requests in requests_a_month
    ]
    totals = [pd.DataFrame({"on_time": [share]}, index=[0]) for share in on_time]
    return ScenarioResult(scenario, {"monthly": stack_of(monthly), "totals": stack_of(totals)})


def test_only_futures_within_a_tenth_of_the_level_are_counted(smallshire: Scenario) -> None:
    """A level of 1,200 is 100 a month; 90 and 110 are within a tenth, 89 and 111 are not."""
    goal = float(smallshire.base.target.share)
    met, missed = min(1.0, goal + 0.01), goal - 0.01
    found = flat_requests(
        [result(smallshire, [89, 90, 100, 110, 111], [met, met, missed, met, met])], 1200.0
    )
    row = found.iloc[0]
    assert (row["futures"], row["met"], row["level"]) == (3, 2, 1200.0)
    assert row["chance"] == pytest.approx(2 / 3)
    wilson = stats.binomtest(2, 3).proportion_ci(0.95, method="wilson")
    assert row[["chance_low", "chance_high"]].tolist() == pytest.approx([wilson.low, wilson.high])


def test_the_futures_are_those_of_the_first_scenario_for_every_other(smallshire: Scenario) -> None:
    """An option that is given more requests is still looked at in the same futures."""
    one = result(smallshire, [100, 200], [0.0, 1.0])
    other = result(smallshire, [200, 100], [1.0, 0.0])
    found = flat_requests([one, other], 1200.0)
    assert found["futures"].tolist() == [1, 1]
    assert found["met"].tolist() == [0, 1]


def test_the_level_is_that_of_the_last_whole_year_of_the_record() -> None:
    """Of 2022 to 2024, the last; not the part of 2025 that is recorded, nor what is forecast."""
    months = np.datetime64("2022-01", "M") + np.arange(40)
    counts = np.repeat([50, 60, 70, 90], 12)[:40]
    made = forecast(History("monthly", months, counts), 32, terms=SchoolTerms(), paths=4)
    assert last_year(made) == 12 * 70
    short = forecast(History("monthly", months[:6], counts[:6]), 12, terms=SchoolTerms(), paths=4)
    assert np.isnan(last_year(short))


@pytest.mark.parametrize("level", [float("nan"), float("inf")])
def test_without_a_record_there_is_no_level_and_no_row(smallshire: Scenario, level: float) -> None:
    found = flat_requests([result(smallshire, [100], [1.0])], level)
    assert found.empty
    assert [*found.columns, *BETWEEN] == names("flat_requests")


def test_no_flat_future_gives_no_chance(smallshire: Scenario) -> None:
    row = flat_requests([result(smallshire, [500], [1.0])], 1200.0).iloc[0]
    assert (row["futures"], row["met"]) == (0, 0)
    assert row[["chance", "chance_low", "chance_high"]].isna().all()
