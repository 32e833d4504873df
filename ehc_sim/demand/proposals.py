"""Outliers and lasting steps in a record, proposed with their evidence; none is applied unasked."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.damped_glm import FittedDampedGLM, design_of
from ehc_sim.demand.exposure import MonthWeights, log_exposure
from ehc_sim.demand.extremes import tempered
from ehc_sim.demand.findings import Finding, as_text, setting
from ehc_sim.demand.history import History
from ehc_sim.demand.member import CannotFit
from ehc_sim.demand.profile import MONTH_NOISE
from ehc_sim.demand.regression import regression_of

LEAST_MONTHS = 24
"""Months learnt from that tell a step or an outlier from the months of the year."""
OUTLIER_Z = 3.5
"""Robust standard deviations from the others beyond which a month is asked about (Iglewicz and
Hoaglin 1993)."""
LEAST_SIDE = 6
"""Months on each side of a step."""
STEP_MARGIN = 4.0
"""Gain of twice the log likelihood that a step needs, beyond the 2 log n that a date and a size
cost by the Bayesian criterion, since many dates are tried. On 150 made records of five years and no
step, steady or wandering, one was proposed for 2; a step of 30% was found in 6 of 10 where months
scatter by 14%, and in 1 of 7 where they scatter by 20%."""
LEVEL_WANDERS = 0.01
"""Standard deviation of a month's change of level that is no step. Larger, and steps hide in it."""
MOST_STEPS = 2


def propose(history: History, weights: MonthWeights) -> tuple[Finding, ...]:
    """Return what a record's owner should look at: outliers, steps, a last month that looks cut.

    Parameters
    ----------
    history : History
        The record; by month and of ``LEAST_MONTHS`` or more, or nothing is proposed.
    weights : MonthWeights
        Exposure of its months.
    """
    if history.kind != "monthly" or history.learnt.sum() < LEAST_MONTHS:
        return ()
    learnt = tempered(history, weights)
    try:
        steps, with_steps = _steps(learnt, weights)
        fitted = regression_of(with_steps, weights)
    except CannotFit:
        return ()
    return (*_outliers(history, fitted), *steps)


def _outliers(history: History, fitted: FittedDampedGLM) -> list[Finding]:
    z = robust_z(history, fitted)
    found = []
    for at in np.flatnonzero(np.nan_to_num(np.abs(z)) > OUTLIER_Z):
        month = as_text(history.index[at : at + 1])
        evidence = (
            f"{history.counts[at]} requests where {fitted.expected[at]:.0f} would be expected: "
            f"{abs(z[at]):.1f} robust standard deviations {'more' if z[at] > 0 else 'fewer'}."
        )
        last = at == len(z) - 1 and z[at] < 0
        if any(one.about == "part month" and month[0] in one.months for one in history.findings):
            continue  # asked or said on reading
        found.append(
            Finding(
                "question" if last else "proposal",
                "part month" if last else "outlier",
                month,
                f"{month[0]} is far below the others: is the month complete? If not, take it out."
                if last
                else f"{month[0]} stands out. If there is a reason that will not come again, it "
                "can be left out.",
                evidence,
                setting("leave_out", month),
            )
        )
    return found


def robust_z(history: History, fitted: FittedDampedGLM) -> NDArray[np.float64]:
    """Return how far each month lies from what is expected of it, in robust standard deviations.

    Log differences from the regression with its level, fitted to the record without its extremes
    (one September of 3,070 would raise what is expected of every September), divided by
    1.4826 times their median absolute size; NaN for months not learnt from.
    """
    logs = np.log((history.counts + 0.5) / (fitted.expected + 0.5))
    logs = np.where(history.learnt, logs, np.nan)
    spread = 1.4826 * float(np.nanmedian(np.abs(logs)))
    return np.asarray(logs / max(spread, 1e-9))


def _steps(history: History, weights: MonthWeights) -> tuple[list[Finding], History]:
    """Propose the likeliest date of a step, then the next with the first in place.

    The record is returned with the steps in it, beside which a month is no outlier for them.
    """
    found: list[Finding] = []
    taken = history
    for _ in range(MOST_STEPS):
        best = likeliest_step(taken, weights)
        if best is None:
            break
        month, gain, size = best
        text = as_text([month])
        found.append(
            Finding(
                "proposal",
                "step",
                text,
                f"From {text[0]} on, the level looks {abs(np.expm1(size)):.0%} "
                f"{'higher' if size > 0 else 'lower'}. If there is a reason that lasts, such as a "
                "new form, the forecast can go on from the new level.",
                f"Of every date tried this one explains the record best; twice the log likelihood "
                f"gains {gain:.0f}, where {_needed(history):.0f} is asked for.",
                setting("new_level_from", text),
            )
        )
        taken = replace(taken, steps=tuple(sorted((*taken.steps, month))))
    return found, taken


def _needed(history: History) -> float:
    return float(2 * np.log(history.learnt.sum()) + STEP_MARGIN)


def likeliest_step(
    history: History, weights: MonthWeights
) -> tuple[np.datetime64, float, float] | None:
    """Return the date, gain and log size of the likeliest step; None where none is likely enough.

    A regression of the log counts on month of the year, trend and step, whose errors are those of
    one month and a wandering level together: the covariance of the second is that of a
    walk, so that slow change is not taken for a step.

    Parameters
    ----------
    history : History
        By month; confirmed steps are in the regression already.
    weights : MonthWeights
        Exposure of its months.
    """
    used = history.learnt
    place = np.flatnonzero(used)
    logs = np.log(history.counts[used] + 0.5) - log_exposure(history.index[used], weights)
    design = design_of(history, weights)[used]
    fitted = regression_of(history, weights)
    # The record's own excess variance has the step in it, where there is one.
    own = 1 / np.maximum(fitted.expected[used], 1) + MONTH_NOISE
    walk = LEVEL_WANDERS**2 * np.minimum(place[:, np.newaxis], place)
    whiten = np.linalg.inv(np.linalg.cholesky(np.diag(own) + walk))
    basis, _ = np.linalg.qr(whiten @ design)
    target = whiten @ logs
    target = target - basis @ (basis.T @ target)
    degrees = len(place) - design.shape[1] - 1
    best, most, size = None, 0.0, 0.0
    for at in range(LEAST_SIDE, len(place) - LEAST_SIDE):
        column = whiten @ (place >= place[at]).astype(np.float64)
        column = column - basis @ (basis.T @ column)
        length = float(column @ column)
        if length < 1e-9:
            continue
        effect = float(column @ target) / length
        scale = max((float(target @ target) - effect**2 * length) / degrees, 1.0)
        gain = effect**2 * length / scale
        if gain > most:
            best, most, size = history.index[place[at]], gain, effect
    return (best, most, size) if best is not None and most > _needed(history) else None
