"""A table of a file as rows with line numbers, and checks that each leave one line to act on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np

from ehc_sim.inputs import Days, Months, Unreadable, read_sheet, same_key, whole_in
from ehc_sim.inputs.days import A_DAY_IS, A_MONTH_IS, Problem
from ehc_sim.scenario.faults import BadInput, Fault, nearest, shortened

PERSONAL = (
    "name", "forename", "surname", "dob", "birth", "upn", "nhs", "postcode", "address", "email",
    "phone", "pupil", "child", "parent", "ethnicity",
)  # fmt: skip
"""Words in a column's name that mean the file is about persons. Counts need none of them."""

YEARS_ALLOWED = (2014, 2034)
"""EHC plans began in 2014; the calendar of bank holidays ends soon after."""


class Row(dict[str, str]):
    """Fields of a row by column, with the line of the file it ends on."""

    def __init__(self, fields: Iterable[tuple[str, str]], line: int) -> None:
        super().__init__(fields)
        self.line = line


@dataclass
class CsvTable:
    """Rows of a file, and the faults found so far.

    Attributes
    ----------
    path : Path
        The file.
    columns : tuple of str
        Names of the columns, in small letters.
    header : int
        Line of the names of the columns.
    private : bool
        Whether each row is about a person, so that no fault repeats what was found.
    rows : list of Row
        Lines that are not blank.
    faults : list of Fault
        Everything found wrong, to be reported together.
    """

    path: Path
    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    header: int = 1
    private: bool = False
    _days: dict[str, Days] = field(default_factory=dict)
    _months: dict[str, Months] = field(default_factory=dict)

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
                    self.header,
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
            self.fault(self.header, f"column {column}", f"missing; found the columns {found}{hint}")
        for column in unknown:
            near = nearest(column, allowed)
            hint = f'; did you mean "{near}"?' if near else ""
            self.fault(
                self.header, f"column {column}", f"unknown; allowed are {', '.join(allowed)}{hint}"
            )
        twice = sorted({c for c in self.columns if self.columns.count(c) > 1})
        for column in twice:
            self.fault(self.header, f"column {column}", "given twice; keep one")

    def instead(self, text: str, allowed: str) -> str:
        """Return what was found instead of what is allowed; of a private file no value."""
        if not text:
            return f"empty; allowed is {allowed}"
        found = "something else" if self.private else f'"{shortened(text)}"'
        return f"found {found}, allowed is {allowed}"

    def whole(self, row: Row, column: str, at_least: int = 0) -> int | None:
        """Return a whole number, or None after noting why it is not one."""
        text = row[column]
        number = whole_in(text)
        if number is not None and number >= at_least:
            return number
        allowed = f"a whole number, {at_least} or more"
        allowed += "" if text else ", or leave the whole row out if it is not known"
        self.fault(row.line, f"column {column}", self.instead(text, allowed))
        return None

    def month(self, row: Row, column: str = "month") -> np.datetime64 | None:
        """Return a month, or None after noting why it is not one.

        The whole column is looked at for how its months are written; a fault of the column is noted
        once.
        """
        if column not in self._months:
            months = self._months[column] = Months.of([row[column] for row in self.rows])
            self._note(months.problem, (column,))
        months = self._months[column]
        day = months.read(row[column])
        low, high = YEARS_ALLOWED
        if day is not None and low <= day.year <= high:
            return np.datetime64(day, "M")
        if months.problem is None:
            allowed = f"{A_MONTH_IS}, from {low} to {high}"
            self.fault(row.line, f"column {column}", self.instead(row[column], allowed))
        return None

    def read_days(self, *columns: str) -> None:
        """Look at columns for how their days are written, all by the same hand.

        A fault of theirs is noted once, and then their days are None.
        """
        days = Days.of(*([row[column] for row in self.rows] for column in columns))
        self._days |= dict.fromkeys(columns, days)
        self._note(days.problem, columns)

    def day_of(self, row: Row, column: str, allowed: str = A_DAY_IS) -> date | None:
        """Return a day, or None after noting why it is not one.

        The whole column is looked at for how its days are written, unless ``read_days`` looked at
        it together with others.
        """
        if column not in self._days:
            self.read_days(column)
        days = self._days[column]
        day = days.read(row[column])
        if day is None and days.problem is None:
            self.fault(row.line, f"column {column}", self.instead(row[column], allowed))
        return day

    def _note(self, problem: Problem | None, columns: Sequence[str]) -> None:
        """Note what keeps columns from being read, of which places count through all of them."""
        if problem is None:
            return
        column, place = divmod(problem.place, len(self.rows))
        also = ""
        if problem.other is not None:
            also = f" (see line {self.rows[problem.other % len(self.rows)].line} too)"
        line = self.rows[place].line
        self.fault(line, f"column {columns[column]}", problem.text + also)

    def no_row_twice(self, keys: Sequence[str | None]) -> None:
        """Note every row whose key was there before, in whatever capitals, spaces or forms.

        Of a private file the key is not repeated.
        """
        first: dict[str, int] = {}
        for key, row in zip(keys, self.rows, strict=True):
            if key is None:
                continue
            same = same_key(key)
            if same in first:
                where = "row" if self.private else key
                self.fault(row.line, where, f"given twice, first on line {first[same]}; keep one")
            else:
                first[same] = row.line


Kind = TypeVar("Kind", bound=CsvTable)


def read_csv(path: Path, kind: type[Kind], known: Collection[str] = (), **options: bool) -> Kind:
    """Read a table with a line of column names: CSV of any usual kind, or a workbook.

    Parameters
    ----------
    path : Path
        See ``ehc_sim.inputs.read_sheet`` for what is read.
    kind : type of CsvTable
    known : collection of str
        Columns that may be there, by which the line of their names is found below titles.
    **options
        Other attributes of the table, such as ``private``.

    Raises
    ------
    BadInput
        If there is no such file, it is no table, or it has no rows.
    """
    table = kind(path, (), **options)  # type: ignore[arg-type]
    try:
        sheet = read_sheet(path, known)
    except Unreadable as error:
        table.fault(error.line, "file", error.problem)
        raise BadInput(table.faults) from error
    table.columns, table.header = sheet.columns, sheet.line
    table.rows = [Row(zip(sheet.columns, cells, strict=True), line) for line, cells in sheet.rows]
    for line, problem in sheet.faults:
        table.fault(line, "row", problem)
    if not table.rows and not sheet.faults:
        table.fault(None, "file", "no rows below the line of column names")
    return table
