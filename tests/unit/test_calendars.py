"""Working days, school terms and the statutory clock, against dates checked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import holidays
import numpy as np
import pytest

from ehc_sim import calendars
from ehc_sim.calendars import SchoolTerms, TermsError, Timeline, law
from ehc_sim.calendars.terms import terms_by_rule
from tests.plain_counts import day_index

pytestmark = pytest.mark.unit

NINE = 9 * 60


@pytest.fixture(scope="module")
def timeline() -> Timeline:
    return Timeline.england(date(2024, 7, 1), date(2025, 8, 31), SchoolTerms.read("somerset"))


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


# --- bank holidays ---


@pytest.mark.parametrize("year", range(2014, 2100))
def test_bank_holidays_by_table_and_by_rule_equal_the_holidays_package(year: int) -> None:
    known = holidays.country_holidays("GB", subdiv="ENG", years=year)
    ours = [day for day in calendars.bank_holidays().tolist() if day.year == year]
    assert ours == sorted(known)


@pytest.mark.parametrize(
    "day", ["2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08", "2026-12-28", "2027-12-27"]
)
def test_single_and_substitute_bank_holidays_are_no_working_days(day: str) -> None:
    assert not calendars.working_days(days(day))[0]


def test_the_spring_bank_holiday_of_2022_was_moved() -> None:
    assert calendars.working_days(days("2022-05-30"))[0]


# --- timeline ---


def test_arrays_describe_each_day(timeline: Timeline) -> None:
    monday = day_index(timeline, date(2024, 8, 26))
    assert str(timeline.days[monday]) == "2024-08-26"
    assert timeline.weekday[monday] == 0
    assert timeline.month[monday] == 1
    assert not timeline.working[monday]  # summer bank holiday
    assert timeline.working[monday + 1]
    assert not timeline.school[monday + 1]  # summer holiday
    assert timeline.days.size == timeline.working.size == 427


def test_months_are_numbered_as_month_counts_them(timeline: Timeline) -> None:
    assert [str(month) for month in timeline.months[[0, -1]]] == ["2024-07", "2025-08"]
    assert timeline.months.size == timeline.month[-1] + 1 == 14


def test_arrays_cannot_be_changed(timeline: Timeline) -> None:
    with pytest.raises(ValueError, match="read-only"):
        timeline.working[0] = False


def test_minutes_count_from_the_first_midnight(timeline: Timeline) -> None:
    assert timeline.minute(date(2024, 7, 1)) == 0
    assert timeline.minute(date(2024, 7, 2), NINE) == 1440 + 540
    assert timeline.minute(date(2024, 6, 30)) == -1440
    assert timeline.date_of(-1) == date(2024, 6, 30)
    assert timeline.date_of(1440) == date(2024, 7, 2)


def test_what_lies_outside_is_refused(timeline: Timeline) -> None:
    with pytest.raises(ValueError, match="allowed is 0 to 1439"):
        timeline.minute(date(2024, 7, 1), 1440)
    with pytest.raises(ValueError, match="known from 2014 to 2099"):
        Timeline.england(date(2030, 1, 1), date(2100, 1, 1), SchoolTerms())
    with pytest.raises(ValueError, match="before the first day"):
        Timeline.england(date(2030, 1, 2), date(2030, 1, 1), SchoolTerms())


@pytest.mark.parametrize(
    ("wait", "ends"),
    [(1, "2024-12-24"), (2, "2024-12-27"), (3, "2024-12-30"), (5, "2025-01-02")],
)
def test_working_days_over_christmas(timeline: Timeline, wait: int, ends: str) -> None:
    start = timeline.minute(date(2024, 12, 23), 14 * 60)
    assert timeline.after(start, wait, "working") == timeline.minute(date.fromisoformat(ends), NINE)


def test_the_first_day_counted_is_the_one_after_the_start(timeline: Timeline) -> None:
    tuesday = timeline.minute(date(2024, 7, 9), NINE)
    assert timeline.after(timeline.minute(date(2024, 7, 8)), 1, "working") == tuesday
    assert timeline.after(timeline.minute(date(2024, 7, 8), 1439), 1, "working") == tuesday
    monday = timeline.minute(date(2024, 7, 8), NINE)
    assert timeline.after(timeline.minute(date(2024, 7, 7)), 1, "working") == monday


def test_school_days_skip_the_holidays(timeline: Timeline) -> None:
    last_of_term = timeline.minute(date(2024, 12, 20), 600)
    first_of_term = timeline.minute(date(2025, 1, 6), NINE)
    assert timeline.after(last_of_term, 1, "school") == first_of_term


def test_calendar_days_keep_the_time_of_day(timeline: Timeline) -> None:
    start = timeline.minute(date(2024, 12, 24), 777)
    assert timeline.after(start, 2, "calendar") == timeline.minute(date(2024, 12, 26), 777)


@pytest.mark.parametrize("counted_in", ["calendar", "working", "school"])
def test_a_wait_past_the_end_ends_beyond_it(timeline: Timeline, counted_in: str) -> None:
    last_minute = timeline.minute(timeline.last_day, 1439)
    beyond = timeline.after(last_minute, 1, counted_in)
    assert beyond > last_minute
    assert timeline.after(beyond, 3, counted_in) > beyond


@pytest.mark.parametrize("counted_in", ["calendar", "working", "school"])
def test_a_wait_of_no_days_is_refused(timeline: Timeline, counted_in: str) -> None:
    with pytest.raises(ValueError, match="allowed is 1 or more"):
        timeline.after(0, 0, counted_in)


def test_a_wait_from_before_the_timeline_is_refused(timeline: Timeline) -> None:
    with pytest.raises(ValueError, match="starts before 2024-07-01"):
        timeline.after(-1, 1, "working")


def test_waits_are_plain_integers(timeline: Timeline) -> None:
    assert type(timeline.after(600, 3, "working")) is int
    assert type(timeline.after(10**9, 3, "school")) is int


# --- terms ---


@pytest.mark.parametrize("school_year", [2013, 2014])
def test_the_rule_gives_the_dates_that_somerset_published(school_year: int) -> None:
    published = SchoolTerms.read("somerset").listed
    first, last = date(school_year, 8, 1), date(school_year + 1, 7, 31)
    assert terms_by_rule(school_year) == tuple(
        half for half in published if first <= half[0] <= last
    )


@pytest.mark.parametrize(
    ("school_year", "ends"), [(2026, date(2027, 7, 23)), (2027, date(2028, 7, 21))]
)
def test_the_rule_ends_the_year_when_somerset_proposed(school_year: int, ends: date) -> None:
    assert terms_by_rule(school_year)[-1][1] == ends


def test_the_rule_in_full_when_easter_is_in_march() -> None:
    assert terms_by_rule(2026) == (
        (date(2026, 9, 3), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 4), date(2027, 2, 12)),
        (date(2027, 2, 22), date(2027, 3, 25)),
        (date(2027, 4, 12), date(2027, 5, 28)),
        (date(2027, 6, 7), date(2027, 7, 23)),
    )


def test_a_timeline_says_which_school_years_were_made_by_rule() -> None:
    terms = SchoolTerms.read("somerset")
    made = Timeline.england(date(2014, 7, 31), date(2016, 8, 1), terms).terms_made
    assert made == (2015, 2016)


def test_a_council_replaces_the_rule_for_the_years_it_lists(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    path.write_text("first_day,last_day\n04/09/2024,11/04/2025\n28/04/2025,22/07/2025\n")
    terms = SchoolTerms.read(path)
    dates = days("2024-09-03", "2024-09-04", "2024-10-28", "2025-04-14", "2025-05-05", "2025-09-01")
    assert terms.is_open(dates).tolist() == [False, True, True, False, False, True]
    assert terms.school_years == {2024}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_files_that_a_spreadsheet_wrote_are_read(
    tmp_path: Path, encoding: str, line_end: str
) -> None:
    lines = ["First_day,last_day ,note", "# ours", "02/09/2024,22/07/2025,all – year", ",,", ""]
    path = tmp_path / "terms.csv"
    path.write_bytes(line_end.join(lines).encode(encoding))
    assert SchoolTerms.read(path).listed == ((date(2024, 9, 2), date(2025, 7, 22)),)


def faults_of(path: Path, text: str | bytes) -> list[str]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(TermsError) as raised:
        SchoolTerms.read(path)
    assert str(raised.value) == "\n".join(raised.value.faults)
    return [fault.removeprefix(str(path)) for fault in raised.value.faults]


def test_every_fault_has_its_line(tmp_path: Path) -> None:
    text = """first_day,last_day
