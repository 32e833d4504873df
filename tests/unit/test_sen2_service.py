"""What DfE's download has beside requests: found by its columns, and said where it is not."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pytest

import ehc_sim as ehc
from ehc_sim.demand.sen2 import read_sen2
from ehc_sim.demand.sen2_council import council_of
from ehc_sim.demand.sen2_service import service_in_sen2
from tests.sen2_files import NAMES, edition

pytestmark = pytest.mark.unit

PLACES = {"Smallshire": ("Local authority", "E10000001", "901"), "": ("National", "", "")}
Table = tuple[Sequence[str], Sequence[Sequence[object]]]
"""Columns after those of the place, and rows: council (or nothing for England), year, and those."""

TIMELINESS: Table = (
    (
        *("breakdown_topic", "breakdown", "plans_issued_den", "plans_issued_den_ex"),
        *("plans_issued_within_20_weeks", "plans_issued_20_weeks_ex"),
        *("plans_issued_gt_1_year_ex", "avg_weeks_issue_plan", "avg_weeks_issue_plan_exc"),
    ),
    (
        ("Smallshire", 2025, "All EHC plans", "All EHC plans", 52, 50, 11, 10, 5, 36.9, 35),
        ("Smallshire", 2025, "Age at time of request", "age 3", 20, 20, 8, 8, 0, 31.1, 31),
        ("Smallshire", 2025, "Age at time of request", "age 4", 32, 30, 3, 2, 5, "x", "x"),
        ("Smallshire", 2025, "Sex", "Female", 20, 20, 8, 8, 0, 31.1, 31),
        ("", 2025, "All EHC plans", "All EHC plans", 5000, 4000, 2000, 2000, 400, 30, 29),
    ),
)
ALL_REVIEWS, AUGUST = ("All reviews of EHC plans", "All"), "Age at 31 August 2025"
REVIEWS: Table = (
    (
        *("breakdown_topic", "breakdown", "total_ehc_plans", "review_expected_2025"),
        *("review_completed_2025", "review_completed_prior_2025", "outcome_amended"),
        *("outcome_maintained", "decision_4_weeks", "decision_over_4_weeks"),
    ),
    (
        ("Smallshire", 2025, *ALL_REVIEWS, 400, 300, 200, 90, 70, 130, 50, 150),
        ("Smallshire", 2025, AUGUST, "Aged 10", 90, 80, 60, 9, 50, 10, 20, 40),
        ("Smallshire", 2025, AUGUST, "Aged 11", 10, 10, 8, 1, 5, 3, 2, 6),
        ("Smallshire", 2025, AUGUST, "Aged 12", 300, 210, 132, 80, 15, 117, 28, 104),
    ),
)
TRANSFERS: Table = (
    ("number_plans", "due_25", "due_26", "final_25", "final_26"),
    (("Smallshire", 2025, 400, 0, 90, 60, "z"), ("", 2025, 9000, 1, 1800, 900, 2)),
)
LATEST = {
    "data/timeliness_20_week.csv": TIMELINESS,
    "data/annual_reviews.csv": REVIEWS,
    "data/phase_transfers.csv": TRANSFERS,
}


def download(folder: Path, tables: Mapping[str, Table] = LATEST, year: int = 2026) -> Path:
    """Write a download with more tables than requests, in their DfE layout."""
    bare = edition(folder / "bare.zip", year)
    path = folder / "sen2.zip"
    with zipfile.ZipFile(bare) as old, zipfile.ZipFile(path, "w") as new:
        for one in old.infolist():
            if one.filename != "data/annual_reviews.csv":
                new.writestr(one, old.read(one))
        for member, (columns, rows) in tables.items():
            text = io.StringIO()
            writer = csv.writer(text)
            writer.writerow([*NAMES, *columns])
            for name, when, *rest in rows:
                level, code, number = PLACES[str(name)]
                place = (when, "Calendar year", level, "E92000001", "England", "", "")
                writer.writerow([*place, code, number, name, *rest])
            new.writestr(member, "\ufeff" + text.getvalue())
    return path


def renamed(table: Table, **names: str) -> Table:
    return tuple(names.get(column, column) for column in table[0]), table[1]


def found(path: Path) -> tuple[pd.Series[float], tuple[str, ...]]:
    """Return Smallshire's figures by year, measure, by and group, and the notes."""
    sen2 = read_sen2(path)
    service = service_in_sen2(sen2, council_of(sen2, "Smallshire"))
    own = service.figures[service.figures["place"] == "Smallshire"]
    return own.set_index(["year", "measure", "by", "group"])["value"].sort_index(), service.notes


