"""A results folder is complete under its name, or as it was; and nobody's files are lost."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from ehc_sim.experiment.contents import (
    FORECAST,
    MANIFEST,
    RUN,
    Damaged,
    checked,
    manifest_of,
    others_in,
    seal,
)
from ehc_sim.experiment.folder import InUse, NotOurs, check_free, new_folder, only_run

pytestmark = pytest.mark.unit


class Killed(BaseException):
    """What nothing of the program expects."""


def fill(folder: Path, text: str, kind: str = RUN) -> None:
    (folder / "comparison.csv").write_text(text, encoding="utf-8")
    (folder / "charts").mkdir()
    (folder / "charts" / "chance.svg").write_text(f"<svg>{text}</svg>", encoding="utf-8")
    (folder / MANIFEST).write_text(json.dumps({"kind": kind}), encoding="utf-8")


def results(folder: Path, text: str, kind: str = RUN) -> Path:
    folder.mkdir()
    fill(folder, text, kind)
    seal(folder)
    return folder


def write(folder: Path, text: str) -> None:
    with only_run(folder), new_folder(folder) as part:
        fill(part, text)


def text_of(folder: Path) -> str:
    checked(folder)
    return (folder / "comparison.csv").read_text(encoding="utf-8")


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_new_results_take_the_place_of_old_ones_and_nothing_is_left_beside(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    write(folder, "new")
    assert text_of(folder) == "new"
    assert list(tmp_path.iterdir()) == [folder]
    assert others_in(folder, manifest_of(folder)) == []


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
    old = results(tmp_path / ".out.old", "old")
    (old / "notes.docx").write_text("mine")
    folder = results(tmp_path / "out", "new")
    with only_run(folder):
        assert text_of(folder) == "new"
        assert (folder / "notes.docx").read_text() == "mine"
    write(folder, "newer")
    assert text_of(folder) == "newer"
    assert (folder / "notes.docx").read_text() == "mine"
    assert list(tmp_path.iterdir()) == [folder]


def test_one_run_at_a_time(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    with only_run(folder), pytest.raises(InUse, match="another run"), only_run(folder):
        pass
    with only_run(folder), only_run(tmp_path / "deep" / "other"):
        pass
    assert list((tmp_path / "deep").iterdir()) == []


# Files of others


def test_what_no_run_wrote_is_still_there_after_the_next(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    theirs = {"notes.docx": "minutes", "charts/mine.png": "drawn", "for cabinet/paper.doc": "x"}
    for name, text in theirs.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    assert check_free(folder) == sorted(theirs)
    for text in ("new", "newer"):
        write(folder, text)
        assert files(folder) == {
            "comparison.csv": text,
            "charts/chance.svg": f"<svg>{text}</svg>",
            **theirs,
        }
    assert text_of(folder) == "newer"


def test_what_somebody_changed_is_kept_under_another_name(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    for text in ("first", "second"):
        (folder / "comparison.csv").write_text(f"{text} of mine")
        assert "comparison.csv" in check_free(folder)
        write(folder, "new")
    found = files(folder)
    assert found.pop("comparison.csv") == "new"
    assert found == {
        "comparison (kept).csv": "first of mine",
        "comparison (kept 2).csv": "second of mine",
        "charts/chance.svg": "<svg>new</svg>",
    }


def test_a_file_that_a_later_run_writes_too_is_kept_under_another_name(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    (folder / "pairs.csv").write_text("mine")
    with only_run(folder), new_folder(folder) as part:
        fill(part, "new")
        (part / "pairs.csv").write_text("of the run")
    assert (folder / "pairs.csv").read_text() == "of the run"
    assert (folder / "pairs (kept).csv").read_text() == "mine"


def test_a_link_in_a_results_folder_is_kept_and_what_it_leads_to_is_left_alone(
    tmp_path: Path,
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "letter.txt").write_text("theirs")
    folder = results(tmp_path / "out", "old")
    (folder / "to a folder").symlink_to(theirs)
    (folder / "charts" / "chance.svg").unlink()
    (folder / "charts" / "chance.svg").symlink_to(theirs / "letter.txt")
    write(folder, "new")
    assert (folder / "to a folder").readlink() == theirs
    assert (folder / "charts" / "chance.svg").read_text() == "<svg>new</svg>"
    assert (folder / "charts" / "chance (kept).svg").readlink() == theirs / "letter.txt"
    assert (theirs / "letter.txt").read_text() == "theirs"


def test_what_is_put_there_while_a_run_is_on_its_way_is_kept_too(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    with only_run(folder), new_folder(folder) as part:
        fill(part, "new")
        (folder / "late.txt").write_text("mine")
    assert (folder / "late.txt").read_text() == "mine"


def not_ours(folder: Path, kind: str) -> None:
    """Make something of a kind that is not a results folder."""
    folder.mkdir()
    (folder / "holiday.jpg").write_text("theirs")
    if kind == "another program's manifest":
        (folder / MANIFEST).write_text('{"name": "A web page", "icons": []}')
    elif kind == "a manifest that is a list":
        (folder / MANIFEST).write_text('["files"]')
    elif kind == "a manifest that is no text":
        (folder / MANIFEST).write_bytes(b"\xff\xfe\x00")
    elif kind == "a manifest that is a folder":
        (folder / MANIFEST).mkdir()
    elif kind == "a file":
        shutil.rmtree(folder)
        folder.write_text("theirs")
    elif kind == "a pipe":
        shutil.rmtree(folder)
        os.mkfifo(folder)
    elif kind == "a link to results":
        folder.rename(folder.with_name("real"))
        shutil.rmtree(folder.with_name("real"))
        results(folder.with_name("real"), "old")
        folder.symlink_to(folder.with_name("real"))
    elif kind == "a link to nothing":
        shutil.rmtree(folder)
        folder.symlink_to(folder.with_name("nothing"))


KINDS = (
    *("a folder of others", "another program's manifest", "a manifest that is a list"),
    *("a manifest that is no text", "a manifest that is a folder", "a file", "a pipe"),
    *("a link to results", "a link to nothing"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_ours_is_refused_and_stays(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    not_ours(folder, kind)
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(NotOurs, match=r"^[^\n]*; name ") as fault:
        check_free(folder)
    assert str(fault.value).startswith(f"{folder}: ")
    with pytest.raises(NotOurs), only_run(folder), new_folder(folder):
        pass
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_device_is_refused() -> None:
    with pytest.raises(NotOurs, match="not a results folder"):
        check_free(Path("/dev/null"))


def test_a_file_on_the_way_to_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("theirs")
    with pytest.raises(NotOurs, match="found file, which is not a folder"):
        check_free(tmp_path / "file" / "deeper" / "out")


@pytest.mark.parametrize("name", [".", "..", "", "/", "../.."])
def test_the_folder_that_we_are_in_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotOurs, match="the folder that we are in"):
        check_free(Path(name))


def test_results_of_another_kind_are_refused(tmp_path: Path) -> None:
    results(tmp_path / "forecast", "old", FORECAST)
    with pytest.raises(NotOurs, match="found the results of a forecast"):
        check_free(tmp_path / "forecast")
    results(tmp_path / "run", "old")
    with pytest.raises(NotOurs, match="found the results of a run"):
        check_free(tmp_path / "run", FORECAST)


# What was changed is noticed


def test_every_flipped_bit_of_a_manifest_and_of_a_table_is_noticed(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "scenario,chance\nToday,0.05\n")
    checked(folder)
    for name in (MANIFEST, "comparison.csv"):
        whole = (folder / name).read_bytes()
        for place in range(0, 8 * len(whole), 3):
            flipped = bytearray(whole)
            flipped[place // 8] ^= 1 << place % 8
            if name == MANIFEST and _reads_the_same(flipped, whole):
                continue
            (folder / name).write_bytes(flipped)
            with pytest.raises(Damaged) as fault:
                checked(folder)
            assert str(fault.value).startswith(f"{folder}: {name}: ")
            assert len(str(fault.value).splitlines()) == 1
        (folder / name).write_bytes(whole)
    checked(folder)


def _reads_the_same(some: bytes, other: bytes) -> bool:
    """Return whether two texts mean the same, such as with a space in place of a line's end."""
    try:
        return json.loads(some) == json.loads(other)
    except ValueError:
        return False


