"""The places of replications reach the tables: what they know is surer where they lie evenly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ehc_sim.catalogue.tables import MEASURES
from ehc_sim.experiment.chance import (
    chance_interval,
    mean_interval,
    paired_chance_interval,
    worth,
)
from ehc_sim.experiment.pairs import pair
from ehc_sim.experiment.scenario_result import PLACE, ScenarioResult
from ehc_sim.rng.even import places_of
from ehc_sim.tables import Table
from tests.scenario_files import smallshire

pytestmark = pytest.mark.unit

N = 100


def result(folder: Path, places: np.ndarray, seed: int) -> ScenarioResult:
    """Return a result of which the share on time is what its places say, and some chance."""
    own = np.random.default_rng(seed).normal(0, 0.1, N)
    on_time = np.clip(0.7 - seed * 0.6 * (places_of(3, range(N)) - 0.5) + own, 0, 1)
    rows = [
        Table.of_one(dict.fromkeys((row.name for row in MEASURES["totals"]), 1.0) | more)
        for more in (
            {"on_time": share, PLACE: place} for share, place in zip(on_time, places, strict=True)
        )
    ]
    return ScenarioResult(smallshire(folder), {"totals": Table.stacked(rows)})


def test_pairs_are_told_apart_by_what_their_places_leave(tmp_path: Path) -> None:
    places = places_of(3, range(N))
    even = pair(result(tmp_path, places, 1), result(tmp_path, places, 2))
    nan = np.full(N, np.nan)
    plain = pair(result(tmp_path, nan, 1), result(tmp_path, nan, 2))
    a, b = (result(tmp_path, places, seed).total("on_time") for seed in (1, 2))
    found = [even[f"on_time_{end}"] for end in ("difference", "low", "high")]
    assert found == pytest.approx(mean_interval(b - a, places))
    plainly = [plain[f"on_time_{end}"] for end in ("difference", "low", "high")]
    assert plainly == pytest.approx(mean_interval(b - a))
    assert found[2] - found[1] < 0.95 * (plainly[2] - plainly[1])
    for name in ("replications", "both_met", "only_first", "only_second", "neither"):
        assert even[name] == plain[name]
    counts = [even[name] for name in ("both_met", "only_first", "only_second", "neither")]
    low, high = paired_chance_interval(*counts)
    assert (plain["chance_low"], plain["chance_high"]) == pytest.approx((low, high))
    assert low <= even["chance_low"] < even["chance_difference"] < even["chance_high"] <= high


@pytest.mark.parametrize("place", [0.0, 1.0, np.nan])
def test_what_is_no_place_makes_them_plain_draws(tmp_path: Path, place: float) -> None:
    places = places_of(3, range(N))
    assert result(tmp_path, places, 1).places is not None
    places[5] = place
    assert result(tmp_path, places, 1).places is None


def test_the_order_in_which_replications_come_says_nothing() -> None:
    places = places_of(3, range(N))
    hits = places + np.random.default_rng(1).normal(0, 0.2, N) < 0.5
    other = np.random.default_rng(2).permutation(N)
    assert chance_interval(hits[other], places[other]) == pytest.approx(
        chance_interval(hits, places)
    )
    low, high = chance_interval(hits, places)
    plain = chance_interval(hits)
    assert plain[0] < low < hits.mean() < high < plain[1]


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_a_handful_are_plain_draws(n: int) -> None:
    places, hits = places_of(3, range(n)), np.arange(n) < 1
    assert chance_interval(hits, places) == chance_interval(hits)
    assert worth(hits, places) == 1.0
