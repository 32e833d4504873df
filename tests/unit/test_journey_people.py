"""Teams of the journey as the model gets them: reserved posts, agencies by rule, daily hours."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, SchoolTerms, Timeline
from ehc_sim.journey.teams import JourneyPeople
from ehc_sim.network.network import TeamPlan
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Settings
from ehc_sim.scenario.people import Team
from ehc_sim.scenario.schema import Period
from tests.hand_made import cases_like
from tests.made_teams import team

pytestmark = pytest.mark.unit

SPRING = Timeline.england(date(2025, 1, 1), date(2025, 4, 30), SchoolTerms())
CHANGES = date(2025, 3, 17)
PERIOD = Period(run_in_from=SPRING.first_day, plan_from=CHANGES, plan_until=date(2025, 4, 30))
CASES = cases_like(*[("parent", 8, "5-10", "autism", area) for area in ("North", "South")])
WEEK = 7 * MINUTES_A_DAY


def plan_of(before: Team, after: Team | None = None) -> TeamPlan:
    """Return a team; its settings are others from 17 March 2025 on where they are given."""
    periods = [
        (day, Settings.model_construct(teams={"officers": one}, period=PERIOD))
        for day, one in ((SPRING.first_day, before), (CHANGES, after))
        if one is not None
    ]
    return JourneyPeople(Streams(1, 0), SPRING, periods).team("officers", CASES)


def test_posts_are_reserved_by_number_within_the_whole_team_and_each_patch() -> None:
    """Of two posts a half and of one post of a patch none; of two posts of a patch one."""
    patches = {"North": {"posts": 1}, "South": {"posts": 1.5}}
    shared = team(posts=2, patch_by="area", patches=patches, reserved={"disputes": 0.5})
    plan = plan_of(shared)
    assert [rules.reserved for rules in plan.rules] == [("", "disputes", "", "", "disputes")]
    assert plan.rules[0].serves == ((0, 1), (0, 1), (0,), (1,), (1,))


def test_reserving_starts_and_ends_with_its_dates() -> None:
    none, some = team(posts=2), team(posts=2, reserved={"overdue": 1})
    assert [rules.reserved for rules in plan_of(none).rules] == [None]
    assert [rules.reserved for rules in plan_of(team(posts=2, reserved={"overdue": 0})).rules] == [
        None
    ]
    rules = plan_of(none, some).rules
    assert [one.reserved for one in rules] == [None, ("overdue", "overdue")]
    assert [one.starts for one in rules] == [0, SPRING.minute(CHANGES)]


def test_officers_are_named_from_a_date_on_each_with_the_part_of_a_post_that_is_there() -> None:
    """In two patches and for both; from 17 March the part of a post in the South is a whole one."""
    patches = {"North": {"posts": 0.004}, "South": {"posts": 1.3}}
    of: dict[str, object] = {"posts": 2.5, "patch_by": "area", "patches": patches}
    more = of | {"patches": patches | {"South": {"posts": 2}}}
    now = team(**more, named_officers=True)
    assert [one.officers for one in plan_of(team(**of)).rules] == [None]
    assert [one.officers for one in plan_of(team(**of), now).rules] == [
        None,
        (100, 100, 50, 1, 100, 100),
    ]
    assert plan_of(team(**of, named_officers=True), now).rules[0].officers == (
        (100, 100, 50, 1, 100, 30)
    )


def test_officers_put_a_kind_first_in_so_many_hundredths_of_their_hours() -> None:
    (rules,) = plan_of(team(posts=3, reserved={"disputes": 0.1}, named_officers=True)).rules
    assert rules.reserved is not None
    assert (len(rules.reserved), rules.reserved.count("disputes")) == (100, 10)


AGENCY = {"cases_a_month": 31, "price": 1000, "turnaround": {"mean_days": 20}}


def test_an_agency_without_a_rule_is_not_looked_at_each_morning() -> None:
    agency = plan_of(team(agency=AGENCY)).agency
    assert agency is not None
    assert set(agency.longer_than) == set(agency.older_than) == {None}
    assert len(agency.longer_than) == len(agency.older_than) == len(agency.opens)
    assert agency.looks == ()


def test_an_agencys_rule_is_looked_at_on_every_working_morning_on_which_it_holds() -> None:
    """From 17 March: longer than 7.6 is 8 or more, as longer than 7 is; older than 2.5 weeks."""
    rule = {**AGENCY, "queue_longer_than": 7.6, "older_than_weeks": 2.5}
    agency = plan_of(team(agency=AGENCY), team(agency=rule)).agency
    assert agency is not None
    opens = [SPRING.date_of(minute) for minute in agency.opens]
    assert opens == [date(2025, *day) for day in ((1, 1), (2, 1), (3, 1), (3, 17), (4, 1))]
    assert agency.longer_than == (None, None, None, 7, 7)
    assert agency.older_than == (None, None, None, 2.5 * WEEK, 2.5 * WEEK)
    assert agency.allowance == (31, 31, 16, 15, 31)
    days = np.flatnonzero(SPRING.working & (SPRING.days >= np.datetime64(CHANGES)))
    assert agency.looks == tuple(days * MINUTES_A_DAY + WORK_STARTS)


SPRING_TO_CHANGE = {**AGENCY, "cases_a_month": 60}


def test_an_agency_comes_to_its_number_over_its_months() -> None:
    """From 17 March over two months of 30.44 days, by the day and at midday of each.

    March has 15 of 31 days, at 7.5 / 60.875 on average: 60 x 15 / 31 x 0.1232 = 3.58. April begins
    15 days in and is at 30 / 60.875 on average: 60 x 0.4928 = 29.57; both are 33.15.
    """
    slow = {**SPRING_TO_CHANGE, "ramp_months": 2}
    agency = plan_of(team(), team(agency=slow)).agency
    assert agency is not None
    assert agency.allowance == (0, 0, 0, 4, 29)
    at_once = plan_of(team(), team(agency=SPRING_TO_CHANGE)).agency
    assert at_once is not None and at_once.allowance == (0, 0, 0, 29, 60)


def test_an_agency_that_is_there_already_does_not_begin_again_at_another_price() -> None:
    slow = {**AGENCY, "ramp_months": 6}
    agency = plan_of(team(agency=slow), team(agency={**slow, "price": 1400})).agency
    assert agency is not None
    assert agency.allowance == (31, 31, 31, 31)


def test_hours_a_day_are_there_on_working_days() -> None:
    usual = team(posts=0, capacity="daily hours", hours_a_day=12, most_hours_a_case=2)
    more = team(posts=0, capacity="daily hours", hours_a_day=15.5, most_hours_a_case=0.1)
    plan = plan_of(usual, more)
    assert plan.posts == () and plan.daily is not None
    later = SPRING.days >= np.datetime64(CHANGES)
    expected = np.where(later, 930, 720)
    assert plan.daily.minutes.tolist() == np.where(SPRING.working, expected, 0).tolist()
    assert plan.daily.most_a_case.tolist() == np.where(later, 6, 120).tolist()


def test_filled_posts_of_the_whole_team_and_its_patches_are_added_up() -> None:
    patches = {"North": {"posts": 1.3}, "South": {"posts": 2}}
    of = {"posts": 1.5, "patch_by": "area", "patches": patches}
    assert plan_of(team(**of)).filled is None
    plan = plan_of(team(**of, leavers_a_year=4, weeks_to_recruit=6, cover=0.5))
    assert plan.filled is not None and plan.covered is not None
    part = np.array([1, 0.5, 1, 0.3, 1, 1])
    there = part @ np.array([post.takes for post in plan.posts])
    np.testing.assert_allclose(plan.filled + plan.covered, there)
    assert there.min() < 4.8 and plan.covered.max() > 0
