"""Common random numbers: two scenarios differ only by what was changed in them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.experiment.batches import Batch, measure_batch
from ehc_sim.rng.streams import CASES_A_PAGE, Streams
from ehc_sim.scenario import load
from ehc_sim.staff.absence import leave, sickness, years_of
from tests.runs import SEED, small_run
from tests.scenario_files import change

pytestmark = pytest.mark.property

SOMERSET = Path(__file__).parents[2] / "scenarios" / "somerset" / "baseline.toml"

case_numbers = st.lists(
    st.builds(
        lambda page, place: page * CASES_A_PAGE + place, st.integers(0, 60), st.integers(0, 300)
    ),
    min_size=1,
    max_size=40,
    unique=True,
)


@given(numbers=case_numbers, data=st.data(), name=st.sampled_from(["age", "drafting hours"]))
def test_a_cases_number_does_not_depend_on_the_other_cases(
    numbers: list[int], data: st.DataObject, name: str
) -> None:
    streams = Streams(7, 3)
    together = dict(zip(numbers, streams.uniforms(name, np.array(numbers)), strict=True))
    some = data.draw(st.permutations(numbers))[: data.draw(st.integers(1, len(numbers)))]
    assert streams.uniforms(name, np.array(some)).tolist() == [together[one] for one in some]
    assert all(0 < value < 1 for value in together.values())


def test_names_seeds_and_replications_have_numbers_of_their_own() -> None:
    """No first number of 3 seeds, 50 replications and 4 names is that of another."""
    names = ("age", "need", "a", "1|age")
    first = {
        Streams(seed, replication).uniform(name)
        for seed in (1, 2, 11)
        for replication in range(50)
        for name in names
    }
    assert len(first) == 3 * 50 * len(names)


GIVER = """
[advice."a new giver"]
label = "A new giver"
needed = 0.5
existing = 0.1
awaited = 0.7
appointment = { mean_days = 8, spread = 0.5, counted_in = "school" }
team = "educational psychologists"
effort = { mean_hours = 3, spread = 0.5 }
"""


def test_adding_an_advice_giver_changes_no_other_draw(tmp_path: Path) -> None:
    today, added = (small_run(tmp_path, text).prepared for text in ("", GIVER))
    assert today.cases.equals(added.cases)
    mine = {name for name in added.draw.quantities if name.startswith("a new giver: ")}
    assert set(added.draw.quantities) - mine == set(today.draw.quantities)
    assert len(mine) == 7
    for name, quantity in today.draw.quantities.items():
        np.testing.assert_array_equal(quantity.values, added.draw.quantities[name].values)


def test_adding_a_post_changes_no_other_posts_days(tmp_path: Path) -> None:
    """Of every team: the posts of the patches come after those of the whole team."""
    more = "".join(
        change(f"teams.educational psychologists{where}.posts", "add = 2", "from = 2023-01-01")
        for where in ("", ".patches.North", ".patches.South")
    )
    today, added = (small_run(tmp_path, text).prepared.network for text in ("", more))
    before = [post.minutes for post in today.teams["educational psychologists"].posts]
    after = [post.minutes for post in added.teams["educational psychologists"].posts]
    # North had 1.7 posts and has 3.7; South had 1.3 and has 3.3: 2 new ones, then 4 and 4.
    assert (len(before), len(after)) == (4, 10)
    for old, new in ((0, 2), (2, 6)):
        np.testing.assert_array_equal(before[old], after[new])
    for old, new in ((1, 3), (3, 7)):  # were part-time, are full-time: away on the same days
        np.testing.assert_array_equal(before[old] == 0, after[new] == 0)
    for team in ("plan writers", "senior officers"):
        for one, other in zip(today.teams[team].posts, added.teams[team].posts, strict=True):
            np.testing.assert_array_equal(one.minutes, other.minutes)


A_TIMELINE = Timeline.england(
    *(np.datetime64(day).astype(object) for day in ("2024-03-04", "2025-10-31")),
    SchoolTerms(),
)


@given(
    fewer=st.integers(1, 4),
    more=st.integers(1, 4),
    days=st.floats(0, 60),
    share=st.floats(0, 1),
    sick=st.floats(0, 40),
)
def test_a_posts_leave_and_sickness_are_its_own(
    fewer: int, more: int, days: float, share: float, sick: float
) -> None:
    years = np.full(len(years_of(A_TIMELINE)), days)
    shares = np.full(len(years), share)
    every_day = np.full(len(A_TIMELINE.days), sick)
    streams = Streams(SEED, 1)
    few, many = (
        (
            leave(streams, "team", posts, A_TIMELINE, years, shares),
            sickness(streams, "team", posts, A_TIMELINE, every_day),
        )
        for posts in (fewer, fewer + more)
    )
    for one, other in zip(few, many, strict=True):
        np.testing.assert_array_equal(one, other[:fewer])
        assert not one[:, ~A_TIMELINE.working].any()


@pytest.mark.parametrize("post", range(3))
def test_more_leave_keeps_the_days_and_adds_some(post: int) -> None:
    shares = np.full(len(years_of(A_TIMELINE)), 0.7)
    away = [
        leave(Streams(SEED, 0), "team", 3, A_TIMELINE, np.full(len(shares), days), shares)[post]
        for days in (10.0, 20.0, 30.0)
    ]
    for fewer, more in itertools.pairwise(away):
        assert (more | ~fewer).all()
    assert [int(days.sum()) for days in away] == sorted(int(days.sum()) for days in away)


MORE = """
extends = "{baseline}"
name = "One more"
why = "One more educational psychologist for the whole county"

[[change]]
what = "teams.educational psychologists.posts"
add = 1
"""


def variance_ratio(folder: Path, pairs: int) -> float:
    """Return the variance of the paired difference over that of a difference of independent runs.

    The measure is the share issued on time in the year of the target window, for one more
    educational psychologist in Somerset. The variance of a difference of independent runs is the
    sum of the two variances.
    """
    (folder / "one_more.toml").write_text(MORE.format(baseline=SOMERSET.as_posix()))
    today, more = (
        measure_batch(Batch(load(path), SEED, 0, pairs))["totals"].column("on_time")[:, 0]
        for path in (SOMERSET, folder / "one_more.toml")
    )
    independent = today.var(ddof=1) + more.var(ddof=1)
    return float((more - today).var(ddof=1) / independent)


def test_pairs_know_a_difference_better_than_independent_runs(tmp_path: Path) -> None:
    """Four pairs estimate a variance badly: the bound of a fifth is for the test below."""
    assert variance_ratio(tmp_path, 4) < 0.5


@pytest.mark.slow
def test_the_paired_differences_variance_is_at_most_a_fifth_of_that_of_independent_runs(
    tmp_path: Path,
) -> None:
    assert variance_ratio(tmp_path, 24) <= 0.2
