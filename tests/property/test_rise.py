"""Whatever is taken apart adds up again: contributions, population, mix and rate, England."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehc_sim.demand.rise.explain import beside_england, population_mix_rate

pytestmark = pytest.mark.property

requests = st.integers(0, 5000)
children = st.integers(1, 200_000)
groups = st.lists(st.tuples(requests, requests, children, children), min_size=1, max_size=12)


def columns(rows: list[tuple[int, int, int, int]]) -> list[np.ndarray]:
    return [np.array(column, dtype=float) for column in zip(*rows, strict=True)]


@given(groups)
def test_population_mix_and_rate_leave_no_rest(rows: list[tuple[int, int, int, int]]) -> None:
    before, after, first, last = columns(rows)
    effects = population_mix_rate(before, after, first, last)
    assert effects.sum() == pytest.approx(after.sum() - before.sum(), abs=1e-6)


@given(groups)
def test_turned_round_in_time_every_effect_changes_its_sign(
    rows: list[tuple[int, int, int, int]],
) -> None:
    before, after, first, last = columns(rows)
    there = population_mix_rate(before, after, first, last)
    back = population_mix_rate(after, before, last, first)
    assert back == pytest.approx(-there, abs=1e-6, rel=1e-9)


@given(groups, st.floats(0.5, 2.0))
def test_more_children_of_every_age_at_the_same_rate_are_all_size(
    rows: list[tuple[int, int, int, int]], factor: float
) -> None:
    before, _, first, _ = columns(rows)
    size, mix, rate = population_mix_rate(before, before * factor, first, first * factor)
    assert size == pytest.approx(before.sum() * (factor - 1), abs=1e-6)
    assert (mix, rate) == pytest.approx((0, 0), abs=1e-6)


@given(groups)
def test_england_mix_and_own_part_add_up(rows: list[tuple[int, int, int, int]]) -> None:
    before, after, first, last = columns(rows)
    found = beside_england(before, after, first, last)
    assert found.sum() == pytest.approx(after.sum() - before.sum(), abs=1e-6)


@given(groups)
def test_a_council_that_grows_as_england_at_each_age_has_no_part_of_its_own(
    rows: list[tuple[int, int, int, int]],
) -> None:
    before, _, first, last = columns(rows)
    own = beside_england(before, before * last / first, first, last)[2]
    assert own == pytest.approx(0, abs=1e-6 * max(1.0, float((before * last / first).sum())))
