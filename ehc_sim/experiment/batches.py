"""Replications that are run together, by whichever process or machine."""

from dataclasses import dataclass

from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.replication import Replicator
from ehc_sim.scenario import Scenario
from ehc_sim.tables import Table

Tables = dict[str, Table]


class RunFailed(RuntimeError):  # noqa: N818
    """Replications that could not be run; the message names the scenario and the replications."""


@dataclass(frozen=True)
class Batch:
    """Consecutive replications of one scenario.

    Attributes
    ----------
    scenario : Scenario
        The scenario.
    seed : int
        Seed of the study.
    first, count : int
        Number of the first replication, and how many.
    engine : {"compiled", "simpy"} or None
        The model; the scenario's own where None.
    """

    scenario: Scenario
    seed: int
    first: int
    count: int
    engine: Engine | None = None

    def __str__(self) -> str:
        return f"{self.scenario.name}: replications {self.first} to {self.first + self.count - 1}"


def measure_batch(batch: Batch) -> Tables:
    """Run a batch and return its measures, replications in order."""
    replicator = Replicator(batch.scenario, batch.seed, batch.engine)
    numbers = range(batch.first, batch.first + batch.count)
    tables = []
    for drawn in replicator.drawn(numbers):
        tables.append(replicator.tables(replicator.run(drawn)))
        del drawn  # one at a time: a draw and its log are some hundred megabytes
    return {name: Table.stacked([each[name] for each in tables]) for name in tables[0]}
