"""A race picks the best option, or one within the zone of it, as often as it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from ehc_sim.experiment.kim_nelson import Rules, kim_nelson, of_chances, of_differences
from tests.theory.test_stopping_theory import even

pytestmark = pytest.mark.theory

Floats = NDArray[np.float64]
OPTIONS, ZONE, RACES, LONGEST = 8, 0.5, 200, 400
RULES = Rules(zone=ZONE, most=LONGEST)


def replayed(values: Floats) -> Callable[[Sequence[int], range], Floats]:
    """Return a simulation that was made before, shape (options, replications)."""
    return lambda options, numbers: values[np.ix_(list(options), list(numbers))]


def normal(rng: np.random.Generator, means: Floats, alike: float, sds: Floats) -> Floats:
    """Return normal replications that go together by so much, as under common numbers."""
    shared = rng.standard_normal(LONGEST)
    own = rng.standard_normal((len(means), LONGEST))
    noise = np.sqrt(alike) * shared + np.sqrt(1 - alike) * own
    return np.asarray(means[:, np.newaxis] + sds[:, np.newaxis] * noise)


LEVEL = np.r_[0.0, np.full(OPTIONS - 1, -ZONE)]
"""The hardest means: all others are just a zone below the best."""
FALLING = -ZONE * np.arange(OPTIONS) / 2.0
"""The second is within the zone, and as good."""


@pytest.mark.parametrize("means", [LEVEL, FALLING, FALLING[::-1]])
@pytest.mark.parametrize("alike", [0.0, 0.7])
@pytest.mark.parametrize("spread", [0.0, 0.8])
def test_95_of_100_races_pick_an_option_within_the_zone(
    means: Floats, alike: float, spread: float
) -> None:
    rng = np.random.default_rng(3)
    sds = 1 + spread * np.linspace(-1, 1, OPTIONS)
    good = 0
    for _ in range(RACES):
        raced = kim_nelson(replayed(normal(rng, means, alike, sds)), OPTIONS, RULES)
        good += raced.decided and means[raced.best] > means.max() - ZONE
    assert good >= 0.95 * RACES


def test_common_numbers_and_clear_losers_make_a_race_short() -> None:
    rng = np.random.default_rng(3)
    sds = np.ones(OPTIONS)

    def run(means: Floats, alike: float) -> int:
        raced = kim_nelson(replayed(normal(rng, means, alike, sds)), OPTIONS, RULES)
        return sum(map(len, raced.values))

    level = sum(run(LEVEL, 0.0) for _ in range(20))
    assert sum(run(LEVEL, 0.8) for _ in range(20)) < 0.7 * level
    assert sum(run(8 * LEVEL, 0.0) for _ in range(20)) < 0.7 * level


def test_replications_drawn_evenly_make_no_more_errors() -> None:
    """Requests explain most of the differences; their plain variance says more than there is."""
    rng = np.random.default_rng(3)
    weights = np.linspace(0.2, 1.2, OPTIONS)
    good = 0
    for _ in range(RACES):
        shared = ndtri(even(rng, LONGEST))
        values = LEVEL[:, np.newaxis] + weights[:, np.newaxis] * shared
        values += 0.4 * rng.standard_normal((OPTIONS, LONGEST))
        good += kim_nelson(replayed(values), OPTIONS, RULES).best == 0
    assert good >= 0.95 * RACES


def test_chances_are_raced_too() -> None:
    """Chances of 0.1 to 0.3 and one of 0.4, of the same futures; the zone is 10 points."""
    rng = np.random.default_rng(3)
    chances = np.array([0.1, 0.2, 0.4, 0.3, 0.02])
    rules = Rules(zone=0.1, first=55, most=LONGEST)
    good = 0
    for _ in range(RACES):
        shared = np.sqrt(0.7) * rng.standard_normal(LONGEST)
        decides = shared + np.sqrt(0.3) * rng.standard_normal((5, LONGEST))
        hits = (decides < ndtri(chances)[:, np.newaxis]).astype(float)
        good += kim_nelson(replayed(hits), 5, rules, of_chances).best == 2
    assert good >= 0.95 * RACES


def test_the_first_replications_that_show_no_difference_decide_nothing() -> None:
    """Neither meets the target in the first 55; from then on only the second one does."""
    hits = np.zeros((2, LONGEST))
    hits[1, 55:] = 1.0
    rules = Rules(zone=0.05, first=55, most=LONGEST)
    assert kim_nelson(replayed(hits), 2, rules, of_chances).best == 1


def test_options_that_do_the_same_end_level_and_the_first_is_picked() -> None:
    row = np.random.default_rng(3).standard_normal(LONGEST)
    raced = kim_nelson(replayed(np.stack([row - 9, row, row])), 3, RULES)
    assert (raced.best, raced.decided) == (1, True)
    assert [len(values) for values in raced.values] == [20, 20, 20]
    assert raced.beaten_by == [1, None, None]


def test_a_race_that_ends_at_its_most_replications_says_so() -> None:
    values = np.random.default_rng(3).standard_normal((2, LONGEST))
    raced = kim_nelson(replayed(values), 2, Rules(zone=0.01, most=42))
    assert not raced.decided
    assert [len(values) for values in raced.values] == [42, 42]


def test_variances_of_differences_are_those_of_the_pairs() -> None:
    values = np.random.default_rng(3).standard_normal((3, 30))
    found = of_differences(values)
    for one in range(3):
        for other in range(3):
            wanted = (values[one] - values[other]).var(ddof=1)
            assert found[one, other] == pytest.approx(wanted, abs=1e-12)
    hits = (values > 0).astype(float)
    assert (np.diag(of_chances(hits)) == 0).all()
    added = np.r_[hits[0] - hits[1], 1.0, -1.0, 0.0, 0.0]
    assert of_chances(hits)[0, 1] == pytest.approx(added.var() * 30 / 29)
