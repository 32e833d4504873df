"""What is compiled before processes start is what they use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ehc_sim.engines.compiled import log_sort
from ehc_sim.engines.compiled.loop import run
from ehc_sim.engines.compiled.model import compile_model
from ehc_sim.engines.compiled.packing import cases
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.workers import compile_all_but_the_model
from ehc_sim.measures import counting, lateness_pieces, team_hours_loop
from ehc_sim.network import hazards, log_times, variates
from ehc_sim.staff import rota_days, turnover_days
from tests.runs import SEED
from tests.scenario_files import whole_service

pytestmark = pytest.mark.unit


MODULES = (
    *(counting, hazards, lateness_pieces, log_sort, log_times, rota_days, turnover_days),
    *(variates, team_hours_loop, run, cases),
)


def part_of_others(function: Any) -> bool:
    return "forceinline" in function.targetoptions


def compiled() -> dict[str, list[object]]:
    """Return the types of arguments for which each function that Python calls is compiled."""
    found = {}
    for module in MODULES:
        for name, value in vars(module).items():
            own = getattr(value, "__module__", "") == module.__name__
            if own and hasattr(value, "signatures") and not part_of_others(value):
                found[f"{module.__name__}.{name}"] = value.signatures
    return found


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_a_replication_compiles_nothing_more(engine: str, tmp_path: Path) -> None:
    compile_all_but_the_model()
    compile_model()
    before = compiled()
    assert before
    assert all(before.values())
    replicator = Replicator(whole_service(tmp_path), SEED, engine)
    replicator.tables(replicator.runs([0])[0])
    assert compiled() == before
