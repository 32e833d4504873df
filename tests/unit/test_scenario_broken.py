"""Every mistake in a scenario file is named with its file and line, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from ehc_sim.scenario import BadInput, load, load_folder
from tests.unit.broken_scenarios import BASELINE, BROKEN, HISTORY, Broken

pytestmark = pytest.mark.unit


def written(broken: Broken, folder: Path) -> Path:
    for name, text in broken.files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "broken.toml"


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_each_mistake_is_named_with_its_line_and_nothing_else_is(
    broken: Broken, tmp_path: Path
) -> None:
    with pytest.raises(BadInput) as caught:
        load(written(broken, tmp_path))
    said = str(caught.value)
    for expected in broken.expected:
        assert expected in said
    assert len(said.split("\n")) == len(broken.expected)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_messages_are_plain_english(broken: Broken, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        load(written(broken, tmp_path))
    for fault in caught.value.faults:
        assert "found" in fault.problem
        for jargon in (
            "Input should",
            "pydantic",
            "type=",
            "Value error",
            "None",
            "<class",
            "dict",
        ):
            assert jargon not in str(fault)


def test_file_that_does_not_exist_offers_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "baseline.toml").touch()
    with pytest.raises(
        BadInput, match=r'baselin\.toml: no such file; did you mean "baseline\.toml"'
    ):
        load(tmp_path / "baselin.toml")


def test_file_in_another_encoding_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "old.toml").write_bytes('name = "x"\nwhy = "£5"\n'.encode("cp1252"))
    with pytest.raises(BadInput, match=r"old\.toml:2: found a character that is not UTF-8"):
        load(tmp_path / "old.toml")


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="found a folder, allowed is a plain file"):
        load(tmp_path)


def test_school_terms_are_read_for_a_panel_that_keeps_school_holidays(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("first_day,last_day\n2024-09-02,Christmas\n")
    (tmp_path / "history.csv").write_text(HISTORY)
    terms = 'name = "Smallshire"\nterms = "terms.csv"\n'
    text = BASELINE.replace('name = "Smallshire"\n', terms)
    text = text.replace("every_weeks = 1", "every_weeks = 1\nsits_in_school_holidays = false")
    (tmp_path / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"x\.toml:7: council\.terms: .*terms\.csv:2"):
        load(tmp_path / "x.toml")


def test_faults_of_all_files_of_a_folder_are_gathered_once(tmp_path: Path) -> None:
    one = {b.name: b for b in BROKEN}["negative posts"]
    (tmp_path / "baseline.toml").write_text(one.files["broken.toml"], encoding="utf-8")
    (tmp_path / "history.csv").write_text(HISTORY)
    for name in ("a", "b"):
        text = f'extends = "baseline.toml"\nname = "{name}"\nwhy = ""\n'
        (tmp_path / f"{name}.toml").write_text(text)
    with pytest.raises(BadInput) as caught:
        load_folder(tmp_path)
    said = [(fault.file.name, fault.where) for fault in caught.value.faults if fault.file]
    assert sorted(said) == [
        ("a.toml", "why"),
        ("b.toml", "why"),
        ("baseline.toml", "teams.plan writers.posts"),
    ]


def test_folder_without_scenarios(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="found no scenario, allowed is a folder"):
        load_folder(tmp_path)
