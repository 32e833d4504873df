"""Caseloads with something wrong in them, and the lines that a planner is shown.

Used by the tests of the reader and by the test of the whole program. Smallshire's run starts on
1 January 2023.
"""

from __future__ import annotations

from typing import NamedTuple

HEAD = (
    "reference,as_at,received,step,since,source,age,need,area,ordered,decided,hours_done,"
    "educational psychologist asked,educational psychologist in,educational psychologist hours,"
    "health asked,health in,family asked,family in"
)

NEEDED = [name for name in HEAD.split(",") if name != "educational psychologist hours"]
ALLOWED = "allowed are " + ", ".join(HEAD.replace(",as_at", ",council,as_at").split(","))
A_DAY_IS = "a day such as 2024-03-14, 14/03/2024 or 14-Mar-2024"

REGISTRATION = {
    "reference": "2022-00123",
    "as_at": "2023-01-01",
    "received": "2022-12-20",
    "step": "registration",
    "since": "2022-12-20",
    "source": "school",
    "age": "7",
    "need": "autism",
    "area": "North",
}
AT_ADVICE = REGISTRATION | {
    "reference": "2022-00088",
    "received": "2022-10-03",
    "step": "advice",
    "since": "2022-11-09",
    "decided": "2022-11-09",
    "educational psychologist asked": "2022-11-09",
    "health asked": "2022-11-09",
    "health in": "2022-12-12",
}
DRAFTING = AT_ADVICE | {
    "reference": "2022-00055",
    "step": "drafting",
    "since": "2022-12-19",
    "hours_done": "2.5",
    "educational psychologist in": "2022-12-16",
}


class Broken(NamedTuple):
    """A caseload that cannot be used, and the lines of its faults, in order, without the folder."""

    name: str
    content: str | bytes
    expected: list[str]


def file_of(*rows: dict[str, str], head: str = HEAD) -> str:
    """Return a caseload with some rows."""
    names = head.split(",")
    lines = [",".join(row.get(name, "") for name in names) for row in rows]
    return "\n".join([head, *lines, ""])


def broken(name: str, row: dict[str, str], *said: str) -> Broken:
    """Return a caseload of a good row and a broken one, which is on line 3."""
    good = REGISTRATION | {"reference": "2022-00001"}
    return Broken(name, file_of(good, row), [f"cases.csv:3: {one}" for one in said])


def _whole() -> list[Broken]:
    good = file_of(REGISTRATION)
    return [
        Broken(
            "an empty file",
            "",
            ["cases.csv: file: empty; allowed is a CSV file with a line of column names"],
        ),
        Broken(
            "columns and no rows",
            HEAD + "\n",
            ["cases.csv: file: no rows below the line of column names"],
        ),
        Broken(
            "characters of no encoding",
            good.encode().replace(b"autism", b"aut\x81sm"),
            [
                "cases.csv:2: file: found a character that is neither UTF-8 nor Windows-1252; "
                "save it as CSV UTF-8"
            ],
        ),
        Broken(
            "a workbook",
            b"PK\x03\x04workbook",
            ["cases.csv: file: not a workbook that can be read; save it as CSV UTF-8"],
        ),
        Broken(
            "rows without the names of the columns",
            good.splitlines()[1] + "\n" + good.splitlines()[1],
            [
                "cases.csv:1: file: found none of the columns that are needed; their names stand "
                "above the rows: " + ", ".join(NEEDED)
            ],
        ),
        Broken(
            "missing and mistyped columns",
            file_of(REGISTRATION, head=HEAD.replace("decided", "decide").replace(",area", "")),
            [
                "cases.csv:1: column area: missing",
                "cases.csv:1: column decided: missing; is it column J?",
            ],
        ),
        Broken(
            "an unknown column",
            file_of(REGISTRATION, head=HEAD + ",officer,paediatrics asked"),
            [
                f"cases.csv:1: column T: unknown; {ALLOWED}",
                f"cases.csv:1: column U: unknown; {ALLOWED}",
            ],
        ),
        Broken(
            "cases of another day than the first of the run",
            file_of(
                REGISTRATION | {"reference": "2022-1", "as_at": "2022-12-31"},
                REGISTRATION | {"reference": "2022-2", "as_at": "2022-12-31"},
            ),
            [
                "cases.csv:2: column as_at: found another day in 2 rows, allowed is 2023-01-01, "
                "the first day of the run: what stands in the file is what there was then"
            ],
        ),
        Broken(
            "a column twice",
            file_of(REGISTRATION, head=HEAD + ",need"),
            ["cases.csv:1: column need: given twice; keep one"],
        ),
        Broken(
            "columns about children by name",
            file_of(REGISTRATION, head=HEAD + ",Name,Date of birth,UPN,Post code,NHS,E-mail"),
            [
                f"cases.csv:1: column {column}: looks like personal data; none is needed, so "
                "remove this column"
                for column in "TUVWXY"
            ],
        ),
        Broken(
            "a column about children by content",
            file_of(
                REGISTRATION | {"notes": "943 476 5919"},
                AT_ADVICE | {"notes": "987 654 3210"},
                head=HEAD + ",notes",
            ),
            [
                f"cases.csv:1: column T: unknown; {ALLOWED}",
                "cases.csv:2: column T: looks like an NHS number, and 1 more row; no personal "
                "data is needed, so take it out of the file",
            ],
        ),
        Broken(
            "days of birth in place of the days of receipt",
            file_of(
                REGISTRATION | {"received": "2015-03-01", "since": "2022-12-20"},
                REGISTRATION | {"reference": "2022-2", "received": "2014-10-09"},
            ),
            [
                "cases.csv:2: column received: looks like a date of birth, and 1 more row; no "
                "personal data is needed, so take it out of the file"
            ],
        ),
        Broken(
            "the same reference twice",
            file_of(REGISTRATION, DRAFTING, REGISTRATION),
            ["cases.csv:4: column reference: given twice, first on line 2; keep one"],
        ),
        Broken(
            "a total below the rows",
            good + "Total,,1" + "," * 16 + "\n",
            ["cases.csv:3: row: found a total of other rows, so take it out of the file"],
        ),
        Broken(
            "days that can be read in two ways",
            file_of(REGISTRATION | {"received": "05/12/2022", "since": "06/12/2022"}),
            [
                "cases.csv:2: column received: is 03/04/2024 in March or in April? No day of the "
                "file is after the 12th, to tell; write them as 2024-03-14 (in Excel: Format "
                "Cells, Custom, yyyy-mm-dd)"
            ],
        ),
        Broken(
            "days written in two ways",
            file_of(
                REGISTRATION,
                REGISTRATION | {"reference": "2022-2", "received": "19/12/2022"},
            ),
            [
                "cases.csv:3: column received: found days written in two ways, numbers with "
                "slashes or dots after year-month-day; allowed is one way in a column, such as "
                "2024-03-14 (see line 2 too)"
            ],
        ),
        Broken(
            "a row with a field too few",
            good.replace(",autism", ""),
            ["cases.csv:2: row: found 18 fields, the first line has 19"],
        ),
    ]


