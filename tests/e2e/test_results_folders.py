"""Results folders that were damaged, and files that a command must not write over."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import ehc_sim as ehc
from ehc_sim.cli.app import app
from ehc_sim.experiment.contents import Damaged, seal
from tests.scenario_files import SMALL

pytestmark = pytest.mark.e2e

BASELINE = SMALL / "baseline.toml"


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "good"
    ehc.write_results(ehc.simulate(BASELINE, 2, processes=1), folder)
    return folder


def test_the_page_says_from_when_the_calendar_of_the_plan_is_made_by_rule(results: Path) -> None:
    said = json.loads((results / "manifest.json").read_text("utf-8"))["calendar"]
    assert said == ["School terms from 2024/25 are made by rule."]  # Somerset's end in 2015
    assert said[0] in (results / "briefing.html").read_text("utf-8")


def text(name: str, content: str | bytes) -> Callable[[Path], object]:
    raw = content.encode() if isinstance(content, str) else content
    return lambda folder: (folder / name).write_bytes(raw)


def cut(name: str) -> Callable[[Path], object]:
    return lambda folder: os.truncate(folder / name, (folder / name).stat().st_size // 2)


def said(**more: object) -> Callable[[Path], object]:
    """Change what a manifest says."""

    def change(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | more))

    return change


def folder_in_place_of(name: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return change


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no manifest": lambda folder: (folder / "manifest.json").unlink(),
    "an empty manifest": text("manifest.json", ""),
    "a manifest that is no JSON": text("manifest.json", "{"),
    "a manifest that is a list": text("manifest.json", "[1]"),
    "a manifest without anything": text("manifest.json", "{}"),
    "a manifest that is no text": text("manifest.json", b"\xff\xfe\x00"),
    "a manifest that is a folder": folder_in_place_of("manifest.json"),
    "a deep manifest": text("manifest.json", "[" * 100_000),
    "another seed": said(seed=1),
    "seeds that are text": said(seed="a"),
    "files that are a number": said(files=3),
    "no comparison": lambda folder: (folder / "comparison.csv").unlink(),
    "an empty comparison": text("comparison.csv", ""),
    "another comparison": text("comparison.csv", "scenario,chance\nToday,1\n"),
    "a comparison in another encoding": text("comparison.csv", b"scenario\n\xff\n"),
    "a comparison that is a folder": folder_in_place_of("comparison.csv"),
    "half a table by month": cut("monthly.csv"),
    "half of the replications": cut("replications.parquet"),
    "no replications": text("replications.parquet", b""),
    "replications that are no table": text("replications.parquet", b"PAR1" * 100),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_folder_is_told_in_one_line(name: str, results: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(results, damaged)
    DAMAGE[name](damaged)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    for arguments in (("compare", results, damaged), ("compare", damaged, results)):
        done = command(*arguments)
        assert done.exit_code == 2
        assert done.stdout == ""
        assert done.stderr.startswith(f"{damaged}: ")
        assert len(done.stderr.splitlines()) == 1
    done = command("report", damaged)
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    with pytest.raises(Damaged):
        ehc.read_results(damaged)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


SEALED: dict[str, Callable[[Path], object]] = {
    "a seed that is text": said(seed="a"),
    "a seed below nothing": said(seed=-1),
    "replications that are yes": said(replications=True),
    "no time": said(created=None),
    "another time": said(created="yesterday"),
    "scenarios that are a list": said(scenarios=[]),
    "another kind": said(kind="picture"),
    "a forecast": said(kind="forecast"),
    "no comparison": lambda folder: (folder / "comparison.csv").unlink(),
    "an empty comparison": text("comparison.csv", ""),
    "a chance that is text": text("comparison.csv", "scenario,chance\nSmallshire today,high\n"),
    "a scenario twice": text("comparison.csv", "scenario,chance\nA,1\nA,1\n"),
    "the comparison of another run": text("comparison.csv", "scenario,chance\nA,1\n"),
    "no replications": lambda folder: (folder / "replications.parquet").unlink(),
    "replications that are no table": text("replications.parquet", b"PAR1" * 100),
}
"""Faults of folders of which all the checksums are right."""


@pytest.mark.parametrize("name", SEALED)
def test_a_folder_that_was_sealed_with_its_fault_is_told_in_one_line(
    name: str, results: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / "damaged"
    shutil.copytree(results, damaged)
    SEALED[name](damaged)
    seal(damaged)
    for arguments in (("compare", results, damaged), ("compare", damaged, results)):
        done = command(*arguments)
        assert done.exit_code == 2
        assert done.stderr.startswith(f"{damaged}: ")
        assert len(done.stderr.splitlines()) == 1
    before = (damaged / "manifest.json").read_bytes()
    if "replications" not in name or "yes" in name or name == "no replications":
        done = command("report", damaged)  # which has no need of the replications
        assert done.exit_code == 2
        assert str(damaged) in done.stderr
        assert (damaged / "manifest.json").read_bytes() == before


def test_what_is_no_folder_at_all_is_told(tmp_path: Path) -> None:
    for arguments in (("report", tmp_path / "none"), ("report", BASELINE)):
        done = command(*arguments)
        assert done.exit_code == 2
        assert len(done.stderr.splitlines()) == 1


def test_tables_read_from_a_folder_are_those_that_were_written(results: Path) -> None:
    again = ehc.read_results(results)
    assert again.comparison["scenario"].tolist() == ["Smallshire today"]
    assert again.manifest["replications"] == 2


def test_any_name_is_text_in_every_table(tmp_path: Path) -> None:
    today = ehc.load(BASELINE)
    names = ["1", "None", "+2 psychologists, £8k", "=1+1", "TRUE"]
    options = [
        today.with_change("teams.plan writers.posts", add=amount, name=name)
        for amount, name in enumerate(names, 1)
    ]
    results = ehc.simulate([today, *options], 2, processes=1)
    for folder in ("a", "b"):
        ehc.write_results(results, tmp_path / folder)
    done = command("compare", tmp_path / "a", tmp_path / "b", "--json")
    assert done.exit_code == 0, done.stderr
    every = ["Smallshire today", *names]
    assert [row["scenario"] for row in json.loads(done.stdout)] == every
    again = ehc.read_results(tmp_path / "a")
    for table in (again.comparison, again.monthly, again.teams, again.waiting):
        assert table["scenario"].unique().tolist() == every
    for path in (tmp_path / "a").glob("*.csv"):
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert b"\n+2" not in raw
        assert b"\n=1" not in raw


# Files that are there


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("baseline.toml", "history.csv"):
        shutil.copy(SMALL / name, tmp_path / name)
    (tmp_path / "link.csv").symlink_to("history.csv")
    (tmp_path / "folder.svg").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


SWEEP = ("sweep", "teams.plan writers.posts", "2", "3", "--file", "baseline.toml")


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((*SWEEP, "--out", "baseline.toml"), "baseline.toml"),
        ((*SWEEP, "--out", "history.csv"), "history.csv"),
        ((*SWEEP, "--out", "link.csv"), "link.csv"),
        ((*SWEEP, "--out", "pipe.csv"), "pipe.csv"),
        ((*SWEEP, "--out", "/dev/null"), "/dev/null"),
        ((*SWEEP, "--chart", "folder.svg"), "folder.svg"),
        ((*SWEEP, "--chart", "baseline.toml"), "baseline.toml"),
        ((*SWEEP, "--out", "x.svg", "--chart", "x.svg"), "x.svg"),
        (("refusing", "--file", "baseline.toml", "--out", "baseline.toml"), "baseline.toml"),
        (("new", "--caseload-template", "--out", "history.csv"), "history.csv"),
        (("run", "baseline.toml", "--out", "baseline.toml"), "baseline.toml"),
        (("run", "baseline.toml", "--out", "/dev/null"), "/dev/null"),
        (("run", "baseline.toml", "--out", "link.csv"), "link.csv"),
        (("run", "baseline.toml", "--out", "."), "."),
        (("run", "baseline.toml", "--out", "history.csv/deeper"), "history.csv/deeper"),
        (("forecast", "history.csv", "--out", "history.csv"), "history.csv"),
        (("forecast", "history.csv", "--out", "link.csv"), "link.csv"),
    ],
)
def test_a_file_that_is_there_is_never_written_over(
    arguments: tuple[str, ...], named: str, place: Path
) -> None:
    before = sorted((path.name, path.lstat().st_mtime_ns) for path in place.iterdir())
    done = command(*arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{named}: ")
    assert len(done.stderr.splitlines()) == 1
    assert "simulated" not in done.stderr
    assert sorted((path.name, path.lstat().st_mtime_ns) for path in place.iterdir()) == before
