"""Reading a council's file of school terms, with a clear line for each fault."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ehc_sim.calendars.bank_holidays import bank_holidays

COLUMNS = ("first_day", "last_day")
FEWEST_SCHOOL_DAYS = 170
"""A listed school year with fewer is taken to be incomplete; 190 are usual."""

_ONE_DAY = np.timedelta64(1, "D")
_ALLOWED_DATE = "a date such as 2024-09-02 or 02/09/2024 (day first)"


class TermsError(ValueError):
    """School terms cannot be read.

    Attributes
    ----------
    faults : tuple of str
        One line for each fault: file, line, what was found, what is allowed.
    """

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


class Listed(NamedTuple):
    """One row of the file: schools are open from the first day to the last."""

    line: int
    first_day: date
    last_day: date


def school_year_of(day: date) -> int:
    """Return the school year of a date; 2024 is 1 August 2024 to 31 July 2025."""
    return day.year if day.month >= 8 else day.year - 1


def read_terms(path: Path) -> tuple[Listed, ...]:
    """Read a CSV of school terms.

    Parameters
    ----------
    path : Path
        UTF-8, with or without a byte order mark and with any line ends. Columns ``first_day`` and
        ``last_day``; others are ignored, as are empty rows and rows that start with ``#``.

    Returns
    -------
    tuple of Listed
        In order of date.

    Raises
    ------
    TermsError
        With every fault found: no file, a missing column, a bad date, an end before its start,
        rows that overlap, a school year that is not complete.
    """
    cells = _rows(path)
    line, header = next(cells, (1, []))
    names = [name.strip().lower() for name in header]
    if not set(COLUMNS) <= set(names):
        raise TermsError(
            [
                f"{path}:{line}: found the columns {', '.join(names) or '(none)'}; "
                "first_day and last_day are needed, with commas between them"
            ]
        )
    faults: list[str] = []
    listed = []
    for line, row in cells:
        named = dict(zip(names, row, strict=False))
        days = [_day(f"{path}:{line}", name, named.get(name, ""), faults) for name in COLUMNS]
        if days[0] and days[1]:
            listed.append(Listed(line, days[0], days[1]))
    listed.sort(key=lambda row: row.first_day)
    faults += [f"{path}:{fault}" for fault in _faults_between(listed)]
    if not faults:
        faults += [f"{path}:{fault}" for fault in _incomplete_years(listed)]
    if not faults and not listed:
        faults.append(f"{path}:{line}: found no rows; one for each half term is needed")
    if faults:
        raise TermsError(faults)
    return tuple(listed)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Give the line number and the cells of each row that holds something."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TermsError([f"{path}: cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise TermsError([f"{path}: is not UTF-8 text; save it as CSV UTF-8"]) from error
    reader = csv.reader(text.splitlines())
    for row in reader:
        if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#"):
            yield reader.line_num, row


def _day(where: str, name: str, cell: str, faults: list[str]) -> date | None:
    """Read a date, or add a fault."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(cell.strip(), pattern).date()
        except ValueError:
            continue
    faults.append(f"{where}: found {cell.strip()!r} as {name}; allowed is {_ALLOWED_DATE}")
    return None


def _faults_between(listed: list[Listed]) -> Iterator[str]:
    """Say what is wrong with dates that can be read; ``listed`` is in order of first day."""
    sound = []
    for row in listed:
        found = f"{row.line}: found {row.first_day} to {row.last_day}"
        if row.last_day < row.first_day:
            yield f"{found}; last_day must not be before first_day"
        elif school_year_of(row.first_day) != school_year_of(row.last_day):
            yield f"{found}; a term must not run from one school year into the next (1 August)"
        else:
            sound.append(row)
    for before, row in pairwise(sound):
        if row.first_day <= before.last_day:
            yield (
                f"{row.line}: found {row.first_day} to {row.last_day}, which overlaps line "
                f"{before.line} ({before.first_day} to {before.last_day}); terms must not overlap"
            )


def _incomplete_years(listed: list[Listed]) -> Iterator[str]:
    """Say which school years lack terms, so that schools would seem closed in them."""
    years: dict[int, list[Listed]] = defaultdict(list)
    for row in listed:
        years[school_year_of(row.first_day)].append(row)
    for year, rows in years.items():
        firsts = np.array([row.first_day for row in rows], dtype="datetime64[D]")
        ends = np.array([row.last_day for row in rows], dtype="datetime64[D]") + _ONE_DAY
        days = int(np.busday_count(firsts, ends, holidays=bank_holidays()).sum())
        if days < FEWEST_SCHOOL_DAYS:
            yield (
                f"{rows[0].line}: found {days} school days in the school year {year}/"
                f"{(year + 1) % 100:02}; list all its terms ({FEWEST_SCHOOL_DAYS} days or more), "
                "or none of them and they are made by rule"
            )