def _personal() -> list[Broken]:
    name = (
        "found what may be a name or a number of a person; allowed are digits, with up to 4 "
        "letters before them and one after, with -, _ or / between, such as 2024-00123 or "
        "EHC/2024/0123"
    )
    number = (
        "looks like the number of a person (NHS, pupil, learner, telephone); allowed are at most "
        "9 digits in a row and 12 in all"
    )
    day = "looks like a date, which may be one of birth"
    kinds = {
        name: (
            *("SMITH, Oliver", "O. Smith", "oliver-smith", "OliverSmith", "Oliver Smith", "Oliver"),
            *("JS", "J.S.", "Smith Oliver 2022", "smith2015", "1-Oliver", "Zoë-123", "O-L-I-1"),
            *("A 123 456 789 012", "case H801200001001", "943 476 5919", "TA1 4DY", "ta14dy"),
            *("case12@example.org", "JS 14/03/2015", "14 March 2015", "12MAR2015", "x" * 21),
            "1234-5678-9012-3456-7",
        ),
        number: (
            *("H801200001001", "A12345678901B", "9434765919", "943-476-5919", "9434765918"),
            *("07700900123", "07700-900123"),
        ),
        "looks like a unique pupil number": ("A-123456-789012", "a1234/5678/9012"),
        "looks like a National Insurance number": ("QQ123456C", "qq-123456-c"),
        day: (
            *("20150312", "12032015", "2015-03-12", "12/03/2015", "12-3-15", "15_03_12"),
            *("OS-20150312", "os/12/03/2015"),
        ),
        "letters that no other reference begins with may be initials; allowed are those of a kind "
        "of case or an area": ("OS-2015", "tom001", "OS1", "Tom-12"),
    }
    return [
        broken(
            f"a reference that is a person: {reference}",
            REGISTRATION | {"reference": f'"{reference}"'},
            f"column reference: {said}",
        )
        for said, references in kinds.items()
        for reference in references
    ]


