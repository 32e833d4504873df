"""What options do under each explanation of the past, from replications written by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import ehc_sim as ehc
from ehc_sim.catalogue.tables import MEASURES, names
from ehc_sim.experiment.chance import chance_interval, mean_interval
from ehc_sim.experiment.clear_by import clear_by
from ehc_sim.experiment.explanations import explanations, with_explanations
from ehc_sim.experiment.flat_requests import flat_requests
from ehc_sim.experiment.scenario_result import MEMBER, PLACE, ScenarioResult
from ehc_sim.scenario import Members, Scenario, load
from ehc_sim.tables import Rows, Table
from tests.members import write_council
from tests.scenario_files import SMALL
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

QUEUE, AREAS, FEW = "one queue", "uneven areas", "hardly any"
MET, MISSED = 0.7, 0.5
"""Shares on time on either side of the target, 0.6."""
FLAGS = {"is_choice": True, "order_only": False, "other_children": False, "changes_order": False}


@pytest.fixture(scope="module")
def today() -> Scenario:
    return load(SMALL / "baseline.toml")


def of_ways(scenario: Scenario, *ways: str) -> Scenario:
    """Return a scenario of which each explanation has two members, as likely as one another."""
    names_ = tuple(f"{way} {number}" for way in ways for number in (1, 2))
    said = tuple(way for way in ways for _ in range(2))
    numbers = np.linspace(2.0, 3.0, len(said))[:, np.newaxis]
    weights = (1.0,) * len(said)
    return scenario.with_members(
        Members(names_, said, weights, ("teams.plan writers.posts",), numbers)
    )


def made(
    scenario: Scenario,
    members: Sequence[int],
    name: str,
    on_time: Sequence[float],
    waiting: Sequence[float] | None = None,
    cost: float = 0.0,
) -> ScenarioResult:
    """Return the result of replications that follow members."""
    waiting = [1000.0] * len(on_time) if waiting is None else waiting
    told = {MEMBER: members, "on_time": on_time, "late_child_weeks_in_plan": waiting, "cost": cost}
    columns = (*(row.name for row in MEASURES["totals"] if row.name != PLACE), MEMBER)
    values = np.zeros((len(members), 1, len(columns)))
    for column, numbers in told.items():
        values[:, 0, columns.index(column)] = numbers
    totals = Table(Rows((None,), (([0],),)), columns, values)
    return ScenarioResult(replace(scenario, name=name), {"totals": totals})


def compared(results: Sequence[ScenarioResult]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the table of the explanations, and the comparison with what it says of each."""
    comparison = pd.DataFrame(
        [{"scenario": r.scenario.name, "chance": r.chance.value, **FLAGS} for r in results]
    )
    table = explanations(results, comparison)
    return table, with_explanations(comparison, table, results).set_index("scenario")


def hits(count: int, of: int) -> list[float]:
    return [MET] * count + [MISSED] * (of - count)


@pytest.fixture(scope="module")
def both(today: Scenario) -> Scenario:
    return of_ways(today, QUEUE, AREAS)


TWENTY_EACH = [0, 1] * 10 + [2, 3] * 10


def test_a_chance_by_explanation_is_that_of_the_replications_that_follow_it(
    both: Scenario,
) -> None:
    result = made(both, TWENTY_EACH, "Today", hits(5, 20) + hits(15, 20))
    table, row = compared([result])
    assert table["explanation"].tolist() == [QUEUE, AREAS]
    assert table["weight"].tolist() == [0.5, 0.5]
    assert table["members"].tolist() == [2, 2]
    assert table["replications"].tolist() == [20, 20]
    assert table["chance"].tolist() == [0.25, 0.75]
    low, high = chance_interval(np.arange(20) < 5)
    assert table[["chance_low", "chance_high"]].iloc[0].tolist() == pytest.approx([low, high])
    assert row.loc["Today", "chance"] == 0.5
    assert row.loc["Today", ["explanations", "chance_lowest", "chance_highest"]].tolist() == [
        *(2, 0.25, 0.75)
    ]


def test_the_weight_of_an_explanation_is_that_of_its_members(today: Scenario) -> None:
    members = Members(
        ("a", "b", "c"),
        (AREAS, QUEUE, AREAS),
        (1.0, 3.0, 1.0),
        ("teams.plan writers.posts",),
        np.array([[2.0], [2.5], [3.0]]),
    )
    table, _ = compared([made(today.with_members(members), [0, 1] * 10, "Today", hits(5, 20))])
    assert dict(zip(table["explanation"], table["weight"], strict=True)) == {AREAS: 0.4, QUEUE: 0.6}
    assert dict(zip(table["explanation"], table["members"], strict=True)) == {AREAS: 2, QUEUE: 1}


