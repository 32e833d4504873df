"""Refusals that the council reconsiders by itself: on the first clock, and counted as such."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replication, Replicator, lateness_parts
from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey
from ehc_sim.measures.decisions import second_assessments
from ehc_sim.measures.timings import Timings
from ehc_sim.network.log import NOT_YET
from ehc_sim.tables import Table
from tests.big_draws import big_draw, holds, options
from tests.scenario_files import whole_service

pytestmark = pytest.mark.unit

MEETINGS = """
[decision_to_assess]
refused = 0.4
[disputes.reconsideration]
share = 0.5
wait = { mean_days = 14, spread = 0.3 }
team = "reviewing officers"
effort = { mean_hours = 2 }
agreed = 0.4
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Replicator:
    return Replicator(whole_service(tmp_path_factory.mktemp("way_forward"), MEETINGS), 1)


@pytest.fixture(scope="module")
def ran(study: Replicator) -> Replication:
    return study.runs([0])[0]


@pytest.fixture(scope="module")
def tables(study: Replicator, ran: Replication) -> dict[str, Table]:
    return study.tables(ran)


def at(ran: Replication, node: str) -> np.ndarray:
    """Return the minute at which each request was done with a node."""
    requests = np.arange(ran.prepared.everybody.requests)
    return ran.log.last_done([node], requests)[0]


def test_meetings_and_what_is_agreed_there_are_by_their_shares(tmp_path: Path) -> None:
    drawn = big_draw(whole_service(tmp_path, MEETINGS), requests=3_000)
    assert holds(options(drawn, "way forward option") == 1, 0.5)
    assert holds(options(drawn, "reconsidered option") == 1, 0.4)


def test_without_the_part_a_refusal_goes_on_to_support(tmp_path: Path) -> None:
    pathway = journey(whole_service(tmp_path).base)
    assert pathway[m.REFUSED].then == "support?"
    assert m.RECONSIDERED not in pathway.names


def test_what_is_agreed_there_keeps_the_first_clock(ran: Replication) -> None:
    """No node from the request to the final plan starts another, and the measure has it."""
    again = at(ran, m.RECONSIDERED) != NOT_YET
    assert again.sum() > 5
    assert (at(ran, m.AGREED) == at(ran, m.RECONSIDERED))[again].all()
    assert (at(ran, m.ORDER_TO_ASSESS)[again] == NOT_YET).all()
    timeline = ran.prepared.network.timeline
    timings = Timings.of(ran.log, timeline, [], ran.prepared.everybody.requests)
    assert (timings.clock_started[again] == timings.received[again]).all()
    assert (timings.allowed_days[again] == 140).all()
    issued = again & (timings.final != NOT_YET) & (timings.ordered_to_issue == NOT_YET)
    assert issued.any()
    assert timings.counted_by_dfe[issued].all()
    assert timings.needs_plan[issued].all()


def test_what_remains_at_no_goes_on_as_before(ran: Replication) -> None:
    refused, again = at(ran, m.REFUSED) != NOT_YET, at(ran, m.RECONSIDERED) != NOT_YET
    assert not (again & ~refused).any()
    met = at(ran, "way forward") != NOT_YET
    asked = at(ran, "wait for mediation") != NOT_YET
    assert asked[refused & met & ~again].any()
    assert not asked[again].any()


def test_the_refusal_and_its_turn_are_both_counted(
    ran: Replication, tables: dict[str, Table]
) -> None:
    found: pd.DataFrame = tables["decisions"].frame()
    assert found["reconsidered"].sum() == (at(ran, m.RECONSIDERED) != NOT_YET).sum()
    assert found["refusals"].sum() == (at(ran, m.REFUSED) != NOT_YET).sum()


def test_a_case_stays_open_and_each_month_adds_up(
    ran: Replication, tables: dict[str, Table]
) -> None:
    waiting = tables["waiting"].frame().sum(axis=1)
    open_cases = tables["monthly"].frame()["open_cases"]
    assert (waiting.to_numpy() == open_cases.to_numpy()).all()
    again, last = at(ran, m.RECONSIDERED), at(ran, m.REFUSED)
    days = (again - last)[again != NOT_YET] // MINUTES_A_DAY
    assert days.min() > 0


def test_its_assessment_is_one_that_comes_back(ran: Replication) -> None:
    second = second_assessments(ran.log, ran.prepared.everybody)
    case, node = ran.log.columns[:2]
    again = at(ran, m.RECONSIDERED)
    drafting = ran.log.nodes.index("drafting")
    mine = (node == drafting) & (case < len(again))
    mine[mine] = again[case[mine]] != NOT_YET
    assert mine.any()
    assert second[mine].all()


def test_the_cohort_has_each_request_in_one_place(tables: dict[str, Table]) -> None:
    shares = tables["cohort"].frame().dropna()
    assert np.allclose(shares.sum(axis=1), 1)


def test_lateness_adds_up_and_the_days_of_the_meeting_are_of_the_decision(
    study: Replicator, tables: dict[str, Table]
) -> None:
    buckets = lateness_parts(study.scenario.base)
    assert buckets["wait for a way forward meeting"].step == "Decision to assess"
    assert buckets["way forward"].part == "reviewing officers"
    frame = tables["lateness"].frame()["minutes"]
    for year, rows in frame.groupby(level="year"):
        whole = rows.loc[(year, "all", "all")]
        steps = [rows.loc[(year, step, "all")] for step in set(rows.index.get_level_values("step"))]
        assert sum(steps) - whole == whole


def test_both_models_write_the_same_log(study: Replicator) -> None:
    prepared = next(study.drawn([2])).prepared
    one, other = (go(prepared.network, prepared.draw) for go in (run, run_compiled))
    assert np.array_equal(one.visits, other.visits)
    assert np.array_equal(one.arrived, other.arrived)
