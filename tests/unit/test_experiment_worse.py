"""Which options are shown to do worse, and by what: as numbers, from tables written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ehc_sim.catalogue.tables import MEASURES
from ehc_sim.experiment.compare import compare
from ehc_sim.experiment.pairs import pairs
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.worse import looked_at, worse
from ehc_sim.scenario import Scenario, load
from ehc_sim.tables import Table
from tests.scenario_files import SMALL
from tests.stacks import rows_of

pytestmark = pytest.mark.unit

FUTURES = 20
WIDE = np.linspace(0.0, 100.0, FUTURES)
"""What the futures have in common: far more than any option changes."""
NOISE = np.where(np.arange(FUTURES) % 2, 30.0, -30.0)
TOTALS = [row.name for row in MEASURES["totals"] if row.name != "on_time"]
Values = Mapping[str, object]


@pytest.fixture(scope="module")
def today() -> Scenario:
    """A target of 60% in 2026, and a plan from 2025."""
    return load(SMALL / "baseline.toml")


def table(keys: Sequence[str], rows: Mapping[tuple[object, ...], Values]) -> Table:
    """Return a table of which each row has measures, each with a value or one a future."""
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    values = np.zeros((FUTURES, len(rows), len(columns)))
    for place, row in enumerate(rows.values()):
        for name, value in row.items():
            values[:, place, columns.index(name)] = value
    index = pd.MultiIndex.from_tuples(list(rows), names=list(keys))
    if len(keys) == 1:
        index = index.get_level_values(0)
    return Table(rows_of(index), tuple(columns), values)


def option(scenario: Scenario, name: str, on_time: object = 0.7, **made: object) -> ScenarioResult:
    """Return a scenario of two teams, of which some measures are put in the place of others."""

    def of(key: str, otherwise: object) -> object:
        return made.get(key, otherwise)

    months = pd.date_range("2025-01-01", "2026-12-01", freq="MS")
    weeks = ("weeks_to_decision", "weeks_of_assessment", "weeks_to_draft", "weeks_draft_to_final")
    yearly = {one: of(one, 50 + WIDE) for one in weeks} | {"plans_issued": of("issued", 100.0)}
    late = {"late_plans": of("late", 40.0)}
    teams = {
        (month, team): {
            "offered_hours": of(f"{team} offered", 60.0),
            "capacity_hours": 100.0,
            "queue": of(f"{team} queue", 20.0),
        }
        for month in months
        for team in ("officers", "writers")
    }
    hours = {
        (2026, team, kind): {"hours": of(f"{team} {kind}", 50.0)}
        for team in ("officers", "writers")
        for kind in ("assessments", "annual reviews")
    }
    parts = {
        (2026, step, part): {**late, "days_a_late_plan": of(f"{step}: {part}", 10.0)}
        for step in ("all", "Draft plan", "Draft to final plan")
        for part in ("all", "officers", "placement")
    }
    shares = {"on_time": on_time} | {one: of(one, 0.0) for one in TOTALS}
    monthly = {(month,): {"issued_on_time_12m": 0.5} for month in months}
    tables = {
        "totals": table(["of"], {("all",): shares}),
        "monthly": table(["month"], monthly),
        "yearly": table(["year", "by", "group"], {(2026, "all", "all"): yearly}),
        "plans": table(["year"], {(2025,): {"at_start": of("stock", 1000.0)}}),
        "teams": table(["month", "team"], teams),
        "hours": table(["year", "team", "kind"], hours),
        "lateness": table(["year", "step", "part"], parts),
    }
    return ScenarioResult(replace(scenario, name=name), tables)


def found(*results: ScenarioResult) -> pd.DataFrame:
    return worse(results, compare(results), pairs(results))


def told(*results: ScenarioResult) -> list[tuple[str, str, str]]:
    return list(found(*results)[["cause", "of", "name"]].itertuples(index=False, name=None))


def met(count: int) -> np.ndarray:
    """Return shares on time that reach the target in the first so many futures."""
    return np.where(np.arange(FUTURES) < count, 0.9, 0.1)


def test_an_option_is_worse_by_the_paired_test_of_its_chance(today: Scenario) -> None:
    """12 futures to 6: exact p of 6 to 0 is 1/32; 12 to 7 is 5 to 0, p = 1/16."""
    shown = told(option(today, "Today", met(12)), option(today, "Less", met(6)))
    assert shown == [("chance", "", "")]
    shown = told(option(today, "Today", met(12)), option(today, "Less", 0.35 + met(7) * 0.5))
    assert [cause for cause, *_ in shown] == ["not told apart"]


def test_the_share_on_time_is_allowed_for_the_number_of_options(today: Scenario) -> None:
    """A p of 0.03 is shown of one option, and not of one of two (Holm: 0.06)."""
    away = stats.norm.ppf(np.linspace(0.02, 0.98, FUTURES))
    wanted = stats.t.ppf(0.03 / 2, FUTURES - 1) / np.sqrt(FUTURES)
    lower = 0.3 + 0.01 * (away + wanted * away.std(ddof=1))
    results = [option(today, "Today", 0.3), option(today, "Less", lower)]
    (p,) = found(*results)["p_adjusted"]
    assert p == pytest.approx(0.03)
    assert told(*results, option(today, "Other", 0.3 + 0.01 * away)) == []


def test_a_cause_is_judged_by_its_difference_in_the_same_futures(today: Scenario) -> None:
    """Three weeks more in every future are shown, though a future differs from the next by many
    more; ten weeks more on average that are thirty more or thirty less are not."""
    base = option(today, "Today", met(12))
    less = met(2)
    surely = option(today, "Less", less, weeks_to_draft=53 + WIDE)
    assert told(base, surely) == [("chance", "", ""), ("step", "", "weeks_to_draft")]
    (row,) = found(base, surely).iloc[1:].to_dict("records")
    assert row["value"] == pytest.approx(7 * (53 + 50))
    assert row["against_value"] == pytest.approx(7 * (50 + 50))
    assert (row["difference"], row["year"]) == (pytest.approx(21.0), 2026)
    perhaps = option(today, "Less", less, weeks_to_draft=60 + WIDE + NOISE)
    assert told(base, perhaps) == [("chance", "", "")]


def test_causes_of_one_kind_are_allowed_for_together(today: Scenario) -> None:
    """One of four steps: Holm multiplies its p by four."""
    gain = 2.0 + NOISE / 10
    base = option(today, "Today")
    looked = looked_at(option(today, "Less", weeks_to_draft=50 + WIDE + gain), base)
    step = looked[(looked["cause"] == "step") & (looked["name"] == "weeks_to_draft")]
    plain = stats.ttest_1samp(7 * gain, 0.0).pvalue
    assert step["p_adjusted"].iloc[0] == pytest.approx(4 * plain)


def test_what_is_too_small_to_matter_is_no_cause(today: Scenario) -> None:
    """A day and a half of a step, however sure it is."""
    base, less = option(today, "Today", met(12)), met(2)
    small = 50 + WIDE + 1.5 / 7
    assert told(base, option(today, "Less", less, weeks_to_draft=small)) == [("chance", "", "")]


def test_the_team_that_cases_wait_for_is_followed(today: Scenario) -> None:
    """The step, its team, what takes the team's hours, what there is for them, what waits; and a
    team that has too much work only with the option."""
    base = option(today, "Today", met(12))
    less = option(
        today,
        "Less",
        met(2),
        **{
            "weeks_draft_to_final": 60 + WIDE,
            "Draft to final plan: officers": 25.0,
            "Draft plan: placement": 90.0,
            "officers annual reviews": 150.0,
            "officers offered": 95.0,
            "officers queue": 44.0,
            "writers queue": 900.0,
            "writers offered": 120.0,
            "stock": 1400.0,
            "issued": 110.0,
            "late": 50.0,
        },
    )
    assert told(base, less) == [
        ("chance", "", ""),
        ("plans at the start", "", ""),
        ("step", "", "weeks_draft_to_final"),
        ("waits for team", "Draft to final plan", "officers"),
        ("more work", "officers", "all work on plans"),
        ("less work", "officers", "all assessments"),
        ("load", "officers", ""),
        ("queue", "officers", ""),
        ("plans issued", "", ""),
        ("late plans", "", ""),
        ("overloaded", "writers", ""),
    ]
    values = found(base, less).set_index(["cause", "of"])["value"]
    assert values["more work", "officers"] == pytest.approx(0.75)
    assert values["load", "officers"] == pytest.approx(0.95)


@pytest.mark.parametrize(("with_stock", "against"), [(2, "Money"), (9, "Today")])
def test_a_larger_stock_is_held_against_the_same_money(
    today: Scenario, with_stock: int, against: str
) -> None:
    """Where that is shown to do better: 16 to 2 futures, and not 16 to 13 (3 to 0, p 0.25)."""
    results = [
        option(today, "Today", met(16)),
        option(today, "Money", met(14 if against == "Today" else 16), cost=1000.0),
        option(today, "Stock", met(with_stock), cost=1010.0, stock=2000.0),
    ]
    table = found(*results)
    held = table.loc[table["scenario"] == "Stock", "against"].unique().tolist()
    assert held == [against]
