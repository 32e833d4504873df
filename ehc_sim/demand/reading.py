"""Reading a record of requests: a CSV file by year, by month, or with one row a request."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.cut_short import without_cut_months
from ehc_sim.demand.findings import Finding, as_text, listed, setting
from ehc_sim.demand.history import FEW, History, covid
from ehc_sim.demand.request_rows import read_request_rows
from ehc_sim.demand.surprises import surprising_years
from ehc_sim.demand.table import (
    MONTHLY_COLUMNS,
    REQUEST_COLUMNS,
    SPLIT_COLUMNS,
    YEARLY_COLUMNS,
    Monthly,
    Table,
    by_month,
    read_table,
)
from ehc_sim.scenario.faults import BadInput, nearest
from ehc_sim.scenario.record import Record

SAID = ("gap", "part month", "missing rows", "suppressed", "rows", "total")
"""What of the findings on reading is a note too."""
MOST_UNKNOWN = 0.25
"""Share of a record's months that may be unknown; with more, it starts after the gap or not."""


def read_history(
    path: Path,
    record: Record | None = None,
    *,
    council: str | None = None,
    today: date | None = None,
) -> History:
    """Read a record of requests.

    Parameters
    ----------
    path : Path
        CSV with the columns ``year, requests`` and optionally ``england``; or ``month, requests``
        (months such as 2024-03) and optionally ``source``, ``age_group``, ``need`` (rows of a month
        are added up) and ``last_day`` (the last day that the file has requests of); or ``date``
        and optionally ``source``, ``age_group``, ``need`` and ``reference``, with one row a
        request. Each may have ``council``, whose requests a row counts.
    record : Record, optional
        What the planner decided about it.
    council : str, optional
        Whose requests they must be, where the file says it; rows of others beside theirs are left
        out. Without it the file may be of one council, whichever.
    today : date, optional
        The day on which it is read; requests of later days, and months and years that are not over
        on it, are refused. Today by default.

    Raises
    ------
    BadInput
        With every fault found in the file.
    """
    record, today = record or Record(), today or date.today()
    table = read_table(path)
    table.refuse_personal_columns()
    if "year" in table.columns:
        kind = "year"
    else:
        kind = next((k for k in ("month", "date") if nearest(k, table.columns)), "year")
    if kind == "month":
        table.need_columns(("month", "requests"), MONTHLY_COLUMNS)
    elif kind == "date":
        table.need_columns(("date",), REQUEST_COLUMNS)
    else:
        table.need_columns(("year", "requests"), YEARLY_COLUMNS)
    table.stop_if_faulty()
    councils = table.keep_council(council, several=True)
    table.stop_if_faulty()
    history = None
    if kind == "year":
        history = _yearly(table, record, today)
        _only_for_months(table, record)
    else:
        read = by_month if kind == "month" else read_request_rows
        months = read(table, record, today)
        table.stop_if_faulty()
        if months is not None:
            keep_first, keep_last = record.first_month == "keep", record.last_month == "keep"
            by_day = kind == "date" or "last_day" in table.columns
            months = without_cut_months(table, months, keep_first, keep_last, ask=not by_day)
        if months is not None:
            history = _monthly(table, months, record)
    table.stop_if_faulty()
    if history is None:
        raise BadInput(table.faults)
    return _whose(history, councils)


def _whose(history: History, councils: Sequence[str]) -> History:
    """Return a record with whose it is, and what is said of the others in its file."""
    if not councils:
        return history
    ours, *others = councils
    if not others:
        return replace(history, council=ours)
    text = f"The file has {len(councils)} councils: the rows of {ours} are read, and those of "
    text += f"{listed(others)} are left out."
    said = Finding("done", "council", (), text)
    return replace(
        history,
        council=ours,
        notes=(text, *history.notes),
        findings=(said, *history.findings),
    )


def _only_for_months(table: Table, record: Record) -> None:
    for key in ("leave_out", "new_level_from"):
        if getattr(record, key):
            table.fault(
                None,
                f"demand.record.{key}",
                "names months, and the record is by year; allowed is nothing",
            )