2024-09-02,2024-10-25
2024-11-04,2024-12-32
2025-01-06,2025-01-03
2024-10-25,2024-11-01
autumn,
2025-06-02,2025-08-01
"""
    allowed = "allowed is a day such as 2024-03-14, 14/03/2024 or 14-Mar-2024"
    assert sorted(faults_of(tmp_path / "terms.csv", text)) == [
        f':3: found "2024-12-32" as last_day; {allowed}',
        ":4: found 2025-01-06 to 2025-01-03; last_day must not be before first_day",
        ":5: found 2024-10-25 to 2024-11-01, which overlaps line 2 (2024-09-02 to 2024-10-25); "
        "terms must not overlap",
        f':6: found "" as last_day; {allowed}',
        f':6: found "autumn" as first_day; {allowed}',
        ":7: found 2025-06-02 to 2025-08-01; a term must not run from one school year into the "
        "next (1 August)",
    ]


def test_half_a_school_year_is_refused(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "terms.csv", "first_day,last_day\n2024-09-02,2024-12-20\n")
    assert fault.startswith(":2: found 80 school days in the school year 2024/25; list all")


def test_files_that_are_no_list_of_terms_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "terms.csv"
    assert faults_of(path, "start|end\n") == [
        ":1: found the columns start|end; first_day and last_day are needed"
    ]
    assert faults_of(path, "") == [": empty; allowed is a CSV file with a line of column names"]
    assert faults_of(path, "first_day,last_day\n") == [
        ":1: found no rows; one for each half term is needed"
    ]
    assert faults_of(path, b"first_day,last_day,\x81\n") == [
        ":1: found a character that is neither UTF-8 nor Windows-1252; save it as CSV UTF-8"
    ]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TermsError, match=r"wells\.csv: there is no such file.*somerset"):
        SchoolTerms.read(tmp_path / "wells.csv")
    with pytest.raises(TermsError, match="cannot be read"):
        SchoolTerms.read(tmp_path)


# --- statutory clock ---


def test_the_deadline_is_the_date_even_on_a_bank_holiday(timeline: Timeline) -> None:
    request = timeline.minute(date(2024, 7, 15), 16 * 60)
    bank_holiday = timeline.minute(date(2024, 8, 26), 1439)
    assert calendars.deadline(request, law.ASSESS_DECISION.days) == bank_holiday
    assert calendars.on_time(request, bank_holiday, law.ASSESS_DECISION.days)
    assert not calendars.on_time(request, bank_holiday + 1, law.ASSESS_DECISION.days)


@pytest.mark.parametrize(
    ("allowed", "due"),
    [
        (law.ASSESS_DECISION.days, "2024-08-12"),
        (law.NO_PLAN.days, "2024-10-21"),
        (law.PLAN.days, "2024-11-18"),
        (law.ORDER_TELL.days, "2024-07-15"),
        (law.ORDER_NO_PLAN.days, "2024-09-09"),
        (law.ORDER_PLAN.days, "2024-10-07"),
        (law.ADVICE.days, "2024-08-12"),
    ],
)
def test_what_is_due_for_a_clock_that_starts_on_1_july_2024(
    timeline: Timeline, allowed: int, due: str
) -> None:
    assert timeline.date_of(calendars.deadline(0, allowed)) == date.fromisoformat(due)


def test_on_time_takes_arrays() -> None:
    starts = np.array([0, 1439, 1440])
    ends = np.array([43 * 1440, 43 * 1440 - 1, 43 * 1440])
    assert calendars.on_time(starts, ends, 42).tolist() == [False, True, True]
    assert calendars.deadline(starts, 42).tolist() == [61919, 61919, 63359]


def test_only_the_summer_is_a_closure_of_four_weeks() -> None:
    found = calendars.closures(SchoolTerms.read("somerset"), date(2013, 9, 2), date(2015, 7, 20))
    assert found == [(date(2014, 7, 23), date(2014, 8, 31))]


def test_a_closure_is_whole_when_only_part_of_it_is_asked_for() -> None:
    terms = SchoolTerms.read("somerset")
    found = calendars.closures(terms, date(2014, 8, 30), date(2014, 8, 31))
    assert found == [(date(2014, 7, 23), date(2014, 8, 31))]


@pytest.mark.parametrize(("opens", "count"), [(date(2024, 8, 28), 0), (date(2024, 8, 29), 1)])
def test_a_closure_has_28_days_or_more(opens: date, count: int) -> None:
    terms = SchoolTerms(((date(2023, 9, 4), date(2024, 7, 31)), (opens, date(2025, 7, 31))))
    assert len(calendars.closures(terms, date(2024, 7, 1), date(2024, 8, 31))) == count


def test_weekends_and_bank_holidays_beside_a_closure_belong_to_it() -> None:
    terms = SchoolTerms(
        ((date(2023, 9, 4), date(2024, 7, 26)), (date(2024, 8, 26), date(2025, 7, 31)))
    )
    found = calendars.closures(terms, date(2024, 7, 1), date(2024, 8, 31))
    assert found == [(date(2024, 7, 27), date(2024, 8, 26))]


@pytest.mark.parametrize(
    ("asked", "is_excepted"),
    [
        ("2014-07-15", False),
        ("2014-07-16", True),  # a week before 23 July, the first closed day
        ("2014-08-25", True),  # a week before 1 September, when schools open again
        ("2014-08-26", False),
        ("2014-12-18", False),  # Christmas: two weeks
        ("2015-07-13", False),
        ("2015-07-14", True),
    ],
)
@pytest.mark.parametrize("first_day", [date(2014, 1, 1), date(2014, 8, 20), date(2015, 12, 1)])
def test_the_date_of_asking_a_school_decides(
    asked: str, is_excepted: bool, first_day: date
) -> None:
    timeline = Timeline.england(first_day, date(2016, 1, 1), SchoolTerms.read("somerset"))
    minute = timeline.minute(date.fromisoformat(asked), 1439)
    assert calendars.excepted(np.array([minute]), timeline).tolist() == [is_excepted]


def test_no_case_is_excepted_when_none_is_given(timeline: Timeline) -> None:
    assert calendars.excepted(np.array([], dtype=np.int64), timeline).shape == (0,)
