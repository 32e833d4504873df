"""What decides, as its users meet it: the command, its folder, and the page that explains it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import ehc_sim as ehc
from ehc_sim.cli.app import app
from tests.e2e.test_docs import blocks, commands, text_of, words_in_code
from tests.scenario_files import smallshire

pytestmark = pytest.mark.e2e
PAGE = "docs/sensitivity.md"
ONE = 'advice.health.turnaround.mean_days = 38\nteams."senior officers".time_on_this_work = 0.6\n'
"""Only the hours of an advice have a range then: twenty pairs of runs."""
NONE = f'{ONE}advice."educational psychologist".effort.mean_hours = 12\n'
FOLDER = Path("results") / "baseline_sensitivity"
MADE = ["charts", "manifest.json", "sensitivity.csv", "sensitivity.html"]


def here(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["sensitivity", *map(str, arguments), "--processes", "1"])


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the project, with a small council under Somerset's name."""
    folder = tmp_path_factory.mktemp("checkout")
    somerset = folder / "scenarios" / "somerset"
    somerset.mkdir(parents=True)
    smallshire(somerset, ONE)
    (somerset / "baseline.toml").rename(somerset / "smallshire.toml")
    text = (somerset / "another.toml").read_text(encoding="utf-8")
    text = text.replace('extends = "baseline.toml"', 'extends = "smallshire.toml"')
    (somerset / "baseline.toml").write_text(text, encoding="utf-8")
    (somerset / "another.toml").unlink()
    return folder


@pytest.fixture(scope="module")
def done(checkout: Path) -> Result:
    """The command of the page."""
    (arguments,) = commands(PAGE)
    assert arguments[0] == "sensitivity"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(checkout)
        found = here(*arguments[1:])
    assert found.exit_code == 0, found.stderr
    return found


def test_the_command_of_the_page_writes_what_it_says(checkout: Path, done: Result) -> None:
    folder = checkout / FOLDER
    assert sorted(one.name for one in folder.iterdir()) == MADE
    assert "simulated 40 of 40 replications" in done.stderr
    assert f"Page:  {FOLDER / 'sensitivity.html'}" in done.stdout
    page = (folder / "sensitivity.html").read_text(encoding="utf-8")
    for name in ("The share on time", "Weeks of waiting past the date"):
        assert name in done.stdout
        assert f"<h2>{name}</h2>" in page
    assert not [one for one in folder.parent.iterdir() if one != folder], "something was left over"


def test_every_column_is_described_and_true(checkout: Path, done: Result) -> None:
    table = pd.read_csv(checkout / FOLDER / "sensitivity.csv", encoding="utf-8-sig")
    assert set(table.columns) - words_in_code(text_of(PAGE)) == set()
    assert table["measure"].tolist() == ["on_time", "late_child_weeks_in_plan"]
    assert table["at_ends"].eq("alone").all()
    (file,) = set(table["file"])
    (line,) = set(table["line"])
    written = (checkout / "scenarios" / "somerset" / file).read_text(encoding="utf-8")
    assert "mean_hours = { low = 10" in written.splitlines()[line - 1]


def test_another_scenario_and_results_of_a_run_are_not_replaced(
    checkout: Path, done: Result, tmp_path: Path
) -> None:
    folder = checkout / FOLDER
    before = (folder / "sensitivity.csv").read_bytes()
    more = smallshire(tmp_path, f"{ONE}drafting.rework = 0.2\n")
    (tmp_path / "another.toml").write_text(
        (tmp_path / "another.toml").read_text("utf-8").replace('"Another"', '"Yet another"'),
        encoding="utf-8",
    )
    refused = here(more.path, "--out", folder)
    assert refused.exit_code == 2
    (line,) = refused.stderr.splitlines()
    assert 'found what decides in another scenario, "Another"' in line
    assert "--replace" in line
    run = tmp_path / "run"
    shutil.copytree(folder, run)
    (run / "manifest.json").write_text('{"kind": "run"}', encoding="utf-8")
    assert here(more.path, "--out", run).exit_code == 2
    assert (folder / "sensitivity.csv").read_bytes() == before
    assert CliRunner().invoke(app, ["report", str(folder)]).exit_code == 2


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (NONE, [], "found no number with a range, allowed is one or more: low, likely and high"),
        (ONE, ["--measure", "speed"], "found 'speed', allowed is one of on_time, plans_on_time"),
        (ONE, ["--runs", "0"], "--runs"),
        (ONE, ["--measure", "on_time", "--out", "."], "found the folder that we are in"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, arguments: list[str], said: str
) -> None:
    file = smallshire(tmp_path, text).path
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    refused = here(file, *arguments)
    assert refused.exit_code == 2
    assert said in re.sub(r"[\s│]+", " ", refused.stderr)
    assert sorted(tmp_path.iterdir()) == before


def test_the_example_in_python_runs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "1")
    (example,) = blocks(PAGE, "python")
    names: dict[str, object] = {"ehc": ehc}
    exec(example, names)
    table = names["table"]
    assert isinstance(table, pd.DataFrame)
    assert table["measure"].tolist() == ["mean_weeks"]
