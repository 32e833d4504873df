"""Names as people choose them, from the file to the results folder and back."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ehc_sim.cli.app import app
from tests.scenario_files import SMALL, smallshire

pytestmark = pytest.mark.e2e

NAMES = ["1", "2", "None", "1.50", "A & B <i>, Für Élève – ½"]
FEW = ["--replications", "2", "--processes", "1"]


def here(*arguments: str | Path) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_names_that_look_like_something_else_come_back_as_they_were(tmp_path: Path) -> None:
    smallshire(tmp_path)
    files = []
    for place, name in enumerate(NAMES):
        text = f'extends = "baseline.toml"\nname = {json.dumps(name)}\nwhy = "To see"\n'
        files.append(tmp_path / f"{place}.toml")
        files[-1].write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    code, _, said = here("run", *files, *FEW, "--out", out)
    assert code == 0, said
    code, printed, said = here("compare", out, out, "--json")
    assert code == 0, said
    assert [row["scenario"] for row in json.loads(printed)] == NAMES
    assert all(row["difference"] == 0 for row in json.loads(printed))
    for picture in (out / "charts").glob("*.svg"):
        ElementTree.parse(picture)


def test_the_name_of_a_file_cannot_forge_a_line(tmp_path: Path) -> None:
    """The line of the broken file was wiped, and another, that says good, stood in its place."""
    forged = tmp_path / "a\x1b[2K\rgood: b.toml: Today's service (0 changes)\n.toml"
    text = (SMALL / "baseline.toml").read_text(encoding="utf-8")
    forged.write_text(text.replace("refused = 0.2", "refused = 20"), encoding="utf-8")
    (tmp_path / "history.csv").write_bytes((SMALL / "history.csv").read_bytes())
    code, printed, said = here("check", forged)
    assert code == 2
    assert printed == ""
    assert said.count("\n") == 1
    assert "a\\u{1b}[2K\\u{d}good" in said
    forged.write_text(text, encoding="utf-8")
    code, printed, _ = here("check", forged)
    assert code == 0
    assert printed.startswith("good: ")
    assert "\x1b" not in printed
    assert "\r" not in printed
