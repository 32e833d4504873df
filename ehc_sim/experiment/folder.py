"""The results folder: complete under its name, or not there."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from ehc_sim.experiment.backcast import BACKCAST_COLUMNS, backcast, read_published
from ehc_sim.experiment.code import code_hash
from ehc_sim.experiment.replication import forecast_of
from ehc_sim.experiment.results import Results
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.agreement import agreed, notes_of_options
from ehc_sim.version import __version__

MANIFEST = "manifest.json"
REPLICATIONS = "replications.parquet"


class NotOurs(ValueError):  # noqa: N818
    """A folder that is not a results folder, and so is not written over."""


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
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(_beside(folder, "lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise InUse(f"{folder}: another run is on its way to it; name another folder") from None
    try:
        if not folder.exists() and _beside(folder, "old").exists():
            _beside(folder, "old").rename(folder)
        yield
    finally:
        with suppress(OSError):  # Windows removes no file that is open
            Path(lock.lock_file).unlink()
        lock.release()


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a temporary folder that takes the place of ``folder`` when all went well.

    A run that is stopped leaves what stood under the name before, or nothing. For the one that has
    the folder by ``only_run``.

    Parameters
    ----------
    folder : Path
        Name of the results folder.

    Raises
    ------
    NotOurs
        When something else than a results folder has the name.
    """
    check_free(folder)
    part, old = _beside(folder, "part"), _beside(folder, "old")
    for left_behind in (part, old):
        shutil.rmtree(left_behind, ignore_errors=True)
    try:
        part.mkdir()
        yield part
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _beside(folder: Path, what: str) -> Path:
    """Return a hidden name beside a folder."""
    return folder.with_name(f".{folder.name}.{what}")


def check_free(folder: Path) -> None:
    """Refuse a folder that holds something else than results.

    Raises
    ------
    NotOurs
        When it is a file, or a folder with content but without a manifest.
    """
    if folder.is_file() or (
        folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file()
    ):
        raise NotOurs(f"{folder}: found something that is not a results folder; name another")


def write_tables(results: Results, folder: Path) -> None:
    """Write the tables of a study, and a manifest without the files' hashes.

    Parameters
    ----------
    results : Results
        What the study found.
    folder : Path
        A folder from ``new_folder``.
    """
    baseline = results.scenarios[0]
    tables = {
        "comparison": results.summary(),
        "monthly": results.monthly(),
        "yearly": results.yearly(),
        "exceptions": results.exceptions(),
        "advice": results.advice(),
        "teams": results.teams(),
        "hours": results.hours(),
        "lateness": results.lateness(),
        "waiting": results.waiting(),
        "cohort": results.cohort(),
        "decisions": results.decisions(),
        "reviews": results.reviews(),
        "plans": results.plans(),
        "backcast": pd.DataFrame(columns=list(BACKCAST_COLUMNS)),
        "forecast": forecast_of(baseline.scenario, results.seed).quantiles(),
        "assumptions": assumptions([result.scenario for result in results.scenarios]),
        "history": pd.DataFrame(columns=["year", "measure", "value"]),
    }
    published = baseline.scenario.base.council.published
    if published:
        figures = read_published(Path(published))
        tables["backcast"] = backcast(baseline, figures)
        rows = [(f.year, f.measure, f.value) for f in figures if f.by == "all"]
        tables["history"] = pd.DataFrame(rows, columns=["year", "measure", "value"])
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, float_format="%.8g")
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


def finish(folder: Path) -> None:
    """Add the hash of every file to the manifest."""
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file != path
    }
    path.write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def assumptions(scenarios: list[Scenario]) -> pd.DataFrame:
    """Return every number of the first scenario, and those that the others add or change.

    Returns
    -------
    DataFrame
        Columns path, value, source, note and fitted (set so that the run-in agrees with what was
        published).
    """
    rows = []
    seen: set[tuple[str, str]] = set()
    for scenario in scenarios:
        for number in scenario.assumptions():
            if (number.path, number.value) in seen:
                continue
            seen.add((number.path, number.value))
            rows.append(
                {
                    "path": number.path,
                    "value": number.value,
                    "source": number.source or "",
                    "note": number.note or "",
                    "fitted": (number.note or "").startswith("Fitted"),
                }
            )
    return pd.DataFrame(rows)


def _manifest(results: Results) -> dict[str, object]:
    baseline = results.scenarios[0].scenario
    return {
        "name": baseline.base.council.name,
        "price_year": baseline.base.costs.price_year,
        "version": __version__,
        "code": code_hash(),
        "seed": results.seed,
        "replications": results.replications,
        "seconds": round(results.seconds, 1),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "scenarios": {r.scenario.name: r.scenario.hash for r in results.scenarios},
        "read_from": {r.scenario.name: _file(r.scenario) for r in results.scenarios},
        "compared_with": baseline.name if len(results.scenarios) > 1 else None,
        "agreed": agreed(baseline),
        "notes": notes_of_options([r.scenario for r in results.scenarios]),
    }


def _file(scenario: Scenario) -> str | None:
    return None if scenario.path is None else scenario.path.name
