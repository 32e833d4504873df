"""Whatever days a column has, and however they are written, none is read as another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ehc_sim.inputs import Days

pytestmark = pytest.mark.property

WAYS: tuple[Callable[[date], str], ...] = (
    lambda day: day.isoformat(),
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day.day}.{day.month}.{day:%y}",
    lambda day: f"{day:%d-%b-%y}",
    lambda day: f"{day:%d %B %Y}",
    lambda day: str((day - date(1899, 12, 30)).days),
    lambda day: f"{day:%m/%d/%Y}",  # as in America
)
DAYS = st.lists(st.dates(date(2014, 1, 1), date(2034, 12, 31)), min_size=1, max_size=12)


def cannot_be_told(ways: list[Callable[[date], str]], days: list[date]) -> bool:
    """Whether some write the month first and others the day, and only one of the two shows it.

    13/01/2024 beside an American 01/02/2024: nobody can see that this is no first of February.
    """
    told = [
        {day.day > 12 for way, day in zip(ways, days, strict=True) if way in kind}
        for kind in (WAYS[1:3], WAYS[-1:])
    ]
    return all(told) and (True in told[0]) != (True in told[1])


@given(days=DAYS, ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=3), data=st.data())
def test_a_day_is_read_as_itself_or_asked_about(days, ways, data) -> None:
    drawn = [data.draw(st.sampled_from(ways)) for _ in days]
    assume(not cannot_be_told(drawn, days))
    column = [way(day) for way, day in zip(drawn, days, strict=True)]
    read = Days.of(column)
    for text, day in zip(column, days, strict=True):
        assert read.read(text) in (day, None)
        if read.problem is None and text != WAYS[-1](day):
            assert read.read(text) == day


@given(days=DAYS, way=st.sampled_from(WAYS[:-1]))
def test_nothing_is_asked_where_one_day_is_past_the_twelfth(days, way) -> None:
    column = [way(day) for day in [*days, date(2024, 6, 25)]]
    assert Days.of(column).problem is None
