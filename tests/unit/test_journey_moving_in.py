"""The work of plans that move in from other councils: SEND Regulations 2014, regulation 15."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey
from ehc_sim.network import Work
from ehc_sim.network.log import NOT_YET
from ehc_sim.tables import Table
from tests.runs import SEED
from tests.scenario_files import change, whole_service

pytestmark = pytest.mark.unit

STEP, KIND = "taking on a plan", "plans moved in"
FIVE_HOURS = """
[plans]
moved_in_a_year = 60
[plans.moving_in]
team = "reviewing officers"
effort = { mean_hours = 5 }
"""


@pytest.fixture(scope="module")
def replicator(tmp_path_factory: pytest.TempPathFactory) -> Replicator:
    return Replicator(whole_service(tmp_path_factory.mktemp("moving"), FIVE_HOURS), SEED)


@pytest.fixture(scope="module")
def ran(replicator: Replicator) -> Replication:
    return replicator.runs([0])[0]


@pytest.fixture(scope="module")
def tables(replicator: Replicator, ran: Replication) -> dict[str, Table]:
    return replicator.tables(ran)


def visits(ran: Replication) -> np.ndarray:
    return ran.log.visits[ran.log.visits[:, 1] == ran.log.nodes.index(STEP)]


def test_each_plan_that_moves_in_takes_its_hours_from_the_day_it_comes(ran: Replication) -> None:
    """Of some 240 in four years each takes 300 minutes; the plans at the start take none."""
    cases = ran.prepared.cases
    moved = np.flatnonzero(cases["kind"] == m.PLAN_MOVED_IN)
    found = visits(ran)
    assert len(moved) > 150
    np.testing.assert_array_equal(np.sort(found[:, 0]), moved)
    np.testing.assert_array_equal(found[:, 2], cases["minute"].to_numpy()[found[:, 0]])
    assert found[:, 6].sum() == 300 * len(moved)


def test_it_is_work_of_the_team_named_and_a_kind_of_its_own(
    ran: Replication, tables: dict[str, Table]
) -> None:
    node = ran.prepared.network.pathway[STEP]
    assert isinstance(node, Work)
    assert (node.team, node.kind) == ("reviewing officers", KIND)
    found = visits(ran)
    done = found[(found[:, 3] != NOT_YET) & (found[:, 4] != NOT_YET)]
    hours = tables["hours"].frame()["hours"].xs(KIND, level="kind")
    assert hours.xs("reviewing officers", level="team").sum() == pytest.approx(
        done[:, 6].sum() / 60
    )
    assert tables["decisions"].frame()["hours_moved_in"].sum() == pytest.approx(hours.sum())


def test_it_takes_no_review_away_and_none_is_counted_twice(
    ran: Replication, tables: dict[str, Table], tmp_path: Path
) -> None:
    """The same plans come, with the same days to their first review."""
    without = Replicator(whole_service(tmp_path, "[plans]\nmoved_in_a_year = 60\n"), SEED)
    other = without.runs([0])[0]
    assert STEP not in journey(without.scenario.base).names
    one, two = (t["plans"].frame()["moved_in"] for t in (tables, without.tables(other)))
    assert (one == two).all()
    assert one.sum() > 150
    days = [r.prepared.draw.quantities["days to review in hand"].values for r in (ran, other)]
    np.testing.assert_array_equal(*days)


def test_the_hours_may_change_on_a_date(tmp_path: Path) -> None:
    later = change("plans.moving_in.effort.mean_hours", "set = 2", "from = 2025-01-01")
    run = Replicator(whole_service(tmp_path, FIVE_HOURS + later), SEED).runs([0])[0]
    found = visits(run)
    since = run.prepared.network.timeline.minute(date(2025, 1, 1))
    minutes = np.where(found[:, 2] >= since, 120, 300)
    assert set(minutes.tolist()) == {120, 300}
    np.testing.assert_array_equal(found[:, 6], minutes)
