"""Random numbers that depend on what they are for, and on nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ehc_sim.rng.streams import CASES_A_PAGE, Streams, poisson_counts

pytestmark = pytest.mark.unit

NUMBERS = np.concatenate([page * CASES_A_PAGE + np.arange(100) for page in (0, 1, 7, 60)])


def test_first_numbers_of_all_streams_differ() -> None:
    """Seeds made by arithmetic collide: (run + 3) * k."""
    firsts = [
        Streams(seed, replication).uniforms(name, np.array([0]))[0]
        for seed in range(20)
        for replication in range(20)
        for name in ("drafting", "drafting again", "1|drafting", "")
    ]
    assert len(set(firsts)) == len(firsts)


def test_no_number_of_a_stream_comes_twice() -> None:
    numbers = np.concatenate([page * CASES_A_PAGE + np.arange(5_000) for page in range(50)])
    assert len(np.unique(Streams(1, 1).uniforms("drafting", numbers))) == len(numbers)


def test_another_quantity_changes_no_number() -> None:
    alone = Streams(1, 2)
    expected = alone.uniforms("drafting", NUMBERS)
    streams = Streams(1, 2)
    streams.uniforms("a new stage", NUMBERS)
    streams.generator("another").random(7)
    streams.uniform("a third")
    assert np.array_equal(streams.uniforms("drafting", NUMBERS), expected)


def test_a_number_does_not_depend_on_which_other_cases_are_asked_for() -> None:
    streams = Streams(5, 0)
    everything = streams.uniforms("drafting", NUMBERS)
    for some in (slice(None, None, 3), slice(150, 151), slice(None, None, -1)):
        assert np.array_equal(streams.uniforms("drafting", NUMBERS[some]), everything[some])
    shuffled = np.random.default_rng(1).permutation(len(NUMBERS))
    assert np.array_equal(streams.uniforms("drafting", NUMBERS[shuffled]), everything[shuffled])


def test_the_same_case_may_be_asked_for_twice() -> None:
    twice = Streams(5, 0).uniforms("drafting", np.array([3, 3, CASES_A_PAGE, 3]))
    assert twice[0] == twice[1] == twice[3] != twice[2]


def test_numbers_are_those_of_numpys_generator() -> None:
    """Each page begins 2**20 blocks of four numbers after the one before."""
    streams = Streams(5, 3)
    for page in (0, 1, 60, 2**40):
        bits = np.random.Philox(key=np.array(streams._key("drafting")))
        bits.advance(page * CASES_A_PAGE)
        expected = np.random.Generator(bits).random(1001)
        numbers = page * CASES_A_PAGE + np.arange(1001)
        assert np.array_equal(streams.uniforms("drafting", numbers), expected)


def test_the_last_case_of_a_page_and_the_first_of_the_next_differ() -> None:
    edges = np.array([CASES_A_PAGE - 1, CASES_A_PAGE, 2 * CASES_A_PAGE - 1, 2 * CASES_A_PAGE])
    together = Streams(5, 0).uniforms("drafting", edges)
    assert len(set(together)) == 4
    alone = [Streams(5, 0).uniforms("drafting", edges[[i]])[0] for i in range(4)]
    assert together.tolist() == alone


def test_no_case_no_number() -> None:
    assert Streams(5, 0).uniforms("drafting", np.array([], dtype=np.int64)).shape == (0,)


@pytest.mark.parametrize("along", ["cases", "replications", "names", "pages"])
def test_numbers_are_uniform_along_every_key(along: str) -> None:
    first = np.array([0])
    numbers = {
        "cases": lambda: Streams(1, 0).uniforms("drafting", np.arange(20_000)),
        "replications": lambda: [Streams(1, r).uniforms("x", first)[0] for r in range(20_000)],
        "names": lambda: [Streams(1, 0).uniforms(f"x {i}", first)[0] for i in range(20_000)],
        "pages": lambda: Streams(1, 0).uniforms("x", np.arange(20_000) * CASES_A_PAGE),
    }[along]()
    assert min(numbers) > 0
    assert max(numbers) < 1
    assert stats.kstest(numbers, "uniform").pvalue > 0.001


def test_streams_are_not_correlated() -> None:
    cases = np.arange(50_000)
    names = [Streams(1, 0).uniforms(name, cases) for name in ("a", "b", "c")]
    replications = [Streams(1, r).uniforms("a", cases) for r in (1, 2)]
    correlations = np.corrcoef([*names, *replications])[np.triu_indices(5, 1)]
    assert np.abs(correlations).max() < 5 / np.sqrt(len(cases))


def test_the_one_number_of_a_name() -> None:
    assert Streams(1, 0).uniform("rate") == Streams(1, 0).uniform("rate")
    different = {Streams(s, r).uniform(n) for s in (1, 2) for r in (0, 1) for n in ("a", "b")}
    assert len(different) == 8


def test_poisson_counts_are_the_quantiles_of_scipy() -> None:
    uniforms, means = np.meshgrid(
        [2.0**-54, 1e-6, *np.linspace(0.01, 0.99, 99), 1 - 1e-6], [0.0, 1e-3, 0.7, 8.0, 60.0, 900.0]
    )
    assert np.array_equal(poisson_counts(uniforms, means), stats.poisson.ppf(uniforms, means))
