"""The compiled model and the SimPy model write the same log."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings

from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replicator
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.network import Draw, Mark, Network, Wait, Work
from ehc_sim.network.log import AGENCY
from ehc_sim.scenario import load
from tests.property.made_councils import PARTS, council_with, made_council
from tests.property.made_networks import made
from tests.property.made_services import made_service

pytestmark = pytest.mark.property

SEED = 20_261_125
FOLDERS = ("somerset", "somerset_whole_service", "somerset_open_cases")
SHIPPED = [path for folder in FOLDERS for path in sorted(shipped(folder).glob("*.toml"))]


def assert_same_log(network: Network, draw: Draw) -> None:
    by_simpy, compiled = run(network, draw), run_compiled(network, draw)
    assert compiled.nodes == by_simpy.nodes
    assert compiled.kinds == by_simpy.kinds
    assert compiled.until == by_simpy.until
    assert np.array_equal(compiled.arrived, by_simpy.arrived)
    assert np.array_equal(compiled.visits, by_simpy.visits)


@settings(max_examples=100, deadline=None)
@given(made())
def test_small_networks(network_and_draw: tuple[Network, Draw]) -> None:
    assert_same_log(*network_and_draw)


@settings(max_examples=200, deadline=None)
@given(made_service())
def test_small_services(network_and_draw: tuple[Network, Draw]) -> None:
    assert_same_log(*network_and_draw)


@settings(max_examples=10, deadline=None)
@given(made_council())
def test_small_councils_with_optional_parts(network_and_draw: tuple[Network, Draw]) -> None:
    assert_same_log(*network_and_draw)


def test_each_optional_part_is_reached() -> None:
    """Every step that a part adds has somebody who comes to it, and the agency has work."""
    without, _ = council_with([], np.random.default_rng(SEED))
    there = {node.name for node in without.pathway}
    added: set[str] = set()
    reached: set[str] = set()
    bought = 0
    for number in range(10):
        network, draw = council_with(PARTS, np.random.default_rng(number))
        log = run_compiled(network, draw)
        added |= {
            node.name for node in network.pathway if isinstance(node, Wait | Work | Mark)
        } - there
        reached |= {log.nodes[node] for node in np.unique(log.visits[:, 1])}
        bought += int((log.visits[:, 5] == AGENCY).sum())
    assert len(added) > 20
    assert added <= reached
    assert bought > 0


@pytest.mark.slow
@seed(int(os.environ.get("EHC_SIM_TEST_SEED", SEED)))
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(made_council())
def test_five_thousand_small_councils(network_and_draw: tuple[Network, Draw]) -> None:
    assert_same_log(*network_and_draw)


@pytest.mark.slow
@seed(int(os.environ.get("EHC_SIM_TEST_SEED", SEED)))
@settings(max_examples=5000, deadline=None)
@given(made_service())
def test_five_thousand_small_services(network_and_draw: tuple[Network, Draw]) -> None:
    assert_same_log(*network_and_draw)


def assert_same_replication(path: Path, number: int) -> None:
    prepared = next(Replicator(load(path), 1).drawn([number])).prepared
    assert_same_log(prepared.network, prepared.draw)


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", [*SHIPPED[::8], *SHIPPED[-2:]], ids=name_of)
def test_some_shipped_scenarios_once(path: Path) -> None:
    assert_same_replication(path, 0)


@pytest.mark.slow
@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_each_shipped_scenario_twenty_times(path: Path) -> None:
    for number in range(20):
        assert_same_replication(path, number)
