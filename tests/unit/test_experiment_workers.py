"""Batches that are run in processes are handed over, and not kept."""

from __future__ import annotations

import gc
from pathlib import Path
from weakref import ref

import pytest

from ehc_sim.experiment.batches import Batch
from ehc_sim.experiment.workers import run_batches
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
