"""The 95% ranges of why requests rise hold the truth 95% of the time, where the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.demand.rise.chance import drawn_again, ranges
from ehc_sim.demand.rise.explain import beside_england, population_mix_rate
from ehc_sim.demand.yearly import TRANSIENT_SD

pytestmark = pytest.mark.theory

RECORDS = 400
SHAPE = np.array([1.0, 2.0, 1.5, 0.5])
ENGLAND = np.array([60_000.0, 30_000.0, 40_000.0, 8_000.0]), np.array([65e3, 33e3, 42e3, 9e3])
CHILDREN = np.array([30e3, 40e3, 30e3, 60e3]), np.array([29.4e3, 40e3, 30.9e3, 61.2e3])


def worked_out(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Return every number that is shown with a range: England, the rate, and each group."""
    return np.concatenate(
        [
            beside_england(before, after, *ENGLAND),
            population_mix_rate(before, after, *CHILDREN)[..., 2:],
            after - before,
            (after - before).sum(-1, keepdims=True),
        ],
        axis=-1,
    )


@pytest.mark.parametrize("size", [20, 100, 400])
def test_ranges_hold_the_truth_nineteen_times_in_twenty(size: int) -> None:
    """Counts of known expectation: a gamma factor for each year, then Poisson in each group."""
    rng = np.random.default_rng(size)
    first, last = size * SHAPE, size * SHAPE * np.array([1.3, 1.0, 1.1, 1.2])
    truth = worked_out(first, last)
    held = np.zeros((RECORDS, len(truth)))
    for record in range(RECORDS):
        factor = rng.gamma(1 / TRANSIENT_SD**2, TRANSIENT_SD**2, 2)
        before, after = rng.poisson(first * factor[0]), rng.poisson(last * factor[1])
        ends = ranges(worked_out, before.astype(float), after.astype(float))
        held[record] = (ends[:, 0] <= truth) & (truth <= ends[:, 1])
    coverage = held.mean(axis=0)
    error = np.sqrt(0.95 * 0.05 / RECORDS)  # of a share of 400 records: 1.1 points
    assert coverage.mean() == pytest.approx(0.95, abs=2 * error)
    assert np.all(np.abs(coverage - 0.95) < 4 * error), coverage


def test_redrawn_counts_have_the_variance_of_a_negative_binomial() -> None:
    """Of a mean m and a factor of variance v: m + v m²; two groups share v m n."""
    mean = np.array([50.0, 400.0])
    drawn, _ = drawn_again(mean, mean, draws=200_000, spread=0.1)
    assert drawn.mean(axis=0) == pytest.approx(mean, rel=0.002)
    covariance = np.cov(drawn.T)
    assert np.diag(covariance) == pytest.approx(mean + 0.01 * mean**2, rel=0.02)
    assert covariance[0, 1] == pytest.approx(0.01 * 50 * 400, rel=0.05)


def test_where_nothing_changed_one_in_twenty_is_called_clear() -> None:
    rng = np.random.default_rng(3)
    clear = 0
    for _ in range(RECORDS):
        factor = rng.gamma(1 / TRANSIENT_SD**2, TRANSIENT_SD**2, 2)
        before, after = (rng.poisson(100 * SHAPE * one).astype(float) for one in factor)
        england = 1000 * SHAPE
        own = ranges(lambda b, a, e=england: beside_england(b, a, e, e), before, after)[2]
        clear += bool(own[0] > 0 or own[1] < 0)
    assert clear / RECORDS == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / RECORDS))
