"""Shares that change on dates and come in over months."""

from collections.abc import Sequence

import numpy as np

from ehc_sim.journey.sampling import Floats


def come_in(goals: Sequence[float], gone: Floats, ramps: Sequence[float], before: float) -> Floats:
    """Return the share that is reached, where each change of it comes in evenly over its ramp.

    Each change comes in by itself, beside those that are still under way: a share that is raised
    on its way is never below what it would be without that. It is never below 0, nor above the most
    that was set by then.

    Parameters
    ----------
    goals : sequence of float
        Share that each period sets.
    gone : ndarray of float64, shape (times, periods)
        Time since the start of each period; below 0 before it.
    ramps : sequence of float
        Time over which a change at the start of each period comes in, in the unit of ``gone``.
    before : float
        Share before the first period.

    Returns
    -------
    ndarray of float64, shape (times,)
    """
    over = np.array(ramps, dtype=float)
    part = np.where(over > 0, gone / np.where(over > 0, over, 1), np.sign(gone) + 1)
    rises = np.diff(np.array(goals, dtype=float), prepend=before)
    share = before + np.clip(part, 0, 1) @ rises
    most = np.maximum.accumulate([before, *goals])[(gone >= 0).sum(axis=1)]
    return np.asarray(np.clip(share, 0, most))
