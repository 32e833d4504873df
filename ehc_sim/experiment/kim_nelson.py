"""The best of many options, each simulated only until it is shown not to be the best.

Procedure KN of Kim, S.-H. and Nelson, B. L. (2001), A fully sequential procedure for
indifference-zone selection in simulation, ACM Transactions on Modeling and Computer Simulation
11(3), 251-273; with their constant for common random numbers (c = 1, the error divided by the
number of rivals).

Written here because that of sim-tools 1.3 (``sim_tools.ovs.indifference_zone.KN``) takes the
variance of another pair where an option stands after its rival, does not say when an option fell
out, and brings plotly and scikit-learn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

More = Callable[[Sequence[int], range], Floats]
"""Returns the measure of some options, by number, in some replications; larger is better. Shape
(options, replications)."""


@dataclass(frozen=True)
class Rules:
    """What a race is to guarantee, and how it goes on.

    Attributes
    ----------
    zone : float
        Indifference zone: options whose means differ by less are as good as one another.
    confidence : float
        How likely the option that is picked is the best, or within the zone of it.
    first : int
        Replications of every option before any falls out; the variances are learnt from them.
    step : int
        Replications from one look to the next. Looks that are left out make no more errors.
    most : int
        Most replications of an option.
    """

    zone: float
    confidence: float = 0.95
    first: int = 20
    step: int = 5
    most: int = 2000


@dataclass(frozen=True, eq=False)
class Raced:
    """How a race ended.

    Attributes
    ----------
    best : int
        Number of the option that is picked.
    values : list of ndarray, each of shape (replications,)
        The measure of each option in its replications, the first ones.
    beaten_by : list of int or None
        Number of the option by which each fell out; None for those that never did.
    decided : bool
        Whether all but the best fell out; where not, the race ended at its most replications and
        the guarantee does not hold.
    """

    best: int
    values: list[Floats]
    beaten_by: list[int | None]
    decided: bool


def kim_nelson(
    more: More, options: int, rules: Rules, variances: Callable[[Floats], Floats] | None = None
) -> Raced:
    """Race options against one another.

    The guarantee is of independent, normal replications, in which the options may go together as
    they like. Replications over which requests are drawn evenly go against one another: the mean
    of a difference then varies less than its plain variance says, and errors are rarer.

    Parameters
    ----------
    more : callable
        Simulates.
    options : int
        How many there are, at least 2.
    rules : Rules
    variances : callable, optional
        Returns the variances of the differences of every two options, shape (options, options),
        from the first replications, shape (options, replications); the plain ones where None.

    Returns
    -------
    Raced
    """
    going = np.ones(options, dtype=bool)
    beaten_by: list[int | None] = [None] * options
    values = list(more(range(options), range(rules.first)))
    spread = (variances or of_differences)(np.stack(values))
    error = (1 - rules.confidence) / (options - 1)
    eta = ((2 * error) ** (-2 / (rules.first - 1)) - 1) / 2
    reach = 2 * eta * (rules.first - 1) * spread / rules.zone**2  # replications, of each pair
    run = rules.first
    while True:
        left = np.flatnonzero(going)
        means = np.array([values[option].mean() for option in left])
        slack = rules.zone / (2 * run) * np.maximum(reach[np.ix_(left, left)] - run, 0.0)
        behind = means[:, np.newaxis] < means - slack
        for place in np.flatnonzero(behind.any(axis=1)):
            going[left[place]] = False
            # By the one that is furthest ahead, which stays itself.
            beaten_by[left[place]] = int(left[np.argmax(np.where(behind[place], means, -np.inf))])
        left = np.flatnonzero(going)
        # What is left with no slack are options of the very same mean: any of them is the best.
        same = not (reach[np.ix_(left, left)] > run).any()
        if len(left) == 1 or same or run >= rules.most:
            best = max(left, key=lambda option: (values[option].mean(), -option))
            return Raced(int(best), values, beaten_by, decided=len(left) == 1 or same)
        until = min(run + rules.step, rules.most)
        for option, new in zip(left, more(left.tolist(), range(run, until)), strict=True):
            values[option] = np.concatenate([values[option], new])
        run = until


def of_differences(values: Floats) -> Floats:
    """Return the variance of the difference of every two options, shape (options, options)."""
    covariance = np.cov(values)
    own = np.diag(covariance)
    return np.maximum(own[:, np.newaxis] + own - 2 * covariance, 0.0)


def of_chances(hits: Floats) -> Floats:
    """Return the same for whether a target is met, which few replications may never tell apart.

    One replication is added to each of the four counts of who meets it: none seen is not none to
    come, and options that no replication tells apart are not called level on a few of them.

    Parameters
    ----------
    hits : ndarray of float64, shape (options, replications)
        1 where the target is met, else 0.
    """
    n = hits.shape[1]
    only_first = hits @ (1 - hits).T + 1
    apart = (only_first + only_first.T) / (n + 4)
    difference = (only_first - only_first.T) / (n + 4)
    found = (apart - difference**2) * n / (n - 1)
    np.fill_diagonal(found, 0.0)
    return np.asarray(found)
