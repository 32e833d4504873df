"""The command that writes a caseload to fill in."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ehc_sim.cli.app import app
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.journey.open_cases.caseload import read_caseload
from ehc_sim.scenario import load
from tests.scenario_files import SMALL
from tests.sen2_downloads import download
from tests.unit.broken_caseloads import BROKEN, REGISTRATION, Broken, file_of

pytestmark = pytest.mark.e2e

BASELINE = SMALL / "baseline.toml"


def ehc_sim(*arguments: str | Path | int) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_a_template_is_written_for_a_scenario_and_can_be_filled_in(tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    done = ehc_sim("new", "--caseload-template", BASELINE, "--out", out)
    assert (done.exit_code, done.stderr) == (0, "")
    assert str(out) in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]
    text = out.read_text(encoding="utf-8-sig")
    assert "educational psychologist asked" in text
    out.write_text(text.replace("EXAMPLE-", "2022-"), encoding="utf-8")
    assert len(read_caseload(out, load(BASELINE).base).cases) >= 2


def test_somersets_columns_where_no_scenario_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ehc_sim("new", "--caseload-template").exit_code == 0
    head = (tmp_path / "open_cases.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    for giver in load(shipped() / "baseline.toml").base.advice:
        assert f",{giver} asked,{giver} in" in head


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "cases.csv"
    out.write_text("ours")
    done = ehc_sim("new", "--caseload-template", BASELINE, "--out", out)
    assert done.exit_code == 2
    assert done.stderr.strip() == f"{out}: is there already; remove it first, or name another file"
    assert out.read_text() == "ours"
    assert [path.name for path in tmp_path.iterdir()] == ["cases.csv"]


def test_a_council_has_a_folder_from_dfes_download(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    download(tmp_path / "sen2.zip")
    done = ehc_sim("new", "--council", "smallshire council", "--sen2", "sen2.zip")
    assert done.exit_code == 0, done.stderr
    assert "note: England's figures stand for Smallshire's" in done.stderr
    assert done.stdout.startswith("Smallshire: smallshire, with ")
    assert {path.name for path in tmp_path.iterdir()} == {"sen2.zip", "smallshire"}
    again = ehc_sim("new", "--council", "Smallshire", "--sen2", "sen2.zip")
    assert (again.exit_code, again.stderr.count("\n")) == (2, 1)
    assert again.stderr.startswith("smallshire: is there already")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--council", "Smallshire"), "--council: names no file; allowed is with --sen2"),
        (("--sen2", "sen2.zip"), "--sen2: which council is meant? Name it with --council"),
        (("--caseload-template", "--plan-from", "2027-04-01"), "--plan-from: which council"),
        (
            ("--council", "Smallshire", "--sen2", "a.zip", "--caseload-template"),
            "--council: found beside --caseload-template, allowed is one or the other",
        ),
        (("--council", "Smallshire", "--sen2", "a.zip"), "a.zip: cannot be read: no such file"),
        (
            ("--council", "Smallshire", "--sen2", "a.zip", "--plan-from", "April"),
            '--plan-from: found "April", allowed is the first day of a month',
        ),
    ],
)
def test_what_does_not_go_together_is_one_line(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = ehc_sim("new", *arguments)
    assert done.exit_code == 2
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_what_to_write_must_be_said(tmp_path: Path) -> None:
    done = ehc_sim("new", BASELINE, "--out", tmp_path / "cases.csv")
    assert done.exit_code == 2
    assert "--caseload-template" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_scenario_that_is_broken_is_told(tmp_path: Path) -> None:
    done = ehc_sim("new", "--caseload-template", tmp_path / "none.toml", "--out", tmp_path / "c")
    assert done.exit_code == 2
    assert "no such file" in done.stderr
    assert not list(tmp_path.iterdir())


def starting_from(folder: Path, content: str | bytes) -> Path:
    """Write a scenario that starts from a caseload, and return its file."""
    (folder / "cases.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    for name in ("baseline.toml", "history.csv"):
        (folder / name).write_bytes((SMALL / name).read_bytes())
    text = 'extends = "baseline.toml"\nname = "From here"\nwhy = "To see"\nleaves_out = ["plans"]\n'
    (folder / "here.toml").write_text(f'{text}[caseload]\nopen_cases = "cases.csv"\n')
    return folder / "here.toml"


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_a_broken_caseload_gives_its_lines_and_no_results(broken: Broken, tmp_path: Path) -> None:
    scenario = starting_from(tmp_path, broken.content)
    before = {path.name for path in tmp_path.iterdir()}
    few = ("--replications", 1, "--processes", 1)
    done = ehc_sim("run", scenario, *few, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.replace(f"{tmp_path}/", "").splitlines() == broken.expected
    assert {path.name for path in tmp_path.iterdir()} == before


def test_check_reads_the_caseload(tmp_path: Path) -> None:
    assert ehc_sim("check", starting_from(tmp_path, file_of(REGISTRATION))).exit_code == 0
    broken = REGISTRATION | {"step": "drafting"}
    done = ehc_sim("check", starting_from(tmp_path, file_of(broken)))
    assert done.exit_code == 2
    assert "cases.csv:2: column decided: empty" in done.stderr
