"""Runs on a Dask cluster: real schedulers and workers, as processes of this machine."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from ehc_sim.jobs.results_folder import shipped

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
SAME = ("comparison.csv", "monthly.csv", "replications.parquet")


@contextmanager
def process(*command: str, **how) -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen(
        command,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        **how,
    )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait(10)


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A scheduler on 127.0.0.1, of a port of its own choice."""
    file = tmp_path / "scheduler.json"
    dask = (sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", "0")
    with process(*dask, "--no-dashboard", "--scheduler-file", str(file)) as running:
        wait_for(lambda: file.is_file() and "tcp://" in file.read_text(), running)
        yield next(word for word in file.read_text().split('"') if word.startswith("tcp://"))


def worker(address: str, *options: str, **how):
    host = ("--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard")
    return process(sys.executable, "-m", "dask", "worker", address, *host, *options, **how)


def wait_for(happened: Callable[[], bool], running: subprocess.Popen[str]) -> None:
    """Wait as long as it takes, or until what makes it happen has ended."""
    while not happened():
        assert running.poll() is None
        time.sleep(0.1)


def run(folder: Path, *options: str | Path) -> tuple[str, ...]:
    command = (sys.executable, "-m", "ehc_sim.cli.app", "run", *map(str, options))
    return (*command, "--out", str(folder))


def test_a_worker_that_is_killed_loses_nothing(address: str, tmp_path: Path) -> None:
    many = (SMALL, "--replications", "60")
    with ExitStack() as stack:
        first, _ = (stack.enter_context(worker(address, "--no-nanny")) for _ in range(2))
        asked = run(tmp_path / "cluster", *many, "--scheduler", address)
        running = stack.enter_context(process(*asked))
        parts = tmp_path / ".cluster.parts"
        wait_for(lambda: len(list(parts.glob("*.parquet"))) > 3, running)
        first.kill()
        said, _ = running.communicate()
        assert running.returncode == 0, said
    with process(*run(tmp_path / "here", *many)) as running:
        said, _ = running.communicate()
        assert running.returncode == 0, said
    for name in SAME:
        assert (tmp_path / "cluster" / name).read_bytes() == (tmp_path / "here" / name).read_bytes()


def dies_after(seconds: int) -> Callable[[], None]:
    """Have the system end a process that has worked for so long: no task of Somerset's survives."""
    return lambda: resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


@pytest.mark.slow
@pytest.mark.parametrize("nanny", [True, False])
def test_a_task_that_kills_every_worker_is_named(address: str, tmp_path: Path, nanny: bool) -> None:
    options = () if nanny else ("--no-nanny",)
    baseline = shipped() / "baseline.toml"
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(worker(address, *options, preexec_fn=dies_after(6)))
        asked = run(tmp_path / "x", baseline, "--engine", "simpy", "--replications", "5")
        running = stack.enter_context(process(*asked, "--scheduler", address))
        said, _ = running.communicate()
    assert running.returncode == 1
    last = said.splitlines()[-1]
    start = "workers were killed again and again while running" if nanny else "no worker is left"
    assert last.startswith(f"failed: {start}")
    assert "Today's service: replications 0 to 4" in last
    assert "Traceback" not in last


def test_no_scheduler_is_said_in_one_line(tmp_path: Path) -> None:
    with process(*run(tmp_path / "x", SMALL, "--scheduler", "tcp://127.0.0.1:9")) as running:
        said, _ = running.communicate()
    assert running.returncode == 1
    assert said.splitlines()[-1] == "failed: no scheduler answers at tcp://127.0.0.1:9"
