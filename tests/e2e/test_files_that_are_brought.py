"""Files of every kind that people name: what is checked runs, and nothing hangs or is echoed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ehc_sim.cli.app import app
from ehc_sim.scenario import load
from tests.scenario_files import SMALL
from tests.unit.broken_caseloads import AT_ADVICE, DRAFTING, REGISTRATION, file_of
from tests.unit.test_inputs_sheet import workbook

pytestmark = pytest.mark.e2e

NAMED = {
    "history": '[demand]\nhistory = "it"\n',
    "terms": '[council]\nterms = "it"\n',
    "published": '[council]\npublished = "it"\n',
    "members": '[explanations]\nmembers = "it"\n',
    "plans": '[plans]\nin_hand = "it"\n',
    "open cases": 'leaves_out = ["plans"]\n[period]\nrun_in_from = 2023-01-01\n'
    '[caseload]\nopen_cases = "it"\n',
}
"""Settings of a scenario that name a file."""


def ehc_sim(*arguments: str | Path | int) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)))


def naming(folder: Path, setting: str, file: str) -> Path:
    """Return a scenario that names a file of its folder at a setting."""
    for one in SMALL.iterdir():
        shutil.copy(one, folder / one.name)
    base = "whole_service.toml" if setting == "plans" else "baseline.toml"
    path = folder / "named.toml"
    head = f'extends = "{base}"\nname = "Named"\nwhy = "To see"\n'
    path.write_text(head + NAMED[setting].replace('"it"', f'"{file}"'), encoding="utf-8")
    return path


def one_line(done: Result) -> str:
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("setting", NAMED)
@pytest.mark.parametrize("kind", ["garbage", "empty", "a null", "a folder", "a pipe", "large"])
def test_a_file_that_is_none_is_found_by_check_in_one_line(
    setting: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "it"
    if kind == "a folder":
        path.mkdir()
    elif kind == "a pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("there are no pipes by name on Windows")
        os.mkfifo(path)
    elif kind == "large":
        with path.open("wb") as file:
            file.truncate(200_000_000)
    else:
        content = {"garbage": bytes(range(1, 256)), "empty": b"", "a null": b"a,b\n\0,1\n"}
        path.write_bytes(content[kind])
    scenario = naming(tmp_path, setting, "it")
    line = one_line(ehc_sim("check", scenario))
    assert str(tmp_path / "it") in line
    assert one_line(ehc_sim("run", scenario, "--out", tmp_path / "results")) == line
    assert not (tmp_path / "results").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes by name on Windows")
def test_a_scenario_that_is_a_pipe_a_device_or_of_megabytes_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert "found a pipe" in one_line(ehc_sim("check", tmp_path / "pipe.toml"))
    assert "found a device" in one_line(ehc_sim("check", "/dev/zero"))
    assert "found a pipe" in one_line(ehc_sim("check", tmp_path))  # a folder with it
    (tmp_path / "pipe.toml").unlink()
    (tmp_path / "a.toml").write_bytes(b"#" * 2_000_000)
    assert "found 2.0 MB, allowed are 1.0 MB" in one_line(ehc_sim("check", tmp_path / "a.toml"))
    (tmp_path / "a.toml").write_text("name = " + "[" * 5_000)
    assert "within one another" in one_line(ehc_sim("check", tmp_path / "a.toml"))
    (tmp_path / "a.toml").write_text("name = " + "9" * 5_000)
    assert "thousands of digits" in one_line(ehc_sim("check", tmp_path / "a.toml"))


def test_a_caseload_of_excel_in_any_form_is_the_same(tmp_path: Path) -> None:
    from ehc_sim.journey.open_cases.caseload import read_caseload

    settings = load(SMALL / "baseline.toml").base
    plain = file_of(REGISTRATION, DRAFTING, AT_ADVICE)
    (tmp_path / "plain.csv").write_text(plain)
    expected = read_caseload(tmp_path / "plain.csv", settings)
    british = [[_british(cell) for cell in line.split(",")] for line in plain.splitlines()]
    forms = {
        "semicolons.csv": "\n".join(";".join(row) for row in british).encode("cp1252"),
        "tabs.txt": "\r\n".join("\t".join(row) for row in british).encode("utf-16"),
        "title.csv": ("Open cases\n\n" + plain).encode("utf-8-sig"),
    }
    for name, content in forms.items():
        (tmp_path / name).write_bytes(content)
        assert read_caseload(tmp_path / name, settings) == expected, name
    rows: list[list[object]] = [list(line.split(",")) for line in plain.splitlines()]
    assert read_caseload(workbook(tmp_path, cases=rows), settings) == expected


def _british(cell: str) -> str:
    parts = cell.split("-")
    return "/".join(reversed(parts)) if len(parts) == 3 else cell


def test_one_mistake_in_every_row_of_a_caseload_is_few_lines(tmp_path: Path) -> None:
    rows = [REGISTRATION | {"reference": f"2022-{n:05d}", "received": "week 3"} for n in range(500)]
    (tmp_path / "it").write_text(file_of(*rows))
    done = ehc_sim("check", naming(tmp_path, "open cases", "it"))
    lines = done.stderr.splitlines()
    assert done.exit_code == 2
    assert len(lines) == 6
    assert lines[-1].endswith("it: and 495 more of this kind (lines 7 to 501)")
    assert "week 3" not in done.stderr


def test_days_that_can_be_read_in_two_ways_are_one_question(tmp_path: Path) -> None:
    row = REGISTRATION | {"received": "05/12/2022", "since": "06/12/2022"}
    rows = [row | {"reference": f"2022-{n:05d}"} for n in range(50)]
    (tmp_path / "it").write_text(file_of(*rows))
    line = one_line(ehc_sim("check", naming(tmp_path, "open cases", "it")))
    assert "it:2: column received: is 03/04/2024 in March or in April?" in line


def test_rows_of_requests_about_persons_are_refused_and_not_repeated(tmp_path: Path) -> None:
    for content, personal in (
        ("date,reference\n2022-03-14,Oliver Smith\n", "oliver"),
        ("date,Pupil's name\n2022-03-14,x\n", "pupil's"),
        ("date,source\n2022-03-14,A801200001001 H801200001001\n", "h801200001001"),
        ("date,need\n2022-03-14,TA1 4DY\n", "ta1"),
        ("date,need\nOliver Smith,SLCN\n", "oliver"),
        ("date,need,Oliver Smith\n2022-03-14,SLCN,x\n", "oliver"),
        ("Oliver Smith,2011-02-17\nAmy Jones,2012-03-04\n", "oliver"),
    ):
        (tmp_path / "it").write_text(content)
        done = ehc_sim("check", naming(tmp_path, "history", "it"))
        assert done.exit_code == 2, content
        assert personal not in done.stderr.lower(), content
