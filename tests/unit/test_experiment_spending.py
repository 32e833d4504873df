"""What a scenario spends on posts, agencies, sittings and changes: worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.spending import spending
from ehc_sim.network import PanelPlan, Sitting, TeamPlan
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Scenario
from tests.hand_made import minute
from tests.plain_counts import day_index
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

A_YEAR = 365.25


def timeline_of(scenario: Scenario) -> Timeline:
    period = scenario.base.period
    return Timeline.england(period.run_in_from, period.plan_until, SchoolTerms())


def spent(
    scenario: Scenario,
    agency_cases: dict[str, int] | None = None,
    *sittings: str,
    writers: TeamPlan | None = None,
) -> pd.Series:
    """Return pounds by item and month; agency cases are the psychologists', by month."""
    timeline = timeline_of(scenario)
    names = [str(month) for month in timeline.months]
    bought = np.array([float((agency_cases or {}).get(name, 0)) for name in names])
    minutes = [minute(timeline, when) for when in sittings]
    panel = PanelPlan(tuple(Sitting(at - MINUTES_A_DAY, at, 12) for at in minutes))
    lines = spending(
        scenario.changes,
        scenario.periods,
        timeline,
        {"educational psychologists": bought},
        {"plan writers": writers} if writers else {},
        {"weekly panel": panel},
        Streams(1, 0),
    )
    pounds: dict[tuple[str, pd.Timestamp], float] = {}
    for line in lines:
        for month, paid in zip(timeline.months, line.pounds, strict=True):
            key = (line.item, pd.Timestamp(month))
            pounds[key] = pounds.get(key, 0.0) + float(paid)
    return pd.Series(pounds).rename_axis(["item", "month"])


def of(pounds: pd.Series, item: str, month: str) -> float:
    return float(pounds[(item, pd.Timestamp(month))])


def test_posts_are_paid_by_the_day_with_those_of_every_patch(tmp_path: Path) -> None:
    """2.5 plan writers at 42,000 pounds; 1.7 and 1.3 psychologists at 75,000."""
    pounds = spent(smallshire(tmp_path))
    assert of(pounds, "plan writers", "2025-01") == pytest.approx(2.5 * 42_000 * 31 / A_YEAR)
    psychologists = of(pounds, "educational psychologists", "2025-02")
    assert psychologists == pytest.approx(3.0 * 75_000 * 28 / A_YEAR)


def test_a_post_is_paid_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    """One more from 16 March to 10 April: 16 days of March and 10 of April."""
    dates = ("from = 2025-03-16", "until = 2025-04-10")
    more = spent(smallshire(tmp_path, change("teams.plan writers.posts", "add = 1", *dates)))
    extra = {
        month: of(more, "plan writers", month) - 2.5 * 42_000 * days / A_YEAR
        for month, days in (("2025-02", 28), ("2025-03", 31), ("2025-04", 30), ("2025-05", 31))
    }
    assert extra["2025-02"] == pytest.approx(0, abs=1e-6)
    assert extra["2025-03"] == pytest.approx(42_000 * 16 / A_YEAR)
    assert extra["2025-04"] == pytest.approx(42_000 * 10 / A_YEAR)
    assert extra["2025-05"] == pytest.approx(0, abs=1e-6)


def writers(scenario: Scenario, covered: float) -> TeamPlan:
    """Return plan writers: 2.5 posts, of which one is empty from 16 March to 10 April 2025."""
    timeline = timeline_of(scenario)
    empty = np.zeros(len(timeline.days))
    first, last = (day_index(timeline, date(2025, *day)) for day in ((3, 16), (4, 10)))
    empty[first : last + 1] = 1
    return TeamPlan(posts=(), filled=2.5 - empty, covered=covered * empty)


def test_an_empty_post_is_not_paid_and_temporary_staff_are(tmp_path: Path) -> None:
    """Empty for 16 days of March and 10 of April; covered at 60,000 pounds a year."""
    priced = change("teams.plan writers.cover_cost_a_post", "set = 60_000", "from = 2023-01-01")
    scenario = smallshire(tmp_path, priced)
    empty, covered = (spent(scenario, writers=writers(scenario, part)) for part in (0.0, 1.0))
    for month, paid, gone in (("2025-02", 28, 0), ("2025-03", 31, 16), ("2025-04", 30, 10)):
        own = (2.5 * paid - gone) * 42_000 / A_YEAR
        assert of(empty, "plan writers", month) == pytest.approx(own)
        assert of(covered, "plan writers", month) == pytest.approx(own)
        temporary = of(covered, "cover: plan writers", month)
        assert temporary == pytest.approx(gone * 60_000 / A_YEAR)
    assert "cover: plan writers" not in empty.index.get_level_values("item")


