"""Whatever days a column has, and however they are written, none is read as another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
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


@given(days=DAYS, ways=st.lists(st.sampled_from(WAYS), min_size=1, max_size=3), data=st.data())
def test_a_day_is_read_as_itself_or_asked_about(days, ways, data) -> None:
    column = [data.draw(st.sampled_from(ways))(day) for day in days]
    read = Days.of(column)
    for text, day in zip(column, days, strict=True):
        assert read.read(text) in (day, None)
        if read.problem is None and text != WAYS[-1](day):
            assert read.read(text) == day


@given(days=DAYS, way=st.sampled_from(WAYS[:-1]))
def test_nothing_is_asked_where_one_day_is_past_the_twelfth(days, way) -> None:
    column = [way(day) for day in [*days, date(2024, 6, 25)]]
    assert Days.of(column).problem is None
