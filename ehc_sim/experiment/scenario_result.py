"""What a study found of one scenario."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.experiment.chance import LEVEL, LEVEL_OF_LOOKS, chance_interval, met
from ehc_sim.scenario import Scenario
from ehc_sim.tables import Table

PLACE = "requests_place"
"""Measure of a replication that says where its requests lie among all that there may be."""
BETWEEN = ("chance_lowest", "chance_highest")
"""Columns of a chance: the lowest and the highest of any explanation of the past."""
FEWEST = 8
"""Replications from which the chance under one explanation is told. Of fewer the 95% interval is
over 57 points wide. A scenario that stops by itself has so many of each with a fifth of the weight.
"""
MEMBER = "member"
"""Measure of a replication that says which member it took its numbers from, counted from 0."""


class Chance(NamedTuple):
    """The chance of meeting the target, and the ends of its 95% interval; 0 to 1."""

    value: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2


class Explanations(NamedTuple):
    """The explanations of the past that the replications of a scenario follow.

    Attributes
    ----------
    names : tuple of str
        Their names, in the order of the file that names their members.
    weights : tuple of float
        Share of the replications that each is to have; they add up to 1.
    members : tuple of int
        How many members each has: sets of numbers with which it fits the past.
    of : ndarray of int64, shape (replications,)
        Number of the explanation of each replication, from 0.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    members: tuple[int, ...]
    of: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ScenarioResult:
    """The measures of one scenario.

    Attributes
    ----------
    scenario : Scenario
        The scenario.
    tables : mapping of str to Table
        Measures of every replication: monthly, yearly, exceptions, advice, teams, hours, waiting,
        cohort, decisions, reviews, plans, totals. The replications are the first of the study.
    half_width : float or None
        Half the width of the interval of the chance at which the scenario was to stop; None where
        the number of its replications was fixed.
    """

    scenario: Scenario
    tables: Mapping[str, Table]
    half_width: float | None = None

    @property
    def replications(self) -> int:
        """Number of replications."""
        return len(self._totals.values)

    @property
    def target_share(self) -> float:
        """Share of plans on time that is to be reached, 0 to 1."""
        return float(self.scenario.base.target.share)

    @cached_property
    def met(self) -> NDArray[np.bool_]:
        """In which replications the target is met, shape (replications,)."""
        return met(self.total("on_time"), self.target_share)

    @cached_property
    def chance(self) -> Chance:
        """The chance of meeting the target; its interval allows for the looks that were taken."""
        level = LEVEL if self.half_width is None else LEVEL_OF_LOOKS
        ends = chance_interval(self.met, self.places, level)
        return Chance(float(self.met.mean()), *ends)

    @property
    def is_known(self) -> bool:
        """Whether the chance is known as well as was asked for."""
        return self.half_width is None or self.chance.half_width <= self.half_width

    @property
    def reached(self) -> str:
        """How well the chance is known, in words; empty where the number was fixed."""
        if self.half_width is None:
            return ""
        points = points_up(self.chance.half_width, self.half_width)
        if self.is_known:
            return f"known to ±{points} points after {self.replications:,} simulated futures"
        return f"stopped at the most, {self.replications:,}: ±{points} points"

    def total(self, name: str) -> NDArray[np.float64]:
        """Return a measure of the whole run, shape (replications,)."""
        return self._totals.column(name)[:, 0]

    @cached_property
    def places(self) -> NDArray[np.float64] | None:
        """Place of each replication's requests, from 0 (fewest) to 1 (most), shape (replications,).

        It is never just 0 or 1. None where requests were not drawn evenly: replications are then
        plain draws.
        """
        if "totals" not in self.tables or PLACE not in self._totals.columns:
            return None
        found = self.total(PLACE)
        return found if ((found > 0) & (found < 1)).all() else None

    @cached_property
    def members(self) -> NDArray[np.int64] | None:
        """Row of each replication's member, counted from 0, shape (replications,).

        None of a scenario without members.
        """
        if "totals" not in self.tables or MEMBER not in self._totals.columns:
            return None
        return self.total(MEMBER).astype(np.int64)

    @cached_property
    def explanations(self) -> NDArray[np.str_] | None:
        """Explanation of each replication's member, shape (replications,); None without members."""
        if self.members is None or self.scenario.members is None:
            return None
        return np.array(self.scenario.members.explanations)[self.members]

    @cached_property
    def ways(self) -> Explanations | None:
        """The explanations of the past, and which one each replication follows; None of none."""
        members = self.scenario.members
        if members is None or self.members is None:
            return None
        names = tuple(members.shares)
        number = np.array([names.index(one) for one in members.explanations], dtype=np.int64)
        of, counts = number[self.members], np.bincount(number).tolist()
        return Explanations(names, tuple(members.shares.values()), tuple(counts), of)

    def of_explanation(self, number: int) -> ScenarioResult:
        """Return the result of the replications that follow one explanation, in their order."""
        assert self.ways is not None
        return self.some(np.flatnonzero(self.ways.of == number))

    def some(self, replications: NDArray[np.int64]) -> ScenarioResult:
        """Return the result of some replications, by their numbers from 0."""
        return replace(self, tables=_Some(self.tables, replications))

    def ends(self, hits: NDArray[np.bool_]) -> dict[str, float]:
        """Return ``between_explanations`` as columns of a table; none where none are named."""
        if self.ways is None:
            return {}
        return dict(zip(BETWEEN, self.between_explanations(hits), strict=True))

    def between_explanations(self, hits: NDArray[np.bool_]) -> tuple[float, float]:
        """Return the lowest and the highest chance of any explanation.

        Parameters
        ----------
        hits : ndarray of bool, shape (replications,)
            In which replications that is so whose chance is asked for.

        Returns
        -------
        tuple of float
            NaN where no explanations are named, and where one of them has fewer replications than
            ``FEWEST``: of so few the lowest and the highest say little but how few they are.
        """
        known = self.ways
        if known is None:
            return math.nan, math.nan
        counts = np.bincount(known.of, minlength=len(known.names))
        if counts.min() < FEWEST:
            return math.nan, math.nan
        chances = np.bincount(known.of, weights=hits, minlength=len(known.names)) / counts
        return float(chances.min()), float(chances.max())

    @cached_property
    def _totals(self) -> Table:
        return self.tables["totals"]


def points_up(half_width: float, asked: float) -> str:
    """Return a half-width in points, rounded up: whole ones, or tenths where those were asked for.

    Rounded up, it is not said to be less than it is, and no more than was asked for where it is
    not.
    """
    tenths = abs(100 * asked - round(100 * asked)) > TINY
    size = 10 if tenths else 1
    return f"{math.ceil(100 * size * half_width - TINY) / size:g}"


TINY = 1e-9


def of_the_same(*results: ScenarioResult) -> Sequence[ScenarioResult]:
    """Return results of the replications that all of them have, which are the first ones.

    What is held side by side has met the same futures then: same requests, cases and absence.
    """
    fewest = min(result.replications for result in results)
    return [
        result
        if result.replications == fewest
        else ScenarioResult(result.scenario, _Some(result.tables, slice(fewest)))
        for result in results
    ]


class _Some(Mapping[str, Table]):
    """Some of the replications of tables, each of which is read when it is asked for."""

    def __init__(self, tables: Mapping[str, Table], which: slice | NDArray[np.int64]) -> None:
        self._tables = tables
        self._which = which

    def __getitem__(self, name: str) -> Table:
        return self._tables[name].of_replications(self._which)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)
