"""A results folder is read, and one that is not is refused with every reason at once."""

from __future__ import annotations

from dataclasses import MISSING

import pandas as pd
import pytest

from ehc_sim.catalogue.tables import TABLES
from ehc_sim.present import briefing
from ehc_sim.present.frames import LATER, Frames, NotResults
from tests.present_frames import made_up, write

pytestmark = pytest.mark.unit


@pytest.fixture
def folder(tmp_path):
    write(made_up(3), tmp_path)
    return tmp_path


def test_what_is_written_is_read(folder):
    frames, read = made_up(3), Frames.read(folder)
    for name in TABLES:
        written, back = getattr(frames, name), getattr(read, name)
        pd.testing.assert_frame_equal(
            back[list(written.columns)], written, check_dtype=False, check_exact=False
        )
    assert read.manifest["seed"] == frames.manifest["seed"]


def test_numbers_that_look_like_text_and_text_that_looks_like_numbers(folder):
    read = Frames.read(folder)
    assert read.assumptions["value"].map(type).eq(str).all()
    assert read.monthly["month"].dtype.kind == "M"
    assert set(read.backcast["within"].dropna()) == {True, False}
    assert read.backcast["within"].isna().any()
    assert read.backcast["within"].dtype == "boolean"
    assert read.comparison["recovers"].iloc[0] == ""


def test_the_plan_starts_where_the_forecast_does(folder):
    assert Frames.read(folder).plan_from == pd.Timestamp("2025-01-01")


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(NotResults, match="no such folder"):
        Frames.read(tmp_path / "nowhere")


def test_every_missing_file_is_named(tmp_path):
    with pytest.raises(NotResults) as caught:
        Frames.read(tmp_path)
    said = str(caught.value)
    assert all(f"{name}.csv: missing" in said for name in TABLES.keys() - LATER)
    assert "manifest.json: missing" in said
    assert len(caught.value.faults) == len(TABLES) - len(LATER) + 1


def test_a_folder_of_an_earlier_version_still_makes_a_briefing(folder):
    """It has no stock of plans, no account of late plans and no hours by kind of work."""
    for name in LATER:
        (folder / f"{name}.csv").unlink()
    path = folder / "comparison.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    later = [one.name for one in TABLES["comparison"] if one.default is not MISSING]
    table.drop(columns=later, errors="ignore").to_csv(path, index=False)
    read = Frames.read(folder)
    assert all(getattr(read, name).empty for name in LATER)
    assert read.comparison["review_decisions_on_time"].isna().all()
    html = briefing.render(read)
    for heading in ("Plans already in place", "Why late plans are late"):
        assert f"<h2>{heading}</h2>" not in html
        assert f"<h2>{heading}</h2>" in briefing.render(made_up(3))


def test_a_back_cast_of_an_earlier_version_is_read(folder):
    """There a measure and its group were one text, and nothing said what lies in the range."""
    path = folder / "backcast.csv"
    now = Frames.read(folder).backcast
    of = (", " + now["by"] + " " + now["group"]).where(now["by"] != "all", "")
    before = now.drop(columns=["measure", "by", "group", "in_range"])
    before.assign(what=now["measure"] + of).to_csv(path, index=False)
    read = Frames.read(folder).backcast
    pd.testing.assert_frame_equal(read[now.columns], now)


def test_a_later_table_that_is_there_is_checked(folder):
    (folder / "hours.csv").write_text("scenario,year\nBaseline,2027\n")
    with pytest.raises(NotResults, match=r"hours\.csv: lacks the columns team, kind"):
        Frames.read(folder)


def test_a_file_of_somebody_else(folder):
    (folder / "monthly.csv").write_text("date,requests\n2024-01-01,98\n")
    (folder / "manifest.json").write_text("[1, 2]")
    with pytest.raises(NotResults) as caught:
        Frames.read(folder)
    assert any("monthly.csv: lacks the columns scenario, month" in f for f in caught.value.faults)
    assert any("manifest.json: lacks name" in f for f in caught.value.faults)


@pytest.mark.parametrize(
    ("file", "column", "bad", "expected"),
    [
        ("comparison", "chance", "high", "a number"),
        ("teams", "month", "May", "a month"),
        ("backcast", "within", "perhaps", "True, False or nothing"),
    ],
)
def test_a_bad_value_is_named_with_its_line(folder, file, column, bad, expected):
    path = folder / f"{file}.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.loc[1, column] = bad
    table.to_csv(path, index=False)
    with pytest.raises(NotResults, match=rf"{file}\.csv:3: {column}: found '{bad}', .*{expected}"):
        Frames.read(folder)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_a_file_that_is_no_table(folder, content):
    (folder / "advice.csv").write_bytes(content)
    with pytest.raises(NotResults, match=r"advice\.csv: cannot be read as a table"):
        Frames.read(folder)


def test_a_comparison_without_rows_or_with_a_scenario_twice(folder):
    path = folder / "comparison.csv"
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table.head(0).to_csv(path, index=False)
    with pytest.raises(NotResults, match="has no scenario"):
        Frames.read(folder)
    pd.concat([table, table.head(1)]).to_csv(path, index=False)
    with pytest.raises(NotResults, match="there twice"):
        Frames.read(folder)


def test_columns_and_files_that_are_not_known_are_left_alone(folder):
    (folder / "notes.csv").write_text("anything")
    table = pd.read_csv(folder / "history.csv")
    table.assign(extra="x").to_csv(folder / "history.csv", index=False)
    assert "extra" in Frames.read(folder).history
