"""What a check of a scenario does not need is not imported: it answers at once, on any machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
SLOW = {
    *("pandas", "scipy", "numba", "llvmlite", "statsmodels", "simpy", "matplotlib", "pyarrow"),
    *("numpy.ma", "dask", "distributed", "openpyxl", "jinja2", "concurrent.futures.process"),
    *("ehc_sim.jobs.results_folder", "ehc_sim.experiment.replication", "ehc_sim.demand.forecast"),
    *("ehc_sim.engines.simpy.model", "ehc_sim.journey.open_cases.caseload"),
}
SCRIPT = """
import json, sys
from ehc_sim.cli.app import app
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    print(json.dumps(sorted(sys.modules)))
"""


def modules_of(*arguments: str) -> tuple[list[str], set[str]]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    *said, modules = done.stdout.strip().split("\n")
    return said, set(json.loads(modules))


@pytest.mark.parametrize(
    "file",
    [
        "scenarios/somerset/baseline.toml",
        "scenarios/somerset_whole_service/meetings_for_all.toml",
        "tests/data/small/baseline.toml",
    ],
)
def test_a_good_file_is_checked_without_what_forecasts_and_simulates(file: str) -> None:
    said, modules = modules_of("check", file)
    assert said[0].startswith("good: ")
    assert modules & SLOW == set()
    # It has read the record, the published figures and the plans in hand all the same.
    assert {"ehc_sim.demand.reading", "ehc_sim.experiment.published"} <= modules
    assert {"ehc_sim.demand.ladder", "ehc_sim.experiment.size"} <= modules


def test_help_needs_no_scenario() -> None:
    _, modules = modules_of("--help")
    assert modules & {*SLOW, "pydantic", "numpy", "ehc_sim.scenario"} == set()


def test_python_ends_without_a_search_for_garbage() -> None:
    script = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 1000)); "
    script += "import sys; from ehc_sim.cli.app import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "check", "tests/data/small/none.toml"],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "no such file" in done.stderr
    assert done.stdout == "True\n"