def test_a_table_that_is_missing_or_no_file_is_named(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    (folder / "comparison.csv").unlink()
    with pytest.raises(Damaged, match=r"comparison\.csv: missing"):
        checked(folder)
    (folder / "comparison.csv").mkdir()
    with pytest.raises(Damaged, match=r"comparison\.csv: was changed"):
        checked(folder)


def test_many_changed_tables_are_told_in_a_few_lines(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    fill(folder, "x")
    for number in range(12):
        (folder / f"table{number:02}.csv").write_text("x")
    seal(folder)
    for number in range(12):
        (folder / f"table{number:02}.csv").write_text("y")
    with pytest.raises(Damaged) as fault:
        checked(folder)
    lines = str(fault.value).splitlines()
    assert len(lines) == 6
    assert lines[-1] == f"{folder}: and 7 more files"


def test_a_chart_that_somebody_drew_on_stops_nobody(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old")
    (folder / "charts" / "chance.svg").write_text("with an arrow")
    checked(folder)


def test_a_folder_of_another_kind_or_none_is_said(tmp_path: Path) -> None:
    folder = results(tmp_path / "out", "old", FORECAST)
    with pytest.raises(Damaged, match="found the results of a forecast, allowed is a run"):
        checked(folder)
    with pytest.raises(Damaged, match=r"has no manifest\.json"):
        checked(tmp_path)


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="there are no such devices here")
def test_a_manifest_that_is_no_plain_file_is_not_opened(tmp_path: Path) -> None:
    """A pipe would never end; a device tells it as well, and no test waits."""
    (tmp_path / MANIFEST).symlink_to("/dev/null")
    with pytest.raises(Damaged, match="found a device, allowed is a plain file"):
        manifest_of(tmp_path)
