"""How long open cases have waited, in the bands that councils report, and weeks waited too long."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import DAYS_A_WEEK, MINUTES_A_DAY, deadline
from ehc_sim.measures.backlog import spells
from ehc_sim.measures.periods import open_at
from ehc_sim.measures.timings import Ints, Timings

BANDS = {
    "open_to_20_weeks": 0,
    "open_20_to_30_weeks": 20,
    "open_30_to_52_weeks": 30,
    "open_over_52_weeks": 52,
}
"""Weeks that an open case of each band has waited more than; the next band begins where it ends."""


def bands(timings: Timings) -> dict[str, NDArray[np.generic]]:
    """Return the open cases at the end of each month by how long they have waited.

    Weeks are counted from the request, or from the order to assess or to make a plan. A case of 140
    days is one of 20 weeks; the day after it is one of over 20.

    Returns
    -------
    dict of str to ndarray, shape (months,)
        The open cases of each band, which add up to all of them, and ``late_child_weeks``: the
        weeks of the month for which children waited past the day on which their plan was due, added
        up over all of them, those whose case is still open among them.
    """
    started, ended, due, _ = spells(timings)
    bounds = timings.months
    over = [
        open_at(
            bounds[1:], np.clip(deadline(started, DAYS_A_WEEK * weeks) + 1, started, ended), ended
        )
        if weeks
        else open_at(bounds[1:], started, ended)
        for weeks in BANDS.values()
    ]
    longer = [*over[1:], np.zeros_like(over[0])]
    found = {name: one - more for name, one, more in zip(BANDS, over, longer, strict=True)}
    overdue_from = np.maximum(np.minimum(due + 1, ended), started)
    waited = np.diff(_since(bounds, overdue_from) - _since(bounds, ended))
    return {**found, "late_child_weeks": waited / (DAYS_A_WEEK * MINUTES_A_DAY)}


def _since(bounds: Ints, minutes: Ints) -> Ints:
    """Return the minutes from each of some times to each bound, added up; none of a later one."""
    rising = np.sort(minutes)
    before = np.searchsorted(rising, bounds)
    return np.asarray(before * bounds - np.append(0, np.cumsum(rising))[before])
