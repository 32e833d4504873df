"""What belongs to one council is asked for again where another extends its file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import ehc_sim as ehc
from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.marked import all_spots, of_a_council
from ehc_sim.scenario.tree import dotted
from tests.scenario_files import SMALL, change, whole_service

pytestmark = pytest.mark.unit

ASKED = {
    "demand.history",
    "requests.areas",
    "decision_to_assess.refused",
    "plans.in_hand",
    "plans.moved_in_a_year",
    "teams.educational psychologists.patches",
    "teams.plan writers.posts",
    "teams.senior officers.posts",
    "teams.reviewing officers.posts",
}
OTHER = '[council]\nname = "Bath"\n'
ALL = (
    'takes_over = ["demand", "requests", "decision_to_assess.refused", "plans", "teams", '
    '"council"]\n'
)


def asked(folder: Path, text: str) -> dict[str, str]:
    """Return the settings that are asked for again, and what is said of each."""
    with pytest.raises(BadInput) as bad:
        whole_service(folder, text)
    return {fault.where: str(fault) for fault in bad.value.faults}


@pytest.mark.parametrize(
    "text", [OTHER, change("council.name", 'set = "Bath"')], ids=["table", "change"]
)
def test_all_that_belongs_to_a_council_is_asked_for_again(tmp_path: Path, text: str) -> None:
    found = asked(tmp_path, text)
    assert found.keys() == ASKED
    said = found["requests.areas"]
    assert said.startswith(f"{tmp_path / 'another.toml'}:")
    assert f"{tmp_path / 'baseline.toml'}:" in said
    assert "says of Smallshire, allowed is that of Bath" in said
    assert 'takes_over = ["requests.areas"]' in said


def test_what_is_given_is_not_asked_for(tmp_path: Path) -> None:
    shutil.copy(SMALL / "history.csv", tmp_path / "bath.csv")
    given = (
        '[demand]\nhistory = "bath.csv"\n[requests.areas]\nNorth = 0.5\nSouth = 0.5\n'
        '[teams."plan writers"]\nposts = 4\n'
    )
    left = asked(tmp_path, OTHER + given).keys()
    assert left == ASKED - {"demand.history", "requests.areas", "teams.plan writers.posts"}


def test_a_part_of_it_is_not_enough(tmp_path: Path) -> None:
    assert "requests.areas" in asked(tmp_path, OTHER + "[requests.areas]\nNorth = 0.6\n")


def test_figures_on_a_later_date_are_another_councils_too(tmp_path: Path) -> None:
    whole_service(tmp_path)
    dated = change("decision_to_assess.refused", "set = 0.4", "from = 2024-01-01")
    with (tmp_path / "baseline.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + dated)
    text = (tmp_path / "another.toml").read_text(encoding="utf-8")
    text = text + OTHER + "[decision_to_assess]\nrefused = 0.3\n"
    (tmp_path / "another.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"decision_to_assess\.refused: found what"):
        load(tmp_path / "another.toml")
    left_out = 'leaves_out = ["decision_to_assess.refused"]\n' + ALL
    (tmp_path / "another.toml").write_text(left_out + text, encoding="utf-8")
    other = load(tmp_path / "another.toml")
    assert [float(one.decision_to_assess.refused) for _, one in other.periods] == [0.3]
    assert not other.changes


@pytest.mark.parametrize("name", ["SMALLSHIRE", "smallshire"])
def test_the_same_name_in_other_letters_is_the_same_council(tmp_path: Path, name: str) -> None:
    assert isinstance(whole_service(tmp_path, f'[council]\nname = "{name}"\n'), Scenario)


def test_what_is_taken_over_or_left_out_on_purpose_is_said_in_the_file(tmp_path: Path) -> None:
    assert whole_service(tmp_path, ALL + OTHER).base.council.name == "Bath"
    left = 'leaves_out = ["plans"]\n'
    taken = 'takes_over = ["demand.history", "requests.areas", "decision_to_assess", "teams"]\n'
    unused = "[disputes.contents]\nnew_plan = 0.05\n"
    assert whole_service(tmp_path, left + taken + OTHER + unused).base.plans is None


def test_what_one_council_takes_over_the_next_is_asked_for(tmp_path: Path) -> None:
    whole_service(tmp_path, ALL + OTHER)
    third = 'extends = "another.toml"\nname = "Wells"\nwhy = "To see"\n[council]\nname = "Wells"\n'
    (tmp_path / "third.toml").write_text(third, encoding="utf-8")
    with pytest.raises(BadInput, match=r"demand\.history: found what"):
        load(tmp_path / "third.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('leaves_out = ["plan"]', 'leaves_out: found "plan", allowed is the path of a setting'),
        ('takes_over = ["requests.area"]', 'takes_over: found "requests.area"'),
        ('leaves_out = "plans"', "allowed is a list such as"),
        ("takes_over = [1]", "allowed is a list such as"),
    ],
)
def test_lists_that_name_nothing_are_faults(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as bad:
        whole_service(tmp_path, text + "\n")
    assert said in str(bad.value)


def test_a_forecast_of_the_file_asks_as_well(tmp_path: Path) -> None:
    asked(tmp_path, OTHER)
    with pytest.raises(BadInput, match=r"demand\.history"):
        ehc.forecast(tmp_path / "another.toml", 3)


def test_every_other_file_of_the_schema_belongs_to_a_council() -> None:
    from ehc_sim.scenario.marked import other_files

    assert all(of_a_council(where) for where in other_files())
    assert "requests.areas" in {dotted(where) for where, _ in all_spots() if of_a_council(where)}
