"""The intervals of chances that stopped by themselves hold the truth as often as they say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import binom

from ehc_sim.experiment.chance import LEVEL_OF_LOOKS, chance_interval
from ehc_sim.experiment.study import looks, plan_of

pytestmark = pytest.mark.theory

PLAN = plan_of(None, None, None)
"""A run of which no number is named."""
LOOKS = list(looks(PLAN))
CHANCES = [0.02, 0.2, 0.5, 0.8]
STUDIES = 1000
LONGEST = 700
"""No study of this half-width is longer, whatever the chance."""


@pytest.fixture(scope="module")
def intervals() -> dict[int, NDArray[np.float64]]:
    """Return by look the interval at every number of hits, shape (hits, 2)."""
    return {
        look: np.array(
            [
                chance_interval(np.arange(look) < hits, None, LEVEL_OF_LOOKS)
                for hits in range(look + 1)
            ]
        )
        for look in LOOKS
        if look < LONGEST
    }


def exact_cover(chance: float, intervals: dict[int, NDArray[np.float64]]) -> float:
    """Return how likely the interval of a study that stops by itself holds the chance."""
    going, before, held = np.ones(1), 0, 0.0
    for look, ends in intervals.items():
        steps = np.arange(look - before + 1)
        going = np.convolve(going, binom.pmf(steps, look - before, chance))
        before = look
        stops = ends[:, 1] - ends[:, 0] <= 2 * PLAN.half_width  # type: ignore[operator]
        held += going[stops & (ends[:, 0] <= chance) & (chance <= ends[:, 1])].sum()
        going = np.where(stops, 0.0, going)
    assert going.sum() < 1e-9, "some studies are longer"
    return float(held)


@pytest.mark.parametrize("chance", CHANCES)
def test_the_interval_at_the_stop_holds_the_chance_in_95_of_100_studies(
    chance: float, intervals: dict[int, NDArray[np.float64]]
) -> None:
    """Worked out over every course of hits; then 1,000 studies replayed, as they would be run."""
    assert 0.93 <= exact_cover(chance, intervals) <= 0.97
    hits = np.random.default_rng(17).random((STUDIES, LONGEST)) < chance
    held = np.zeros(STUDIES, dtype=bool)
    going = np.ones(STUDIES, dtype=bool)
    for look, ends in intervals.items():
        low, high = ends[hits[:, :look].sum(axis=1)].T
        stops = going & (high - low <= 2 * PLAN.half_width)  # type: ignore[operator]
        held |= stops & (low <= chance) & (chance <= high)
        going &= ~stops
    assert not going.any()
    assert 0.93 <= held.mean() <= 0.97


def test_no_chance_from_a_two_hundredth_on_is_held_less_often_than_in_93_of_100_studies(
    intervals: dict[int, NDArray[np.float64]],
) -> None:
    covers = [exact_cover(chance, intervals) for chance in np.arange(0.005, 0.5, 0.0025)]
    assert min(covers) > 0.93
    assert 0.95 <= np.mean(covers) <= 0.97


def even(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Return van der Corput's points with nested scrambling, another one each time."""
    numbers, digits = np.arange(count), 10
    place, path = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for level in range(digits):
        digit = (numbers >> level) & 1
        place = 2 * place + (digit ^ (rng.random(2**level) < 0.5)[path])
        path = path + (digit << level)
    return np.asarray((place + rng.random(count)) / 2**digits)


@pytest.mark.slow
@pytest.mark.parametrize("explained", [0.0, 0.72])
@pytest.mark.parametrize("chance", CHANCES)
def test_with_requests_drawn_evenly_it_does_so_too(chance: float, explained: float) -> None:
    """Requests explain so much of what decides; what they leave of it is the interval's."""
    rng = np.random.default_rng(5)
    held = []
    for _ in range(STUDIES):
        places = even(rng, LONGEST)
        decides = np.sqrt(explained) * ndtri(places)
        decides += np.sqrt(1 - explained) * rng.standard_normal(LONGEST)
        hits = decides < ndtri(chance)
        for look in LOOKS:
            low, high = chance_interval(hits[:look], places[:look], LEVEL_OF_LOOKS)
            if high - low <= 2 * PLAN.half_width:  # type: ignore[operator]
                break
        held.append(low <= chance <= high)
    assert 0.93 <= np.mean(held) <= 0.97
