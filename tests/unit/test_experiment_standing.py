"""Which option leads, which cannot be told apart from it, and which stand apart: as numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from ehc_sim.catalogue.tables import MEASURES
from ehc_sim.experiment.chance import (
    paired_chance_interval,
    paired_chance_p,
    paired_mean_p,
    replications_to_tell,
)
from ehc_sim.experiment.compare import compare
from ehc_sim.experiment.pairs import holm, pairs
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.standing import standing
from ehc_sim.scenario import Scenario, load
from ehc_sim.scenario.differences import changes_order_only, settings_changed
from tests.scenario_files import SMALL, smallshire
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

MET, MISSED = 0.9, 0.1
"""Shares on time above and below the target of 60%."""
QUIET = [row.name for row in MEASURES["totals"] if row.name != "on_time"]

Made = Mapping[str, Sequence[float] | float]


@pytest.fixture(scope="module")
def today() -> Scenario:
    return load(SMALL / "baseline.toml")


def result(scenario: Scenario, name: str, on_time: Sequence[float], made: Made) -> ScenarioResult:
    columns = {"on_time": np.asarray(on_time, dtype=float)}
    columns |= {key: np.zeros(len(on_time)) + made.get(key, 0.0) for key in QUIET}
    table = pd.DataFrame(columns)
    months = pd.date_range("2025-01-01", "2026-12-01", freq="MS")
    quiet = pd.DataFrame({"issued_on_time_12m": 0.5}, index=months)
    teams = pd.DataFrame(
        {"offered_hours": 1.0, "capacity_hours": 2.0},
        index=pd.MultiIndex.from_product([months, ["writers"]], names=["month", "team"]),
    )
    tables = {
        "totals": stack_of([table.iloc[[row]] for row in range(len(table))]),
        "monthly": stack_of([quiet] * len(table)),
        "teams": stack_of([teams] * len(table)),
    }
    return ScenarioResult(replace(scenario, name=name), tables)


def hits(*runs: tuple[int, bool]) -> list[float]:
    """Return shares on time: so many replications that meet the target, or miss it, in a row."""
    return [MET if met else MISSED for count, met in runs for _ in range(count)]


def stood(results: Sequence[ScenarioResult]) -> pd.DataFrame:
    return standing(compare(results), pairs(results)).set_index("scenario")


def test_thirteen_futures_to_none_are_told_apart(today: Scenario) -> None:
    """The 95% ranges of 10% and 23% of 100 overlap (Wilson 6 to 17 and 16 to 32); the exact p of
    13 to 0 is 2 / 2^13 = 0.00024."""
    results = [
        result(today, "Today", hits((10, True), (90, False)), {}),
        result(today, "More", hits((23, True), (77, False)), {}),
    ]
    row = pairs(results).iloc[0]
    counts = row[["both_met", "only_first", "only_second", "neither"]].tolist()
    assert counts == [10, 0, 13, 77]
    assert row["chance_p"] == pytest.approx(2 / 2**13)
    assert row["chance_difference"] == pytest.approx(0.13)
    assert 0 < row["chance_low"] < 0.13 < row["chance_high"]
    found = stood(results)
    assert found["with_the_best"].to_dict() == {"Today": False, "More": True}
    assert found["place"].to_dict() == {"Today": 2, "More": 1}


def test_the_same_ranges_in_other_futures_are_not_told_apart(today: Scenario) -> None:
    """10% and 23% again, but 10 futures to 23: exact p 0.035, told apart alone and not beside two
    others, with which there are six pairs."""
    base = hits((10, True), (90, False))
    other = hits((10, False), (23, True), (67, False))
    two = [result(today, "Today", base, {}), result(today, "More", other, {})]
    assert pairs(two)["chance_p"][0] == pytest.approx(stats.binomtest(10, 33).pvalue)
    assert not stood(two).loc["Today", "with_the_best"]
    four = [*two, result(today, "Third", base, {}), result(today, "Fourth", base, {})]
    assert stood(four)["with_the_best"].all()


def test_every_two_scenarios_are_a_pair(today: Scenario) -> None:
    names = ["A", "B", "C", "D"]
    table = pairs([result(today, name, hits((4, True)), {}) for name in names])
    assert list(zip(table["first"], table["second"], strict=True)) == [
        ("A", "B"), ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D"), ("C", "D"),
    ]  # fmt: skip
    assert pairs([result(today, "A", hits((4, True)), {})]).empty


def test_holm_multiplies_the_smallest_p_by_all_tests_and_the_largest_by_one() -> None:
    """0.01, 0.02 and 0.04 of three: 3 x 0.01, 2 x 0.02, and 0.04, which is no less than those."""
    assert holm(np.array([0.04, 0.01, 0.02])) == pytest.approx([0.04, 0.03, 0.04])
    assert holm(np.array([])).tolist() == []


def test_holms_method_is_that_of_statsmodels() -> None:
    p = np.random.default_rng(20261128).beta(0.3, 2, size=60)
    p[5] = p[9]
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


def test_differences_are_the_second_less_the_first_and_each_family_allows_for_its_pairs(
    today: Scenario,
) -> None:
    """Three scenarios, the second of 5 more and the third of 3 less than the first on average.

    Two of the three pairs are with the baseline, and one is of the options.
    """
    noise = np.array([4.0, -1.0, 2.0, -3.0, 0.0, 1.0])
    measures = {
        "on_time": "on_time",
        "late_child_weeks": "late_child_weeks_in_plan",
        "overdue": "overdue_cases_at_end",
        "cost": "cost",
    }
    base, more, less = np.full(6, 100.0), 105 + noise, 97 - noise
    results = [
        result(today, name, values / 1000, dict.fromkeys(QUIET, values))
        for name, values in (("A", base), ("B", more), ("C", less))
    ]
    table = pairs(results)
    for column in measures:
        scale = 1000 if column == "on_time" else 1
        for row, (first, second) in zip(
            table.to_dict("records"), ((base, more), (base, less), (more, less)), strict=True
        ):
            differences = second - first
            mean = differences.mean()
            half = stats.t.ppf(0.975, 5) * differences.std(ddof=1) / np.sqrt(6)
            found = [scale * row[f"{column}_{end}"] for end in ("low", "difference", "high")]
            assert found == pytest.approx([mean - half, mean, mean + half]), column
    plain = [stats.ttest_1samp(one, 0).pvalue for one in (more - base, less - base, less - more)]
    smaller, larger = np.argsort(plain[:2])
    adjusted = np.array(plain)
    adjusted[smaller] = min(1, 2 * plain[smaller])
    adjusted[larger] = max(adjusted[smaller], plain[larger])
    for family in ("on_time", "late_child_weeks"):
        assert table[f"{family}_p"].tolist() == pytest.approx(plain)
        assert table[f"{family}_p_adjusted"].tolist() == pytest.approx(adjusted.tolist())


@pytest.mark.parametrize(("one", "other"), [(0, 0), (5, 5), (1, 0)])
def test_futures_that_go_both_ways_alike_show_nothing(one: int, other: int) -> None:
    assert paired_chance_p(one, other) == 1.0


def test_the_interval_of_a_difference_of_chances_is_agresti_and_mins() -> None:
    """By hand: 10 and 2 of 20 apart are 10.5 and 2.5 of 22; (8 / 22) ± 1.96 √(13/22 − (8/22)²) /
    √22 = 0.3636 ± 0.2831. The other way round it is the same with its sign changed."""
    low, high = paired_chance_interval(3, 2, 10, 5)
    assert (low, high) == pytest.approx((0.0806, 0.6467), abs=1e-4)
    assert paired_chance_interval(3, 10, 2, 5) == pytest.approx((-high, -low))


def test_the_interval_of_no_replication_apart_takes_in_nothing_and_something() -> None:
    low, high = paired_chance_interval(5, 0, 0, 5)
    assert low < 0 < high
    assert low == pytest.approx(-high)


def test_the_p_of_a_mean_difference_is_that_of_the_paired_t_test() -> None:
    differences = np.array([0.1, 0.3, -0.2, 0.4, np.nan, 0.25])
    known = differences[~np.isnan(differences)]
    assert paired_mean_p(differences) == pytest.approx(stats.ttest_1samp(known, 0).pvalue)


def test_few_replications_show_little_though_all_say_the_same() -> None:
    """The same difference twice is a coin that fell twice the same way."""
    assert paired_mean_p(np.array([3.0, 3.0])) == pytest.approx(0.5)
    assert paired_mean_p(np.array([3.0])) == 1.0
    assert paired_mean_p(np.zeros(9)) == 1.0
    assert paired_mean_p(np.array([np.nan, np.nan])) == 1.0


def test_of_those_not_told_apart_the_one_with_less_waiting_leads(today: Scenario) -> None:
    """Two futures in 100 more do not make an option the better one."""
    level = hits((50, True), (50, False))
    results = [
        result(today, "Today", hits((100, False)), {"late_child_weeks_in_plan": 9000}),
        result(today, "By two", hits((52, True), (48, False)), {"late_child_weeks_in_plan": 5000}),
        result(today, "Less waiting", level, {"late_child_weeks_in_plan": 4000, "cost": 9.0}),
        result(today, "Least by a hair", level, {"late_child_weeks_in_plan": 3990, "cost": 99.0}),
    ]
    found = stood(results).sort_values("place")
    assert found.index.tolist() == ["Less waiting", "Least by a hair", "By two", "Today"]
    assert found["with_the_best"].tolist() == [True, True, True, False]


def test_the_one_that_leads_is_the_same_with_10_and_with_100_replications(
    today: Scenario,
) -> None:
    """Three options with the same chance of one half, drawn again 8 times with 10 and with 100
    futures of which the services share the good and the bad ones."""
    leaders = {10: set(), 100: set()}
    for seed in range(8):
        rng = np.random.default_rng(seed)
        for n, found in leaders.items():
            future = rng.normal(size=n)

            def option(name: str, weeks: float, future=future, rng=rng, n=n) -> ScenarioResult:
                luck = future + 0.5 * rng.normal(size=n)
                late = weeks + 400 * future + 100 * rng.normal(size=n)
                share = np.where(luck > 0, MET, MISSED)
                return result(today, name, share, {"late_child_weeks_in_plan": late})

            late = 9000 + 400 * future
            none = np.full(n, MISSED)
            table = stood(
                [
                    result(today, "Today", none, {"late_child_weeks_in_plan": late}),
                    option("First", 6000),
                    option("Second", 5000),
                    option("Third", 7000),
                ]
            )
            found.add(table["place"].idxmin())
    assert leaders == {10: {"Second"}, 100: {"Second"}}


def test_twelve_futures_to_none_raise_the_chance_however_many_options_there_are(
    today: Scenario,
) -> None:
    """12 to 0 of 20 has the exact p 2 / 2^12 = 0.0005; 15 options are 15 questions asked of the
    baseline, and not the 120 pairs of 16 scenarios."""
    base = hits((1, True), (19, False))
    results = [result(today, "Today", base, {})]
    results.append(result(today, "More", hits((13, True), (7, False)), {}))
    results += [result(today, f"Idle {number}", base, {}) for number in range(14)]
    table, found = pairs(results), stood(results)
    assert table["chance_p_adjusted"].iloc[0] == pytest.approx(15 * 2 / 2**12)
    assert found["raises_chance"].sum() == 1
    assert found.loc["More", ["raises_chance", "place", "first_by"]].tolist() == [True, 1, "alone"]
    assert not found.loc["Today", "with_the_best"]


def test_no_option_leads_that_is_not_shown_to_raise_the_chance(today: Scenario) -> None:
    """One of 6 futures more than the baseline is not told from the best of 12 more; it leaves
    children waiting less, by an accident or not, and still does not go before it."""
    base = hits((1, True), (19, False))
    results = [
        result(today, "Today", base, {"late_child_weeks_in_plan": 9000.0}),
        result(today, "Six", hits((7, True), (13, False)), {"late_child_weeks_in_plan": 3000.0}),
        result(today, "Twelve", hits((13, True), (7, False)), {"late_child_weeks_in_plan": 4000.0}),
    ]
    idle = {"late_child_weeks_in_plan": 9000.0}
    results += [result(today, f"Idle {number}", base, idle) for number in range(13)]
    found = stood(results)
    assert found.loc["Six", "with_the_best"]
    assert found["place"].sort_values().index[:2].tolist() == ["Twelve", "Six"]


def test_waiting_that_is_not_told_apart_leads_to_the_cheaper_and_then_the_better(
    today: Scenario,
) -> None:
    """The least waiting by an accident is no reason to lead."""
    luck = np.tile([900.0, -900.0], 20)
    far = hits((40, False))
    late = {
        "Least": 5000 + luck,
        "Cheap": 5100 - luck,
        "Same cost": 5100 + np.repeat([900.0, -900.0], 20),
    }
    share = {"Least": (30, 10), "Cheap": (31, 9), "Same cost": (32, 8)}
    cost = {"Least": 100.0, "Cheap": 50.0, "Same cost": 51.0}
    results = [
        result(today, "Today", far, {"late_child_weeks_in_plan": 9000.0}),
        *(
            result(
                today,
                name,
                hits((share[name][0], True), (share[name][1], False)),
                {"late_child_weeks_in_plan": late[name], "cost": cost[name]},
            )
            for name in late
        ),
    ]
    found = stood(results)
    assert found["place"].sort_values().index.tolist() == ["Same cost", "Cheap", "Least", "Today"]
    assert found.loc["Same cost", "first_by"] == "chance"
    assert found["least_waiting"].to_dict() == {
        "Today": False,
        "Least": True,
        "Cheap": True,
        "Same cost": True,
    }


def test_one_in_100_of_the_baselines_waiting_is_the_same_to_a_family(today: Scenario) -> None:
    """Of the baseline's 9,000 weeks that is 90; one in 100 of the least, 4,000, would be 40."""
    level, cost = hits((50, True), (50, False)), {"Near": 9.0, "Far": 5.0, "Least": 99.0}
    late = {"Near": 4060.0, "Far": 4100.0, "Least": 4000.0}
    results = [result(today, "Today", hits((100, False)), {"late_child_weeks_in_plan": 9000.0})]
    results += [
        result(today, name, level, {"late_child_weeks_in_plan": late[name], "cost": cost[name]})
        for name in late
    ]
    assert stood(results)["least_waiting"].to_dict() == {
        "Today": False,
        "Near": True,
        "Far": False,
        "Least": True,
    }


