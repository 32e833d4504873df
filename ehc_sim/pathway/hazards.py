"""When plans end by hazards that change with the month and the age."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@njit(nogil=True, cache=True)
def ends_by_hazard(
    goal: Floats,
    u_day: Floats,
    birth: Ints,
    kept_until: Ints,
    months: Ints,
    hazard: Floats,
    year_minutes: float,
    far: int,
) -> tuple[Ints, Ints]:
    """Return when the hazard of each plan adds up to its goal.

    Parameters
    ----------
    goal : ndarray of float64, shape (plans,)
        Exponential number of each plan.
    u_day : ndarray of float64, shape (plans,)
        Uniform number of each plan, for where in the month it ends.
    birth, kept_until : ndarray of int64, shape (plans,)
        Minute of birth, and minute before which the plan does not end.
    months : ndarray of int64, shape (months + 1,)
        First minute of each month, and the minute after the last.
    hazard : ndarray of float64, shape (months, ages)
        Hazard a year.
    year_minutes : float
        Minutes of a year of age.
    far : int
        Returned for plans that do not end.

    Returns
    -------
    ends : ndarray of int64, shape (plans,)
        Noon of the day on which each ends.
    month : ndarray of int64, shape (plans,)
        Number of the month in which it ends.
    """
    day, noon = 1440, 720
    plans = len(goal)
    ends, month_of = np.full(plans, far), np.zeros(plans, np.int64)
    oldest = hazard.shape[1] - 1
    for plan in range(plans):
        total = 0.0
        kept = kept_until[plan]
        for month in range(len(hazard)):
            first, last = months[month], months[month + 1]
            if kept >= last:
                continue
            since = max(kept, first)
            years = (first - birth[plan]) / year_minutes
            age = np.int64(min(max(years, 0.0), np.float64(oldest)))
            total += hazard[month, age] / 12 * (last - since) / (last - first)
            if total >= goal[plan]:
                at = np.int64(since + u_day[plan] * (last - since))
                ends[plan] = max(at // day * day + noon, kept, 1)
                month_of[plan] = month
                break
    return ends, month_of
