"""Intervals of evenly drawn replications hold what is true as often as they say.

Made studies, in which what is true is known: requests explain seven tenths of how a service does,
as they do in Somerset's futures, and are chosen from candidates as a study chooses them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtri

from ehc_sim.demand.even import CANDIDATES, REPLICATIONS_A_SET
from ehc_sim.experiment.chance import (
    chance_interval,
    mean_interval,
    paired_chance_interval,
    paired_chance_p,
    paired_mean_p,
    ratio_interval,
    worth,
)
from ehc_sim.rng.even import places_of

pytestmark = pytest.mark.theory

STUDIES, MOST = 400, 200
EXPLAINED = 0.7
CHANCES = (0.02, 0.2, 0.5, 0.8)
SIZES = (30, 55, 100, 200)
TEST = 0.05
Floats = NDArray[np.float64]


class Studies(NamedTuple):
    """Places, and normal scores of requests, the rest and an option's own, by study."""

    places: Floats
    requests: Floats
    other: Floats
    own: Floats
    truths: Floats

    def well(self) -> Floats:
        """Return how well each replication does, as a normal score."""
        return np.sqrt(EXPLAINED) * self.requests + np.sqrt(1 - EXPLAINED) * self.other


@pytest.fixture(scope="module")
def studies() -> Studies:
    rng = np.random.default_rng(20261129)
    places = np.array([places_of(seed, range(MOST)) for seed in range(STUDIES)])
    sets = -(-MOST // REPLICATIONS_A_SET)
    candidates = np.sort(rng.standard_normal((STUDIES, sets, CANDIDATES)), axis=2)
    of_set = np.arange(MOST) // REPLICATIONS_A_SET
    ranks = (places * CANDIDATES).astype(int)
    requests = candidates[np.arange(STUDIES)[:, np.newaxis], of_set, ranks]
    # Truths differ by a fifth, so that no cover is that of one number of successes.
    return Studies(
        places,
        requests,
        rng.standard_normal((STUDIES, MOST)),
        rng.standard_normal((STUDIES, MOST)),
        rng.uniform(0.8, 1.2, STUDIES),
    )


def held(intervals: list[tuple[float, ...]], truths: Floats | float) -> float:
    """Return the share of intervals, of which the last two numbers are the ends, with the truth."""
    low, high = np.array(intervals)[:, -2:].T
    return float(np.mean((low <= truths) & (truths <= high)))


def test_a_chance_is_within_its_interval_in_95_of_100(studies: Studies) -> None:
    """In no case fewer than 93, and in all together at most 97. Where few are met, whole numbers
    of them make it more, as Wilson's own do of plain draws."""
    well, found = studies.well(), {}
    for chance in CHANCES:
        truths = np.minimum(chance * studies.truths, 0.97)
        hits = well < ndtri(truths)[:, np.newaxis]
        for n in SIZES:
            every = zip(hits[:, :n], studies.places[:, :n], strict=True)
            found[chance, n] = held([chance_interval(*one) for one in every], truths)
    assert min(found.values()) >= 0.93, found
    assert 0.93 <= np.mean(list(found.values())) <= 0.97, found
    assert max(cover for (chance, _), cover in found.items() if chance > 0.1) <= 0.985, found


def test_a_mean_and_a_paired_difference_are_within_theirs(studies: Studies) -> None:
    """Weeks that rise steeply with requests, and a gain that is larger the more there are."""
    weeks = np.exp(0.5 * studies.requests) + 0.35 * studies.other
    gain = 1 + 0.5 * studies.requests + 0.1 * studies.requests**2 + 0.4 * studies.own
    of_weeks, of_gain = float(np.exp(0.125)), 1.1
    covers, wrong = [], []
    for n in SIZES:
        both = list(zip(gain[:, :n], weeks[:, :n], studies.places[:, :n], strict=True))
        covers.append(
            (
                held([mean_interval(w, places) for _, w, places in both], of_weeks),
                held([mean_interval(g, places) for g, _, places in both], of_gain),
                held([ratio_interval(*one) for one in both], of_gain / of_weeks),
            )
        )
        wrong.append([paired_mean_p(g - of_gain, places) < TEST for g, _, places in both])
    assert np.min(covers) >= 0.93, covers
    assert (np.mean(covers, axis=0) <= 0.97).all(), covers
    assert 0.03 <= np.mean(wrong) <= 0.07


@pytest.mark.parametrize(("first", "second"), [(0.2, 0.35), (0.5, 0.5), (0.8, 0.5)])
def test_a_difference_of_chances_is_within_its_interval(
    studies: Studies, first: float, second: float
) -> None:
    """Two options in the same futures, of which requests decide the more, and each its own rest."""
    own = (studies.other + studies.own) / np.sqrt(2)
    a = studies.well() < ndtri(first)
    b = np.sqrt(EXPLAINED) * studies.requests + np.sqrt(1 - EXPLAINED) * own < ndtri(second)
    covers, wrong = [], []
    for n in SIZES:
        made = []
        for one, other, places in zip(a[:, :n], b[:, :n], studies.places[:, :n], strict=True):
            each = worth(other.astype(float) - one, places)
            apart = each * np.sum(one & ~other), each * np.sum(~one & other)
            made.append(
                paired_chance_interval(
                    each * np.sum(one & other), *apart, each * np.sum(~one & ~other)
                )
            )
            wrong.append(paired_chance_p(*apart) < TEST)
        covers.append(held(made, second - first))
    assert 0.93 <= np.mean(covers) <= 0.97, covers
    if first == second:
        assert np.mean(wrong) <= TEST


def test_what_demand_decides_is_known_with_half_the_replications(studies: Studies) -> None:
    hits = studies.well()[:, :100] < 0
    worths = [worth(*one) for one in zip(hits, studies.places[:, :100], strict=True)]
    assert 1.5 <= np.median(worths) <= 2.5


def test_near_0_and_where_demand_decides_nothing_each_is_worth_one(studies: Studies) -> None:
    places = studies.places[:, :100]
    few = [worth(*one) for one in zip(studies.well()[:, :100] < ndtri(0.02), places, strict=True)]
    nothing = [worth(*one) for one in zip(studies.other[:, :100] < 0, places, strict=True)]
    assert np.median(few) <= 1.2
    assert np.median(nothing) <= 1.05
    assert worth(np.zeros(100, dtype=bool), places[0]) == 1.0
    assert min(few + nothing) >= 1.0


def test_without_places_all_is_as_of_plain_draws(studies: Studies) -> None:
    hits, weeks = studies.well()[0, :30] < 0, studies.requests[0, :30]
    share, z2, n = hits.mean(), 1.959964**2, 30
    middle, half = share + z2 / 60, np.sqrt(z2 * (share * (1 - share) + z2 / 120) / n)
    low, high = (middle - half) / (1 + z2 / n), (middle + half) / (1 + z2 / n)
    assert chance_interval(hits) == pytest.approx((low, high))
    error = weeks.std(ddof=1) / np.sqrt(30) * 2.045230
    mean = weeks.mean()
    assert mean_interval(weeks) == pytest.approx((mean, mean - error, mean + error), abs=1e-6)
    assert worth(hits) == 1.0
