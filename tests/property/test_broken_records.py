"""No record, however broken, makes a forecast of what no count can be."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.extremes import MOST_RISE, tempered
from ehc_sim.demand.forecast import Forecast, forecast
from ehc_sim.demand.history import History
from ehc_sim.scenario.record import Assumed
from ehc_sim.scenario.schema import Overlay

pytestmark = pytest.mark.property

TERMS = SchoolTerms.read("somerset")
START = np.datetime64("2020-09", "M")
AHEAD = 36
STEADY = np.random.default_rng(1).poisson(80, 60)


def record(counts: list[int] | np.ndarray) -> History:
    counts = np.asarray(counts, dtype=np.int64)
    return History("monthly", START + np.arange(len(counts)), counts)


def made(counts: list[int] | np.ndarray, method: str | None = None, ahead: int = AHEAD) -> Forecast:
    return forecast(record(counts), ahead, terms=TERMS, paths=100, method=method)  # type: ignore[arg-type]


def put(where: dict[int, int], counts: np.ndarray = STEADY) -> np.ndarray:
    changed = counts.copy()
    for month, requests in where.items():
        changed[month] = requests
    return changed


def most_allowed(counts: np.ndarray) -> float:
    """Five times what a mean may be of which the largest month was seen, within five years."""
    return MOST_RISE * (np.sqrt(max(counts)) + 2) ** 2 + 1


def upper(one: Forecast, month: int) -> float:
    return float(np.quantile(one.base.counts[:, month - 1], 0.975))


BROKEN = {
    "almost none, scattered": put({20: 1, 33: 2, 47: 1}),
    "almost none, together": put({30: 1, 31: 2, 32: 1}),
    "almost none, in one month of the year": put({10: 1, 22: 2, 34: 1}),
    "none": put({20: 0, 33: 0, 47: 0}),
    "none in the last, and a huge first": put({0: 100_000, 59: 0}),
    "one huge": put({24: 3_070}),
    "one huge, the last": put({59: 3_070}),
    "two huge": put({24: 3_070, 36: 2_000}),
    "both": put({5: 0, 6: 1, 25: 900, 40: 2, 41: 2_000, 50: 0}),
}
"""A good record of 80 a month with a few broken months in it."""


@pytest.mark.parametrize("name", BROKEN)
def test_a_few_broken_months_do_not_move_what_follows(name: str) -> None:
    """The middle stays within a third of the good record's, the upper end within three times."""
    broken, good = made(BROKEN[name]), made(STEADY)
    year = slice(12, 24)
    middle = np.median(broken.base.counts[:, year].sum(axis=1))
    assert middle == pytest.approx(np.median(good.base.counts[:, year].sum(axis=1)), rel=1 / 3)
    assert upper(broken, 24) < 3 * upper(good, 24)
    for name_of, paths in broken.members.items():
        assert paths.counts.max() <= most_allowed(STEADY), name_of


def test_three_months_of_almost_none_are_said() -> None:
    (told,) = [n for n in made(BROKEN["almost none, scattered"]).notes if "far from any" in n]
    assert "2022-05 (1 as " in told
    assert told.startswith("3 months")


