"""Advice within six weeks, for each advice provider."""

from collections.abc import Sequence

import numpy as np

from ehc_sim.calendars import law
from ehc_sim.measures.counting import count_advice
from ehc_sim.measures.periods import share, year_bounds, years
from ehc_sim.measures.timings import Timings
from ehc_sim.network.log import NOT_YET
from ehc_sim.tables import Rows, Table


def advice(timings: Timings, givers: Sequence[str]) -> Table:
    """Return how each advice provider answered, by the year in which advice was asked for.

    Parameters
    ----------
    timings : Timings
        Milestones of the run.
    givers : sequence of str
        Names of the advice providers.

    Returns
    -------
    Table
        Rows (year, giver): asked (number), on_time (share of those whose six weeks ended within the
        run), late (number), outstanding (number still out at the end of that year) and median_days
        (to advice, those still out counted as longer than any; NaN where half are not in).
    """
    t, bounds = timings, year_bounds(timings.timeline)
    every = years(t.timeline)
    counts = np.zeros((len(givers), len(every), 4), dtype=np.int64)
    medians = np.full((len(givers), len(every)), np.nan)
    for giver, of_giver, median in zip(givers, counts, medians, strict=True):
        asked, given = t.asked(giver), t.advice_in(giver)
        year = t.year_of(asked)
        count_advice(asked, given, year, bounds, law.ADVICE.days, NOT_YET, of_giver, median)
    number, judged, in_time, outstanding = counts.transpose(2, 1, 0)
    return Table.of(
        Rows.of(year=every, giver=list(givers)),
        {
            "asked": number.ravel(),
            "on_time": share(in_time, judged).ravel(),
            "late": (judged - in_time).ravel(),
            "outstanding": outstanding.ravel(),
            "median_days": medians.T.ravel(),
        },
    )
