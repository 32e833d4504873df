"""The main job: simulate every scenario, compare, write the results folder and the briefing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ehc_sim.demand.choose import choose
from ehc_sim.demand.history import History
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.backcast import read_published
from ehc_sim.experiment.batches import RunFailed
from ehc_sim.experiment.beside import beside
from ehc_sim.experiment.contents import MANIFEST, checked_run
from ehc_sim.experiment.folder import check_free, new_folder, only_run, write_tables
from ehc_sim.experiment.results import Results
from ehc_sim.experiment.store import Store
from ehc_sim.experiment.study import Plan, Progress, study
from ehc_sim.experiment.workers import end_workers
from ehc_sim.pathway.caseload import read_caseload
from ehc_sim.pathway.plans_file import read_plans
from ehc_sim.scenario import BadInput, Fault, Scenario, load, load_folder

SHIPPED = Path(__file__).parent / "shipped_scenarios"
IN_CHECKOUT = Path(__file__).parents[1] / "scenarios"
"""The shipped scenarios: inside an installed package, or beside it in a checkout."""


@dataclass(frozen=True)
class Written:
    """A results folder and what is in it."""

    folder: Path
    summary: pd.DataFrame
    """The comparison: one row a scenario."""
    torn: tuple[str, ...] = ()
    """Files of an earlier run that could not be read, of which the replications were run again."""
    kept: tuple[str, ...] = ()
    """Files of the results folder that no run wrote, or that somebody changed: they are still in
    it, those whose name was needed under another."""


class PartlyDone(RuntimeError):  # noqa: N818
    """A run that could not go on; what it finished is kept."""


def shipped(name: str = "somerset") -> Path:
    """Return the folder of a council's shipped scenarios."""
    return (SHIPPED if SHIPPED.is_dir() else IN_CHECKOUT) / name


def scenarios_of(paths: Sequence[Path]) -> list[Scenario]:
    """Read the scenarios that were named: files, or every file of a folder.

    The first is the one that the others are compared with: of a folder, the file that the others
    extend. The records that they name are read too, so that nothing is found only after a run.

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
    names = [scenario.name for scenario in found]
    for scenario in found:
        if names.count(scenario.name) > 1:
            problem = f'found "{scenario.name}" {names.count(scenario.name)} times, allowed is once'
            faults.append(Fault(scenario.path, None, "name", problem))
    faults += [fault for scenario in found for fault in _faults_of_records(scenario)]
    if faults:
        raise BadInput(faults)
    return found


def _faults_of_records(scenario: Scenario) -> list[Fault]:
    """Return what is wrong with the files that a scenario names."""
    base, faults = scenario.base, list[Fault]()

    def read(file: str | None, reader: Callable[[Path], object]) -> None:
        try:
            if file:
                reader(Path(file))
        except BadInput as fault:
            faults.extend(fault.faults)

    read(base.council.published, read_published)
    read(
        base.plans.in_hand if base.plans else None,
        lambda path: read_plans(path, base.period.run_in_from),
    )
    read(
        base.caseload.open_cases if base.caseload else None,
        lambda path: read_caseload(path, base),
    )
    try:
        history = history_of(base.demand, base.period.run_in_from)
        choose(history, base.demand.method)
    except BadInput as fault:
        return [*faults, *fault.faults]
    return [*faults, *_outside_of_record(scenario, history)]


def _outside_of_record(scenario: Scenario, history: History) -> list[Fault]:
    """Return the faults of a run that starts before the record or ends before it does."""
    if history.kind == "assumed":
        return []
    period, record = scenario.base.period, Path(scenario.base.demand.history or "").name
    first, last = (str(day)[:7] for day in (period.run_in_from, period.plan_until))
    faults: list[Fault] = []
    if first < str(history.first_month):
        problem = f"allowed is {history.first_month} or later, where {record} starts"
        where = "period.run_in_from"
        faults.append(Fault(scenario.path, None, where, f"found {period.run_in_from}, {problem}"))
    if last <= str(history.last_month):
        problem = f"allowed is after {history.last_month}, where {record} ends"
        where = "period.plan_until"
        faults.append(Fault(scenario.path, None, where, f"found {period.plan_until}, {problem}"))
    return faults


def run(scenarios: Sequence[Scenario], plan: Plan, folder: Path, progress: Progress) -> Written:
    """Simulate scenarios and write the results folder.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The scenarios; the first is the one that the others are compared with.
    plan : Plan
        How many replications to run, and where.
    folder : Path
        The results folder. It is complete under its name, or as it was before.
    progress : callable
        Called with the replications done and wanted.

    Raises
    ------
    NotOurs
        When the folder holds something else than results; before anything is run.
    InUse
        When another run is on its way to the folder.
    OtherParts
        When another run into this folder was stopped, and what it finished is not of this one.
    PartlyDone
        When the run could not go on; what it finished is kept for the next.
    RunFailed
        When it could not go on and nothing was finished.
    """
    kept = check_free(folder)
    with only_run(folder):
        return replace(_run(scenarios, plan, folder, progress), kept=tuple(kept))


def _run(scenarios: Sequence[Scenario], plan: Plan, folder: Path, progress: Progress) -> Written:
    store = Store(beside(folder, "parts"), scenarios, plan.seed)
    try:
        results = study(scenarios, plan, progress, store)
        end_workers()  # charts and documents need memory too
        _write(results, folder)
    except (RunFailed, OSError, MemoryError) as fault:
        if isinstance(fault, MemoryError):
            fault = RunFailed("there is not enough memory; try fewer processes (--processes 1)")
        if not len(store):
            store.remove()
            raise fault
        raise PartlyDone(f"{fault}; {_kept(store)}") from fault
    except KeyboardInterrupt:
        if not len(store):
            store.remove()
            raise KeyboardInterrupt("stopped; nothing was written") from None
        raise KeyboardInterrupt(f"stopped; {_kept(store)}") from None
    store.remove()
    return Written(folder, results.summary(), tuple(store.torn))


def _kept(store: Store) -> str:
    return f"{len(store)} replications are kept: the same command goes on from there"


def write(results: Results, folder: Path) -> None:
    """Write the results folder of a study that was made in Python.

    Parameters
    ----------
    results : Results
        What the study found.
    folder : Path
        The results folder. It is complete under its name, or as it was before.

    Raises
    ------
    NotOurs, InUse
        As ``run``.
    """
    check_free(folder)
    with only_run(folder):
        _write(results, folder)


def _write(results: Results, folder: Path) -> None:
    with new_folder(folder) as part:
        write_tables(results, part)
        _present(part)


def report(folder: Path) -> list[Path]:
    """Draw the charts and write the briefing of a results folder again.

    Raises
    ------
    Damaged, NotResults
        When the folder does not hold the results of a run, or a table was changed.
    NotOurs, InUse
        As ``run``.
    """
    from ehc_sim.present.frames import Frames

    manifest = checked_run(folder)
    Frames.read(folder)  # what is wrong in it is said with its own name
    tables = [name for name in manifest["files"] if name.endswith((".csv", ".parquet"))]
    with only_run(folder), new_folder(folder) as part:
        for name in (*tables, MANIFEST):
            shutil.copyfile(folder / name, part / name)
        written = _present(part)
    return [folder / path.relative_to(part) for path in written]


def _present(folder: Path) -> list[Path]:
    """Draw the charts and write the briefing of the tables of a folder."""
    # What draws takes memory, of which there is less while workers run.
    from ehc_sim.present.frames import Frames
    from ehc_sim.present.outputs import write_all

    return write_all(Frames.read(folder), folder)
