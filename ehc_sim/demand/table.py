"""A record of requests as rows of a CSV file, and checks of its years, months and days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ehc_sim.scenario.csv_table import YEARS_ALLOWED, CsvTable, Row, read_csv


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

    def _day(self, row: Row) -> np.datetime64 | None:
        text = row["last_day"]
        if not text:
            return None
        try:
            return np.datetime64(date.fromisoformat(text), "D")
        except ValueError:
            self.fault(
                row.line,
                "column last_day",
                f'found "{text}", allowed is a day such as 2024-03-14, or nothing',
            )
            return None


def read_table(path: Path) -> Table:
    """Read a record of requests as rows.

    Raises
    ------
    BadInput
        If there is no such file, it is not text, or it has no rows.
    """
    return read_csv(path, Table)