def test_what_meets_other_futures_is_no_choice_and_has_no_place(
    today: Scenario, tmp_path: Path
) -> None:
    more = smallshire(
        tmp_path,
        '[demand.overlay.growth]\nname = "Growth"\nstep = 0.1\nstarts = 2025-01-01\n'
        'ramp_months = 6\nwho = "A planner"\ndecided = 2025-01-01\nwhy = "A test."\n',
    )
    results = [
        result(today, "Today", hits((10, True), (90, False)), {}),
        result(today, "People", hits((30, True), (70, False)), {}),
        result(more, "In a flood", hits((100, True)), {"overdue_cases_at_end": 60.0}),
    ]
    table, found = pairs(results), stood(results)
    assert len(table) == 1
    assert found["is_choice"].to_dict() == {"Today": True, "People": True, "In a flood": False}
    assert found["place"].fillna(0).to_dict() == {"Today": 2, "People": 1, "In a flood": 0}
    assert not found.loc["In a flood", ["with_the_best", "raises_chance", "more_overdue"]].any()


@pytest.mark.parametrize(("first", "second", "apart"), [(0.30, 0.45, 0.35), (0.05, 0.20, 0.17)])
def test_so_many_replications_tell_a_true_difference_four_times_in_five(
    first: float, second: float, apart: float
) -> None:
    """Of the stated number of replications, drawn 2,000 times with the true shares, McNemar's test
    finds the difference in 0.8, or somewhat less as it is exact and so takes care."""
    only_first = (apart - (second - first)) / 2
    only_second = only_first + second - first
    n = replications_to_tell(round(1e6 * only_first), round(1e6 * only_second), 1_000_000, 0.05)
    rng = np.random.default_rng(20261128)
    counts = rng.multinomial(int(n), [only_first, only_second, 1 - apart], size=2000)
    found = np.mean([paired_chance_p(int(b), int(c)) < 0.05 for b, c, _ in counts])
    assert 0.72 < found < 0.83
    assert np.isnan(replications_to_tell(4, 4, 20, 0.05))


