"""Sweeps as their users meet them: the commands, and the page that explains them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from ehc_sim.cli.app import app
from tests.e2e.test_docs import blocks, commands, text_of, words_in_code
from tests.scenario_files import SMALL

pytestmark = pytest.mark.e2e
PAGE = "docs/sweeps.md"
WHOLE = SMALL / "whole_service.toml"
FEW = ["--replications", "2", "--processes", "1"]


def here(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), *FEW])


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the project, with a small council under Somerset's name."""
    folder = tmp_path_factory.mktemp("checkout")
    somerset = folder / "scenarios" / "somerset"
    shutil.copytree(SMALL, somerset)
    (somerset / "baseline.toml").rename(somerset / "smallshire.toml")
    text = (somerset / "whole_service.toml").read_text(encoding="utf-8")
    text = text.replace('extends = "baseline.toml"', 'extends = "smallshire.toml"')
    (somerset / "baseline.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def files(checkout: Path) -> Path:
    """The folder after the commands of the page that write files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(checkout)
        for arguments in commands(PAGE):
            if "--out" in arguments:
                done = here(*arguments)
                assert done.exit_code == 0, done.stderr
    return checkout


def test_the_commands_of_the_page_do_what_it_says(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    sweep, refusing = (one for one in commands(PAGE) if "--out" not in one)
    done = here(*sweep)
    assert done.exit_code == 0, done.stderr
    assert "simulated 6 of 6 replications" in done.stderr
    assert "The best of these values is" in done.stdout
    done = here(*refusing)
    assert done.exit_code == 0, done.stderr
    assert "Share that comes back" in done.stdout
    assert "Refusing 45% of requests instead of 25%" in done.stdout


def test_every_line_that_is_printed_is_explained(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    (command,) = [one for one in commands(PAGE) if one[0] == "sweep" and "--out" not in one]
    head = next(line for line in here(*command).stdout.splitlines() if "Chance  " in line)
    page = text_of(PAGE)
    columns = re.split(r"  +", head)[1:]
    assert len(columns) == 8
    assert [name for name in columns if name not in page] == []


def test_files_are_written_whole_with_every_column_described(files: Path) -> None:
    described = words_in_code(text_of(PAGE))
    for name in ("sweep", "refusing"):
        table = pd.read_csv(files / f"{name}.csv")
        assert len(table) == 2
        plain = {re.sub(r"_(low|high)(80|95)?$", "", column) for column in table.columns}
        assert plain - described == set()
        svg = (files / f"{name}.svg").read_text(encoding="utf-8")
        assert svg.startswith("<svg")
        assert 'role="img"' in svg
    assert not list(files.glob(".*.part"))


def test_the_python_of_the_page_runs(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    (example,) = blocks(PAGE, "python")
    names: dict[str, object] = {}
    exec(example.replace("replications=20", "replications=2, processes=1"), names)
    assert names["table"]["shown"].tolist() == ["0", "1"]
    assert names["refusing"]["rate"].tolist() == [0.25, 0.45]


def test_json_is_for_programs() -> None:
    done = here("sweep", "decision_to_assess.refused", "0.2", "0.4", "--file", WHOLE, "--json")
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ""
    assert [row["value"] for row in json.loads(done.stdout)] == [0.2, 0.4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["meetings.sharre", "0", "1"], 'found "meetings.sharre", did you mean "meetings.share"?'),
        (["meetings.share", "0", "1.5"], "meetings.share: found 1.5, allowed is 0 to 1"),
        (["meetings.share", "0", "none"], 'meetings.share: found the text "none", allowed is'),
        (["meetings.share", "1"], "meetings.share: found 1, allowed is 2 values or more"),
        (["meetings.share", "1", "1"], "meetings.share: found 1 twice"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    out = tmp_path / "sweep.csv"
    done = here("sweep", *arguments, "--file", WHOLE, "--out", out)
    assert done.exit_code == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(said)
    assert not out.exists()


def test_files_that_cannot_be_written_are_refused_before_anything_runs(tmp_path: Path) -> None:
    for option, name in (("--out", "none/a.csv"), ("--chart", "a.png"), ("--chart", "none/a.svg")):
        done = here("refusing", "0.2", "0.4", "--file", WHOLE, option, tmp_path / name)
        assert done.exit_code == 2
        assert str(tmp_path / name) in done.stderr
        assert "simulated" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_rate_that_cannot_be_is_refused() -> None:
    done = here("refusing", "0.2", "45", "--file", WHOLE)
    assert done.exit_code == 2
    assert done.stderr.startswith("decision_to_assess.refused: found 45, allowed is 0 to 1")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    done = here("refusing", "--file", tmp_path / "none.toml")
    assert done.exit_code == 2
    assert "no such file" in done.stderr
