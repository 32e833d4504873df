"""The stock of plans: plans in hand, plans that move in, when plans end, and phase transfers."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.journey import milestones as m
from ehc_sim.journey.plans_file import read_plans
from ehc_sim.journey.prepare import Prepared
from ehc_sim.journey.requests import Attributes
from ehc_sim.journey.transfers import Transfers, transfers
from ehc_sim.network.case_keys import Group
from ehc_sim.network.log import NOT_YET
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import load
from tests.big_draws import big_draw, holds
from tests.scenario_files import SMALL, whole_service

pytestmark = pytest.mark.unit

TIMELINE = Timeline.england(date(2023, 1, 1), date(2026, 12, 31), SchoolTerms())
IN_HAND = read_plans(SMALL / "plans.csv")
CEASED, MOVED_OUT = 0.08, 0.03


def plans_of(folder: Path, text: str) -> Prepared:
    return big_draw(whole_service(folder, f"[plans]\n{text}\n"), requests=20)


def of_kind(run: Prepared, kind: str) -> pd.DataFrame:
    return run.cases[run.cases["kind"] == kind]


@cache
def large() -> Prepared:
    """Return the draw of 50 times the plans in hand, of 20 requests and of 1,000 moves a year."""
    scenario = load(SMALL / "whole_service.toml")
    day, settings = scenario.periods[0]
    assert settings.plans is not None
    number = type(settings.plans.times)
    more = {"times": number(value=50), "moved_in_a_year": number(value=1000)}
    plans = settings.plans.model_copy(update=more)
    changed = settings.model_copy(update={"plans": plans})
    return big_draw(
        type(scenario)("Large", "To see", scenario.path, ((day, changed),)), requests=20
    )


# --- plans at the start ---


def test_the_plans_at_the_start_are_those_of_the_file(tmp_path: Path) -> None:
    found = of_kind(plans_of(tmp_path, ""), m.PLAN_AT_START)
    expected = np.bincount(IN_HAND.age, IN_HAND.plans)
    assert np.bincount(found["age"]).tolist() == expected.tolist()
    assert (found["minute"] == 0).all()
    assert found["source"].isna().all()
    assert (found["holder"] == found.index).all()


def test_twice_the_stock_is_twice_of_each_and_the_same_plans_among_them(tmp_path: Path) -> None:
    one, two = (of_kind(plans_of(tmp_path, f"times = {t}"), m.PLAN_AT_START) for t in (1, 2))
    assert np.bincount(two["age"]).tolist() == (2 * np.bincount(one["age"])).tolist()
    columns = ["number", "age", "need", "area", "ends", "moves_out"]
    kept = two[two["number"].isin(one["number"])]
    assert len(kept) == len(one)
    pd.testing.assert_frame_equal(
        kept[columns].sort_values("number", ignore_index=True),
        one[columns].sort_values("number", ignore_index=True),
    )


def test_a_fraction_of_the_stock_is_right_on_average(tmp_path: Path) -> None:
    """0.4 of 240 plans, each row of the file rounded up or down by chance."""
    found = len(of_kind(plans_of(tmp_path, "times = 0.4"), m.PLAN_AT_START))
    wanted = IN_HAND.plans * 0.4
    error = np.sqrt((wanted % 1 * (1 - wanted % 1)).sum())
    assert found == pytest.approx(wanted.sum(), abs=4.5 * error)


def test_a_very_large_stock_has_numbers_of_its_own() -> None:
    """12,000 plans with room for every review: no two of a kind share their random numbers."""
    run = large()
    assert (run.cases["kind"] == m.PLAN_AT_START).sum() == 12_000
    keys = run.draw.keys
    assert keys is not None
    assert len(set(keys.prefixes)) == len(keys.prefixes)
    assert not pd.DataFrame([keys.group, keys.numbers]).T.duplicated().any()


def test_reviews_of_plans_in_hand_are_arranged_by_their_last_review() -> None:
    """365 days after a day of that month, less 60; at once where that is over."""
    run = large()
    days = run.draw.quantities["days to review in hand"]
    count = np.floor(IN_HAND.plans * 50).astype(int)
    rows = np.repeat(np.arange(len(count)), count)
    months = IN_HAND.last_review[rows].astype("datetime64[D]")
    first = (months - np.datetime64(TIMELINE.first_day)).astype(int)
    gap = np.where(IN_HAND.age[rows] < 5, 182, 365) - 60
    found = days.values[0][: len(rows)]
    assert (found >= np.maximum(first + gap, 0)).all()
    assert (found <= np.maximum(first + gap + 29, 0)).all()
    assert days.cases.start == of_kind(run, m.PLAN_AT_START).index[0]


# --- plans that move in ---


def test_as_many_plans_move_in_as_are_set_at_all_times_of_the_year() -> None:
    """1,000 a year over four years; month by month within four and a half standard errors."""
    minutes = of_kind(large(), m.PLAN_MOVED_IN)["minute"].to_numpy()
    assert (np.diff(minutes) >= 0).all()
    found = np.bincount(TIMELINE.month[minutes // MINUTES_A_DAY], minlength=48)
    mean = np.bincount(TIMELINE.month) * 1000 / 365.25
    assert (np.abs(found - mean) < 4.5 * np.sqrt(mean)).all()
    assert abs(found.sum() - mean.sum()) < 4.5 * np.sqrt(mean.sum())


def test_plans_that_move_in_are_of_the_ages_of_those_in_hand() -> None:
    ages = of_kind(large(), m.PLAN_MOVED_IN)["age"].to_numpy()
    shares = np.bincount(IN_HAND.age, IN_HAND.plans) / IN_HAND.plans.sum()
    for age, share in enumerate(shares):
        if share > 0.02:
            assert holds(ages == age, share), age


def test_nobody_moves_in_where_nobody_is_to(tmp_path: Path) -> None:
    found = of_kind(plans_of(tmp_path, "moved_in_a_year = 0"), m.PLAN_MOVED_IN)
    assert len(found) == 0


def test_reviews_of_plans_that_move_in_are_spread_over_the_year() -> None:
    run = large()
    moved = of_kind(run, m.PLAN_MOVED_IN)
    days = run.draw.quantities["days to review in hand"].values[0][-len(moved) :]
    gap = np.where(moved["age"] < 5, 122, 305)
    assert ((days >= 0) & (days < gap)).all()
    assert (days / gap).mean() == pytest.approx(0.5, abs=4.5 * np.sqrt(1 / 12 / len(days)))


# --- when plans end ---


def ended_in_the_first_year(ages: range) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which plans of an age at the start ended, and which of them moved away."""
    found = of_kind(large(), m.PLAN_AT_START)
    found = found[found["age"].isin(ages)]
    ended = (found["ends"] < TIMELINE.minute(date(2024, 1, 1))).to_numpy()
    return ended, ended & found["moves_out"].to_numpy()