def _yearly(table: Table, record: Record, today: date) -> History | None:
    table.refuse_totals("year")
    years = [table.year(row) for row in table.rows]
    requests = [table.whole(row, "requests") for row in table.rows]
    with_england = "england" in table.columns
    england = [table.whole(row, "england", 1) if with_england else None for row in table.rows]
    table.no_row_twice([None if year is None else str(year) for year in years])
    for year, row in zip(years, table.rows, strict=True):
        if year is not None and year >= today.year:
            problem = f"{year} has not ended: today is {today}; take the row out"
            table.fault(row.line, "column year", problem)
    index = np.array([str(y) for y in years if y is not None], dtype="datetime64[Y]")
    table.no_gaps(index, "year")
    if table.faults:
        return None
    order = np.argsort(index)
    index, counts = index[order], np.array(requests, dtype=np.int64)[order]
    zeros, asked = _zeros(index, counts, np.ones(len(index), dtype=np.bool_), record)
    asked += surprising_years(index, np.where(zeros, -1, counts))
    return History(
        "yearly",
        index,
        counts,
        np.array(england, dtype=np.float64)[order] if with_england else None,
        notes=tuple(finding.text for finding in asked),
        known=~zeros,
        findings=tuple(asked),
        file=table.path,
    )


def _monthly(table: Table, months: Monthly, record: Record) -> History | None:
    """Put the record together, with what the planner decided about its months."""
    index = np.arange(months.first, months.last + 1)
    rows = (months.months - months.first).astype(np.int64)
    counts = np.bincount(rows, weights=months.requests, minlength=len(index)).astype(np.int64)
    known = (np.bincount(rows, minlength=len(index)) > 0) | np.isin(index, months.none)
    findings = [*months.findings, *_no_requests(months), *_gaps(index, known)]
    known &= ~np.isin(index, months.unknown)
    if not _enough_known(table, index, known, months.unknown):
        return None
    _not_to_date(table, index, counts)
    zeros, asked = _zeros(index, counts, known, record)
    left_out, done = _left_out(table, index, record)
    steps = _steps(table, index, record)
    if table.faults:
        return None
    findings += asked + done
    split_by = [name for name in SPLIT_COLUMNS if name in table.columns]
    notes = [finding.text for finding in findings if finding.about in SAID]
    if split_by and months.added_up:
        notes.insert(0, f"Rows were added up over {' and '.join(split_by)}.")
    notes += [finding.text for finding in asked + done]
    return History(
        "monthly",
        index,
        counts,
        notes=tuple(notes),
        known=known & ~zeros,
        left_out=left_out,
        steps=steps,
        findings=tuple(findings),
        requests=months.groups,
        file=table.path,
    )


def _not_to_date(table: Table, index: NDArray[np.datetime64], counts: NDArray[np.int64]) -> None:
    """Refuse figures that rise through every year and fall back where one begins.

    Eleven months that rise one after the other have a chance of one in millions otherwise.
    """
    month, more = index.astype(np.int64)[1:] % 12, np.diff(counts)
    for name, first in (("January", 0), ("April", 3), ("September", 8)):
        begins = month == first
        rises, falls = more[~begins], more[begins]
        falls_back = len(falls) and (falls < 0).all() and (rises >= 0).all()
        if falls_back and len(rises) > 9 and np.mean(rises > 0) > 0.75:  # not months of nothing
            problem = f"found figures that rise through every year and fall back in {name}: "
            problem += "are they of the year to date? Give what came in within each month"
            table.fault(None, "file", problem)


