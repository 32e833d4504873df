"""Decisions after a review that a senior officer signs before they are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.replication import Replication
from ehc_sim.journey import milestones as m
from ehc_sim.network import Work
from ehc_sim.network.log import NOT_YET
from tests.runs import run_once
from tests.scenario_files import change, whole_service

pytestmark = pytest.mark.unit

DECIDED, SIGNED = "review decision", "signing of review decision"
HOURS = "plans.reviews.sign_off_hours"


def ran(folder: Path, text: str) -> Replication:
    return run_once(whole_service(folder, text))


def visits(run: Replication, node: str) -> np.ndarray:
    """Return the visits to a node that began, by case."""
    found = run.log.visits[run.log.visits[:, 1] == run.log.nodes.index(node)]
    return found[found[:, 3] != NOT_YET]


def test_every_decision_is_signed_once_by_the_team_that_checks(tmp_path: Path) -> None:
    """A quarter of an hour each, whether the plan is kept, amended or ceased."""
    run = ran(tmp_path, "[plans.reviews]\nsign_off_hours = 0.25\n")
    node = run.prepared.network.pathway[SIGNED]
    assert isinstance(node, Work)
    assert (node.team, node.kind) == ("senior officers", "annual reviews")
    decided, signed = visits(run, DECIDED), visits(run, SIGNED)
    assert len(signed) > 300
    assert (signed[:, 6] == 15).all()
    assert len(np.unique(signed[:, 0])) == len(signed)
    done = dict(decided[:, [0, 4]].tolist())
    np.testing.assert_array_equal(signed[:, 2], [done[case] for case in signed[:, 0].tolist()])


def test_what_is_decided_is_told_when_it_is_signed(tmp_path: Path) -> None:
    run = ran(tmp_path, "[plans.reviews]\nsign_off_hours = 0.25\n")
    ended = dict(visits(run, SIGNED)[:, [0, 4]].tolist())
    for told in (m.MAINTAINED, m.CEASING_TOLD):
        at = run.log.reached(told)
        cases = np.flatnonzero(at != NOT_YET).tolist()
        assert cases
        assert [ended[case] for case in cases] == at[cases].tolist()
    amended = visits(run, "amending")[:, 0].tolist()
    assert amended
    assert set(amended) <= ended.keys()


def test_nobody_signs_where_nothing_is_set_or_before_it_is(tmp_path: Path) -> None:
    assert not len(visits(ran(tmp_path, ""), SIGNED))
    run = ran(tmp_path, change(HOURS, "set = 0.5", "from = 2025-06-01"))
    signed, first = visits(run, SIGNED), run.prepared.network.timeline.minute(date(2025, 6, 1))
    assert len(signed)
    assert (signed[:, 2] >= first).all()
    assert (signed[:, 6] == 30).all()


def test_the_decision_of_a_transfer_is_signed_too(tmp_path: Path) -> None:
    run = ran(tmp_path, "[plans.reviews]\nsign_off_hours = 0.25\n")
    signed, told = (
        visits(run, "signing of transfer decision"),
        run.log.reached(m.TRANSFER_NOTICE),
    )
    done = signed[signed[:, 4] != NOT_YET]
    assert len(done) > 20
    assert (done[:, 6] == 15).all()
    np.testing.assert_array_equal(told[done[:, 0]], done[:, 4])
    assert (told != NOT_YET).sum() == len(done)
