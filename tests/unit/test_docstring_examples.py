"""The examples in the docstrings of what others call: there, and true."""

from __future__ import annotations

import doctest
import inspect
import shutil
from pathlib import Path
from typing import Any

import pytest

import ehc_sim
from ehc_sim.engines.choose import run_with
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.results import Results
from ehc_sim.network import AlwaysThere, Draw, Log, Network, Pathway, Quantity, Rota
from ehc_sim.safe.small_counts import hidden
from ehc_sim.scenario import Scenario
from tests.sen2_files import edition

pytestmark = pytest.mark.unit
ROOT = Path(__file__).parents[2]
CALLED = [getattr(ehc_sim, name) for name in ehc_sim.__all__ if name != "__version__"]
CALLED.sort(key=lambda one: one is ehc_sim.read_results)  # what another has written


def public(of: type) -> list[Any]:
    methods = [value for name, value in vars(of).items() if name[0] != "_"]
    return [value for value in methods if inspect.isfunction(value)]


FIRST = {
    ehc_sim.simulate: [
        *(one for one in CALLED if one is not ehc_sim.simulate),
        *(ehc_sim, Scenario.with_change, Scenario.paths, Results, *public(Results), hidden),
    ],
    Network: [
        *(Pathway, Draw, Quantity, Network.check, Quantity.constant, Log, Log.reached, Log.joined),
        *(AlwaysThere, Rota, run, run_compiled, run_with),
    ],
}
"""Examples that come first, and those that go on from their names."""


@pytest.fixture
def beside_scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with the shipped scenarios and a download of DfE's; results may be left in it."""
    shutil.copytree(ROOT / "scenarios" / "somerset", tmp_path / "scenarios" / "somerset")
    edition(tmp_path / "sen2_2026.zip", 2026)
    monkeypatch.chdir(tmp_path)


def run_example(of: Any, names: dict[str, Any]) -> None:
    example = doctest.DocTestParser().get_doctest(
        inspect.getdoc(of) or "", names, of.__name__, inspect.getsourcefile(of), 0
    )
    assert example.examples, f"{of.__module__}.{of.__qualname__} has no example"
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    assert runner.run(example, out=said.append, clear_globs=False).failed == 0, "".join(said)
    names.update(example.globs)  # which were a copy


@pytest.mark.parametrize("first", FIRST, ids=lambda of: of.__name__)
@pytest.mark.usefixtures("beside_scenarios")
def test_examples_of_docstrings_are_true(first: Any) -> None:
    names: dict[str, Any] = {}
    run_example(first, names)
    for one in FIRST[first]:
        run_example(one, {**vars(inspect.getmodule(one)), **names})
