"""Load and utilisation are what they are called, of any service and of those that are shipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replicator
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.measures.team_hours import workload, workload_measures
from ehc_sim.network import Draw, Network
from ehc_sim.network.log import AGENCY, Log
from ehc_sim.scenario import load
from tests.property.made_networks import made
from tests.property.made_services import made_service

pytestmark = pytest.mark.property

SHIPPED = (
    "somerset/clear_the_backlog.toml",
    "somerset_whole_service/psychologists_leave.toml",
    "somerset_whole_service/mixture_with_twice_the_plans.toml",
)
"""An agency that takes what has waited for months; leavers who finish the job in hand; both."""


def hold_to_their_definitions(log: Log, network: Network) -> None:
    table = workload(log, network)
    found = workload_measures(table).frame()
    known = found[found["capacity_hours"] > 0]
    assert known["utilisation"].between(0, 1).all()
    assert (known["load"] >= 0).all()
    assert (found["worked_hours"] <= found["capacity_hours"]).all()
    assert (found[["offered_hours", "worked_hours", "capacity_hours", "queue"]] >= 0).all(axis=None)
    # Over the run: all that joined in it, and was not an agency's, was offered; no minute twice.
    joined = log.visits[log.work]
    joined = joined[(joined[:, 2] >= 0) & (joined[:, 2] < log.until) & (joined[:, 5] != AGENCY)]
    assert table.column("offered_minutes").sum() == joined[:, 6].sum()


@settings(max_examples=40, deadline=None)
@given(made())
def test_small_networks(network_and_draw: tuple[Network, Draw]) -> None:
    network, draw = network_and_draw
    hold_to_their_definitions(run_compiled(network, draw), network)


@settings(max_examples=100, deadline=None)
@given(made_service())
def test_small_services(network_and_draw: tuple[Network, Draw]) -> None:
    network, draw = network_and_draw
    hold_to_their_definitions(run(network, draw), network)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios(name: str) -> None:
    drawn = next(Replicator(load(shipped().parent / Path(name)), 1).drawn([0])).prepared
    hold_to_their_definitions(run_compiled(drawn.network, drawn.draw), drawn.network)
