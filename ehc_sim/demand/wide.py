"""Sheets with months, or years, across the columns: turned into a row for each month."""

import re
from collections.abc import Collection
from itertools import pairwise
from typing import Literal

from ehc_sim.inputs import is_total
from ehc_sim.inputs.days import Months, month_number
from ehc_sim.scenario.csv_table import CsvTable, Row

LEAST_ACROSS = 2
"""Columns from which on they are months across, and not one mistyped name."""
_YEAR = re.compile("20[0-9]{2}")
_TURN = "give one row a month, with the columns month and requests"


def turn_wide(table: CsvTable, split_by: Collection[str]) -> None:
    """Turn months across the columns into rows, where the sheet has one meaning.

    Read are months with their year (``2024-01``, ``Jan-24``) beside columns of groups; January to
    December beside calendar years in a column ``year``; and calendar years beside months in a
    column ``month``. Columns of totals are left out, and cells that are blank. Anything else with
    months across is noted as a fault that says what to do.

    Parameters
    ----------
    table : CsvTable
        Just read.
    split_by : collection of str
        Columns of groups that may be there.
    """
    names = {column: column.replace("_", " ") for column in table.columns}
    across, by = _across(names, table.columns)
    if len(across) < LEAST_ACROSS:
        if by is None and sum(bool(month_number(name)) for name in names.values()) > 1:
            problem = "found months across without their year, which may stand in the row above; "
            problem += "write each month with its year, such as Jan 2024, or "
            table.fault(table.header, "file", problem + _TURN)
            table.stop_if_faulty()
        return
    totals = {column for column, name in names.items() if is_total(name)}
    kept = [c for c in table.columns if c not in across and c not in totals and c != by]
    unknown = [column for column in kept if column not in split_by]
    if len(set(table.columns)) < len(table.columns) or unknown:
        what = f"beside a column {unknown[0]}" if unknown else "some of them twice"
        table.fault(table.header, "file", f"found months or years across, {what}; {_TURN}")
        table.stop_if_faulty()
    if by is not None:
        _refuse_other_years(table, list(across) if by == "year" else [r[by] for r in table.rows])
    rows: list[Row] = []
    for row in table.rows:
        if by is not None and is_total(row[by]):
            continue
        other = row[by] if by is not None else ""
        number = month_number(other)
        if (by == "year" and not _YEAR.fullmatch(other)) or (by == "month" and not number):
            allowed = "a calendar year" if by == "year" else "a month such as January"
            table.fault(row.line, f"column {by}", f"{table.instead(other, allowed)}; or {_TURN}")
            continue
        for column, short in across.items():
            if row[column]:
                month = {"year": f"{other}-{short}", "month": f"{short}-{number:02}"}.get(
                    by or "", short
                )
                cells = [("month", month), ("requests", row[column])]
                rows.append(Row([*cells, *((name, row[name]) for name in kept)], row.line))
    table.stop_if_faulty()
    table.rows, table.columns = rows, ("month", "requests", *kept)
    table.places = tuple(range(len(table.columns)))


def _refuse_other_years(table: CsvTable, names: Collection[str]) -> None:
    """Refuse months that do not begin with January: their year may be a financial or school one."""
    numbers = [number for name in names if (number := month_number(name.replace("_", " ")))]
    if any(after <= before for before, after in pairwise(numbers)):
        problem = "found months that do not run from January to December; is a year from "
        table.fault(table.header, "file", f"{problem}April or September? {_TURN.capitalize()}")
        table.stop_if_faulty()


def _across(
    names: dict[str, str], columns: Collection[str]
) -> tuple[dict[str, str], Literal["year", "month"] | None]:
    """Return the columns across, with their month or year, and the column of the other."""
    numbers = {column: month_number(name) for column, name in names.items()}
    months = {column: f"{number:02}" for column, number in numbers.items() if number}
    if "year" in columns and months:
        return months, "year"
    years = {c: name for c, name in names.items() if _YEAR.fullmatch(name)}
    if "month" in columns and years:
        return years, "month"
    reader = Months.of(list(names.values()))
    dated = {column: reader.read(name) for column, name in names.items()}
    return {c: f"{day:%Y-%m}" for c, day in dated.items() if day is not None}, None
