"""Dates that a scenario can name."""

from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from ehc_sim.calendars.bank_holidays import FIRST_YEAR, LAST_YEAR

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""Outside of these a date is a slip of the pen."""


def _from(first: date, last: date, allowed: str) -> Callable[[date], date]:
    def check(day: date) -> date:
        if not first <= day <= last:
            raise ValueError(f"found {day}, allowed is {allowed}")
        return day

    return check


Day = Annotated[date, AfterValidator(_from(FIRST_DAY, LAST_DAY, f"{FIRST_DAY} to {LAST_DAY}"))]
"""A date without a time."""

DayOfRun = Annotated[
    date,
    AfterValidator(
        _from(
            date(FIRST_YEAR, 1, 1),
            date(LAST_YEAR, 12, 31),
            f"the years {FIRST_YEAR} to {LAST_YEAR}, whose bank holidays are known",
        )
    ),
]
"""A day of a run."""
