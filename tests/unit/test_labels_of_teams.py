"""A council calls its teams as it likes wherever people read of them; the file keeps its keys."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from ehc_sim.experiment.study import Plan
from ehc_sim.jobs.results_folder import run
from ehc_sim.scenario import BadInput, load
from ehc_sim.scenario.labels import labels_of_teams
from tests.scenario_files import SMALL, smallshire, whole_service

pytestmark = pytest.mark.unit

KEYS = ("reviewing officers", "plan writers", "educational psychologists", "senior officers")
CALLED = {
    "reviewing officers": "SEND case coordinators",
    "educational psychologists": "EPS staff",
    "plan writers": "drafting pool",
}
LABELS = "".join(f'[teams."{key}"]\nlabel = "{label}"\n' for key, label in CALLED.items())
FEWER = """
[[change]]
what = "teams.reviewing officers.posts"
multiply = 0.5
from = 2025-01-01
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the whole service with labels and half its reviewing officers, by their key."""
    made = tmp_path_factory.mktemp("labels")
    today = whole_service(made, LABELS + FEWER)
    run([today], Plan(1), made / "out", lambda done, wanted: None)
    return made / "out"


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def test_no_key_is_in_a_table_or_on_a_page_where_there_is_a_label(folder: Path) -> None:
    """But in the paths of settings, which are those of the file."""
    read = [*folder.rglob("*.csv"), *folder.glob("charts/*.svg"), folder / "briefing.html"]
    read = [path for path in read if path.name != "assumptions.csv"]
    assert len(read) > 25
    for path in read:
        found = [key for key in CALLED if key in text_of(path)]
        assert found == [], path.name
    paths = pd.read_csv(folder / "assumptions.csv", encoding="utf-8-sig")["path"]
    assert "teams.plan writers.posts" in set(paths)


def test_the_label_is_in_every_table_and_on_the_page(folder: Path) -> None:
    tables = {path.stem: path for path in folder.glob("*.csv")}
    for name in ("teams", "hours", "officers", "lateness", "comparison", "unit_costs"):
        assert any(label in text_of(tables[name]) for label in CALLED.values()), name
    called = {*CALLED.values(), "senior officers"}
    for name in ("teams.csv", "hours.csv", "financial_years/hours.csv"):
        assert set(pd.read_csv(folder / name, encoding="utf-8-sig")["team"]) == called
    comparison = pd.read_csv(folder / "comparison.csv", encoding="utf-8-sig")
    assert comparison["officers"].tolist() == ["drafting pool; SEND case coordinators"]
    assert "SEND case coordinators" in comparison["overloaded"].iloc[0]
    page = text_of(folder / "briefing.html")
    assert all(label in page for label in CALLED.values())
    assert json.loads(text_of(folder / "manifest.json"))["teams"] == CALLED


def test_a_team_without_a_label_goes_by_its_key() -> None:
    called = labels_of_teams([load(SMALL / "whole_service.toml")])
    assert called == {key: key for key in called}
    assert set(called) == set(KEYS)


@pytest.mark.parametrize(
    ("label", "where"),
    [
        ('[teams."plan writers"]\nlabel = "Senior officers"\n', "teams.plan writers.label"),
        (
            '[teams."plan writers"]\nlabel = "The team"\n'
            '[teams."senior officers"]\nlabel = "The team"\n',
            "teams.senior officers.label",
        ),
        ('[teams."senior officers"]\nlabel = "plan writers"\n', "teams.senior officers.label"),
    ],
)
def test_two_teams_that_would_be_called_the_same_are_refused(
    tmp_path: Path, label: str, where: str
) -> None:
    with pytest.raises(BadInput) as caught:
        smallshire(tmp_path, label)
    (line,) = str(caught.value).splitlines()
    assert where in line
    assert "which is what two teams are then called" in line


def test_teams_may_change_names_with_one_another(tmp_path: Path) -> None:
    text = (
        '[teams."plan writers"]\nlabel = "senior officers"\n'
        '[teams."senior officers"]\nlabel = "plan writers"\n'
    )
    called = labels_of_teams([smallshire(tmp_path, text)])
    assert called["plan writers"] == "senior officers"
    assert called["senior officers"] == "plan writers"
