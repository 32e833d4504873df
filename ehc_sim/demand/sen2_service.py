"""What DfE publishes of a council's service beside requests, from the same download.

Plans within 20 weeks and the mean weeks to them, annual reviews and their decisions, phase
transfers, and who asked. A table is known by what its columns are, for DfE renames files, labels
and columns from edition to edition: a year in a column's name (``review_completed_2025``,
``due_26``) is read as the year that it is of. What is not found is said in words.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ehc_sim.demand.sen2 import LOCAL, Sen2
from ehc_sim.demand.sen2_council import Council
from ehc_sim.demand.sen2_topics import ALL, quoted, topic_of
from ehc_sim.demand.sen2_zip import LARGEST_BYTES, PLACE, header_of, opened, table_of
from ehc_sim.scenario.faults import BadInput

YEAR = r"(?P<year>\d{4}|\d{2})"
"""Year in the name of a column, which may be its last two digits."""
BREAKDOWN = ("breakdown_topic", "breakdown")
COLUMNS = ("place", "year", "measure", "by", "group", "value", "mark", "source")
"""Columns of the figures."""
ENGLAND = "England"
ACADEMIC_YEAR = r"^\d{4}(\d{2})$"
"""A school year such as 202425, which is told of January of its second calendar year."""


@dataclass(frozen=True)
class Wanted:
    """A measure of a table of DfE's.

    Attributes
    ----------
    measure : str
        Its name in the program's tables, where the program counts the same.
    words : str
        What a note calls it.
    like : str
        Its column in the edition of 2026, for a note.
    column : str
        Form of its column's name; a group ``year`` is the calendar year that it is of.
    of : tuple of str
        Forms of the columns of which it is a share, added up; none where it is no share.
    """

    measure: str
    words: str
    like: str
    column: str
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A table of DfE's: what a note calls it, a column it is known by, and its measures.

    ``passed_over`` is the form of topics of it that are not read, where two are of ages.
    ``calendar_years`` says that a table by school years, of plans in place, is another one.
    """

    words: str
    like: str
    known_by: str
    measures: tuple[Wanted, ...]
    passed_over: str | None = None
    calendar_years: bool = False


_DUE, _FINAL = "transfers", "phase_transfers_with_a_final_plan"
_OF_OTHER_YEARS = (_DUE, _FINAL)
"""Measures whose columns tell of years after the table's."""
_ISSUED = "plans_issued_den_ex"
SOON = r"(number_)?deci?sion_4_?weeks"
LATE = r"(number_)?deci?sion_(gt|over)_4_?weeks"
"""Columns of decisions after a review, within four weeks and later."""
EXPECTED = rf"review_expected(_{YEAR})?"
DECIDED = rf"review_(completed_|decision_?){YEAR}"
"""Columns of reviews expected in a year, and decided in it."""
_TIMELINESS = (
    Wanted("plans_counted", "plans that count", "plans_issued_den", "plans_issued_den"),
    Wanted(
        *("issued_on_time", "plans on time", "plans_issued_20_weeks_ex"),
        *("plans_issued_20_weeks_ex", (_ISSUED,)),
    ),
    Wanted(
        *("issued_over_52_weeks", "plans after more than a year", "plans_issued_gt_1_year_ex"),
        *("plans_issued_gt_1_year_ex", (_ISSUED,)),
    ),
    Wanted(
        *("mean_weeks", "mean weeks to a plan", "avg_weeks_issue_plan"),
        r"(avg|mean)_weeks_issue_plans?",
    ),
)
# The edition of 2025 has outcome_amend and outcome_maintan, which count outcomes of any year.
_REVIEWS = (
    Wanted("at_end", "plans in place", "total_ehc_plans", "total_ehc_plans"),
    Wanted(*("expected", "reviews expected", "review_expected_2025"), EXPECTED),
    Wanted(
        *("decided", "reviews completed", "review_completed_2025"),
        DECIDED,
    ),
    Wanted(
        *("decided_on_time", "decisions within four weeks", "decision_4_weeks"),
        *(SOON, (SOON, LATE)),
    ),
    Wanted("amended", "plans to be amended", "outcome_amended", "outcome_amended"),
    Wanted("maintained", "plans left as they are", "outcome_maintained", "outcome_maintained"),
)
KINDS = (
    Kind(
        *("plans within 20 weeks", "plans_issued_within_20_weeks", "plans_issued_within_20_weeks"),
        _TIMELINESS,
    ),
    Kind("annual reviews", "review_expected_2025", EXPECTED, _REVIEWS),
    Kind(
        *("phase transfers", "due_26", rf"due_{YEAR}"),
        (
            Wanted(_DUE, "phase transfers due", "due_26", rf"due_{YEAR}"),
            Wanted(_FINAL, "phase transfers final", "final_26", rf"final_{YEAR}"),
        ),
    ),
)


