"""School years of children, from their minute of birth."""

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.journey.sampling import Ints


def first_days(timeline: Timeline) -> Ints:
    """Return the number of the first day of each month of a timeline."""
    return np.flatnonzero(np.diff(timeline.month, prepend=-1))


def school_year_of_birth(timeline: Timeline, birth: Ints) -> Ints:
    """Return the year in which the school year of birth ends: from 1 September to 31 August.

    A child has a birthday of n years in the school year that ends n years later.

    Parameters
    ----------
    timeline : Timeline
        Calendar of the run.
    birth : ndarray of int64, shape (children,)
        Minute of birth, mostly before the run.
    """
    if not len(birth):
        return np.zeros(0, dtype=np.int64)
    day = birth // MINUTES_A_DAY
    first, last = (timeline.days[0] + end for end in (day.min(), day.max()))
    # A school year begins in the year before, and one that begins after the last day is needed.
    year = np.arange(first.astype("datetime64[Y]"), last.astype("datetime64[Y]") + 3)
    september = (year - 1).astype("datetime64[M]") + 8
    begins = (september.astype("datetime64[D]") - timeline.days[0]).astype(np.int64)
    table = np.repeat(year[:-1].astype(np.int64) + 1970, np.diff(begins))
    return np.asarray(table[day - begins[0]])


def minute_of_date(timeline: Timeline, year: Ints, month: int, day: int) -> Ints:
    """Return the first minute of a day of each year, which may lie outside the timeline."""
    if not len(year):
        return np.zeros(0, dtype=np.int64)
    years = np.arange(year.min(), year.max() + 1)
    months = ((years - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = (months.astype("datetime64[D]") + (day - 1) - timeline.days[0]).astype(np.int64)
    return np.asarray(days[year - years[0]] * MINUTES_A_DAY)
