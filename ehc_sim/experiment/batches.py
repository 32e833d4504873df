"""Replications that are run together, by whichever process or machine."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.run_in import in_step, sharing
from ehc_sim.journey.alike import Alike
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

    @property
    def numbers(self) -> range:
        """Numbers of the replications."""
        return range(self.first, self.first + self.count)

    @property
    def engines(self) -> set[Engine]:
        """The models that run it."""
        return {self.engine or self.scenario.base.run.engine}


@dataclass(frozen=True)
class Together:
    """The same replications of some scenarios, which share the years before they part.

    Attributes
    ----------
    batches : tuple of Batch
        The same replications of each scenario that is wanted.
    run_in_of : Scenario
        The scenario whose run the others go on from; it need not be among those wanted.
    only : tuple of str or None
        Tables that are wanted; all where None.
    """

    batches: tuple[Batch, ...]
    run_in_of: Scenario
    only: tuple[str, ...] | None = None

    def __str__(self) -> str:
        first, *others = self.batches
        return f"{first} (with {len(others)} more)" if others else str(first)

    @property
    def goes_on(self) -> bool:
        """Whether there is an option that may go on from the run of another scenario."""
        return any(batch.scenario is not self.run_in_of for batch in self.batches)

    @property
    def engines(self) -> set[Engine]:
        """The models that run them."""
        return {engine for batch in self.batches for engine in batch.engines}


@dataclass(frozen=True)
class Measured:
    """What was measured of a batch.

    Attributes
    ----------
    tables : dict of str to Table
        The measures, replications in order.
    whole : Counter of str
        Of how many replications the run did not go on from that of another scenario, by why.
    """

    tables: Tables
    whole: Counter[str] = field(default_factory=Counter)


MOST_TOGETHER = 6
"""Scenarios whose draws are held at once. Of Somerset's, a process then takes 0.8 GB, and 1.2 for
17 at once, in the same time a scenario (measured: 1.5 and 1.5 seconds for five replications)."""


def put_together(
    batches: Sequence[Batch], run_in_of: Scenario, only: tuple[str, ...] | None = None
) -> list[Together]:
    """Return batches of the same replications together, a few at a time, in their order."""

    def replications(batch: Batch) -> tuple[int, int]:
        return batch.first, batch.count

    alike = [
        tuple(same) for _, same in groupby(sorted(batches, key=replications), key=replications)
    ]
    return [
        Together(same[place : place + MOST_TOGETHER], run_in_of, only)
        for same in alike
        for place in range(0, len(same), MOST_TOGETHER)
    ]


def measure_batch(batch: Batch) -> Tables:
    """Run a batch and return its measures, replications in order."""
    return measure_together(Together((batch,), batch.scenario))[0].tables


def measure_together(together: Together) -> list[Measured]:
    """Run the replications of some scenarios and return the measures of each."""
    first = together.batches[0]
    of_run_in = Replicator(together.run_in_of, first.seed, first.engine)
    replicators = [
        of_run_in
        if batch.scenario is together.run_in_of
        else Replicator(batch.scenario, batch.seed, batch.engine)
        for batch in together.batches
    ]
    alike = Alike()
    for each in (of_run_in, *replicators):
        each.alike = alike
    ahead = [each.drawn(first.numbers) for each in replicators if each is not of_run_in]
    of_all = of_run_in.drawn(first.numbers)
    parts: list[list[Tables]] = [[] for _ in replicators]
    whole: list[Counter[str]] = [Counter() for _ in replicators]
    for _ in first.numbers:
        run_in, others = next(of_all), iter(ahead)
        drawn = [
            run_in if each is of_run_in else sharing(next(next(others)), run_in)
            for each in replicators
        ]
        for place, replication, why in in_step(
            of_run_in, run_in, replicators, drawn, together.only
        ):
            parts[place].append(replicators[place].tables(replication, together.only))
            whole[place] += Counter([why] if why else [])
            del replication  # it and its log are many megabytes
    return [Measured(_stacked(each), why) for each, why in zip(parts, whole, strict=True)]


def _stacked(parts: Sequence[Tables]) -> Tables:
    return {name: Table.stacked([each[name] for each in parts]) for name in parts[0]}
