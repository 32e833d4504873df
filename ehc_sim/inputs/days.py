"""Days and months as people and spreadsheets write them, decided over a whole column.

One cell cannot tell whether 03/04/2024 is in March or in April; the other cells often can. Where
they cannot, nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_TIME = r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_TIME}")
_NUMBERS = re.compile(
    rf"([0-9]{{1,2}})(?:([-/.])([0-9]{{1,2}})\2([0-9]{{4}})|([/.])([0-9]{{1,2}})\5([0-9]{{2}})){_TIME}"
)
_NAMED = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th)?[-/ .]+([a-z]{3,9})\.?,?[-/ .]*((?:[0-9]{2}){1,2})" + _TIME, re.I
)
_NAME_FIRST = re.compile(r"([a-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", re.I)
_SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]{1,12})?")
SERIALS = (36_526, 58_439)
"""Excel's numbers of days from 1 January 2000 to 29 December 2059; others are no days."""
_EXCEL_STARTS = date(1899, 12, 30)

_MONTH_YEAR_FIRST = re.compile(r"([0-9]{4})[-/. ]?(0[1-9]|1[0-2])|([0-9]{4})[-/.]([1-9])")
_MONTH_NUMBERS = re.compile(r"(0?[1-9]|1[0-2])[-/.]([0-9]{4})")
_MONTH_NAMED = re.compile(r"([a-z]{3,9})\.?[-/ ']*((?:[0-9]{2}){1,2})", re.I)
_MONTH_NAME_LAST = re.compile(r"([0-9]{4})[-/ ]*([a-z]{3,9})", re.I)

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)

ISO, NUMBERS, NAMED, SERIAL = (
    "year-month-day",
    "numbers with slashes or dots",
    "day, name of the month, year",
    "numbers of days as Excel counts them",
)
"""The ways in which days are written."""
DIFFERENT = 1 << 15
"""Texts of which it is remembered what they are: a large file has some thousand different days."""

A_DAY_IS = "a day such as 2024-03-14, 14/03/2024 or 14-Mar-2024"
A_MONTH_IS = "a month such as 2024-03, 03/2024 or Mar-24"


@dataclass(frozen=True)
class Problem:
    """What keeps a whole column from being read.

    Attributes
    ----------
    place : int
        Which of the texts shows it, counted from 0.
    other : int or None
        Which other text shows the opposite.
    text : str
        What was found and what is allowed; no value is repeated.
    """

    place: int
    other: int | None
    text: str


@dataclass(frozen=True)
class Days:
    """How the days of a column are written, decided over all its cells.

    Attributes
    ----------
    problem : Problem or None
        Why no cell of the column can be read; None where each can be by itself.
    """

    problem: Problem | None

    @classmethod
    def of(cls, *columns: Iterable[str]) -> Days:
        """Decide how days are written.

        Parameters
        ----------
        *columns : iterable of str
            The cells of one or more columns that were written by the same hand; blanks and what
            is no day are passed over. Each column keeps to one form; whether the day or the month
            comes first is the same in all. Places count through one column after the other.
        """
        start, slashed = 0, dict[int, tuple[int, int]]()
        for column in columns:
            texts = list(column)
            forms: dict[str, int] = {}
            for place, text in enumerate(texts, start=start):
                form = _form(text)
                if form is not None:
                    forms.setdefault(form, place)
                if form == NUMBERS:
                    slashed[place] = _first_two(text)
            if len(forms) > 1:
                (one, first), (two, second) = list(forms.items())[:2]
                found = f"found days written in two ways, {two} after {one}"
                allowed = "allowed is one way in a column, such as 2024-03-14"
                return cls(Problem(second, first, f"{found}; {allowed}"))
            start += len(texts)
        return cls(_problem_of_order(slashed))

    def read(self, text: str) -> date | None:
        """Return the day that a cell is; None where it is none, or the column has a problem."""
        return None if self.problem is not None else _day(text)


@dataclass(frozen=True)
class Months:
    """How the months of a column are written, decided over all its cells.

    Attributes
    ----------
    problem : Problem or None
        Why no cell of the column can be read; None where each can be by itself.
    """

    problem: Problem | None

    @classmethod
    def of(cls, texts: Sequence[str]) -> Months:
        """Decide how months are written; blanks and what is no month are passed over.

        Days stand for their months where each is the first of one, or each is the last.
        """
        other = _other_times(texts)
        if other is not None:
            return cls(other)
        days = {place: text for place, text in enumerate(texts) if _form(text) is not None}
        if not days:
            return cls(None)
        found = {place: _day(text) for place, text in days.items()}
        for whole in (_is_first, _is_last):
            if all(day is not None and whole(day) for day in found.values()):
                return cls(None)
        place = next(place for place, day in found.items() if day is None or not _is_first(day))
        problem = (
            "found days within months; allowed is a month such as 2024-03, or the first day of "
        )
        problem += "each, day before month. Where each row is a request, call the column date"
        return cls(Problem(place, None, problem))

    def read(self, text: str) -> date | None:
        """Return the first day of the month that a cell is; None where it is none."""
        if self.problem is not None:
            return None
        day = _month(text) or _day(text)
        return None if day is None else day.replace(day=1)


def are_days(texts: Sequence[str]) -> bool:
    """Return whether most texts that are not blank are days, in whatever form."""
    return most(texts, lambda text: _form(text) is not None)


def are_months(texts: Sequence[str]) -> bool:
    """Return whether most texts that are not blank are months, or days."""
    return most(texts, lambda text: (_month(text) or _day(text)) is not None)


def most(texts: Sequence[str], holds: Callable[[str], bool]) -> bool:
    """Return whether most texts that are not blank are of a kind: the others may be mistyped."""
    filled = [text for text in texts if text]
    return 2 * sum(map(holds, filled)) > len(filled)


