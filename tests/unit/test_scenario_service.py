"""Settings of the whole service: what is read, what can be dated, which files are named."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ehc_sim.scenario import BadInput, load
from ehc_sim.scenario.paths import split, spot_at
from tests.scenario_files import SMALL, change, smallshire, whole_service

pytestmark = pytest.mark.unit

WITHOUT_PLANS = 'leaves_out = ["plans"]\n'
SNAPSHOT = WITHOUT_PLANS + "[period]\nrun_in_from = 2025-01-01\n"


def test_a_council_without_these_tables_has_none() -> None:
    base = load(SMALL / "baseline.toml").base
    assert (base.disputes, base.meetings, base.plans, base.caseload) == (None, None, None, None)


def test_what_a_file_of_the_whole_service_says() -> None:
    base = load(SMALL / "whole_service.toml").base
    assert base.disputes is not None
    assert base.meetings is not None
    assert base.plans is not None
    assert float(base.disputes.support.uptake) == 0.25
    assert base.meetings.slot.counted_in == "school"
    assert base.plans.in_hand == str(SMALL / "plans.csv")
    assert float(base.plans.times) == 1
    assert float(base.plans.reviews.every_days_under_five) == 182
    assert float(base.teams["reviewing officers"].reserved["annual reviews"]) == 0.34


@pytest.mark.parametrize(
    "what",
    [
        "plans.ceased_a_year",
        "plans.moved_out_a_year",
        "plans.moved_in_a_year",
        "plans.ceased_by_age.25",
        "plans.reviews.amended",
        "plans.reviews.effort.mean_hours",
        "plans.reviews.meeting.mean_days",
        "plans.phase_transfers.effort.mean_hours",
        "disputes.mediation.share",
        "disputes.support.uptake",
        "disputes.ask_again",
        "meetings.share",
        "meetings.ramp_months",
        "meetings.drafting_kept",
        "teams.reviewing officers.reserved.annual reviews",
        "teams.reviewing officers.leavers_a_year",
        "teams.reviewing officers.overtime_hours_a_week",
    ],
)
def test_shares_efforts_waits_and_people_can_change_on_a_date(what: str, tmp_path: Path) -> None:
    scenario = whole_service(tmp_path, change(what, "set = 0.5", "from = 2025-09-01"))
    assert [day for day, _ in scenario.periods] == [date(2023, 1, 1), date(2025, 9, 1)]


def test_contracted_hours_can_change_on_a_date(tmp_path: Path) -> None:
    what = "teams.reviewing officers.hours_a_week"
    scenario = whole_service(tmp_path, change(what, "set = 35", "from = 2025-09-01"))
    assert [day for day, _ in scenario.periods] == [date(2023, 1, 1), date(2025, 9, 1)]


def test_posts_can_be_reserved_for_overdue_work_from_a_date(tmp_path: Path) -> None:
    text = change("teams.plan writers.reserved", "set = { overdue = 0.4 }", "from = 2025-09-01")
    scenario = whole_service(tmp_path, text)
    assert scenario.base.teams["plan writers"].reserved == {}
    after = scenario.on(date(2025, 9, 1)).teams["plan writers"].reserved
    assert {kind: float(share) for kind, share in after.items()} == {"overdue": 0.4}


def test_every_path_of_the_whole_service_can_be_named() -> None:
    paths = load(SMALL / "whole_service.toml").paths()
    assert "teams.reviewing officers.reserved.annual reviews" in paths
    assert "plans.ceased_by_age.25" in paths
    assert "disputes.appeals.wait.mean_days" in paths
    assert "caseload.open_cases" in paths
    for path in paths:
        parts = split(path)
        assert parts is not None
        assert spot_at(parts) is not None


def test_a_team_of_daily_hours_needs_no_posts(tmp_path: Path) -> None:
    text = '[teams."reviewing officers"]\nposts = 0\ncapacity = "daily hours"\n'
    text += 'hours_a_day = 14\nreserved = { "annual reviews" = 0 }\nnamed_officers = false\n'
    team = whole_service(tmp_path, text).base.teams["reviewing officers"]
    assert (team.capacity, float(team.hours_a_day)) == ("daily hours", 14)


def test_an_agency_by_rule_that_takes_old_cases_can_do_without_posts(tmp_path: Path) -> None:
    text = '[teams."reviewing officers"]\nposts = 0\nagency = { cases_a_month = 9, price = 90, '
    text += "turnaround = { mean_days = 20 }, queue_longer_than = 3, older_than_weeks = 6 }\n"
    agency = whole_service(tmp_path, text).base.teams["reviewing officers"].agency
    assert agency is not None
    assert agency.older_than_weeks is not None
    assert float(agency.older_than_weeks) == 6


def test_a_run_may_start_with_the_plan_where_it_has_a_caseload(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("")
    scenario = smallshire(tmp_path, SNAPSHOT + '[caseload]\nopen_cases = "cases.csv"\n')
    assert scenario.base.period.run_in_from == scenario.base.period.plan_from
    assert scenario.base.caseload is not None
    assert scenario.base.caseload.open_cases == str(tmp_path / "cases.csv")


def test_what_changed_before_the_day_of_a_caseload_still_holds(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text("")
    past = [
        change("drafting.rework", "set = 0.3", "from = 2023-06-01"),
        change("drafting.rework", "add = 0.1", "from = 2023-06-01", "until = 2024-06-30"),
        change("teams.plan writers.posts", "set = 4", "from = 2024-01-01", "until = 2025-06-30"),
    ]
    text = SNAPSHOT + '[caseload]\nopen_cases = "cases.csv"\n' + "".join(past)
    scenario = smallshire(tmp_path, text)
    assert [day for day, _ in scenario.periods] == [date(2025, 1, 1), date(2025, 7, 1)]
    assert float(scenario.base.drafting.rework) == 0.3
    posts = [float(settings.teams["plan writers"].posts) for _, settings in scenario.periods]
    assert posts == [4, 2.5]
    with pytest.raises(BadInput, match="found 2023-06-01, allowed is 2024-12-31"):
        smallshire(tmp_path, "[period]\nrun_in_from = 2024-12-31\n" + past[0])


@pytest.mark.parametrize(
    ("what", "value"),
    [("caseload.open_cases", '"cases.csv"'), ("caseload", '{ open_cases = "cases.csv" }')],
)
def test_a_file_named_by_a_change_is_found_beside_its_file(
    what: str, value: str, tmp_path: Path
) -> None:
    (tmp_path / "cases.csv").write_text("")
    block = change(what, f"set = {value}")
    caseload = smallshire(tmp_path, WITHOUT_PLANS + block).base.caseload
    assert caseload is not None
    assert caseload.open_cases == str(tmp_path / "cases.csv")


def test_a_caseload_without_plans_in_hand_is_asked_about(tmp_path: Path) -> None:
    """The reviews of the plans in hand are work of the same teams; without them there is none."""
    (tmp_path / "cases.csv").write_text("")
    text = '[caseload]\nopen_cases = "cases.csv"\n'
    allowed = r'caseload: found no plans in hand, allowed is \[plans\] .* leaves_out = \["plans"\]'
    with pytest.raises(BadInput, match=allowed):
        smallshire(tmp_path, text)
    with pytest.raises(BadInput, match=allowed):
        smallshire(tmp_path, change("caseload.open_cases", 'set = "cases.csv"'))
    assert smallshire(tmp_path, WITHOUT_PLANS + text).base.plans is None
    assert whole_service(tmp_path, text).base.plans is not None
    assert whole_service(tmp_path, WITHOUT_PLANS + text).base.plans is None


@pytest.mark.parametrize("name", ["plans.csv", "cases.csv"])
def test_hash_sees_the_content_of_every_file_that_is_named(name: str, tmp_path: Path) -> None:
    text = '[caseload]\nopen_cases = "cases.csv"\n'
    (tmp_path / "cases.csv").write_text("")
    before = whole_service(tmp_path, text).hash
    assert load(tmp_path / "another.toml").hash == before
    with (tmp_path / name).open("a") as file:
        file.write("3,2022-01,1\n")
    assert load(tmp_path / "another.toml").hash != before


def test_hash_does_not_depend_on_where_the_files_are(tmp_path: Path) -> None:
    scenario = whole_service(tmp_path)
    (tmp_path / "other").mkdir()
    assert whole_service(tmp_path / "other").hash == scenario.hash
