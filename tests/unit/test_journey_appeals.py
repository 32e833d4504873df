"""Appeals about contents from the answer on, and against decisions not to issue and to cease."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey
from ehc_sim.network import Mark, Work
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario import BadInput
from tests.big_draws import big_draw, holds, options
from tests.scenario_files import change, whole_service

pytestmark = pytest.mark.unit

AFTER_ANSWER = """
[disputes.contents.after_answer]
team = "reviewing officers"
evidence = { mean_hours = 30, spread = 0.3 }
hearing = 0.4
settling = { mean_days = 60, spread = 0.5 }
consent = { mean_hours = 6 }
hearing_wait = { mean_days = 200, spread = 0.2 }
attending = { mean_hours = 12 }
changed_without_hearing = 0.7
changed_by_hearing = 0.9
placement_only = 0.3
amending = { mean_hours = 4 }
"""
OTHERS = """
[disputes.no_plan_appeals]
share = 0.5
after = { mean_days = 40 }
team = "reviewing officers"
effort = { mean_hours = 20 }
wait = { mean_days = 120, spread = 0.3 }
overturned = 0.6

[disputes.ceasing_appeals]
share = 0.5
after = { mean_days = 30 }
team = "reviewing officers"
effort = { mean_hours = 20 }
wait = { mean_days = 100, spread = 0.3 }
overturned = 0.5
"""
MORE = """
[disputes]
no_plan_overturned = 0
no_plan_after = { mean_days = 0 }
[decision_to_issue]
no_plan = 0.3
[plans.reviews]
ceased = 0.1
[teams."reviewing officers"]
posts = 8
"""
OFTEN = "".join(
    change(f"disputes.contents.{what}", "set = 0.3", "from = 2023-01-01")
    for what in ("new_plan", "amended_plan", "phase_transfer")
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Replicator:
    folder = tmp_path_factory.mktemp("appeals")
    return Replicator(whole_service(folder, MORE + AFTER_ANSWER + OTHERS + OFTEN), 1)


@pytest.fixture(scope="module")
def ran(study: Replicator) -> Replication:
    return study.runs([0])[0]


@pytest.fixture(scope="module")
def decisions(study: Replicator, ran: Replication) -> pd.DataFrame:
    return study.tables(ran)["decisions"].frame()


def at(ran: Replication, node: str) -> np.ndarray:
    """Return the minute at which each case was done with a node."""
    return ran.log.last_done([node], np.arange(len(ran.log.arrived)))[0]


def been(ran: Replication, node: str) -> np.ndarray:
    return np.asarray(at(ran, node) != NOT_YET)


def test_shares_of_what_follows_the_answer_are_those_of_the_file(tmp_path: Path) -> None:
    run_ = big_draw(whole_service(tmp_path, MORE + AFTER_ANSWER + OTHERS), requests=3_000)
    for quantity, share in (
        ("contents hearing option", 0.4),
        ("changed by consent option", 0.7),
        ("changed by the Tribunal option", 0.9),
        ("placement ordered option", 0.3),
        ("no plan appealed option", 0.5),
        ("ceasing appealed option", 0.5),
    ):
        assert holds(options(run_, quantity) == 1, share), quantity
    for quantity, share in (("no plan appeal option", 0.6), ("ceasing appeal option", 0.5)):
        assert holds(options(run_, quantity) == 0, share), quantity  # the first way is the order


def test_without_the_part_an_appeal_ends_with_the_answer(tmp_path: Path) -> None:
    pathway = journey(whole_service(tmp_path).base)
    answer = pathway["answer to contents appeal"]
    assert isinstance(answer, Work)
    assert answer.then == m.APPEAL_CLOSED
    assert m.CONTENTS_ORDER not in pathway.names
    assert m.CEASING_APPEALED not in pathway.names


def test_an_order_has_the_clock_of_the_regulation(ran: Replication) -> None:
    """Five weeks for what the plan says, two for the placement alone (regulation 44(2)(e), (f))."""
    pathway = ran.prepared.network.pathway
    for name, days in ((m.CONTENTS_ORDER, 35), (m.PLACEMENT_ORDER, 14)):
        assert pathway[name] == Mark(name, "amending as ordered", clock_days=days)


def test_an_appeal_goes_one_way_and_only_what_is_changed_is_amended(ran: Replication) -> None:
    heard, settled = been(ran, "hearing"), been(ran, "consent order")
    ordered = been(ran, m.CONTENTS_ORDER) | been(ran, m.PLACEMENT_ORDER)
    assert heard.sum() > 5
    assert settled.sum() > 5
    assert not (heard & settled).any()
    assert not (ordered & ~(heard | settled)).any()
    assert not (been(ran, m.ORDERED_PLAN) & ~ordered).any()
    assert (ordered & been(ran, m.ORDERED_PLAN)).sum() > 5
    closed = been(ran, m.APPEAL_CLOSED)
    assert not (closed & ~(heard | settled)).any()


def test_plans_amended_after_an_order_are_counted_in_its_year_and_judged_by_its_weeks(
    ran: Replication, decisions: pd.DataFrame
) -> None:
    """Counted here case by case from the log, by days."""
    years = ran.prepared.network.timeline.days.astype("datetime64[Y]").astype(int) + 1970
    last_day = len(ran.prepared.network.timeline.days) - 1
    counted: dict[int, list[int]] = {}
    for name, days in ((m.CONTENTS_ORDER, 35), (m.PLACEMENT_ORDER, 14)):
        for order, issued in zip(at(ran, name), at(ran, m.ORDERED_PLAN), strict=True):
            if order == NOT_YET:
                continue
            day = order // MINUTES_A_DAY
            year = int(years[day])
            row = counted.setdefault(year, [0, 0, 0])
            row[0] += 1
            if day + days <= last_day:
                row[1] += 1
                row[2] += issued != NOT_YET and issued // MINUTES_A_DAY - day <= days
    assert len(counted) > 1
    for year, (orders, judged, in_time) in counted.items():
        assert decisions.loc[year, "ordered_plans"] == orders
        if judged:
            assert decisions.loc[year, "ordered_plans_on_time"] == pytest.approx(in_time / judged)


def test_a_plan_stays_in_place_while_an_appeal_against_ceasing_runs(ran: Replication) -> None:
    """Section 45(4): it ends when the appeal is lost, and not where it is won."""
    appealed, ceased = at(ran, m.CEASING_APPEALED), at(ran, m.CEASED_AT_REVIEW)
    won = options(ran.prepared, "ceasing appeal option")
    first = ran.prepared.draw.quantities["ceasing appeal option"].first
    lost = 0
    for case in np.flatnonzero(appealed != NOT_YET):
        if won[case - first] == 0:
            assert ceased[case] == NOT_YET
        elif ceased[case] != NOT_YET:
            assert ceased[case] > appealed[case]
            lost += 1
    assert lost > 0
    at_once = (ceased != NOT_YET) & (appealed == NOT_YET)
    assert (ceased[at_once] == at(ran, m.CEASING_TOLD)[at_once]).all()


def test_a_decision_not_to_issue_is_turned_round_by_appeals_alone(ran: Replication) -> None:
    ordered, appealed = been(ran, m.ORDER_TO_ISSUE), been(ran, m.NO_PLAN_APPEALED)
    assert ordered.sum() > 0
    assert not (ordered & ~appealed).any()
    assert (been(ran, "answer to no plan appeal") <= appealed).all()


def test_every_appeal_is_counted(ran: Replication, decisions: pd.DataFrame) -> None:
    names = (m.APPEALED, m.CONTENTS_APPEAL, m.NO_PLAN_APPEALED, m.CEASING_APPEALED)
    assert decisions["appeals"].sum() == sum(been(ran, name).sum() for name in names)


def test_both_models_write_the_same_log(study: Replicator) -> None:
    prepared = next(study.drawn([3])).prepared
    one, other = (go(prepared.network, prepared.draw) for go in (run, run_compiled))
    assert np.array_equal(one.visits, other.visits)
    assert np.array_equal(one.arrived, other.arrived)


def test_the_same_orders_are_not_told_twice(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no_plan_overturned and no_plan_appeals"):
        whole_service(tmp_path, OTHERS)
