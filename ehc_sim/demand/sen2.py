"""DfE's published SEN2 figures of requests, read from the zip file as it is downloaded.

"Education, health and care plans" on explore-education-statistics.service.gov.uk, Open Government
Licence v3. The table is found by its columns, so that editions may name their files as they like:
the 2022 edition has ``InreqEHC`` in one row a council and year; those from 2025 on have
``requests_received_in_year`` by topic (all requests, age, and others), the 2026 edition with all
names in small letters and more columns. Names are read without regard to case.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ehc_sim.inputs import NOT_A_NUMBER, problem_of
from ehc_sim.scenario.csv_table import YEARS_ALLOWED
from ehc_sim.scenario.faults import BadInput, Fault, describe

TOTALS = ("requests_received_in_year", "inreqehc")
"""Columns that hold the requests, one or the other."""
PLACE = ("time_period", "geographic_level", "new_la_code", "old_la_code", "la_name")
LARGEST_BYTES = 400_000_000
"""A table beyond this is not DfE's."""
ALL = "all"
TOPICS = {
    ALL: r"^all requests",
    "age": r"\bage\b",
    "source": r"\bsource\b|\brequest(er|ed by)\b",
    "need": r"\bneed\b",
}
"""Topics of a table in their order of search, and how they are recognised."""


@dataclass(frozen=True, eq=False)
class Sen2:
    """Requests for an assessment as DfE published them.

    Attributes
    ----------
    path : Path
        The zip file.
    member : str
        The table in it.
    rows : DataFrame
        One row a place, year and group: level (national, regional or local authority), name, code
        (of the Office for National Statistics), number (DfE's), year, topic (all, age, source or
        need), group, requests (NaN where there is no figure) and mark (what stands there instead).
    """

    path: Path
    member: str
    rows: pd.DataFrame

    @property
    def years(self) -> tuple[int, int]:
        """First and last year with a figure for England."""
        known = self.england[self.england.notna()].index
        return int(known.min()), int(known.max())

    @property
    def england(self) -> pd.Series[float]:
        """Requests in England by year."""
        rows = self.rows[(self.rows["level"] == "national") & (self.rows["topic"] == ALL)]
        return rows.set_index("year")["requests"].sort_index()

    def england_by(self, topic: str) -> pd.DataFrame:
        """Return England's requests by group (rows) and year (columns); empty where not given."""
        rows = self.rows[(self.rows["level"] == "national") & (self.rows["topic"] == topic)]
        return by_group(rows)


def by_group(rows: pd.DataFrame) -> pd.DataFrame:
    """Return requests by group (rows) and year (columns).

    A group without a row in a year that has others had no request in it: in the editions that were
    looked at the groups add up to all requests, and no row says 0.
    """
    if rows.empty:
        return pd.DataFrame(dtype=np.float64)
    wide = rows.pivot_table(
        index="group", columns="year", values="requests", aggfunc="first", dropna=False, sort=False
    )
    present = rows.assign(there=1).pivot_table(index="group", columns="year", values="there")
    return wide.where(present.reindex_like(wide).notna(), 0.0)


def read_sen2(path: Path) -> Sen2:
    """Read the requests in DfE's download.

    Parameters
    ----------
    path : Path
        The zip file, as downloaded.

    Raises
    ------
    BadInput
        If it is not a zip file, has no table of requests, or the table is not what it should be.
    """
    problem = problem_of(path, LARGEST_BYTES)
    if problem is not None:
        raise _bad(path, problem)
    try:
        with zipfile.ZipFile(path) as archive:
            member, columns = _table_in(path, archive)
            raw = archive.read(member)
    except OSError as error:
        raise _bad(path, f"cannot be read: {error.strerror}") from error
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise _bad(
            path,
            f"not a whole zip file ({error}); allowed is DfE's file, “Download all data (zip)”",
        ) from error
    wanted = [column for column in PLACE if column not in columns]
    if wanted:
        raise _bad(
            path, f"has no column {' or '.join(wanted)}; found {', '.join(columns[:12])} …", member
        )
    return Sen2(path, member, _rows(path, member, raw, columns))


def _bad(path: Path, problem: str, member: str = "", line: int | None = None) -> BadInput:
    where = f"{member}, line {line}" if line else member
    return BadInput([Fault(path, None, where, problem)])


def _table_in(path: Path, archive: zipfile.ZipFile) -> tuple[str, list[str]]:
    """Return the name and the columns of the table of requests; of several, the largest."""
    found: list[tuple[int, str, list[str]]] = []
    tables = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
    for one in tables:
        with archive.open(one) as file:
            columns = _header(file.readline(1_000_000))
        if set(TOTALS) & set(columns):
            found.append((one.file_size, one.filename, columns))
    if not found:
        names = ", ".join(one.filename for one in tables[:6]) or "no table at all"
        more = " …" if len(tables) > 6 else ""
        raise _bad(
            path,
            f"has no table of requests (one with a column {' or '.join(TOTALS)}); found "
            f"{names}{more}; allowed is the download of “Education, health and care plans”, "
            "editions 2022, 2025 and later",
        )
    size, name, columns = max(found)
    if size > LARGEST_BYTES:
        raise _bad(path, f"has {size:,} bytes, allowed is {LARGEST_BYTES:,}", name)
    return name, columns


