"""The open cases on the first day of a run: a CSV file, checked before it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.pathway.caseload_case import CaseRow, columns, hours_column, key_of
from ehc_sim.pathway.caseload_rows import RowReader, day_of
from ehc_sim.scenario.csv_table import CsvTable, read_csv
from ehc_sim.scenario.faults import BadInput, nearest
from ehc_sim.scenario.personal import in_words, names_a_person, personal_content
from ehc_sim.scenario.schema import Settings

WITH_WORDS = ("step", "source", "need", "area")
WITH_DATES = ("received", "since", "ordered", "decided")
OF_ADVICE = ("_asked", "_in", "_hours")

OLD_YEARS = 5
"""Years before the run: where most days of a column are older, they are dates of birth."""


@dataclass(frozen=True)
class Caseload:
    """The open cases on the first day of a run, in the order of receipt and reference.

    Attributes
    ----------
    cases : tuple of CaseRow
        The cases; the place of each is its number in the run.
    """

    cases: tuple[CaseRow, ...]

    def attributes(self, settings: Settings) -> pd.DataFrame:
        """Return who the cases are about.

        Parameters
        ----------
        settings : Settings
            Settings of the scenario, for the first day of the run.

        Returns
        -------
        DataFrame
            One row a case: number, minute (of receipt: 09:00 of its day, before 0), source, age,
            need and area.
        """
        start = settings.period.run_in_from
        return pd.DataFrame(
            {
                "number": np.arange(len(self.cases), dtype=np.int64),
                "minute": np.array(
                    [minute_of(case.received, start) for case in self.cases], dtype=np.int64
                ),
                "source": [case.source for case in self.cases],
                "age": np.array([case.age for case in self.cases], dtype=np.int64),
                "need": [case.need for case in self.cases],
                "area": [case.area for case in self.cases],
            }
        )


def minute_of(day: date, start: date) -> int:
    """Return the minute of 09:00 of a day, counted from midnight at the start of a run."""
    return (day - start).days * MINUTES_A_DAY + WORK_STARTS


def read_caseload(path: Path, settings: Settings) -> Caseload:
    """Read and check a caseload.

    Parameters
    ----------
    path : Path
        CSV with the columns of ``columns``, in any order; days as 2024-03-14 or 14/03/2024.
    settings : Settings
        Settings of the scenario on the first day of the run.

    Raises
    ------
    BadInput
        With every fault found in the file.
    """
    table = read_csv(path, CsvTable)
    _utf8_only(table)
    names = {key_of(name): name for name in columns(settings)}
    _check_columns(table, names, {key_of(hours_column(giver)) for giver in settings.advice})
    _refuse_personal_content(table, names, settings)
    if any(fault.line == 1 for fault in table.faults):
        table.stop_if_faulty()
    rows = RowReader(table, settings)
    cases = [rows.read(row) for row in table.rows]
    table.no_row_twice(
        [f'reference "{r}"' if (r := row["reference"]) else None for row in table.rows]
    )
    table.stop_if_faulty()
    read = [case for case in cases if case is not None]
    return Caseload(tuple(sorted(read, key=lambda case: (case.received, case.reference))))


def _utf8_only(table: CsvTable) -> None:
    raw = table.path.read_bytes()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        table.fault(line, "file", "found a character that is not UTF-8; save it as CSV UTF-8")
        raise BadInput(table.faults) from None


def _check_columns(table: CsvTable, names: Mapping[str, str], may_lack: set[str]) -> None:
    if len(table.columns) == 1 and any(mark in table.columns[0] for mark in ";\t"):
        table.fault(1, "row", "found columns without commas between them; save it as CSV UTF-8")
        raise BadInput(table.faults)
    unknown = [column for column in table.columns if column not in names]
    personal = [c for c in unknown if names_a_person(c) and not c.endswith(OF_ADVICE)]
    for column in personal:
        problem = "looks like personal data; none is needed, so remove this column"
        table.fault(1, f"column {column}", problem)
    unknown = [column for column in unknown if column not in personal]
    for key, name in names.items():
        if key in table.columns or key in may_lack:
            continue
        near = nearest(key, unknown)
        unknown = [column for column in unknown if column != near]
        table.fault(1, f"column {name}", "missing" + (f'; is it "{near}"?' if near else ""))
    for column in unknown:
        near = nearest(column, names)
        hint = f'did you mean "{names[near]}"?' if near else "allowed are those of the template"
        table.fault(1, f"column {column}", f"unknown; {hint}")
    for column in dict.fromkeys(c for c in table.columns if table.columns.count(c) > 1):
        table.fault(1, f"column {column}", "given twice; keep one")


def _refuse_personal_content(table: CsvTable, names: Mapping[str, str], settings: Settings) -> None:
    """Refuse columns in which something personal stands, whatever they are called."""
    refused = {fault.where for fault in table.faults if fault.problem.startswith("looks like")}
    lines = [row.line for row in table.rows]
    for column in dict.fromkeys(table.columns):
        where = f"column {names.get(column, column)}"
        if where in refused:
            continue
        values = [row[column] for row in table.rows]
        dates = column in WITH_DATES or (column in names and column.endswith(OF_ADVICE))
        found = personal_content(values, words=not dates and column not in WITH_WORDS)
        if dates and _are_births(values, settings.period.run_in_from):
            found["a date of birth"] = [row for row, value in enumerate(values) if value]
        if column == "reference":
            seen = {row for rows in found.values() for row in rows}
            bare = [row for row, value in enumerate(values) if value.isalpha() and row not in seen]
            found |= {"a name or initials": bare} if bare else {}
        for line, problem in in_words(found, lines):
            table.fault(line, where, problem)


def _are_births(values: Sequence[str], start: date) -> bool:
    """Return whether most of the days of a column are years before the run."""
    days = [day for value in values if (day := day_of(value)) is not None]
    old = [day for day in days if day.year < start.year - OLD_YEARS]
    return 2 * len(old) > len(days)