def test_where_nothing_is_shown_to_help_the_baseline_leads(today: Scenario) -> None:
    late = [100.0, 120.0, 90.0, 110.0]
    noise = [101.0, 118.0, 91.0, 109.0]
    results = [
        result(today, "Today", hits((1, True), (3, False)), {"late_child_weeks_in_plan": late}),
        result(today, "Else", hits((2, True), (2, False)), {"late_child_weeks_in_plan": noise}),
    ]
    found = stood(results)
    assert found["place"].to_dict() == {"Today": 1, "Else": 2}
    assert found["with_the_best"].all()


def test_an_order_of_work_stands_apart_however_good_its_chance(
    today: Scenario, tmp_path: Path
) -> None:
    order = smallshire(
        tmp_path,
        '[[change]]\nwhat = "teams.plan writers.order"\nset = "newest"\n',
    )
    results = [
        result(today, "Today", hits((10, True), (90, False)), {}),
        result(today, "People first", hits((30, True), (70, False)), {}),
        result(order, "LIFO", hits((100, True)), {"overdue_cases_at_end": 60.0}),
    ]
    found = stood(results)
    assert found["order_only"].to_dict() == {"Today": False, "People first": False, "LIFO": True}
    assert found["place"].to_dict() == {"Today": 2, "People first": 1, "LIFO": 3}
    assert not found.loc["LIFO", "with_the_best"]
    assert found["more_overdue"].to_dict() == {"Today": False, "People first": False, "LIFO": True}


