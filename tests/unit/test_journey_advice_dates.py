"""Advice providers that are asked from one date to another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.replication import Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario import BadInput
from tests.runs import run_once
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

HEARING = '{ label = "Hearing", needed = 1, turnaround = { mean_days = 30 } }'
BY_A_TEAM = '{ label = "Hearing", needed = 1, team = "plan writers", effort = { mean_hours = 2 } }'
DATES = ("from = 2023-06-01", "until = 2023-12-31")


@pytest.mark.parametrize("given", [HEARING, BY_A_TEAM])
def test_a_provider_is_asked_between_its_dates_alone(tmp_path: Path, given: str) -> None:
    run = run_once(smallshire(tmp_path, change("advice.hearing", f"set = {given}", *DATES)))
    timeline = run.prepared.network.timeline
    first, after = (timeline.minute(day) for day in (date(2023, 6, 1), date(2024, 1, 1)))
    asked, agreed = (run.log.reached(name) for name in (m.asked("hearing"), m.AGREED))
    assessed = (agreed >= first + 60 * 24 * 60) & (agreed < after - 60 * 24 * 60)
    assert assessed.sum() > 10
    assert (asked[assessed] != NOT_YET).all()
    asked = asked[asked != NOT_YET]
    assert ((asked >= first) & (asked < after)).all()
    given_by_then = run.log.reached(m.advice_in("hearing"))
    assert (given_by_then != NOT_YET).sum() >= 0.9 * len(asked)


def test_a_provider_that_ends_is_in_the_measures(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path, change("advice.hearing", f"set = {BY_A_TEAM}", *DATES))
    runner = Replicator(scenario, 5)
    assert "hearing" in runner.definitions.givers
    assert "hearing" in runner.definitions.staffed
    assert m.asked("hearing") in {way.asked for way in runner.definitions.asking["hearing"]}
    assert any(bucket.giver == "hearing" for bucket in runner.definitions.buckets.values())


def test_a_provider_that_returns_must_be_of_the_same_kind(tmp_path: Path) -> None:
    again = change("advice.hearing", f"set = {BY_A_TEAM}", "from = 2024-06-01")
    with pytest.raises(BadInput) as found:
        smallshire(tmp_path, change("advice.hearing", f"set = {HEARING}", *DATES) + again)
    assert "advice.hearing.team: found another on a date, allowed is one for the whole" in str(
        found.value
    )


def test_a_provider_may_return_with_other_numbers(tmp_path: Path) -> None:
    more = HEARING.replace("30", "60")
    again = change("advice.hearing", f"set = {more}", "from = 2024-06-01")
    run = run_once(
        smallshire(tmp_path, change("advice.hearing", f"set = {HEARING}", *DATES) + again)
    )
    asked, given = (run.log.reached(name) for name in (m.asked("hearing"), m.advice_in("hearing")))
    there = (asked != NOT_YET) & (given != NOT_YET)
    later = asked >= run.prepared.network.timeline.minute(date(2024, 6, 1))
    days = (given - asked) / (24 * 60)
    assert np.median(days[there & later]) > 1.5 * np.median(days[there & ~later])


def test_a_team_without_posts_is_told_of_though_its_provider_ends(tmp_path: Path) -> None:
    text = """[teams.hearing]
cost_a_post = 0
"""
    by = BY_A_TEAM.replace("plan writers", "hearing")
    with pytest.raises(BadInput) as found:
        smallshire(tmp_path, text + change("advice.hearing", f"set = {by}", *DATES))
    assert "cases would wait for ever" in str(found.value)
