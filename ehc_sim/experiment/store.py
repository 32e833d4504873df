"""Finished batches of a run on disk, so that a run that was killed goes on where it was.

Each batch is one parquet file, written under a temporary name and renamed. Its name tells the
scenario's hash, the replications and the checksum of its content; a manifest tells what all of them
were made with.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ehc_sim.experiment.batches import Batch, RunFailed, Tables
from ehc_sim.experiment.code import code_hash
from ehc_sim.experiment.spool import PREFIX
from ehc_sim.experiment.stack import Stack
from ehc_sim.scenario import Scenario
from ehc_sim.version import __version__

MANIFEST = "manifest.json"
SEED_RULE = "a number for each seed, quantity, replication and case"
_TABLES = b"tables"
_LETTERS_OF_HASH = 16
_BATCH = re.compile(r"[0-9a-f]{16}-[0-9]{7,}-[0-9]+-[0-9a-f]{32}\.parquet")
"""Name of a batch's file: scenario, first replication, replications, checksum."""


class OtherParts(ValueError):  # noqa: N818
    """Finished batches of another run, which are not mixed with those of this one."""


class Store:
    """The finished batches of one run.

    Parameters
    ----------
    folder : Path
        Folder of the batches; made where it is not there.
    scenarios : sequence of Scenario
        What is run.
    seed : int
        Seed of the study.

    Attributes
    ----------
    torn : list of str
        Files that could not be read, and were dropped.

    Raises
    ------
    OtherParts
        When the folder holds batches of other scenarios, of another seed or of another version;
        the message has a line for each.
    """

    def __init__(self, folder: Path, scenarios: Sequence[Scenario], seed: int) -> None:
        self.folder = folder
        self.torn: list[str] = []
        made_with = {
            "version": __version__,
            "code": code_hash(),
            "seed": seed,
            "seed rule": SEED_RULE,
            "scenarios": {scenario.name: scenario.hash for scenario in scenarios},
        }
        manifest = folder / MANIFEST
        if os.path.lexists(folder) and not _is_empty(folder):
            if not manifest.is_file():
                problem = "found something that is not ours; remove it, or rename it"
                raise OtherParts(f"{folder}: {problem}")
            faults = _faults_of(manifest, made_with, anything_to_mix=len(self) > 0)
            if faults:
                lines = [f"{folder}: {fault}" for fault in faults]
                raise OtherParts("\n".join([*lines, f"{folder}: remove it to start anew"]))
        folder.mkdir(parents=True, exist_ok=True)
        self._remove_spools()
        _put(manifest, lambda path: path.write_text(json.dumps(made_with, indent=1), "utf-8"))

    def __len__(self) -> int:
        """Return the number of replications that are kept."""
        return sum(int(path.stem.split("-")[2]) for path in self._batches())

    def read(self, batch: Batch) -> Tables | None:
        """Return the measures of a finished batch; None where it is not finished, or torn."""
        for path in self.folder.glob(f"{_name(batch)}-*.parquet"):
            try:
                content = path.read_bytes()
                if path.stem.endswith(f"-{_digest(content)}"):
                    return _tables(pq.read_table(pa.BufferReader(content)))
            except OSError:
                pass
            self.torn.append(path.name)
            path.unlink(missing_ok=True)
        return None

    def write(self, batch: Batch, tables: Tables) -> Tables:
        """Keep a finished batch, and return it as it will be read.

        Raises
        ------
        RunFailed
            When it cannot be written, as on a full disk.
        """
        content = _content(tables)
        path = self.folder / f"{_name(batch)}-{_digest(content)}.parquet"
        try:
            _put(path, lambda part: part.write_bytes(content))
        except OSError as fault:
            raise RunFailed(f"could not keep {batch} in {self.folder}: {fault.strerror}") from fault
        kept = self.read(batch)
        if kept is None:
            raise RunFailed(f"could not read back {batch} in {self.folder}")
        return kept

    def remove(self) -> None:
        """Remove the batches, once what they are for is complete; what is not ours stays."""
        self._remove_spools()
        for path in (*self._batches(), *self.folder.glob(".*.tmp"), self.folder / MANIFEST):
            path.unlink(missing_ok=True)
        with suppress(OSError):  # something of others is in it
            self.folder.rmdir()

    def _batches(self) -> list[Path]:
        return [path for path in self.folder.glob("*.parquet") if _BATCH.fullmatch(path.name)]

    def _remove_spools(self) -> None:
        for spools in self.folder.glob(f"{PREFIX}*"):
            for file in spools.glob("*.f8"):
                file.unlink(missing_ok=True)
            with suppress(OSError):
                spools.rmdir()