def test_the_edition_of_2026_gives_weeks_reviews_transfers_and_who_asked(tmp_path: Path) -> None:
    figures, notes = found(download(tmp_path))
    assert notes == ()
    of_all = {name: figures[2025, name, "all", "all"] for name in (
        "plans_counted", "issued_on_time", "issued_over_52_weeks", "mean_weeks", "at_end",
        "expected", "decided", "decided_on_time", "amended", "maintained",
        "phase_transfers_with_a_final_plan",
    )}  # fmt: skip
    assert of_all == {
        "plans_counted": 52, "issued_on_time": 0.2, "issued_over_52_weeks": 0.1,
        "mean_weeks": 36.9, "at_end": 400, "expected": 300, "decided": 200,
        "decided_on_time": 0.25, "amended": 70, "maintained": 130,
        "phase_transfers_with_a_final_plan": 60,
    }  # fmt: skip
    assert figures[2026, "transfers", "all", "all"] == 90
    assert figures[2025, "amended", "age", "10"] == 50
    assert figures[2025, "decided_on_time", "age", "10"] == pytest.approx(1 / 3)
    assert pd.isna(figures[2025, "mean_weeks", "age", "4"])
    assert figures[2023, "requests", "source", "Parent or young person"] == 70
    assert set(figures.index.get_level_values("by")) == {"all", "age", "source"}


def test_tables_are_known_by_their_columns_and_not_by_name_or_year(tmp_path: Path) -> None:
    """Another file name, capitals, and 2027's years in the names of columns."""
    of_2026 = [(name, 2026, *rest) for name, _, *rest in REVIEWS[1]]
    columns = [column.replace("2025", "2026").upper() for column in REVIEWS[0]]
    moved = renamed(TRANSFERS, due_25="due_27", due_26="DUE_2028", final_25="final_27")
    tables = {"data/a.csv": (columns, of_2026), "data/b.csv": moved}
    figures, notes = found(download(tmp_path, tables))
    assert figures[2026, "decided", "all", "all"] == 200
    assert figures[2028, "transfers", "all", "all"] == 90
    assert figures[2027, "transfers", "all", "all"] == 0
    (note,) = notes
    assert note == (
        "DfE's file has no table of plans within 20 weeks (looked for one with a column like "
        "plans_issued_within_20_weeks)."
    )


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        (
            {"data/timeliness_20_week.csv": renamed(TIMELINESS, avg_weeks_issue_plan="weeks")},
            "data/timeliness_20_week.csv does not tell mean weeks to a plan (looked for a column "
            "like avg_weeks_issue_plan).",
        ),
        (
            {"data/annual_reviews.csv": renamed(REVIEWS, review_completed_2025="review_done_25")},
            "data/annual_reviews.csv does not tell reviews completed (looked for a column like "
            "review_completed_2025).",
        ),
        (
            {"data/annual_reviews.csv": renamed(REVIEWS, review_completed_2025="outcome_amended")},
            "data/annual_reviews.csv does not tell plans to be amended (looked for a column like "
            "outcome_amended).",
        ),
        (
            {"data/phase_transfers.csv": (TRANSFERS[0], TRANSFERS[1][1:])},
            "data/phase_transfers.csv has no row of Smallshire.",
        ),
        (
            {"data/annual_reviews.csv": (REVIEWS[0], [
                (name, year, topic.replace("All reviews", "Reviews in all"), *rest)
                for name, year, topic, *rest in REVIEWS[1]
            ])},
            "data/annual_reviews.csv has no row of all: found the topics “Reviews in all of EHC "
            "plans”, “Age at 31 August 2025”.",
        ),
        (
            {"data/annual_reviews.csv": (REVIEWS[0], [
                *REVIEWS[1],
                ("Smallshire", 2025, "Age when plan started", "Aged 10", 1, 1, 1, 1, 1, 1, 1, 1),
            ])},
            "Not used from data/annual_reviews.csv: two labels of one topic, “Age at 31 August "
            "2025”, “Age when plan started”.",
        ),
    ],
)  # fmt: skip
def test_what_is_not_found_is_said_and_the_rest_is_given(
    changed: Mapping[str, Table], note: str, tmp_path: Path
) -> None:
    figures, notes = found(download(tmp_path, {**LATEST, **changed}))
    assert note in notes
    assert figures[2025, "issued_on_time", "all", "all"] == 0.2


