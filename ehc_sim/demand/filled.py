"""The record as a whole series, for methods that cannot leave a month open."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.regression import regression_of


def filled(history: History, weights: MonthWeights) -> NDArray[np.float64]:
    """Return the counts with every month filled in and steps taken out.

    Months that methods do not learn from (COVID, not known, left out by the planner) take what the
    regression expects of them. Months before a confirmed step are brought to the level after it.

    Parameters
    ----------
    history : History
        By month.
    weights : MonthWeights
        Exposure of its months.

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    CannotFit
        If the regression finds no fit.
    """
    counts = history.counts.astype(np.float64)
    if history.learnt.all() and not history.steps:
        return counts
    fitted = regression_of(history, weights)
    whole = np.where(history.learnt, counts, fitted.expected)
    return np.asarray(whole * fitted.to_present)
