"""What is compiled before processes start is what they use."""

from __future__ import annotations

from pathlib import Path

import pytest

from ehc_sim.experiment.compiling import compile_measures
from ehc_sim.experiment.replication import Replicator
from ehc_sim.measures import counting, lateness_pieces
from ehc_sim.pathway import log_times, workload_loop
from tests.runs import SEED
from tests.scenario_files import whole_service

pytestmark = pytest.mark.unit


def compiled() -> dict[str, list[object]]:
    """Return the types of arguments for which each function that Python calls is compiled."""
    modules = (counting, lateness_pieces, log_times, workload_loop)
    functions = (value for module in modules for value in vars(module).values())
    found = {f.__name__: f.signatures for f in functions if hasattr(f, "signatures")}
    return {name: kinds for name, kinds in found.items() if not name.startswith("_")}


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_measuring_compiles_nothing_more(engine: str, tmp_path: Path) -> None:
    compile_measures()
    before = compiled()
    assert before
    assert all(before.values())
    replicator = Replicator(whole_service(tmp_path), SEED, engine)
    replicator.tables(replicator.runs([0])[0])
    assert compiled() == before
