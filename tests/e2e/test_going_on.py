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
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
SAME = ("comparison.csv", "monthly.csv", "yearly.csv", "teams.csv", "replications.parquet")


def started(folder: Path, replications: int, **how) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "ehc_sim.cli", "run", str(SMALL)),
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


def killed_after(folder: Path, replications: int, seconds: float) -> bool:
    """Start a run, kill it and its workers after a while; return whether it was not done yet."""
    process = started(folder, replications)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        return True
    return False


def content(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in SAME}


def finished(folder: Path, replications: int) -> dict[str, bytes]:
    process = started(folder, replications)
    _, said = process.communicate(timeout=300)
    assert process.returncode == 0, said
    assert not list(folder.parent.glob(f".{folder.name}.*"))
    return content(folder)


def check_kills(folder: Path, replications: int, moments: list[float]) -> None:
    began = time.monotonic()
    expected = finished(folder / "whole", replications)
    took = time.monotonic() - began
    kills = 0
    for number, moment in enumerate(moments):
        name = folder / f"killed {number}"
        kills += killed_after(name, replications, moment * took)
        assert finished(name, replications) == expected
    assert kills >= len(moments) - 1


def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    check_kills(tmp_path, 120, [0.6])


@pytest.mark.slow
def test_ten_kills_at_random_moments(tmp_path: Path) -> None:
    draw = random.Random(20_261_126)
    check_kills(tmp_path, 150, [draw.uniform(0.05, 0.95) for _ in range(10)])


def test_a_second_run_to_the_same_folder_is_refused_and_the_first_is_not_hurt(
    tmp_path: Path,
) -> None:
    first = started(tmp_path / "both", 1000)
    end = time.monotonic() + 60
    while not list(tmp_path.glob(".both.parts/*.parquet")):
        assert first.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)
    second = started(tmp_path / "both", 1000)
    _, said = second.communicate(timeout=60)
    assert second.returncode == 2
    assert said.splitlines() == [
        f"{tmp_path / 'both'}: another run is on its way to it; name another folder"
    ]
    _, said = first.communicate(timeout=300)
    assert first.returncode == 0, said
    assert [path.name for path in tmp_path.iterdir()] == ["both"]


def test_a_run_killed_twice_runs_nothing_again_that_was_finished(tmp_path: Path) -> None:
    folder = tmp_path / "twice"
    parts = tmp_path / ".twice.parts"
    for _ in range(2):
        process = started(folder, 2000)
        before = {path.name for path in parts.glob("*.parquet")}
        end = time.monotonic() + 60
        while len(list(parts.glob("*.parquet"))) < len(before) + 3:
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
        written = {path.name: path.stat().st_mtime_ns for path in parts.glob("*.parquet")}
        assert before < written.keys()
    process = started(folder, 2000)
    time.sleep(4)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    now = {path.name: path.stat().st_mtime_ns for path in parts.glob("*.parquet")}
    assert written.items() <= now.items()


def test_what_cannot_be_written_is_said_and_the_rest_is_kept(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the system refuses to write."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    folder = tmp_path / "full"
    process = started(folder, 20, preexec_fn=limit)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1
    last = said.splitlines()[-1]
    assert last.startswith("failed: could not keep ")
    assert re.search(r": replications \d+ to \d+ in ", last)
    assert last.endswith("File too large")
    assert "Traceback" not in said
    assert not folder.exists()
    assert finished(folder, 20) == finished(tmp_path / "whole", 20)
