"""The open cases on the first day of a run: a CSV file, checked before it is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.inputs import key_of
from ehc_sim.journey.as_at import AS_AT, check_as_at
from ehc_sim.journey.open_cases.case import CaseRow, columns, hours_column
from ehc_sim.journey.open_cases.rows import RowReader
from ehc_sim.scenario.csv_table import COUNCIL, CsvTable, read_csv
from ehc_sim.scenario.personal import in_words
from ehc_sim.scenario.references import same_reference
from ehc_sim.scenario.schema import Settings

WITH_WORDS = (COUNCIL, "step", "source", "need", "area")
WITH_DATES = (AS_AT, "received", "since", "ordered", "decided")
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


def read_caseload(path: Path, settings: Settings, council: str | None = None) -> Caseload:
    """Read and check a caseload.

    No fault repeats what stands in the file: what is wrong may be personal.

    Parameters
    ----------
    path : Path
        See ``ehc_sim.inputs.read_sheet`` for what is read. The columns of ``columns``, in any
        order; days as 2024-03-14, 14/03/2024 or 14-Mar-2024, in one way in a column.
    settings : Settings
        Settings of the scenario on the first day of the run.
    council : str, optional
        Whose cases they must be, where the file has the column ``council``.

    Raises
    ------
    BadInput
        With every fault found in the file.
    """
    names = {key_of(name): name for name in columns(settings)}
    table = read_csv(path, CsvTable, names, private=True)
    table.refuse_personal_columns(
        {*names, *(column for column in table.columns if column.endswith(OF_ADVICE))}
    )
    may_lack = {COUNCIL, *(key_of(hours_column(giver)) for giver in settings.advice)}
    table.need_columns([name for name in names if name not in may_lack], names, names)
    if not set(names) & set(table.columns):
        table.stop_if_faulty()
    days = [c for c in names if c in table.columns and _has_days(c, names)]
    if "reference" in table.columns:
        table.refuse_totals("reference")
    table.refuse_personal_values(WITH_WORDS, days, names)
    if any(fault.line == table.header for fault in table.faults):
        table.stop_if_faulty()
    table.keep_council(council)
    table.read_days(*days)
    if AS_AT in days:
        check_as_at(table, settings.period.run_in_from)
    _no_births(table, names, [c for c in days if c != AS_AT], settings.period.run_in_from)
    rows = RowReader(table, settings)
    cases = [rows.read(row) for row in table.rows]
    same = [same_reference(row["reference"]) or None for row in table.rows]
    table.no_row_twice(same, "column reference")
    table.stop_if_faulty()
    read = [case for case in cases if case is not None]
    return Caseload(tuple(sorted(read, key=lambda case: (case.received, case.reference))))


def _has_days(column: str, names: Mapping[str, str]) -> bool:
    return column in WITH_DATES or names[column].endswith((" asked", " in"))


def _no_births(
    table: CsvTable, names: Mapping[str, str], columns: Sequence[str], start: date
) -> None:
    """Refuse columns of which most days are years before the run."""
    for column in columns:
        days = [(row.line, day) for row in table.rows if (day := table.any_day(row, column))]
        old = [line for line, day in days if day.year < start.year - OLD_YEARS]
        if 2 * len(old) > len(days):
            ((line, problem),) = in_words({"a date of birth": range(len(old))}, old)
            table.fault(line, f"column {names[column]}", problem)
