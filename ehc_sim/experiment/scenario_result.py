"""What a study found of one scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ehc_sim.experiment.stack import Stack
from ehc_sim.scenario import Scenario


@dataclass(frozen=True, eq=False)
class ScenarioResult:
    """The measures of one scenario.

    Attributes
    ----------
    scenario : Scenario
        The scenario.
    tables : mapping of str to Stack
        Measures of every replication: monthly, yearly, exceptions, advice, teams, hours, waiting,
        cohort, decisions, reviews, plans, totals.
    """

    scenario: Scenario
    tables: Mapping[str, Stack]

    @property
    def replications(self) -> int:
        """Number of replications."""
        return len(self.tables["totals"].values)
