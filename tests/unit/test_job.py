"""What is said when a run cannot go on, and what of it is kept."""

from __future__ import annotations

import errno
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ehc_sim.experiment.batches import RunFailed
from ehc_sim.experiment.study import Plan
from ehc_sim.jobs.results_folder import PartlyDone, run
from ehc_sim.scenario import Scenario
from tests.scenario_files import smallshire

pytestmark = pytest.mark.unit


def after(replications: int, fault: BaseException) -> Callable[[int, int], None]:
    """Return a progress that ends a run when so many replications are done."""

    def progress(done: int, wanted: int) -> None:
        if done > replications:
            raise fault

    return progress


@pytest.fixture
def scenarios(tmp_path: Path) -> list[Scenario]:
    return [smallshire(tmp_path)]


def test_too_little_memory_is_said_with_what_is_kept(
    scenarios: list[Scenario], tmp_path: Path
) -> None:
    with pytest.raises(PartlyDone) as fault:
        run(scenarios, Plan(10), tmp_path / "r", after(5, MemoryError()))
    assert str(fault.value) == (
        "there is not enough memory; try fewer processes (--processes 1); "
        "5 replications are kept: the same command goes on from there"
    )
    done: list[int] = []
    written = run(scenarios, Plan(10), tmp_path / "r", lambda now, wanted: done.append(now))
    assert written.summary["replications"].tolist() == [10]
    assert done == [5, 10]


def test_too_little_memory_before_anything_is_kept_leaves_nothing(
    scenarios: list[Scenario], tmp_path: Path
) -> None:
    before = set(tmp_path.iterdir())
    with pytest.raises(RunFailed, match="there is not enough memory"):
        run(scenarios, Plan(10), tmp_path / "r", after(0, MemoryError()))
    assert set(tmp_path.iterdir()) == before


def test_a_fault_of_the_system_is_said_with_what_is_kept(
    scenarios: list[Scenario], tmp_path: Path
) -> None:
    fault = OSError(errno.ENOMEM, "Cannot allocate memory")
    with pytest.raises(PartlyDone, match="Cannot allocate memory; 5 replications are kept"):
        run(scenarios, Plan(10), tmp_path / "r", after(5, fault))


@pytest.mark.parametrize(("replications", "said"), [(0, "nothing was written"), (5, "5 repl")])
def test_an_interrupt_says_what_is_kept(
    replications: int, said: str, scenarios: list[Scenario], tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt, match=f"stopped; {said}"):
        run(scenarios, Plan(10), tmp_path / "r", after(replications, KeyboardInterrupt()))


def test_an_interrupt_while_results_are_written_says_what_is_kept(
    scenarios: list[Scenario], tmp_path: Path
) -> None:
    """The interrupt comes from the system, when the tables are there and charts are drawn."""

    def interrupt() -> None:
        while not (tmp_path / ".r.part" / "manifest.json").is_file():
            time.sleep(0.001)
        signal.raise_signal(signal.SIGINT)

    # A shell starts what it runs in the background with interrupts ignored, these tests too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        thread = threading.Thread(target=interrupt, daemon=True)
        thread.start()
        with pytest.raises(KeyboardInterrupt, match="stopped; 5 replications are kept"):
            run(scenarios, Plan(5), tmp_path / "r", lambda done, wanted: None)
        thread.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert not (tmp_path / "r").exists()
    assert not (tmp_path / ".r.part").exists()
