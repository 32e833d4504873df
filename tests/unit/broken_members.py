"""Tables of members with something wrong in them, and the lines that people are shown."""

from __future__ import annotations

import re
from io import BytesIO
from typing import NamedTuple

from openpyxl import Workbook

from tests.members import LATER, POSTS, TABLE

HEAD = "member,explanation,weight,"
REFUSED = "decision_to_assess.refused"
FILE = "members.csv"
TABLES = (
    '"council", "period", "target", "demand", "requests", "decision_to_assess", "advice", '
    '"decision_to_issue", "drafting", "draft_to_final", "disputes", "meetings", "plans", '
    '"caseload", "explanations", "exceptions", "teams", "panels", "costs", "run"'
)


class Broken(NamedTuple):
    """A table that cannot be used, and the lines of its faults, in order, without the folder."""

    name: str
    content: str | bytes
    expected: list[str]


def turned(old: str, new: str, most: int = -1) -> str:
    """Return the table of the small council with some of it other."""
    assert old in TABLE
    return TABLE.replace(old, new, most)


def of(column: str, *cells: str) -> str:
    """Return a table of one column, a member for each cell."""
    rows = (f"m{number},one,1,{cell}\n" for number, cell in enumerate(cells))
    return f"{HEAD}{column}\n{''.join(rows)}"


def workbook(table: str) -> bytes:
    """Return a table as a workbook, as a spreadsheet would have read it."""
    book, made = Workbook(), BytesIO()
    for line in table.splitlines():
        cells = line.split(",")
        figures = [re.fullmatch(r"[0-9.]+", cell) is not None for cell in cells]
        row = [float(c) if figure else c for c, figure in zip(cells, figures, strict=True)]
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def at(line: int, column: str, problem: str) -> str:
    return f"{FILE}:{line}: column {column}: {problem}"


