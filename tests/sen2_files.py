"""Zip files laid out as DfE's editions of SEN2 are, with made-up councils."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

COUNCILS = {
    # name: (code, DfE's number, requests by year; a text stands where there is no figure)
    "Smallshire": ("E10000001", "901", {2019: 200, 2020: 180, 2021: 240, 2022: 260, 2023: 300}),
    "Gapshire": ("E10000002", "902", {2019: 90, 2020: "x", 2021: 100, 2022: "c", 2023: "low"}),
    "Port, City of": ("E06000003", "803", {2019: 50, 2020: 40, 2021: 60, 2022: 62, 2023: 64}),
    "Newshire": ("E06000064", "943", {2022: 70, 2023: 100}),
    "Moved": ("E06000059", "838", {2021: 80, 2022: 82, 2023: 84}),
}
EARLIER = {"Moved": ("E10000009", "835", {2019: 95, 2020: 93})}
"""The same name under another number: another area."""
ENGLAND = {2019: 1000, 2020: 900, 2021: 1100, 2022: 1300, 2023: 1500}
AGES = {
    # of Smallshire and of England, by year; what is not named has no row, as in DfE's file
    "Smallshire": {2022: {"Aged 4": 100, "Aged 9": 160}, 2023: {"Aged 4": 90, "Aged 9": 210}},
    "England": {
        2022: {"Aged 4": 600, "Aged 9": 600, "Aged 12": 100},
        2023: {"Aged 4": 600, "Aged 9": 780, "Aged 12": 120},
    },
}
NAMES = [
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "new_la_code", "old_la_code", "la_name"),
]


def rows(ages: bool = True) -> list[dict[str, str]]:
    """Return the rows of a table as texts: place, year, topic, group and requests."""
    found = [_row("National", "", "", "", year, "", "", n) for year, n in ENGLAND.items()]
    for name, (code, number, by_year) in [*EARLIER.items(), *COUNCILS.items()]:
        found += [
            _row("Local authority", name, code, number, year, "", "", requests)
            for year, requests in by_year.items()
        ]
    for name, by_age in AGES.items() if ages else ():
        level = "National" if name == "England" else "Local authority"
        code, number = COUNCILS[name][:2] if name in COUNCILS else ("", "")
        named = "" if name == "England" else name
        found += [
            _row(level, named, code, number, year, "Child or young persons age", group, requests)
            for year, groups in by_age.items()
            for group, requests in groups.items()
        ]
    return found


def _row(
    level: str, name: str, code: str, number: str, year: int, topic: str, group: str, n: object
) -> dict[str, str]:
    return {
        "time_period": str(year), "time_identifier": "Calendar year", "geographic_level": level,
        "country_code": "E92000001", "country_name": "England", "region_code": "",
        "region_name": "", "new_la_code": code, "old_la_code": number, "la_name": name,
        "topic": topic, "group": group, "requests": str(n),
    }  # fmt: skip


def edition(path: Path, year: int, table: list[dict[str, str]] | None = None) -> Path:
    """Write a zip laid out as the edition of 2022, 2025 or 2026."""
    if year == 2022:
        columns = {**{name: name for name in NAMES}, "NewallEHC": "", "InreqEHC": "requests"}
        chosen = rows(ages=False) if table is None else table
        member, label = "data/sen2_mi.csv", ""
    else:
        columns = {name: name for name in NAMES}
        columns |= {"breakdown_topic": "topic", "breakdown": "group"}
        columns |= {"requests_received_in_year": "requests", "requests_rya": ""}
        if year == 2026:
            columns |= {"avg_weeks_to_something_new": ""}
        chosen = rows() if table is None else table
        label = "All requests for EHC needs assessments"
        if year == 2026:
            label = "All requests for an EHC needs assessment"
        member = "data/requests.csv"
    headings = [name.lower() if year == 2026 else name for name in columns]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    for row in chosen:
        filled = {**row, "topic": row["topic"] or label, "group": row["group"] or label}
        writer.writerow([filled.get(source, "z") if source else "z" for source in columns.values()])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/other.csv", "a,b\n1,2\n")
        archive.writestr(member, "\ufeff" + text.getvalue())
        archive.writestr("data-guidance/data-guidance.txt", "About the files.")
    return path
