"""The results folder: complete under its name, or not there."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from ehc_sim.calendars import SchoolTerms, made_by_rule
from ehc_sim.catalogue.tables import TABLES, names
from ehc_sim.experiment.backcast import backcast, read_published
from ehc_sim.experiment.before import notes_of_terms
from ehc_sim.experiment.beside import NotOurs, beside, check_beside, clear
from ehc_sim.experiment.by_year import BY_YEAR
from ehc_sim.experiment.clear_by import clear_by
from ehc_sim.experiment.code import code_hash
from ehc_sim.experiment.contents import MANIFEST, RUN, Damaged, manifest_of, others_in, seal
from ehc_sim.experiment.flat_requests import flat_requests, last_year
from ehc_sim.experiment.replication import forecast_of
from ehc_sim.experiment.results import Results
from ehc_sim.safe.cells import put_table
from ehc_sim.scenario import Assumption as NumberOfScenario
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.agreement import agreed, notes_of_options
from ehc_sim.scenario.labels import labels_of_teams
from ehc_sim.version import __version__

REPLICATIONS = "replications.parquet"
FINANCIAL_YEARS = "financial_years"
"""Folder of the tables by year when they are by financial years."""


class InUse(ValueError):  # noqa: N818
    """A results folder that another run is on its way to."""


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Keep a results folder for one run at a time; the system lets go of it when a run is killed.

    What stood under the name before a run was killed stands there again.

    Raises
    ------
    InUse
        When another run has it.
    NotOurs
        When nothing can be written there, or a hidden name beside it is somebody else's.
    """
    check_beside(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(beside(folder, "lock"), timeout=0)
        lock.acquire()
    except Timeout:
        raise InUse(f"{folder}: another run is on its way to it; name another folder") from None
    except OSError as fault:
        problem = f"nothing can be written in {folder.parent}: {fault.strerror or fault}"
        raise NotOurs(f"{folder}: {problem}; name another folder") from None
    try:
        old = beside(folder, "old")
        if old.exists() and not folder.exists():
            old.rename(folder)
        elif old.exists():
            clear(old, folder)
        yield
    finally:
        with suppress(OSError):  # Windows removes no file that is open
            Path(lock.lock_file).unlink()
        lock.release()


@contextmanager
def new_folder(folder: Path, kind: str = RUN) -> Iterator[Path]:
    """Give a temporary folder that takes the place of ``folder`` when all went well.

    A run that is stopped leaves what stood under the name before, or nothing. Files of the old
    folder that no run wrote, and those that somebody changed, are in the new one too. For the one
    that has the folder by ``only_run``.

    Parameters
    ----------
    folder : Path
        Name of the results folder.
    kind : {"run", "forecast"}
        What the results are of.

    Raises
    ------
    NotOurs
        When something else than a results folder of this kind has the name.
    """
    check_free(folder, kind)
    part, old = beside(folder, "part"), beside(folder, "old")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir()
        (part / MANIFEST).write_text(json.dumps({"kind": kind}), encoding="utf-8")
        yield part
        seal(part)
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
        if old.exists():
            clear(old, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)  # the new one could not have its name


def check_free(folder: Path, kind: str = RUN) -> list[str]:
    """Refuse a name that has something else than results of this kind.

    Returns
    -------
    list of str
        Files that no run wrote, or that somebody changed: they will be kept.

    Raises
    ------
    NotOurs
        When it is a file, a link, a folder round the current one, a folder with content of others
        or one whose manifest does not say what is ours; or when a file stands in its path.
    """
    whole = Path(os.path.abspath(folder))  # noqa: PTH100 - links are looked for
    if Path.cwd().is_relative_to(whole):
        raise NotOurs(f"{folder}: found the folder that we are in; name another")
    check_beside(folder)
    above = next(one for one in whole.parents if os.path.lexists(one))
    if not above.is_dir():
        raise NotOurs(f"{folder}: found {above.name}, which is not a folder; name another")
    if whole.is_symlink():
        raise NotOurs(f"{folder}: found a link; name the folder itself")
    if not whole.exists():
        return []
    if not whole.is_dir() or (any(whole.iterdir()) and not (whole / MANIFEST).is_file()):
        raise NotOurs(f"{folder}: found something that is not a results folder; name another")
    if not any(whole.iterdir()):
        return []
    try:
        manifest = manifest_of(whole)
    except Damaged:
        problem = f"its {MANIFEST} does not say which files are ours; name another folder"
        raise NotOurs(f"{folder}: {problem}") from None
    if manifest["kind"] != kind:
        raise NotOurs(f"{folder}: found the results of a {manifest['kind']}; name another folder")
    return others_in(whole, manifest)


def write_tables(results: Results, folder: Path) -> None:
    """Write the tables of a study, and a manifest without the files' hashes.

    Parameters
    ----------
    results : Results
        What the study found.
    folder : Path
        A folder from ``new_folder``.
    """
    baseline = results.of_the_same[0]
    made = forecast_of(baseline.scenario, results.seed)
    tables = {
        "comparison": results.summary(),
        **{name: getattr(results, name)() for name in TABLES if hasattr(results, name)},
        "backcast": pd.DataFrame(columns=names("backcast")),
        "forecast": made.quantiles(),
        "requests": made.by_year(),
        "backtest": made.check.table,
        "clear_by": clear_by(results.scenarios),
        "flat_requests": flat_requests(results.of_the_same, last_year(made)),
        "assumptions": assumptions([result.scenario for result in results.scenarios]),
        "history": pd.DataFrame(columns=["year", "measure", "value"]),
    }
    if tables["explanations"].empty:
        del tables["explanations"]
    published = baseline.scenario.base.council.published
    if published:
        whose = baseline.scenario.whose("council", "published")
        figures = read_published(Path(published), council=whose)
        tables["backcast"] = backcast(baseline, figures)
        of_year = [f for f in figures if f.by == "all" and f.compared and not f.quarter]
        rows = [(f.year, f.measure, f.value) for f in of_year]
        tables["history"] = pd.DataFrame(rows, columns=["year", "measure", "value"])
    for name, table in tables.items():
        put_table(table, folder / f"{name}.csv")
    (folder / FINANCIAL_YEARS).mkdir()
    for name in BY_YEAR:
        put_table(results.by_financial_year(name), folder / FINANCIAL_YEARS / f"{name}.csv")
    write_replications(results, folder / REPLICATIONS)
    (folder / MANIFEST).write_text(json.dumps(_manifest(results), indent=1), encoding="utf-8")


def write_replications(results: Results, path: Path) -> None:
    """Write every replication's monthly and whole-run measures.

    The same scenarios and seed give the same bytes, whatever the number of processes.
    """
    writer: pq.ParquetWriter | None = None
    try:
        for part in results.replication_parts():
            table = pa.Table.from_pandas(part, preserve_index=False).replace_schema_metadata(None)
            if writer is None:
                writer = pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table.cast(writer.schema))
    finally:
        if writer is not None:
            writer.close()


