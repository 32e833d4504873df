"""A CSV file as rows with line numbers, and checks that each leave one line a person can act on."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import TypeVar

import numpy as np

from ehc_sim.calendars.bank_holidays import FIRST_YEAR, LAST_YEAR
from ehc_sim.scenario.faults import BadInput, Fault, nearest

PERSONAL = (
    "name", "forename", "surname", "dob", "birth", "upn", "nhs", "postcode", "address", "email",
    "phone", "pupil", "child", "parent", "ethnicity",
)  # fmt: skip
"""Words in a column's name that mean the file is about persons. Counts need none of them."""

YEARS_ALLOWED = (FIRST_YEAR, LAST_YEAR - 15)
"""EHC plans began in 2014; ten years are forecast after a record, and the calendar has them."""


class Row(dict[str, str]):
    """Fields of a row by column, with the line of the file it ends on."""

    def __init__(self, fields: dict[str, str], line: int) -> None:
        super().__init__(fields)
        self.line = line


@dataclass
class CsvTable:
    """Rows of a CSV file, and the faults found so far.

    Attributes
    ----------
    path : Path
        The file.
    columns : tuple of str
        Names in the first line, in small letters.
    rows : list of Row
        Lines that are not blank.
    faults : list of Fault
        Everything found wrong, to be reported together.
    """

    path: Path
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, line: int | None, where: str, problem: str) -> None:
        """Note a fault and go on."""
        self.faults.append(Fault(self.path, line, where, problem))

    def stop_if_faulty(self) -> None:
        """Raise ``BadInput`` with all faults, in order of line, if there are any."""
        if self.faults:
            raise BadInput(sorted(self.faults, key=lambda fault: fault.line or 0))

    def refuse_personal_columns(self) -> None:
        """Refuse columns that look as if they were about persons."""
        for column in self.columns:
            found = set(re.split(r"[^a-z]+", column))
            if any(word in found or word == column.replace("_", "") for word in PERSONAL):
                self.fault(
                    1,
                    f"column {column}",
                    "looks like personal data; only counts are needed, so remove this column",
                )

    def need_columns(self, needed: tuple[str, ...], allowed: tuple[str, ...]) -> None:
        """Check the names of the columns, naming the nearest where one is not known."""
        refused = {fault.where for fault in self.faults}
        unknown = [c for c in self.columns if c not in allowed and f"column {c}" not in refused]
        missing = [column for column in needed if column not in self.columns]
        for column in missing:
            near = nearest(column, unknown)
            unknown = [name for name in unknown if name != near]
            hint = f'; is it "{near}"?' if near else ""
            found = ", ".join(self.columns)
            self.fault(1, f"column {column}", f"missing; found the columns {found}{hint}")
        for column in unknown:
            near = nearest(column, allowed)
            hint = f'; did you mean "{near}"?' if near else ""
            self.fault(1, f"column {column}", f"unknown; allowed are {', '.join(allowed)}{hint}")
        twice = sorted({c for c in self.columns if self.columns.count(c) > 1})
        for column in twice:
            self.fault(1, f"column {column}", "given twice; keep one")

    def whole(self, row: Row, column: str, at_least: int = 0) -> int | None:
        """Return a whole number, or None after noting why it is not one."""
        text = row[column]
        if re.fullmatch(r"\d{1,9}", text) and int(text) >= at_least:
            return int(text)
        wanted = f"allowed is a whole number, {at_least} or more"
        if not text:
            problem = f"empty; {wanted}, or leave the whole row out if it is not known"
        elif re.fullmatch(r"\d{1,3}(,\d{3})+", text):
            problem = f'found "{text}", {wanted}, without commas: ' + text.replace(",", "")
        else:
            problem = f'found "{text}", {wanted}'
        self.fault(row.line, f"column {column}", problem)
        return None

    def month(self, row: Row, column: str = "month") -> np.datetime64 | None:
        """Return a month, or None after noting why it is not one."""
        text = row[column]
        low, high = YEARS_ALLOWED
        if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text) and low <= int(text[:4]) <= high:
            return np.datetime64(text, "M")
        wanted = f'found "{text}", allowed is a month written as year-month, such as 2024-03'
        self.fault(row.line, f"column {column}", wanted)
        return None

    def no_row_twice(self, keys: list[str | None]) -> None:
        """Note every row whose key was there before."""
        first: dict[str, int] = {}
        for key, row in zip(keys, self.rows, strict=True):
            if key in first:
                self.fault(row.line, key, f"given twice, first on line {first[key]}; keep one")
            elif key is not None:
                first[key] = row.line


Kind = TypeVar("Kind", bound=CsvTable)


def read_csv(path: Path, kind: type[Kind]) -> Kind:
    """Read a CSV file with a header line; a byte-order mark and any line ends are allowed.

    Parameters
    ----------
    path : Path
    kind : type of CsvTable

    Raises
    ------
    BadInput
        If there is no such file, it is not text, or it has no rows.
    """
    table = kind(path, ())
    text = _text(table)
    reader = csv.reader(StringIO(text, newline=""))
    try:
        lines = [(reader.line_num, [part.strip() for part in fields]) for fields in reader]
    except csv.Error as error:
        table.fault(reader.line_num, "file", f"not a CSV file: {error}")
        raise BadInput(table.faults) from error
    lines = [(line, fields) for line, fields in lines if any(fields)]
    if not lines:
        table.fault(None, "file", "empty; allowed is a CSV file with a line of column names")
        table.stop_if_faulty()
    table.columns = tuple(name.lower().replace(" ", "_") for name in lines[0][1])
    for line, fields in lines[1:]:
        if len(fields) != len(table.columns):
            table.fault(
                line, "row", f"found {len(fields)} fields, the first line has {len(table.columns)}"
            )
        else:
            table.rows.append(Row(dict(zip(table.columns, fields, strict=True)), line))
    if len(lines) == 1:
        table.fault(None, "file", "no rows below the line of column names")
    return table


def _text(table: CsvTable) -> str:
    try:
        raw = table.path.read_bytes()
    except OSError as error:
        table.fault(None, "file", f"cannot be read: {error.strerror}")
        raise BadInput(table.faults) from error
    if raw.startswith(b"PK") or b"\0" in raw:
        table.fault(None, "file", "not a CSV file (a workbook?); save it as CSV UTF-8")
        raise BadInput(table.faults)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
