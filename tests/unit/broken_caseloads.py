"""Caseloads with something wrong in them, and the lines that a planner is shown.

Used by the tests of the reader and by the test of the whole program. Smallshire's run starts on
1 January 2023.
"""

from __future__ import annotations

from typing import NamedTuple

HEAD = (
    "reference,received,step,since,source,age,need,area,ordered,decided,hours_done,"
    "educational psychologist asked,educational psychologist in,educational psychologist hours,"
    "health asked,health in,family asked,family in"
)

REGISTRATION = {
    "reference": "2022-00123",
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
            "saved in the wrong encoding",
            good.replace("2022-00123", "2022–00123").encode("cp1252"),
            ["cases.csv:2: file: found a character that is not UTF-8; save it as CSV UTF-8"],
        ),
        Broken(
            "a workbook",
            b"PK\x03\x04workbook",
            ["cases.csv: file: not a CSV file (a workbook?); save it as CSV UTF-8"],
        ),
        Broken(
            "semicolons",
            good.replace(",", ";"),
            ["cases.csv:1: row: found columns without commas between them; save it as CSV UTF-8"],
        ),
        Broken(
            "missing and mistyped columns",
            file_of(REGISTRATION, head=HEAD.replace("decided", "decide").replace(",area", "")),
            [
                "cases.csv:1: column area: missing",
                'cases.csv:1: column decided: missing; is it "decide"?',
            ],
        ),
        Broken(
            "an unknown column",
            file_of(REGISTRATION, head=HEAD + ",officer,paediatrics asked"),
            [
                "cases.csv:1: column officer: unknown; allowed are those of the template",
                "cases.csv:1: column paediatrics_asked: unknown; allowed are those of the template",
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
                for column in ("name", "date_of_birth", "upn", "post_code", "nhs", "e-mail")
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
                "cases.csv:1: column notes: unknown; allowed are those of the template",
                "cases.csv:2: column notes: looks like an NHS number, and 1 more row; no personal "
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
            ['cases.csv:4: reference "2022-00123": given twice, first on line 2; keep one'],
        ),
        Broken(
            "a row with a field too few",
            good.replace(",autism", ""),
            ["cases.csv:2: row: found 17 fields, the first line has 18"],
        ),
    ]


def _personal() -> list[Broken]:
    kinds = {
        "a unique pupil number": ("H801200001001", "case H801200001001"),
        "an NHS number": ("943 476 5919", "9434765919"),
        "a postcode": ("TA1 4DY", "ta14dy"),
        "an e-mail address": ("case12@example.org",),
        "a person's name": ("Oliver Smith", "Smith Oliver 2022"),
        "a date of birth": ("2015-03-14", "JS 14/03/2015"),
        "a name or initials": ("Oliver", "JS"),
    }
    said = "looks like {}; no personal data is needed, so take it out of the file"
    return [
        broken(
            f"a reference with {kind}: {reference}",
            REGISTRATION | {"reference": reference},
            f"column reference: {said.format(kind)}",
        )
        for kind, references in kinds.items()
        for reference in references
    ]


