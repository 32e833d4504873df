"""Published figures beside simulated ones, from tables written by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.backcast import Published, backcast
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.stack import Stack
from ehc_sim.scenario import Scenario, load
from tests.scenario_files import SMALL
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

YEARS = pd.Index([2023, 2024], name="year")
YEARLY = pd.MultiIndex.from_product(
    [YEARS, ["all", "age"], ["all", "3"]], names=["year", "by", "group"]
)


@pytest.fixture(scope="module")
def smallshire() -> Scenario:
    return load(SMALL / "baseline.toml")


def table(name: str, numbers: list[float], index: pd.Index) -> Stack:
    """Return a table of one measure, with one replication for each number."""
    return stack_of([pd.DataFrame({name: number}, index=index) for number in numbers])


def result(scenario: Scenario) -> ScenarioResult:
    return ScenarioResult(
        scenario,
        {
            "yearly": table("completed", [90, 100, 104], YEARLY),
            "reviews": table("expected", [4000, 4500, 4600], YEARS),
            "plans": table("at_end", [5000, 5100, 5200], YEARS),
            "decisions": table("appeals", [300, np.nan, 320], YEARS),
        },
    )


def published(measure: str, value: float, by: str = "all", allowed: str = "10%") -> Published:
    group = "all" if by == "all" else "3"
    return Published(2024, measure, by, group, value, allowed, False, "Invented")


@pytest.mark.parametrize(
    ("measure", "value", "simulated", "within"),
    [
        ("completed", 110, 100, "True"),
        ("expected", 4919, 4500, "True"),
        ("expected", 5100, 4500, "False"),
        ("at_end", 5725, 5100, "False"),
        ("appeals", 330, 310, "True"),
    ],
)
def test_a_figure_is_found_in_the_table_that_has_it(
    smallshire: Scenario, measure: str, value: float, simulated: float, within: str
) -> None:
    """Within 10% of what was published: 491.9 of 4,919, and 510 of 5,100."""
    row = backcast(result(smallshire), (published(measure, value),)).iloc[0]
    assert row["what"] == measure
    assert row["simulated"] == simulated
    assert row["within"] == within


def test_a_figure_of_a_group_is_of_the_yearly_table(smallshire: Scenario) -> None:
    figures = (published("completed", 100, by="age"), published("expected", 100, by="age"))
    found = backcast(result(smallshire), figures)
    assert found["what"].tolist() == ["completed, age 3"]


def test_a_figure_that_is_not_judged_is_neither_within_nor_out(smallshire: Scenario) -> None:
    row = backcast(result(smallshire), (published("at_end", 5725, allowed=""),)).iloc[0]
    assert row["within"] == ""
