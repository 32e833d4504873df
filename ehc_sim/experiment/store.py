"""Finished batches of a run on disk: a run that was killed goes on where it was.

Each batch is one parquet file, written under a temporary name and renamed. Its name tells the
scenario's hash, the replications and the checksum of its content; a manifest tells what all of them
were made with. What a study found is read from them too, one table at a time, so that memory does
not grow with the number of scenarios.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from weakref import finalize

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ehc_sim.experiment.batches import Batch, RunFailed, Tables
from ehc_sim.experiment.code import code_hash
from ehc_sim.scenario import Scenario
from ehc_sim.tables import Level, Rows, Table
from ehc_sim.version import __version__

MANIFEST = "manifest.json"
SEED_RULE = "a number for each seed, quantity, replication and case"
_HEADS = b"tables"
_LETTERS_OF_HASH = 16
_BATCH = re.compile(r"[0-9a-f]{16}-[0-9]{7,}-[0-9]+-[0-9a-f]{32}\.parquet")
"""Name of a batch's file: scenario, first replication, replications, checksum."""


class OtherParts(ValueError):  # noqa: N818
    """Finished batches of another run, which are not mixed with those of this one."""


class Store:
    """The finished batches of one run.

    Parameters
    ----------
    folder : Path or None
        Folder of the batches, made where it is not there; one among the system's temporary files
        where None, removed when neither the store nor a table in it is of use any more.
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

    def __init__(self, folder: Path | None, scenarios: Sequence[Scenario], seed: int) -> None:
        if folder is None:
            folder = Path(mkdtemp(prefix="ehc-sim-"))
            finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.folder = folder
        self.torn: list[str] = []
        self._parts: dict[str, Path] = {}
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
        _put(manifest, lambda path: path.write_text(json.dumps(made_with, indent=1), "utf-8"))

    def __len__(self) -> int:
        """Return the number of replications that are kept."""
        return sum(int(path.stem.split("-")[2]) for path in self._batches())

    def has(self, batch: Batch) -> bool:
        """Return whether a batch is finished, and whole; a torn file is dropped."""
        for path in self.folder.glob(f"{_name(batch)}-*.parquet"):
            try:
                _content(path)
            except ValueError:
                self.torn.append(path.name)
                path.unlink(missing_ok=True)
            else:
                self._parts[_name(batch)] = path
                return True
        return False

    def write(self, batch: Batch, tables: Tables) -> None:
        """Keep a finished batch.

        Raises
        ------
        RunFailed
            When it cannot be written, as on a full disk.
        """
        content = _packed(tables)
        path = self.folder / f"{_name(batch)}-{_digest(content)}.parquet"
        try:
            _put(path, lambda part: part.write_bytes(content))
        except OSError as fault:
            raise RunFailed(f"could not keep {batch} in {self.folder}: {fault.strerror}") from fault
        self._parts[_name(batch)] = path

    def tables(self, batches: Sequence[Batch]) -> Mapping[str, Table]:
        """Return the tables of batches that were written or found here, one below the other.

        Each is read when it is asked for, as often as it is. That raises ``RunFailed`` when a file
        is not as it was written.
        """
        return _Kept(self, [self._parts[_name(batch)] for batch in batches])

    def remove(self) -> None:
        """Remove the batches, once what they are for is complete; what is not ours stays."""
        for path in (*self._batches(), *self.folder.glob(".*.tmp"), self.folder / MANIFEST):
            path.unlink(missing_ok=True)
        with suppress(OSError):  # something of others is in it
            self.folder.rmdir()

    def _batches(self) -> list[Path]:
        return [path for path in self.folder.glob("*.parquet") if _BATCH.fullmatch(path.name)]


class _Kept(Mapping[str, Table]):
    """The tables of some files, one below the other."""

    def __init__(self, store: Store, paths: Sequence[Path]) -> None:
        self._store = store  # its folder stays as long as this does
        self._paths = paths
        self._heads = _heads(_opened(paths[0]))

    def __getitem__(self, name: str) -> Table:
        rows, columns = self._heads[name]
        parts = []
        for path in self._paths:
            column = _opened(path).read([name], use_threads=False).column(name).combine_chunks()
            numbers = column.flatten().to_numpy()
            parts.append(numbers.reshape(len(column), len(rows), len(columns)))
        return Table(rows, columns, np.concatenate(parts))

    def __iter__(self) -> Iterator[str]:
        return iter(self._heads)

    def __len__(self) -> int:
        return len(self._heads)


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


def _packed(tables: Tables) -> bytes:
    """Return the content of a batch's file: a row a replication, a column of numbers a table."""
    columns = {}
    for name, table in tables.items():
        ends = np.arange(len(table.values) + 1, dtype=np.int32) * table.values[0].size
        columns[name] = pa.ListArray.from_arrays(pa.array(ends), pa.array(table.values.ravel()))
    heads = {
        name: {
            "columns": table.columns,
            "names": table.rows.names,
            "blocks": [[_labels(level) for level in block] for block in table.rows.blocks],
        }
        for name, table in tables.items()
    }
    sink = pa.BufferOutputStream()
    # Of numbers that are all different, dictionaries and statistics are of no use.
    pq.write_table(
        pa.table(columns, metadata={_HEADS: json.dumps(heads)}),
        sink,
        compression="zstd",
        use_dictionary=False,
        write_statistics=False,
    )
    return bytes(sink.getvalue())


def _labels(level: Level) -> tuple[str, list[str]]:
    labels = np.asarray(level)
    return labels.dtype.str, labels.astype(str).tolist()


def _content(path: Path) -> bytes:
    """Return the content of a batch's file.

    Raises
    ------
    ValueError
        When it cannot be read, or is not what was written.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise ValueError(f"cannot be read: {fault.strerror}") from fault
    if not path.stem.endswith(f"-{_digest(content)}"):
        raise ValueError("is not as it was written")
    return content


def _opened(path: Path) -> pq.ParquetFile:
    """Return a batch's file that this run wrote, or found whole, before.

    Raises
    ------
    RunFailed
        When it is not so any more.
    """
    try:
        return pq.ParquetFile(pa.BufferReader(_content(path)))
    except ValueError as fault:
        problem = f"{path} {fault}; the disk or another program did it, run it again"
        raise RunFailed(problem) from fault


def _heads(file: pq.ParquetFile) -> dict[str, tuple[Rows, tuple[str, ...]]]:
    """Return what the rows of each table are about, and its columns."""
    heads = {}
    for name, head in json.loads(file.schema_arrow.metadata[_HEADS]).items():
        blocks = tuple(
            tuple(np.array(labels).astype(dtype) for dtype, labels in block)
            for block in head["blocks"]
        )
        heads[name] = (Rows(tuple(head["names"]), blocks), tuple(head["columns"]))
    return heads