def assumptions(scenarios: list[Scenario]) -> pd.DataFrame:
    """Return every number of the first scenario, and those that the others add or change.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``assumptions.csv``.
    """
    once: dict[tuple[str, ...], NumberOfScenario] = {}
    for one in (number for scenario in scenarios for number in scenario.assumptions()):
        once.setdefault((one.path, one.change, one.cost, one.value), one)
    rows = pd.DataFrame([one._asdict() for one in once.values()])
    return rows[names("assumptions")].fillna({"source": "", "note": ""})


def _manifest(results: Results) -> dict[str, object]:
    baseline = results.scenarios[0].scenario
    terms, period = SchoolTerms.read(baseline.base.council.terms), baseline.base.period
    return {
        "kind": RUN,
        "name": baseline.base.council.name,
        "teams": {
            key: label
            for key, label in labels_of_teams(r.scenario for r in results.scenarios).items()
            if label != key
        },
        "price_year": baseline.base.costs.price_year,
        "plan": {"from": str(period.plan_from), "until": str(period.plan_until)},
        "version": __version__,
        "code": code_hash(),
        "seed": results.seed,
        "replications": results.replications,
        "half_width": results.scenarios[0].half_width,
        "limit": None if results.limit is None else str(results.limit),
        "seconds": round(results.seconds, 1),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "scenarios": {r.scenario.name: r.scenario.hash for r in results.scenarios},
        "read_from": {r.scenario.name: _file(r.scenario) for r in results.scenarios},
        "compared_with": baseline.name if len(results.scenarios) > 1 else None,
        "agreed": agreed(baseline),
        **_members(baseline),
        "notes": notes_of_options([r.scenario for r in results.scenarios]),
        "calendar": [
            *notes_of_terms(baseline),
            *made_by_rule(terms, period.plan_from, period.plan_until),
        ],
    }


def _members(scenario: Scenario) -> dict[str, object]:
    """Return the members, in the order in which the replications' measure counts them."""
    members = scenario.members
    if members is None:
        return {}
    rows = zip(members.names, members.explanations, members.weights, strict=True)
    told = [dict(zip(("member", "explanation", "weight"), row, strict=True)) for row in rows]
    return {"members": told, "members_hash": members.digest}


def _file(scenario: Scenario) -> str | None:
    return None if scenario.path is None else scenario.path.name
