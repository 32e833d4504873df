"""A record of requests as rows of a CSV file, and checks of its years, months and days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.column_names import OTHER_NAMES, rename_columns, rename_council
from ehc_sim.demand.findings import Finding, as_text, listed
from ehc_sim.demand.groups import Group, missing_rows, twice_counted
from ehc_sim.demand.wide import turn_wide
from ehc_sim.inputs import is_mark
from ehc_sim.scenario.csv_table import COUNCIL, YEARS_ALLOWED, CsvTable, Row, read_csv
from ehc_sim.scenario.faults import nearest
from ehc_sim.scenario.record import Record

if TYPE_CHECKING:
    import pandas as pd

YEARLY_COLUMNS = ("year", "requests", "england", COUNCIL)
SPLIT_COLUMNS = ("source", "age_group", "need")
MONTHLY_COLUMNS = ("month", "requests", *SPLIT_COLUMNS, "last_day", COUNCIL)
REQUEST_COLUMNS = ("date", *SPLIT_COLUMNS, "reference", COUNCIL)
_WEEKS = "a week may lie in two months; give requests by month, or one row a request with its date"
_YEARS = "no calendar year, which is what DfE counts by; give requests by calendar year or by month"
_QUARTERS = "a quarter is not split into its months; give requests by month, or by calendar year"
OTHER_TIMES = {
    **dict.fromkeys(
        ("week", "weeks", "w/c", "wc", "week_commencing", "week_beginning", "week_starting",
         "week_ending", "w/e", "week_number", "iso_week", "week_no"), _WEEKS
    ),
    **dict.fromkeys(
        ("financial_year", "fiscal_year", "academic_year", "school_year", "fy"), _YEARS
    ),
    **dict.fromkeys(("quarter", "qtr"), _QUARTERS),
}  # fmt: skip
"""Columns of times that have no one meaning in months, and what to do instead."""
NO_MONTHS = np.zeros(0, dtype="datetime64[M]")
KEEP_PART = '[demand.record]\nlast_month = "keep"'
KEEP_FIRST = '[demand.record]\nfirst_month = "keep"'


@dataclass(frozen=True, eq=False)
class Monthly:
    """What a file says of months, in the order of its rows.

    Attributes
    ----------
    months : ndarray of datetime64[M], shape (rows,)
    requests : ndarray of float64, shape (rows,)
    first, last : datetime64[M]
        First and last month of the record.
    findings : tuple of Finding
        What was found on the way.
    added_up : bool
        Whether rows of a month were added up.
    groups : DataFrame or None
        Requests by month and group.
    none : ndarray of datetime64[M]
        Months without a row that had no request.
    unknown : ndarray of datetime64[M]
        Months of which not all is known, so that their totals are not.
    """

    months: NDArray[np.datetime64]
    requests: NDArray[np.float64]
    first: np.datetime64
    last: np.datetime64
    findings: tuple[Finding, ...]
    added_up: bool
    groups: pd.DataFrame | None
    none: NDArray[np.datetime64] = field(default_factory=lambda: NO_MONTHS)
    unknown: NDArray[np.datetime64] = field(default_factory=lambda: NO_MONTHS)

    def since(self, first: np.datetime64, said: Finding) -> Self:
        """Return what is said of the months from one on, and why."""
        return self._between(first, self.last, said)

    def until(self, last: np.datetime64, said: Finding) -> Self:
        """Return what is said of the months up to one, and why."""
        return self._between(self.first, last, said)

    def _between(self, first: np.datetime64, last: np.datetime64, said: Finding) -> Self:
        rows = (self.months >= first) & (self.months <= last)
        groups = self.groups
        if groups is not None:
            groups = groups[(groups["month"] >= str(first)) & (groups["month"] <= str(last))]
        return replace(
            self,
            months=self.months[rows],
            requests=self.requests[rows],
            first=first,
            last=last,
            findings=(*self.findings, said),
            groups=groups,
        )


class Table(CsvTable):
    """Rows of a record of requests, and the faults found so far."""

    def year(self, row: Row) -> int | None:
        """Return a calendar year, or None after noting why it is not one."""
        text = row["year"]
        low, high = YEARS_ALLOWED
        if re.fullmatch(r"(fy ?)?(20)?\d{2} ?[-/–] ?(20)?\d{2}", text, re.IGNORECASE):
            asked = "from April or from September? Neither is a calendar year: give calendar years"
            self.fault(row.line, "column year", f'is "{text}" {asked}, or requests by month')
            return None
        if re.fullmatch(r"\d{4}", text) and low <= int(text) <= high:
            return int(text)
        wanted = f'found "{text}", allowed is a calendar year from {low} to {high}, such as 2024'
        self.fault(row.line, "column year", wanted)
        return None

    def no_gaps(self, index: NDArray[np.datetime64], unit: str) -> None:
        """Note every year or month missing between the first and the last."""
        if not len(index):
            return
        first = index.min()
        rows = np.bincount((index - first).astype(np.int64))
        missing = [str(first + at) for at in np.flatnonzero(rows == 0)]
        if missing and not self.faults:  # a fault in a row is the likelier reason for a gap
            some = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")
            self.fault(
                None,
                some,
                f"no row for {len(missing)} {unit}{'s' * (len(missing) > 1)}; were there no "
                "requests (then write 0), or are they not known (then start after the gap)?",
            )

    def half_months(self, months: list[np.datetime64 | None], last: np.datetime64) -> bool:
        """Return whether the last month is only there in part; note any other that is."""
        half = False
        if "last_day" not in self.columns:
            return half
        for month, row in zip(months, self.rows, strict=True):
            day = self._day(row)
            if day is None or month is None or day >= (month + 1).astype("datetime64[D]") - 1:
                continue
            if day < month.astype("datetime64[D]"):
                self.fault(row.line, "column last_day", f"{day} is before the month {month} began")
            elif month == last:
                half = True
            else:
                self.fault(
                    row.line,
                    "column last_day",
                    f"{month} ends on {day}; only the last month may be a part of one",
                )
        return half

    def day(self, row: Row, column: str) -> np.datetime64 | None:
        """Return a day, or None after noting why it is not one."""
        day = self.day_of(row, column)
        return None if day is None else np.datetime64(day, "D")

    def _day(self, row: Row) -> np.datetime64 | None:
        return self.day(row, "last_day") if row["last_day"] else None


def read_table(path: Path) -> Table:
    """Read a record of requests as rows.

    Raises
    ------
    BadInput
        If there is no such file, it is not text, or it has no rows.
    """
    known = {*YEARLY_COLUMNS, *MONTHLY_COLUMNS, *REQUEST_COLUMNS}
    known |= set(OTHER_TIMES)
    table = read_csv(path, Table, known | set(OTHER_NAMES))
    rename_council(table)
    turn_wide(table, (*SPLIT_COLUMNS, COUNCIL))
    rename_columns(table, known)
    for column in table.columns:
        if column in OTHER_TIMES:
            table.fault(table.header, f"column {column}", OTHER_TIMES[column])
    if {"date", "requests"} <= set(table.columns):
        problem = "found counts by day or week; give requests by month (a column month), or one row"
        table.fault(table.header, "column date", f"{problem} a request without a column requests")
    table.stop_if_faulty()
    if "date" in table.columns:  # one row a request: each is about a child
        table.private = True
        table.refuse_personal_values((*SPLIT_COLUMNS, COUNCIL), ("date",))
    elif not any(nearest(column, known) for column in table.columns):  # it may be about anything
        table.private = True
    return table


def by_month(table: Table, record: Record, today: date) -> Monthly | None:
    """Return the rows of a file by month, or None after noting what is wrong.

    Parameters
    ----------
    table : Table
        With the columns of ``MONTHLY_COLUMNS``.
    record : Record
        What the planner decided about it.
    today : date
        Months that are not over on it are refused.
    """
    split_by = [name for name in SPLIT_COLUMNS if name in table.columns]
    for column in ("month", *split_by):
        table.refuse_totals(column)
    months = [table.month(row) for row in table.rows]
    hidden = np.array([is_mark(row["requests"]) for row in table.rows], dtype=np.bool_)
    requests = [
        0 if mark else table.whole(row, "requests")
        for mark, row in zip(hidden, table.rows, strict=True)
    ]
    groups = [tuple(row[name] for name in split_by) for row in table.rows]
    table.no_row_twice(
        [
            None if month is None else ", ".join([str(month), *group])
            for month, group in zip(months, groups, strict=True)
        ]
    )
    there = np.array([month for month in months if month is not None], dtype="datetime64[M]")
    not_over(table, months, today)
    half = table.half_months(months, there.max()) if len(there) else False
    if table.faults or not len(there):
        return None
    counts = np.array(requests, dtype=np.float64)
    twice = _twice_counted(table, there, groups, counts, hidden) if split_by else ()
    if table.faults:
        return None
    unknown, found = _hidden(there, counts, hidden, bool(split_by))
    if split_by and not hidden.any():
        unknown, found = missing_rows(there, groups, counts.astype(int).tolist())
        if record.missing_rows == "no requests":
            unknown, found = NO_MONTHS, ()
    whole = Monthly(
        there, counts, there.min(), there.max(), (*twice, *found), bool(split_by),
        _frame(table, split_by, there, counts, unknown), unknown=unknown,
    )  # fmt: skip
    keep_part = record.last_month == "keep"
    return without_part(table, whole, half, keep_part, "the file ends before the month does")


def not_over(table: Table, months: Sequence[np.datetime64 | None], today: date) -> None:
    """Note months that are not over yet, unless the file says how far it goes."""
    this = np.datetime64(today, "M")
    for month, row in zip(months, table.rows, strict=True):
        if month is None or month < this or (month == this and row.get("last_day")):
            continue
        ended = f"has not ended: today is {today}" if month == this else f"is after today, {today}"
        hint = ", or give its last day in a column last_day" if month == this else ""
        table.fault(row.line, "column month", f"{month} {ended}; take the row out{hint}")


def _twice_counted(
    table: Table,
    months: NDArray[np.datetime64],
    groups: Sequence[Group],
    counts: NDArray[np.float64],
    hidden: NDArray[np.bool_],
) -> tuple[Finding, ...]:
    """Refuse rows that are totals of others by their figures, and ask about what is nearly one.

    Months with figures that are not shown tell nothing.
    """
    shown = np.flatnonzero(~np.isin(months, months[hidden])).tolist()
    found = twice_counted(
        [months[row] for row in shown],
        [groups[row] for row in shown],
        [int(counts[row]) for row in shown],
    )
    if found is None:
        return ()
    columns = [name for name in SPLIT_COLUMNS if name in table.columns]
    called = " with ".join(
        (f'"{label}"' if label else "a blank")
        + (f" in column {columns[column]}" if len(found.labels) > 1 else "")
        for column, label in found.labels.items()
    )
    if found.breakdowns:
        problem = f"with {called}: {found.problem}: the same requests twice? Keep one of the two"
        table.fault(None, "rows", problem)
        return ()
    where = "rows" if len(found.labels) > 1 else f"column {columns[next(iter(found.labels))]}"
    problem = f"{called} {found.problem}: is it a total? Then take its rows out of the file"
    if found.sure:
        table.fault(None, where, problem)
        return ()
    text = f"In {where}, {problem}. Its rows are counted beside the others."
    return (Finding("question", "total", (), text),)


def _hidden(
    months: NDArray[np.datetime64],
    counts: NDArray[np.float64],
    hidden: NDArray[np.bool_],
    by_group: bool,
) -> tuple[NDArray[np.datetime64], tuple[Finding, ...]]:
    """Return the months with figures that are not shown, and ask about them."""
    unknown = np.unique(months[hidden])
    if not len(unknown):
        return NO_MONTHS, ()
    beside = counts[np.isin(months, unknown)].sum()
    size = f"{hidden.sum()} figures are not shown" + (
        f", in {len(unknown)} months with {beside:,.0f} requests besides." if by_group else "."
    )
    text = (
        f"Figures are not shown in {listed(as_text(unknown))} ({len(unknown)} months): what are "
        "they? The months are taken as not known, since a total without them would be too low. "
        "Put the figures in, or give "
    )
    text += "the requests by month without groups." if by_group else "the requests of longer times."
    return unknown, (Finding("question", "suppressed", as_text(unknown), text, size),)


def _frame(
    table: Table,
    split_by: list[str],
    months: NDArray[np.datetime64],
    counts: NDArray[np.float64],
    unknown: NDArray[np.datetime64],
) -> pd.DataFrame | None:
    """Return requests by month and group, of the months that are known."""
    if not split_by:
        return None
    import pandas as pd  # slow to import, and few records have groups

    groups = pd.DataFrame({name: [row[name] for row in table.rows] for name in split_by})
    groups.insert(0, "month", pd.to_datetime(months.astype("datetime64[ns]")))
    groups["requests"] = counts.astype(np.int64)
    return groups[~np.isin(months, unknown)]


def without_part(
    table: Table, months: Monthly, half: bool, keep_part: bool, why: str
) -> Monthly | None:
    """Leave out a last month that is there in part, and say so; or keep it where that is asked for.

    Parameters
    ----------
    table : Table
        Takes the fault of a record of a part of one month.
    months : Monthly
        All rows.
    half : bool
        Whether the last month is there in part.
    keep_part : bool
        Whether it stays.
    why : str
        How that is known.
    """
    if not half:
        return months
    last = months.last
    if keep_part:
        text = f"{last} was kept because the scenario says so, though {why}."
        kept = Finding("done", "part month", (str(last),), text)
        return replace(months, findings=(*months.findings, kept))
    rows = months.months < last
    if not rows.any():
        table.fault(None, "file", "only a part of one month; whole months are needed")
        return None
    dropped = Finding(
        "done",
        "part month",
        (str(last),),
        f"{last} was left out: {why}, and a part of a month would pull the forecast down.",
        setting=KEEP_PART,
    )
    return months.until(last - 1, dropped)
