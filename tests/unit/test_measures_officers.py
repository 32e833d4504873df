"""Caseload of an officer: worked by hand, and the posts that are filled on a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.in_post import carried_by, in_post_by_month
from ehc_sim.experiment.replication import Replicator
from ehc_sim.measures.officers import Carried, officers, together
from ehc_sim.network import DailyHours, TeamPlan
from ehc_sim.scenario import load
from ehc_sim.tables import Rows, Table
from tests.hand_made import two_years
from tests.scenario_files import SMALL, whole_service

pytestmark = pytest.mark.unit

MONTHS = np.array(["2025-01", "2025-02", "2025-03"], dtype="datetime64[M]")
MONTHLY = Table.of(
    Rows.of(month=MONTHS),
    {
        "open_cases": np.array([300.0, 320.0, 300.0]),
        "plans_in_place": np.array([6000.0, 6080.0, 6000.0]),
        "reviews_overdue": np.array([900.0, 640.0, 0.0]),
    },
)
BOTH = {"officers": Carried(assessments=True, plans=True)}
APART = {
    "assessors": Carried(assessments=True, plans=False),
    "reviewers": Carried(assessments=False, plans=True),
}


def test_an_officer_has_the_open_cases_and_the_plans_over_those_in_post() -> None:
    """300 cases and 6,000 plans for 30 officers are 210 each; 320 and 6,080 for 32 are 200."""
    table = officers(MONTHLY, BOTH, {"officers": np.array([30.0, 32.0, 0.0])}).frame()
    of_them = table.xs("officers", level="team")
    assert of_them["in_post"].tolist() == [30, 32, 0]
    assert of_them["assessments_an_officer"].tolist() == [10, 10, np.inf]
    assert of_them["plans_an_officer"].tolist() == [200, 190, np.inf]
    assert of_them["caseload_an_officer"].tolist() == [210, 200, np.inf]
    assert of_them["reviews_overdue_an_officer"].tolist() == [30, 20, 0]


def test_two_teams_carry_what_is_theirs_and_together_all_of_it() -> None:
    """10 assessors and 20 reviewers, and in the end 10 and 15: 6,300 for 25 are 252 each."""
    in_post = {"assessors": np.full(3, 10.0), "reviewers": np.array([20.0, 20.0, 15.0])}
    table = officers(MONTHLY, APART, in_post).frame()
    assessors = table.xs("assessors", level="team").iloc[0]
    reviewers = table.xs("reviewers", level="team").iloc[0]
    assert assessors["caseload_an_officer"] == assessors["assessments_an_officer"] == 30
    assert np.isnan(assessors[["plans_an_officer", "reviews_overdue_an_officer"]]).all()
    assert reviewers["caseload_an_officer"] == reviewers["plans_an_officer"] == 300
    assert np.isnan(reviewers["assessments_an_officer"])
    assert together(MONTHLY, APART, in_post)["caseload_an_officer"] == 252


def test_a_team_of_which_only_the_hours_are_known_has_no_officers_to_share_among() -> None:
    settings = load(SMALL / "baseline.toml").base
    days = len(two_years().days)
    hours = DailyHours(np.full(days, 600), np.full(days, 60))
    plan = TeamPlan((), daily=hours)
    periods = ((settings.period.run_in_from, settings),)
    found = in_post_by_month("plan writers", periods, two_years(), {"plan writers": plan})
    assert np.isnan(found).all()
    table = officers(MONTHLY, BOTH, {"officers": found[:3]}).frame()
    assert np.isnan(table).all(axis=None)


def test_posts_count_on_the_last_day_of_the_month_filled_or_covered() -> None:
    """One of three leaves on 31 January, and half of the post is covered from 15 February."""
    timeline = two_years()
    filled, covered = np.full(len(timeline.days), 3.0), np.zeros(len(timeline.days))
    filled[30:], covered[45:] = 2.0, 0.5
    plan = TeamPlan((), filled=filled, covered=covered)
    settings = load(SMALL / "baseline.toml").base
    periods = ((settings.period.run_in_from, settings),)
    found = in_post_by_month("plan writers", periods, timeline, {"plan writers": plan})
    assert found.tolist() == [2.0, 2.5, *[2.5] * 22]
    filled[30:] = 3.0
    found = in_post_by_month("plan writers", periods, timeline, {"plan writers": plan})
    assert found[0] == 3.0


def test_who_carries_a_case_is_who_finalises_it_and_a_plan_who_decides_its_reviews() -> None:
    whole = load(SMALL / "whole_service.toml").base
    assert carried_by(whole) == {
        "plan writers": Carried(assessments=True, plans=False),
        "reviewing officers": Carried(assessments=False, plans=True),
    }
    without_plans = load(SMALL / "baseline.toml").base
    assert carried_by(without_plans) == {"plan writers": Carried(assessments=True, plans=False)}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Replicator:
    """Return a service that has two more reviewing officers from mid-2025 on."""
    more = "\n".join(
        [
            "[[change]]",
            'what = "teams.reviewing officers.posts"',
            "add = 2",
            "from = 2025-06-16",
            "[[change]]",
            'what = "teams.plan writers.leavers_a_year"',
            "set = 1.5",
            "from = 2025-01-01",
            "[[change]]",
            'what = "teams.plan writers.weeks_to_recruit"',
            "set = 30",
            "from = 2025-01-01",
        ]
    )
    return Replicator(whole_service(tmp_path_factory.mktemp("officers"), more), 1)


def test_on_a_run_posts_are_those_of_the_day_and_vacancies_are_nobody(study: Replicator) -> None:
    (ran,) = study.runs([0])
    tables = study.tables(ran)
    table = tables["officers"].frame()
    monthly = tables["monthly"].frame()
    reviewers = table.xs("reviewing officers", level="team")
    assert set(reviewers["in_post"][:"2025-05-31"]) == {3.0}
    assert set(reviewers["in_post"]["2025-06-01":]) == {5.0}
    np.testing.assert_allclose(
        reviewers["plans_an_officer"], monthly["plans_in_place"] / reviewers["in_post"]
    )
    writers = table.xs("plan writers", level="team")
    assert writers["in_post"].min() < 2.5
    assert writers["in_post"].max() <= 2.5
    total = tables["totals"].frame().iloc[0]
    cases = monthly[["open_cases", "plans_in_place"]].iloc[-1].sum()
    people = reviewers["in_post"].iloc[-1] + writers["in_post"].iloc[-1]
    assert total["caseload_an_officer_at_end"] == pytest.approx(cases / people)


def test_the_comparison_names_the_teams(tmp_path: Path) -> None:
    from ehc_sim.experiment.study import Plan, study

    found = study([whole_service(tmp_path)], Plan(1), lambda done, wanted: None).summary()
    assert found["officers"].tolist() == ["plan writers; reviewing officers"]
    assert found["caseload_an_officer_at_end"].notna().all()
