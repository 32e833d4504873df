"""An option that goes on from the state of another run writes the log of a run from the start."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.compiled.states import StoppingRun, run_on
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.run_in import in_step
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.network import Draw, Log, Network
from ehc_sim.network.parting import parting
from ehc_sim.scenario import load
from tests.property.made_networks import MINUTES, made
from tests.property.made_options import made_option
from tests.property.made_services import made_service

pytestmark = pytest.mark.property

SEED = 20_261_129


@settings(max_examples=25, deadline=None)
@given(made_service(), st.lists(st.integers(1, MINUTES - 1), max_size=5))
def test_a_run_stops_and_goes_on(
    network_and_draw: tuple[Network, Draw], minutes: list[int]
) -> None:
    """A run that stops on its way, and one that goes on from where it stopped, are as any other."""
    network, draw = network_and_draw
    whole = run_compiled(network, draw)
    run = StoppingRun(network, draw)
    states = [state.copy() for minute in sorted(minutes) if (state := run.before(minute))]
    assert np.array_equal(run.end().visits, whole.visits)
    itself = parting((network, draw), (network, draw))
    if any(team.named_officers for team in network.teams.values()):
        assert (itself.minute, itself.why) == (0, "officers, which are not compared")
        return
    assert itself.minute == MINUTES
    for state in states:
        gone_on = run_on(state, network, draw, itself)
        assert gone_on is not None
        assert np.array_equal(gone_on.visits, whole.visits)
        assert np.array_equal(gone_on.arrived, whole.arrived)


@settings(max_examples=25, deadline=None)
@given(made_service(), st.randoms(use_true_random=False), st.integers(1, MINUTES - 1))
def test_a_log_of_some_nodes(
    network_and_draw: tuple[Network, Draw], random: Random, minute: int
) -> None:
    """It has the rows of these and of all work and decisions, whether or not the run stopped."""
    network, draw = network_and_draw
    names = network.pathway.names
    noted = frozenset(random.sample(names, random.randrange(len(names) + 1)))
    whole = run_compiled(network, draw)
    told = [
        name in noted or kind in ("work", "decision")
        for name, kind in zip(whole.nodes, whole.kinds, strict=True)
    ]

    def of_these(log: Log) -> np.ndarray:
        return log.visits[np.array(told)[log.visits[:, 1]]]

    short = run_compiled(network, draw, noted)
    assert len(short.visits) <= len(whole.visits)
    assert np.array_equal(of_these(short), of_these(whole))
    itself = parting((network, draw), (network, draw))
    state = StoppingRun(network, draw, noted).before(min(minute, itself.minute))
    if state is not None and itself.minute >= state.minute:
        gone_on = run_on(state, network, draw, itself)
        assert gone_on is not None
        assert gone_on.noted == noted
        assert np.array_equal(of_these(gone_on), of_these(whole))


def goes_on(
    network: Network, draw: Draw, option_number: int, share: float, found: Counter[str]
) -> None:
    """Check one option, and count whether it went on or why it did not."""
    option, drawn = made_option(network, draw, np.random.default_rng(option_number))
    parts = parting((network, draw), (option, drawn))
    state = StoppingRun(network, draw).before(int(share * parts.minute))
    if state is None:
        found[f"parts at once: {parts.why}" if parts.minute == 0 else "parts too soon"] += 1
        return
    log = run_on(state, option, drawn, parts)
    if log is None:
        found["order not known"] += 1
        return
    found["went on"] += 1
    whole = run_compiled(option, drawn)
    assert np.array_equal(log.visits, whole.visits)
    assert np.array_equal(log.arrived, whole.arrived)


@settings(max_examples=40, deadline=None)
@given(made_service(), st.integers(0, 2**32), st.sampled_from([1, 1, 0.5]))
def test_small_services(network_and_draw: tuple[Network, Draw], option: int, share: float) -> None:
    goes_on(*network_and_draw, option, share, Counter())


@settings(max_examples=100, deadline=None)
@given(made(busy=True), st.integers(0, 2**32))
def test_busy_teams(network_and_draw: tuple[Network, Draw], option: int) -> None:
    """Work in hand is finished by the option's rotas: many have some when the two part."""
    goes_on(*network_and_draw, option, 1, Counter())


@pytest.mark.slow
def test_two_thousand_small_services() -> None:
    """Most go on, for whatever reason the others do not."""
    found: Counter[str] = Counter()

    @seed(int(os.environ.get("EHC_SIM_TEST_SEED", SEED)))
    @settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
    @given(made_service() | made(busy=True), st.integers(0, 2**32), st.sampled_from([1, 1, 0.5]))
    def one(network_and_draw: tuple[Network, Draw], option: int, share: float) -> None:
        goes_on(*network_and_draw, option, share, found)

    one()
    print(found)
    assert found["went on"] > sum(found.values()) / 2


SHIPPED = {
    "somerset": "baseline.toml",
    "somerset_whole_service": "../somerset/baseline.toml",
    "somerset_open_cases": "today.toml",
}
"""Folders of shipped scenarios, and whose run the others go on from."""


def shipped_go_on(folder: str, scenarios: list[Path], replications: range) -> Counter[str]:
    """Check options of a folder, and count which did not go on, and why."""
    base = Replicator(load(shipped(folder) / SHIPPED[folder]), SEED)
    found: Counter[str] = Counter()
    for path in scenarios:
        option = Replicator(load(path), SEED)
        for number in replications:
            one, other = (next(each.drawn([number])) for each in (base, option))
            for run in in_step(base, one, [option], [other]):
                network, draw = run.replication.prepared.network, run.replication.prepared.draw
                whole = run_compiled(network, draw)
                assert np.array_equal(run.replication.log.visits, whole.visits), path.stem
                assert np.array_equal(run.replication.log.arrived, whole.arrived), path.stem
                found["went on" if run.whole is None else f"{path.stem}: {run.whole}"] += 1
    return found


@pytest.mark.slow
@pytest.mark.parametrize("folder", SHIPPED)
def test_each_shipped_option_twenty_times(folder: str) -> None:
    base = (shipped(folder) / SHIPPED[folder]).resolve()
    options = [path for path in sorted(shipped(folder).glob("*.toml")) if path.resolve() != base]
    found = shipped_go_on(folder, options, range(20))
    print(found)
    assert found["went on"] > 0
