"""A pool's ranges are set by the record's own last years, and never below the chance of a count."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.extremes import Limit
from ehc_sim.demand.history import History
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.pool import FOUR
from ehc_sim.demand.spread import Spread, spread_factor
from ehc_sim.rng.streams import Streams

pytestmark = pytest.mark.theory

AHEAD = np.datetime64("2020-01", "M") + np.arange(24)
NO_LIMIT = Limit(1e6, AHEAD[0] - 1)
DRAWS = [Streams(3, r) for r in range(400)]


def record(counts: np.ndarray, steps: tuple[np.datetime64, ...] = ()) -> History:
    index = AHEAD[0] - len(counts) + np.arange(len(counts))
    return History("monthly", index, counts.astype(np.int64), steps=steps)


def weights_of(history: History) -> MonthWeights:
    months = history.index[0] + np.arange(len(history.index) + len(AHEAD))
    return MonthWeights(months, np.ones(len(months)))


def factor_of(history: History) -> float:
    return spread_factor(history, weights_of(history))


def steady(seed: int, months: int = 84, mean: float = 400) -> np.ndarray:
    season = 1 + 0.2 * np.sin(2 * np.pi * np.arange(months) / 12)
    return np.random.default_rng(seed).poisson(mean * season)


def unsettled(seed: int) -> np.ndarray:
    """Five steady years, and then two in which the level goes up and down by a fifth a month."""
    calm = np.zeros(60)
    walk = np.cumsum(np.random.default_rng(seed).normal(0, 0.2, 24))
    return np.random.default_rng(seed).poisson(400 * np.exp(np.concatenate([calm, walk])))


def test_a_steady_record_has_narrower_ranges_and_one_that_became_unsettled_wider() -> None:
    """Half-way between 1 and a factor of 0.5 to 1.3, so from 0.75 to 1.15."""
    still = [factor_of(record(steady(seed))) for seed in range(12)]
    moving = [factor_of(record(unsettled(seed))) for seed in range(12)]
    assert np.mean(still) < 0.95 < 1 < np.mean(moving)
    assert 0.75 <= min(still + moving) <= max(still + moving) <= 1.15


def test_ranges_of_steady_records_hold_what_they_say_more_nearly() -> None:
    """Of 20 records by 24 months; 80% is promised, and the methods alone give far more."""
    shares = []
    for seed in range(20):
        whole = steady(100 + seed, 108)
        history = record(whole[:84])
        fitted = FOUR.fit(history, weights_of(history))
        for factor in (1.0, fitted.factor):
            counts = replace(fitted, factor=factor).paths(AHEAD, DRAWS).counts
            low, high = np.quantile(counts, [0.1, 0.9], axis=0)
            shares.append(np.mean((low <= whole[84:]) & (whole[84:] <= high)))
    alone, calibrated = np.array(shares).reshape(-1, 2).mean(axis=0)
    assert 0.8 < calibrated < alone - 0.01


@pytest.mark.parametrize("months", [24, 35, 36, 47])
def test_a_record_too_short_to_be_cut_off_changes_nothing(months: int) -> None:
    assert factor_of(record(steady(1, months))) == 1


def test_a_step_that_the_planner_confirmed_is_not_held_against_the_methods() -> None:
    counts = steady(2)
    counts[-8:] = counts[-8:] * 2
    stepped = AHEAD[0] - 8
    assert factor_of(record(counts)) > 1
    assert factor_of(record(counts, steps=(stepped,))) < 1


def test_a_pool_says_what_was_done_to_its_ranges() -> None:
    history = record(steady(3))
    fitted = FOUR.fit(history, weights_of(history))
    percent = round(100 * (1 - fitted.factor))
    assert f"The ranges are {percent}% narrower than the methods give" in " ".join(fitted.notes)


def test_a_path_is_its_own_whichever_others_are_made() -> None:
    history = record(steady(4))
    fitted = FOUR.fit(history, weights_of(history))
    assert fitted.factor != 1
    together = fitted.paths(AHEAD, DRAWS[:60]).counts
    again = FOUR.fit(history, weights_of(history))
    assert np.array_equal(again.paths(AHEAD, DRAWS[37:49]).counts, together[37:49])


@dataclass(frozen=True)
class Normal:
    """Counts of which the mean and the variance are known."""

    mean: float
    sd: float

    def paths(self, number: int) -> CountPaths:
        rng = np.random.default_rng(5)
        counts = np.rint(rng.normal(self.mean, self.sd, (number, len(AHEAD))))
        return CountPaths(AHEAD, np.maximum(counts, 0).astype(np.int64))


def test_the_distance_from_the_median_is_multiplied() -> None:
    paths = Normal(400, 60).paths(4000)
    for factor in (0.75, 1.15):
        made = (
            Spread.of(paths, factor, NO_LIMIT)
            .applied(paths, [Streams(1, r) for r in range(4000)])
            .counts
        )
        # the error of a standard deviation is its size over sqrt(2 n); n over all months
        error = 5 / np.sqrt(2 * paths.counts.size)
        assert made.std() == pytest.approx(factor * paths.counts.std(), rel=error)
        assert np.abs(np.median(made, axis=0) - np.median(paths.counts, axis=0)).max() <= 1


def test_ranges_never_fall_below_the_chance_of_a_count() -> None:
    """With a variance 1.2 times the mean, a factor of 0.75 would leave 0.68 of the mean."""
    paths = Normal(100, np.sqrt(120)).paths(4000)
    made = (
        Spread.of(paths, 0.75, NO_LIMIT).applied(paths, [Streams(1, r) for r in range(4000)]).counts
    )
    error = 5 * np.sqrt(2 / made.size)
    assert made.var() >= made.mean() * (1 - error)
    assert made.var() < 110
