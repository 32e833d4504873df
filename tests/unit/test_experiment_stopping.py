"""Each scenario of a study stops by itself: when, what is said of it, and what is compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.catalogue.tables import MEASURES
from ehc_sim.experiment.compare import compare
from ehc_sim.experiment.folder import write_replications
from ehc_sim.experiment.pairs import pairs
from ehc_sim.experiment.scenario_result import ScenarioResult, of_the_same, points_up
from ehc_sim.experiment.standing import standing
from ehc_sim.experiment.store import Store
from ehc_sim.experiment.study import MOST_REPLICATIONS, Plan, looks, plan_of, study
from ehc_sim.scenario import Scenario, load
from tests.scenario_files import SMALL, smallshire
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

MET, MISSED = 0.9, 0.1
NAN = float("nan")


@pytest.fixture(scope="module")
def today() -> Scenario:
    return load(SMALL / "baseline.toml")


def result(
    scenario: Scenario,
    name: str,
    on_time: Sequence[float],
    made: Mapping[str, Sequence[float]] | None = None,
    half_width: float | None = 0.05,
) -> ScenarioResult:
    """Return what a study found of a scenario, of which only some totals are told apart."""
    columns = {row.name: np.zeros(len(on_time)) for row in MEASURES["totals"]}
    columns |= {"on_time": np.asarray(on_time, dtype=float)}
    columns |= {key: np.asarray(values, dtype=float) for key, values in (made or {}).items()}
    # Where replications are drawn evenly a total says so; these are plain draws.
    table = pd.DataFrame(columns).assign(**{"requests_place": NAN})
    months = pd.date_range("2025-01-01", "2026-12-01", freq="MS")
    quiet = pd.DataFrame({"issued_on_time_12m": 0.5}, index=months)
    index = pd.MultiIndex.from_product([months, ["writers"]], names=["month", "team"])
    teams = pd.DataFrame({"offered_hours": 1.0, "capacity_hours": 2.0}, index=index)
    tables = {
        "totals": stack_of([table.iloc[[row]] for row in range(len(table))]),
        "monthly": stack_of([quiet] * len(table)),
        "teams": stack_of([teams] * len(table)),
    }
    return ScenarioResult(replace(scenario, name=name), tables, half_width)


def test_looks_are_at_fixed_numbers_of_replications() -> None:
    """From 55 on 25 more, from 200 on an eighth more; the last is the most that is allowed."""
    found = list(looks(Plan(55, half_width=0.05, most=300)))
    assert found == [55, 80, 105, 130, 155, 180, 205, 230, 258, 290, 300]
    assert list(looks(Plan(55))) == [55]
    assert list(looks(Plan(80, half_width=0.05, most=80))) == [80]
    many = list(looks(Plan(55, half_width=0.001, most=MOST_REPLICATIONS)))
    assert len(many) < 70  # each look reads what there is of a scenario
    assert many[-1] == MOST_REPLICATIONS


@pytest.mark.parametrize(
    ("named", "planned"),
    [
        ((None, None, None), (55, 0.05, 2000)),
        ((None, 0.02, None), (55, 0.02, 2000)),
        ((20, None, None), (20, None, 2000)),
        ((120, 0.02, None), (120, 0.02, 2000)),
        ((None, None, 400), (55, 0.05, 400)),
        ((None, None, 30), (30, 0.05, 30)),
        ((60, 0.1, 60), (60, 0.1, 60)),
    ],
)
def test_what_is_named_of_a_study_is_what_it_does(
    named: tuple[int | None, float | None, int | None], planned: tuple[int, float | None, int]
) -> None:
    plan = plan_of(*named)
    assert (plan.replications, plan.half_width, plan.most) == planned


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ((50, None, 100), "most: found 100 beside 50 replications, which is a fixed number"),
        ((50, 0.05, 40), "most: found 40, allowed is 50"),
        ((None, None, 0), "found 0, allowed is 1"),
        ((None, 0.7, None), "half_width: found 0.7"),
    ],
)
def test_what_cannot_be_meant_together_is_refused(
    named: tuple[int | None, float | None, int | None], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        plan_of(*named)


def test_one_scenario_stops_while_another_goes_on(tmp_path: Path) -> None:
    """Nobody meets 100%, so of 5 the interval is 22.5 points a side; of some in 5 it is wider."""
    half = replace(smallshire(tmp_path), name="Half")
    (tmp_path / "no").mkdir()
    hopeless = smallshire(tmp_path / "no", "[target]\nshare = 1.0\n")
    plan = Plan(5, half_width=0.25, most=8)
    alone, found = study([half], plan), study([hopeless, half], plan)
    assert [one.replications for one in found.scenarios] == [5, 8]
    assert 0 < found.scenarios[1].chance.value < 1
    assert (found.replications, alone.replications) == (5, 8)
    of_alone, of_both = (one.scenarios[-1].tables["totals"].values for one in (alone, found))
    np.testing.assert_array_equal(of_alone, of_both)  # as if there were no other
    counts = found.replication_table().groupby("scenario")["replication"].nunique()
    assert counts.to_dict() == {hopeless.name: 5, "Half": 8}
    assert len(found.log(7, "Half")) > 0
    with pytest.raises(ValueError, match="found 7, allowed is 0 to 4"):
        found.log(7, hopeless.name)
    # What stands side by side is of the first five.
    first = found.scenarios[1].tables["monthly"].first(5).ranges()
    shown = found.monthly().query("scenario == 'Half'")
    assert shown["median"].tolist() == pytest.approx(first["median"].tolist(), nan_ok=True)
    points = points_up(found.scenarios[1].chance.half_width, 0.25)
    assert found.summary()["reached"].tolist() == [
        "known to ±23 points after 5 simulated futures",
        f"stopped at the most, 8: ±{points} points",
    ]
    assert found.limit is not None
    assert list(found.limit.reached) == ["Half"]
    assert "5 to 8 replications of 2 scenarios" in found._repr_html_()


def test_a_study_that_was_stopped_between_looks_goes_on_to_the_same(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path)
    plan = Plan(3, half_width=0.05, most=6)

    def stopped(done: int, wanted: int) -> None:
        if done > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        study([scenario], plan, stopped, Store(tmp_path / "parts", [scenario], plan.seed))
    store = Store(tmp_path / "parts", [scenario], plan.seed)
    assert len(store) == 3
    found = [study([scenario], plan, store=store), study([scenario], plan)]
    written = []
    for number, results in enumerate(found):
        write_replications(results, tmp_path / f"{number}.parquet")
        written.append((tmp_path / f"{number}.parquet").read_bytes())
    assert written[0] == written[1]
    pd.testing.assert_frame_equal(*(results.summary() for results in found))


def test_what_is_reached_is_said_and_never_too_well(today: Scenario) -> None:
    """None of 72 is 0 to 5.4% at the level of looks: 2.7 points on each side, so 3."""
    none, half = result(today, "A", [MISSED] * 72), result(today, "B", [MET, MISSED] * 36)
    assert none.reached == "known to ±3 points after 72 simulated futures"
    assert half.reached == "stopped at the most, 72: ±12 points"
    assert replace(half, half_width=None).reached == ""
    assert not half.is_known
    assert none.is_known
    assert points_up(0.05, 0.05) == "5"  # and no more, for being a little more than a twentieth
    assert points_up(0.0421, 0.05) == "5"
    assert points_up(0.0241, 0.025) == "2.5"
    assert points_up(0.0501, 0.05) == "6"


def test_the_interval_of_a_fixed_number_is_the_plain_one(today: Scenario) -> None:
    half = result(today, "A", [MET, MISSED] * 36)
    fixed = replace(half, half_width=None)
    assert fixed.chance.value == half.chance.value == 0.5
    assert fixed.chance.half_width == pytest.approx(0.1125, abs=5e-5)  # Wilson's, by hand
    assert fixed.chance.half_width < half.chance.half_width < 1.05 * fixed.chance.half_width


def test_two_scenarios_are_compared_in_the_replications_that_both_have(today: Scenario) -> None:
    """The option meets the target in the futures from the fifth on, which the baseline lacks."""
    base = result(today, "Today", [MISSED] * 4, {"cost": [1.0, 2.0, 3.0, 4.0]})
    late = [MISSED] * 4 + [MET] * 4
    dearer = {"cost": [2.0, 3.0, 4.0, 5.0, 9.0, 9.0, 9.0, 9.0]}
    option = result(today, "Option", late, dearer)
    row = pairs([base, option]).iloc[0]
    assert row[["replications", "neither", "only_second"]].tolist() == [4, 4, 0]
    assert row["chance_difference"] == row["on_time_difference"] == 0
    assert row["cost_difference"] == 1.0
    turned = pairs([option, base]).iloc[0]
    assert turned[["replications", "cost_difference"]].tolist() == [4, -1.0]
    table = compare([base, option]).set_index("scenario")
    found = table.loc["Option"]
    assert found[["replications", "replications_compared", "chance"]].tolist() == [8, 4, 0.5]
    assert found[["difference", "cost", "chance_beats_baseline"]].tolist() == [0, 1.0, 0]
    assert table.loc["Today", "chance_best"] == 0.5  # of the four that both have


def test_waiting_is_put_in_order_in_the_same_futures(today: Scenario) -> None:
    """From the fourth future on there are more requests, which only one option has met."""
    weeks = "late_child_weeks_in_plan"
    base = result(today, "Today", [MISSED] * 3, {weeks: [100.0, 101.0, 102.0]})
    near = result(today, "Near", [MISSED] * 3, {weeks: [90.0, 91.0, 92.0]})
    least = result(today, "Least", [MISSED] * 6, {weeks: [50.0, 51.0, 52.0, 900, 900, 900]})
    results = [base, near, least]
    table = compare(results)
    assert table["late_child_weeks"].tolist() == [101, 91, 51]
    assert table["late_child_weeks_saved"].tolist() == [0, 10, 50]
    order = standing(table, pairs(results)).set_index("scenario")["waiting_place"]
    assert order.to_dict() == {"Least": 1, "Near": 2, "Today": 3}


def test_with_the_same_number_of_each_nothing_is_left_out(today: Scenario) -> None:
    one, other = (result(today, name, [MET, MISSED] * 3) for name in ("A", "B"))
    assert list(of_the_same(one, other)) == [one, other]
    cut, whole = of_the_same(result(today, "A", [MET] * 9), other)
    assert (cut.replications, whole) == (6, other)
    assert {name: len(table.values) for name, table in cut.tables.items()} == {
        **{"totals": 6, "monthly": 6, "teams": 6}
    }
