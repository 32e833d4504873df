"""Reading a council's file of school terms, with a clear line for each fault."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ehc_sim.calendars.bank_holidays import bank_holidays
from ehc_sim.inputs import Days, Sheet, Unreadable, read_sheet
from ehc_sim.inputs.days import A_DAY_IS

COLUMNS = ("first_day", "last_day")
FEWEST_SCHOOL_DAYS = 170
"""A listed school year with fewer is taken to be incomplete; 190 are usual."""

_ONE_DAY = np.timedelta64(1, "D")
MOST_SHOWN = 60
"""Characters of what was found that are said."""

LineFault = tuple[int | None, str]
"""Line and problem."""


class TermsError(ValueError):
    """School terms cannot be read.

    Attributes
    ----------
    path : Path
        The file.
    found : tuple of (int or None, str)
        Line and problem of each fault: what was found, what is allowed.
    faults : tuple of str
        The same in one line each.
    """

    def __init__(self, path: Path, found: Iterable[tuple[int | None, str]]) -> None:
        self.path = path
        self.found = tuple(found)
        self.faults = tuple(
            f"{path}: {problem}" if line is None else f"{path}:{line}: {problem}"
            for line, problem in self.found
        )
        super().__init__(path, self.found)

    def __str__(self) -> str:
        return "\n".join(self.faults)


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
        See ``ehc_sim.inputs.read_sheet`` for what is read. Columns ``first_day`` and ``last_day``;
        others are ignored, as are empty rows and rows that start with ``#``.

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
    try:
        sheet = read_sheet(path, COLUMNS, remarks=True)
    except Unreadable as error:
        raise TermsError(path, [(error.line, error.problem)]) from error
    if not set(COLUMNS) <= set(sheet.columns):
        found = ", ".join(sheet.columns)[:MOST_SHOWN]
        problem = f"found the columns {found}; first_day and last_day are needed"
        raise TermsError(path, [(sheet.line, problem)])
    listed, faults = _listed(sheet)
    if not faults:
        faults += _incomplete_years(listed)
    if not faults and not listed:
        faults.append((sheet.line, "found no rows; one for each half term is needed"))
    if faults:
        raise TermsError(path, faults)
    return tuple(listed)


def _listed(sheet: Sheet) -> tuple[list[Listed], list[LineFault]]:
    """Return the terms in order of date, and what is wrong with the rows."""
    cells = {name: [row[sheet.columns.index(name)] for _, row in sheet.rows] for name in COLUMNS}
    days = Days.of(*cells.values())
    faults: list[LineFault] = list(sheet.faults)
    if days.problem is not None:
        line, _ = sheet.rows[days.problem.place % len(sheet.rows)]
        return [], [*faults, (line, days.problem.text)]
    listed: list[Listed] = []
    for number, (line, _) in enumerate(sheet.rows):
        found = {name: days.read(cells[name][number]) for name in COLUMNS}
        faults += [
            (line, f'found "{cells[name][number][:MOST_SHOWN]}" as {name}; allowed is {A_DAY_IS}')
            for name, day in found.items()
            if day is None
        ]
        first, last = found.values()
        if first is not None and last is not None:
            listed.append(Listed(line, first, last))
    listed.sort(key=lambda row: row.first_day)
    return listed, [*faults, *_faults_between(listed)]


def _faults_between(listed: list[Listed]) -> Iterator[LineFault]:
    """Say what is wrong with dates that can be read; ``listed`` is in order of first day."""
    sound = []
    for row in listed:
        found = f"found {row.first_day} to {row.last_day}"
        if row.last_day < row.first_day:
            yield row.line, f"{found}; last_day must not be before first_day"
        elif school_year_of(row.first_day) != school_year_of(row.last_day):
            problem = "a term must not run from one school year into the next (1 August)"
            yield row.line, f"{found}; {problem}"
        else:
            sound.append(row)
    for before, row in pairwise(sound):
        if row.first_day <= before.last_day:
            yield (
                row.line,
                (
                    f"found {row.first_day} to {row.last_day}, which overlaps line "
                    f"{before.line} ({before.first_day} to {before.last_day}); "
                    "terms must not overlap"
                ),
            )


def _incomplete_years(listed: list[Listed]) -> Iterator[LineFault]:
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
                rows[0].line,
                (
                    f"found {days} school days in the school year {year}/"
                    f"{(year + 1) % 100:02}; list all its terms ({FEWEST_SCHOOL_DAYS} days or "
                    "more), or none of them and they are made by rule"
                ),
            )