OTHERS = {
    "all the same": np.full(30, 80),
    "nothing": np.zeros(60),
    "one a month": np.ones(60),
    "few": np.random.default_rng(1).poisson(0.5, 60),
    "a step up": np.r_[STEADY[:30], 5 * STEADY[30:]],
    "a step down": np.r_[STEADY[:16], STEADY[16:32] // 10],
    "a late step": np.r_[STEADY[:55], 5 * STEADY[55:]],
    "two steps": np.r_[STEADY[:10], 10 * STEADY[10:20], STEADY[20:34]],
    "the service ends": np.r_[STEADY[:29], np.zeros(5)],
    "by turns": np.where(np.arange(60) % 2, 1, 160),
    "once a year": np.where(np.arange(34) % 12 == 0, 900, 5),
    "ever faster": (80 * 1.15 ** np.arange(34)).astype(int),
    "ever less": (800 * 0.85 ** np.arange(60)).astype(int),
    "anything": np.exp(np.random.default_rng(4).normal(4, 2, 34)).astype(int),
    "two years": put({3: 1, 9: 2, 20: 1}, STEADY[:26]),
    "two years and a step": np.r_[STEADY[:15], 20 * STEADY[15:30]],
    "a year": put({5: 3_000}, STEADY[:12]),
    "five months": put({2: 0}, STEADY[:5]),
}


@pytest.mark.parametrize("method", [None, "seasonal naive"])
@pytest.mark.parametrize("name", OTHERS)
def test_no_path_leaves_what_a_count_can_be(name: str, method: str | None) -> None:
    counts = OTHERS[name]
    if method and len(counts) < 12:
        pytest.skip("the plain guess needs a year")
    one = made(counts, method)
    for paths in [one.base, *one.members.values()]:
        assert paths.counts.min() >= 0
        if len(counts) >= 12:
            assert paths.counts.max() <= most_allowed(counts)
        else:  # its limit is that of a year's total
            by_year = paths.counts.reshape(len(paths.counts), -1, 12).sum(axis=2)
            assert by_year.max() <= most_allowed(np.array([2 * 12 * counts.mean()]))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.one_of(st.just(0), st.integers(0, 5), st.integers(50, 110), st.integers(0, 200_000)),
        min_size=12,
        max_size=40,
    )
)
def test_nor_does_any_record_that_can_be_thought_of(counts: list[int]) -> None:
    one = made(counts)
    assert one.base.counts.min() >= 0
    assert one.base.counts.max() <= most_allowed(np.array(counts))


def test_a_record_with_a_low_month_in_reach_of_chance_is_learnt_from_as_it_is() -> None:
    months = START + np.arange(60)
    weights = MonthWeights.england(months[0], months[-1], TERMS, DayWeights())
    counts = np.random.default_rng(2).poisson(80 * weights.exposure / weights.exposure.mean())
    assert (tempered(record(counts), weights).counts == counts).all()


@pytest.mark.parametrize(
    "totals", [[1_061, 0, 1_204], [3, 2_000], [0, 0, 0], [1_000, 100_000, 900]]
)
def test_yearly_totals_that_cannot_be_growth(totals: list[int]) -> None:
    years = np.datetime64("2021", "Y") + np.arange(len(totals))
    one = forecast(History("yearly", years, np.array(totals)), 60, terms=TERMS, paths=200)
    by_year = one.base.counts.reshape(200, 5, 12).sum(axis=2)
    assert by_year.max() <= most_allowed(np.array(totals))


def test_a_year_of_none_between_two_of_a_thousand_is_no_level() -> None:
    """131 were forecast for 2025."""
    history = History(
        "yearly", np.datetime64("2022", "Y") + np.arange(3), np.array([1061, 0, 1204])
    )
    made_paths = forecast(history, 12, terms=TERMS, paths=200).base.counts
    assert np.median(made_paths.sum(axis=1)) > 1_204 / 2


def test_what_a_planner_decides_is_kept_within_reach_of_what_was_decided() -> None:
    growth = Overlay(
        name="more", growth_a_year=0.5, starts=date(2025, 9, 1), sd_share=3, who="a planner",
        decided=date(2025, 8, 1), why="to see how far it goes",
    )  # fmt: skip
    one = forecast(record(STEADY), AHEAD, terms=TERMS, paths=100, overlays={"more": growth})
    assert (one.adjusted.counts <= np.ceil(one.base.counts * 1.5**3 * MOST_RISE)).all()


def test_what_is_assumed_wanders_no_further() -> None:
    assumed = Assumed(requests_a_year=960, growth_a_year=0.0, level_sd=3)
    history = History("assumed", np.array([START]), np.array([80]), assumed=assumed)
    one = forecast(history, AHEAD, terms=TERMS, paths=200)
    by_year = one.base.counts.reshape(200, 3, 12).sum(axis=2)
    assert by_year.max() <= MOST_RISE * 960 * 1.2  # the months' own chance on top
