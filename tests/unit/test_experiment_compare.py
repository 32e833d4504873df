"""Scenarios side by side, from tables written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ehc_sim.catalogue.tables import MEASURES, columns, names
from ehc_sim.catalogue.timeliness import Compared, Difference
from ehc_sim.experiment.compare import compare, recovers
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.sums import LOAD_OF_YEAR, overloaded, with_load_of_year
from ehc_sim.scenario import Scenario, load
from ehc_sim.tables import Table
from tests.scenario_files import SMALL
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

MONTHS = pd.date_range("2023-01-01", "2026-12-01", freq="MS")
NAN = float("nan")


@pytest.fixture(scope="module")
def smallshire_today() -> Scenario:
    """A target of 60% in 2026, and a plan from 2025."""
    return load(SMALL / "baseline.toml")


def totals(
    on_time: Sequence[float], plans: Sequence[float] | None = None, cost: float = 0.0
) -> Table:
    """Return the totals of replications, of which only the measures compared are told apart."""
    plans = [100.0] * len(on_time) if plans is None else plans
    return stack_of(
        [
            pd.DataFrame(
                {row.name: [0.0] for row in MEASURES["totals"]}
                | {"on_time": [share], "plans_on_time": [number], "plans_on_time_in_plan": [number]}
                | {"cost": [cost + i]}
            )
            for i, (share, number) in enumerate(zip(on_time, plans, strict=True))
        ]
    )


def monthly(shares: dict[str, float], otherwise: float) -> Table:
    """Return the share of twelve months, the same in three replications."""
    series = pd.Series(otherwise, index=MONTHS)
    for month, share in shares.items():
        series[pd.Timestamp(month)] = share
    return stack_of([series.to_frame("issued_on_time_12m")] * 3)


def teams(hours: dict[str, tuple[float, float]], year: int = 2026) -> Table:
    """Return hours offered and hours of capacity in each month of a year; 1 and 9 in the others."""
    rows = [
        (month, team, *(of_year if month.year == year else (1.0, 9.0)))
        for month in MONTHS
        for team, of_year in hours.items()
    ]
    table = pd.DataFrame(rows, columns=["month", "team", "offered_hours", "capacity_hours"])
    return stack_of([table.set_index(["month", "team"])])


def result(scenario: Scenario, name: str, of: Table) -> ScenarioResult:
    quiet = {"monthly": monthly({}, 0.5), "teams": teams({"writers": (1.0, 2.0)})}
    return ScenarioResult(replace(scenario, name=name), {"totals": of, **quiet})


def side_by_side(scenario: Scenario, *stacks: Table) -> pd.DataFrame:
    return compare([result(scenario, f"Scenario {i}", stack) for i, stack in enumerate(stacks)])


def test_the_chance_is_the_share_of_replications_that_reach_the_target(
    smallshire_today: Scenario,
) -> None:
    row = side_by_side(smallshire_today, totals([0.59, 0.60, 0.70, NAN])).iloc[0]
    assert row["chance"] == 0.5
    assert row["replications"] == 4
    assert row["on_time"] == pytest.approx(0.60)
    assert row["chance_low"] < 0.5 < row["chance_high"]


def test_the_chances_to_be_best_add_up_to_one_and_ties_are_shared_out(
    smallshire_today: Scenario,
) -> None:
    """Best: the second; all three; the first two; the third, as the others issued nothing; all."""
    table = side_by_side(
        smallshire_today,
        totals([0.1, 0.5, 0.6, NAN, NAN]),
        totals([0.4, 0.5, 0.6, NAN, NAN]),
        totals([0.3, 0.5, 0.2, 0.0, NAN]),
    )
    third = 1 / 3
    assert table["chance_best"].tolist() == pytest.approx(
        [(third + 0.5 + third) / 5, (1 + third + 0.5 + third) / 5, (third + 1 + third) / 5]
    )
    assert table["chance_best"].sum() == pytest.approx(1)


def test_differences_are_taken_replication_by_replication(smallshire_today: Scenario) -> None:
    """Always 0.1 more, so the interval has no width, however far apart the replications are."""
    base = [0.1, 0.9, 0.3, 0.5]
    table = side_by_side(smallshire_today, totals(base), totals([share + 0.1 for share in base]))
    row = table.iloc[1]
    assert row["difference"] == pytest.approx(0.1)
    assert row["difference_high"] - row["difference_low"] == pytest.approx(0, abs=1e-12)
    assert row["chance_beats_baseline"] == 1.0
    assert np.isnan(table.iloc[0]["chance_beats_baseline"])
    assert table.iloc[0]["difference"] == 0.0


def test_the_price_of_an_extra_plan_is_extra_cost_over_extra_plans(
    smallshire_today: Scenario,
) -> None:
    """11, 9 and 10 more plans for 1,000 pounds more: 100 pounds each.

    The mean of the plans is 10 ± 4.3027 / √3 (Student, two degrees of freedom); where the cost is
    certain Fieller's ends are 1,000 over those ends.
    """
    base = totals([0.5] * 3, plans=[100, 120, 90])
    more = totals([0.6] * 3, plans=[111, 129, 100], cost=1000.0)
    row = side_by_side(smallshire_today, base, more).iloc[1]
    assert row["extra_plans_on_time"] == pytest.approx(10)
    assert row["cost"] == pytest.approx(1000)
    assert row["cost_per_extra_plan"] == pytest.approx(100)
    half = 4.3027 / 3**0.5
    ends = row[["cost_per_extra_plan_low", "cost_per_extra_plan_high"]].tolist()
    assert ends == pytest.approx([1000 / (10 + half), 1000 / (10 - half)], rel=1e-4)


@pytest.mark.parametrize("plans", [[100, 100, 160], [80, 90, 70], [100, 120, 90]])
def test_where_extra_plans_are_in_doubt_they_have_no_price(
    smallshire_today: Scenario, plans: list[float]
) -> None:
    base = totals([0.5] * 3, plans=[100, 120, 90])
    row = side_by_side(smallshire_today, base, totals([0.6] * 3, plans=plans, cost=1.0)).iloc[1]
    assert np.isnan(row["cost_per_extra_plan"])


def test_the_price_of_a_plan_is_the_cost_shown_over_the_plans_shown(
    smallshire_today: Scenario,
) -> None:
    """Costs of 1,000, 1,000 and 4,000 pounds: the middle one is not what 10 plans cost on average.
    A reader who divides one column by the other finds the third."""
    base = totals([0.5] * 3, plans=[100, 120, 90])
    more = totals([0.6] * 3, plans=[111, 129, 100])
    values = more.values.copy()
    values[:, 0, more.columns.index("cost")] += [1000.0, 1000.0, 4000.0]
    row = side_by_side(smallshire_today, base, replace(more, values=values)).iloc[1]
    assert row["cost"] == pytest.approx(2000)
    assert row["cost"] / row["extra_plans_on_time"] == pytest.approx(row["cost_per_extra_plan"])


def test_the_ranges_hold_8_and_95_of_every_hundred_replications(
    smallshire_today: Scenario,
) -> None:
    """0, 1, 2 … 200 in 200ths, in no order: the ends of 80% are 20 and 180, of 95% 5 and 195; and
    of the cost, of which the first replication has the least."""
    shares = np.random.default_rng(1).permutation(201) / 200
    base, more = totals(shares.tolist()), totals(shares.tolist())
    values = more.values.copy()
    values[:, 0, more.columns.index("cost")] += 100 * np.arange(201)
    row = side_by_side(smallshire_today, base, replace(more, values=values)).iloc[1]
    ends = [row[f"on_time_{end}"] for end in ("low95", "low80", "high80", "high95")]
    assert ends == pytest.approx([0.025, 0.1, 0.9, 0.975])
    assert row["on_time"] == pytest.approx(0.5)
    assert (row["cost_low"], row["cost_high"]) == pytest.approx((2000, 18000))


def test_child_weeks_saved_are_the_baselines_less_the_options(smallshire_today: Scenario) -> None:
    base, less = totals([0.5] * 3), totals([0.5] * 3)
    place = base.columns.index("late_child_weeks_in_plan")
    for stack, weeks in ((base, [900.0, 1000.0, 1100.0]), (less, [600.0, 800.0, 700.0])):
        stack.values[:, 0, place] = weeks
    rows = side_by_side(smallshire_today, base, less)
    assert rows["late_child_weeks"].tolist() == pytest.approx([1000, 700])
    row = rows.iloc[1]
    assert row["late_child_weeks_saved"] == pytest.approx(300)
    assert row["late_child_weeks_saved_low"] < 300 < row["late_child_weeks_saved_high"]


def test_the_price_of_a_week_saved_is_extra_cost_over_weeks_saved(
    smallshire_today: Scenario,
) -> None:
    """300, 200 and 400 weeks saved for 1,500 pounds: 5 pounds each, by Fieller as for plans."""
    base, less = totals([0.5] * 3), totals([0.5] * 3, cost=1500.0)
    place = base.columns.index("late_child_weeks_in_plan")
    for stack, weeks in ((base, [900.0, 1000.0, 1100.0]), (less, [600.0, 800.0, 700.0])):
        stack.values[:, 0, place] = weeks
    today, row = (row for _, row in side_by_side(smallshire_today, base, less).iterrows())
    half = 4.3027 * 100 / 3**0.5  # Student's, with two degrees of freedom
    names = ["cost_per_week_saved", "cost_per_week_saved_low", "cost_per_week_saved_high"]
    expected = [5, 1500 / (300 + half), 1500 / (300 - half)]
    assert row[names].tolist() == pytest.approx(expected, rel=1e-4)
    assert today[names].isna().all()


@pytest.mark.parametrize("left", [[900, 1000, 1100], [950, 1100, 1200], [0, 1100, 1090]])
def test_where_weeks_saved_are_in_doubt_they_have_no_price(
    smallshire_today: Scenario, left: list[float]
) -> None:
    """None saved, more waiting, and a saving that is shown by one future only."""
    base, other = totals([0.5] * 3), totals([0.5] * 3, cost=1500.0)
    place = base.columns.index("late_child_weeks_in_plan")
    base.values[:, 0, place], other.values[:, 0, place] = [900, 1000, 1100], left
    assert np.isnan(side_by_side(smallshire_today, base, other).iloc[1]["cost_per_week_saved"])


def test_provision_stands_beside_the_cost_and_is_not_in_it(smallshire_today: Scenario) -> None:
    """20,000, 30,000 and 40,000 pounds more: 30,000 ± 4.3027 × 10,000 / √3; no cost."""
    base, other = totals([0.5] * 3), totals([0.5] * 3)
    place = base.columns.index("provision")
    base.values[:, 0, place] = [1e6, 2e6, 3e6]
    other.values[:, 0, place] = [1.02e6, 2.03e6, 3.04e6]
    row = side_by_side(smallshire_today, base, other).iloc[1]
    half = 4.3027 * 10_000 / 3**0.5
    names = ["more_provision", "more_provision_low", "more_provision_high"]
    expected = [30_000, 30_000 - half, 30_000 + half]
    assert row[names].tolist() == pytest.approx(expected, rel=1e-4)
    assert row["cost"] == 0


def test_without_a_price_of_provision_there_is_none(smallshire_today: Scenario) -> None:
    base, other = totals([0.5] * 3), totals([0.5] * 3)
    for stack in (base, other):
        stack.values[:, 0, stack.columns.index("provision")] = NAN
    assert np.isnan(side_by_side(smallshire_today, base, other).iloc[1]["more_provision"])


def test_what_an_option_makes_worse_is_its_own_less_the_baselines(
    smallshire_today: Scenario,
) -> None:
    """100, 130 and 160 more reviews overdue, and 2, 3 and 4 appeals fewer."""
    base, other = totals([0.5] * 3), totals([0.5] * 3)
    for stack, name, numbers in (
        (base, "reviews_overdue_at_end", [500, 600, 700]),
        (other, "reviews_overdue_at_end", [600, 730, 860]),
        (base, "appeals", [40, 30, 20]),
        (other, "appeals", [38, 27, 16]),
    ):
        stack.values[:, 0, stack.columns.index(name)] = numbers
    none, row = (one for _, one in side_by_side(smallshire_today, base, other).iterrows())
    assert (none["more_reviews_overdue"], none["more_appeals"]) == (0, 0)
    half = stats.t.ppf(0.975, 2) / np.sqrt(3)
    for name, mean, sd in (("more_reviews_overdue", 130, 30), ("more_appeals", -3, 1)):
        ends = [row[f"{name}{end}"] for end in ("_low", "", "_high")]
        assert ends == pytest.approx([mean - half * sd, mean, mean + half * sd]), name


def state(scenario: Scenario, **tables: Table) -> ScenarioResult:
    quiet = {"monthly": monthly({}, 0.5), "teams": teams({"writers": (1.0, 2.0)})}
    return ScenarioResult(scenario, {"totals": totals([0.5]), **quiet, **tables})


def test_the_stock_and_disputes_stand_beside_the_share_on_time(smallshire_today: Scenario) -> None:
    """Medians over the replications that have a number at all."""
    of = totals([0.5] * 3)
    values = of.values.copy()
    for name, numbers in (
        ("review_decisions_on_time", [NAN, 0.1, 0.3]),
        ("reviews_overdue_at_end", [700, 500, 600]),
        ("appeals", [10, 30, 40]),
    ):
        values[:, 0, of.columns.index(name)] = numbers
    row = side_by_side(smallshire_today, replace(of, values=values)).iloc[0]
    assert row["review_decisions_on_time"] == pytest.approx(0.2)
    assert row["reviews_overdue_at_end"] == 600
    assert row["appeals"] == 30


@pytest.mark.filterwarnings("error")
def test_without_a_stock_there_is_no_share_of_reviews(smallshire_today: Scenario) -> None:
    of = totals([0.5] * 3)
    values = of.values.copy()
    values[:, 0, of.columns.index("review_decisions_on_time")] = NAN
    row = side_by_side(smallshire_today, replace(of, values=values)).iloc[0]
    assert np.isnan(row["review_decisions_on_time"])


def test_it_recovers_in_the_month_from_which_it_stays_at_the_target(
    smallshire_today: Scenario,
) -> None:
    """Reached in 2025, lost again in May 2026, and kept from June."""
    shares = {"2025-01-01": 0.5, "2026-05-01": 0.599}
    found = recovers(state(smallshire_today, monthly=monthly(shares, 0.6)))
    assert found == "2026-06"


def test_it_has_recovered_in_the_first_month_of_the_plan_where_it_never_falls_below(
    smallshire_today: Scenario,
) -> None:
    """What was before the plan does not matter."""
    shares = {"2024-12-01": 0.1}
    assert recovers(state(smallshire_today, monthly=monthly(shares, 0.8))) == "2025-01"


@pytest.mark.parametrize("last", [0.59, NAN])
def test_it_does_not_recover_when_the_last_month_is_below(
    smallshire_today: Scenario, last: float
) -> None:
    found = recovers(state(smallshire_today, monthly=monthly({"2026-12-01": last}, 0.8)))
    assert found == ""


def test_a_team_is_overloaded_when_asked_for_more_than_it_has_in_the_windows_year(
    smallshire_today: Scenario,
) -> None:
    hours = {"writers": (10.1, 10.0), "officers": (10.0, 10.0), "psychologists": (30.0, 10.0)}
    found = overloaded(teams(hours), date(2025, 1, 1), 2026)
    assert found == ["writers", "psychologists"]


def test_columns_that_are_medians_or_differences_say_of_which_measure() -> None:
    """Those of measures that are misspelt would be found when the first study is compared."""
    known = {row.name for row in MEASURES["totals"]}
    ways = {column.name: column.way for column in columns(Compared) if column.way is not None}
    assert {way.of for way in ways.values()} <= known
    ends = {
        f"{name}_{end}"
        for name, way in ways.items()
        for end in ("low", "high")
        if isinstance(way, Difference)
    }
    assert ends <= set(names("comparison"))


def test_an_overload_in_another_year_is_none_of_the_window(smallshire_today: Scenario) -> None:
    hours = {"writers": (30.0, 10.0)}
    assert overloaded(teams(hours, year=2025), date(2025, 1, 1), 2026) == []


def test_a_load_is_worked_out_in_each_future_before_the_middle_is_taken() -> None:
    """Loads of 1, 2 and 0.5: the middle is 1, where the middle hours are 30 over 20."""
    hours = [(10.0, 10.0), (40.0, 20.0), (30.0, 60.0)]
    stacks = [teams({"writers": one}) for one in hours]
    values = np.concatenate([stack.values for stack in stacks])
    stack = Table(stacks[0].rows, stacks[0].columns, values)
    loads = with_load_of_year(stack, date(2025, 1, 1))
    months = pd.DatetimeIndex(loads.index.get_level_values("month"))
    in_2026 = loads.column(LOAD_OF_YEAR)[:, months.year == 2026]
    assert in_2026.T.tolist() == [[1.0, 2.0, 0.5]] * 12
    assert overloaded(stack, date(2025, 1, 1), 2026) == []
    ranges = loads.ranges().set_index(["measure", "month"])
    assert ranges.loc[(LOAD_OF_YEAR, "2026-05-01"), "median"] == 1.0


def test_a_year_has_only_its_months_of_the_plan(smallshire_today: Scenario) -> None:
    """From July on 30 of 10 hours are asked for, and before that 1 of 9."""
    stack = teams({"writers": (1.0, 9.0)})
    months = pd.DatetimeIndex(stack.index.get_level_values("month"))
    late = np.asarray(months >= pd.Timestamp(2025, 7, 1))
    stack.values[:, late] = (30.0, 10.0)
    loads = with_load_of_year(stack, date(2025, 7, 14)).column(LOAD_OF_YEAR)[0]
    assert np.isnan(loads[~late]).all()
    assert (loads[late] == 3.0).all()


def test_a_team_without_hours_has_no_load() -> None:
    stack = teams({"writers": (5.0, 0.0)})
    assert overloaded(stack, date(2025, 1, 1), 2026) == []
    loads = with_load_of_year(stack, date(2025, 1, 1)).column(LOAD_OF_YEAR)
    months = pd.DatetimeIndex(stack.index.get_level_values("month"))
    assert np.isnan(loads[:, months.year == 2026]).all()
