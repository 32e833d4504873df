"""A run that was killed goes on where it was, and ends with the same bytes."""

from __future__ import annotations

import os
import random
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small"
REPLICATIONS = 60
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
SAME = ("comparison.csv", "monthly.csv", "yearly.csv", "teams.csv", "replications.parquet")


def started(folder: Path, replications: int, **how) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "ehc_sim.cli.app", "run", str(SMALL)),
            *("--replications", str(replications), "--processes", "2", "--out", str(folder)),
        ],
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        **how,
    )


def parts_of(folder: Path) -> dict[str, int]:
    """Return the batches that are kept for a results folder, with the time of each file."""
    kept = folder.with_name(f".{folder.name}.parts")
    return {path.name: path.stat().st_mtime_ns for path in kept.glob("*.parquet")}


def wait_for_parts(process: subprocess.Popen[str], folder: Path, count: int) -> None:
    """Wait until so many batches are kept, however long that takes."""
    while len(parts_of(folder)) < count:
        assert process.poll() is None, f"ended with {len(parts_of(folder))} batches, not {count}"
        time.sleep(0.01)


def kill(process: subprocess.Popen[str]) -> None:
    """Kill a run and its workers."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in SAME}


def ends_well(process: subprocess.Popen[str]) -> None:
    _, said = process.communicate()
    assert process.returncode == 0, said


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run that nothing stops writes."""
    return finished(tmp_path_factory.mktemp("whole") / "whole", REPLICATIONS)


def finished(folder: Path, replications: int) -> dict[str, bytes]:
    ends_well(started(folder, replications))
    assert not list(folder.parent.glob(f".{folder.name}.*"))
    return content(folder)


def check_kills(
    folder: Path, replications: int, kills: list[tuple[int, float]], expected: dict[str, bytes]
) -> None:
    """Kill runs when so many batches are kept and so many seconds more; they go on."""
    for number, (parts, seconds) in enumerate(kills):
        name = folder / f"killed {number}"
        process = started(name, replications)
        wait_for_parts(process, name, parts)
        time.sleep(seconds)
        kill(process)
        assert finished(name, replications) == expected


def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path, whole: dict[str, bytes]) -> None:
    check_kills(tmp_path, REPLICATIONS, [(8, 0)], whole)


@pytest.mark.slow
def test_ten_kills_at_random_moments(tmp_path: Path) -> None:
    draw = random.Random(20_261_126)
    kills = [(draw.randrange(18), draw.uniform(0, 1)) for _ in range(10)]
    check_kills(tmp_path, 150, kills, finished(tmp_path / "whole", 150))  # of eighteen batches


def test_a_second_run_to_the_same_folder_is_refused_and_the_first_is_not_hurt(
    tmp_path: Path,
) -> None:
    """The first run stands still meanwhile, so that it cannot be done before the second starts."""
    folder = tmp_path / "both"
    first = started(folder, REPLICATIONS)
    wait_for_parts(first, folder, 1)
    os.killpg(first.pid, signal.SIGSTOP)
    second = started(folder, REPLICATIONS)
    _, said = second.communicate()
    os.killpg(first.pid, signal.SIGCONT)
    assert second.returncode == 2
    last = said.splitlines()[-1]
    assert last == f"{folder}: another run is on its way to it; name another folder"
    ends_well(first)
    assert [path.name for path in tmp_path.iterdir()] == ["both"]


def test_a_run_killed_twice_runs_nothing_again_that_was_finished(tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    kept: dict[str, int] = {}
    for _ in range(3):
        process = started(folder, 2000)
        wait_for_parts(process, folder, len(kept) + 3)
        kill(process)
        now = parts_of(folder)
        assert kept.items() < now.items()
        kept = now


def test_what_cannot_be_written_is_said_and_the_rest_is_kept(
    tmp_path: Path, whole: dict[str, bytes]
) -> None:
    """A limit on the size of files stands for a full disk: the system refuses to write."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    folder = tmp_path / "full"
    process = started(folder, REPLICATIONS, preexec_fn=limit)
    _, said = process.communicate()
    assert process.returncode == 1
    last = said.splitlines()[-1]
    assert last.startswith("failed: could not keep ")
    assert re.search(r": replications \d+ to \d+ in ", last)
    assert last.endswith("File too large")
    assert "Traceback" not in said
    assert not folder.exists()
    assert finished(folder, REPLICATIONS) == whole