def test_when_the_backlog_is_clear_has_its_range_too(both: Scenario) -> None:
    """Under one explanation it is clear in 5 of 20 futures, under the other in 15."""
    months = pd.date_range("2023-01-01", "2026-12-01", freq="MS")
    oldest = [40.0] * 5 + [60.0] * 15 + [40.0] * 15 + [60.0] * 5
    stack = stack_of([pd.DataFrame({"oldest_weeks": weeks}, index=months) for weeks in oldest])
    result = made(both, TWENTY_EACH, "Today", hits(20, 40))
    result = replace(result, tables={**result.tables, "monthly": stack})
    row = clear_by([result]).set_index("weeks").loc[52]
    assert row[["chance", "chance_lowest", "chance_highest"]].tolist() == [0.5, 0.25, 0.75]


def test_the_futures_with_flat_requests_have_their_range_too(both: Scenario) -> None:
    """Of each explanation the first 12 futures have 100 requests a month, the others 200."""
    months = pd.date_range("2023-01-01", "2026-12-01", freq="MS")
    requests = ([100.0] * 12 + [200.0] * 8) * 2
    stack = stack_of([pd.DataFrame({"requests": each}, index=months) for each in requests])
    result = made(both, TWENTY_EACH, "Today", hits(3, 20) + hits(9, 20))
    result = replace(result, tables={**result.tables, "monthly": stack})
    row = flat_requests([result], 1200.0).iloc[0]
    assert row[["futures", "chance", "chance_lowest", "chance_highest"]].tolist() == [
        *(24, 0.5, 0.25, 0.75)
    ]


def test_members_out_of_order_are_put_to_their_explanation(both: Scenario) -> None:
    """The replications of an explanation need not follow one another."""
    result = made(both, [3, 0, 2, 1] * 10, "Today", [MET, MISSED, MET, MET] * 10)
    table, _ = compared([result])
    assert table["chance"].tolist() == [0.5, 1.0]


def test_with_few_replications_an_explanation_says_nothing(today: Scenario) -> None:
    """Seven follow the last one, so neither its chance nor what an option does is known."""
    scenario = of_ways(today, QUEUE, FEW)
    members = [0] * 33 + [2] * 7
    base = made(scenario, members, "Today", hits(20, 40))
    more = made(scenario, members, "More", hits(30, 40), np.linspace(900, 940, 40).tolist())
    table, row = compared([base, more])
    assert row["chance_lowest"].isna().all()
    assert row["level"].tolist() == ["", ""]
    assert row.loc["More", ["saving_holds", "on_time_holds"]].tolist() == ["not known"] * 2
    last = table[table["explanation"] == FEW]
    assert set(last["saving_effect"]) == {"not known"}
    assert last["chance"].notna().all()


def test_an_explanation_that_no_replication_follows_has_a_row_without_numbers(
    today: Scenario,
) -> None:
    table, row = compared([made(of_ways(today, QUEUE, FEW), [0] * 12, "Today", hits(6, 12))])
    assert table["replications"].tolist() == [12, 0]
    assert np.isnan(table["chance"].iloc[1])
    assert not table["saves_most"].any()
    assert np.isnan(row.loc["Today", "chance_lowest"])


SAVED, ADDED, NEAR, UNSURE = (-200.0, -180.0), (150.0, 190.0), (-4.0, 4.0), (-300.0, 280.0)
"""Two differences in waiting that take turns: less, more, less than 1 in 100 of 1,000 weeks
either way, and an interval that takes in both."""


@pytest.mark.parametrize(
    ("under_queue", "under_areas", "verdict"),
    [
        (SAVED, SAVED, "holds"),
        (ADDED, ADDED, "holds"),
        (NEAR, NEAR, "holds"),
        (SAVED, ADDED, "turns"),
        (SAVED, NEAR, "turns"),
        (NEAR, ADDED, "turns"),
        (SAVED, UNSURE, "not known"),
        (UNSURE, UNSURE, "not known"),
        ((-2.0, -16.0), NEAR, "not known"),  # less, but not by its whole interval what matters
    ],
)
def test_what_an_option_does_holds_or_turns(
    both: Scenario,
    under_queue: tuple[float, float],
    under_areas: tuple[float, float],
    verdict: str,
) -> None:
    waiting = [1000 + one for pair in (under_queue, under_areas) for one in pair * 10]
    base = made(both, TWENTY_EACH, "Today", hits(20, 40))
    option = made(both, TWENTY_EACH, "Option", hits(20, 40), waiting)
    table, row = compared([base, option])
    assert row.loc["Option", "saving_holds"] == verdict
    assert row.loc["Option", "on_time_holds"] == "holds"  # no difference under either
    assert row.loc["Today", "saving_holds"] == ""
    saved = table[table["scenario"] == "Option"].iloc[0]
    expected = mean_interval(-np.array(under_queue * 10))
    found = saved[[f"late_child_weeks_saved{end}" for end in ("", "_low", "_high")]]
    assert found.tolist() == pytest.approx(list(expected))


