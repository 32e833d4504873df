"""The package as it is installed, away from the project's folder, has the shipped scenarios."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as pyproject.toml has the wheel laid out, without what is not in it."""
    folder = tmp_path_factory.mktemp("site")
    with (ROOT / "pyproject.toml").open("rb") as file:
        wheel = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["wheel"]
    for name in wheel["packages"]:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name, place in wheel["force-include"].items():
        shutil.copytree(ROOT / name, folder / place)
    return folder


@pytest.mark.parametrize("name", ["somerset", "somerset_whole_service", "somerset_open_cases"])
def test_a_folder_of_scenarios_is_there_and_good(name: str, site: Path, tmp_path: Path) -> None:
    script = "import runpy, sys; from ehc_sim import job; "
    script += f"sys.argv = ['ehc-sim', 'check', str(job.shipped({name!r}))]; "
    script += "runpy.run_module('ehc_sim.cli', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    files = sorted(path.name for path in (ROOT / "scenarios" / name).glob("*.toml"))
    lines = done.stdout.splitlines()
    assert sorted(Path(line.split(": ")[1]).name for line in lines) == files
    assert all(line.startswith(f"good: {site}") for line in lines)
