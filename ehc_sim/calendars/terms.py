"""School terms: as a council lists them, and by rule for the years it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars.bank_holidays import working_days
from ehc_sim.calendars.term_file import TermsError, read_terms, school_year_of
from ehc_sim.calendars.term_rule import Range, terms_by_rule

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
