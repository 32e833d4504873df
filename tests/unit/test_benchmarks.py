"""The benchmark compares like with like: both models give the same times."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import simpy_model, workload
from benchmarks.textbook import TextbookModel
from ehc_sim.pathway import run

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("load", simpy_model.LOADS)
def test_both_models_finish_every_case_at_the_same_time(load: float) -> None:
    work = simpy_model.untied_workload(load, years=1, a_year=300)
    log = run(workload.network(1), workload.draw(work))
    textbook = TextbookModel(work)
    assert np.array_equal(simpy_model.finished(log), textbook.run())
    assert (simpy_model.finished(log) > work.arrived).all()


def test_the_load_of_the_writers_is_the_one_asked_for() -> None:
    work = workload.make(1.15, years=5, seed=1)
    offered = work.work["writing"][(work.review == 1) | (work.stops == 0)].sum()
    offered_by_posts = workload.WRITERS * 5 * workload.MINUTES_A_YEAR * workload.TICKS_A_MINUTE
    assert offered / offered_by_posts == pytest.approx(1.15, rel=0.03)
