"""What holds for any date, wait and list of terms."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from ehc_sim import calendars
from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.calendars.terms import easter_sunday, terms_by_rule
from tests.plain_counts import day_index

pytestmark = pytest.mark.property

TIMELINE = Timeline.england(date(2019, 4, 1), date(2027, 3, 31), SchoolTerms.read("somerset"))
MINUTES = TIMELINE.days.size * 1440
KINDS = st.sampled_from(["calendar", "working", "school"])
STARTS = st.integers(0, MINUTES + 100 * 1440)
WITHIN = st.integers(0, MINUTES - 1)
WAITS = st.integers(1, 400)
DATES = st.dates(date(2014, 1, 1), date(2060, 12, 31))


def nine_o_clock(day: np.datetime64) -> int:
    return TIMELINE.minute(day.item(), 540)


@given(start=WITHIN, wait=WAITS)
def test_working_days_are_those_of_numpy(start: int, wait: int) -> None:
    today = TIMELINE.days[start // 1440]
    ends = np.busday_offset(today, wait, roll="backward", holidays=calendars.bank_holidays())
    found = TIMELINE.after(start, wait, "working")
    assert found == nine_o_clock(ends) if ends <= TIMELINE.days[-1] else found >= MINUTES


@given(start=WITHIN, wait=WAITS)
def test_a_wait_passes_as_many_school_days_as_it_is_long(start: int, wait: int) -> None:
    ends = TIMELINE.after(start, wait, "school")
    to_come = TIMELINE.school[start // 1440 + 1 :]
    if ends < MINUTES:
        passed = to_come[: ends // 1440 - start // 1440]
        assert passed.sum() == wait
        assert passed[-1]
        assert ends % 1440 == 540
    else:
        assert to_come.sum() < wait


@given(start=STARTS, later=STARTS, wait=WAITS, longer=WAITS, kind=KINDS)
def test_time_never_runs_backwards(
    start: int, later: int, wait: int, longer: int, kind: str
) -> None:
    start, later = sorted((start, later))
    wait, longer = sorted((wait, longer))
    assert start < TIMELINE.after(start, wait, kind) <= TIMELINE.after(later, wait, kind)
    assert TIMELINE.after(start, wait, kind) <= TIMELINE.after(start, longer, kind)


@given(start=WITHIN, first=st.integers(1, 60), second=st.integers(1, 60), kind=KINDS)
def test_two_waits_are_one_wait_as_long_as_both(
    start: int, first: int, second: int, kind: str
) -> None:
    both = TIMELINE.after(start, first + second, kind)
    if both < MINUTES:
        assert TIMELINE.after(TIMELINE.after(start, first, kind), second, kind) == both


@given(day=DATES, minute=st.integers(0, 1439))
def test_a_date_and_its_minute_lead_to_each_other(day: date, minute: int) -> None:
    assert TIMELINE.date_of(TIMELINE.minute(day, minute)) == day
    assert TIMELINE.minute(day, minute) % 1440 == minute


@given(first=DATES, length=st.integers(0, 900))
def test_a_timeline_agrees_with_the_calendar(first: date, length: int) -> None:
    last = min(first + timedelta(days=length), date(2060, 12, 31))
    timeline = Timeline.england(first, last, SchoolTerms())
    dates = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert timeline.days.tolist() == dates
    assert timeline.weekday.tolist() == [day.weekday() for day in dates]
    assert [str(m) for m in timeline.months[timeline.month]] == [f"{d:%Y-%m}" for d in dates]
    assert not (timeline.school & ~timeline.working).any()
    assert [day_index(timeline, day) for day in dates[:3]] == [0, 1, 2][: len(dates)]


@given(first=DATES, second=DATES)
def test_a_day_is_the_same_on_every_timeline(first: date, second: date) -> None:
    first, last = sorted((first, second))
    timeline = Timeline.england(first, last, TIMELINE.terms)
    _, here, there = np.intersect1d(timeline.days, TIMELINE.days, return_indices=True)
    assert (timeline.working[here] == TIMELINE.working[there]).all()
    assert (timeline.school[here] == TIMELINE.school[there]).all()


@given(start=STARTS, end=STARTS, allowed=st.integers(1, 200))
def test_on_time_is_by_the_deadline_and_by_date(start: int, end: int, allowed: int) -> None:
    on_time = calendars.on_time(start, end, allowed)
    assert on_time == (end <= calendars.deadline(start, allowed))
    within = TIMELINE.date_of(end) <= TIMELINE.date_of(start) + timedelta(days=allowed)
    assert on_time == within


@given(day=st.integers(300, TIMELINE.days.size - 300), minute=st.integers(0, 1439))
def test_excepted_as_the_regulation_words_it(day: int, minute: int) -> None:
    def within_a_window(closed: int) -> bool:
        opens = closed + int(np.argmax(TIMELINE.school[closed:]))
        return opens - closed >= 28 and closed - 7 <= day <= opens - 7

    closes = np.flatnonzero(TIMELINE.school[:-1] & ~TIMELINE.school[1:]) + 1
    expected = any(within_a_window(int(closed)) for closed in closes[abs(closes - day) < 120])
    asked = np.array([day * 1440 + minute])
    assert calendars.excepted(asked, TIMELINE).tolist() == [expected]


@given(st.integers(1900, 2199))
def test_easter_is_that_of_dateutil(year: int) -> None:
    assert easter_sunday(year) == easter(year)


@given(st.integers(2014, 2059))
def test_a_school_year_by_rule_has_six_half_terms_and_195_days(school_year: int) -> None:
    halves = terms_by_rule(school_year)
    edges = [day for half in halves for day in half]
    assert len(halves) == 6
    assert edges == sorted(edges)
    assert calendars.working_days(np.array(edges, dtype="datetime64[D]")).all()
    assert date(school_year + 1, 7, 20) <= edges[-1] <= date(school_year + 1, 7, 27)
    year = np.arange(f"{school_year}-08-01", f"{school_year + 1}-08-01", dtype="datetime64[D]")
    assert SchoolTerms().is_open(year).sum() == 195


@given(
    years=st.sets(st.integers(2014, 2059), min_size=1, max_size=4),
    line_end=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from(["", "\ufeff"]),
    pattern=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y"]),
    shuffle=st.randoms(use_true_random=False),
)
def test_terms_survive_a_file(years, line_end, mark, pattern, shuffle) -> None:
    listed = [half for year in sorted(years) for half in terms_by_rule(year)]
    rows = [f"{first:{pattern}},{last:{pattern}}" for first, last in listed]
    shuffle.shuffle(rows)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "terms.csv"
        path.write_bytes((mark + line_end.join(["first_day,last_day", *rows])).encode())
        terms = SchoolTerms.read(path)
    assert terms.listed == tuple(listed)
    assert terms.school_years == years
