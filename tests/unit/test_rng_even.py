"""Places of replications: each uniform by itself, and even together, however many there are."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.rng.even import MEMBERS, places_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("first", [0, 64, 128, 99_968])
@pytest.mark.parametrize("size", [2, 8, 32])
def test_every_aligned_block_has_one_in_each_stretch(first: int, size: int) -> None:
    places = places_of(7, range(first, first + size))
    assert sorted((places * size).astype(int)) == list(range(size))


@pytest.mark.parametrize("n", [3, 30, 55, 100, 200])
def test_any_first_so_many_are_at_most_one_from_even(n: int) -> None:
    places = places_of(20_250_101, range(n))
    for stretches in (2, 4, 8, 16):
        found = np.bincount((places * stretches).astype(int), minlength=stretches)
        assert np.abs(found - n / stretches).max() < 1


def test_a_place_does_not_depend_on_the_others_and_is_of_the_seed() -> None:
    many = places_of(7, range(100))
    assert places_of(7, [41, 42]).tolist() == many[41:43].tolist()
    assert not np.isclose(many, places_of(8, range(100))).any()
    assert ((many > 0) & (many < 1)).all()


def test_over_seeds_each_place_is_uniform_and_two_are_as_strata_would_have_them() -> None:
    """A twentieth of the seeds has a place in each twentieth; 0 and 1 are never in the same half,
    and in which part of their halves they are is independent."""
    made = np.array([places_of(seed, [0, 1, 5]) for seed in range(1000)])
    for column in made.T:
        found = np.bincount((column * 20).astype(int), minlength=20)
        assert (((found - 50) ** 2) / 50).sum() < 43.8  # chi-squared, 19 degrees, 1 in 1,000
    halves = made[:, :2] >= 0.5
    assert (halves[:, 0] != halves[:, 1]).all()
    within = made[:, :2] * 2 % 1
    assert abs(np.corrcoef(within.T)[0, 1]) < 3.3 / np.sqrt(1000)


@pytest.mark.parametrize("first", [0, 64, 4096])
@pytest.mark.parametrize("size", [4, 16, 64])
def test_both_dimensions_are_even_together(first: int, size: int) -> None:
    """One of the block lies in each rectangle of a stretch by a stretch, whatever their sides."""
    numbers = range(first, first + size)
    ours, members = places_of(7, numbers), places_of(7, numbers, MEMBERS)
    for of_ours in (2**k for k in range(size.bit_length())):
        of_members = size // of_ours
        rectangle = (ours * of_ours).astype(int) * of_members + (members * of_members).astype(int)
        assert sorted(rectangle) == list(range(size))


def test_the_second_dimension_has_chance_of_its_own() -> None:
    made = np.array([(places_of(s, [5])[0], places_of(s, [5], MEMBERS)[0]) for s in range(1000)])
    for column in made.T:
        found = np.bincount((column * 20).astype(int), minlength=20)
        assert (((found - 50) ** 2) / 50).sum() < 43.8  # chi-squared, 19 degrees, 1 in 1,000
    assert abs(np.corrcoef(made.T)[0, 1]) < 3.3 / np.sqrt(1000)
