"""The scenarios that a command is given, read and checked before anything is run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ehc_sim.experiment.before import faults_of_names, faults_of_records
from ehc_sim.scenario import BadInput, Fault, Scenario, load, load_folder

SHIPPED = Path(__file__).parent / "shipped_scenarios"
IN_CHECKOUT = Path(__file__).parents[1] / "scenarios"
"""The shipped scenarios: inside an installed package, or beside it in a checkout."""


def shipped(name: str = "somerset") -> Path:
    """Return the folder of a council's shipped scenarios."""
    return (SHIPPED if SHIPPED.is_dir() else IN_CHECKOUT) / name


def scenarios_of(paths: Sequence[Path]) -> list[Scenario]:
    """Read the scenarios that were named: files, or every file of a folder.

    The first is the one that the others are compared with: of a folder, the file that the others
    extend. The records that they name are read too, and the size of the run is estimated, so that
    nothing is found only after a run.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    found: list[Scenario] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            found += load_folder(path) if path.is_dir() else [load(path)]
        except BadInput as fault:
            faults += fault.faults
    faults += faults_of_names(found)
    faults += [fault for scenario in found for fault in faults_of_records(scenario)]
    if faults:
        raise BadInput(faults)
    return found