def _fields() -> list[Broken]:
    return [
        broken(
            "a row of the template",
            REGISTRATION | {"reference": "EXAMPLE-0001"},
            "column reference: found a row of the template; remove it",
        ),
        broken(
            "no reference",
            REGISTRATION | {"reference": ""},
            "column reference: empty; allowed is a reference, such as 2024-00123",
        ),
        broken(
            "an unknown step",
            DRAFTING | {"step": "draftin"},
            'column step: found something else; did you mean "drafting"?',
        ),
        broken(
            "an unknown source",
            REGISTRATION | {"source": "shool"},
            'column source: found something else; did you mean "school"?',
        ),
        broken(
            "an unknown need and area",
            REGISTRATION | {"need": "hearing", "area": "Nort"},
            'column need: found something else, allowed is "autism", "speech", "other"',
            'column area: found something else; did you mean "North"?',
        ),
        broken(
            "impossible ages",
            REGISTRATION | {"age": "31"},
            "column age: found something else, allowed is an age in years of requests.ages: 3, 7, "
            "12, 17",
        ),
        broken(
            "an age with a part of a year",
            REGISTRATION | {"age": "7.5"},
            "column age: found something else, allowed is an age in years of requests.ages: 3, 7, "
            "12, 17",
        ),
        broken(
            "a day that is not in the calendar",
            REGISTRATION | {"received": "2022-02-30"},
            f"column received: found something else, allowed is {A_DAY_IS}",
        ),
        broken(
            "a day as words",
            AT_ADVICE | {"health in": "soon"},
            f"column health in: found something else, allowed is {A_DAY_IS}, or nothing",
        ),
        broken(
            "no day of receipt",
            REGISTRATION | {"received": ""},
            "column received: empty; allowed is a day such as 2024-03-14",
        ),
        broken(
            "a day in the future",
            REGISTRATION | {"since": "2023-01-01"},
            "column since: found a later day, allowed is one before the run starts, 2023-01-01",
        ),
        broken(
            "a day before there were plans",
            REGISTRATION | {"received": "2012-12-20"},
            "column received: found a day before 2014-09-01, when EHC plans began; allowed is a "
            "later one",
        ),
        broken(
            "hours that are no number",
            DRAFTING | {"hours_done": "-2"},
            "column hours_done: found something else, allowed is hours from 0 to 1,000, such as "
            "2.5, or nothing",
        ),
    ]


def _rows() -> list[Broken]:
    return [
        broken(
            "at the step before the request",
            REGISTRATION | {"since": "2022-12-19"},
            "column since: found a day before that on which the request was received",
        ),
        broken(
            "decided before the request",
            AT_ADVICE | {"decided": "2022-10-02"},
            "column decided: found a day before that on which the request was received",
        ),
        broken(
            "at advice before the decision",
            AT_ADVICE | {"since": "2022-11-01"},
            "column since: found a day before that of the decision to assess",
        ),
        broken(
            "past a decision without its day",
            DRAFTING | {"decided": ""},
            'column decided: empty at the step "drafting"; '
            "allowed is the day on which the decision to assess was told",
        ),
        broken(
            "a decision before it is made",
            REGISTRATION | {"decided": "2022-12-21"},
            'column decided: found a day at the step "registration", before the decision; '
            "allowed is nothing",
        ),
        broken(
            "an order before any decision",
            REGISTRATION | {"ordered": "2022-12-21"},
            'column ordered: found a day at the step "registration", before any order; '
            "allowed is nothing",
        ),
        broken(
            "an order in a scenario without disputes",
            AT_ADVICE | {"ordered": "2022-11-09"},
            "column ordered: found a day, but the scenario has no disputes; allowed is nothing",
        ),
        broken(
            "an order before the request and the refusal",
            AT_ADVICE | {"ordered": "2022-10-01"},
            "column ordered: found a day before that on which the request was received",
            "column ordered: found a day before that of the refusal",
            "column ordered: found a day, but the scenario has no disputes; allowed is nothing",
        ),
        broken(
            "advice in before it was asked for",
            AT_ADVICE | {"health in": "2022-11-08"},
            "column health in: found a day before that on which it was asked for",
        ),
        broken(
            "advice in that nobody asked for",
            AT_ADVICE | {"family in": "2022-12-01"},
            "column family in: found a day, but family asked is empty; allowed is nothing",
        ),
        broken(
            "advice asked for before the decision",
            AT_ADVICE | {"health asked": "2022-11-01"},
            "column health asked: found a day before the assessment was agreed or ordered",
        ),
        broken(
            "advice at a step before it",
            REGISTRATION | {"family asked": "2022-12-21"},
            'column family asked: found a day at the step "registration", '
            "before advice is asked for; allowed is nothing",
        ),
        broken(
            "at advice with none outstanding",
            AT_ADVICE | {"educational psychologist in": "2022-12-16"},
            'column step: found "advice", but no advice is outstanding; '
            'allowed is a later step, such as "panel to issue"',
        ),
        broken(
            "hours at a wait",
            REGISTRATION | {"step": "evidence", "hours_done": "2"},
            'column hours_done: found hours, but "evidence" is a wait, not work; '
            "allowed is nothing",
        ),
        broken(
            "hours of advice in the wrong column",
            AT_ADVICE | {"hours_done": "2"},
            "column hours_done: found hours; those of advice go into the column of its giver",
        ),
        broken(
            "hours of advice that is in",
            DRAFTING | {"educational psychologist hours": "9"},
            "column educational psychologist hours: found hours, but the advice is not "
            "outstanding; allowed is nothing",
        ),
        broken(
            "several at once",
            AT_ADVICE | {"step": "advise", "age": "", "health in": "2024-01-01"},
            'column step: found something else; did you mean "advice"?',
            "column age: empty; allowed is an age in years of requests.ages: 3, 7, 12, 17",
            "column health in: found a later day, allowed is one before the run starts, 2023-01-01",
        ),
    ]


BROKEN = [*_whole(), *_personal(), *_fields(), *_rows()]
