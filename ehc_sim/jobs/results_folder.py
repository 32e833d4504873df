"""The main job: simulate every scenario, compare, write the results folder and the briefing."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from ehc_sim.experiment.batches import RunFailed
from ehc_sim.experiment.beside import beside
from ehc_sim.experiment.contents import MANIFEST, checked_run
from ehc_sim.experiment.folder import check_free, new_folder, only_run, write_tables
from ehc_sim.experiment.results import Limit, Results
from ehc_sim.experiment.run_in import RunIn
from ehc_sim.experiment.store import Store
from ehc_sim.experiment.study import Plan, Progress, study
from ehc_sim.experiment.together import check_none_lost
from ehc_sim.experiment.workers import end_workers
from ehc_sim.jobs.checking import for_all as for_all
from ehc_sim.jobs.checking import scenarios_of as scenarios_of
from ehc_sim.jobs.checking import shipped as shipped
from ehc_sim.scenario import Scenario


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
    limit: Limit | None = None
    """What the stop rule did not reach."""
    run_in: RunIn | None = None
    """Which options went on from the shared run-in."""


class PartlyDone(RuntimeError):  # noqa: N818
    """A run that could not go on; what it finished is kept."""


def run(
    scenarios: Sequence[Scenario],
    plan: Plan,
    folder: Path,
    progress: Progress,
    replace_others: bool = False,
) -> Written:
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
    replace_others : bool
        Replace results of another council, or of scenarios that are not among these.

    Raises
    ------
    NotOurs
        When the folder holds something else than results, or those of scenarios that are not among
        these; before anything is run.
    InUse
        When another run is on its way to the folder.
    OtherParts
        When another run into this folder was stopped, and what it finished is not of this one.
    PartlyDone
        When the run could not go on; what it finished is kept for the next.
    RunFailed
        When it could not go on and nothing was finished.
    """
    kept = _checked(scenarios, folder, replace_others)
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
    return Written(
        folder, results.summary(), tuple(store.torn), limit=results.limit, run_in=results.run_in
    )


def _kept(store: Store) -> str:
    return f"{len(store)} replications are kept: the same command goes on from there"


def _checked(scenarios: Sequence[Scenario], folder: Path, replace_others: bool) -> list[str]:
    kept = check_free(folder)
    if not replace_others:
        check_none_lost(folder, scenarios)
    return kept


def write(results: Results, folder: Path, replace_others: bool = False) -> None:
    """Write the results folder of a study that was made in Python.

    Parameters
    ----------
    results : Results
        What the study found.
    folder : Path
        The results folder. It is complete under its name, or as it was before.
    replace_others : bool
        Replace results of another council, or of scenarios that the study has not.

    Raises
    ------
    NotOurs, InUse
        As ``run``.
    """
    _checked([result.scenario for result in results.scenarios], folder, replace_others)
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
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / name, part / name)
        written = _present(part)
    return [folder / path.relative_to(part) for path in written]


def _present(folder: Path) -> list[Path]:
    """Draw the charts and write the briefing of the tables of a folder."""
    # What draws takes memory, of which there is less while workers run.
    from ehc_sim.present.briefing import write_all
    from ehc_sim.present.frames import Frames

    return write_all(Frames.read(folder), folder)
