"""Exceptions to the time limits, by kind."""

import numpy as np

from ehc_sim.measures.periods import count_in, share, year_bounds, years
from ehc_sim.measures.timings import EXCEPTIONS, Timings
from ehc_sim.tables import Rows, Table

ANY = "any"
"""In place of a kind: exceptions of one kind or several."""


def exceptions(timings: Timings) -> Table:
    """Return how many plans exceptions apply to, and what leaving them out does to the share.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.

    Returns
    -------
    Table
        Rows (year, kind), of the plans without mediation or Tribunal that were issued in the year:
        excepted (number to which an exception of the kind applies, claimed or not), on_time_with
        (share on time of all of them) and on_time_without (share on time of the others).
    """
    t = timings
    bounds, dfe = year_bounds(t.timeline), t.counted_by_dfe
    issued = count_in(bounds, t.final, dfe)
    in_time = count_in(bounds, t.final, dfe & t.plan_on_time)
    kinds = (*EXCEPTIONS, ANY)
    columns = np.empty((len(issued), len(kinds), 3))
    for i, kind in enumerate(kinds):
        flagged = dfe & (t.excepted if kind == ANY else t.exceptions[kind])
        part = count_in(bounds, t.final, flagged)
        part_in_time = count_in(bounds, t.final, flagged & t.plan_on_time)
        without = share(in_time - part_in_time, issued - part)
        columns[:, i] = np.stack([part, share(in_time, issued), without], axis=1)
    names = ("excepted", "on_time_with", "on_time_without")
    return Table(Rows.of(year=years(t.timeline), kind=kinds), names, columns.reshape(-1, 3))
