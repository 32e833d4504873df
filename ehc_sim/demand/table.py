"""A record of requests as rows of a CSV file, and checks of its years, months and days."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.findings import Finding
from ehc_sim.scenario.csv_table import YEARS_ALLOWED, CsvTable, Row, read_csv
from ehc_sim.scenario.faults import nearest

if TYPE_CHECKING:
    import pandas as pd

YEARLY_COLUMNS = ("year", "requests", "england")
SPLIT_COLUMNS = ("source", "age_group", "need")
MONTHLY_COLUMNS = ("month", "requests", *SPLIT_COLUMNS, "last_day")
REQUEST_COLUMNS = ("date", *SPLIT_COLUMNS, "reference")
KEEP_PART = '[demand.record]\nlast_month = "keep"'


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
    """

    months: NDArray[np.datetime64]
    requests: NDArray[np.float64]
    first: np.datetime64
    last: np.datetime64
    findings: tuple[Finding, ...]
    added_up: bool
    groups: pd.DataFrame | None


class Table(CsvTable):
    """Rows of a record of requests, and the faults found so far."""

    def year(self, row: Row) -> int | None:
        """Return a calendar year, or None after noting why it is not one."""
        text = row["year"]
        low, high = YEARS_ALLOWED
        if re.fullmatch(r"\d{4}", text) and low <= int(text) <= high:
            return int(text)
        wanted = f'found "{text}", allowed is a calendar year from {low} to {high}, such as 2024'
        self.fault(row.line, "column year", wanted)
        return None

    def no_gaps(self, index: NDArray[np.datetime64], unit: str) -> None:
        """Note every year or month missing between the first and the last."""
        if not len(index):
            return
        every = np.arange(index.min(), index.max() + 1)
        missing = [str(when) for when in np.setdiff1d(every, index)]
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

    def day(self, row: Row, column: str, allowed: str) -> np.datetime64 | None:
        """Return a day, or None after noting that it is not one of those allowed."""
        try:
            return np.datetime64(date.fromisoformat(row[column]), "D")
        except ValueError:
            problem = self.instead(row[column], f"a day {allowed}")
            self.fault(row.line, f"column {column}", problem)
            return None

    def _day(self, row: Row) -> np.datetime64 | None:
        return (
            self.day(row, "last_day", "such as 2024-03-14, or nothing") if row["last_day"] else None
        )


def read_table(path: Path) -> Table:
    """Read a record of requests as rows.

    Raises
    ------
    BadInput
        If there is no such file, it is not text, or it has no rows.
    """
    known = {*YEARLY_COLUMNS, *MONTHLY_COLUMNS, *REQUEST_COLUMNS}
    table = read_csv(path, Table, known)
    if "date" in table.columns:  # one row a request: each is about a child
        table.private = True
        table.refuse_personal_values(SPLIT_COLUMNS, ("date",))
    elif not any(nearest(column, known) for column in table.columns):  # it may be about anything
        table.private = True
    return table


def by_month(table: Table, keep_part: bool) -> Monthly | None:
    """Return the rows of a file by month, or None after noting what is wrong.

    Parameters
    ----------
    table : Table
        With the columns of ``MONTHLY_COLUMNS``.
    keep_part : bool
        Whether a last month stays that is only there in part.
    """
    split_by = [name for name in SPLIT_COLUMNS if name in table.columns]
    months = [table.month(row) for row in table.rows]
    requests = [table.whole(row, "requests") for row in table.rows]
    table.no_row_twice(
        [
            None if month is None else ", ".join([str(month), *(row[name] for name in split_by)])
            for month, row in zip(months, table.rows, strict=True)
        ]
    )
    there = np.array([month for month in months if month is not None], dtype="datetime64[M]")
    half = table.half_months(months, there.max()) if len(there) else False
    if table.faults:
        return None
    counts = np.array(requests, dtype=np.float64)
    groups = None
    if split_by:
        import pandas as pd  # slow to import, and few records have groups

        groups = pd.DataFrame({name: [row[name] for row in table.rows] for name in split_by})
        groups.insert(0, "month", pd.to_datetime(there.astype("datetime64[ns]")))
        groups["requests"] = counts.astype(np.int64)
    whole = Monthly(there, counts, there.min(), there.max(), (), bool(split_by), groups)
    return without_part(table, whole, half, keep_part, "the file ends before the month does")


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
    groups = months.groups
    return replace(
        months,
        months=months.months[rows],
        requests=months.requests[rows],
        last=last - 1,
        findings=(*months.findings, dropped),
        groups=None if groups is None else groups[groups["month"] < str(last)],
    )
