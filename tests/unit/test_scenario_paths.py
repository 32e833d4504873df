"""Paths of settings, as changes name them."""

from __future__ import annotations

import pytest

from ehc_sim.scenario import load
from ehc_sim.scenario.paths import known_paths, split, spot_at
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("drafting.rework", ("drafting", "rework")),
        ("teams.plan writers.posts", ("teams", "plan writers", "posts")),
        (' teams . "St. Mary" . posts ', ("teams", "St. Mary", "posts")),
        ("requests.ages.3", ("requests", "ages", "3")),
        ("teams", ("teams",)),
        ("", None),
        ("teams.", None),
        ("teams..posts", None),
        ('teams."posts', None),
    ],
)
def test_split(path: str, parts: tuple[str, ...] | None) -> None:
    assert split(path) == parts


def test_every_known_path_can_be_named() -> None:
    scenario = load(SMALL / "baseline.toml")
    paths = scenario.paths()
    assert len(paths) == len(set(paths))
    assert "teams.educational psychologists.patches.North.posts" in paths
    assert "teams.plan writers.agency.turnaround.mean_days" in paths
    assert "advice.health.by_need.speech" in paths
    assert "teams.plan writers.agency.turnaround.key" not in paths
    for path in paths:
        parts = split(path)
        assert parts is not None
        assert spot_at(parts) is not None


def test_names_with_a_full_stop_are_quoted() -> None:
    assert 'teams."St. Mary".posts' in known_paths({"teams": {"St. Mary": {}}})


@pytest.mark.parametrize("where", [("teams", "x", "post"), ("nothing",), ("council", "name", "x")])
def test_paths_that_cannot_be(where: tuple[str, ...]) -> None:
    assert spot_at(where) is None
