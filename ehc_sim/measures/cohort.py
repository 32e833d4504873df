"""What has become of each year's requests so many weeks on."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.measures.periods import years
from ehc_sim.measures.timings import Ints, Timings, reached
from ehc_sim.tables import Rows, Table

WEEKS = tuple(range(0, 105, 4))
OUTCOMES = ("issued", "refused", "no plan", "withdrawn", "open")

_NEVER = 2**40
"""In place of a day: not within the run."""


def cohort(timings: Timings) -> Table:
    """Return the shares of a year's requests by outcome, week by week from the request.

    The outcomes compete, and nobody is left out because the run ended: at each number of weeks the
    shares are of the requests that were followed for so long. A refusal that is overturned later
    counts as refused until the order to assess, and as open after it; so does a decision against a
    plan until the order to make one. Requests made before the run are in no year.

    Returns
    -------
    Table
        Rows (year, weeks), one column an outcome of ``OUTCOMES``; NaN where no request of the year
        was followed for so long. Each row adds up to 1.
    """
    t = timings
    every = years(t.timeline)
    first_day = t.received // MINUTES_A_DAY
    spells = ((t.final, None), (t.refused, t.ordered), (t.no_plan, t.ordered_to_issue))
    last = t.until // MINUTES_A_DAY - 1  # the last day of the run is seen to its end
    begins = np.empty((len(OUTCOMES) - 1, len(first_day)), dtype=np.int64)
    ends = np.full_like(begins, _NEVER)
    for place, (begun, over) in enumerate((*spells, (t.withdrawn, None))):
        begins[place] = _days_from(first_day, begun)
        if over is not None:
            ends[place] = _days_from(first_day, over)
    counts = _counts(
        t.year_of(t.received) - every[0],
        last - first_day,
        begins,
        ends,
        7 * np.array(WEEKS, dtype=np.int64),
        len(every),
    )
    with np.errstate(invalid="ignore"):
        shares = counts[..., :-1] / counts[..., -1:]
    rows = Rows.of(year=every, weeks=WEEKS)
    return Table(rows, OUTCOMES, shares.reshape(-1, len(OUTCOMES)))


def _days_from(first_day: Ints, minutes: Ints) -> Ints:
    return np.where(reached(minutes), minutes // MINUTES_A_DAY - first_day, _NEVER)


@njit(nogil=True, cache=True)
def _counts(
    year: Ints, followed: Ints, begins: Ints, ends: Ints, days: Ints, years: int
) -> NDArray[np.int64]:
    """Return the requests of each year by outcome so many days on, and how many were followed.

    Parameters
    ----------
    year, followed : ndarray of int64, shape (requests,)
        Year of each request, below 0 where it is in none, and days for which it was followed.
    begins, ends : ndarray of int64, shape (outcomes, requests)
        Day, from the request's, on which it had each outcome, and from which no longer.
    days : ndarray of int64, shape (looks,)
        Days from the request at which to look, rising.
    years : int
        Number of years.

    Returns
    -------
    ndarray of int64, shape (years, looks, outcomes + 2)
        Requests with each outcome, without any, and all that were followed for so long.
    """
    outcomes = len(begins)
    counts = np.zeros((years, len(days), outcomes + 2), np.int64)
    for case in range(len(year)):
        if year[case] < 0:
            continue
        for look in range(len(days)):
            if followed[case] < days[look]:
                break
            found = False
            for outcome in range(outcomes):
                if begins[outcome, case] <= days[look] < ends[outcome, case]:
                    counts[year[case], look, outcome] += 1
                    found = True
            if not found:
                counts[year[case], look, outcomes] += 1
            counts[year[case], look, outcomes + 1] += 1
    return counts
