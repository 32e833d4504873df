"""Reassessments of children who have a plan: their share, steps, clocks and measures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey
from ehc_sim.network import Mark, Work
from ehc_sim.network.log import AGENCY, NOT_YET
from ehc_sim.tables import Table
from tests.big_draws import holds, options
from tests.scenario_files import whole_service

pytestmark = pytest.mark.unit

REASSESSED = """
[plans.reassessments]
share = 0.2
team = "reviewing officers"
effort = { mean_hours = 3 }
adviser_team = "educational psychologists"
adviser = { mean_hours = 12 }
advice = { mean_days = 42, spread = 0.3 }
drafting_team = "plan writers"
drafting = { mean_hours = 6 }
check_team = "senior officers"
check = { mean_hours = 1 }
"""
STEPS = {
    "deciding to reassess": "reviewing officers",
    "psychologist reassesses": "educational psychologists",
    "check of agency advice on reassessment": "educational psychologists",
    "drafting anew": "plan writers",
    "check of new draft": "senior officers",
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Replicator:
    return Replicator(whole_service(tmp_path_factory.mktemp("reassessed"), REASSESSED), 1)


@pytest.fixture(scope="module")
def ran(study: Replicator) -> Replication:
    return study.runs([0])[0]


@pytest.fixture(scope="module")
def tables(study: Replicator, ran: Replication) -> dict[str, Table]:
    return study.tables(ran)


def at(ran: Replication, node: str) -> np.ndarray:
    """Return the minute at which each case was done with a node."""
    return ran.log.last_done([node], np.arange(len(ran.log.arrived)))[0]


def test_a_council_can_leave_them_out(tmp_path: Path) -> None:
    names = journey(whole_service(tmp_path).base).names
    assert not {*STEPS, m.REASSESSMENT_NOTICE} & set(names)


def test_they_follow_their_share_of_reviews(ran: Replication) -> None:
    assert holds(options(ran.prepared, "reassessment option") == 1, 0.2)


def test_the_clocks_are_those_of_the_regulations(ran: Replication) -> None:
    """15 days to the decision (24), 14 weeks from the notice to the plan (27)."""
    pathway = ran.prepared.network.pathway
    for name, days in ((m.REASSESSMENT_ASKED, 15), (m.REASSESSMENT_NOTICE, 98)):
        node = pathway[name]
        assert isinstance(node, Mark)
        assert node.clock_days == days


def test_the_work_is_of_the_teams_of_the_file_and_a_kind_of_its_own(ran: Replication) -> None:
    pathway = ran.prepared.network.pathway
    kind = [n for n in pathway if isinstance(n, Work) and n.kind == "reassessments"]
    assert {node.name: node.team for node in kind} == STEPS


def test_the_plan_waits_for_the_psychologist_and_for_all_others(ran: Replication) -> None:
    joined, issued = at(ran, "reassessed by all"), at(ran, m.REASSESSED_PLAN)
    done = joined != NOT_YET
    assert (issued != NOT_YET).sum() > 5
    last = np.maximum(at(ran, "psychologist reassesses"), at(ran, "other advice on reassessment"))
    assert (joined[done] == last[done]).all()
    days = (issued - at(ran, "check of new draft"))[issued != NOT_YET]
    assert (days == 15 * MINUTES_A_DAY).all()


def test_who_is_reassessed_is_not_amended_or_ceased_at_that_review(ran: Replication) -> None:
    renewed = at(ran, m.REASSESSMENT_NOTICE) != NOT_YET
    for other in (m.AMENDMENT_NOTICE, m.CEASED_AT_REVIEW):
        assert not (renewed & (at(ran, other) != NOT_YET)).any()


def test_they_are_counted_among_the_reviews_and_not_in_the_twenty_weeks(
    ran: Replication, tables: dict[str, Table]
) -> None:
    notice, plan = at(ran, m.REASSESSMENT_NOTICE), at(ran, m.REASSESSED_PLAN)
    made = notice != NOT_YET
    found = tables["reviews"].frame()
    assert found["reassessments"].sum() == made.sum() > 5
    parts = found[["maintained", "amended", "ceased_at_review"]].sum().sum()
    assert found["decided"].sum() - made.sum() == parts  # and none of them twice
    issued = (at(ran, m.FINAL_PLAN) != NOT_YET).sum()
    assert tables["plans"].frame()["issued"].sum() == issued  # no reassessment among them
    timeline = ran.prepared.network.timeline
    years = timeline.days.astype("datetime64[Y]").astype(int) + 1970
    first, last = notice[made] // MINUTES_A_DAY, plan[made] // MINUTES_A_DAY
    judged = first + 98 < len(timeline.days)
    in_time = (plan[made] != NOT_YET) & (last - first <= 98)
    for year in np.unique(years[first[judged]]):
        of_year = judged & (years[first] == year)
        share = found.loc[year, "reassessed_on_time"]
        assert share == pytest.approx(in_time[of_year].mean())


def test_their_hours_are_told_apart(tables: dict[str, Table]) -> None:
    decisions = tables["decisions"].frame()
    assert decisions["hours_reassessments"].sum() > 0
    hours = tables["hours"].frame()["hours"]
    psychologists = hours.xs("educational psychologists", level="team")
    assert psychologists.xs("reassessments", level="kind").sum() > 0


def test_both_models_write_the_same_log(study: Replicator) -> None:
    prepared = next(study.drawn([2])).prepared
    one, other = (go(prepared.network, prepared.draw) for go in (run, run_compiled))
    assert np.array_equal(one.visits, other.visits)
    assert np.array_equal(one.arrived, other.arrived)


def test_what_an_agency_wrote_is_checked_by_the_psychologists(tmp_path: Path) -> None:
    """An hour and a half of a post for each that came back, before the plan is written anew."""
    agency = "{ cases_a_month = 20, price = 1_200, turnaround = { mean_days = 20 } }"
    checked = REASSESSED + "agency_check_hours = 1.5\n"
    bought = f'[teams."educational psychologists"]\nagency = {agency}\n'
    found = Replicator(whole_service(tmp_path, checked + bought), 1).runs([0])[0]
    log, visits = found.log, found.log.visits
    advice, check = (
        visits[visits[:, 1] == log.nodes.index(name)]
        for name in ("psychologist reassesses", "check of agency advice on reassessment")
    )
    back = advice[(advice[:, 5] == AGENCY) & (advice[:, 4] != NOT_YET)]
    assert len(back) > 5
    assert set(check[:, 0]) == set(back[:, 0])
    assert (check[:, 6] == 90).all()
    assert (check[check[:, 3] != NOT_YET][:, 5] >= 0).all()
    np.testing.assert_array_equal(visits, run(found.prepared.network, found.prepared.draw).visits)
