"""Batches that are run in processes are handed over, and not kept; the processes end."""

from __future__ import annotations

import gc
from pathlib import Path
from weakref import ref

import pytest
from loky import get_reusable_executor

from ehc_sim.experiment.batches import Batch
from ehc_sim.experiment.workers import end_workers, run_batches
from tests.runs import SEED
from tests.scenario_files import smallshire

pytestmark = pytest.mark.unit


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
        workers = get_reusable_executor(reuse=True)._processes
        assert len(workers) == 2
        end_workers()
        assert not workers
    end_workers()  # again, with none left
