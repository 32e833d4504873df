"""What is dated later changes nothing before; the same calendar gives the same run."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, SchoolTerms, Timeline
from ehc_sim.engines.simpy import run
from ehc_sim.journey.prepare import prepare
from ehc_sim.network import Log
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Scenario, load
from tests.runs import SEED, assert_same_events, events_before, run_once, small_run
from tests.scenario_files import SMALL, change, whole_service

pytestmark = pytest.mark.metamorphic

STARTS = date(2026, 3, 18)
"""A Wednesday in the middle of a month, in term."""
FROM = f"from = {STARTS}"
ADVICE = """set = { label = "Social care", needed = 0.5, turnaround = { mean_days = 30 } }"""
AGENCY = "set = { cases_a_month = 20, price = 1250, turnaround = { mean_days = 20 } }"
INVESTMENTS = {
    "posts": change("teams.educational psychologists.posts", "add = 3", FROM),
    "posts of a patch": change(
        "teams.educational psychologists.patches.North.posts", "add = 3", FROM
    ),
    "fewer posts": change("teams.plan writers.posts", "add = -1", FROM),
    "hours": change("teams.plan writers.time_on_this_work", "set = 1.0", FROM),
    "pooling": change("teams.educational psychologists.pooled", "set = true", FROM),
    "order": change("teams.plan writers.order", 'set = "newest"', FROM),
    "agency": change("teams.educational psychologists.agency", AGENCY, FROM),
    "leave": change("teams.plan writers.leave_in_school_holidays", "set = 0.1", FROM),
    "sickness": change("teams.plan writers.sickness_days", "set = 60", FROM),
    "drafting": change("drafting.effort.mean_hours", "multiply = 0.5", FROM),
    "rework": change("drafting.rework", "set = 0", FROM),
    "refusals": change("decision_to_assess.refused", "set = 0.5", FROM),
    "turnaround": change("advice.health.turnaround.mean_days", "multiply = 0.5", FROM),
    "another advice provider": change("advice.care", ADVICE, FROM),
    "family days": change("draft_to_final.family_days", "set = 20", FROM),
}


@pytest.mark.parametrize("investment", INVESTMENTS)
def test_an_investment_changes_nothing_before_its_date(tmp_path: Path, investment: str) -> None:
    today = small_run(tmp_path)
    later = small_run(tmp_path, INVESTMENTS[investment])
    assert_same_events(events_before(today, STARTS), events_before(later, STARTS), today)
    if investment != "leave":  # a year's leave is planned in January, so this would be of 2027
        assert not np.array_equal(today.log.visits, later.log.visits)


OF_THE_SERVICE = {
    "support": change("disputes.support.uptake", "set = 0.9", FROM),
    "mediation": change("disputes.mediation.share", "set = 0.6", FROM),
    "appeals won": change("disputes.appeals.overturned", "set = 0.1", FROM),
    "meetings": change("meetings.share", "set = 1.0", FROM),
    "a ramp of meetings": change("meetings.share", "set = 1.0", FROM)
    + change("meetings.ramp_months", "set = 6", FROM),
    "amendments": change("plans.reviews.amended", "set = 0.9", FROM),
    "plans that end": change("plans.ceased_a_year", "set = 0.4", FROM),
    "reviewing officers": change("teams.reviewing officers.posts", "add = 2", FROM),
}


@pytest.mark.parametrize("investment", OF_THE_SERVICE)
def test_a_change_of_the_service_changes_nothing_before_its_date(
    tmp_path: Path, investment: str
) -> None:
    today, later = (
        run_once(whole_service(tmp_path, text)) for text in ("", OF_THE_SERVICE[investment])
    )
    assert_same_events(events_before(today, STARTS), events_before(later, STARTS), today)
    assert not np.array_equal(today.log.visits, later.log.visits)


@pytest.mark.parametrize(
    "panel",
    [
        change("panels.weekly panel.cases", "set = 2", FROM),
        change("panels.weekly panel.every_weeks", "set = 2", FROM),
        change("panels.weekly panel.weekday", 'set = "Monday"', FROM),
    ],
)
def test_a_panel_changes_with_its_first_sitting_so_with_that_sittings_list(
    tmp_path: Path, panel: str
) -> None:
    """Papers are due three working days before: nothing changes before 13 March."""
    lists_close = STARTS - timedelta(days=5)
    today, later = small_run(tmp_path), small_run(tmp_path, panel)
    assert_same_events(events_before(today, lists_close), events_before(later, lists_close), today)
    assert not np.array_equal(today.log.visits, later.log.visits)


YEARS = 11
FIRST, LAST = date(2014, 1, 1), date(2015, 12, 31)
"""2014 and 2015 have the weekdays, the Easters and the bank holidays of 2025 and 2026."""


def in_years_later(day: date, years: int) -> date:
    return day.replace(year=day.year + years)


def shifted(years: int) -> Timeline:
    terms = SchoolTerms()  # by rule, so that the same calendar has the same terms
    return Timeline.england(in_years_later(FIRST, years), in_years_later(LAST, years), terms)


def run_shifted(scenario: Scenario, years: int) -> Log:
    """Run 400 requests through the journey, with a change of settings after a year."""
    timeline = shifted(years)
    rng = np.random.default_rng(SEED)
    working = np.flatnonzero(timeline.working)
    days = np.sort(working[rng.integers(0, len(working), 400)])
    minutes = np.sort(days * MINUTES_A_DAY + WORK_STARTS + rng.integers(0, 480, 400))
    streams = Streams(SEED, 0)
    drawn = scenario.drawn(lambda key: streams.uniform(f"parameter {key}"))
    periods = [
        (timeline.first_day, drawn[0][1]),
        (in_years_later(date(2015, 3, 2), years), drawn[-1][1]),
    ]
    ready = prepare(streams, timeline, periods, np.arange(400), minutes)
    return run(ready.network, ready.draw)


def test_the_same_calendar_in_other_years_gives_the_same_log() -> None:
    """4,018 days, or 574 weeks, lie between: fortnightly panels sit in the same weeks too."""
    early, late = shifted(0), shifted(YEARS)
    assert (late.first_day - early.first_day).days == 574 * 7
    for name in ("working", "school", "weekday", "month"):
        np.testing.assert_array_equal(getattr(early, name), getattr(late, name))
    scenario = load(SMALL / "more_psychologists.toml")
    before, after = run_shifted(scenario, 0), run_shifted(scenario, YEARS)
    assert len(before.visits) > 4000
    np.testing.assert_array_equal(before.visits, after.visits)