def _name(batch: Batch) -> str:
    """Return the name of a batch's file without the checksum."""
    return f"{batch.scenario.hash[:_LETTERS_OF_HASH]}-{batch.first:07}-{batch.count}"


def _digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and not any(folder.iterdir())


def _faults_of(manifest: Path, wanted: dict[str, object], *, anything_to_mix: bool) -> list[str]:
    """Return why a folder is not ours, or finished batches in it are not those of this run."""
    try:
        found = json.loads(manifest.read_text("utf-8"))
    except (ValueError, OSError, RecursionError):
        found = None
    if not isinstance(found, dict) or "seed rule" not in found:
        return [f"found a {manifest.name} that cannot be read"]
    return _differences(found, wanted) if anything_to_mix else []


def _differences(found: dict[str, object], wanted: dict[str, object]) -> list[str]:
    """Return what finished batches were made with that this run is not."""
    faults = []
    if (found.get("version"), found.get("code")) != (wanted["version"], wanted["code"]):
        faults.append(f"found replications of version {found.get('version')} of another code")
    for what in ("seed", "seed rule"):
        if found.get(what) != wanted[what]:
            faults.append(f"found replications of {what} {found.get(what)}, this is {wanted[what]}")
    known, asked = found.get("scenarios"), wanted["scenarios"]
    assert isinstance(asked, dict)
    if not isinstance(known, dict):
        return [*faults, "found no list of scenarios in its manifest"]
    for name, digest in known.items():
        if name not in asked:
            faults.append(f"found replications of “{name}”, which is not run now")
        elif digest != asked[name]:
            faults.append(f"found replications of “{name}” as it was before it was changed")
    return faults


def _put(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file under a temporary name and rename it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _content(tables: Tables) -> bytes:
    """Return the content of a batch's file."""
    # Of numbers that are all different, dictionaries and statistics are of no use.
    sink = pa.BufferOutputStream()
    pq.write_table(
        _rows(tables), sink, compression="zstd", use_dictionary=False, write_statistics=False
    )
    return bytes(sink.getvalue())


def _rows(tables: Tables) -> pa.Table:
    """Return a row for each table and replication, with rows and columns told in the metadata."""
    names, replications, values = [], [], []
    for name, stack in tables.items():
        for number, table in enumerate(stack.values):
            names.append(name)
            replications.append(number)
            values.append(table.ravel())
    heads = {
        name: {"columns": stack.columns, "index": _levels(stack.index)}
        for name, stack in tables.items()
    }
    rows = pa.table({"table": names, "replication": replications, "values": values})
    return rows.replace_schema_metadata({_TABLES: json.dumps(heads).encode()})


def _levels(index: pd.Index) -> list[dict[str, object]]:
    """Return the name, the type and the labels of each level of an index."""
    levels = [index.get_level_values(place) for place in range(index.nlevels)]
    return [
        {
            "name": level.name,
            "type": str(level.dtype),
            "labels": level.astype(str).tolist()
            if np.issubdtype(level.to_numpy().dtype, np.datetime64)
            else level.tolist(),
        }
        for level in levels
    ]


def _tables(rows: pa.Table) -> Tables:
    heads = json.loads(rows.schema.metadata[_TABLES])
    names = np.array(rows.column("table").to_pylist())
    values = rows.column("values").to_numpy(zero_copy_only=False)
    tables = {}
    for name, head in heads.items():
        index, columns = _index(head["index"]), tuple(head["columns"])
        stacked = np.stack(values[names == name])
        tables[name] = Stack(index, columns, stacked.reshape(-1, len(index), len(columns)))
    return tables


def _index(levels: list[dict[str, object]]) -> pd.Index:
    arrays = [pd.Index(level["labels"], dtype=str(level["type"])) for level in levels]  # type: ignore[call-overload]
    names = [level["name"] for level in levels]
    if len(arrays) == 1:
        only: pd.Index = arrays[0].rename(names[0])
        return only
    return pd.MultiIndex.from_arrays(arrays, names=names)
