"""DfE's download is read as it comes: three layouts, councils by name and code, no false zeros."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.sen2 import Sen2, read_sen2
from ehc_sim.demand.sen2_council import council_of, councils, history_in_sen2
from ehc_sim.demand.yearly import YearlyTotals
from ehc_sim.scenario import BadInput
from tests.sen2_files import (
    COUNCILS,
    ENGLAND,
    SOURCE,
    SOURCES,
    by_topic,
    edition,
    published_2026,
    rows,
)

pytestmark = pytest.mark.unit


@pytest.fixture(params=[2022, 2025, 2026])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Sen2:
    return read_sen2(edition(tmp_path / f"{request.param}.zip", request.param))


@pytest.fixture
def latest(tmp_path: Path) -> Sen2:
    return read_sen2(edition(tmp_path / "sen2.zip", 2026))


def test_every_layout_gives_the_same_figures(read: Sen2) -> None:
    assert read.england.to_dict() == ENGLAND
    assert read.years == (2019, 2023)
    assert set(councils(read)) == set(COUNCILS)
    history = history_in_sen2(read, council_of(read, "Smallshire"))
    assert history.kind == "yearly"
    assert history.index.astype(str).tolist() == ["2019", "2020", "2021", "2022", "2023"]
    assert history.counts.tolist() == [200, 180, 240, 260, 300]
    assert history.known.all()
    assert not history.left_out.any()
    assert history.england is not None
    assert history.england.tolist() == list(ENGLAND.values())


def test_ages_are_there_where_the_edition_has_them(read: Sen2) -> None:
    of_council = council_of(read, "Smallshire").by("age")
    if read.member.endswith("sen2_mi.csv"):
        assert of_council.empty
        return
    assert of_council.loc["Aged 9"].to_dict() == {2022: 160, 2023: 210}
    assert read.england_by("age").loc["Aged 12"].to_dict() == {2022: 100, 2023: 120}


def test_who_asked_is_there_for_the_years_that_have_a_figure(latest: Sen2) -> None:
    """One row of 2022 says "Not known" and has a mark: that year is not known, and not 0."""
    asked = council_of(latest, "Smallshire").by("source")
    assert asked.columns.tolist() == [2023]
    assert asked[2023].to_dict() == SOURCES["Smallshire"][2023]
    assert latest.england_by("source")[2023].to_dict() == SOURCES["England"][2023]
    assert latest.notes == ()


def test_a_year_in_which_nobody_is_named_says_not_who_asked(tmp_path: Path) -> None:
    unknown = by_topic(SOURCE, {"Smallshire": {2022: {"Not known": 260}}, **_of_2023()})
    sen2 = read_sen2(edition(tmp_path / "s.zip", 2026, [*rows(), *unknown]))
    assert council_of(sen2, "Smallshire").by("source").empty
    assert sen2.england_by("source").columns.tolist() == [2023]


def _of_2023() -> dict[str, dict[int, dict[str, object]]]:
    return {"England": {2023: dict(SOURCES["England"][2023])}}


def test_what_is_suppressed_is_not_known_and_not_zero(read: Sen2) -> None:
    history = history_in_sen2(read, council_of(read, "Gapshire"))
    assert history.known.tolist() == [True, False, True, False, False]
    assert history.counts[history.known].tolist() == [90, 100]
    (gap,) = [one for one in history.findings if one.about == "gap"]
    assert gap.months == ("2020", "2022", "2023")
    for mark in ("2020 (x)", "2022 (c)", "2023 (low)"):
        assert mark in gap.text


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("smallshire", "Smallshire"),
        ("SMALLSHIRE COUNTY COUNCIL", "Smallshire"),
        ("E10000001", "Smallshire"),
        ("901", "Smallshire"),
        ("Port", "Port, City of"),
        ("City of Port", "Port, City of"),
        ("Port, City of", "Port, City of"),
        ("London Borough of Newshire", "Newshire"),
    ],
)
def test_a_council_is_found_by_name_or_code(latest: Sen2, asked: str, meant: str) -> None:
    council = council_of(latest, asked)
    assert council.name == meant
    (first, *_) = history_in_sen2(latest, council).notes
    assert meant in first
    assert council.code in first
    assert council.number in first


def test_a_city_is_not_found_by_the_name_of_what_is_around_it(tmp_path: Path) -> None:
    table = rows()
    for row in table:
        row["la_name"] = row["la_name"].replace("Port, City of", "City of London")
    sen2 = read_sen2(edition(tmp_path / "sen2.zip", 2025, table))
    with pytest.raises(BadInput, match="did you mean City of London"):
        council_of(sen2, "London")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("Smalshire", "did you mean Smallshire"),
        ("Nowhere at all", "it has 5 councils, from Gapshire to Smallshire"),
        ("", 'found "", which is not in the file'),
        ("E10000009", "found Moved, which ends in 2020; allowed is a council there is in 2023"),
        ("Cumbria", "replaced in April 2023; allowed is Cumberland or Westmorland and Furness"),
        ("Northamptonshire", "North Northamptonshire or West Northamptonshire"),
    ],
)
def test_an_unknown_council_is_said_with_the_nearest(latest: Sen2, asked: str, said: str) -> None:
    with pytest.raises(BadInput) as fault:
        council_of(latest, asked)
    assert said in str(fault.value)
    assert len(str(fault.value).splitlines()) == 1


def test_the_first_year_of_a_new_council_is_not_learnt_from(latest: Sen2) -> None:
    history = history_in_sen2(latest, council_of(latest, "Newshire"))
    assert history.learnt.tolist() == [False, True]
    assert any(one.about == "part year" for one in history.findings)


def test_years_of_another_area_under_the_same_name_are_not_used(latest: Sen2) -> None:
    history = history_in_sen2(latest, council_of(latest, "Moved"))
    assert history.index.astype(str).tolist() == ["2021", "2022", "2023"]
    (break_,) = [one for one in history.findings if "another area" in one.text]
    assert break_.months == ("2019", "2020")


def test_the_break_of_2022_is_listed_where_the_record_crosses_it(latest: Sen2) -> None:
    crossing = history_in_sen2(latest, council_of(latest, "Smallshire"))
    after = history_in_sen2(latest, council_of(latest, "Newshire"))
    assert [one.months for one in crossing.findings if "child by child" in one.text] == [("2022",)]
    assert not [one for one in after.findings if "child by child" in one.text]


def test_a_year_far_from_the_one_before_is_asked_about(tmp_path: Path) -> None:
    table = rows()
    for row in table:
        if row["la_name"] == "Smallshire" and row["time_period"] == "2023" and not row["topic"]:
            row["requests"] = "70"
    sen2 = read_sen2(edition(tmp_path / "sen2.zip", 2025, table))
    history = history_in_sen2(sen2, council_of(sen2, "Smallshire"))
    (asked,) = [one for one in history.findings if one.kind == "question"]
    assert asked.text.startswith("70 requests in 2023 after 260 in 2022")


def test_a_council_without_any_figure_is_refused(tmp_path: Path) -> None:
    table = [{**row, "requests": "x"} if row["la_name"] == "Gapshire" else row for row in rows()]
    sen2 = read_sen2(edition(tmp_path / "sen2.zip", 2025, table))
    with pytest.raises(BadInput, match="Gapshire has no figure: found 2019 x, 2020 x"):
        history_in_sen2(sen2, council_of(sen2, "Gapshire"))


def said(path: Path) -> str:
    with pytest.raises(BadInput) as fault:
        read_sen2(path)
    (line,) = str(fault.value).splitlines()
    return line


def test_what_is_not_dfes_file_is_said_in_one_line(tmp_path: Path) -> None:
    assert "cannot be read" in said(tmp_path / "none.zip")
    assert "found a folder, allowed is a plain file" in said(tmp_path)
    if hasattr(os, "mkfifo"):  # which would be waited for without end
        os.mkfifo(tmp_path / "pipe.zip")
        assert "found a pipe, allowed is a plain file" in said(tmp_path / "pipe.zip")
    (tmp_path / "text.zip").write_text("year,requests\n2024,7\n")
    assert "not a whole zip file" in said(tmp_path / "text.zip")
    whole = edition(tmp_path / "whole.zip", 2025).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    assert "not a whole zip file" in said(tmp_path / "cut.zip")
    (tmp_path / "torn.zip").write_bytes(whole[:300] + b"\0" * 40 + whole[340:])
    assert "not a whole zip file" in said(tmp_path / "torn.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("caseload.csv", "time_period,num_caseload\n2024,7\n")
    assert "has no table of requests" in said(tmp_path / "other.zip")
    assert "found caseload.csv" in said(tmp_path / "other.zip")
    with zipfile.ZipFile(tmp_path / "columns.zip", "w") as archive:
        archive.writestr("requests.csv", "time_period,requests_received_in_year\n2024,7\n")
    line = said(tmp_path / "columns.zip")
    assert "has no column geographic_level or new_la_code" in line
    assert "found the columns time_period, requests_received_in_year" in line


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"time_period": "202425"}, 'column time_period: found the text "202425"'),
        ({"requests": "-5"}, 'column requests_received_in_year: found the text "-5"'),
        ({"requests": "many"}, 'column requests_received_in_year: found the text "many"'),
        ({"requests": "12.5"}, "allowed is a whole number, or c, x, z"),
    ],
)
def test_values_that_cannot_be_are_said_with_their_line(
    change: dict[str, str], expected: str, tmp_path: Path
) -> None:
    table = rows()
    table[7].update(change)
    line = said(edition(tmp_path / "sen2.zip", 2025, table))
    assert expected in line
    assert "data/requests.csv, line 9" in line


def test_a_council_and_year_given_twice_is_said(tmp_path: Path) -> None:
    table = rows()
    assert "one row a council" in said(edition(tmp_path / "sen2.zip", 2025, [*table, table[8]]))


def test_without_england_the_file_is_refused(tmp_path: Path) -> None:
    table = [row for row in rows() if row["geographic_level"] != "National"]
    line = said(edition(tmp_path / "s.zip", 2025, table))
    assert "no row of all requests in England (level National)" in line
    assert "found “local authority”" in line


def test_dfes_published_files_give_what_dfe_published(dfe_data: Path) -> None:
    """Somerset's and England's series agree with the table made from them by hand."""
    by_hand = {}
    for line in (dfe_data / "somerset_england_2014_2024.csv").read_text().splitlines()[1:]:
        name, year, requests, *_ = line.split(",")
        by_hand[name, int(year)] = requests
    for file in ("dfe_sen2_2014_2021.zip", "dfe_sen2_2019_2024_part.zip"):
        sen2 = read_sen2(dfe_data / file)
        history = history_in_sen2(sen2, council_of(sen2, "Somerset"))
        for place, year in enumerate(history.index.astype(str)):
            assert str(history.counts[place]) == by_hand["Somerset", int(year)]
        for year, requests in sen2.england.dropna().items():
            assert str(int(requests)) == by_hand["England", year]


def test_the_edition_of_2026_with_its_real_figures(dfe_data: Path, tmp_path: Path) -> None:
    """1,437 requests in 2025: 930 by schools, 313 by parents, 2 by social care, 192 by others."""
    sen2 = read_sen2(published_2026(tmp_path / "s.zip", dfe_data))
    council = council_of(sen2, "Somerset")
    history = history_in_sen2(sen2, council)
    assert history.counts[-2:].tolist() == [1207, 1437]
    assert sen2.england[2025] == 162_702
    asked = council.by("source")
    assert asked.columns.tolist() == [2025]
    assert sorted(asked[2025]) == [2, 192, 313, 930]
    for topic in ("age", "source"):
        assert council.by(topic)[2025].sum() == 1437
        assert sen2.england_by(topic)[2025].sum() == 162_702
    assert council.by("age")[2024].sum() == 1207


def test_ages_of_every_council_add_up_to_its_requests(dfe_data: Path) -> None:
    sen2 = read_sen2(dfe_data / "dfe_sen2_2019_2024_part.zip")
    compared = 0
    for name in councils(sen2):
        council = council_of(sen2, name)
        history, ages = history_in_sen2(sen2, council), council.by("age")
        for year in ages.columns:
            place = np.flatnonzero(history.index.astype(str) == str(year))[0]
            if history.known[place]:
                assert ages[year].sum() == history.counts[place], (name, year)
                compared += 1
    assert compared > 100


def test_nothing_is_learnt_from_a_year_without_a_figure() -> None:
    """Whatever stands where a figure is missing, the fit is the same, and not that of a zero."""
    years = np.arange("2018", "2025", dtype="datetime64[Y]")
    counts = np.array([400, 420, 380, 470, 0, 560, 0])
    known = np.array([1, 1, 1, 1, 0, 1, 0], dtype=bool)
    weights = MonthWeights.england(
        years[-1] + 1, years[-1] + 1, SchoolTerms.read("somerset"), DayWeights()
    )

    def fitted(figure: int) -> tuple[float, float, int]:
        filled = np.where(known, counts, figure)
        one = YearlyTotals().fit(History("yearly", years, filled, None, known=known), weights)
        return one.log_level, one.drift, one.years_since

    assert fitted(0) == fitted(10_000)
    zeros = YearlyTotals().fit(History("yearly", years, counts), weights)
    assert fitted(0)[0] > zeros.log_level + 1
    assert fitted(0)[2] == 1  # a year between the last figure and the end of the record


def _all_marks(table: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row | {"requests": "x"} for row in table]


def _england_of_marks(table: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row | {"requests": "c"} if not row["la_name"] else row for row in table]


def _another_code(table: list[dict[str, str]]) -> list[dict[str, str]]:
    again = [row | {"new_la_code": "E99"} for row in table if row["la_name"] == "Smallshire"]
    return [*table, *again]


def _england_twice(table: list[dict[str, str]]) -> list[dict[str, str]]:
    again = [row | {"la_name": "England"} for row in table if not row["la_name"]]
    return [*table, *again]


def _no_council(table: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in table if not row["la_name"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_all_marks, "has no figure of all requests in England, only marks: x"),
        (_england_of_marks, "has no figure of all requests in England, only marks: c"),
        (_another_code, "allowed is one row a council, year and group, and 8 more rows"),
        (_england_twice, "allowed is one row a council, year and group"),
        (_no_council, "has no row of a council (level Local authority)"),
    ],
)
def test_a_table_without_sense_is_said_in_one_line(
    change: Callable[[list[dict[str, str]]], list[dict[str, str]]], said: str, tmp_path: Path
) -> None:
    path = edition(tmp_path / "sen2.zip", 2025, change(rows()))
    with pytest.raises(BadInput) as raised:
        read_sen2(path)
    assert said in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_england_for_fewer_years_than_a_council(tmp_path: Path) -> None:
    table = [r for r in rows() if r["la_name"] or r["time_period"] == "2019"]
    sen2 = read_sen2(edition(tmp_path / "sen2.zip", 2025, table))
    history = history_in_sen2(sen2, council_of(sen2, "Newshire"))
    assert history.counts.tolist() == [70, 100]


def test_councils_without_dfes_number_are_told_apart(tmp_path: Path) -> None:
    table = [row | {"old_la_code": ""} for row in rows()]
    sen2 = read_sen2(edition(tmp_path / "sen2.zip", 2025, table))
    assert history_in_sen2(sen2, council_of(sen2, "Smallshire")).counts[-1] == 300


def test_every_cut_of_the_zip_is_refused_in_one_line(tmp_path: Path) -> None:
    whole = edition(tmp_path / "whole.zip", 2025).read_bytes()
    path = tmp_path / "cut.zip"
    for size in range(0, len(whole), 97):
        path.write_bytes(whole[:size])
        with pytest.raises(BadInput) as raised:
            read_sen2(path)
        assert len(str(raised.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("given", "missing"), [("breakdown", "breakdown_topic"), ("breakdown_topic", "breakdown")]
)
def test_one_of_the_two_columns_of_groups_alone_is_said(
    given: str, missing: str, tmp_path: Path
) -> None:
    """DfE renames columns; a group without its topic must not be read as all requests."""
    whole, changed = edition(tmp_path / "whole.zip", 2026), tmp_path / "sen2.zip"
    with zipfile.ZipFile(whole) as files, zipfile.ZipFile(changed, "w") as others:
        for name in files.namelist():
            first, newline, rest = files.read(name).partition(b"\n")
            columns = [b"renamed" if one == missing.encode() else one for one in first.split(b",")]
            others.writestr(name, b",".join(columns) + newline + rest)
    assert f"has a column {given} and no column {missing}" in said(changed)
