"""The command ``forecast``: what it prints and writes, and what it says of what cannot be used."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from click.testing import Result
from typer.testing import CliRunner

from ehc_sim.cli.app import app
from ehc_sim.experiment.contents import seal
from tests.forecast_records import by_month, by_request, population
from tests.sen2_files import edition, published_2026, rows

pytestmark = pytest.mark.e2e

FILES = {
    *("forecast.csv", "years.csv", "members.csv", "backtest.csv", "backtest_origins.csv"),
    *("pit.csv", "rise.csv", "findings.csv", "paths.parquet", "forecast.html", "manifest.json"),
    "charts",
}


def forecast(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["forecast", *map(str, arguments)])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forecast")
    by_request(folder / "requests.csv")
    by_month(folder / "short.csv", "2024-01", "2025-02")
    population(folder / "population.csv")
    for year in (2022, 2025, 2026):
        edition(folder / f"sen2_{year}.zip", year)
    return folder


@pytest.fixture(scope="module")
def written(place: Path) -> tuple[Path, Result]:
    out = place / "out"
    done = forecast(
        place / "requests.csv", "--council", "Rowshire", "--sen2", place / "sen2_2026.zip",
        "--population", place / "population.csv", "--paths", 120, "--out", out,
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    return out, done


def test_the_folder_is_whole(written: tuple[Path, Result]) -> None:
    out, _ = written
    assert {path.name for path in out.iterdir()} == FILES
    charts = {path.name for path in (out / "charts").iterdir()}
    assert charts == {
        f"{name}.{form}" for name in ("requests", "rise", "honesty") for form in ("svg", "png")
    }
    assert not [path for path in out.parent.iterdir() if path.name.startswith(".")]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["kind"] == "forecast"
    assert manifest["name"] == "Rowshire"
    assert set(manifest["files"]) == {
        path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()
    } - {"manifest.json"}


def test_it_prints_the_years_the_back_test_and_why(written: tuple[Path, Result]) -> None:
    _, done = written
    printed = done.stdout
    for said in ("pool of four methods", "Back-test", "seasonal naive", "Why requests change:"):
        assert said in printed
    assert "requests for each child brought" in printed
    assert "Page: " in printed


def test_paths_and_quantiles_agree(written: tuple[Path, Result]) -> None:
    out, _ = written
    paths = pq.read_table(out / "paths.parquet").to_pandas()
    assert list(paths.columns) == ["replication", "month", "base", "adjusted"]
    assert paths["replication"].nunique() == 120
    table = pd.read_csv(out / "forecast.csv")
    table.index = pd.Index(table["month"].str[:7])
    base = table[table["kind"] == "base"]
    middles = paths.groupby("month")["base"].median()
    assert base.loc[middles.index, "median"].to_numpy() == pytest.approx(middles.to_numpy())
    ahead = base.loc[middles.index]
    assert (
        ahead[["low95", "low80", "median", "high80", "high95"]].diff(axis=1).iloc[:, 1:] >= 0
    ).all(axis=None)


def test_every_question_adds_up_to_the_change(written: tuple[Path, Result]) -> None:
    out, _ = written
    table = pd.read_csv(out / "rise.csv")
    sums = table.groupby("question")["change"].sum()
    assert set(sums.index) == {"all", "source", "age", "need", "population", "England"}
    assert sums.drop("England").to_numpy() == pytest.approx(sums["all"], abs=1e-2)
    by_year = pd.read_csv(out / "years.csv").query("kind == 'history'").set_index("year")["median"]
    assert set(table.query("question == 'England'")["last"].astype(str)) == {"2023"}
    assert sums["England"] == pytest.approx(by_year[2023] - by_year[2022], abs=1e-2)


def test_the_same_seed_gives_the_same_futures(place: Path, written: tuple[Path, Result]) -> None:
    out, _ = written
    again = forecast(place / "requests.csv", "--paths", 120, "--out", place / "again")
    assert again.exit_code == 0
    ours, theirs = (folder / "paths.parquet" for folder in (out, place / "again"))
    assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize("year", [2022, 2025, 2026])
def test_a_council_of_every_edition(place: Path, year: int, tmp_path: Path) -> None:
    done = forecast(
        "--council", "smallshire council", "--sen2", place / f"sen2_{year}.zip", "--out",
        tmp_path / "out",
    )  # fmt: skip
    assert done.exit_code == 0, done.stderr
    assert "DfE's figures of Smallshire (code E10000001, DfE's number 901)" in done.stdout
    years = pd.read_csv(tmp_path / "out" / "years.csv")
    recorded = years[years["kind"] == "history"]
    assert recorded["median"].tolist() == [200, 180, 240, 260, 300]
    assert years[years["kind"] == "base"]["year"].tolist() == [2024, 2025, 2026]
    table = pd.read_csv(tmp_path / "out" / "rise.csv")
    assert ("age" in set(table["question"])) == (year != 2022)
    assert "source" not in set(table["question"])  # no year before has it
    told = "By source only 2023 is known, not 2022: how it changed cannot be told."
    for text in (done.stdout, (tmp_path / "out" / "forecast.html").read_text("utf-8")):
        assert (told in text) == (year == 2026)
    beside = pd.read_csv(tmp_path / "out" / "dfe_figures.csv")
    asked = beside[(beside["place"] == "Smallshire") & (beside["by"] == "source")]
    schools = asked[asked["group"] == "School or other education setting"]["value"]
    assert schools.tolist() == ([210] if year == 2026 else [])
    assert "has no table of phase transfers (looked for" in text


def test_the_edition_of_2026_with_its_real_figures(dfe_data: Path, tmp_path: Path) -> None:
    sen2 = published_2026(tmp_path / "sen2.zip", dfe_data)
    done = forecast("--council", "Somerset", "--sen2", sen2, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.stderr
    assert "rose from 1,207 in 2024 to 1,437 in 2025" in done.stdout
    assert "school or other education setting 930 (65%), parent or young person 313" in done.stdout
    assert "social care" not in done.stdout.lower()  # 2 children


def test_a_short_record_says_that_it_is(place: Path, tmp_path: Path) -> None:
    done = forecast(place / "short.csv", "--out", tmp_path / "out", "--months", 12)
    assert done.exit_code == 0, done.stderr
    assert "too short to test" in (tmp_path / "out" / "forecast.html").read_text("utf-8")
    assert "Why requests changed cannot be said" in done.stdout


def test_a_year_left_out_is_not_learnt_from(place: Path, tmp_path: Path) -> None:
    table = rows()
    for row in table:
        if row["la_name"] == "Smallshire" and row["time_period"] == "2023" and not row["topic"]:
            row["requests"] = "30"
    odd = edition(tmp_path / "odd.zip", 2025, table)
    asked = ("--council", "Smallshire", "--sen2", odd, "--months", 12, "--out", tmp_path / "out")
    with_it, without = forecast(*asked), forecast(*asked, "--leave-out", 2023)
    assert "forecast again with --leave-out 2023" in with_it.stdout
    assert "Left out, as was asked: 2023." in without.stdout
    years = pd.read_csv(tmp_path / "out" / "years.csv")
    assert years[years["kind"] == "base"]["median"].iloc[0] > 200


def test_with_nothing_named_it_is_somersets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = forecast("--months", 12)
    assert done.exit_code == 0, done.stderr
    assert (tmp_path / "results" / "somerset_forecast" / "forecast.html").is_file()


BROKEN: dict[str, tuple[list[str], str]] = {
    "no zip": (["--council", "Smallshire", "--sen2", "none.zip"], "none.zip: cannot be read"),
    "not a zip": (["--council", "Smallshire", "--sen2", "short.csv"], "short.csv: not a whole zip"),
    "a zip without the table": (
        ["--council", "Smallshire", "--sen2", "other.zip"],
        "other.zip: has no table of requests",
    ),
    "an unknown council": (
        ["--council", "Smalshire", "--sen2", "sen2_2026.zip"],
        'council: found "Smalshire", which is not in the file; did you mean Smallshire',
    ),
    "a council that was replaced": (
        ["--council", "Cumbria", "--sen2", "sen2_2026.zip"],
        'found "Cumbria", which was replaced in April 2023',
    ),
    "no council": (["--sen2", "sen2_2026.zip"], "which council of it is meant?"),
    "no file": (["--council", "Smallshire"], "--council: names no file"),
    "a year that is not there": (
        ["--council", "Smallshire", "--sen2", "sen2_2026.zip", "--leave-out", "2011"],
        "--leave-out: found 2011, allowed is a year from 2019 to 2023",
    ),
    "every year left out": (
        [
            *("--council", "Newshire", "--sen2", "sen2_2026.zip"),
            *("--leave-out", "2022", "--leave-out", "2023"),
        ],
        "--leave-out: leaves no year to learn from",
    ),
    "years of a record by month": (["short.csv", "--leave-out", "2024"], "is of records by year"),
    "no record": (["none.csv"], "none.csv: file: cannot be read"),
    "wrong columns": (["columns.csv"], "found none of the columns that are needed"),
    "negative children": (["requests.csv", "--population", "minus.csv"], 'found "-7"'),
    "children of 30": (["requests.csv", "--population", "old.csv"], "single age from 0 to 25"),
    "children of other years": (
        ["requests.csv", "--population", "early.csv"],
        "found 2019 to 2022, needed is 2023 for the years compared",
    ),
    "no terms": (["requests.csv", "--terms", "none.csv"], "there is no such file"),
    "a folder with something else": (["short.csv", "--out", "taken"], "not a results folder"),
    "a file": (["short.csv", "--out", "short.csv"], "not a results folder"),
    "results of a run": (["short.csv", "--out", "run"], "found the results of a run"),
}  # fmt: skip


@pytest.fixture
def broken(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("requests.csv", "short.csv", "sen2_2026.zip"):
        os.link(place / name, tmp_path / name)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("data/caseload.csv", "time_period,num_caseload\n2024,7\n")
    (tmp_path / "columns.csv").write_text("jahr,anzahl\n2024,7\n")
    text = population(tmp_path / "early.csv", 2019, 2022).read_text()
    (tmp_path / "minus.csv").write_text(text.replace("2019,0,6000", "2019,0,-7"))
    (tmp_path / "old.csv").write_text(text + "2022,30,10\n")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("mine")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text('{"kind": "run"}')
    seal(tmp_path / "run")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", list(BROKEN))
def test_what_cannot_be_used_is_said_in_a_line_and_nothing_is_written(
    broken: Path, name: str
) -> None:
    arguments, said = BROKEN[name]
    before = {path: path.stat().st_mtime_ns for path in broken.rglob("*")}
    done = forecast(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert said in done.stderr
    if name != "wrong columns":
        assert len(done.stderr.splitlines()) == 1
    assert {path: path.stat().st_mtime_ns for path in broken.rglob("*")} == before


def test_a_forecast_is_written_over_by_the_next_one(broken: Path) -> None:
    for months in (6, 3):
        assert forecast("short.csv", "--months", months, "--out", "ours").exit_code == 0
    table = pd.read_csv(broken / "ours" / "forecast.csv")
    assert np.sum(table["kind"] == "base") == 3


def test_a_forecast_is_not_taken_for_the_results_of_a_run(broken: Path) -> None:
    assert forecast("short.csv", "--months", 3, "--out", "ours").exit_code == 0
    before = {path: path.stat().st_mtime_ns for path in broken.rglob("*")}
    for command, said in (
        (["report", "ours"], "found the results of a forecast"),
        (["compare", "ours", "ours"], "found the results of a forecast"),
        (["run", "--replications", "1", "--out", "ours"], "found the results of a forecast"),
    ):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 2
        assert said in done.stderr
    assert {path: path.stat().st_mtime_ns for path in broken.rglob("*")} == before


def test_a_plain_guess_without_an_error_is_no_measure(tmp_path: Path) -> None:
    """The same twelve months for five years: no ratio to nothing is told."""
    months = pd.period_range("2020-01", "2024-12", freq="M")
    rows = "".join(f"{month},{int(month.month % 3 == 0)}\n" for month in months)
    (tmp_path / "same.csv").write_text(f"month,requests\n{rows}")
    done = forecast(tmp_path / "same.csv", "--out", tmp_path / "out", "--months", 12)
    assert done.exit_code == 0, done.stderr
    assert "over 10,000%" not in done.stdout
    assert "no comparing with it" in done.stdout
    assert max(map(len, re.findall(r"\d+%", done.stdout))) < 7


def test_dfes_published_files_for_any_council(dfe_data: Path, tmp_path: Path) -> None:
    for file, council, last in (
        ("dfe_sen2_2019_2024_part.zip", "Gloucestershire", 1625),
        ("dfe_sen2_2014_2021.zip", "west northamptonshire", 788),
        ("dfe_sen2_2019_2024_part.zip", "Somerset", 1207),
    ):
        out = tmp_path / council
        done = forecast("--council", council, "--sen2", dfe_data / file, "--out", out)
        assert done.exit_code == 0, done.stderr
        years = pd.read_csv(out / "years.csv")
        assert years[years["kind"] == "history"]["median"].iloc[-1] == last
