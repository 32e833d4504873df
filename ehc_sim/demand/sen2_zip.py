"""DfE's download as a zip file of tables: opened, and its tables read as texts."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from ehc_sim.inputs import problem_of
from ehc_sim.scenario.faults import BadInput, Fault

PLACE = ("time_period", "geographic_level", "new_la_code", "old_la_code", "la_name")
"""Columns that every table has."""
LARGEST_BYTES = 400_000_000
"""A table beyond this is not DfE's."""


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a download.

    Raises
    ------
    BadInput
        If it is not a whole zip file, or turns out not to be one while it is read.
    """
    problem = problem_of(path, LARGEST_BYTES)
    if problem is not None:
        raise bad(path, problem)
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except OSError as error:
        raise bad(path, f"cannot be read: {error.strerror}") from error
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise bad(
            path,
            f"not a whole zip file ({error}); allowed is DfE's file, “Download all data (zip)”",
        ) from error


def bad(path: Path, problem: str, member: str = "", line: int | None = None) -> BadInput:
    """Return the fault of a download, to be raised."""
    where = f"{member}, line {line}" if line else member
    return BadInput([Fault(path, None, where, problem)])


def header_of(line: bytes) -> list[str]:
    """Return the columns of a table by its first line, in small letters."""
    try:
        return [name.strip().lower() for name in next(csv.reader([_text(line)]), [])]
    except csv.Error:  # no table of DfE's
        return []


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def table_of(
    path: Path, member: str, raw: bytes, columns: list[str], kept: list[str]
) -> pd.DataFrame:
    """Return some columns of a table as texts without spaces around them.

    Raises
    ------
    BadInput
        If it is no table.
    """
    try:
        table = pd.read_csv(
            io.StringIO(_text(raw)),
            dtype=str, keep_default_na=False, names=columns, header=0, usecols=kept,
        )  # fmt: skip
    except (pd.errors.ParserError, ValueError) as error:
        raise bad(path, f"not a table: {' '.join(str(error).split())}", member) from error
    stripped: pd.DataFrame = table.apply(lambda column: column.str.strip())
    return stripped