def _fields() -> list[Broken]:
    return [
        broken(
            "a row of the template",
            REGISTRATION | {"reference": "EXAMPLE-1"},
            'column reference: found "EXAMPLE-1", a row of the template; remove it',
        ),
        broken(
            "no reference",
            REGISTRATION | {"reference": ""},
            "column reference: empty; allowed is a reference, such as 2024-00123",
        ),
        broken(
            "an unknown step",
            DRAFTING | {"step": "draftin"},
            'column step: found "draftin", did you mean "drafting"?',
        ),
        broken(
            "an unknown source",
            REGISTRATION | {"source": "shool"},
            'column source: found "shool", did you mean "school"?',
        ),
        broken(
            "an unknown need and area",
            REGISTRATION | {"need": "hearing", "area": "Nort"},
            'column need: found "hearing", allowed is "autism", "speech", "other"',
            'column area: found "Nort", did you mean "North"?',
        ),
        broken(
            "impossible ages",
            REGISTRATION | {"age": "31"},
            'column age: found "31", allowed is an age in years of requests.ages: 3, 7, 12, 17',
        ),
        broken(
            "an age with a part of a year",
            REGISTRATION | {"age": "7.5"},
            'column age: found "7.5", allowed is an age in years of requests.ages: 3, 7, 12, 17',
        ),
        broken(
            "a day that is not in the calendar",
            REGISTRATION | {"received": "2022-02-30"},
            'column received: found "2022-02-30", '
            "allowed is a day such as 2024-03-14 or 14/03/2024",
        ),
        broken(
            "a day as words",
            AT_ADVICE | {"health in": "soon"},
            'column health in: found "soon", '
            "allowed is a day such as 2024-03-14 or 14/03/2024, or nothing",
        ),
        broken(
            "no day of receipt",
            REGISTRATION | {"received": ""},
            "column received: empty; allowed is a day such as 2024-03-14",
        ),
        broken(
            "a day in the future",
            REGISTRATION | {"since": "2023-01-01"},
            "column since: found 2023-01-01, allowed is a day before the run starts, 2023-01-01",
        ),
        broken(
            "a day before there were plans",
            REGISTRATION | {"received": "2012-12-20"},
            "column received: found 2012-12-20, "
            "allowed is 2014-09-01 or later, when EHC plans began",
        ),
        broken(
            "hours that are no number",
            DRAFTING | {"hours_done": "-2"},
            'column hours_done: found "-2", allowed is hours, 0 or more, such as 2.5, or nothing',
        ),
    ]


def _rows() -> list[Broken]:
    return [
        broken(
            "at the step before the request",
            REGISTRATION | {"since": "2022-12-19"},
            "column since: found 2022-12-19, before the request was received on 2022-12-20",
        ),
        broken(
            "decided before the request",
            AT_ADVICE | {"decided": "2022-10-02"},
            "column decided: found 2022-10-02, before the request was received on 2022-10-03",
        ),
        broken(
            "at advice before the decision",
            AT_ADVICE | {"since": "2022-11-01"},
            "column since: found 2022-11-01, before the decision to assess on 2022-11-09",
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
            'column decided: found 2022-12-21 at the step "registration", before the decision; '
            "allowed is nothing",
        ),
        broken(
            "an order before any decision",
            REGISTRATION | {"ordered": "2022-12-21"},
            'column ordered: found 2022-12-21 at the step "registration", before any order; '
            "allowed is nothing",
        ),
        broken(
            "an order in a scenario without disputes",
            AT_ADVICE | {"ordered": "2022-11-09"},
            "column ordered: found 2022-11-09, but the scenario has no disputes; "
            "allowed is nothing",
        ),
        broken(
            "an order before the request and the refusal",
            AT_ADVICE | {"ordered": "2022-10-01"},
            "column ordered: found 2022-10-01, before the request was received on 2022-10-03",
            "column ordered: found 2022-10-01, before the refusal on 2022-11-09",
            "column ordered: found 2022-10-01, but the scenario has no disputes; "
            "allowed is nothing",
        ),
        broken(
            "advice in before it was asked for",
            AT_ADVICE | {"health in": "2022-11-08"},
            "column health in: found 2022-11-08, before it was asked for on 2022-11-09",
        ),
        broken(
            "advice in that nobody asked for",
            AT_ADVICE | {"family in": "2022-12-01"},
            "column family in: found 2022-12-01, but family asked is empty; allowed is nothing",
        ),
        broken(
            "advice asked for before the decision",
            AT_ADVICE | {"health asked": "2022-11-01"},
            "column health asked: found 2022-11-01, "
            "before the assessment was agreed or ordered on 2022-11-09",
        ),
        broken(
            "advice at a step before it",
            REGISTRATION | {"family asked": "2022-12-21"},
            'column family asked: found 2022-12-21 at the step "registration", '
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
            'column hours_done: found "2", but "evidence" is a wait, not work; allowed is nothing',
        ),
        broken(
            "hours of advice in the wrong column",
            AT_ADVICE | {"hours_done": "2"},
            'column hours_done: found "2"; hours of advice go into the column of its giver',
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
            'column step: found "advise", did you mean "advice"?',
            "column age: empty; allowed is an age in years of requests.ages: 3, 7, 12, 17",
            "column health in: found 2024-01-01, "
            "allowed is a day before the run starts, 2023-01-01",
        ),
    ]


BROKEN = [*_whole(), *_personal(), *_fields(), *_rows()]
