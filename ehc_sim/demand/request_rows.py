"""A record with one row a request: its days, rows that may be there twice, a part of a month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import working_days
from ehc_sim.demand.findings import Finding
from ehc_sim.demand.table import SPLIT_COLUMNS, Monthly, Table, without_part
from ehc_sim.scenario.csv_table import YEARS_ALLOWED
from ehc_sim.scenario.references import same_reference

if TYPE_CHECKING:
    import pandas as pd

QUIET_DAYS = 5
"""Working days without a request at a month's end, or its start, beyond which it looks cut off."""
LEAST_EXPECTED = 3.0
"""Requests that would have been expected on them; with fewer, none is no surprise (e**-3 = 5%)."""


def read_request_rows(table: Table, keep_part: bool) -> Monthly | None:
    """Return requests by month, or None after noting what is wrong.

    Parameters
    ----------
    table : Table
        With the columns of ``REQUEST_COLUMNS``.
    keep_part : bool
        Whether a last month stays that is only there in part.
    """
    found = [
        table.day(row, "date", "written as year-month-day, such as 2024-03-14")
        for row in table.rows
    ]
    low, high = YEARS_ALLOWED
    for day, row in zip(found, table.rows, strict=True):
        if day is not None and not low <= int(str(day)[:4]) <= high:
            table.fault(row.line, "column date", f"found {day}, allowed is {low} to {high}")
    if "reference" in table.columns:
        same = [same_reference(row["reference"]) or None for row in table.rows]
        table.no_row_twice(same, "column reference")
    if table.faults or not table.rows:
        return None
    days = np.array(found, dtype="datetime64[D]")
    months = days.astype("datetime64[M]")
    import pandas as pd  # slow to import, and few records are of this kind

    split_by = [name for name in SPLIT_COLUMNS if name in table.columns]
    rows = pd.DataFrame({name: [row[name] for row in table.rows] for name in split_by})
    rows.insert(0, "month", pd.to_datetime(months.astype("datetime64[ns]")))
    rows["requests"] = 1
    groups = rows.groupby(["month", *split_by])[["requests"]].sum().reset_index()
    questions = () if "reference" in table.columns else _same_rows(days, rows[split_by])
    whole = Monthly(
        months, np.ones(len(days)), months.min(), months.max(),
        (*questions, *_late_start(days)), False, groups if split_by else None,
    )  # fmt: skip
    ended = days.max()
    return without_part(
        table, whole, _quiet(days, ended + 1, months.max() + 1), keep_part,
        f"the last request is of {ended}",
    )  # fmt: skip


def _quiet(days: NDArray[np.datetime64], start: np.datetime64, end_month: np.datetime64) -> bool:
    """Return whether no request from a day to a month's end is a surprise."""
    without = working_days(np.arange(start, end_month.astype("datetime64[D]"))).sum()
    pace = len(days) / max(int(working_days(np.arange(days.min(), days.max() + 1)).sum()), 1)
    return bool(without > QUIET_DAYS and without * pace >= LEAST_EXPECTED)


def _late_start(days: NDArray[np.datetime64]) -> tuple[Finding, ...]:
    """Ask about a first month that begins with many days without a request."""
    first = days.min()
    month = first.astype("datetime64[M]")
    before = working_days(np.arange(month.astype("datetime64[D]"), first)).sum()
    if before <= QUIET_DAYS:
        return ()
    return (
        Finding(
            "question",
            "part month",
            (str(month),),
            f"The first request is of {first}: is {month} there from its first day? If not, take "
            "its rows out.",
            f"{before} working days of it have no request.",
        ),
    )


def _same_rows(days: NDArray[np.datetime64], groups: pd.DataFrame) -> tuple[Finding, ...]:
    """Ask about equal rows, where there are more of them than chance would have.

    Requests of one day fall into the groups independently; pairs that are equal are then counted
    about their expected number, with a Poisson's spread.
    """
    if not len(groups.columns):
        return ()
    group = groups.groupby(list(groups.columns)).ngroup().to_numpy()
    share = np.bincount(group) / len(group)
    _, on_day = np.unique(days, return_counts=True)
    expected = float(np.sum(on_day * (on_day - 1) / 2) * np.sum(share**2))
    _, same = np.unique(np.stack([days.astype(np.int64), group]), axis=1, return_counts=True)
    pairs = int(np.sum(same * (same - 1) // 2))
    if pairs <= expected + 4 * np.sqrt(expected) + 3:
        return ()
    return (
        Finding(
            "question",
            "same rows",
            (),
            "Many rows are the same as another: were some requests entered twice? A column "
            "reference would tell. All rows are counted.",
            f"{pairs} pairs of rows are equal; by chance it would be some {expected:.0f}.",
        ),
    )
