"""DfE's published SEN2 figures of requests, read from the zip file as it is downloaded.

"Education, health and care plans" on explore-education-statistics.service.gov.uk, Open Government
Licence v3. The table is found by its columns, so that editions may name their files as they like:
the 2022 edition has ``InreqEHC`` in one row a council and year; those from 2025 on have
``requests_received_in_year`` by topic (all requests, age, from 2026 on who asked, and others), the
2026 edition with other labels, all names in small letters and more columns. Names of columns are
read without regard to case, topics by a word of their label (see ``sen2_topics.py``).
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ehc_sim.demand.sen2_topics import (
    ALL,
    WORDS,
    no_totals,
    not_told,
    quoted,
    told_twice,
    topic_of,
)
from ehc_sim.demand.sen2_zip import LARGEST_BYTES, PLACE, bad, header_of, opened, table_of
from ehc_sim.inputs import NOT_A_NUMBER
from ehc_sim.scenario.csv_table import YEARS_ALLOWED
from ehc_sim.scenario.faults import BadInput, Fault, describe

TOTALS = ("requests_received_in_year", "inreqehc")
"""Columns that hold the requests, one or the other."""
LOCAL = "local authority"
BREAKDOWN = ("breakdown_topic", "breakdown")
"""Columns that say of which children a row is; an edition has both, or one row a place and year."""
UNKNOWN = r"not known|unknown"
"""Groups of those of whom a topic is not known."""


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
    notes : tuple of str
        What its labels do not tell, in words.
    """

    path: Path
    member: str
    rows: pd.DataFrame
    notes: tuple[str, ...] = ()

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
    looked at the groups add up to all requests, and no row says 0. A year without a figure of any
    named group (in 2024 who asked is one row, "Not known", with a mark) is not there at all.
    """
    named = ~rows["group"].str.lower().str.contains(UNKNOWN) & rows["requests"].notna()
    rows = rows[rows["year"].isin(rows.loc[named, "year"])]
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
    with opened(path) as archive:
        member, columns = _table_in(path, archive)
        raw = archive.read(member)
    wanted = [column for column in PLACE if column not in columns]
    if wanted:
        raise bad(path, _no_column(wanted, columns), member)
    return _sen2(path, member, raw, columns)


def _no_column(wanted: Sequence[str], columns: list[str]) -> str:
    more = " …" if len(columns) > 12 else ""
    return (
        f"has no column {' or '.join(wanted)}, which was looked for; found the columns "
        f"{', '.join(columns[:12])}{more}"
    )


def _table_in(path: Path, archive: zipfile.ZipFile) -> tuple[str, list[str]]:
    """Return the name and the columns of the table of requests; of several, the largest."""
    found: list[tuple[int, str, list[str]]] = []
    near = ""
    tables = [one for one in archive.infolist() if one.filename.lower().endswith(".csv")]
    for one in tables:
        with archive.open(one) as file:
            columns = header_of(file.readline(1_000_000))
        if set(TOTALS) & set(columns):
            found.append((one.file_size, one.filename, columns))
        elif named := [column for column in columns if "request" in column]:
            near = f", of which {one.filename} has {', '.join(named[:4])}"
    if not found:
        names = ", ".join(one.filename for one in tables[:6]) or "no table at all"
        more = " …" if len(tables) > 6 else ""
        raise bad(
            path,
            f"has no table of requests (one with a column {' or '.join(TOTALS)}); found "
            f"{names}{more}{near}; allowed is the download of “Education, health and care plans”, "
            "editions 2022, 2025 and later",
        )
    size, name, columns = max(found)
    if size > LARGEST_BYTES:
        raise bad(path, f"has {size:,} bytes, allowed is {LARGEST_BYTES:,}", name)
    return name, columns


def _sen2(path: Path, member: str, raw: bytes, columns: list[str]) -> Sen2:
    total = next(column for column in TOTALS if column in columns)
    by = [column for column in BREAKDOWN if column in columns]
    if len(by) == 1:
        missing = _no_column([c for c in BREAKDOWN if c not in by], columns)
        raise bad(path, missing.replace("has", f"has a column {by[0]} and", 1), member)
    table = table_of(path, member, raw, columns, [*PLACE, *by, total])
    if not by:
        local = table[table["geographic_level"].str.lower() == LOCAL]
        if local.duplicated(list(PLACE)).any():
            problem = f"{_no_column(BREAKDOWN, columns)}; some councils have several rows a year"
            raise bad(path, problem, member)
        table = table.assign(breakdown_topic="All requests", breakdown="All requests")
    headings = table["breakdown_topic"]
    twice = told_twice(headings, table["time_period"])
    if ALL in twice:
        problem = f"has two topics of all requests: found {quoted(twice[ALL])}"
        raise bad(path, f"{problem}; allowed is one", member)
    notes = [
        f"Not used from DfE's table: {WORDS[topic]}, told under two topics, {quoted(labels)}."
        for topic, labels in twice.items()
    ]
    unclear = [label for labels in twice.values() for label in labels]
    rows = _rows(path, member, table[~headings.isin(unclear)], total)
    return Sen2(path, member, rows, (*notes, *(not_told(headings) if by else ())))


def _rows(path: Path, member: str, table: pd.DataFrame, total: str) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "level": table["geographic_level"].str.lower(),
            "name": table["la_name"],
            "code": table["new_la_code"].str.upper(),
            "number": table["old_la_code"],
            "topic": table["breakdown_topic"].map(topic_of),
            "group": table["breakdown"],
            "year": table["time_period"],
            "mark": table[total],
        }
    )
    rows["mark"] = rows["mark"].str.removesuffix(".0")
    for other in ("code", "name"):  # what tells councils apart where DfE's number is not given
        rows["number"] = rows["number"].where(rows["number"] != "", rows[other])
    if ALL not in set(rows["topic"]):
        raise bad(path, no_totals(table["breakdown_topic"]), member)
    rows = rows[rows["topic"] != ""]
    faults = list(_faults(path, member, rows, total))
    if faults:
        raise BadInput(faults)
    number = pd.to_numeric(rows["mark"], errors="coerce")
    return rows.assign(
        year=rows["year"].astype(int), requests=number, mark=rows["mark"].where(number.isna(), "")
    )


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
    if not in_time.all():
        yield fault(~in_time, "time_period", rows["year"], f"a calendar year from {low} to {high}")
    if not number.all():
        yield fault(
            ~number, total, rows["mark"],
            "a whole number, or c, x, z, ~ or low where there is no figure",
        )  # fmt: skip
    local, national = (rows["level"] == level for level in (LOCAL, "national"))
    key = rows[["level", "year", "topic"]].assign(
        number=rows["number"].where(local, ""), group=rows["group"].where(rows["topic"] != ALL, "")
    )
    twice = key.duplicated()
    twice &= local | national
    if twice.any():
        yield fault(twice, "la_name", rows["name"], "one row a council, year and group")
    nameless = local & (rows["name"] == "")
    if nameless.any():
        yield fault(nameless, "la_name", rows["name"], "the name of a council")
    england = rows["mark"][national & (rows["topic"] == ALL)]
    levels = f"looked for in geographic_level; found {quoted(rows['level'])}"
    if not len(england):
        problem = f"has no row of all requests in England (level National), {levels}"
        yield Fault(path, None, member, problem)
    elif not england.str.fullmatch(r"\d{1,9}").any():
        found = ", ".join(sorted(set(england)))
        problem = f"has no figure of all requests in England, only marks: {found}"
        yield Fault(path, None, member, problem)
    if not local.any():
        problem = f"has no row of a council (level Local authority), {levels}"
        yield Fault(path, None, member, problem)
