"""The regression of a record: what it expects of its months, and what the calendar brings."""

from ehc_sim.demand.borrowed_year import BorrowedYear
from ehc_sim.demand.damped_glm import DampedGLM, FittedDampedGLM
from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.fits import fit_once
from ehc_sim.demand.history import History
from ehc_sim.demand.ladder import FOR_TWO, learns_a_year, of_few


def regression_of(history: History, weights: MonthWeights) -> FittedDampedGLM:
    """Return the regression that a record by month calls for, fitted.

    Raises
    ------
    CannotFit
        If it finds no fit.
    """
    own = history.learnt.sum() >= FOR_TWO and not of_few(history) and learns_a_year(history)
    fitted = fit_once(DampedGLM() if own else BorrowedYear(), history, weights)
    assert isinstance(fitted, FittedDampedGLM)
    return fitted
