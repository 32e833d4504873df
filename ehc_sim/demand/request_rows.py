"""A record with one row a request: its days, rows that may be there twice, a part of a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import working_days
from ehc_sim.demand.findings import Finding
from ehc_sim.demand.table import KEEP_FIRST, SPLIT_COLUMNS, Monthly, Table, without_part
from ehc_sim.scenario.csv_table import YEARS_ALLOWED
from ehc_sim.scenario.record import Record
from ehc_sim.scenario.references import same_reference

if TYPE_CHECKING:
    import pandas as pd

QUIET_DAYS = 5
"""Working days without a request at a month's end, or its start, beyond which it looks cut off."""
LEAST_EXPECTED = 5.0
"""Requests expected on them; with fewer, none is no surprise (e**-5 = 0.7%)."""
SURPRISING_GAP = 7.0
"""Requests expected of months without any, from which on rows are missing (e**-7 = 0.1%)."""
ASKED_GAP = 3.0
"""Requests expected after the last one of which none is asked about (e**-3 = 5%)."""
IN_HOLIDAYS = 0.45
"""Requests on a working day of the school holidays, relative to others (`DayWeights`)."""
FAR_DAYS = 92
"""Days without a request, about a quarter, between the record and a few days far from it."""


def read_request_rows(table: Table, record: Record, today: date) -> Monthly | None:
    """Return requests by month, or None after noting what is wrong.

    Parameters
    ----------
    table : Table
        With the columns of ``REQUEST_COLUMNS``.
    record : Record
        What the planner decided about it.
    today : date
        Requests of later days are refused.
    """
    for column in ("date", *(name for name in SPLIT_COLUMNS if name in table.columns)):
        table.refuse_totals(column)
    found = [table.day(row, "date") for row in table.rows]
    low, high = YEARS_ALLOWED
    for day, row in zip(found, table.rows, strict=True):
        if day is not None and not low <= int(str(day)[:4]) <= high:
            problem = table.instead(str(day), f"a day of {low} to {high}")
            table.fault(row.line, "column date", problem)
        elif day is not None and day > np.datetime64(today, "D"):
            problem = f"found a day after today, {today}: is the year right?"
            table.fault(row.line, "column date", problem)
    if "reference" in table.columns:
        same = [same_reference(row["reference"]) or None for row in table.rows]
        table.no_row_twice(same, "column reference")
    if table.faults or not table.rows:
        return None
    days = np.array(found, dtype="datetime64[D]")
    _refuse_far_off(table, days)
    if table.faults:
        return None
    months = days.astype("datetime64[M]")
    import pandas as pd  # slow to import, and few records are of this kind

    split_by = [name for name in SPLIT_COLUMNS if name in table.columns]
    rows = pd.DataFrame({name: [row[name] for row in table.rows] for name in split_by})
    rows.insert(0, "month", pd.to_datetime(months.astype("datetime64[ns]")))
    rows["requests"] = 1
    groups = rows.groupby(["month", *split_by])[["requests"]].sum().reset_index()
    questions = () if "reference" in table.columns else _same_rows(days, rows[split_by])
    whole = Monthly(
        months, np.ones(len(days)), months.min(), months.max(), questions, False,
        groups if split_by else None, _without_request(months),
    )  # fmt: skip
    return _whole_ends(table, whole, days, record)


def _refuse_far_off(table: Table, days: NDArray[np.datetime64]) -> None:
    """Refuse a few days far from all others, whose year is likely mistyped."""
    order = np.argsort(days, kind="stable")
    gaps = np.diff(days[order]).astype(np.int64)
    few = max(2, len(days) // 100)
    for at in np.flatnonzero(gaps >= FAR_DAYS):
        before, after = order[: at + 1], order[at + 1 :]
        one, rest = (before, after) if len(before) < len(after) else (after, before)
        span = int((days[rest].max() - days[rest].min()).astype(np.int64)) + 1
        if len(one) > few or gaps[at] * len(rest) / span < SURPRISING_GAP:
            continue
        for place in one:
            table.fault(
                table.rows[place].line,
                "column date",
                f"found a day {gaps[at]} days from the others, between which there is no request: "
                "is the year right?",
            )


def _without_request(months: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Return the months without a row in which there was no request, as far as chance would have.

    Each row is a request, so a month without any had none; unless so many are expected in it, or in
    it and those beside it, that rows are missing.
    """
    index = np.arange(months.min(), months.max() + 1)
    empty = ~np.isin(index, months)
    pace = len(months) / len(index)
    edges = np.flatnonzero(np.diff(np.r_[False, empty, False].astype(np.int8)))
    none = np.zeros(len(index), dtype=np.bool_)
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        none[start:end] = (end - start) * pace < SURPRISING_GAP
    return index[none]


def _whole_ends(
    table: Table, months: Monthly, days: NDArray[np.datetime64], record: Record
) -> Monthly | None:
    """Leave out a first and a last month that are there in part, and say so."""
    first, last = days.min(), days.max()
    if months.first < months.last and _quiet(days, months.first, first):
        why = f"the first request is of {first}"
        if record.first_month == "keep":
            text = f"{months.first} was kept because the scenario says so, though {why}."
            kept = Finding("done", "part month", (str(months.first),), text)
            months = replace(months, findings=(*months.findings, kept))
        else:
            text = f"{months.first} was left out: {why}, as if the file began within the month."
            said = Finding("done", "part month", (str(months.first),), text, setting=KEEP_FIRST)
            months = months.since(months.first + 1, said)
    cut = _quiet(days, last + 1, months.last + 1)
    expected = _expected(days, last + 1, months.last + 1)[1]
    keep_part = record.last_month == "keep"
    if not cut and not keep_part and IN_HOLIDAYS * expected >= ASKED_GAP:
        text = f"The last request is of {last}: is {months.last} there to its last day?"
        text += " It is learnt from as it stands; if it is not whole, take its rows out. If it is, "
        text += 'last_month = "keep" says so.'
        size = f"Some {expected:.0f} requests would be expected on the days after."
        question = Finding("question", "part month", (str(months.last),), text, size)
        months = replace(months, findings=(*months.findings, question))
    return without_part(table, months, cut, keep_part, f"the last request is of {last}")


def _quiet(days: NDArray[np.datetime64], start: np.datetime64, end: np.datetime64) -> bool:
    """Return whether no request from a day, or the start of a month, to another is a surprise."""
    without, expected = _expected(days, start, end)
    return without > QUIET_DAYS and expected >= LEAST_EXPECTED


def _expected(
    days: NDArray[np.datetime64], start: np.datetime64, end: np.datetime64
) -> tuple[int, float]:
    """Return the working days between two, and the requests expected on them at the usual pace."""
    between: NDArray[np.datetime64] = np.arange(
        start.astype("datetime64[D]"), end.astype("datetime64[D]"), dtype="datetime64[D]"
    )
    without = int(working_days(between).sum())
    pace = len(days) / max(int(working_days(np.arange(days.min(), days.max() + 1)).sum()), 1)
    return without, without * pace


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
