"""When plans end by hazards that change with the month and the age."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@entry
def month_by_hazard(
    goal: Floats,
    birth: Ints,
    kept_until: Ints,
    months: Ints,
    hazard: Floats,
    year_minutes: int,
) -> tuple[Ints, Ints]:
    """Return the month in which the hazard of each plan adds up to its goal.

    Parameters
    ----------
    goal : ndarray of float64, shape (plans,)
        Exponential number of each plan.
    birth, kept_until : ndarray of int64, shape (plans,)
        Minute of birth, and minute before which the plan does not end.
    months : ndarray of int64, shape (months + 1,)
        First minute of each month, and the minute after the last.
    hazard : ndarray of float64, shape (months, ages)
        Hazard a year.
    year_minutes : int
        Minutes of a year of age.

    Returns
    -------
    month : ndarray of int64, shape (plans,)
        Number of the month, -1 where it does not within the run.
    since : ndarray of int64, shape (plans,)
        Minute of that month from which the plan may end.
    """
    plans, count = len(goal), len(hazard)
    month_of, since = np.full(plans, -1), np.zeros(plans, np.int64)
    oldest = hazard.shape[1] - 1
    of_whole_month = np.empty(hazard.shape)
    for month in range(count):
        length = months[month + 1] - months[month]
        for age in range(oldest + 1):
            of_whole_month[month, age] = hazard[month, age] / 12 * length / length
    for plan in range(plans):
        kept, born = kept_until[plan], birth[plan]
        month = 0
        while month < count and kept >= months[month + 1]:
            month += 1
        if month == count:
            continue
        age = min(max((months[month] - born) // year_minutes, 0), oldest)
        birthday = born + (age + 1) * year_minutes
        first, last = months[month], months[month + 1]
        since[plan] = max(kept, first)
        total = hazard[month, age] / 12 * (last - since[plan]) / (last - first)
        while total < goal[plan]:
            month += 1
            if month == count:
                break
            since[plan] = months[month]
            while months[month] >= birthday and age < oldest:
                age += 1
                birthday += year_minutes
            total += of_whole_month[month, age]
        if month < count:
            month_of[plan] = month
    return month_of, since
