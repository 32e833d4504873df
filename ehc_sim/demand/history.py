"""The record of requests received: a CSV file by year or by month, checked before it is used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.exposure import Months
from ehc_sim.demand.table import Table, read_table
from ehc_sim.scenario.faults import BadInput, nearest

COVID_FROM = np.datetime64("2020-03", "M")
COVID_UNTIL = np.datetime64("2020-08", "M")
"""Months from March to August 2020, when requests fell and came back; no guide to the future."""

YEARLY_COLUMNS = ("year", "requests", "england")
SPLIT_COLUMNS = ("source", "age_group", "need")
MONTHLY_COLUMNS = ("month", "requests", *SPLIT_COLUMNS, "last_day")


@dataclass(frozen=True, eq=False)
class History:
    """Requests received in the past, without a gap.

    Attributes
    ----------
    kind : "yearly" or "monthly"
        What a count is of: calendar years, as DfE counts them, or months.
    index : ndarray of datetime64[Y] or datetime64[M], shape (n,)
        The years or months, in order.
    counts : ndarray of int64, shape (n,)
        Requests received.
    england : ndarray of float64, shape (n,), or None
        Requests in England in the same years; NaN where not given.
    notes : tuple of str
        What was done on reading that a reader of the forecast should know.
    """

    kind: Literal["yearly", "monthly"]
    index: NDArray[np.datetime64]
    counts: NDArray[np.int64]
    england: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()

    @property
    def first_month(self) -> np.datetime64:
        """First month of the record."""
        return _month(self.index[0])

    @property
    def last_month(self) -> np.datetime64:
        """Last month of the record."""
        if self.kind == "yearly":
            return _month(self.index[-1]) + 11
        return _month(self.index[-1])

    def until(self, rows: int) -> Self:
        """Return the first rows only, as the record stood in the past."""
        england = None if self.england is None else self.england[:rows]
        return replace(self, index=self.index[:rows], counts=self.counts[:rows], england=england)


def _month(when: np.datetime64) -> np.datetime64:
    return np.datetime64(when.item(), "M")


def covid(months: Months) -> NDArray[np.bool_]:
    """Return which months are of March to August 2020."""
    return np.asarray((months >= COVID_FROM) & (months <= COVID_UNTIL))


def read_history(path: Path) -> History:
    """Read a record of requests.

    Parameters
    ----------
    path : Path
        CSV with the columns ``year, requests`` and optionally ``england``; or ``month, requests``
        (months such as 2024-03) and optionally ``source``, ``age_group``, ``need`` (rows of a month
        are added up) and ``last_day`` (the last day that the file has requests of).

    Raises
    ------
    BadInput
        With every fault found in the file.
    """
    table = read_table(path)
    table.refuse_personal_columns()
    monthly = "year" not in table.columns and nearest("month", table.columns) is not None
    if monthly:
        table.need_columns(("month", "requests"), MONTHLY_COLUMNS)
    else:
        table.need_columns(("year", "requests"), YEARLY_COLUMNS)
    table.stop_if_faulty()
    history = _monthly(table) if monthly else _yearly(table)
    table.stop_if_faulty()
    if history is None:
        raise BadInput(table.faults)
    return history


def _yearly(table: Table) -> History | None:
    years = [table.year(row) for row in table.rows]
    requests = [table.whole(row, "requests") for row in table.rows]
    with_england = "england" in table.columns
    england = [table.whole(row, "england", 1) if with_england else None for row in table.rows]
    table.no_row_twice([None if year is None else str(year) for year in years])
    index = np.array([str(y) for y in years if y is not None], dtype="datetime64[Y]")
    table.no_gaps(index, "year")
    if table.faults:
        return None
    order = np.argsort(index)
    return History(
        "yearly",
        index[order],
        np.array(requests, dtype=np.int64)[order],
        np.array(england, dtype=np.float64)[order] if with_england else None,
    )


def _monthly(table: Table) -> History | None:
    split_by = [name for name in SPLIT_COLUMNS if name in table.columns]
    months = [table.month(row) for row in table.rows]
    requests = [table.whole(row, "requests") for row in table.rows]
    table.no_row_twice(
        [
            None if month is None else ", ".join([str(month), *(row[name] for name in split_by)])
            for month, row in zip(months, table.rows, strict=True)
        ]
    )
    index = np.unique(np.array([m for m in months if m is not None], dtype="datetime64[M]"))
    table.no_gaps(index, "month")
    half = table.half_months(months, index[-1]) if len(index) else False
    if table.faults:
        return None
    row_of = (np.array(months, dtype="datetime64[M]") - index[0]).astype(np.int64)
    counts = np.bincount(row_of, weights=np.array(requests, dtype=float)).astype(np.int64)
    notes = []
    if split_by:
        notes.append(f"Rows were added up over {' and '.join(split_by)}.")
    if half:
        notes.append(
            f"{index[-1]} was left out: the file ends before the month does, and a part of a month "
            "would pull the forecast down."
        )
        index, counts = index[:-1], counts[:-1]
    if not len(index):
        table.fault(None, "file", "only a part of one month; whole months are needed")
        return None
    return History("monthly", index, counts, None, tuple(notes))
