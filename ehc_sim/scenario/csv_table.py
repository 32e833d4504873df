"""A table of a file as rows with line numbers, and checks that each leave one line to act on."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from ehc_sim.calendars.bank_holidays import FIRST_YEAR, LAST_YEAR
from ehc_sim.inputs import (
    Days,
    Months,
    Unreadable,
    is_part,
    is_total,
    read_sheet,
    same_key,
    whole_in,
)
from ehc_sim.inputs.days import A_DAY_IS, A_MONTH_IS, Problem
from ehc_sim.scenario.council_names import council_key
from ehc_sim.scenario.faults import BadInput, Fault, nearest, shortened
from ehc_sim.scenario.personal import in_words, names_a_person, personal_content
from ehc_sim.scenario.references import problems_of_references

YEARS_ALLOWED = (FIRST_YEAR, LAST_YEAR - 15)
"""EHC plans began in 2014; ten years are forecast after a record, and the calendar has them."""


COUNCIL = "council"
"""Column with the council that a row is of, in files that are one council's."""


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
    titles : tuple of str
        The same names as they were written.
    header : int
        Line of the names of the columns.
    places : tuple of int
        Places of the columns in the file, counted from 0.
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
    titles: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
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

    def refuse_personal_columns(self, but: Collection[str] = ()) -> None:
        """Refuse columns whose names look as if they were about persons, but for some."""
        for place, column in enumerate(self.columns):
            if column not in but and names_a_person(column):
                needed = "none is needed" if self.private else "only counts are needed"
                problem = f"looks like personal data; {needed}, so remove this column"
                self.fault(self.header, self.called(place), problem)

    def refuse_personal_values(
        self,
        words: Collection[str] = (),
        days: Collection[str] = (),
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Refuse what stands in the columns and looks personal, whatever they are called.

        Parameters
        ----------
        words : collection of str
            Columns in which two words with capitals are no name.
        days : collection of str
            Columns of days, nor are their days those of births.
        names : mapping of str to str
            How columns are called in faults, where not as they are.
        """
        lines = [row.line for row in self.rows]
        for place, column in enumerate(self.columns):
            values = [row[column] for row in self.rows]
            if column == "reference":
                for at, problem in sorted(problems_of_references(values).items()):
                    self.fault(lines[at], "column reference", problem)
                continue
            found = personal_content(values, words=column not in (*words, *days))
            where = f"column {names[column]}" if column in names else self.called(place)
            for line, problem in in_words(found, lines):
                self.fault(line, where, problem)

    def called(self, place: int) -> str:
        """Return how a column is called in faults: by its letter in a private file."""
        if not self.private:
            return f"column {self.columns[place]}"
        place = self.places[place]
        letters = ""
        while place >= 0:
            place, letter = divmod(place, 26)
            letters, place = chr(ord("A") + letter) + letters, place - 1
        return f"column {letters}"

    def need_columns(
        self,
        needed: Collection[str],
        allowed: Collection[str],
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Check the names of the columns, naming the nearest where one is not known.

        Parameters
        ----------
        needed, allowed : collection of str
            Columns that must be there, and that may.
        names : mapping of str to str
            How columns are called, where not as they are.
        """
        refused = {fault.where for fault in self.faults}
        unknown = {
            column: place
            for place, column in enumerate(self.columns)
            if column not in allowed and self.called(place) not in refused
        }
        missing = [column for column in needed if column not in self.columns]
        if self.private and len(missing) == len(needed):
            problem = "found none of the columns that are needed; their names stand above the rows"
            self.fault(
                self.header, "file", f"{problem}: {', '.join(names.get(c, c) for c in needed)}"
            )
            return
        for column in missing:
            near = nearest(column, unknown)
            place = unknown.pop(near) if near else -1
            hint = ""
            if near:
                hint = f"; is it {self.called(place)}?" if self.private else f'; is it "{near}"?'
            found = "" if self.private else f"; found the columns {', '.join(self.columns)}"
            self.fault(self.header, f"column {names.get(column, column)}", f"missing{found}{hint}")
        for column, place in unknown.items():
            near = nearest(column, allowed)
            hint = f'; did you mean "{names.get(near, near)}"?' if near else ""
            known = ", ".join(names.get(c, c) for c in allowed)
            self.fault(self.header, self.called(place), f"unknown; allowed are {known}{hint}")
        for column in dict.fromkeys(c for c in self.columns if self.columns.count(c) > 1):
            place = self.columns.index(column)
            where = f"column {names[column]}" if column in names else self.called(place)
            self.fault(self.header, where, "given twice; keep one")

    def keep_council(self, council: str | None, several: bool = False) -> tuple[str, ...]:
        """Check whose the rows are, where a column says it, and keep those of one council.

        Parameters
        ----------
        council : str or None
            Whose they must be; None for anybody's, but of one council.
        several : bool
            Whether rows of others may stand beside them, which are then left out; of a count of
            plans or cases none may.

        Returns
        -------
        tuple of str
            The councils of all rows, as they are written, those that were kept first; nothing where
            no column says it. A fault is noted where that is not as it must be.
        """
        if COUNCIL not in self.columns or not self.rows:
            return ()
        lines: dict[str, list[int]] = {}
        names: dict[str, str] = {}
        for row in self.rows:
            key = council_key(row[COUNCIL]) if row[COUNCIL] else ""
            names.setdefault(key, row[COUNCIL])
            lines.setdefault(key, []).append(row.line)
        if "" in lines:
            here, allowed = len(lines[""]), "the council that the row is of"
            more = f" in {here:,} rows" if here > 1 else ""
            self.fault(lines[""][0], f"column {COUNCIL}", f"empty{more}; allowed is {allowed}")
            return ()
        ours = next(iter(names)) if council is None else council_key(council)
        others = [key for key in names if key != ours]
        if others and (ours not in names or council is None or not several):
            self.fault(*self._of_others(council, names, lines, others))
            return ()
        self.rows = [row for row in self.rows if council_key(row[COUNCIL]) == ours]
        return tuple(names[key] for key in (ours, *others))

    def _of_others(
        self,
        council: str | None,
        names: Mapping[str, str],
        lines: Mapping[str, Sequence[int]],
        others: Sequence[str],
    ) -> tuple[int, str, str]:
        """Return the fault of rows of other councils: line, where and problem."""
        told = list(names) if council is None else list(others)
        some = " and ".join(f'"{shortened(names[key])}"' for key in told[:2])
        found = "another council" if self.private else some
        if len(told) > 2 and not self.private:
            found = f"{some} and {len(told) - 2:,} more"
        rows = sum(len(lines[key]) for key in told)
        found = f"found {found} in {rows:,} row{'s' * (rows > 1)}"
        line = lines[told[0]][0]
        if council is None:
            return line, f"column {COUNCIL}", f"{found}, allowed is one council: which is meant?"
        beside = "; take the other rows out" if len(told) < len(names) else ""
        problem = f'{found}, allowed is "{council}", whose file it must be{beside}'
        return line, f"column {COUNCIL}", problem

    def refuse_totals(self, column: str) -> None:
        """Refuse rows that others count too, by what stands in a column, and leave them out."""
        lines = set()
        for row in self.rows:
            if is_total(row[column]):
                problem = "found a total of other rows, so take it out of the file"
            elif is_part(row[column]):
                problem = "found a part of another row, which counts it too; take one of them out"
            else:
                continue
            self.fault(row.line, "row", problem)
            lines.add(row.line)
        self.rows = [row for row in self.rows if row.line not in lines]

    def instead(self, text: str, allowed: str) -> str:
        """Return what was found instead of what is allowed; of a private file no value."""
        if not text:
            return f"empty; allowed is {allowed}"
        found = "something else" if self.private else f'"{shortened(text)}"'
        return f"found {found}, allowed is {allowed}"

    def refuse(self, row: Row, column: str, allowed: str) -> None:
        """Note that a cell is not what is allowed there."""
        self.fault(row.line, f"column {column}", self.instead(row[column], allowed))

    def whole_from(self, row: Row, column: str, low: int, high: int, allowed: str) -> int | None:
        """Return a whole number between two, or None after noting what is allowed."""
        number = whole_in(row[column])
        if number is not None and low <= number <= high:
            return number
        self.refuse(row, column, allowed)
        return None

    def whole(self, row: Row, column: str, at_least: int = 0) -> int | None:
        """Return a whole number, or None after noting why it is not one."""
        text = row[column]
        number = whole_in(text)
        if number is not None and number >= at_least:
            return number
        allowed = f"a whole number, {at_least} or more"
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*)?", text):
            allowed += "; if the point is for thousands, write them without it, such as 1196"
        allowed += "" if text else ", or leave the whole row out if it is not known"
        self.refuse(row, column, allowed)
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
            self.refuse(row, column, f"{A_MONTH_IS}, from {low} to {high}")
        return None

    def read_days(self, *columns: str) -> None:
        """Look at columns for how their days are written, all by the same hand.

        A fault of theirs is noted once, and then their days are None.
        """
        days = Days.of(*([row[column] for row in self.rows] for column in columns))
        self._days |= dict.fromkeys(columns, days)
        self._note(days.problem, columns)

    def any_day(self, row: Row, column: str) -> date | None:
        """Return a day, or None where it is none; nothing is noted of a cell.

        The whole column is looked at for how its days are written, unless ``read_days`` looked at
        it together with others.
        """
        if column not in self._days:
            self.read_days(column)
        return self._days[column].read(row[column])

    def day_of(self, row: Row, column: str, allowed: str = A_DAY_IS) -> date | None:
        """Return a day as ``any_day`` does, or None after noting why it is not one."""
        day = self.any_day(row, column)
        if day is None and self._days[column].problem is None:
            self.refuse(row, column, allowed)
        return day

    def unread(self, column: str) -> bool:
        """Return whether no day of a column can be read, which has been noted."""
        return column in self._days and self._days[column].problem is not None

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

    def no_row_twice(self, keys: Sequence[str | None], where: str | None = None) -> None:
        """Note every row whose key was there before, in whatever capitals, spaces or forms.

        Parameters
        ----------
        keys : sequence of str or None
            Key of each row; None for a row without one.
        where : str, optional
            What the fault concerns, instead of the key.
        """
        first: dict[str, int] = {}
        for key, row in zip(keys, self.rows, strict=True):
            if key is None:
                continue
            line = first.setdefault(same_key(key), row.line)
            if line != row.line:
                problem = f"given twice, first on line {line}; keep one"
                self.fault(row.line, key if where is None else where, problem)


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
    table.columns, table.places, table.header = sheet.columns, sheet.places, sheet.line
    table.titles = sheet.titles
    table.rows = [Row(zip(sheet.columns, cells, strict=True), line) for line, cells in sheet.rows]
    for line, problem in sheet.faults:
        table.fault(line, "row", problem)
    if not table.rows and not sheet.faults:
        table.fault(None, "file", "no rows below the line of column names")
    return table