def test_more_overdue_cases_must_be_shown_in_the_same_futures(today: Scenario) -> None:
    """3 in 100 more on average, but less in two futures of five: not shown."""
    base = [100.0, 100.0, 100.0, 100.0, 100.0]
    mixed = [115.0, 90.0, 112.0, 88.0, 110.0]
    results = [
        result(today, "Today", hits((5, True)), {"overdue_cases_at_end": base}),
        result(today, "Mixed", hits((5, True)), {"overdue_cases_at_end": mixed}),
        result(
            today,
            "More",
            hits((5, True)),
            {"overdue_cases_at_end": [104.0, 105.0, 103.0, 104.0, 104.0]},
        ),
    ]
    assert stood(results)["more_overdue"].to_dict() == {
        "Today": False, "Mixed": False, "More": True,
    }  # fmt: skip


def test_more_overdue_cases_are_allowed_for_the_number_of_options(today: Scenario) -> None:
    """5 in 100 more with a p of 0.03: shown of one option, and not of one of two (Holm: 0.06)."""
    away = stats.norm.ppf(np.linspace(0.02, 0.98, 20))
    wanted = stats.t.isf(0.03 / 2, 19) / np.sqrt(20)
    more = 100 + 5 * (1 + away / (wanted * away.std(ddof=1)))
    met = hits((20, True))
    results = [
        result(today, "Today", met, {"overdue_cases_at_end": 100.0}),
        result(today, "More", met, {"overdue_cases_at_end": more}),
    ]
    assert pairs(results)["overdue_p"].tolist() == pytest.approx([0.03])
    assert stood(results).loc["More", "more_overdue"]
    other = result(today, "Other", met, {"overdue_cases_at_end": 100 + 5 * away})
    assert not stood([*results, other])["more_overdue"].any()


