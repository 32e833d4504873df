"""A download of DfE's with every table that a council's folder is made from, all made up."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.sen2_files import NAMES, edition

ENGLAND = ""
PLACES = {
    "Smallshire": ("Local authority", "E10000001", "901"),
    "Gapshire": ("Local authority", "E10000002", "902"),
    "Tinyshire": ("Local authority", "E10000003", "903"),
    "Newshire": ("Local authority", "E06000064", "943"),
    ENGLAND: ("National", "", ""),
}
Row = tuple[object, ...]
"""Council (or nothing for England), year, topic, group, and the numbers."""
TIMES = {"Smallshire": 1.0, "Gapshire": 1.5, "Newshire": 0.5, "Tinyshire": 0.01, ENGLAND: 100.0}
"""How large each place is: of Smallshire's, with 300 requests in 2023."""
YEARS = range(2019, 2025)
AGES = {"4": 0.3, "9": 0.4, "12": 0.2, "16": 0.1}
ALL = "All"


def _requests(place: str, year: int, times: float) -> Row:
    """Requests, agreed, refused, withdrawn, six weeks, later, mediated, appealed, after it."""
    known = year >= 2023
    n = round((200 + 25 * (year - 2019)) * times)
    refused = round(0.2 * n)
    more = (n - refused, refused, round(0.02 * n), round(0.9 * n), round(0.08 * n))
    disputes = (round(0.3 * refused), round(0.15 * refused), round(0.05 * refused))
    rest = (*more, *disputes) if known else ("x", refused, *["x"] * 6)
    return (n, *rest)


def tables() -> dict[str, tuple[Sequence[str], list[Row]]]:
    """Return the tables by the name of their file: columns after those of the place, and rows."""
    topic = ("breakdown_topic", "breakdown")
    requests, assessed, in_time, plans = list[Row](), list[Row](), list[Row](), list[Row]()
    ended, new, needs, reviews = list[Row](), list[Row](), list[Row](), list[Row]()
    for place, times in TIMES.items():
        for year in YEARS:
            if place == "Newshire" and year < 2022:
                continue
            made = _requests(place, year, times)
            requests.append((place, year, f"{ALL} requests", f"{ALL} requests", *made))
            done = round(120 * times)
            assessed.append((place, year, f"{ALL} assessments", ALL, done, round(6 * times)))
            over = round(4 * times) if year >= 2022 else "x"
            counted = (round(115 * times), round(110 * times), round(60 * times), over)
            in_time.append((place, year, f"{ALL} plans issued", ALL, *counted))
            school_year = f"{year - 1}{year % 100}"
            plans.append((place, school_year, f"{ALL} plans", ALL, round(1000 * times)))
            if year == 2024:
                plans += [
                    (place, school_year, "Child or young persons age", f"age {age}", n)
                    for age, n in ((age, round(50 * times)) for age in range(2, 22))
                ]
                plans.append((place, school_year, "Age when plan started", "age 5", 1))
                requests += [
                    (place, year, "Child or young persons age", f"Aged {age}",
                     *[round(part * n) if isinstance(n, int) else n for n in made])
                    for age, part in AGES.items()
                ]  # fmt: skip
                needs.append((place, year, f"{ALL} plans", ALL, *[round(24 * times)] * 5))
                new.append((place, year, "New EHC plans", "New EHC plans", done, round(2 * times),
                            round(times)))  # fmt: skip
            if year >= 2022:
                moved, gone = round(20 * times), round(90 * times)
                ended.append((place, year, f"{ALL} ceased", ALL, moved, gone))
        for age in ("8", "12", "17"):
            counts = [round(n * times) for n in (250, 200, 100, 60, 140)]
            reviews.append((place, 2024, "Age", f"Aged {age}", *counts, 0))
        counts = [round(n * times) for n in (800, 600, 300, 180, 420)]
        reviews.append((place, 2024, f"{ALL} reviews", ALL, *counts, 0))
    return {
        "data/requests.csv": (
            (
                *topic, "requests_received_in_year", "requests_decided_to_assess",
                "requests_decided_not_to_assess", "requests_withdrawn",
                "request_outcome_six_weeks", "request_outcome_over_6_weeks",
                "mediation_related_request", "tribunal_related_request",
                "tribunal_after_mediation_request",
            ),
            requests,
        ),
        "data/assessments.csv": ((*topic, "assess_issued", "assess_not_issued"), assessed),
        "data/timeliness_20_week.csv": (
            (
                *topic, "plans_issued_den", "plans_issued_den_ex", "plans_issued_20_weeks_ex",
                "plans_issued_gt_1_year_ex",
            ),
            in_time,
        ),
        "data/caseload.csv": ((*topic, "ehcplans"), plans),
        "data/ceased_plans.csv": ((*topic, "transfer", "total_ceased"), ended),
        "data/newplans.csv": (
            (*topic, "new_ehc_plans", "other_arrangements_la", "neet_other_csa"), new
        ),
        "data/needs.csv": (
            (*topic, "number_asd", "number_semh", "number_slcn", "number_mld", "number_hi"), needs
        ),
        "data/annual_reviews.csv": (
            (
                *topic, "review_expected_2024", "review_completed_2024", "decision_4_weeks",
                "outcome_amended", "outcome_maintained", "outcome_ceased",
            ),
            reviews,
        ),
    }  # fmt: skip


def download(
    path: Path, changed: Mapping[tuple[str, str, int], Mapping[str, object]] | None = None
) -> Path:
    """Write a download, with some numbers of all of a place changed.

    Parameters
    ----------
    path : Path
        The zip file.
    changed : mapping, optional
        New numbers by column, by table (such as ``requests``), place and year.
    """
    with zipfile.ZipFile(path, "w") as archive:
        for member, (columns, rows) in tables().items():
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow([*NAMES, *columns])
            for place, year, *rest in rows:
                key = (Path(member).stem, str(place), int(str(year)[:4]))
                of_all = str(rest[0]).startswith((ALL, "New"))
                new = (changed or {}).get(key, {}) if of_all else {}
                cells = [new.get(column, n) for column, n in zip(columns, rest, strict=True)]
                level, code, number = PLACES[str(place)]
                before = (year, "Year", level, "E92000001", "England", "", "", code, number, place)
                writer.writerow([*before, *cells])
            archive.writestr(member, "\ufeff" + text.getvalue())
    return path


def old_edition(path: Path) -> Path:
    """Write the edition of 2022, with Smallshire's requests of 2016 on."""
    table = [
        {
            "time_period": str(year), "time_identifier": "Calendar year",
            "geographic_level": level, "country_code": "", "country_name": "England",
            "region_code": "", "region_name": "", "new_la_code": code, "old_la_code": number,
            "la_name": place, "topic": "", "group": "", "requests": str(n),
        }
        for place, n in (("Smallshire", 111), (ENGLAND, 9999))
        for level, code, number in [PLACES[place]]
        for year in range(2016, 2022)
    ]  # fmt: skip
    return edition(path, 2022, table)
