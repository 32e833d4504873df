"""Days, minutes and options that follow from a case's own random numbers."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtri

from ehc_sim.jit.decorators import entry
from ehc_sim.journey.sampling import days_distribution, days_of, minutes_distribution, minutes_of
from ehc_sim.network.case_keys import CaseKeys, Group
from ehc_sim.network.distributions import Geometric, Lognormal, Modifier, Sampler, Trial
from ehc_sim.network.quantities import Sampled
from ehc_sim.network.variates import MOST, normal_score
from ehc_sim.rng.streams import CASES_A_PAGE, Streams
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Effort, Wait

pytestmark = pytest.mark.unit

STREAMS = Streams(7, 2)
MANY = 200_000
VERY_MANY = 2_000_000


def numbers(count: int) -> NDArray[np.int64]:
    """Return case numbers of which some are on later pages."""
    order = np.arange(count)
    return order % 50_000 + order // 50_000 * CASES_A_PAGE


def values(law: Sampler, count: int = MANY, profile: NDArray[np.int64] | None = None) -> np.ndarray:
    keys = CaseKeys.of(STREAMS, [Group("", numbers(count))], profile)
    return Sampled((0,), (law,), keys, range(count)).values[0]


def u(stream: str, count: int = MANY) -> NDArray[np.float64]:
    return STREAMS.uniforms(stream, numbers(count))


@entry
def _scores(uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.empty(len(uniform))
    for place in range(len(uniform)):
        found[place] = normal_score(uniform[place])
    return found


def test_the_normal_score_is_scipys_from_one_tail_to_the_other() -> None:
    halves = 2.0 ** -np.arange(1, 55)
    uniform = np.concatenate([u("any"), halves, 1 - halves[:-2]])
    np.testing.assert_allclose(_scores(uniform), ndtri(uniform), rtol=2e-15, atol=1e-15)


def test_minutes_are_those_of_the_cases_own_normal_score() -> None:
    effort = Effort(mean_hours=fixed(6), spread=fixed(0.5))
    expected = minutes_of(effort, ndtri(u("visit hours")), 0.8)
    found = values(Sampler(minutes_distribution("visit hours", effort, 0.8)))
    assert (found != expected).mean() < 1e-5  # a half that is rounded one way or the other
    assert np.abs(found - expected).max() <= 1


def test_days_are_whole_and_at_least_one() -> None:
    wait = Wait(mean_days=fixed(1), spread=fixed(2.0), at_least_days=fixed(0))
    found = values(Sampler(days_distribution("wait", wait)))
    assert np.abs(found - days_of(wait, ndtri(u("wait")))).max() <= 1
    assert found.min() == 1


def test_without_a_spread_everybody_has_the_mean() -> None:
    assert set(values(Sampler(Lognormal("wait", 20, 0, at_least=3)), 1000)) == {23}


def test_of_late_days_a_share_is_kept() -> None:
    whole = values(Sampler(Lognormal("wait", 30, 0.8)))
    chased = values(Sampler(Lognormal("wait", 30, 0.8, in_time=42, late_kept=0.5)))
    late = np.maximum(whole - 42, 0)
    np.testing.assert_array_equal(chased, np.minimum(whole, 42) + np.rint(late * 0.5))
    assert (late > 0).any()


def test_work_done_again_is_a_share_of_the_first_and_may_be_none() -> None:
    first = values(Sampler(Lognormal("hours", 0.1, 1.0, units=60)))
    again = values(Sampler(Lognormal("hours", 0.1, 1.0, units=60, of_whole=0.3)))
    np.testing.assert_array_equal(again, np.rint(first * 0.3))
    assert again.min() == 0


def test_how_often_a_case_goes_back_is_geometric() -> None:
    """With a chance of 0.5: once or more below 0.5, twice or more below 0.25, and so on."""
    times, own = values(Sampler(Geometric("back", 0.5))), u("back")
    for n in range(12):
        np.testing.assert_array_equal(times >= n, own <= 0.5**n)


def test_a_higher_chance_never_sends_a_case_back_less_often() -> None:
    times = [values(Sampler(Geometric("back", chance))) for chance in (0.1, 0.2, 0.5, 0.9)]
    for fewer, more in itertools.pairwise(times):
        assert (more >= fewer).all()


def test_the_first_chance_that_happens_settles_a_case() -> None:
    law = Sampler(0, (Trial("withdrawn", 0.1, 2), Trial("refused", 0.4, 1)))
    withdrawn, refused = u("withdrawn") < 0.1, u("refused") < 0.4
    np.testing.assert_array_equal(values(law), np.where(withdrawn, 2, np.where(refused, 1, 0)))


@pytest.mark.parametrize(("share", "expected"), [(0.0, {0}), (1.0, {1}), (1.2, {1})])
def test_a_share_of_none_or_all(share: float, expected: set[int]) -> None:
    assert set(values(Sampler(0, (Trial("any", share),)), 1000)) == expected


def test_a_share_may_depend_on_the_profile_of_the_case() -> None:
    profile = np.arange(MANY) % 3
    shares = np.array([0.1, 0.9, 0.0])
    found = values(Sampler(0, (Trial("needed", shares),)), profile=profile)
    np.testing.assert_array_equal(found, u("needed") < shares[profile])


def test_help_changes_the_share_of_those_who_have_it() -> None:
    law = Sampler(0, (Trial("appeal", 0.5, 1, Modifier("support", 0.3, 0.2)),))
    share = np.where(u("support") < 0.3, 0.2, 0.5)
    np.testing.assert_array_equal(values(law), u("appeal") < share)


def test_some_cases_may_have_days_and_the_others_none() -> None:
    days = Lognormal("delay days", 20, 0.5)
    found = values(Sampler(0, (Trial("delay", 0.25, None),), days))
    np.testing.assert_array_equal(found, np.where(u("delay") < 0.25, values(Sampler(days)), 0))


def test_a_law_is_the_same_only_where_it_gives_every_case_the_same() -> None:
    shares = np.array([0.1, 0.2])
    one = Sampler(0, (Trial("a", shares, 1, Modifier("b", 0.1, 0.2)),))
    assert one.same_as(Sampler(0, (Trial("a", shares.copy(), 1, Modifier("b", 0.1, 0.2)),)))
    for other in (
        Sampler(1, one.trials),
        Sampler(0),
        Sampler(0, (Trial("c", shares, 1, Modifier("b", 0.1, 0.2)),)),
        Sampler(0, (Trial("a", shares * 2, 1, Modifier("b", 0.1, 0.2)),)),
        Sampler(0, (Trial("a", shares, 2, Modifier("b", 0.1, 0.2)),)),
        Sampler(0, (Trial("a", shares, 1),)),
        Sampler(0, (Trial("a", shares, 1, Modifier("b", 0.1, 0.3)),)),
        Sampler(0, (Trial("a", shares, 1, Modifier("b", 0.2, 0.2)),)),
    ):
        assert not one.same_as(other)
    assert not Sampler(Lognormal("a", 1, 0)).same_as(Sampler(Lognormal("a", 2, 0)))


def test_each_group_has_keys_of_its_own() -> None:
    few = np.array([5, CASES_A_PAGE + 2, 0])
    keys = CaseKeys.of(STREAMS, [Group("", few), Group("x: ", few[:0]), Group("y: ", few)])
    law = Sampler(Geometric("back", 0.9))
    both = Sampled((0,), (law,), keys, range(6)).values[0]
    expected = [
        np.floor(np.log(STREAMS.uniforms(f"{prefix}back", few)) / np.log(0.9))
        for prefix in ("", "y: ")
    ]
    np.testing.assert_array_equal(both, np.concatenate(expected))
    np.testing.assert_array_equal(Sampled((0,), (law,), keys, range(3, 6)).values[0], both[3:])


# --- tails ---

LEVELS = 10.0 ** -np.arange(1, 6)
"""Chances of the tails: with two million cases the last expects twenty."""


def near(hits: int, chance: float) -> bool:
    """Return whether so many of all cases is what a chance gives, but for one time in a million."""
    low, high = stats.binom.interval(1 - 1e-6, VERY_MANY, chance)
    return bool(low <= hits <= high)


@pytest.mark.parametrize("level", LEVELS)
def test_lognormal_minutes_have_the_tails_that_they_should(level: float) -> None:
    mean, spread = 5_000.0, 0.7
    variance = np.log1p(spread**2)
    exact = stats.lognorm(np.sqrt(variance), scale=mean * np.exp(-variance / 2))
    found = values(Sampler(Lognormal(f"minutes {level}", mean, spread)), VERY_MANY)
    # Between whole numbers, where rounding decides nothing.
    low, high = np.floor(exact.ppf(level)) + 0.5, np.floor(exact.isf(level)) + 0.5
    assert near(int((found < low).sum()), exact.cdf(low))
    assert near(int((found > high).sum()), exact.sf(high))


@pytest.mark.parametrize("chance", [0.1, 0.5, 0.9])
def test_repeats_have_the_tail_that_they_should(chance: float) -> None:
    found = values(Sampler(Geometric(f"back {chance}", chance)), VERY_MANY)
    for level in LEVELS:
        n = int(np.floor(np.log(level) / np.log(chance)))
        assert near(int((found >= n).sum()), chance**n)


@pytest.mark.parametrize("level", LEVELS)
def test_rare_chances_happen_as_often_as_they_should(level: float) -> None:
    rare = values(Sampler(0, (Trial(f"rare {level}", level),)), VERY_MANY)
    common = values(Sampler(0, (Trial(f"common {level}", 1 - level),)), VERY_MANY)
    assert near(int(rare.sum()), level)
    assert near(int((common == 0).sum()), level)


def test_a_value_that_compiled_code_cannot_hold_is_the_largest_that_it_can() -> None:
    """A wait of 1e15 days, which a scenario cannot ask for, once ended the whole program."""
    found = values(Sampler(Lognormal("wait", MOST / 2, 3.0)))
    assert found.min() >= 1
    assert found.max() == MOST
    assert values(Sampler(Geometric("back", 1 - 1e-16)), 1000).max() <= MOST


@pytest.mark.parametrize(
    "law",
    [
        *(Lognormal("wait", mean, 0.5) for mean in (1e15, math.inf, math.nan, -1.0)),
        *(Lognormal("wait", 5.0, 0.5, **{part: 1e20}) for part in ("at_least", "kept", "units")),
        *(Geometric("back", chance) for chance in (0.0, 1.0, -0.5, 2.0, math.nan)),
    ],
)
def test_numbers_of_which_nothing_can_be_made_do_not_reach_compiled_code(
    law: Lognormal | Geometric,
) -> None:
    with pytest.raises(ValueError, match="allowed is"):
        values(Sampler(law), 10)
