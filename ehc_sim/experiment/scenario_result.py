"""What a study found of one scenario."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ehc_sim.scenario import Scenario
from ehc_sim.tables import Table

PLACE = "requests_place"
"""Measure of a replication that says where its requests lie among all that there may be."""


@dataclass(frozen=True, eq=False)
class ScenarioResult:
    """The measures of one scenario.

    Attributes
    ----------
    scenario : Scenario
        The scenario.
    tables : mapping of str to Table
        Measures of every replication: monthly, yearly, exceptions, advice, teams, hours, waiting,
        cohort, decisions, reviews, plans, totals.
    """

    scenario: Scenario
    tables: Mapping[str, Table]

    @property
    def replications(self) -> int:
        """Number of replications."""
        return len(self._totals.values)

    @property
    def target_share(self) -> float:
        """Share of plans on time that is to be reached, 0 to 1."""
        return float(self.scenario.base.target.share)

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
    def _totals(self) -> Table:
        return self.tables["totals"]
