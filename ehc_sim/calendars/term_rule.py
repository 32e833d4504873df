"""School terms made by rule, for school years whose dates are not listed.

The rule, for the school year that starts in September of year Y:

- autumn term starts on the first Monday of September, or on the Thursday before it when that
  Monday is the 6th or 7th;
- October half term is the week of the fourth Monday of October;
- Christmas holiday is two weeks, the first being the week (Monday to Sunday) of 25 December;
- February half term is the week of the third Monday of February;
- the spring holiday is two weeks and holds Easter Sunday or touches it. Easter in March: from Good
  Friday to the second Friday after Easter. Easter from 1 to 16 April: from the Monday before
  Easter. Easter from 17 April: the two weeks before Easter, and Easter Monday;
- May half term is the week of the last Monday of May;
- the summer term ends on the day that makes 195 school days: 20 to 27 July from 2014 to 2035,
  19 to 27 July to 2099.

Somerset sets 195 days a year, of which each school takes 5 for training
(https://somerset.inconsult.uk/Termdates2425/consultationHome). The rule gives exactly the dates
it published for 2013/14 and 2014/15, and the ends of the summer term that it put forward as
option A for 2026/27 (Friday 23 July) and 2027/28 (Friday 21 July):
https://somerset.gov.uk/news/have-your-say-school-term-dates-consultation-for-academic-years-2026-2028-now-live-2
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Literal

import numpy as np

from ehc_sim.calendars.bank_holidays import bank_holidays
from ehc_sim.calendars.fixed_days import easter_sunday, last_monday, nth_monday

SCHOOL_DAYS_A_YEAR = 195

Range = tuple[date, date]
"""First and last day; both belong to it."""


@cache
def terms_by_rule(school_year: int) -> tuple[Range, ...]:
    """Return the six half terms of a school year by the rule above.

    Parameters
    ----------
    school_year : int
        2024 is the school year 2024/25.

    Returns
    -------
    tuple of (date, date)
        First and last school day of each half term; each is a working day.
    """
    breaks = (
        _week_of(nth_monday(school_year, 10, 4)),
        _christmas(school_year),
        _week_of(nth_monday(school_year + 1, 2, 3)),
        _spring_break(school_year + 1),
        _week_of(last_monday(school_year + 1, 5)),
    )
    opens = [_start_of_autumn(school_year), *(_working_day(end, 1) for _, end in breaks)]
    closes = [_working_day(start, -1) for start, _ in breaks]
    before_june = sum(_working_days(*half) for half in zip(opens[:-1], closes, strict=True))
    last = _working_day(opens[-1], SCHOOL_DAYS_A_YEAR - before_june - 1)
    return tuple(zip(opens, [*closes, last], strict=True))


def _start_of_autumn(year: int) -> date:
    monday = nth_monday(year, 9, 1)
    return monday if monday.day <= 5 else monday - timedelta(days=4)


def _christmas(year: int) -> Range:
    christmas = date(year, 12, 25)
    monday = christmas - timedelta(days=christmas.weekday())
    return monday, monday + timedelta(days=13)


def _spring_break(year: int) -> Range:
    easter = easter_sunday(year)
    if easter < date(year, 4, 1):
        return easter - timedelta(days=2), easter + timedelta(days=12)
    if easter < date(year, 4, 17):
        return easter - timedelta(days=6), easter + timedelta(days=5)
    return easter - timedelta(days=13), easter + timedelta(days=1)


def _week_of(monday: date) -> Range:
    return monday, monday + timedelta(days=4)


def _working_day(day: date, places: int) -> date:
    """Return the working day so many places after (before, if negative) a day."""
    # From a day that is no working day, the count starts at the last one passed.
    roll: Literal["backward", "forward"] = "backward" if places > 0 else "forward"
    found = np.busday_offset(day, places, roll=roll, holidays=bank_holidays())
    return date.fromisoformat(str(found))


def _working_days(first: date, last: date) -> int:
    end = last + timedelta(days=1)
    return int(np.busday_count(first, end, holidays=bank_holidays()))
