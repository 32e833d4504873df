"""How far chance alone could have moved a change of two years' requests.

A council's year has a part that is gone the next year, shared by all its groups, and each group's
count has the chance of a count: together a negative binomial. Counts are drawn again around what
was counted (a parametric bootstrap), and whatever is worked out of two years is worked out again.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.yearly import TRANSIENT_SD
from ehc_sim.rng.streams import Streams

REDRAWN = 4000
"""Times that counts are drawn again; the ends of a 95% range are then known to some 3% of it."""

Counts = NDArray[np.float64]


def drawn_again(
    before: Counts, after: Counts, draws: int = REDRAWN, spread: float = TRANSIENT_SD
) -> tuple[Counts, Counts]:
    """Return counts of two years as they might have been.

    Parameters
    ----------
    before, after : ndarray of float64, shape (groups,)
        What was counted.
    draws : int
        Times to draw.
    spread : float
        Standard deviation of a year's factor that all groups share, relative; above 0.

    Returns
    -------
    tuple of ndarray of float64, each of shape (draws, groups)
    """
    rng = Streams(0, 0).generator("why requests rise")
    factors = rng.gamma(1 / spread**2, spread**2, (2, draws, 1))
    drawn = [
        rng.poisson(mean * factor) for mean, factor in zip((before, after), factors, strict=True)
    ]
    return drawn[0].astype(np.float64), drawn[1].astype(np.float64)


def ranges(
    worked_out: Callable[[Counts, Counts], Counts], before: Counts, after: Counts
) -> NDArray[np.float64]:
    """Return the 95% range of each number worked out of two years' counts.

    Parameters
    ----------
    worked_out : callable
        Takes counts of shape (draws, groups) of both years and gives shape (draws, numbers).
    before, after : ndarray of float64, shape (groups,)
        What was counted.

    Returns
    -------
    ndarray of float64, shape (numbers, 2)
    """
    found = worked_out(*drawn_again(before, after))
    return np.quantile(found, [0.025, 0.975], axis=0).T
