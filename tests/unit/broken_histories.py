"""Histories with something wrong in them, and the lines that a planner is shown.

Used by the tests of the reader and by the test of the whole program.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    """Files, the first of which is read, and what is said about it.

    ``expected`` are the lines of the faults, in order, without the folder; where there are none,
    the file is read and ``note`` is part of what the history says about itself.
    """

    name: str
    files: dict[str, str]
    expected: list[str]
    note: str | None = None


BROKEN = [
    Broken(
        "months given twice",
        {"requests.csv": "month,requests\n2024-01,80\n2024-02,75\n2024-01,82\n"},
        ["requests.csv:4: 2024-01: given twice, first on line 2; keep one"],
    ),
    Broken(
        "half a month at the end",
        {
            "requests.csv": "month,requests,last_day\n2024-01,80,2024-03-14\n"
            "2024-02,75,2024-03-14\n2024-03,31,2024-03-14\n"
        },
        [],
        note="2024-03 was left out",
    ),
    Broken(
        "text and decimals in the numbers",
        {
            "requests.csv": 'year,requests\n2021,z\n2022,980.5\n2023,"1,12"\n2024,-7\n'
            "2025,\nlast year,9\n"
        },
        [
            'requests.csv:2: column requests: found "z", allowed is a whole number, 0 or more',
            'requests.csv:3: column requests: found "980.5", allowed is a whole number, 0 or more',
            'requests.csv:4: column requests: found "1,12", allowed is a whole number, 0 or more',
            'requests.csv:5: column requests: found "-7", allowed is a whole number, 0 or more',
            "requests.csv:6: column requests: empty; "
            "allowed is a whole number, 0 or more, or leave the whole row out if it is not known",
            'requests.csv:7: column year: found "last year", '
            "allowed is a calendar year from 2014 to 2084, such as 2024",
        ],
    ),
    Broken(
        "many months missing",
        {"requests.csv": "month,requests\n2024-01,80\n2024-04,75\n2024-05,82\n"},
        [
            "requests.csv: 2024-02, 2024-03: no row for 2 months of 5; were there no requests "
            "(then write 0), or are they not known (then start after the gap)?"
        ],
    ),
    Broken(
        "a year missing",
        {"requests.csv": "year,requests\n2021,800\n2022,840\n2024,900\n"},
        [
            "requests.csv: 2023: no row for 1 year; were there no requests "
            "(then write 0), or are they not known (then start after the gap)?"
        ],
    ),
    Broken(
        "months as nobody writes them",
        {"requests.csv": "month,requests\n24-Jan,80\n13/2024,75\n2024-13,75\n"},
        [
            f'requests.csv:{line}: column month: found "{found}", '
            "allowed is a month such as 2024-03, 03/2024 or Mar-24, from 2014 to 2084"
            for line, found in ((2, "24-Jan"), (3, "13/2024"), (4, "2024-13"))
        ],
    ),
    Broken(
        "columns with other names",
        {"requests.csv": "year,request,region\n2023,800,South West\n"},
        [
            "requests.csv:1: column requests: missing; found the columns year, request, region; "
            'is it "request"?',
            "requests.csv:1: column region: unknown; allowed are year, requests, england, council",
        ],
    ),
    Broken(
        "an empty file",
        {"requests.csv": ""},
        ["requests.csv: file: empty; allowed is a CSV file with a line of column names"],
    ),
    Broken(
        "columns about children",
        {"requests.csv": "month,requests,child_name,DOB,Post Code\n2024-01,1,A,2019-05-01,TA1\n"},
        [
            f"requests.csv:1: column {column}: looks like personal data; only counts are needed, "
            "so remove this column"
            for column in ("child_name", "dob", "post_code")
        ],
    ),
    Broken(
        "a part of a month in the middle",
        {
            "requests.csv": "month,requests,last_day\n2024-01,80,2024-01-31\n"
            "2024-02,40,2024-02-15\n2024-03,70,soon\n"
        },
        [
            "requests.csv:3: column last_day: 2024-02 ends on 2024-02-15; "
            "only the last month may be a part of one",
            'requests.csv:4: column last_day: found "soon", '
            "allowed is a day such as 2024-03-14, 14/03/2024 or 14-Mar-2024",
        ],
    ),
    Broken(
        "a row with a field too many",
        {"requests.csv": "year,requests\n2023,1,121\n2024,1207\n"},
        [
            "requests.csv:2: row: found 3 fields, the first line has 2; write thousands without "
            "commas"
        ],
    ),
    Broken(
        "some months missing",
        {
            "requests.csv": "month,requests\n"
            + "".join(f"2024-{month:02d},80\n" for month in range(1, 13) if month not in (4, 5))
        },
        [],
        note="There is no row for 2024-04, 2024-05: taken as not known, and never as 0.",
    ),
    Broken(
        "a workbook",
        {"requests.csv": "PK\x03\x04 xl/worksheets"},
        ["requests.csv: file: not a workbook that can be read; save it as CSV UTF-8"],
    ),
    Broken(
        "nothing below the names",
        {"requests.csv": "month,requests\n"},
        ["requests.csv: file: no rows below the line of column names"],
    ),
    Broken(
        "a year before EHC plans",
        {"requests.csv": "year,requests\n2009,80\n"},
        [
            'requests.csv:2: column year: found "2009", '
            "allowed is a calendar year from 2014 to 2084, such as 2024"
        ],
    ),
    Broken(
        "a year given twice",
        {"requests.csv": "year,requests\n2023,800\n2024,900\n2024,910\n"},
        ["requests.csv:4: 2024: given twice, first on line 3; keep one"],
    ),
    Broken(
        "a column given twice",
        {"requests.csv": "month,requests,requests\n2024-01,80,81\n"},
        ["requests.csv:1: column requests: given twice; keep one"],
    ),
    Broken(
        "a group of a month given twice",
        {"requests.csv": "month,source,requests\n2024-01,school,3\n2024-01,school,4\n"},
        ["requests.csv:3: 2024-01, school: given twice, first on line 2; keep one"],
    ),
    Broken(
        "no requests in England",
        {"requests.csv": "year,requests,england\n2023,800,0\n2024,900,many\n"},
        [
            'requests.csv:2: column england: found "0", allowed is a whole number, 1 or more',
            'requests.csv:3: column england: found "many", allowed is a whole number, 1 or more',
        ],
    ),
    Broken(
        "a last day before its month",
        {"requests.csv": "month,requests,last_day\n2024-01,80,\n2024-02,75,2024-01-31\n"},
        ["requests.csv:3: column last_day: 2024-01-31 is before the month 2024-02 began"],
    ),
    Broken(
        "only a part of one month",
        {"requests.csv": "month,requests,last_day\n2024-03,9,2024-03-14\n"},
        ["requests.csv: file: only a part of one month; whole months are needed"],
    ),
    Broken(
        "three months",
        {"requests.csv": "month,requests\n2024-01,80\n2024-02,75\n2024-03,82\n"},
        [
            "requests.csv: history: found 3 usable months, allowed is 4 or more; or give yearly "
            "totals (columns year, requests)"
        ],
    ),
    Broken(
        "days as people write them, one row a request",
        {"requests.csv": "date,source\n14/03/2024,school\n15.03.24,school\n30/02/2024,school\n"},
        [
            "requests.csv:4: column date: found something else, "
            "allowed is a day such as 2024-03-14, 14/03/2024 or 14-Mar-2024"
        ],
    ),
    Broken(
        "days that can be read in two ways, one row a request",
        {"requests.csv": "date\n03/04/2024\n04/05/2024\n"},
        [
            "requests.csv:2: column date: is 03/04/2024 in March or in April? No day of the file "
            "is after the 12th, to tell; write them as 2024-03-14 (in Excel: Format Cells, Custom, "
            "yyyy-mm-dd)"
        ],
    ),
    Broken(
        "a day long ago, one row a request",
        {"requests.csv": "date\n1924-03-14\n2024-03-15\n"},
        ["requests.csv:2: column date: found something else, allowed is a day of 2014 to 2084"],
    ),
    Broken(
        "a request given twice",
        {"requests.csv": "reference,date\nA1,2024-03-14\nA2,2024-03-14\nA1,2024-03-15\n"},
        ["requests.csv:4: column reference: given twice, first on line 2; keep one"],
    ),
    Broken(
        "rows of requests about children",
        {"requests.csv": "date,UPN,need\n2024-03-14,A123,SLCN\n"},
        [
            "requests.csv:1: column B: looks like personal data; none is needed, so remove this "
            "column"
        ],
    ),
    Broken(
        "rows of requests with numbers",
        {"requests.csv": "date,number\n2024-03-14,1\n"},
        [
            "requests.csv:1: column B: unknown; allowed are date, source, age_group, need, "
            "reference, council"
        ],
    ),
]
