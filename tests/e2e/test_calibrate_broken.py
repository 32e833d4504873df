"""Folders that cannot be calibrated: one line, before anything is run, and nothing is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ehc_sim.cli.app import app
from ehc_sim.experiment.folder import only_run
from tests.calibrations import FIGURES, council

pytestmark = pytest.mark.e2e

MEMBERS = '\n[explanations]\nmembers = "members.csv"\n'
OPTION = 'extends = "{}"\nname = "Another"\nwhy = "To see"\n'
TEAM = "teams.plan writers.posts"


def ehc_sim(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def changed(folder: Path, old: str, new: str) -> None:
    file = folder / "baseline.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def with_file(name: str, text: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def of_members(table: str) -> Callable[[Path], object]:
    def broken(folder: Path) -> None:
        council(folder, more=MEMBERS)
        (folder / "members.csv").write_text(table, encoding="utf-8")

    return broken


def no_advice_by_a_team(folder: Path) -> None:
    file = folder / "baseline.toml"
    text = file.read_text(encoding="utf-8")
    text = re.sub(r'team = "educational psychologists"\neffort.*\nappointment.*', "", text)
    text = text.replace("needed = 1.0\n\n", "needed = 1.0\nturnaround = { mean_days = 30 }\n\n", 1)
    text = re.sub(r'\[teams."educational psych(.|\n)*(?=\[teams."plan wr)', "", text)
    file.write_text(text, encoding="utf-8")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no figures named": (
        lambda folder: changed(folder, 'published = "published.csv"\n', ""),
        "baseline.toml: council.published: found none",
    ),
    "no file of figures": (
        lambda folder: (folder / "published.csv").unlink(),
        "no such file; allowed is the path of a CSV file",
    ),
    "an empty file of figures": (with_file("published.csv", ""), "published.csv: file: empty;"),
    "figures of another council": (
        lambda folder: council(folder, FIGURES.replace("Small", "Big")),
        'found "Bigshire" in 5 rows, allowed is "Smallshire"',
    ),
    "figures before the run": (
        lambda folder: council(folder, "Smallshire,2018,completed,all,all,9,10%,no,x\n"),
        "published.csv: file: found no figure that members can be held against",
    ),
    "figures to come": (
        lambda folder: council(folder, FIGURES + "Smallshire,2083,completed,all,all,9,,no,x\n"),
        "published.csv:7: column year: found 2083, which is after today",
    ),
    "a figure twice": (
        lambda folder: council(folder, FIGURES + FIGURES.splitlines()[0] + "\n"),
        "published.csv:7: 2023, completed, all all: given twice, first on line 2",
    ),
    "a quarter of more than the year": (
        lambda folder: council(folder, FIGURES + "Smallshire,2024-Q1,completed,all,all,400,,no,x"),
        "published.csv:3: 2024, completed, all all: found 150, but the quarter of it (line 7)",
    ),
    "a share of more than all": (
        lambda folder: council(folder, FIGURES.replace(",0.5,", ",150%,")),
        'published.csv:4: column value: found "150%"',
    ),
    "members cut off": (
        of_members(f"member,explanation,weight,{TEAM}\na,one,1,2\nb,on"),
        "members.csv:3: row: found 2 fields",
    ),
    "no record": (lambda folder: (folder / "history.csv").unlink(), "history.csv"),
    "advice of no team": (no_advice_by_a_team, "advice: found none that a team gives"),
    "two baselines": (
        lambda folder: with_file(
            "other.toml", (folder / "baseline.toml").read_text().replace(" today", " later")
        )(folder),
        "found baseline.toml and other.toml, which extend no other; which is meant?",
    ),
    "somebody else's members": (
        with_file("members.csv", "name,phone\nSam,07\n"),
        "members.csv: is there already, and no calibration wrote it",
    ),
    "somebody else's page": (
        with_file("fit_report.html", "ours"),
        "fit_report.html: is there already, and no calibration wrote it",
    ),
    "a folder where members go": (
        lambda folder: (folder / "members.csv").mkdir(),
        "members.csv: is there already",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_folder_is_one_line_and_stays_as_it_was(broken: str, tmp_path: Path) -> None:
    council(tmp_path)
    spoil, said = BROKEN[broken]
    spoil(tmp_path)
    before = {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")}
    done = ehc_sim("calibrate", tmp_path)
    assert done.exit_code == 2, done.exception
    assert done.stderr.count("\n") == 1, done.stderr
    assert said in done.stderr
    assert {path: path.is_file() and path.read_bytes() for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("command", ["calibrate", "backcast"])
def test_an_option_is_no_baseline(command: str, tmp_path: Path) -> None:
    council(tmp_path)
    option = tmp_path / "option.toml"
    option.write_text(OPTION.format("baseline.toml"), encoding="utf-8")
    done = ehc_sim(command, option)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "found an option, allowed is a baseline" in done.stderr


def test_a_second_calibration_of_a_folder_is_refused_before_it_runs(tmp_path: Path) -> None:
    baseline = council(tmp_path)
    with only_run(baseline.with_suffix(".calibrated")):
        done = ehc_sim("calibrate", tmp_path)
    assert (done.exit_code, done.stderr.count("\n")) == (2, 1)
    assert "another run is on its way" in done.stderr
    assert not (tmp_path / "members.csv").exists()