@pytest.mark.parametrize(
    ("change", "only"),
    [
        ('what = "teams.plan writers.order"\nset = "newest"\n', True),
        ('what = "teams.plan writers.reserved"\nset = { overdue = 0.5 }\n', True),
        ('what = "teams.plan writers.posts"\nadd = 2\n', False),
        ('what = "teams.plan writers.order"\nset = "due"\n', False),  # as it is anyway
    ],
)
def test_an_order_of_work_is_known_by_the_settings_that_it_changes(
    tmp_path: Path, change: str, only: bool
) -> None:
    scenario = smallshire(tmp_path, f"[[change]]\n{change}")
    assert changes_order_only(load(SMALL / "baseline.toml"), scenario) is only


def test_an_order_with_more_people_is_more_than_an_order(tmp_path: Path) -> None:
    both = (
        '[[change]]\nwhat = "teams.plan writers.order"\nset = "newest"\n'
        '[[change]]\nwhat = "teams.plan writers.posts"\nadd = 1\n'
    )
    base, scenario = load(SMALL / "baseline.toml"), smallshire(tmp_path, both)
    assert not changes_order_only(base, scenario)
    changed = {where[:3] for where in settings_changed(base, scenario)}
    assert changed == {("teams", "plan writers", "order"), ("teams", "plan writers", "posts")}


