"""Reviews by age: plans that are amended, and meetings that are put off."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.journey import milestones as m
from ehc_sim.journey.prepare import Prepared
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario import BadInput, Scenario
from tests.big_draws import big_draw, holds
from tests.plain_measures import visits_of
from tests.runs import run_once
from tests.scenario_files import SMALL, change, whole_service

pytestmark = pytest.mark.unit

Bools = NDArray[np.bool_]


def of_ages(folder: Path, text: str, *ages: int, plans: int = 800) -> Scenario:
    """Return a service with as many plans in hand of each age on 1 January 2023."""
    scenario = whole_service(folder, f"[plans.reviews]\n{text}\n")
    head = (SMALL / "plans.csv").read_text(encoding="utf-8").splitlines()[0]
    rows = [f"Smallshire,2023-01-01,{age},2022-03,{plans}" for age in ages]
    (folder / "plans.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")
    return scenario


def amended(run: Prepared, holders: Bools, year: int) -> Bools:
    """Return whether the plan is amended at reviews of some holders in the middle of a year."""
    of = run.everybody
    cases = np.flatnonzero(of.of_kind(m.REVIEW))
    quantity = run.draw.quantities["amended option"]
    minute = run.network.timeline.minute(date(year, 6, 30))
    row = np.searchsorted(quantity.starts, minute, side="right") - 1
    mine = cases[holders[of.holder[cases]]]
    return np.asarray(quantity.values[row][mine - quantity.first] == 1)


def test_plans_are_amended_by_the_age_on_31_august_of_the_year(tmp_path: Path) -> None:
    """Those who move to post-16 in 2024 are 16 on 31 August 2024, to the day: none of them is
    amended at 15, all at 16, and a fifth at 17."""
    text = 'amended = 0.2\nceased = 0\namended_by_age = { "15" = 0, "16" = 5 }'
    run = big_draw(of_ages(tmp_path, text, 14, 15), requests=20)
    of = run.everybody
    due = run.network.timeline.minute(date(2024, 3, 31), MINUTES_A_DAY - 1)
    holders = np.isin(np.arange(len(of.holder)), of.holder[of.due_minute == due])
    assert holders.sum() > 500
    assert not amended(run, holders, 2023).any()
    assert amended(run, holders, 2024).all()
    assert holds(amended(run, holders, 2025), 0.2)


def test_a_share_by_age_is_of_all_reviews_and_no_more_than_are_kept(tmp_path: Path) -> None:
    text = 'amended = 0.2\nceased = 0.1\namended_by_age = { "16-25" = 2, "5-10" = 100 }'
    run = big_draw(of_ages(tmp_path, text, 7, 18), requests=20)
    age, kind = run.everybody.age, run.everybody.of_kind(m.PLAN_AT_START)
    assert amended(run, kind & (age == 7), 2023).all()  # of those that are not ceased
    assert holds(amended(run, kind & (age == 18), 2023), 0.4 / 0.9)


def test_without_ages_the_share_is_one_for_all_and_the_same_plans_are_amended(
    tmp_path: Path,
) -> None:
    plain, by_age = (
        big_draw(of_ages(tmp_path, text, 7, 18), requests=20)
        for text in ("amended = 0.3", 'amended = 0.3\namended_by_age = { "16-25" = 1.5 }')
    )
    everybody = np.ones(len(plain.everybody.holder), dtype=bool)
    old = everybody & (plain.everybody.age >= 16)
    one, other = (amended(run, everybody & ~old, 2023) for run in (plain, by_age))
    assert one.tolist() == other.tolist()
    few, many = (amended(run, old, 2023) for run in (plain, by_age))
    assert (few <= many).all()
    assert few.sum() < many.sum()


def test_a_dated_change_of_the_share_holds_at_every_age(tmp_path: Path) -> None:
    text = 'amended = 0.1\nceased = 0\namended_by_age = { "16-25" = 2 }\n'
    later = change("plans.reviews.amended", "set = 0.4", "from = 2024-03-01")
    run = big_draw(of_ages(tmp_path, text + later, 8, 18), requests=20)
    for age, times in ((8, 1), (18, 2)):
        who = run.everybody.of_kind(m.PLAN_AT_START) & (run.everybody.age == age)
        assert holds(amended(run, who, 2023), 0.1 * times)
        assert holds(amended(run, who, 2024), 0.4 * times)


def test_reviews_of_older_young_people_are_put_off(tmp_path: Path) -> None:
    """Half of those from 16 on, by 100 days; so the meeting is later, and the next one too."""
    text = """put_off = { share = 0.25, wait = { mean_days = 100 } }
put_off_by_age = { "0-4" = 0, "5-10" = 0, "11-15" = 0, "16-25" = 2 }
"""
    run = run_once(of_ages(tmp_path, text, 7, 18, plans=100))
    visits, of = visits_of(run.log), run.prepared.everybody
    put_off = visits[visits["node"] == "review put off"].set_index("case")
    assert ((put_off["ended"] - put_off["joined"]).dropna() == 100 * MINUTES_A_DAY).all()
    late = np.isin(np.arange(len(of.holder)), put_off.index)
    came = np.isin(
        np.arange(len(of.holder)), visits.loc[visits["node"] == m.REVIEW_ARRANGED, "case"]
    )
    at_start = of.of_kind(m.PLAN_AT_START)[of.holder] & came
    assert not late[at_start & (of.age == 7)].any()
    assert holds(late[at_start & (of.age == 18)], 0.5)


def test_ages_of_nothing_that_is_put_off_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="put_off_by_age without put_off, allowed is both"):
        whole_service(tmp_path, '[plans.reviews]\nput_off_by_age = { "16-25" = 2 }\n')
    with pytest.raises(BadInput, match='found "16 to 25", allowed is'):
        whole_service(tmp_path, '[plans.reviews]\namended_by_age = { "16 to 25" = 2 }\n')


def test_there_are_numbers_for_all_reviews_of_young_children_before_they_start_school(
    tmp_path: Path,
) -> None:
    """Arranged every 60 days while under five, every 305 from then on, and once more in the school
    year of the transfer, in whose place the transfer is."""
    text = "every_days_under_five = 120\nmeeting = { mean_days = 0, spread = 0 }"
    run = run_once(of_ages(tmp_path, text, 1, 2, 3, 4, plans=400))
    assert (run.log.reached(m.TRANSFER_INSTEAD) != NOT_YET).sum() > 1000