def _header(line: bytes) -> list[str]:
    try:
        return [name.strip().lower() for name in next(csv.reader([_text(line)]), [])]
    except csv.Error:  # no table of DfE's
        return []


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _rows(path: Path, member: str, raw: bytes, columns: list[str]) -> pd.DataFrame:
    total = next(column for column in TOTALS if column in columns)
    kept = [*PLACE, *(c for c in ("breakdown_topic", "breakdown") if c in columns), total]
    try:
        table = pd.read_csv(
            io.StringIO(_text(raw)),
            dtype=str, keep_default_na=False, names=columns, header=0, usecols=kept,
        )  # fmt: skip
    except (pd.errors.ParserError, ValueError) as error:
        raise _bad(path, f"not a table: {' '.join(str(error).split())}", member) from error
    groups = ("breakdown_topic", "breakdown")
    missing = [name for name in groups if name not in table]
    if len(missing) == 1:  # one row a council and year has neither, as in 2022
        given = next(name for name in groups if name in table)
        problem = (
            f"has a column {given} and no column {missing[0]}; found {', '.join(columns[:12])} …"
        )
        raise _bad(path, problem, member)
    for name in missing:
        table[name] = "All requests"
    table = table.apply(lambda column: column.str.strip())
    rows = pd.DataFrame(
        {
            "level": table["geographic_level"].str.lower(),
            "name": table["la_name"],
            "code": table["new_la_code"].str.upper(),
            "number": table["old_la_code"],
            "topic": table["breakdown_topic"].map(_topic),
            "group": table["breakdown"],
            "year": table["time_period"],
            "mark": table[total],
        }
    )
    rows["mark"] = rows["mark"].str.removesuffix(".0")
    for other in ("code", "name"):  # what tells councils apart where DfE's number is not given
        rows["number"] = rows["number"].where(rows["number"] != "", rows[other])
    rows = rows[rows["topic"] != ""]
    faults = list(_faults(path, member, rows, total))
    if faults:
        raise BadInput(faults)
    number = pd.to_numeric(rows["mark"], errors="coerce")
    return rows.assign(
        year=rows["year"].astype(int), requests=number, mark=rows["mark"].where(number.isna(), "")
    )


def _topic(heading: str) -> str:
    """Return which of the topics a heading is of; nothing for those that are not used."""
    found = (topic for topic, form in TOPICS.items() if re.search(form, heading.lower()))
    return next(found, "")


def _faults(path: Path, member: str, rows: pd.DataFrame, total: str) -> Iterator[Fault]:
    """Give the faults of a table, one line for each kind of them."""

    def fault(wrong: pd.Series[bool], column: str, values: pd.Series[str], allowed: str) -> Fault:
        first = int(np.argmax(wrong))
        more = int(wrong.sum()) - 1
        also = f", and {more} more rows" if more else ""
        return Fault(
            path, None, f"{member}, line {values.index[first] + 2}, column {column}",
            f"found {describe(values.iloc[first])}, allowed is {allowed}{also}",
        )  # fmt: skip

    low, high = YEARS_ALLOWED
    in_time = rows["year"].str.fullmatch(r"\d{4}") & rows["year"].between(str(low), str(high))
    number = rows["mark"].str.fullmatch(r"\d{1,9}") | rows["mark"].str.lower().isin(NOT_A_NUMBER)
    if rows.empty:
        yield Fault(path, None, member, "has no row of all requests")
        return
    if not in_time.all():
        yield fault(~in_time, "time_period", rows["year"], f"a calendar year from {low} to {high}")
    if not number.all():
        yield fault(
            ~number, total, rows["mark"],
            "a whole number, or c, x, z, ~ or low where there is no figure",
        )  # fmt: skip
    local, national = (rows["level"] == level for level in ("local authority", "national"))
    key = [rows["level"], rows["number"].where(local, "")]
    twice = pd.concat([*key, rows[["year", "topic", "group"]]], axis=1).duplicated()
    twice &= local | national
    if twice.any():
        yield fault(twice, "la_name", rows["name"], "one row a council, year and group")
    england = rows["mark"][national & (rows["topic"] == ALL)]
    if not len(england):
        yield Fault(path, None, member, "has no row of all requests in England (level National)")
    elif not england.str.fullmatch(r"\d{1,9}").any():
        found = ", ".join(sorted(set(england)))
        problem = f"has no figure of all requests in England, only marks: {found}"
        yield Fault(path, None, member, problem)
    if not local.any():
        yield Fault(path, None, member, "has no row of a council (level Local authority)")
