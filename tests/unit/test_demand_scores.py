"""Scores of forecasts, by hand and on forecasts that are known to be honest or not."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.demand.scores import Scale, crps, pit, scores, totals_in_80

pytestmark = pytest.mark.unit


def test_scores_by_hand() -> None:
    """Three paths of two months: medians 10 and 20, means 11 and 20; 12 and 26 happened."""
    sample = np.array([[9.0, 14.0], [10.0, 20.0], [14.0, 26.0]])
    found = scores(sample, np.array([12.0, 26.0]), Scale.of(np.array([2.0, -6.0])))
    assert found["mase"] == pytest.approx((2 + 6) / 2 / 4)
    assert found["rmsse"] == pytest.approx(np.sqrt((1 + 36) / 2 / 20))
    assert found["bias"] == pytest.approx(30 / 38 - 1)
    # E|X - y| is (3 + 2 + 2)/3 and (12 + 6 + 0)/3; E|X - X'| is 2(1 + 5 + 4)/9 and 2(6 + 12 + 6)/9.
    by_month = [7 / 3 - 10 / 9, 6 - 24 / 9]
    assert crps(sample, np.array([12.0, 26.0])) == pytest.approx(by_month)
    assert found["crps"] == pytest.approx(np.mean(by_month) / 4)


def test_a_single_number_scores_its_error() -> None:
    assert crps(np.array([[7.0, 7.0]]), np.array([10.0, 7.0])).tolist() == [3.0, 0.0]


def test_places_of_counts_are_even_for_an_honest_forecast_and_not_for_others() -> None:
    rng = np.random.default_rng(1)
    actual = rng.poisson(3.0, 6000).astype(float)
    uniforms = rng.random(6000)
    for mean, honest in ((3.0, True), (4.0, False)):
        sample = rng.poisson(mean, (400, 6000)).astype(float)
        share = np.histogram(pit(sample, actual, uniforms), bins=10, range=(0, 1))[0] / 6000
        off = np.abs(share - 0.1).max()
        assert (off < 5 * np.sqrt(0.09 / 6000)) == honest


def test_only_whole_years_have_a_total_and_each_counts_once() -> None:
    rng = np.random.default_rng(2)
    sample = rng.poisson(100, (500, 36)).astype(float)
    actual = np.r_[np.full(12, 100.0), np.full(12, 100.0), np.full(12, 150.0)]
    whole = np.ones(36, dtype=bool)
    assert totals_in_80(sample, actual, whole) == [True, True, False]
    whole[13] = False
    assert totals_in_80(sample, actual, whole) == [True, False]


def test_a_record_that_never_changes_has_a_scale_above_zero() -> None:
    for changes in (np.zeros(5), np.zeros(0)):
        scale = Scale.of(changes)
        assert scale.absolute > 0
        assert scale.square > 0
