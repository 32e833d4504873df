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


def test_shares_in_the_ranges_by_hand() -> None:
    """Of paths 0, 1, … 1,000 the 80% range is 100 to 900 and the 95% range 25 to 975."""
    actual = np.array([24.0, 25.0, 99.0, 100.0, 900.0, 901.0, 975.0, 976.0])
    sample = np.tile(np.arange(1001.0)[:, np.newaxis], len(actual))
    found = scores(sample, actual, Scale(1.0, 1.0))
    assert found["in80"] == 2 / 8
    assert found["in95"] == 6 / 8


@pytest.mark.parametrize(("total", "inside"), [(99, False), (100, True), (900, True), (901, False)])
def test_a_total_is_judged_by_its_80_percent_range_at_both_ends(total: int, inside: bool) -> None:
    """A year's total of paths 0, 1, … 1,000, all of it in the first month."""
    sample = np.zeros((1001, 12))
    sample[:, 0] = np.arange(1001.0)
    actual = np.r_[float(total), np.zeros(11)]
    assert totals_in_80(sample, actual, np.ones(12, dtype=bool)) == [inside]


@pytest.mark.parametrize("changes", [np.zeros(5), np.zeros(0)])
def test_of_a_record_that_never_changes_no_error_can_be_measured(changes: np.ndarray) -> None:
    found = scores(np.array([[9.0], [11.0], [12.0]]), np.array([10.0]), Scale.of(changes))
    assert np.isnan([found["mase"], found["rmsse"], found["crps"]]).all()
    assert found["bias"] == pytest.approx(0.1)
    assert found["in80"] == found["in95"] == 1


def test_where_nothing_came_the_middle_is_not_so_much_too_high() -> None:
    found = scores(np.ones((3, 2)), np.zeros(2), Scale(1.0, 1.0))
    assert np.isnan(found["bias"])
    assert found["mase"] == 1