def test_a_new_post_is_paid_once_somebody_is_found(tmp_path: Path) -> None:
    """One more from 16 March 2025 and two weeks to recruit: 2 days of March, 30 of April."""
    scenario = smallshire(
        tmp_path,
        change("teams.plan writers.posts", "add = 1", "from = 2025-03-16")
        + change("teams.plan writers.weeks_to_recruit", "set = 2", "from = 2025-03-16"),
    )
    teams = Replicator(scenario, 1).runs([0])[0].prepared.network.teams
    pounds = spent(scenario, writers=teams["plan writers"])
    for month, days, more in (("2025-02", 28, 0), ("2025-03", 31, 2), ("2025-04", 30, 30)):
        expected = (2.5 * days + more) * 42_000 / A_YEAR
        assert of(pounds, "plan writers", month) == pytest.approx(expected)


def test_overtime_is_paid_by_the_week_for_filled_posts(tmp_path: Path) -> None:
    """Three hours a week at 40 pounds from 3 to 30 March: four weeks, 2.5 posts or one fewer."""
    dates = ("from = 2025-03-03", "until = 2025-03-30")
    overtime = change("teams.plan writers.overtime_hours_a_week", "set = 3", *dates)
    price = change("teams.plan writers.overtime_cost_an_hour", "set = 40", "from = 2023-01-01")
    scenario = smallshire(tmp_path, overtime + price)
    item = "overtime: plan writers"
    usual = spent(scenario)
    assert of(usual, item, "2025-03") == pytest.approx(4 * 2.5 * 3 * 40)
    assert of(usual, item, "2025-02") == of(usual, item, "2025-04") == 0
    one_less = spent(scenario, writers=writers(scenario, covered=1))  # for 15 days of the 28
    assert of(one_less, item, "2025-03") == pytest.approx((4 * 2.5 - 15 / 7) * 3 * 40)


AGENCY = change(
    "teams.educational psychologists.agency",
    "set = { cases_a_month = 20, price = 1250, turnaround = { mean_days = 20 } }",
    "from = 2025-03-15",
    "until = 2025-06-10",
)


def test_an_agency_is_paid_by_the_case_in_parts_of_months_too(tmp_path: Path) -> None:
    cases = {"2025-03": 4, "2025-04": 20, "2025-06": 2}
    pounds = spent(smallshire(tmp_path, AGENCY), cases)
    item = "agency: educational psychologists"
    assert of(pounds, item, "2025-02") == 0
    assert of(pounds, item, "2025-03") == pytest.approx(4 * 1250)
    assert of(pounds, item, "2025-04") == pytest.approx(20 * 1250)
    assert of(pounds, item, "2025-06") == pytest.approx(2 * 1250)


def test_without_an_agency_there_is_no_such_item(tmp_path: Path) -> None:
    items = spent(smallshire(tmp_path)).index.get_level_values("item").unique()
    assert set(items) == {
        "educational psychologists",
        "plan writers",
        "senior officers",
        "panel: weekly panel",
        "changes",
    }


def test_every_sitting_is_paid_at_the_price_of_its_day(tmp_path: Path) -> None:
    dearer = change("panels.weekly panel.cost_a_sitting", "set = 1000", "from = 2025-03-12")
    sittings = ("2025-02-26 10:00", "2025-03-05 10:00", "2025-03-12 10:00", "2025-03-19 10:00")
    pounds = spent(smallshire(tmp_path, dearer), None, *sittings)
    assert of(pounds, "panel: weekly panel", "2025-02") == 900
    assert of(pounds, "panel: weekly panel", "2025-03") == 900 + 1000 + 1000
    assert of(pounds, "panel: weekly panel", "2025-04") == 0


