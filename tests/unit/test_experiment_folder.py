"""A results folder is complete under its name, or as it was, whenever a run is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ehc_sim.experiment.folder import MANIFEST, InUse, new_folder, only_run

pytestmark = pytest.mark.unit


class Killed(BaseException):
    """What nothing of the program expects."""


def results(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return folder


def write(folder: Path, text: str) -> None:
    with only_run(folder), new_folder(folder) as part:
        (part / MANIFEST).write_text(text, encoding="utf-8")


def text_of(folder: Path) -> str:
    return (folder / MANIFEST).read_text(encoding="utf-8")


def test_new_results_take_the_place_of_old_ones_and_nothing_is_left_beside(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    write(folder, "new")
    assert text_of(folder) == "new"
    assert list(tmp_path.iterdir()) == [folder]


def test_a_run_that_fails_leaves_the_old_results(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    with pytest.raises(Killed), only_run(folder), new_folder(folder) as part:
        (part / MANIFEST).write_text("half", encoding="utf-8")
        raise Killed
    assert text_of(folder) == "old"
    assert list(tmp_path.iterdir()) == [folder]


def test_what_a_run_left_that_was_killed_while_it_wrote_is_removed_by_the_next(
    tmp_path: Path,
) -> None:
    results(tmp_path / ".out.part", "half")
    (tmp_path / ".out.lock").touch()
    write(tmp_path / "out", "new")
    assert text_of(tmp_path / "out") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_old_results_come_back_when_a_run_was_killed_between_two_renames(tmp_path: Path) -> None:
    results(tmp_path / ".out.old", "old")
    results(tmp_path / ".out.part", "complete, but not yet named")
    with only_run(tmp_path / "out"):
        assert text_of(tmp_path / "out") == "old"
    write(tmp_path / "out", "new")
    assert text_of(tmp_path / "out") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_old_results_that_were_not_removed_yet_do_not_come_back(tmp_path: Path) -> None:
    results(tmp_path / ".out.old", "old")
    folder = results(tmp_path / "out", "new")
    with only_run(folder):
        assert text_of(folder) == "new"
    write(folder, "newer")
    assert text_of(folder) == "newer"
    assert list(tmp_path.iterdir()) == [folder]


def test_one_run_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    with only_run(folder), pytest.raises(InUse, match="another run"), only_run(folder):
        pass
    with only_run(folder), only_run(tmp_path / "deep" / "other"):
        pass
    assert list((tmp_path / "deep").iterdir()) == []