@dataclass(frozen=True, eq=False)
class Service:
    """What DfE published of a council and of England.

    Attributes
    ----------
    figures : DataFrame
        Columns place (the council or England), year (calendar), measure (as in the program's tables
        by year), by (all, age, source or need), group, value (shares are 0 to 1; NaN where there is
        no figure), mark (what stands there instead) and source (the table).
    notes : tuple of str
        What was looked for and is not in the file, in words.
    """

    figures: pd.DataFrame
    notes: tuple[str, ...]


def service_in_sen2(
    sen2: Sen2, council: Council, kinds: Sequence[Kind] = KINDS, *, who_asked: bool = True
) -> Service:
    """Read what a download has of a council's service, and of England beside it.

    Parameters
    ----------
    sen2 : Sen2
        The requests of the same download.
    council : Council
        The council, as found in them.
    kinds : sequence of Kind
        The tables that are looked for.
    who_asked : bool
        Whether requests by who asked, which the table of requests has, are among the figures.

    Raises
    ------
    BadInput
        If the file is no longer what it was, or a table is none.
    """
    parts, notes = [_who_asked(sen2, council)] if who_asked else [], list[str]()
    with opened(sen2.path) as archive:
        there = _tables(archive)
        for kind in kinds:
            found = [
                (size, member, columns)
                for size, member, columns, school_years in there
                if any(re.fullmatch(kind.known_by, column) for column in columns)
                and not (kind.calendar_years and school_years)
            ]
            if not found:
                looked = f"looked for one with a column like {kind.like}"
                notes.append(f"DfE's file has no table of {kind.words} ({looked}).")
                continue
            size, member, columns = max(found)
            absent = [column for column in PLACE if column not in columns]
            if absent or size > LARGEST_BYTES:
                why = f"it has no column {' or '.join(absent)}" if absent else f"{size:,} bytes"
                notes.append(f"Not used from DfE's file: {kind.words}, {member}: {why}.")
                continue
            try:
                rows, said = _of_table(
                    sen2.path, member, archive.read(member), columns, kind, council
                )
            except BadInput as fault:  # requests are there, and need not go without for this
                notes.append(f"Not used from DfE's file: {fault}.")
                continue
            parts.append(rows)
            notes += said
    nothing = [pd.DataFrame(columns=list(COLUMNS))]
    figures = pd.concat([part for part in parts if len(part)] or nothing, ignore_index=True)
    order = figures["place"] == ENGLAND
    figures = pd.concat([figures[~order], figures[order]], ignore_index=True)
    return Service(figures[list(COLUMNS)], tuple(notes))


def _tables(archive: zipfile.ZipFile) -> list[tuple[int, str, list[str], bool]]:
    """Return size, name and columns of every table, and whether its first year is a school year."""
    found = []
    for one in archive.infolist():
        if one.filename.lower().endswith(".csv"):
            with archive.open(one) as file:
                columns, first = (header_of(file.readline(1_000_000)) for _ in range(2))
                year = dict(zip(columns, first, strict=False)).get("time_period", "")
                school_years = re.fullmatch(ACADEMIC_YEAR, year) is not None
                found.append((one.file_size, one.filename, columns, school_years))
    return found


