"""Designs of mirrored runs, and what is read off them, from responses that are known."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.experiment.effects import by_demand, effects, together, with_those_alone
from ehc_sim.experiment.mirrored import design, factorial, hadamard

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(5)
WIDE = 1 / 24
"""Variance of a symmetrical triangle that is 1 wide."""


@pytest.mark.parametrize("order", [1, 2, 4, 8, 12, 16, 20, 24, 32, 72, 144])
def test_columns_of_a_hadamard_matrix_have_nothing_in_common(order: int) -> None:
    found = hadamard(order)
    assert found is not None
    np.testing.assert_array_equal(found.T @ found, order * np.eye(order))
    assert set(np.unique(found)) <= {-1, 1}


@pytest.mark.parametrize("order", [3, 6, 10, 28])
def test_an_order_that_there_is_none_of_is_told(order: int) -> None:
    assert hadamard(order) is None


@pytest.mark.parametrize("numbers", [1, 2, 3, 5, 6, 55, 63, 113, 200])
@pytest.mark.parametrize("least", [1, 300])
def test_every_number_is_at_each_end_as_often_as_every_other(numbers: int, least: int) -> None:
    signs = design(numbers, least, np.random.default_rng(numbers))
    ends = np.abs(signs).sum(axis=0)
    np.testing.assert_array_equal(signs.T @ signs, ends[0] * np.eye(numbers))
    assert len(signs) >= max(least, numbers + 16)
    at_once = np.abs(signs).sum(axis=1)
    assert at_once.max() <= -(-numbers // min(5, numbers)), "too many numbers at an end at once"


@pytest.mark.parametrize("numbers", [2, 3, 4, 5])
def test_effects_of_two_in_a_factorial_are_not_mixed_up(numbers: int) -> None:
    signs = factorial(numbers)
    pairs = [(i, j) for i in range(numbers) for j in range(i)]
    terms = [signs[:, i] for i in range(numbers)] + [signs[:, i] * signs[:, j] for i, j in pairs]
    columns = np.column_stack(terms)
    np.testing.assert_array_equal(columns.T @ columns, len(signs) * np.eye(len(terms)))


def response(signs: np.ndarray, slopes: np.ndarray, noise: float, random: object) -> np.ndarray:
    """Runs of a straight line in futures that differ much: half a slope at each end."""
    assert isinstance(random, np.random.Generator)
    level = random.normal(0, 10, len(signs))
    moved = signs @ slopes / 2
    runs = np.stack([level + moved, level - moved], axis=1)
    return runs + random.normal(0, noise, runs.shape)


def test_an_effect_is_that_from_end_to_end_whatever_the_futures_are() -> None:
    signs = design(6, 1, RANDOM)
    slopes = np.array([3.0, -1.0, 0.0, 0.0, 0.5, 0.0])
    found = effects(response(signs, slopes, 0.0, RANDOM), signs, np.full(6, WIDE))
    np.testing.assert_allclose(found.effect, slopes, atol=1e-9)
    assert found.leading(5) == [0, 1, 4]
    np.testing.assert_allclose(found.share, slopes**2 / (slopes**2).sum(), atol=1e-9)


def test_a_bend_and_what_two_numbers_do_together_move_no_effect() -> None:
    signs = design(10, 1, RANDOM)
    runs = response(signs, np.zeros(10), 0.0, RANDOM)
    even = 5 * signs[:, 0] ** 2 + 4 * signs[:, 0] * signs[:, 1] - signs[:, 2] * signs[:, 3]
    found = effects(runs + even[:, np.newaxis], signs, np.full(10, WIDE))
    np.testing.assert_allclose(found.effect, 0, atol=1e-9)
    assert not found.told_apart.any()


def test_a_measure_that_nothing_moves_is_moved_by_nothing() -> None:
    signs = design(4, 1, RANDOM)
    found = effects(np.zeros((len(signs), 2)), signs, np.full(4, WIDE))
    assert not found.told_apart.any()
    assert np.isfinite([found.effect, found.low, found.high, found.share]).all()


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of 200 studies with 20 numbers 95 in 100 intervals do; none is told apart of 19 in 20."""
    random = np.random.default_rng(11)
    slopes = np.concatenate([[2.0, 1.0], np.zeros(18)])
    held, false = [], 0
    for _ in range(200):
        signs = design(20, 1, random)
        found = effects(response(signs, slopes, 1.0, random), signs, np.full(20, WIDE))
        held.append((found.low <= slopes) & (slopes <= found.high))
        false += bool(found.told_apart[2:].any())
    assert 0.935 <= np.mean(held) <= 0.965  # 4,000 of them: 0.95 give or take four of 0.0035
    assert false / 200 <= 0.11  # 0.05 give or take four of 0.0154


def test_an_effect_of_a_number_alone_takes_the_place_of_one_among_others() -> None:
    signs = design(6, 1, RANDOM)
    slopes = np.array([3.0, -1.0, 0.0, 0.0, 0.5, 0.0])
    wide = np.full(6, WIDE)
    found = effects(response(signs, slopes, 0.0, RANDOM), signs, wide)
    assert not found.alone.any()
    alone = with_those_alone(found, wide, {1: np.array([3.9, 4.1, 4.0, 4.0])})
    assert alone.effect.tolist()[:3] == pytest.approx([3, 4, 0])
    assert alone.low[1] < 4 < alone.high[1]
    assert alone.alone.tolist() == [False, True, *[False] * 4]
    assert alone.leading(5) == [1, 0, 4]
    squares = np.array([9, 16, 0.25])
    assert alone.share[[0, 1, 4]] == pytest.approx(squares / squares.sum(), rel=0.01)


def test_an_effect_that_depends_on_demand_is_told_with_both_ends() -> None:
    demand = RANDOM.normal(1000, 100, 24)
    height = (demand - demand.mean()) / demand.std()
    noise = RANDOM.normal(0, 0.3, (2, 24))
    changes = {3: (4 + 2 * height + noise[0], demand), 5: (1 + noise[1], demand)}
    found = by_demand(changes)
    assert list(found) == [3]
    low, high = np.quantile(height, [0.1, 0.9])
    assert found[3] == pytest.approx((4 + 2 * low, 4 + 2 * high), abs=0.4)
    assert by_demand({3: (changes[3][0], np.full(24, 7.0))}) == {}
    assert by_demand({}) == {}


@pytest.mark.parametrize("numbers", [2, 4, 5])
def test_numbers_that_act_together_are_found_and_others_not(numbers: int) -> None:
    random = np.random.default_rng(numbers + 10)
    signs = factorial(numbers)
    level = random.normal(0, 10, (8, 1))
    runs = level + signs.sum(axis=1) + random.normal(0, 0.3, (8, len(signs)))
    assert together(runs, signs) == []
    both = signs[:, 0] * signs[:, 1]
    assert together(runs + both, signs) == [(0, 1)]
