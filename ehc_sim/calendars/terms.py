"""School terms: as a council lists them, and by rule for the years it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars.bank_holidays import bank_holidays, holidays_made, working_days
from ehc_sim.calendars.fixed_days import easter_sunday, last_monday, nth_monday
from ehc_sim.calendars.term_file import TermsError, read_terms, school_year_of

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


_SHIPPED = {"somerset": Path(__file__).with_name("somerset_terms.csv")}


@dataclass(frozen=True)
class SchoolTerms:
    """When schools are open.

    Days on which a school trains its staff count as open: each school chooses its own five.

    Attributes
    ----------
    listed : tuple of (date, date)
        First and last day of each half term or term, in order, whole school years only. Years
        without any are made by the rule in ``term_rule``.
    """

    listed: tuple[Range, ...] = ()

    @classmethod
    def read(cls, name_or_path: str | Path) -> SchoolTerms:
        """Read a council's terms.

        Parameters
        ----------
        name_or_path : str or Path
            ``"somerset"``, whose terms are shipped, or a CSV file (see ``term_file.read_terms``).

        Raises
        ------
        TermsError
            With a line for each fault in the file.
        """
        path = _SHIPPED.get(str(name_or_path).lower(), Path(name_or_path))
        if not path.exists():
            shipped = ", ".join(_SHIPPED)
            problem = f"there is no such file; allowed is a CSV file or {shipped}, shipped"
            raise TermsError(path, [(None, problem)])
        return cls(tuple((row.first_day, row.last_day) for row in read_terms(path)))

    @property
    def school_years(self) -> frozenset[int]:
        """The school years listed; 2024 is 2024/25."""
        return frozenset(school_year_of(first) for first, _ in self.listed)

    def is_open(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """Say on which days schools are open: in term, Monday to Friday, no bank holiday.

        Parameters
        ----------
        days : ndarray of datetime64[D], shape (n,)
            Rising; one day or more.

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        in_term = np.zeros(days.shape, dtype=np.bool_)
        for first, last in self._ranges(days[0].item(), days[-1].item()):
            start = np.searchsorted(days, np.datetime64(first), side="left")
            end = np.searchsorted(days, np.datetime64(last), side="right")
            in_term[start:end] = True
        return in_term & working_days(days)

    def years_made(self, first_day: date, last_day: date) -> tuple[int, ...]:
        """Return the school years, from one date to another, whose terms are made by rule."""
        listed = self.school_years
        years = range(school_year_of(first_day), school_year_of(last_day) + 1)
        return tuple(year for year in years if year not in listed)

    def _ranges(self, first_day: date, last_day: date) -> list[Range]:
        made = self.years_made(first_day, last_day)
        return [*self.listed, *(half for year in made for half in terms_by_rule(year))]


def made_by_rule(terms: SchoolTerms, first_day: date, last_day: date) -> list[str]:
    """Return from when school terms and bank holidays are made by rule, a sentence each."""
    years = holidays_made(first_day.year, last_day.year)
    return made_in_words(terms.years_made(first_day, last_day), years)


def made_in_words(school_years: Sequence[int], years: Sequence[int]) -> list[str]:
    """Return what was made by rule: school years by the year of their autumn, and bank holidays."""
    said = []
    if school_years:
        first = school_years[0]
        said.append(f"School terms from {first}/{(first + 1) % 100:02d} are made by rule.")
    if years:
        said.append(f"Bank holidays from {years[0]} are made by rule: single ones are not known.")
    return said