def _enough_known(
    table: Table,
    index: NDArray[np.datetime64],
    known: NDArray[np.bool_],
    unknown: NDArray[np.datetime64],
) -> bool:
    if np.mean(~known) <= MOST_UNKNOWN:
        return True
    number, months = int(np.sum(~known)), listed(as_text(index[~known]))
    if len(unknown):
        table.fault(
            None,
            months,
            f"{number} months of {len(index)} have figures that are not shown, or rows by group "
            "that other months have and they have not; their totals would be too low. Give the "
            "requests by month without groups (columns month, requests); or, where a row that is "
            'not there means no request, set missing_rows = "no requests" in [demand.record] of a '
            "scenario",
        )
        return False
    table.fault(
        None,
        months,
        f"no row for {number} months of {len(index)}; were there no requests (then "
        "write 0), or are they not known (then start after the gap)?",
    )
    return False


def _no_requests(months: Monthly) -> list[Finding]:
    """Say which months without a row had no request."""
    if not len(months.none):
        return []
    none = as_text(months.none)
    text = (
        f"No request in {listed(none)} ({len(none)} months): each row is one, and they have none."
    )
    return [Finding("done", "rows", none, text)]


def _gaps(index: NDArray[np.datetime64], known: NDArray[np.bool_]) -> list[Finding]:
    """Ask about months without a row."""
    found = []
    gap = as_text(index[~known])
    if gap:
        found.append(
            Finding(
                "question",
                "gap",
                gap,
                f"There is no row for {listed(gap)}: taken as not known, and never as 0. If there "
                "were no requests, write 0; if the figures can be had, put them in.",
            )
        )
    return found


def _zeros(
    index: NDArray[np.datetime64],
    counts: NDArray[np.int64],
    known: NDArray[np.bool_],
    record: Record,
) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Return which months or years without a request are left out, and ask about them.

    Where others have ten or more, chance gives none in one month of thousands: something else
    did, and one such month would set the ranges of every method that works with logarithms.
    """
    none = known & (counts == 0)
    if not none.any() or counts[known & ~none].sum() < FEW * known.sum():
        return np.zeros(len(index), dtype=np.bool_), []
    months = tuple(str(when) for when in index[none])
    keep = record.zeros == "keep"
    kept = "It is taken as not known, and no method learns from it."
    if keep:
        kept = "It is kept, because the scenario says so."
    question = Finding(
        "question",
        "zeros",
        months,
        f"{listed(months)} had no request at all: is that so? {kept} If it is not known, take the "
        "row out.",
        f"The others had {counts[known & ~none].mean():.0f} on average.",
        '[demand.record]\nzeros = "keep"',
    )
    return none & (not keep), [question]


def _left_out(
    table: Table, index: NDArray[np.datetime64], record: Record
) -> tuple[NDArray[np.bool_], list[Finding]]:
    """Return which months are left out, and what is said of them."""
    done = []
    mask = covid(index) & (record.covid == "leave out")
    if mask.any():
        months = as_text(index[mask])
        done.append(
            Finding(
                "done",
                "covid",
                months,
                f"The COVID months are not used: {', '.join(months)}.",
                setting='[demand.record]\ncovid = "keep"',
            )
        )
    wanted = np.array(record.leave_out, dtype="datetime64[M]")
    _within(table, "leave_out", wanted, index)
    named = np.isin(index, wanted)
    if named.any():
        months = as_text(index[named])
        done.append(
            Finding(
                "done",
                "left out",
                months,
                f"Left out because the scenario says so: {listed(months)}.",
                setting=setting("leave_out", months),
            )
        )
    return mask | named, done


def _steps(
    table: Table, index: NDArray[np.datetime64], record: Record
) -> tuple[np.datetime64, ...]:
    wanted = np.unique(np.array(record.new_level_from, dtype="datetime64[M]"))
    _within(table, "new_level_from", wanted, index[1:])
    return tuple(wanted)


def _within(
    table: Table, key: str, wanted: NDArray[np.datetime64], index: NDArray[np.datetime64]
) -> None:
    for month in wanted[~np.isin(wanted, index)]:
        allowed = f"allowed is a month from {index[0]} to {index[-1]}" if len(index) else "none is"
        table.fault(None, f"demand.record.{key}", f'found "{month}", {allowed}')
