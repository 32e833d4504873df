"""Replications hold the weights of members and explanations, however many there are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from ehc_sim.experiment.batches import Batch, measure_batch
from ehc_sim.experiment.study import Plan, study
from ehc_sim.rng.even import MEMBERS, places_of
from ehc_sim.scenario import load
from ehc_sim.scenario.members import Members, read_members, text_of
from tests.members import POSTS, write_council
from tests.runs import SEED
from tests.scenario_files import change

pytestmark = pytest.mark.property

SEEDS = st.integers(0, 2**31)


@st.composite
def some_members(draw: st.DrawFn) -> Members:
    """Members of a few explanations, mixed up."""
    weights = draw(st.lists(st.floats(0.01, 1), min_size=1, max_size=40))
    number = len(weights)
    kinds = draw(st.lists(st.sampled_from("abcd"), min_size=number, max_size=number))
    names = tuple(map(str, range(number)))
    return Members(names, tuple(kinds), tuple(weights), ("x",), np.zeros((number, 1)))


def off(members: Members, chosen: NDArray[np.int64]) -> dict[str, float]:
    """Return by how many replications each explanation has more than its share."""
    found = np.array(members.explanations)[chosen]
    return {
        name: float((found == name).sum()) - share * len(chosen)
        for name, share in members.shares.items()
    }


def chosen_of(members: Members, places: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.array([members.of(place) for place in places], dtype=np.int64)


@given(some_members(), SEEDS, st.integers(0, 7), st.integers(0, 3))
def test_blocks_of_a_power_of_two_hold_the_shares(
    members: Members, seed: int, power: int, block: int
) -> None:
    """The first and the last explanation within one replication, the others within two."""
    size = 2**power
    places = places_of(seed, range(block * size, (block + 1) * size), MEMBERS)
    more = list(off(members, chosen_of(members, places)).values())
    assert max(map(abs, (more[0], more[-1]))) < 1 + 1e-6
    assert max(map(abs, more)) < 2


@given(some_members(), SEEDS, st.integers(1, 300))
def test_any_first_replications_are_near_the_shares(
    members: Members, seed: int, number: int
) -> None:
    """They are as many blocks as the number has ones in base 2, each within two."""
    places = places_of(seed, range(number), MEMBERS)
    more = off(members, chosen_of(members, places))
    assert max(map(abs, more.values())) < 2 * number.bit_count()


@given(some_members(), SEEDS, st.integers(2, 7))
def test_each_quarter_of_demand_holds_the_shares(members: Members, seed: int, power: int) -> None:
    numbers = range(2**power)
    demand = (places_of(seed, numbers) * 4).astype(int)
    chosen = chosen_of(members, places_of(seed, numbers, MEMBERS))
    for quarter in range(4):
        assert (demand == quarter).sum() == 2**power / 4
        assert max(map(abs, off(members, chosen[demand == quarter]).values())) < 2


@given(some_members(), st.floats(0, 1, exclude_max=True))
def test_every_place_has_a_member_and_those_of_an_explanation_lie_side_by_side(
    members: Members, place: float
) -> None:
    order = [members.explanations[members.of(at)] for at in np.linspace(0, 1, 200, endpoint=False)]
    runs = [one for n, one in enumerate(order) if n == 0 or order[n - 1] != one]
    assert len(runs) == len(set(runs))
    assert 0 <= members.of(place) < len(members)


@given(
    some_members(),
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=9),
)
def test_what_is_written_is_read_to_the_last_figure(members: Members, values: list[float]) -> None:
    columns = tuple(f"teams.{n}.posts from 2024-01-0{n}" for n in range(1, len(values) + 1))
    names, rows = members.names, np.tile(values, (len(members), 1))
    made = Members(names, members.explanations, members.weights, columns, rows)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "members.csv"
        file.write_text(text_of(made), encoding="utf-8")
        assert read_members(file) == made


@pytest.mark.slow
def test_however_the_work_is_shared_out_each_option_has_the_same_members(tmp_path: Path) -> None:
    """By two processes or one, together with the run-in of the baseline or alone."""
    write_council(tmp_path, options={"option": change(POSTS, "add = 1", "from = 2025-09-01")})
    both = [load(tmp_path / name) for name in ("baseline.toml", "option.toml")]
    one, two = (study(both, Plan(6, seed=SEED, processes=number)) for number in (1, 2))
    pd.testing.assert_frame_equal(one.replication_table(), two.replication_table())
    assert one.run_in is not None
    assert not one.run_in.whole
    alone = measure_batch(Batch(both[1], SEED, 0, 6, None))
    for name, table in alone.items():
        assert np.array_equal(one.scenarios[1].tables[name].values, table.values, equal_nan=True)
    chosen = [result.members for result in one.scenarios]
    assert np.array_equal(chosen[0], chosen[1])
    assert len(set(chosen[0])) > 2