def test_a_figure_that_dfe_does_not_show_is_its_mark_and_never_0(tmp_path: Path) -> None:
    table = ehc.dfe_figures("Smallshire", download(tmp_path))
    row = table[(table["measure"] == "mean_weeks") & (table["group"] == "4")].iloc[0]
    assert pd.isna(row["value"])
    assert row["mark"] == "x"


def test_small_counts_by_group_are_not_passed_on(tmp_path: Path) -> None:
    """Five were amended at 11: that and the next smallest, 15 at 12, are left out.

    At both ages the shares of decisions in time go with them; counts of six or more stay.
    """
    table = ehc.dfe_figures("Smallshire", download(tmp_path))
    ages = table[(table["place"] == "Smallshire") & (table["by"] == "age")]
    hidden = ages[ages["mark"] == "not shown"]
    of_amended = hidden[hidden["measure"] == "amended"]
    assert of_amended["group"].tolist() == ["11", "12"]
    assert hidden["value"].isna().all()
    shares = hidden[hidden["measure"] == "decided_on_time"]
    assert set(shares["group"]) >= {"11", "12"}
    decided = ages[ages["measure"] == "decided"].set_index("group")["value"]
    assert decided.to_dict() == {"10": 60, "11": 8, "12": 132}


def test_an_edition_without_these_tables_says_so_and_gives_nothing(tmp_path: Path) -> None:
    table = ehc.dfe_figures("Smallshire", edition(tmp_path / "old.zip", 2022))
    assert table.empty
    assert len(table.attrs["notes"]) == 3


def test_somersets_2025_is_as_dfe_published_it(dfe_data: Path, tmp_path: Path) -> None:
    tables: dict[str, Table] = {}
    wide: dict[tuple[str, str, str], dict[str, str]] = {}
    with (dfe_data / "dfe_sen2_2026_somerset_england.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if line["area"] == "Somerset" and line["time_period"] == "2025":
                key = (line["file"], line["breakdown_topic"], line["breakdown"])
                wide.setdefault(key, {})[line["measure"]] = line["value"]
    for name in ("timeliness_20_week", "annual_reviews", "phase_transfers"):
        of = {key: row for key, row in wide.items() if key[0] == name}
        columns = list(next(iter(of.values())))
        rows = [("Smallshire", 2025, *key[1:3], *row.values()) for key, row in of.items()]
        tables[f"data/{name}.csv"] = (("breakdown_topic", "breakdown", *columns), rows)
    tables["data/phase_transfers.csv"] = (
        tables["data/phase_transfers.csv"][0][2:],
        [(*row[:2], *row[4:]) for row in tables["data/phase_transfers.csv"][1]],
    )
    figures, notes = found(download(tmp_path, tables))
    assert notes == ()
    assert figures[2025, "mean_weeks", "all", "all"] == 36.9
    assert figures[2025, "decided", "all", "all"] == 2726
    assert figures[2026, "transfers", "all", "all"] == 2143
    assert figures[2025, "amended", "age", "10"] == 159
    assert figures[2025, "plans_counted", "need", "Autistic spectrum disorder"] > 0