@lru_cache(DIFFERENT)
def _form(text: str) -> str | None:
    """Return the way in which a day is written; None where the text is no day."""
    if _parts_of_iso(text) is not None:
        return ISO
    if _NUMBERS.fullmatch(text):
        first, second = _first_two(text)
        if 1 <= first <= 31 and 1 <= second <= 31 and min(first, second) <= 12:
            return NUMBERS
        return None
    if _named(text) is not None:
        return NAMED
    return SERIAL if _serial(text) is not None else None


@lru_cache(DIFFERENT)
def _day(text: str) -> date | None:
    """Return the day that a text is, the day before the month where both are numbers."""
    if (found := _NUMBERS.fullmatch(text)) is not None:
        day, month = _first_two(text)
        return _date(found[4] or found[7], month, day)
    return _parts_of_iso(text) or _named(text) or _serial(text)


def _parts_of_iso(text: str) -> date | None:
    found = _YEAR_FIRST.fullmatch(text)
    return None if found is None else _date(found[1], found[3], found[4])


def _first_two(text: str) -> tuple[int, int]:
    found = _NUMBERS.fullmatch(text)
    assert found is not None
    return int(found[1]), int(found[3] or found[6])


def _named(text: str) -> date | None:
    if (found := _NAMED.fullmatch(text)) is not None:
        day, name, year = found[1], found[2], found[3]
    elif (found := _NAME_FIRST.fullmatch(text)) is not None:
        name, day, year = found[1], found[2], found[3]
    else:
        return None
    return _date(year, _number_of(name), day)


def _serial(text: str) -> date | None:
    found = _SERIAL.fullmatch(text)
    if found is None or not SERIALS[0] <= int(found[1]) <= SERIALS[1]:
        return None
    return _EXCEL_STARTS + timedelta(days=int(found[1]))


def _month(text: str) -> date | None:
    if (found := _MONTH_YEAR_FIRST.fullmatch(text)) is not None:
        return _date(found[1] or found[3], found[2] or found[4], 1)
    if (found := _MONTH_NUMBERS.fullmatch(text)) is not None:
        return _date(found[2], found[1], 1)
    if (found := _MONTH_NAMED.fullmatch(text)) is not None:
        return _date(found[2], _number_of(found[1]), 1)
    if (found := _MONTH_NAME_LAST.fullmatch(text)) is not None:
        return _date(found[1], _number_of(found[2]), 1)
    return None


def month_number(name: str) -> int:
    """Return the number of a month by its name or three letters of it or more, else 0."""
    return _number_of(name) if len(name) >= 3 else 0


def _number_of(name: str) -> int:
    """Return the number of a month by its name or the beginning of it, 0 where it is none."""
    name = name.lower()
    return next((n for n, whole in enumerate(MONTHS, start=1) if whole.startswith(name)), 0)


def _date(year: str, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


_OTHER_TIMES = (
    (r"(?:fy ?)?(?:20)?([0-9]{2}) ?[-/–] ?(?:20)?([0-9]{2})|(?:fy ?)?20[0-9]{2}",
     "found years, not months; give requests by month, or by calendar year in a column year"),
    (r"(?:[0-9]{4}[- ]?)?(?:w|wk|week)[- ]?[0-9]{1,2}(?:[-/ ][0-9]{2,4})?",
     "found weeks, which may lie in two months; give requests by month, or one row a request with "
     "its date"),
    (r"(?:[0-9]{4}[-/ ]?)?q[1-4](?:[-/ ]?[0-9]{2,4})?|"
     r"[a-z]{3,9} ?(?:-|to) ?[a-z]{3,9}[- ']*[0-9]{0,4}",
     "found several months together, which are not split; give requests by month, or by calendar "
     "year in a column year"),
    (r"[0-9]{1,2}|[a-z]{3,9}",
     "found months without a year; write them with it, such as 2024-03 or Mar-24"),
)  # fmt: skip
"""What stands for other times in a column of months, and what to do instead."""


def _other_times(texts: Sequence[str]) -> Problem | None:
    """Return what other times a column has instead of months, where most of it is of them."""
    for pattern, problem in _OTHER_TIMES:
        form = re.compile(pattern, re.IGNORECASE)
        found = [place for place, text in enumerate(texts) if _is_other(form, text)]
        if found and 2 * len(found) > len(texts):
            return Problem(found[0], None, problem)
    return None


def _is_other(form: re.Pattern[str], text: str) -> bool:
    found = form.fullmatch(text)
    if found is None or _month(text) is not None:
        return False
    if found.re.groups and found[1]:  # 2020/21, and not 13/2024
        return (int(found[1]) + 1) % 100 == int(found[2])
    return not text.isalpha() or month_number(text) > 0


def _is_first(day: date) -> bool:
    return day.day == 1


def _is_last(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _problem_of_order(slashed: dict[int, tuple[int, int]]) -> Problem | None:
    """Return what is wrong with the order of day and month, over all that are numbers."""
    day_first = next((place for place, (one, _) in slashed.items() if one > 12), None)
    month_first = next((place for place, (_, two) in slashed.items() if two > 12), None)
    either = next((place for place, (one, two) in slashed.items() if one != two), None)
    allowed = "write them as 2024-03-14 (in Excel: Format Cells, Custom, yyyy-mm-dd)"
    if month_first is not None:
        also = " and others with the day first" if day_first is not None else ""
        return Problem(month_first, day_first, f"found days with the month first{also}; {allowed}")
    if day_first is None and either is not None:
        found = "is 03/04/2024 in March or in April? No day of the file is after the 12th, to tell"
        return Problem(either, None, f"{found}; {allowed}")
    return None