def _who_asked(sen2: Sen2, council: Council) -> pd.DataFrame:
    """Return requests by who asked, which the table of requests has."""
    parts = []
    for place, rows in ((council.name, council.rows), (ENGLAND, _national(sen2.rows))):
        rows = rows[rows["topic"] == "source"]
        parts.append(
            pd.DataFrame(
                {
                    "place": place, "year": rows["year"], "measure": "requests", "by": "source",
                    "group": rows["group"], "value": rows["requests"], "mark": rows["mark"],
                    "source": sen2.member,
                }
            )
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _national(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["level"] == "national"]


def _of_table(
    path: Path, member: str, raw: bytes, columns: list[str], kind: Kind, council: Council
) -> tuple[pd.DataFrame, list[str]]:
    """Return the figures of a table, and what it does not tell."""
    by = [column for column in BREAKDOWN if column in columns]
    forms = [form for one in kind.measures for form in (one.column, *one.of)]
    kept = [
        one
        for one in columns
        if any(re.fullmatch(form, one) for form in forms) and columns.count(one) == 1
    ]
    # A column whose name is there twice is not chosen between.
    columns = [f"{one} {n}" if columns.count(one) > 1 else one for n, one in enumerate(columns)]
    table = table_of(path, member, raw, columns, list(dict.fromkeys([*PLACE, *by, *kept])))
    level, number = table["geographic_level"].str.lower(), table["old_la_code"]
    own = (level == LOCAL) & ((number == council.number) | (table["new_la_code"] == council.code))
    table = table.assign(place=own.map({True: council.name, False: ENGLAND}))
    nothing = pd.DataFrame(columns=list(COLUMNS))
    if not own.any():
        return nothing, [f"{member} has no row of {council.name}."]
    notes = list[str]()
    year = table["time_period"].str.replace(ACADEMIC_YEAR, r"20\1", regex=True)
    table = table.assign(time_period=year)
    table = table[(own | (level == "national")) & year.str.fullmatch(r"\d{4}")]
    if len(by) < len(BREAKDOWN):
        table = table.assign(by=ALL, group=ALL)
    else:
        headings, topics = table["breakdown_topic"], table["breakdown_topic"].map(_topic)
        if kind.passed_over:
            topics = topics.mask(headings.str.contains(kind.passed_over, case=False), "")
        twice = _told_twice(headings, topics)
        notes += [
            f"Not used from {member}: two labels of one topic, {quoted(labels)}."
            for labels in twice.values()
        ]
        if ALL not in set(topics):
            notes.append(f"{member} has no row of all: found the topics {quoted(headings)}.")
        group = table["breakdown"].map(_group).where(topics != ALL, ALL)
        table = table.assign(by=topics, group=group)
        table = table[(topics != "") & ~topics.isin(list(twice))]
    if table.duplicated(["place", "time_period", "by", "group"]).any():
        return nothing, [f"Not used from {member}: several rows of one place, year and group."]
    parts = []
    for one in kind.measures:
        found = list(_figures(table, one, kept, member))
        parts += found
        if not found:
            looked = f"looked for a column like {one.like}"
            notes.append(f"{member} does not tell {one.words} ({looked}).")
    return (pd.concat(parts) if parts else nothing), notes


def _figures(
    table: pd.DataFrame, wanted: Wanted, columns: list[str], member: str
) -> Iterator[pd.DataFrame]:
    """Give the figures of a measure, one part for each column that it may stand in."""
    for column in columns:
        form = re.fullmatch(wanted.column, column)
        if form is None:
            continue
        year = form.groupdict().get("year")
        rows = (
            table
            if not year or wanted.measure in _OF_OTHER_YEARS
            else table[table["time_period"].str.endswith(year)]
        )
        if rows.empty:
            continue
        value, mark = pd.to_numeric(rows[column], errors="coerce"), rows[column]
        if wanted.of:
            parts = [one for one in columns if any(re.fullmatch(of, one) for of in wanted.of)]
            whole = rows[parts].apply(pd.to_numeric, errors="coerce").sum(axis=1, skipna=False)
            value = value.where(whole > 0) / whole
        of_year = rows["time_period"]
        if wanted.measure in _OF_OTHER_YEARS and year:
            of_year = pd.Series(f"20{year[-2:]}", index=rows.index)
        yield pd.DataFrame(
            {
                "place": rows["place"], "year": of_year.astype(int), "measure": wanted.measure,
                "by": rows["by"], "group": rows["group"], "value": value,
                "mark": mark.where(value.isna(), ""), "source": member,
            }
        )  # fmt: skip


def _topic(heading: str) -> str:
    """Return which topic a heading is of: all, age, need or source; nothing for others."""
    every = heading.lower().startswith("all ") or heading.lower() == "new ehc plans"
    return ALL if every else topic_of(heading)


def _told_twice(headings: pd.Series[str], topics: pd.Series[str]) -> dict[str, list[str]]:
    labels = headings.groupby(topics).unique()
    return {str(topic): list(of) for topic, of in labels.items() if topic and len(of) > 1}


def _group(label: str) -> str:
    """Return a group without the word "age": "10" of "Aged 10" and of "age 10"."""
    return re.sub(r"^aged? ", "", label, flags=re.IGNORECASE)