@pytest.mark.parametrize(
    ("ages", "times"), [(range(3, 4), 0.2), (range(6, 15), 1.0), (range(16, 23), 2.0)]
)
def test_plans_end_in_a_year_by_the_share_of_their_age(ages: range, times: float) -> None:
    """Ceased and moved away together; of those that end, by their rates."""
    ended, moved = ended_in_the_first_year(ages)
    ceased = CEASED * times
    assert holds(ended, 1 - (1 - ceased) * (1 - MOVED_OUT))
    rates = -np.log1p(-np.array([ceased, MOVED_OUT]))
    assert holds(moved[ended], rates[1] / rates.sum())


def test_nobodys_plan_goes_on_after_the_school_year_of_the_25th_birthday() -> None:
    """Those of 22 in January 2023 turn 25 in 2025: their school year ends in 2026 at the latest.

    A plan of somebody who has turned 25 before the start lasts until August 2023 at the latest.
    """
    run = large()
    old = of_kind(run, m.PLAN_AT_START)
    old = old[old["age"] >= 22]
    assert len(old) > 0
    assert (old["ends"] <= TIMELINE.minute(date(2026, 8, 31), 12 * 60)).all()
    assert (old["ends"] > 0).all()


def test_plans_do_not_end_where_they_are_not_to(tmp_path: Path) -> None:
    run = plans_of(tmp_path, "ceased_a_year = 0\nmoved_out_a_year = 0")
    young = of_kind(run, m.PLAN_AT_START)
    young = young[young["age"] <= 20]
    assert (young["ends"] > TIMELINE.minute(date(2026, 12, 31), 1439)).all()
    assert not young["moves_out"].any()


def test_a_plan_does_not_end_before_it_has_moved_in() -> None:
    moved = of_kind(large(), m.PLAN_MOVED_IN)
    assert (moved["ends"] >= moved["minute"]).all()
    within = moved["ends"] < moved["minute"] + 30 * MINUTES_A_DAY
    assert within.any()  # some end soon after


def test_a_new_plan_is_kept_for_two_years_from_the_request(tmp_path: Path) -> None:
    scenario = whole_service(tmp_path, "[plans]\nceased_a_year = 0.9\nmoved_out_a_year = 0.5\n")
    cases = big_draw(scenario, requests=500).cases
    first = cases[cases["kind"] == m.REQUEST_CASE]
    kept = first["ends"] - first["minute"]
    assert (kept >= round(2 * 365.25) * MINUTES_A_DAY).all()
    assert (kept < round(2.5 * 365.25) * MINUTES_A_DAY).mean() > 0.2


