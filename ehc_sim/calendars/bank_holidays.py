"""Bank holidays and working days in England: from a table, and by rule for the years after it."""

import csv
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars.fixed_days import easter_sunday, last_monday, nth_monday

FIRST_YEAR, LISTED_UNTIL = 2014, 2035
"""Years that the table of bank holidays covers."""
LAST_YEAR = 2099
"""Last year whose bank holidays are made by rule: no plan or forecast looks as far."""

_TABLE = Path(__file__).with_name("bank_holidays.csv")


@cache
def bank_holidays() -> NDArray[np.datetime64]:
    """Return England's bank holidays from 2014 to 2099.

    Those to 2035 are a table. They include the single ones (2 and 3 June and 19 September 2022,
    8 May 2023) and the days given in place of a holiday at a weekend. A bank holiday proclaimed
    later has to be added to ``bank_holidays.csv``, which a test compares with the ``holidays``
    package. Later years follow the rule.

    Returns
    -------
    ndarray of datetime64[D], shape (n,)
        Rising; read-only.
    """
    with _TABLE.open(encoding="utf-8", newline="") as table:
        listed = [date.fromisoformat(row["date"]) for row in csv.DictReader(table)]
    made = [day for year in range(LISTED_UNTIL + 1, LAST_YEAR + 1) for day in by_rule(year)]
    days = np.array(listed + made, dtype="datetime64[D]")
    days.setflags(write=False)
    return days


def by_rule(year: int) -> tuple[date, ...]:
    """Return England's bank holidays of a year by rule, rising.

    Source: Banking and Financial Dealings Act 1971, schedule 1, and the holidays that have been
    proclaimed each year since (New Year's Day and the first Monday of May); at a weekend, the next
    weekdays that are none are given in place, and the day itself is a bank holiday too.
    """
    easter = easter_sunday(year)
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    days = {
        *fixed,
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        nth_monday(year, 5, 1),
        last_monday(year, 5),
        last_monday(year, 8),
    }
    for day in fixed:
        if day.weekday() > 4:
            while day.weekday() > 4 or day in days:
                day += timedelta(days=1)
            days.add(day)
    return tuple(sorted(days))


def holidays_made(first_year: int, last_year: int) -> range:
    """Return the years, from one to another, whose bank holidays are made by rule."""
    return range(max(first_year, LISTED_UNTIL + 1), last_year + 1)


def working_days(days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Say which days are working days: Monday to Friday and not a bank holiday in England.

    Parameters
    ----------
    days : ndarray of datetime64[D]
        Outside 2014 to 2099 no bank holiday is known, so every weekday counts.

    Returns
    -------
    ndarray of bool, of the same shape
    """
    return np.is_busday(days, holidays=bank_holidays())
