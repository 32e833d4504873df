"""School years of children, from their minute of birth."""

from __future__ import annotations

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.pathway.sampling import Ints


def year_of_age(timeline: Timeline, birth: Ints, age: int) -> Ints:
    """Return the year in which the school year of a birthday ends.

    Parameters
    ----------
    timeline : Timeline
        Calendar of the run.
    birth : ndarray of int64, shape (children,)
        Minute of birth, mostly before the run.
    age : int
        The birthday; the child has this age in years on 31 August of the year returned.
    """
    born = timeline.days[0] + birth // MINUTES_A_DAY
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    return np.asarray(year + age + (month >= 9), dtype=np.int64)


def minute_of_date(timeline: Timeline, year: Ints, month: int, day: int) -> Ints:
    """Return the first minute of a day of each year, which may lie outside the timeline."""
    months = (year - 1970) * 12 + month - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]") + (day - 1)
    return np.asarray((days - timeline.days[0]).astype(np.int64) * MINUTES_A_DAY)
