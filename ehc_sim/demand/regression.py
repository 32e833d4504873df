"""The regression of a record: what it expects of its months, and what the calendar brings."""

from __future__ import annotations

import numpy as np

from ehc_sim.demand.borrowed_year import BorrowedYear
from ehc_sim.demand.damped_glm import DampedGLM, FittedDampedGLM
from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.fits import fit_once
from ehc_sim.demand.history import FEW, History

FOR_TWO, FOR_BORROWED = 24, 12
"""Months learnt from that a regression on the record's own months needs, and one on a borrowed
year."""
MANY_ZEROS = 0.1
"""Share of months without a request above which only a method for counts is used."""


def of_few(history: History) -> bool:
    """Return whether a record has so few requests that only a method for counts can take it."""
    counts = history.counts[history.learnt]
    return bool(counts.mean() < FEW or np.mean(counts == 0) > MANY_ZEROS)


def regression_of(history: History, weights: MonthWeights) -> FittedDampedGLM:
    """Return the regression that a record by month calls for, fitted.

    Raises
    ------
    CannotFit
        If it finds no fit.
    """
    own = history.learnt.sum() >= FOR_TWO and not of_few(history)
    fitted = fit_once(DampedGLM() if own else BorrowedYear(), history, weights)
    assert isinstance(fitted, FittedDampedGLM)
    return fitted
