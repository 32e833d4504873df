"""Several methods as one forecast: each replication's path comes whole from one of them.

A pool of paths is better than any one method that could be picked in advance, and has honest
ranges; averaging quantiles scores the same but gives no joint paths, which the simulation needs.
How wide the ranges are is then set by the record's own last years (``spread.py``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ehc_sim.demand.components import Components
from ehc_sim.demand.damped_glm import DampedGLM
from ehc_sim.demand.exponential_smoothing import Smoothing
from ehc_sim.demand.exposure import Months, MonthWeights
from ehc_sim.demand.extremes import Limit, tempered
from ehc_sim.demand.fits import fit_once
from ehc_sim.demand.history import History
from ehc_sim.demand.member import CannotFit, Fitted, Member
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.spread import Spread, in_words, reference_draws, spread_factor
from ehc_sim.demand.theta import Theta
from ehc_sim.rng.streams import Streams

REFERENCE_PATHS = 400
"""Paths by which the pool's own spread is known."""


@dataclass(frozen=True, eq=False)
class FittedPool:
    """Fitted members of a pool.

    Attributes
    ----------
    members : dict of str to Fitted
        By name, in the order in which replications take them.
    notes : tuple of str
        What a reader should know.
    limit : Limit
        The most requests of a month.
    factor : float
        What the spread of the paths about their median is multiplied by.
    """

    members: dict[str, Fitted]
    notes: tuple[str, ...]
    limit: Limit
    factor: float = 1.0
    _spreads: dict[bytes, Spread] = field(default_factory=dict)

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths; replication r takes member r modulo their number.

        See ``ehc_sim.demand.member.Fitted``.
        """
        paths = self._paths_of_members(months, draws)
        if self.factor == 1:
            return paths
        key = months.tobytes()
        if key not in self._spreads:
            reference = self._paths_of_members(months, reference_draws(REFERENCE_PATHS))
            self._spreads[key] = Spread.of(reference, self.factor, self.limit)
        return self._spreads[key].applied(paths, draws)

    def _paths_of_members(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        members = list(self.members.values())
        turn = [streams.replication % len(members) for streams in draws]
        counts = np.empty((len(draws), len(months)), dtype=np.int64)
        for place, member in enumerate(members):
            rows = [r for r, its_turn in enumerate(turn) if its_turn == place]
            if rows:
                counts[rows] = member.paths(months, [draws[r] for r in rows]).counts
        return CountPaths(months, counts, draws[0].replication)


@dataclass(frozen=True)
class Pool:
    """Methods pooled in equal parts.

    Attributes
    ----------
    name : str
        Name in words.
    members : tuple of Member
        The methods. The first must fit; another that finds no fit is left out, and said so.
    """

    name: str
    members: tuple[Member, ...]

    def fit(self, history: History, weights: MonthWeights) -> FittedPool:
        """Fit every member; see ``ehc_sim.demand.member.Member``."""
        history = tempered(history, weights)
        fitted: dict[str, Fitted] = {}
        notes: list[str] = []
        for member in self.members:
            try:
                fitted[member.name] = fit_once(member, history, weights)
            except CannotFit as fault:
                notes.append(f"Left out of the pool, for want of a fit: {fault}.")
        if not fitted:
            raise CannotFit(f"{self.name}: no member could be fitted")
        notes += [note for one in fitted.values() for note in one.notes]
        factor = spread_factor(history, weights)
        if factor != 1:
            notes.append(in_words(factor))
        return FittedPool(fitted, tuple(dict.fromkeys(notes)), Limit.of(history), factor)


FOUR = Pool("pool of four methods", (DampedGLM(), Smoothing(), Components(), Theta()))
"""For three years or more by month."""
TWO = Pool("regression with a borrowed year, and theta", (DampedGLM(), Theta()))
"""For two to three years by month."""