def test_changes_cost_once_when_they_start_and_by_the_day_while_they_last(tmp_path: Path) -> None:
    """From 16 March to 10 April: 12,000 pounds in March, and 16 and 10 days of 36,525 a year."""
    rest = (
        *("from = 2025-03-16", "until = 2025-04-10"),
        *("one_off_cost = 12_000", "yearly_cost = 36_525"),
    )
    pounds = spent(smallshire(tmp_path, change("drafting.rework", "set = 0.1", *rest)))
    assert of(pounds, "changes", "2025-02") == 0
    assert of(pounds, "changes", "2025-03") == pytest.approx(12_000 + 16 * 100)
    assert of(pounds, "changes", "2025-04") == pytest.approx(10 * 100)
    assert of(pounds, "changes", "2025-05") == 0


@pytest.mark.parametrize(
    ("what", "to"),
    [
        ("exceptions.claimed", "true"),
        ("requests.registration_team", '"senior officers"'),
        ("drafting.rework", "0.1"),
    ],
)
def test_a_change_without_dates_is_paid_for_from_the_first_day_of_the_plan(
    tmp_path: Path, what: str, to: str
) -> None:
    """What is paid before the plan is in none of its costs; the plan is of 730 days."""
    costs = ("one_off_cost = 12_000", "yearly_cost = 36_525")
    pounds = spent(smallshire(tmp_path, change(what, f"set = {to}", *costs)))["changes"]
    assert pounds.sum() == pytest.approx(12_000 + 730 * 100)
    assert pounds.index[pounds > 0][0] == pd.Timestamp("2025-01")
    assert pounds[pd.Timestamp("2025-01")] == pytest.approx(12_000 + 31 * 100)


def test_income_lost_by_time_bought_back_is_spent(tmp_path: Path) -> None:
    """36,525 pounds a year of traded income lost, from April 2025: 30 days of April at 100."""
    lost = ("from = 2025-04-01", "yearly_cost = 36_525")
    what = "teams.educational psychologists.time_on_this_work"
    pounds = spent(smallshire(tmp_path, change(what, "set = 0.7", *lost)))
    assert [of(pounds, "changes", f"2025-0{month}") for month in (3, 4)] == [0, 3_000]
    people = of(pounds, "educational psychologists", "2025-04")
    assert people == pytest.approx(3.0 * 75_000 * 30 / A_YEAR)  # the same people, at the same pay


@pytest.mark.parametrize(
    ("cases", "given"),
    [(0.5, [1, 0, 1, 0, 1, 0]), (0.4, [0, 1, 0, 1, 0, 0]), (1.5, [2, 1, 2, 1, 2, 1])],
)
def test_what_is_left_of_an_agencys_case_is_carried_to_the_next_month(
    tmp_path: Path, cases: float, given: list[int]
) -> None:
    """And who pays for it from the middle of a month does not change what it takes."""
    agency = f"{{ cases_a_month = {cases}, price = 900, turnaround.mean_days = 20 }}"
    what = "teams.educational psychologists.agency"
    bought = change(what, f"set = {agency}", "from = 2025-01-01")
    paid = change(f"{what}.price", "set = 1_000", "from = 2025-02-16")
    for text in (bought, bought + paid):
        replication = Replicator(smallshire(tmp_path, text), 1).runs([0])[0]
        plan = replication.prepared.network.teams["educational psychologists"].agency
        assert plan is not None
        begun = next(cases for cases in plan.allowance if cases)
        first = plan.allowance.index(begun) - next(i for i, one in enumerate(given) if one)
        assert list(plan.allowance[first : first + 6]) == given


def test_an_agency_that_stops_within_a_month_takes_no_more_cases(tmp_path: Path) -> None:
    """Of 20 cases a month, March has 17 of 31 days, so 11; June has 10 of 30, so 7."""
    scenario = smallshire(tmp_path, AGENCY)
    replication = Replicator(scenario, 1).runs([0])[0]
    plan = replication.prepared.network.teams["educational psychologists"].agency
    assert plan is not None
    timeline = timeline_of(scenario)
    given = {
        str(timeline.date_of(opens)): cases
        for opens, cases in zip(plan.opens, plan.allowance, strict=True)
        if "2025-02" <= str(timeline.date_of(opens)) < "2025-08"
    }
    assert given == {
        "2025-02-01": 0,
        "2025-03-01": 0,
        "2025-03-15": 11,
        "2025-04-01": 20,
        "2025-05-01": 20,
        "2025-06-01": 7,
        "2025-06-11": 0,
        "2025-07-01": 0,
    }
