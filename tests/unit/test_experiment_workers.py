"""Batches that are run in processes are handed over, and not kept; the processes end."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path
from weakref import ref

import pytest
from loky import get_reusable_executor
from numba import njit, types

from ehc_sim.engines.compiled.model import compile_model
from ehc_sim.experiment import workers
from ehc_sim.experiment.batches import Batch
from ehc_sim.experiment.workers import end_workers, run_batches
from tests.runs import SEED
from tests.scenario_files import smallshire

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


def test_memory_does_not_grow_with_the_batches_that_are_done(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path)
    batches = [Batch(scenario, SEED, first, 1) for first in range(6)]
    seen = []
    for _, tables in run_batches(batches, 2, lambda batch: None):
        seen.append(ref(tables["totals"]))
        del tables
        gc.collect()
        assert sum(one() is not None for one in seen) <= 1  # that which was just handed over
    assert len(seen) == len(batches)


def test_processes_end_when_no_more_is_to_be_run(tmp_path: Path) -> None:
    batches = [Batch(smallshire(tmp_path), SEED, first, 1) for first in range(2)]
    for _ in range(2):
        assert len(list(run_batches(batches, 2, lambda batch: None))) == 2
        started = get_reusable_executor(reuse=True)._processes
        assert len(started) == 2
        end_workers()
        assert not started
    end_workers()  # again, with none left


def test_no_more_processes_start_than_there_are_batches(tmp_path: Path) -> None:
    batches = [Batch(smallshire(tmp_path), SEED, first, 1) for first in range(2)]
    assert len(list(run_batches(batches, 12, lambda batch: None))) == 2
    assert len(get_reusable_executor(reuse=True)._processes) == 2
    end_workers()


def test_a_single_batch_starts_no_process(tmp_path: Path) -> None:
    end_workers()
    batch = Batch(smallshire(tmp_path), SEED, 0, 1)
    assert len(list(run_batches([batch], 12, lambda batch: None))) == 1
    assert not workers._waiting


def test_nothing_is_compiled_where_nothing_is_left_to_run(capfd: pytest.CaptureFixture) -> None:
    assert list(run_batches([], 2, lambda batch: None)) == []
    assert not workers._waiting
    assert capfd.readouterr().err == ""


def test_what_was_compiled_before_is_told_from_what_is_compiled_now() -> None:
    """However long either takes: workers that compiled are replaced, others are used on."""

    @njit
    def one_more(number: int) -> int:
        return number + 1

    def compile_it() -> None:
        one_more.compile((types.int64,))

    assert workers._compiles(compile_it)
    assert not workers._compiles(compile_it)
    assert len(one_more.signatures) == 1


def test_what_another_process_compiled_is_not_compiled_again() -> None:
    compile_model()  # kept on disk from here on
    script = "from ehc_sim.experiment import workers; "
    script += "print(workers._compiles(workers.compile_model))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "False\n"
    assert workers.COMPILING not in done.stderr
