"""The days on which a panel sits."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars.timeline import DAYS_A_WEEK

EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday."""


def sitting_days(
    days: NDArray[np.datetime64], working: NDArray[np.bool_], weekday: int, every_weeks: int
) -> NDArray[np.intp]:
    """Return the places of the days on which a panel sits.

    Weeks are counted from a fixed Monday, so a fortnightly panel keeps its weeks whenever a run
    starts, and its sittings are among those of a weekly one. A sitting that falls on a bank holiday
    is held on the next working day.

    Parameters
    ----------
    days : ndarray of datetime64[D], shape (n,)
        Consecutive dates.
    working : ndarray of bool, shape (n,)
        Which of them are working days.
    weekday : int
        Day of the week, 0 for Monday to 4 for Friday.
    every_weeks : int
        Weeks from one sitting to the next.

    Returns
    -------
    ndarray of int, rising
        A sitting that would be held after the last of the days is left out.
    """
    since = days.astype(np.int64) + EPOCH_WEEKDAY
    planned = (since % DAYS_A_WEEK == weekday) & (since // DAYS_A_WEEK % every_weeks == 0)
    on = np.flatnonzero(working)
    places = np.searchsorted(on, np.flatnonzero(planned))
    return on[places[places < len(on)]]
