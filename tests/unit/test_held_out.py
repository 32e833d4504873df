"""A forecast of past years is made from what was known then, and held against what came."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.catalogue.held_out import AS_THEY_CAME, UNKNOWN
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.held_out import Foretold, foretell, held_out, how_many_held
from ehc_sim.experiment.published import Published
from ehc_sim.present import backcast_page, backcast_words
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.as_known import as_known
from tests.scenario_files import change, smallshire
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

REFUSED = "decision_to_assess.refused"
POSTS = "teams.plan writers.posts"
LATER = (
    change(REFUSED, "set = 0.3", "from = 2023-06-01")
    + change(REFUSED, "set = 0.4", "from = 2024-01-01")
    + change(POSTS, "add = 1", "from = 2024-01-01")
    + change(POSTS, "add = 2")
    + change(POSTS, "add = 3", "from = 2023-03-01", "until = 2025-12-31")
)


def figure(year: int, measure: str, value: float, by: str = "all") -> Published:
    group = "all" if by == "all" else "3"
    return Published(year, measure, by, group, value, "10%", True, "Invented")


def made(given: str = UNKNOWN, **samples: list[float]) -> Foretold:
    """Return a forecast of 2024 and 2025 of which each replication says one of the numbers."""
    index = pd.MultiIndex.from_product(
        [[2024, 2025], ["all"], ["all"]], names=["year", "by", "group"]
    )
    runs = zip(*samples.values(), strict=True)
    frames = [pd.DataFrame(dict(zip(samples, one, strict=True)), index=index) for one in runs]
    return Foretold(2023, given, {"yearly": stack_of(frames)})


def refused(scenario: Scenario) -> list[float]:
    return [float(one.decision_to_assess.refused) for _, one in scenario.periods]


def test_what_came_after_the_year_is_not_in_its_forecast(tmp_path: Path) -> None:
    known = as_known(smallshire(tmp_path, LATER), 2023, 2024)
    assert refused(known)[-1] == 0.3
    assert [one.what for one in known.changes] == [REFUSED, POSTS]
    assert known.base.period.plan_from.isoformat() == "2024-01-01"
    assert known.base.period.plan_until.isoformat() == "2024-12-31"


def test_flows_come_as_they_came_and_nothing_else_does(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path, LATER)
    known = as_known(scenario, 2023, 2024, flows_of=scenario)
    assert refused(known)[-1] == 0.4
    assert float(known.on(known.base.period.plan_until).teams["plan writers"].posts) == 5.5


def test_members_found_by_later_figures_are_not_known(tmp_path: Path) -> None:
    header = f"member,explanation,weight,{POSTS} from 2023-01-01\n"
    (tmp_path / "members.csv").write_text(f"{header}1,one queue,1,9\n", encoding="utf-8")
    scenario = smallshire(tmp_path, '[explanations]\nmembers = "members.csv"\n')
    known = as_known(scenario, 2023, 2024)
    assert scenario.members is not None
    assert known.members is None
    assert known.with_members(scenario.members).members == scenario.members
    assert float(known.base.teams["plan writers"].posts) == 2.5


def test_a_change_of_the_last_year_ends_with_the_run(tmp_path: Path) -> None:
    known = as_known(smallshire(tmp_path, LATER), 2023, 2024)
    assert [one.until for one in known.changes] == [None, None]


def test_the_run_must_have_begun(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="run_in_from: found 2023-01-01, allowed is a day of 2022"):
        as_known(smallshire(tmp_path), 2022, 2024)


def test_later_requests_are_known_or_not(tmp_path: Path) -> None:
    """The record of 2024 is what all replications have; not known, they differ, but not in 2023."""
    scenario = smallshire(tmp_path)
    known = as_known(scenario, 2023, 2024)
    counts = dict(
        zip(history_of(scenario).index.astype(str), history_of(scenario).counts, strict=True)
    )
    told, not_told = (
        foretell(known, 2023, given, 3, seed=1, processes=1, only=("yearly",))
        for given in (AS_THEY_CAME, UNKNOWN)
    )
    for one in (told, not_told):
        assert set(one.sample(2023, "requests")) == {counts["2023"]}
    assert set(told.sample(2024, "requests")) == {counts["2024"]}
    assert len(set(not_told.sample(2024, "requests"))) > 1


def test_what_was_published_stands_beside_what_was_foretold() -> None:
    """0.3, 0.4, ..., 0.7: the middle is 0.5, and a tenth lies below 0.34 and above 0.66."""
    forecast = made(issued_on_time=[0.3, 0.4, 0.5, 0.6, 0.7], completed=[np.nan] * 5)
    figures = [
        *(figure(2022, "issued_on_time", 0.1), figure(2023, "issued_on_time", 0.2)),
        *(figure(2024, "issued_on_time", 0.65), figure(2025, "issued_on_time", 0.68)),
        *(figure(2024, "issued_on_time", 0.5, by="age"), figure(2024, "completed", 100)),
        figure(2026, "issued_on_time", 0.5),
    ]
    found = held_out([forecast], figures)
    assert found["year"].tolist() == [2024, 2025]
    assert found["median"].tolist() == pytest.approx([0.5, 0.5])
    assert found["low80"].tolist() == pytest.approx([0.34, 0.34])
    assert found["high80"].tolist() == pytest.approx([0.66, 0.66])
    assert found["inside"].tolist() == [True, False]
    assert found["inside95"].tolist() == [True, True]
    assert found["last_year"].tolist() == [0.2, 0.65]
    assert found["last_known"].tolist() == [0.2, 0.2]


@pytest.mark.parametrize(("inside", "narrow"), [(5, True), (6, False), (0, True)])
def test_ranges_are_too_narrow_where_chance_would_not_do_it(inside: int, narrow: bool) -> None:
    """Of ten honest ranges five or fewer hold in 3.3 of 100 cases, and six or fewer in 12.1."""
    rows = {"requests": UNKNOWN, "measure": "completed", "inside": np.arange(10) < inside}
    held = how_many_held(pd.DataFrame(rows))
    assert (held.held, held.of, held.expected) == (inside, 10, 8)
    assert held.too_narrow is narrow


@pytest.mark.parametrize(
    ("values", "held", "said"),
    [
        ([0.6, 0.6, 0.6, 0.6], 4, "never the middle alone"),
        ([0.1, 0.1, 0.1, 0.1], 0, "take no single percentage or date from it"),
    ],
)
def test_the_page_says_in_a_sentence_how_far_to_trust_it(
    values: list[float], held: int, said: str
) -> None:
    forecast = made(
        issued_on_time=[0.3, 0.4, 0.5, 0.6, 0.7], issued_over_52_weeks=[0.3, 0.4, 0.5, 0.6, 0.7]
    )
    first, second, third, fourth = values
    figures = [
        *(figure(2023, "issued_on_time", 0.2), figure(2024, "issued_on_time", first)),
        *(figure(2025, "issued_on_time", second), figure(2024, "issued_over_52_weeks", third)),
        figure(2025, "issued_over_52_weeks", fourth),
    ]
    table = held_out([forecast], figures)
    found = how_many_held(table)
    assert (found.held, found.of) == (held, 4)
    sentence = backcast_words.trust(table, found)
    assert sentence.endswith(f"{said}.")
    assert "held four of four" in sentence or held == 0
    assert "32 points wide in 2024" in sentence
    (line, _) = backcast_words.sentences(table)
    off = 10 if held else 40
    assert f"so its middle was {off} points out, and “as last known”" in line
    about = {"name": "Smallshire", "known": "2023", "version": "1", "seed": "1", "members": "64",
             "replications": "5", "created": "2026-01-05T09:00:00"}  # fmt: skip
    assert f"{said}." in backcast_page.render(table, found, about)


def test_nothing_published_since_is_said() -> None:
    table = held_out([made(issued_on_time=[0.3, 0.4])], [figure(2023, "issued_on_time", 0.2)])
    said = backcast_words.trust(table, how_many_held(table))
    assert "nothing that was published since" in said
