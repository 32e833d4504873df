"""Advice a week: asked for, given by whom, and how many weeks what waits would take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.catalogue.service import ADVICE_RATES
from ehc_sim.measures.columns import MINUTES_A_WEEK
from ehc_sim.measures.periods import (
    Ints,
    count_in,
    month_bounds,
    open_at,
    reached,
    share,
    year_bounds,
    years,
)
from ehc_sim.network.log import AGENCY, NOT_YET, Log
from ehc_sim.tables import Level, Rows, Table

Floats = NDArray[np.float64]

MONTHS_OF_RATE = 3
"""Months over which the present rate is taken: one has too few advices, and August hardly any."""


@dataclass(frozen=True)
class Asking:
    """A way in which a provider is asked for advice.

    Attributes
    ----------
    asked : str
        Milestone at which it is asked.
    step : str
        Step in which it gives its advice.
    given : str
        Milestone at which the advice is in, whether it was given or an earlier one was used again.
    check : str
        Step in which the team checks its agency's advice, which is given only then.
    """

    asked: str
    step: str
    given: str
    check: str = ""


@dataclass(frozen=True, eq=False)
class Advice:
    """The advice of one provider, or of several, that had to be given: none that was used again.

    Attributes
    ----------
    asked : ndarray of int64, shape (advices,)
        Minute at which each was asked for.
    given : ndarray of int64, shape (advices,)
        Minute at which it was given, ``NOT_YET`` where not within the run.
    by_agency : ndarray of bool, shape (advices,)
        Whether an agency gave it; not where somebody else has it in hand.
    """

    asked: Ints
    given: Ints
    by_agency: NDArray[np.bool_]

    @classmethod
    def of(cls, log: Log, ways: Sequence[Asking]) -> Advice:
        """Read from a log the advice that was asked for in any of some ways."""
        nothing = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_))
        found = [nothing, *(_asked_in(log, way) for way in ways)]
        return cls(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def measures(self, bounds: Ints, periods: int = 1) -> dict[str, Floats]:
        """Return the measures of ``ADVICE_RATES`` in the periods between bounds.

        Parameters
        ----------
        bounds : ndarray of int64, shape (n + 1,)
            First minute of each period, and the minute after the last; all begin a day.
        periods : int
            Periods over which the present rate is taken, up to each; fewer at the start.

        Returns
        -------
        dict of str to ndarray of float64, shape (n,)
            Numbers a week, of the days of the period; the number that waits at its end; and the
            weeks that these would take at the present rate, infinite where none is given.
        """
        weeks = np.diff(bounds) / MINUTES_A_WEEK
        given = count_in(bounds, self.given).astype(np.float64)
        by_agency = count_in(bounds, self.given, self.by_agency)
        still_open = np.where(reached(self.given), self.given, bounds[-1])
        waiting = open_at(bounds[1:], self.asked, still_open).astype(np.float64)
        rate = share(_over_the_last(given, periods), _over_the_last(weeks, periods))
        to_clear = np.full(len(weeks), np.inf)
        np.divide(waiting, rate, out=to_clear, where=rate > 0)
        return {
            "asked_a_week": count_in(bounds, self.asked) / weeks,
            "given_a_week": given / weeks,
            "given_by_staff_a_week": (given - by_agency) / weeks,
            "given_by_agency_a_week": by_agency / weeks,
            "waiting": waiting,
            "weeks_to_clear": np.where(waiting > 0, to_clear, 0.0),
        }


def _asked_in(log: Log, way: Asking) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    case, asked, _ = log.last_visits(way.asked)
    came, ended, resource = log.last_visits(way.step)
    is_in, given, _ = log.last_visits(way.given)
    # What is in and was never worked on is an earlier advice that was used again.
    used_again = np.setdiff1d(is_in[reached(given)], came, assume_unique=True)
    new = reached(asked) & ~np.isin(case, used_again, assume_unique=True)
    case, asked = case[new], asked[new]
    done, by_agency = np.full(len(case), NOT_YET), np.zeros(len(case), np.bool_)
    worked_on = np.isin(came, case, assume_unique=True)
    place = np.searchsorted(case, came[worked_on])
    done[place], by_agency[place] = ended[worked_on], resource[worked_on] == AGENCY
    came, ended, _ = log.last_visits(way.check)
    place = np.flatnonzero(np.isin(case, came) & by_agency)
    done[place] = ended[np.searchsorted(came, case[place])]
    return asked, done, by_agency


def _over_the_last(values: Floats, periods: int) -> Floats:
    """Return the sum of each value and those before it, so many in all or as many as there are."""
    total = np.cumsum(np.insert(values, 0, 0.0))
    ends = np.arange(1, len(values) + 1)
    return np.asarray(total[ends] - total[np.maximum(ends - periods, 0)])


def advice_of(log: Log, providers: Mapping[str, Sequence[Asking]]) -> dict[str, Advice]:
    """Return the advice of each provider, by how it is asked."""
    return {giver: Advice.of(log, ways) for giver, ways in providers.items()}


def advice_by_month(given: Mapping[str, Advice], timeline: Timeline) -> Table:
    """Return the advice a week of each provider by month.

    Parameters
    ----------
    given : mapping of str to Advice
        Advice of each provider.
    timeline : Timeline
        Calendar of the run.

    Returns
    -------
    Table
        Rows (month, giver), the givers of a month together, one column a measure of
        ``ADVICE_RATES``. The present rate is that of the month and the two before.
    """
    return _table("month", timeline.months, month_bounds(timeline), given, MONTHS_OF_RATE)


def advice_by_year(given: Mapping[str, Advice], timeline: Timeline) -> Table:
    """Return the same by year, with the rate of the year."""
    return _table("year", years(timeline), year_bounds(timeline), given, 1)


def _table(
    by: str, periods: Level, bounds: Ints, given: Mapping[str, Advice], of_rate: int
) -> Table:
    found = [one.measures(bounds, of_rate) for one in given.values()]
    values = np.array([[one[row.name] for row in ADVICE_RATES] for one in found])
    rows = Rows.of(**{by: periods, "giver": list(given)})
    names = tuple(row.name for row in ADVICE_RATES)
    # Of shape (givers, measures, periods): a row for each giver of each period.
    return Table(rows, names, values.transpose(2, 0, 1).reshape(-1, len(names)))