def test_a_scenario_beside_itself_changes_nothing() -> None:
    base = load(SMALL / "baseline.toml")
    assert settings_changed(base, load(SMALL / "baseline.toml")) == frozenset()
    assert not changes_order_only(base, base)


def test_who_saves_most_waiting_leads_by_it_whatever_the_chance(today: Scenario) -> None:
    """The one that lifts the chance saves less; of the two that save most, the cheaper leads."""
    results = [
        result(today, "Today", hits((100, False)), {"late_child_weeks_in_plan": 9000}),
        result(today, "Likely", hits((90, True), (10, False)), {"late_child_weeks_in_plan": 8000}),
        result(today, "Dear", hits((100, False)), {"late_child_weeks_in_plan": 3990, "cost": 99.0}),
        result(today, "Cheap", hits((100, False)), {"late_child_weeks_in_plan": 4000, "cost": 9.0}),
        result(today, "More", hits((100, False)), {"late_child_weeks_in_plan": 9500}),
    ]
    found = stood(results)
    order = found["waiting_place"].sort_values().index.tolist()
    assert order == ["Cheap", "Dear", "Likely", "Today", "More"]
    assert found.index[found["saves_waiting"]].tolist() == ["Likely", "Dear", "Cheap"]
    assert found.index[found["saves_most"]].tolist() == ["Dear", "Cheap"]
    assert found["place"].idxmin() == "Likely"


def test_a_saving_that_varies_much_does_not_lead_before_a_larger_one_for_less(
    today: Scenario,
) -> None:
    """It is not told apart from the largest saving, for it varies; that is no merit."""
    varies, level = 4400 + np.repeat([3000.0, -3000.0], 50), hits((100, False))
    found = stood(
        [
            result(today, "Today", level, {"late_child_weeks_in_plan": 5500, "cost": 0.0}),
            result(today, "Largest", level, {"late_child_weeks_in_plan": 4000, "cost": 99.0}),
            result(today, "Varies", level, {"late_child_weeks_in_plan": varies, "cost": 9.0}),
            result(today, "Steady", level, {"late_child_weeks_in_plan": 4200, "cost": 8.0}),
        ]
    )
    assert found.loc["Varies", "saves_most"]
    assert not found.loc["Steady", "saves_most"]  # shown to save less than the largest
    assert found.loc["Largest", "waiting_place"] < found.loc["Varies", "waiting_place"]


def test_who_is_not_shown_to_save_waiting_is_not_said_to(today: Scenario) -> None:
    """More in half of the futures and less in the others: no paired test shows a difference."""
    late = 9000 + np.tile([-900.0, 890.0], 10)
    results = [
        result(today, "Today", hits((20, False)), {"late_child_weeks_in_plan": 9000}),
        result(today, "By luck", hits((20, False)), {"late_child_weeks_in_plan": late}),
    ]
    found = stood(results)
    assert not found["saves_waiting"].any()
    assert not found["saves_most"].any()
    assert found["waiting_place"].tolist() == [2, 1]


def test_an_order_of_work_saves_no_waiting_whatever_it_does(tmp_path: Path) -> None:
    """What differs in its settings says so, not its name."""
    today = load(SMALL / "baseline.toml")
    order = smallshire(tmp_path, '[teams."plan writers"]\norder = "newest"\n')
    results = [
        result(today, "Today", hits((20, False)), {"late_child_weeks_in_plan": 9000}),
        result(order, "More writers", hits((20, True)), {"late_child_weeks_in_plan": 100}),
    ]
    row = stood(results).loc["More writers"]
    assert row["order_only"]
    assert not row["saves_waiting"]
    assert np.isnan(row["waiting_place"])
