"""Nothing of others is lost beside a results folder, nor when the clearing of an old one is cut."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ehc_sim.experiment.beside import NotOurs, clear
from ehc_sim.experiment.contents import MANIFEST, RUN, checked, seal
from ehc_sim.experiment.folder import check_free, new_folder, only_run

pytestmark = pytest.mark.unit

THEIRS = "minutes of the board"


def fill(folder: Path) -> None:
    """Write tables and a chart as a run does, with a manifest that is not sealed."""
    (folder / "charts").mkdir(parents=True)
    for name in ("comparison.csv", "monthly.csv", "charts/chance.svg"):
        (folder / name).write_text(f"of a run: {name}", encoding="utf-8")
    (folder / MANIFEST).write_text(json.dumps({"kind": RUN}), encoding="utf-8")


def results(folder: Path) -> Path:
    fill(folder)
    seal(folder)
    return folder


def put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(THEIRS)


def everything(folder: Path) -> dict[str, str]:
    """Return all that is in a folder, hidden names too: text of files, where a link leads."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_text(encoding="utf-8")
        if path.is_file()
        else ""
        for path in folder.rglob("*")
    }


OF_OTHERS: dict[str, Callable[[Path], None]] = {
    "a lock with content": lambda place: put(place / ".out.lock"),
    "a folder for a lock": lambda place: put(place / ".out.lock" / "notes.docx"),
    "a link for a lock": lambda place: (place / ".out.lock").symlink_to("mine.txt"),
    "a folder for a part": lambda place: put(place / ".out.part" / "notes.docx"),
    "a file for a part": lambda place: put(place / ".out.part"),
    "a link for a part": lambda place: (place / ".out.part").symlink_to("mine"),
    "a folder for an old one": lambda place: put(place / ".out.old" / "notes.docx"),
    "a file for an old one": lambda place: put(place / ".out.old"),
    "another program's old one": lambda place: put(place / ".out.old" / MANIFEST),
    "a link for an old one": lambda place: (place / ".out.old").symlink_to("mine"),
}


@pytest.mark.parametrize("kind", OF_OTHERS)
@pytest.mark.parametrize("there", [True, False], ids=["a folder is there", "no folder is there"])
def test_a_hidden_name_that_is_somebody_elses_is_refused_and_stays(
    kind: str, there: bool, tmp_path: Path
) -> None:
    if there:
        results(tmp_path / "out")
    results(tmp_path / "mine")
    (tmp_path / "mine.txt").touch()
    OF_OTHERS[kind](tmp_path)
    before = everything(tmp_path)
    for use in (check_free, lambda folder: only_run(folder).__enter__()):
        with pytest.raises(NotOurs, match=r"\.out\.\w+: found something that is not of a run; "):
            use(tmp_path / "out")
    assert everything(tmp_path) == before


def test_every_such_name_has_a_line(tmp_path: Path) -> None:
    for what in ("lock", "part", "old"):
        put(tmp_path / f".out.{what}")
    with pytest.raises(NotOurs) as fault:
        check_free(tmp_path / "out")
    assert [line.split(": ")[0] for line in str(fault.value).splitlines()] == [
        str(tmp_path / f".out.{what}") for what in ("lock", "part", "old")
    ]


