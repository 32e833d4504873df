"""The days of a run: which are working days, which are school days, and waits in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars.bank_holidays import FIRST_YEAR, LAST_YEAR, working_days
from ehc_sim.calendars.terms import SchoolTerms

MINUTES_A_DAY = 1440
DAYS_A_WEEK = 7
WORK_STARTS = 540
"""Minute of the day at which work starts: 09:00."""

JANUARY, APRIL, MONTHS_A_YEAR = 1, 4, 12

CountedIn = Literal["calendar", "working", "school"]
"""The kind of day that a wait is counted in."""

_Waits = tuple[list[int], list[int]]


@dataclass(frozen=True, eq=False)
class Timeline:
    """Every day from the first simulated day to the last.

    Time is counted in minutes from midnight at the start of ``first_day``. Arrays have one entry
    a day, shape (n,), and are read-only.

    Attributes
    ----------
    first_day, last_day : date
        Both are simulated.
    days : ndarray of datetime64[D]
        The dates.
    working : ndarray of bool
        Monday to Friday and not a bank holiday in England.
    school : ndarray of bool
        Working day on which schools are open.
    weekday : ndarray of int8
        0 is Monday.
    month : ndarray of int32
        Months since the month of ``first_day``.
    terms : SchoolTerms
        Where the school days come from.
    terms_made : tuple of int
        School years (2024 is 2024/25) of which the term dates were made by rule, not listed.
    years_from : int
        Month in which the years begin by which a run is told: 1, or 4 for financial years.
    """

    first_day: date
    last_day: date
    days: NDArray[np.datetime64]
    working: NDArray[np.bool_]
    school: NDArray[np.bool_]
    weekday: NDArray[np.int8]
    month: NDArray[np.int32]
    terms: SchoolTerms
    terms_made: tuple[int, ...]
    years_from: int = JANUARY

    @classmethod
    def england(cls, first_day: date, last_day: date, terms: SchoolTerms) -> Timeline:
        """Make the timeline of an English council.

        Parameters
        ----------
        first_day, last_day : date
            Both are part of the timeline; from 2014 to 2099, for which bank holidays are known.
        terms : SchoolTerms
            The council's school terms.

        Raises
        ------
        ValueError
            If the last day is before the first, or a day lies outside 2014 to 2099.
        """
        if last_day < first_day:
            raise ValueError(f"the last day, {last_day}, is before the first day, {first_day}")
        if first_day.year < FIRST_YEAR or last_day.year > LAST_YEAR:
            raise ValueError(
                f"bank holidays are known from {FIRST_YEAR} to {LAST_YEAR}: "
                f"found {first_day} to {last_day}"
            )
        days = np.arange(np.datetime64(first_day, "D"), np.datetime64(last_day, "D") + 1)
        months = days.astype("datetime64[M]")
        arrays = {
            "days": days,
            "working": working_days(days),
            "school": terms.is_open(days),
            "weekday": ((first_day.weekday() + np.arange(days.size)) % 7).astype(np.int8),
            "month": (months - months[0]).astype(np.int32),
        }
        for array in arrays.values():
            array.setflags(write=False)
        return cls(
            first_day,
            last_day,
            **arrays,
            terms=terms,
            terms_made=terms.years_made(first_day, last_day),
        )

    @cached_property
    def months(self) -> NDArray[np.datetime64]:
        """The months that the timeline touches: datetime64[M], as ``month`` numbers them."""
        first = self.days[0].astype("datetime64[M]")
        return np.asarray(first + np.arange(int(self.month[-1]) + 1))

    @cached_property
    def in_financial_years(self) -> Timeline:
        """The same days, told by financial years (April to March) in place of calendar years."""
        return replace(self, years_from=APRIL)

    @cached_property
    def year(self) -> NDArray[np.int64]:
        """Year of each day, as the calendar year in which it begins: 2026 for 2026/27."""
        return year_of(self.days, self.years_from)

    def minute(self, day: date, minute_of_day: int = 0) -> int:
        """Return a minute of a date, which may lie outside the timeline.

        Parameters
        ----------
        day : date
        minute_of_day : int
            Minutes since midnight, 0 to 1439.

        Raises
        ------
        ValueError
            If the minute is not one of a day.
        """
        if not 0 <= minute_of_day < MINUTES_A_DAY:
            raise ValueError(f"minute of the day is {minute_of_day}, allowed is 0 to 1439")
        return (day - self.first_day).days * MINUTES_A_DAY + minute_of_day

    def date_of(self, minute: int) -> date:
        """Return the date on which a minute falls, inside the timeline or not."""
        return self.first_day + timedelta(days=int(minute) // MINUTES_A_DAY)

    def after(self, start_minute: int, days: int, counted_in: CountedIn) -> int:
        """Return the minute at which a wait ends.

        A wait in calendar days ends at the same time of day. One in working or school days ends
        at 09:00 of the last of them; the first that counts is the next after the start's date. A
        wait with no end on the timeline ends after its last minute, and never before the start.

        Parameters
        ----------
        start_minute : int
            Not before the timeline, unless the wait is in calendar days.
        days : int
            Length of the wait, 1 or more.
        counted_in : {"calendar", "working", "school"}
            The kind of day counted.

        Raises
        ------
        ValueError
            If the wait is shorter than one day, or starts before the timeline.
        """
        if days < 1:
            raise ValueError(f"a wait of {days} days: allowed is 1 or more")
        if counted_in == "calendar":
            return start_minute + days * MINUTES_A_DAY
        if start_minute < 0:
            raise ValueError(f"a wait in {counted_in} days starts before {self.first_day}")
        days_so_far, mornings = self._waits[counted_in]
        today = start_minute // MINUTES_A_DAY
        if today < len(days_so_far):
            last = days_so_far[today] + days - 1
            if last < len(mornings):
                return mornings[last]
        end = len(days_so_far) * MINUTES_A_DAY
        return max(end, start_minute + days * MINUTES_A_DAY)

    @cached_property
    def counts(self) -> dict[CountedIn, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """For working and school days: how many up to each date, and 09:00 of each of them."""
        return {"working": _counted(self.working), "school": _counted(self.school)}

    @cached_property
    def _waits(self) -> dict[str, _Waits]:
        """For each kind of day: how many up to and including each date; 09:00 of each of them.

        Plain lists: the simulation looks up one number at a time, at which they beat arrays.
        """
        return {kind: (days.tolist(), at.tolist()) for kind, (days, at) in self.counts.items()}


def year_of(dates: NDArray[np.datetime64], years_from: int) -> NDArray[np.int64]:
    """Return the year of each date or month, as the calendar year in which it begins.

    Parameters
    ----------
    dates : ndarray of datetime64
        Days or months.
    years_from : int
        Month in which years begin, 1 to 12.
    """
    since_1970 = dates.astype("datetime64[M]").astype(np.int64) - (years_from - JANUARY)
    return np.asarray(since_1970 // MONTHS_A_YEAR + 1970)


def financial_year(begins: int) -> str:
    """Return the name of the financial year that begins in April of a year.

    Examples
    --------
    >>> financial_year(2026), financial_year(2099)
    ('2026/27', '2099/00')
    """
    return f"{begins}/{(begins + 1) % 100:02}"


def _counted(counts: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    mornings = np.flatnonzero(counts).astype(np.int64) * MINUTES_A_DAY + WORK_STARTS
    return np.cumsum(counts, dtype=np.int64), mornings