def test_a_plan_that_moves_in_is_reviewed_three_months_after_the_move_at_the_soonest() -> None:
    """Arranged 60 days before: 31 days after the move, however long ago the last review was."""
    run = large()
    moved = run.cases.index[run.cases["kind"] == m.PLAN_MOVED_IN].to_numpy()
    quantity = run.draw.quantities["days to review in hand"]
    days = quantity.values[0][moved - quantity.first]
    assert days.min() == 91 - 60
    assert days.max() > 200


# --- phase transfers ---


def transfers_of(folder: Path, *births: date, junior: int = 1, earliest: int = 0) -> Transfers:
    """Return the phase transfers of children born on given dates."""
    text = f"[plans.phase_transfers]\ninfant_to_junior = {junior}\n"
    settings = whole_service(folder, text).base
    count = len(births)
    born = np.array([TIMELINE.minute(day) for day in births])
    none = np.zeros(count, dtype=np.int64)
    who = Attributes(none, none, none, none, born)
    group = Group("", np.arange(count))
    every = np.full(count, earliest)
    return transfers(Streams(1, 0), TIMELINE, settings, [group], who, every)


BIRTHS = {
    # Starts school in the year of being 4 on 31 August, and junior school in that of being 7.
    date(2019, 8, 31): [date(2023, 2, 14), date(2026, 2, 14)],
    date(2019, 9, 1): [date(2024, 2, 14), date(2027, 2, 14)],
    date(2013, 5, 5): [date(2024, 2, 14)],  # secondary school at 11
    date(2008, 3, 10): [date(2024, 3, 31)],  # post-16
    date(2010, 9, 1): [date(2027, 3, 31)],  # post-16 a year later for being born in September
    date(2003, 1, 1): [],
}


def test_transfers_fall_at_the_right_ages_and_dates(tmp_path: Path) -> None:
    found = transfers_of(tmp_path, *BIRTHS)
    by_child: dict[int, list[date]] = {child: [] for child in range(len(BIRTHS))}
    for child, due in zip(found.holder.tolist(), found.due.tolist(), strict=True):
        by_child[child].append(TIMELINE.date_of(due))
        assert (due + 1) % MINUTES_A_DAY == 0  # the last minute of the day
    assert list(by_child.values()) == list(BIRTHS.values())


def test_the_reviews_of_transfers_meet_in_the_autumn_before(tmp_path: Path) -> None:
    """On a school day from 15 September for 75 days; the school year begins on 1 September. What
    began before the run begins with it, and meets on its first school day: 3 January 2023."""
    found = transfers_of(tmp_path, *list(BIRTHS) * 20)
    for arrived, met, due in zip(found.arrived.tolist(), found.met, found.due, strict=True):
        year, day = TIMELINE.date_of(due).year, TIMELINE.date_of(met * MINUTES_A_DAY)
        if year == 2023:
            assert (arrived, day) == (0, date(2023, 1, 3))
        else:
            assert TIMELINE.date_of(arrived) == date(year - 1, 9, 1)
            assert arrived % MINUTES_A_DAY == 0
            assert date(year - 1, 9, 15) <= day <= date(year - 1, 11, 30)
            assert TIMELINE.school[met]
    waits = zip(found.arrived.tolist(), found.school_days.tolist(), strict=True)
    ends = [TIMELINE.after(minute, days, "school") // MINUTES_A_DAY for minute, days in waits]
    assert ends == found.met.tolist()


def test_only_some_children_move_to_a_junior_school(tmp_path: Path) -> None:
    """Born in 2017, all are 7 on 31 August 2024 or 2025; three in ten move."""
    births = [date(2017, month, 3) for month in range(1, 13)] * 250
    assert len(transfers_of(tmp_path, *births, junior=0).due) == 0
    text = "[plans.phase_transfers]\ninfant_to_junior = 0.3\n"
    settings = whole_service(tmp_path, text).base
    born = np.array([TIMELINE.minute(day) for day in births])
    none = np.zeros(len(born), dtype=np.int64)
    who, group = Attributes(none, none, none, none, born), Group("", np.arange(len(born)))
    found = transfers(Streams(1, 0), TIMELINE, settings, [group], who, none)
    assert holds(np.arange(len(born)) < len(found.due), 0.3)


def test_a_plan_that_cannot_be_there_yet_is_not_transferred(tmp_path: Path) -> None:
    late = TIMELINE.minute(date(2026, 12, 1))
    assert len(transfers_of(tmp_path, *BIRTHS, earliest=late).due) == 0


def test_reviews_and_second_requests_wait_for_another_case_to_start_them() -> None:
    run = large()
    started = (m.REQUEST_AGAIN, m.REVIEW)
    waits = run.cases["kind"].isin(started).to_numpy()
    assert (run.draw.arrived[waits] == NOT_YET).all()
    assert (run.draw.arrived[~waits] >= 0).all()