def test_what_a_killed_run_leaves_is_ours_from_its_first_moment(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (tmp_path / ".out.lock").touch()
    for left in ([], [MANIFEST], [MANIFEST, "monthly.csv"]):
        (tmp_path / ".out.part").mkdir()
        for name in left:
            (tmp_path / ".out.part" / name).write_text("{hal")
        with only_run(folder), new_folder(folder) as part:
            assert [path.name for path in part.iterdir()] == [MANIFEST]
            (part / "comparison.csv").write_text("new")
        checked(folder)
        assert [path.name for path in tmp_path.iterdir()] == ["out"]


class Killed(BaseException):
    """What nothing of the program expects."""


def folders_to_clear(place: Path) -> tuple[Path, Path]:
    """Return an old folder with files of others in it, and the new one."""
    old, new = results(place / "old"), results(place / "new")
    for name in ("notes.docx", "charts/mine.png", "for cabinet/drafts/paper.docx", "monthly.csv"):
        put(old / name)
    (old / "empty").mkdir()
    return old, new


EXPECTED = {
    "notes.docx": THEIRS,
    "charts/mine.png": THEIRS,
    "for cabinet/drafts/paper.docx": THEIRS,
    "monthly (kept).csv": THEIRS,
    "monthly.csv": "of a run: monthly.csv",
}


def test_an_old_folder_is_cleared_of_what_a_run_wrote_and_of_nothing_else(tmp_path: Path) -> None:
    old, new = folders_to_clear(tmp_path)
    clear(old, new)
    assert not old.exists()
    assert EXPECTED.items() <= everything(new).items()
    assert (new / "empty").is_dir()
    checked(new)


def test_a_clearing_that_is_cut_short_anywhere_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was the last thing before the kill: a file moved or removed, a folder removed."""
    done = 0

    def counted(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*arguments: object, **options: object) -> object:
            nonlocal done
            if done == last:
                raise Killed
            done += 1
            return change(*arguments, **options)

        return changed

    whole = 0
    for last in range(100):
        done, place = 0, tmp_path / f"killed after {last}"
        old, new = folders_to_clear(place)
        with monkeypatch.context() as patch:
            for name in ("unlink", "rename", "rmdir"):
                patch.setattr(Path, name, counted(getattr(Path, name)))
            try:
                clear(old, new)
                whole = last
            except Killed:
                pass
        if old.exists():
            clear(old, new)
        assert not old.exists()
        assert EXPECTED.items() <= everything(new).items()
        assert "monthly (kept 2).csv" not in everything(new)
        checked(new)
        if whole:
            break
    assert whole >= 10  # four files moved, three and the manifest removed, folders


@pytest.mark.parametrize("name", ["../thesis.docx", "charts/../../thesis.docx", "C:/x", "a\\..\\b"])
def test_a_manifest_that_names_files_elsewhere_is_not_believed(name: str, tmp_path: Path) -> None:
    """Its files would be removed: whoever wrote it could have any file removed."""
    folder = results(tmp_path / "out")
    put(tmp_path / "thesis.docx")
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    del manifest["checksum"]
    manifest["files"][name] = hashlib.sha256(THEIRS.encode()).hexdigest()
    digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
    whole = json.dumps({**manifest, "checksum": digest}, indent=1)
    (folder / MANIFEST).write_text(whole, encoding="utf-8")
    with pytest.raises(NotOurs, match="does not say which files are ours"):
        check_free(folder)
    assert (tmp_path / "thesis.docx").read_text() == THEIRS


def test_an_absolute_name_on_this_system_is_not_believed(tmp_path: Path) -> None:
    folder = results(tmp_path / "out")
    text = (folder / MANIFEST).read_text("utf-8")
    (folder / MANIFEST).write_text(text.replace("monthly.csv", f"{tmp_path}/monthly.csv"))
    with pytest.raises(NotOurs, match="does not say which files are ours"):
        check_free(folder)


def test_a_new_folder_that_cannot_have_its_name_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a file of the new one is open in another program."""
    folder = results(tmp_path / "out")
    before = everything(tmp_path)
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path.name == ".out.part":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PermissionError), only_run(folder), new_folder(folder) as part:
        (part / "comparison.csv").write_text("new")
    assert everything(tmp_path) == before


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="a place where nothing is written")
def test_where_nothing_can_be_written_a_line_says_so() -> None:
    with (
        pytest.raises(NotOurs, match=r"^/proc/no/out: nothing can be written in /proc/no: [^\n]*$"),
        only_run(Path("/proc/no/out")),
    ):
        pass