BROKEN = [
    Broken(
        "a path with a slip",
        turned("plan writers", "plan writer"),
        [
            at(1, f"teams.plan writer.posts{since}", f'found "teams.plan writer.posts", {meant}')
            for since, meant in (
                ("", f'did you mean "{POSTS}"?'),
                (" from 2024-07-01", f'did you mean "{POSTS}"?'),
            )
        ],
    ),
    Broken(
        "a path of nothing",
        of("nothing.at.all", "1"),
        [at(1, "nothing.at.all", f'found "nothing.at.all", allowed starts with {TABLES}')],
    ),
    Broken(
        "a day after the run",
        turned("2024-07-01", "2031-07-01"),
        [
            at(
                1,
                f"{POSTS} from 2031-07-01",
                "found 2031-07-01, allowed is 2023-01-01 to 2026-12-31, the days of the run",
            )
        ],
    ),
    *(
        Broken(
            f"the day {day}",
            turned("2024-07-01", day),
            [
                at(
                    1,
                    f"{POSTS} from {day}",
                    f'found "{day}" after from, allowed is a day such as 2024-07-01',
                )
            ],
        )
        for day in ("July 2024", "01/07/2024", "2024-02-30", "2024-7-1")
    ),
    Broken(
        "a day of what holds for the whole run",
        of("requests.concentration from 2024-01-01", "400"),
        [
            at(
                1,
                "requests.concentration from 2024-01-01",
                "found a date, allowed is none: requests.concentration holds for the whole run",
            )
        ],
    ),
    *(
        Broken(
            f"a cell with {text or 'nothing'}",
            turned("3.5,0.20", f"{text},0.20"),
            [at(3, LATER, f"{said}allowed is a number")],
        )
        for text, said in (
            ("a lot", 'found "a lot", '),
            ("", "empty; "),
            ("20%", 'found "20%", '),
            ("nan", 'found "nan", '),
            ("#N/A", 'found "#N/A", '),
        )
    ),
    Broken(
        "decimal commas",
        of(POSTS, "2", "3").replace(",", ";").replace(";3\n", ";3,5\n"),
        [at(3, POSTS, 'found "3,5", allowed is a number with a decimal point, such as 0.25')],
    ),
    *(
        Broken(
            f"the weight {weight}",
            turned("in order,3", f"in order,{weight}"),
            [at(2, "weight", f'found "{weight}", allowed is a number above 0')],
        )
        for weight in ("-3", "0", "high", "inf")
    ),
    Broken(
        "all weights 0",
        of(POSTS, *["2"] * 9).replace("one,1", "one,0"),
        [
            *(at(n, "weight", 'found "0", allowed is a number above 0') for n in range(2, 7)),
            f"{FILE}: and 4 more of this kind (lines 7 to 10)",
        ],
    ),
    Broken(
        "a member twice",
        turned("\nd,", "\nA,"),
        [at(5, "member", "given twice, first on line 2; keep one")],
    ),
    Broken("a column twice", turned(LATER, POSTS), [at(1, POSTS, "given twice; keep one")]),
    Broken(
        "a column twice, once in quotation marks",
        turned(LATER, '"teams.""plan writers"".posts"'),
        [at(1, 'teams."plan writers".posts', "given twice; keep one")],
    ),
    Broken(
        "no rows", TABLE.splitlines()[0], [f"{FILE}: file: no rows below the line of column names"]
    ),
    Broken(
        "nothing", "", [f"{FILE}: file: empty; allowed is a CSV file with a line of column names"]
    ),
    Broken(
        "no numbers",
        "member,explanation,weight\na,one,1\n",
        [
            f"{FILE}:1: file: found no column beside them, allowed is one or more, each the path "
            "of a number such as teams.plan writers.posts"
        ],
    ),
    Broken(
        "no weights",
        of(POSTS, "2").replace("weight,", "").replace(",1,", ","),
        [at(1, "weight", f"missing; found the columns member, explanation, {POSTS}")],
    ),
    Broken(
        "no explanation of a member",
        turned("b,newest first", "b,"),
        [at(3, "explanation", "empty; allowed is a text")],
    ),
    Broken(
        "a member without a name",
        turned("b,newest first", ",newest first"),
        [at(3, "member", "empty; allowed is a text")],
    ),
    Broken(
        "an explanation of many words",
        turned("c,in order", "c," + "x" * 61),
        [at(4, "explanation", "found 61 characters, allowed is 60")],
    ),
    Broken(
        "numbers out of range",
        turned("0.30", "1.30").replace("0.15", "-0.15"),
        [
            at(2, REFUSED, "found 1.3, allowed is 0 to 1"),
            at(5, REFUSED, "found -0.15, allowed is 0 to 1"),
        ],
    ),
    Broken(
        "a whole column out of range",
        of(REFUSED, *[str(20 + n) for n in range(40)]),
        [
            *(at(2 + n, REFUSED, f"found {20 + n}, allowed is 0 to 1") for n in range(5)),
            f"{FILE}: and 35 more of this kind (lines 7 to 41)",
        ],
    ),
    Broken(
        "a member without anybody",
        of(POSTS, "2", "0"),
        [
            f"{FILE}:1: {POSTS}: found no posts and no agency, allowed is more than 0: cases would "
            "wait for ever"
        ],
    ),
    Broken(
        "shares that do not add up",
        of("requests.ages.3", "0.5"),
        [f"{FILE}:1: requests.ages: found shares that add up to 1.3, allowed is 1"],
    ),
    Broken(
        "what is asked for",
        of("target.share", "0.5"),
        [
            at(
                1,
                "target.share",
                "found a setting of target, allowed is one of another table: the target is what "
                "is asked for",
            )
        ],
    ),
    *(
        Broken(
            f"the path of {kind}",
            of(path, "1"),
            [at(1, path, f"found a setting that is {kind}, allowed is one that is a number{more}")],
        )
        for path, kind, more in (
            ("teams.plan writers", "a table", ""),
            ("exceptions.claimed", "true or false", ""),
            ("panels.weekly panel.every_weeks", "a whole number", " with a range"),
            ("explanations.members", "text in quotation marks", ""),
        )
    ),
    Broken(
        "a row too short",
        turned("3.5,0.20", "3.5"),
        [f"{FILE}:3: row: found 5 fields, the first line has 6"],
    ),
    Broken(
        "an old workbook",
        b"\xd0\xcf\x11\xe0rest",
        [
            f"{FILE}: file: found an old workbook (.xls), or one with a password; save it as .xlsx "
            "without one, or as CSV UTF-8"
        ],
    ),
    Broken(
        "a workbook under another name",
        workbook(of(POSTS, "2", "two")),
        [at(3, POSTS, 'found "two", allowed is a number')],
    ),
]
