"""Zip files laid out as DfE's editions of SEN2 are, with made-up councils."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

Rows = list[dict[str, str]]

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
SOURCES = {
    # who asked, from the edition of 2026 on; the year before has a mark alone
    "Smallshire": {
        2022: {"Not known": "x"},
        2023: {
            "Parent or young person": 70, "School or other education setting": 210,
            "Social care professional": 3, "Other": 17,
        },
    },
    "England": {
        2022: {"Not known": "x"},
        2023: {"Parent or young person": 500, "School or other education setting": 900,
               "Health care professional": 40, "Not known": 60},
    },
}  # fmt: skip
BY_SEX = {"Smallshire": {2023: {"Female": 100, "Male": 200}}}
ALL_REQUESTS = {
    2025: "All requests for EHC needs assessments",
    2026: "All requests for an EHC needs assessment",
}
"""DfE's labels of all requests."""
AGE, SOURCE, SEX = "Child or young persons age", "Source of request", "Sex"
"""DfE's labels of the other topics."""
REQUESTS_2026 = [
    *("breakdown_topic", "breakdown", "requests_received_in_year", "requests_rya"),
    *("requests_decided_to_assess", "requests_decided_not_to_assess"),
    *("requests_decision_not_made", "requests_withdrawn", "request_assess_pc"),
    *("request_not_assess_pc", "request_outstanding_pc", "request_withdrawn_pc"),
    *("request_outcome_six_weeks", "request_outcome_over_6_weeks"),
    *("request_outcome_six_weeks_pc", "request_outcome_over_6_weeks_pc"),
    *("mediation_related_request", "tribunal_related_request"),
    *("tribunal_after_mediation_request"),
]
REVIEWS_2026 = [
    *("breakdown_topic", "breakdown", "total_ehc_plans", "review_expected_2025"),
    *("review_not_expected_2025", "review_completed_2025", "review_completed_prior_2025"),
    *("review_not_completed", "outcome_amended", "outcome_ceased", "outcome_maintained"),
    *("no_outcome_recorded", "decision_4_weeks", "decision_over_4_weeks"),
]
"""Columns of two tables of the 2026 edition, after those of the place, as DfE names them."""
NAMES = [
    *("time_period", "time_identifier", "geographic_level", "country_code", "country_name"),
    *("region_code", "region_name", "new_la_code", "old_la_code", "la_name"),
]


def rows(ages: bool = True) -> Rows:
    """Return the rows of a table as texts: place, year, topic, group and requests."""
    found = [_row("National", "", "", "", year, "", "", n) for year, n in ENGLAND.items()]
    for name, (code, number, by_year) in [*EARLIER.items(), *COUNCILS.items()]:
        found += [
            _row("Local authority", name, code, number, year, "", "", requests)
            for year, requests in by_year.items()
        ]
    return [*found, *(by_topic(AGE, AGES) if ages else ())]


def by_topic(topic: str, table: Mapping[str, Mapping[int, Mapping[str, object]]]) -> Rows:
    """Return the rows of a topic: by council or England, year and group."""
    found = []
    for name, years in table.items():
        level = "National" if name == "England" else "Local authority"
        code, number = COUNCILS[name][:2] if name in COUNCILS else ("", "")
        named = "" if name == "England" else name
        found += [
            _row(level, named, code, number, year, topic, group, requests)
            for year, groups in years.items()
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


def edition(path: Path, year: int, table: Rows | None = None, **renamed: str) -> Path:
    """Write a zip laid out as the edition of 2022, 2025 or 2026; ``renamed`` are its columns."""
    if year == 2022:
        columns = {**{name: name for name in NAMES}, "NewallEHC": "", "InreqEHC": "requests"}
        chosen = rows(ages=False) if table is None else table
        member, label = "data/sen2_mi.csv", ""
    else:
        columns = {name: name for name in NAMES} | dict.fromkeys(REQUESTS_2026, "")
        columns |= {"breakdown_topic": "topic", "breakdown": "group"}
        columns |= {"requests_received_in_year": "requests"}
        chosen = rows() if table is None else table
        if year == 2026 and table is None:
            chosen = [*chosen, *by_topic(SOURCE, SOURCES), *by_topic(SEX, BY_SEX)]
        member, label = "data/requests.csv", ALL_REQUESTS[year]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([renamed.get(name, name) for name in columns])
    for row in chosen:
        filled = {**row, "topic": row["topic"] or label, "group": row["group"] or label}
        writer.writerow([filled.get(source, "z") if source else "z" for source in columns.values()])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data/annual_reviews.csv", ",".join([*NAMES, *REVIEWS_2026]) + "\n")
        archive.writestr("data/other.csv", "a,b\n1,2\n")
        archive.writestr(member, "\ufeff" + text.getvalue())
        archive.writestr("data-guidance/data-guidance.txt", "About the files.")
    return path


def published_2026(path: Path, data: Path) -> Path:
    """Write the 2026 edition's requests of Somerset and England in DfE's wide form.

    2025, and Somerset's 2024, are that edition's; the years before are those of the edition
    before, under the labels of 2026.
    """
    table = []
    place = {
        "Somerset": ("Local authority", "Somerset", "E06000066", "933"),
        "England": ("National", "", "", ""),
    }
    with (data / "dfe_sen2_2026_somerset_england.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if (line["file"], line["measure"]) == ("requests", "requests_received_in_year"):
                table.append(
                    _row(
                        *place[line["area"]], int(line["time_period"]), line["breakdown_topic"],
                        line["breakdown"], line["value"],
                    )
                )  # fmt: skip
    there = {(row["la_name"] or "England", row["time_period"]) for row in table}
    with (data / "somerset_england_2014_2024.csv").open(encoding="utf-8") as file:
        for name, year, requests, *_ in list(csv.reader(file))[1:]:
            if int(year) >= 2019 and (name, year) not in there:
                table.append(_row(*place[name], int(year), "", "", requests))
    return edition(path, 2026, table)
