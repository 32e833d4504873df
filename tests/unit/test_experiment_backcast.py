"""Published figures beside simulated ones, from tables written by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.backcast import Published, backcast
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.scenario import Scenario, load
from ehc_sim.tables import Table
from tests.scenario_files import SMALL
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

YEARS = pd.Index([2023, 2024], name="year")
QUARTERS = pd.Index(["2024-Q3", "2024-Q4"], name="quarter")
YEARLY = pd.MultiIndex.from_product(
    [YEARS, ["all", "age"], ["all", "3"]], names=["year", "by", "group"]
)


@pytest.fixture(scope="module")
def smallshire() -> Scenario:
    return load(SMALL / "baseline.toml")


def table(name: str, numbers: list[float], index: pd.Index) -> Table:
    """Return a table of one measure, with one replication for each number."""
    return stack_of([pd.DataFrame({name: number}, index=index) for number in numbers])


def result(scenario: Scenario) -> ScenarioResult:
    return ScenarioResult(
        scenario,
        {
            "yearly": table("completed", [90, 100, 104], YEARLY),
            "quarterly": table("completed", [20, 30, 40], QUARTERS),
            "reviews_by_age": table("decided", [200, 210, 220], YEARLY),
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
        ("completed", 110, 100, True),
        ("expected", 4919, 4500, True),
        ("expected", 5100, 4500, False),
        ("at_end", 5725, 5100, False),
        ("appeals", 330, 310, True),
    ],
)
def test_a_figure_is_found_in_the_table_that_has_it(
    smallshire: Scenario, measure: str, value: float, simulated: float, within: bool
) -> None:
    """Within 10% of what was published: 491.9 of 4,919, and 510 of 5,100."""
    row = backcast(result(smallshire), (published(measure, value),)).iloc[0]
    assert (row["measure"], row["by"], row["group"]) == (measure, "all", "all")
    assert row["simulated"] == simulated
    assert bool(row["within"]) is within


def test_a_figure_of_a_group_is_of_the_yearly_table_or_of_reviews_by_age(
    smallshire: Scenario,
) -> None:
    figures = (published("completed", 100, by="age"), published("decided", 200, by="age"))
    found = backcast(result(smallshire), figures)
    assert found[["measure", "simulated"]].values.tolist() == [["completed", 100], ["decided", 210]]


def test_a_quarter_is_held_against_that_quarter_and_not_against_its_year(
    smallshire: Scenario,
) -> None:
    of_quarter = replace(published("completed", 31), quarter="2024-Q4")
    not_run = replace(of_quarter, quarter="2024-Q2")
    found = backcast(result(smallshire), (published("completed", 99), of_quarter, not_run))
    assert found["quarter"].tolist() == ["", "2024-Q4"]
    assert found["simulated"].tolist() == [100, 30]
    assert found["within"].tolist() == [True, True]


def test_a_month_is_held_against_that_month_by_step_and_by_giver_too(smallshire: Scenario) -> None:
    months = pd.DatetimeIndex(["2024-06-01", "2024-07-01"], name="month")
    givers = pd.MultiIndex.from_product([months, ["health"]], names=["month", "giver"])
    tables = result(smallshire).tables | {
        "monthly": table("open_cases", [400, 420, 440], months),
        "waiting": table("Advice", [200, 210, 220], months),
        "advice_by_month": table("waiting", [80, 90, 100], givers),
    }
    figure = replace(published("open_cases", 400), month="2024-07")
    figures = (
        figure,
        replace(figure, by="step", group="Advice"),
        replace(figure, measure="waiting", by="giver", group="health"),
        replace(figure, month="2024-08"),
    )
    found = backcast(ScenarioResult(smallshire, tables), figures)
    assert found["month"].tolist() == ["2024-07"] * 3
    assert found["simulated"].tolist() == [420, 210, 90]


def test_what_is_not_compared_has_nothing_simulated_and_no_verdict(smallshire: Scenario) -> None:
    figure = published("transfers_final", 657, allowed="not compared")
    other_year = replace(figure, year=2031)
    (row,) = backcast(result(smallshire), (figure, other_year)).to_dict("records")
    assert (row["published"], row["allowed"]) == (657, "not compared")
    assert all(pd.isna(row[name]) for name in ("simulated", "low95", "in_range", "within"))


def test_a_year_with_nothing_to_share_has_no_verdict(smallshire: Scenario) -> None:
    tables = {**result(smallshire).tables, "decisions": table("appeals", [np.nan] * 3, YEARS)}
    found = backcast(ScenarioResult(smallshire, tables), (published("appeals", 330),))
    assert found[["in_range", "within"]].isna().all(axis=None)


def test_a_figure_that_is_not_judged_is_neither_within_nor_out(smallshire: Scenario) -> None:
    row = backcast(result(smallshire), (published("at_end", 5725, allowed=""),)).iloc[0]
    assert pd.isna(row["within"])


@pytest.mark.parametrize(("value", "in_range"), [(90.4, False), (90.6, True), (103.9, False)])
def test_a_figure_is_in_range_when_the_95_percent_range_holds_it(
    smallshire: Scenario, value: float, in_range: bool
) -> None:
    """Of 90, 100 and 104: the 2.5th and 97.5th percentiles are 90.5 and 103.8."""
    row = backcast(result(smallshire), (published("completed", value),)).iloc[0]
    assert row[["low95", "high95"]].tolist() == pytest.approx([90.5, 103.8])
    assert bool(row["in_range"]) is in_range


NEEDS = ("ASD", "SEMH", "SLCN", "MLD")


def by_need(smallshire: Scenario, counts: list[float], shares: bool = False) -> list[float]:
    """Return the published figures that are left of counts, or of shares beside them."""
    index = pd.MultiIndex.from_product([YEARS, ["need"], NEEDS], names=["year", "by", "group"])
    stack = stack_of([pd.DataFrame({"plans_counted": 9.0, "issued_on_time": 0.5}, index=index)])
    figures = [
        Published(2024, "plans_counted", "need", need, count, "", False, "Invented")
        for need, count in zip(NEEDS, counts, strict=False)
    ]
    figures += [
        Published(2024, "issued_on_time", "need", one.group, 0.5, "", False, "Invented")
        for one in figures
    ]
    tables = {**result(smallshire).tables, "yearly": stack}
    found = backcast(ScenarioResult(smallshire, tables), tuple(figures))
    measure = "issued_on_time" if shares else "plans_counted"
    return found.loc[found["measure"] == measure, "published"].fillna(-1).tolist()


@pytest.mark.parametrize(
    ("counts", "left"),
    [
        ([3, 2, 40, 60], [-1, -1, -1, 60]),  # 3 and 2: together 5 would still be known
        ([3, 9, 40, 60], [-1, -1, 40, 60]),  # the total less the others would give the 3
        ([5, 5, 40, 60], [-1, -1, 40, 60]),
        ([6, 7, 40, 60], [6, 7, 40, 60]),
        ([0, 7, 40, 60], [-1, -1, 40, 60]),
        ([3], [-1]),
    ],
)
def test_small_counts_by_group_are_not_in_the_table(
    smallshire: Scenario, counts: list[float], left: list[float]
) -> None:
    assert by_need(smallshire, counts) == left
    hidden = [count == -1 for count in left]
    assert [share == -1 for share in by_need(smallshire, counts, shares=True)] == hidden
