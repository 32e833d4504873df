"""What is compiled before processes start is what they use."""

from __future__ import annotations

from pathlib import Path

import pytest

from ehc_sim.experiment.compiling import compile_all_but_the_model
from ehc_sim.experiment.replication import Replicator
from ehc_sim.measures import counting, lateness_pieces
from ehc_sim.pathway import hazards, log_times, rota_days, variates, workload_loop
from tests.runs import SEED
from tests.scenario_files import whole_service

pytestmark = pytest.mark.unit


def compiled() -> dict[str, list[object]]:
    """Return the types of arguments for which each function that Python calls is compiled."""
    modules = (counting, hazards, lateness_pieces, log_times, rota_days, variates, workload_loop)
    functions = (value for module in modules for value in vars(module).values())
    compiled_ = [function for function in functions if hasattr(function, "signatures")]
    called = [f for f in compiled_ if not f.targetoptions.get("no_cpython_wrapper")]
    found = {function.__name__: function.signatures for function in called}
    return {name: kinds for name, kinds in found.items() if not name.startswith("_")}


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_replication_compiles_nothing_more(engine: str, tmp_path: Path) -> None:
    compile_all_but_the_model()
    before = compiled()
    assert before
    assert all(before.values())
    replicator = Replicator(whole_service(tmp_path), SEED, engine)
    replicator.tables(replicator.runs([0])[0])
    assert compiled() == before