def test_an_option_that_lifts_the_share_under_one_and_lowers_it_under_another_turns(
    both: Scenario,
) -> None:
    base = made(both, TWENTY_EACH, "Today", [0.5, 0.52] * 20)
    pooled = made(both, TWENTY_EACH, "Pooled", [0.56, 0.57] * 10 + [0.44, 0.47] * 10)
    table, row = compared([base, pooled])
    assert row.loc["Pooled", "on_time_holds"] == "turns"
    effects = table.loc[table["scenario"] == "Pooled", "on_time_effect"]
    assert effects.tolist() == ["more", "less"]


@pytest.mark.parametrize(
    ("today_hits", "option_hits", "level"),
    [
        ((2, 18), (4, 20), "not known"),  # 80 points between explanations, 10 between options
        ((0, 0), (12, 20), "known"),  # 40 between explanations, 80 between the options
        (
            (9, 11),
            (9, 12),
            "not shown to differ",
        ),  # 15 points of twenty futures each: that may be accident
    ],
)
def test_the_level_is_not_known_where_explanations_disagree_more_than_options(
    both: Scenario, today_hits: tuple[int, int], option_hits: tuple[int, int], level: str
) -> None:
    results = [
        made(both, TWENTY_EACH, name, [one for count in of_each for one in hits(count, 20)])
        for name, of_each in (("Today", today_hits), ("Option", option_hits))
    ]
    assert compared(results)[1].loc["Option", "level"] == level


def test_which_option_saves_most_is_told_by_explanation(both: Scenario) -> None:
    """The one that is worth most under the one explanation is worth least under the other."""
    some, many = [880.0, 900.0] * 10, [480.0, 500.0] * 10
    base = made(both, TWENTY_EACH, "Today", hits(20, 40))
    writers = made(both, TWENTY_EACH, "Writers", hits(20, 40), some + many, cost=10.0)
    panel = made(both, TWENTY_EACH, "Panel", hits(20, 40), many + some, cost=20.0)
    table, row = compared([base, writers, panel])
    most = table[table["saves_most"].astype(bool)]
    assert dict(zip(most["explanation"], most["scenario"], strict=True)) == {
        QUEUE: "Panel",
        AREAS: "Writers",
    }
    assert row["saving_holds"].tolist() == ["", "holds", "holds"]


def test_of_a_single_explanation_nothing_is_said_to_hold(today: Scenario) -> None:
    scenario = of_ways(today, QUEUE)
    results = [
        made(scenario, [0, 1] * 10, name, hits(count, 20))
        for name, count in (("Today", 4), ("More", 16))
    ]
    table, row = compared(results)
    assert table["members"].tolist() == [2, 2]
    assert row["explanations"].tolist() == [1, 1]
    assert row["level"].tolist() == row["on_time_holds"].tolist() == ["", ""]


def test_without_explanations_the_comparison_is_as_it_was(today: Scenario) -> None:
    result = made(today, [0] * 12, "Today", hits(6, 12))
    table, row = compared([result])
    assert table.empty
    assert tuple(table.columns) == tuple(names("explanations"))
    assert tuple(row.reset_index().columns) == ("scenario", "chance", *FLAGS)


def test_a_study_with_members_has_the_table(tmp_path: Path) -> None:
    """Of four replications too few follow each for a range; the chances are those of the runs."""
    change = '[[change]]\nwhat = "teams.plan writers.posts"\nadd = 1\nfrom = 2025-09-01\n'
    write_council(tmp_path, options={"option": change})
    files = [tmp_path / name for name in ("baseline.toml", "option.toml")]
    found = ehc.simulate(files, replications=4, processes=1)
    table = found.explanations()
    runs = found.replication_table().pivot_table("value", ["scenario", "replication"], "measure")
    ways = found.scenarios[0].scenario.members.explanations
    for row in table.itertuples():
        own = runs.loc[row.scenario]
        own = own[[ways[int(member)] == row.explanation for member in own[MEMBER]]]
        assert row.replications == len(own)
        if len(own):
            assert row.on_time == pytest.approx(own["on_time"].median())
    assert table["replications"].sum() == 8
    assert found.summary()["chance_lowest"].isna().all()
