"""Measures of a study's replications in files, so that memory does not grow with their number."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from weakref import finalize
from zlib import crc32

import numpy as np
import pandas as pd

from ehc_sim.experiment.batches import RunFailed, Tables
from ehc_sim.experiment.stack import Stack

_NUMBER = np.dtype("<f8")


PREFIX = "spool-"
"""Begins the name of a folder of spools."""


class SpoolFolder:
    """A folder of spools, removed when no spool in it is of use any more.

    Parameters
    ----------
    inside : Path or None
        Where it is made; among the system's temporary files where None.
    """

    def __init__(self, inside: Path | None) -> None:
        self.path = Path(mkdtemp(prefix=PREFIX, dir=inside))
        finalize(self, shutil.rmtree, self.path, ignore_errors=True)


class Spool:
    """The measures of one scenario: a file with a row of numbers for each replication.

    Parameters
    ----------
    folder : SpoolFolder
        Folder of the file.
    name : str
        Name of the file.

    Attributes
    ----------
    replications : int
        Number of replications that it holds.
    """

    def __init__(self, folder: SpoolFolder, name: str) -> None:
        self._folder = folder  # stays as long as this does
        self._path = folder.path / f"{name}.f8"
        self._heads: dict[str, tuple[pd.Index, tuple[str, ...], slice]] = {}
        self._checksums: dict[str, dict[int, int]] = {}
        self._width = 0
        self.replications = 0

    def add(self, first: int, tables: Tables) -> None:
        """Keep the measures of consecutive replications.

        Parameters
        ----------
        first : int
            Number of the first of them.
        tables : dict of str to Stack
            Their measures; the same rows and columns every time.

        Raises
        ------
        RunFailed
            When they cannot be written, as on a full disk.
        """
        if not self._heads:
            for name, stack in tables.items():
                end = self._width + stack.values[0].size
                self._heads[name] = (stack.index, stack.columns, slice(self._width, end))
                self._checksums[name] = {}
                self._width = end
        rows = [stack.values.reshape(len(stack.values), -1) for stack in tables.values()]
        numbers = np.concatenate(rows, axis=1).astype(_NUMBER, copy=False)
        for name, (_, _, place) in self._heads.items():
            for replication, row in enumerate(numbers, first):
                self._checksums[name][replication] = crc32(row[place].tobytes())
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0))
            with os.fdopen(file, "r+b") as spool:
                spool.seek(first * self._width * _NUMBER.itemsize)
                spool.write(numbers.tobytes())
        except OSError as fault:
            raise RunFailed(f"could not keep measures in {self._path}: {fault.strerror}") from fault
        self.replications = max(self.replications, first + len(numbers))

    def tables(self) -> Mapping[str, Stack]:
        """Return the measures of all replications, by table; each is read when it is asked for."""
        return _Spooled(self)

    def names(self) -> tuple[str, ...]:
        """Return the names of the tables."""
        return tuple(self._heads)

    def stack(self, name: str) -> Stack:
        """Return one table of all replications, read from the file.

        Raises
        ------
        KeyError
            When there is no such table.
        RunFailed
            When the file does not hold what was written to it.
        """
        index, columns, place = self._heads[name]
        numbers = np.empty((self.replications, place.stop - place.start), _NUMBER)
        checksums = self._checksums[name]
        try:
            # Not mapped into memory: what lies beside a table's numbers would come with them.
            with self._path.open("rb", buffering=0) as spool:
                for replication, row in enumerate(numbers):
                    spool.seek((replication * self._width + place.start) * _NUMBER.itemsize)
                    if spool.readinto(row.data) != row.nbytes:
                        raise self._failed(f"ends before replication {replication}")
                    if crc32(row.data) != checksums.get(replication):
                        raise self._failed(f"is not as it was written: replication {replication}")
        except OSError as fault:
            raise self._failed(f"cannot be read: {fault.strerror}") from fault
        return Stack(index, columns, numbers.reshape(self.replications, len(index), len(columns)))

    def _failed(self, fault: str) -> RunFailed:
        return RunFailed(f"{self._path} {fault}; the disk or another program did it, run it again")


class _Spooled(Mapping[str, Stack]):
    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    def __getitem__(self, name: str) -> Stack:
        return self._spool.stack(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._spool.names())

    def __len__(self) -> int:
        return len(self._spool.names())
