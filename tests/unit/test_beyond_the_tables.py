"""Where a table ends, the calendar goes on by rule, and the reader is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from ehc_sim.calendars import SchoolTerms, Timeline, holidays_made, made_by_rule, working_days
from ehc_sim.cli.app import app
from ehc_sim.demand.forecast import forecast
from ehc_sim.demand.history import History
from ehc_sim.present.briefing import render
from ehc_sim.present.limits import what_could_be_wrong
from ehc_sim.present.reading import standing
from tests.plain_counts import day_index
from tests.present_frames import made_up

pytestmark = pytest.mark.unit

TERMS = SchoolTerms.read("somerset")
RECORD = History("monthly", np.datetime64("2024-01", "M") + np.arange(24), np.full(24, 80))


def test_a_forecast_past_the_table_says_from_when_holidays_are_made() -> None:
    notes = forecast(RECORD, 130, terms=TERMS, paths=4).notes
    assert any(note.startswith("Bank holidays from 2036 are made by rule") for note in notes)
    short = forecast(RECORD, 120, terms=TERMS, paths=4).notes  # to December 2035
    assert not any("Bank holidays" in note for note in short)


def test_the_command_forecasts_110_months_past_2035(tmp_path) -> None:  # type: ignore[no-untyped-def]
    record = tmp_path / "requests.csv"
    months = np.datetime64("2024-06", "M") + np.arange(24)
    record.write_text(
        "month,requests\n" + "".join(f"{m},{80 + k % 7}\n" for k, m in enumerate(months))
    )
    command = [
        "forecast",
        str(record),
        "--months",
        "120",
        "--paths",
        "100",
        "--out",
        str(tmp_path / "f"),
    ]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "Bank holidays from 2036 are made by rule" in result.output
    assert "Bank holidays from 2036 are made by rule" in (tmp_path / "f/forecast.html").read_text(
        "utf-8"
    )


def test_a_run_past_the_table_has_christmas_and_its_substitute() -> None:
    """25 December 2038 is a Saturday: 27 and 28 are given in place."""
    timeline = Timeline.england(date(2034, 1, 1), date(2041, 3, 31), TERMS)
    off = [day_index(timeline, date(2038, 12, day)) for day in (27, 28)]
    assert not timeline.working[off].any()
    assert timeline.working[day_index(timeline, date(2038, 12, 29))]


def test_the_table_counts_as_known() -> None:
    assert list(holidays_made(2034, 2037)) == [2036, 2037]
    assert not holidays_made(2014, 2035)
    assert not working_days(np.array(["2022-09-19"], dtype="datetime64[D]"))[0]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2014, 1, 1), date(2015, 7, 31), []),  # Somerset's terms are listed
        (date(2030, 1, 1), date(2035, 12, 31), ["School terms from 2029/30"]),
        (date(2030, 1, 1), date(2036, 1, 31), ["School terms from 2029/30", "holidays from 2036"]),
        (date(2037, 1, 1), date(2039, 1, 31), ["School terms from 2036/37", "holidays from 2037"]),
    ],
)
def test_what_is_made_by_rule_in_a_plan_is_said(first: date, last: date, said: list[str]) -> None:
    found = made_by_rule(TERMS, first, last)
    assert len(found) == len(said)
    assert all(part in one for part, one in zip(said, found, strict=True))


def test_the_limits_on_the_page_say_what_the_calendar_of_the_plan_has_by_rule() -> None:
    frames = made_up(3)
    assert "by rule" not in " ".join(what_could_be_wrong(frames, standing(frames)))
    told = made_by_rule(TERMS, date(2030, 1, 1), date(2037, 12, 31))
    frames = replace(frames, manifest={**frames.manifest, "calendar": told})
    assert {*told} <= {*what_could_be_wrong(frames, standing(frames))}
    assert "Bank holidays from 2036 are made by rule" in render(frames)
