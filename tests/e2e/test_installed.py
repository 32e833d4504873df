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
    script = "import runpy, sys; from ehc_sim.jobs import results_folder as job; "
    script += f"sys.argv = ['ehc-sim', 'check', str(job.shipped({name!r}))]; "
    script += "runpy.run_module('ehc_sim.cli.app', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    files = sorted(path.name for path in (ROOT / "scenarios" / name).glob("*.toml"))
    lines = done.stdout.splitlines()
    assert sorted(Path(line.split(": ")[1]).name for line in lines) == files
    assert all(line.startswith(f"good: {site}") for line in lines)


def nothing_can_be_kept(site: Path, folder: Path) -> dict[str, str]:
    """Return an environment in which no folder beside the program or in a home can be written.

    A file of the name takes the place of each folder, as the tests may run as a user who can write
    anywhere.
    """
    for left in (site / "ehc_sim").rglob("__pycache__"):
        shutil.rmtree(left, ignore_errors=True)
    for below in (site / "ehc_sim", *(site / "ehc_sim").rglob("*")):
        if below.is_dir():
            (below / "__pycache__").write_text("no folder")
    temporary = folder / "temporary"
    temporary.mkdir()
    nowhere = dict.fromkeys(("HOME", "XDG_CACHE_HOME"), os.devnull)
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    return {**kept, **nowhere, "TMPDIR": str(temporary), "PYTHONPATH": str(site)}


def test_what_is_compiled_is_kept_for_the_run_where_nothing_can_be_written(
    site: Path, tmp_path: Path
) -> None:
    """A container or a kiosk: installed read-only, without a home. Workers share what is kept."""
    script = (
        "import subprocess, sys; from pathlib import Path; from tempfile import gettempdir; "
        "from ehc_sim.rng import philox; from numba import types as t; "
        "ints = t.int64[::1]; "
        "philox.uniforms_at.compile((t.uint64, t.uint64, ints, t.int64)); "
        "print(sum(1 for _ in Path(gettempdir()).glob('ehc_sim_*/**/*.nbc'))); "
        "worker = 'from ehc_sim.rng import philox; print(philox.uniforms_at.stats.cache_path)'; "
        "print(subprocess.check_output([sys.executable, '-c', worker], text=True))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        cwd=tmp_path,
        env=nothing_can_be_kept(site, tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    kept, of_worker = done.stdout.split()
    assert int(kept) >= 1
    assert Path(of_worker).is_relative_to(tmp_path / "temporary")
    assert not list((tmp_path / "temporary").glob("ehc_sim_*"))


@pytest.mark.slow
def test_a_run_without_any_folder_to_keep_things_in(site: Path, tmp_path: Path) -> None:
    small = ROOT / "tests" / "data" / "small" / "baseline.toml"
    more = ["--replications", "2", "--out", str(tmp_path / "results")]
    done = subprocess.run(
        [sys.executable, "-m", "ehc_sim.cli.app", "run", str(small), *more],
        check=False,
        cwd=tmp_path,
        env=nothing_can_be_kept(site, tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "results" / "briefing.html").is_file()
