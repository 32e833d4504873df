"""Runs of a scenario in a given future, with uncertain numbers held at places of their ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.batches import Batch, Tables
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.study import Plan
from ehc_sim.experiment.workers import run_batches
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Scenario
from ehc_sim.tables import Table

Point = Mapping[str, float]
"""Where uncertain numbers are held, by key: 0 for the low end of the range, 1 for the high end, and
between them the probability that the number is less. What is not named is as the replication draws
it."""
PARAMETER = "parameter "
"""How the name of the random number of an uncertain number begins."""
REQUESTS = "requests_in_plan"
"""Column of the requests from the first day of the plan on, beside those of the totals."""
_TABLES = ("totals", "monthly")
RUNS_A_BATCH = 12
"""Runs that a process makes at a time, of one future at least."""


class HeldStreams(Streams):
    """The random numbers of one replication, those of some uncertain numbers held."""

    def __init__(self, seed: int, replication: int, point: Point) -> None:
        super().__init__(seed, replication)
        self._held = {PARAMETER + key: place for key, place in point.items()}

    def uniform(self, name: str) -> float:
        """Return the one number of a name: where it is held, or as it would be drawn."""
        held = self._held.get(name)
        return super().uniform(name) if held is None else held


class HeldReplicator(Replicator):
    """Runs replications of one scenario in which uncertain numbers are held."""

    def __init__(self, scenario: Scenario, seed: int, engine: Engine | None = None) -> None:
        super().__init__(scenario, seed, engine)
        self._point: Point = {}

    def streams(self, number: int) -> Streams:
        """Return the random numbers of a replication, with what is held now."""
        return HeldStreams(self.seed, number, self._point)

    def totals(self, number: int, points: Sequence[Point]) -> Iterator[Table]:
        """Yield the totals of a replication at each of several points, with its requests."""
        (ahead,) = self._months_ahead([number])
        months = self.timeline.months
        in_plan = months >= np.datetime64(self.scenario.base.period.plan_from, "M")
        for self._point in points:
            run = self.run(self._draw(number, ahead), self.noted(_TABLES))
            tables = self.tables(run, _TABLES)
            requests = float(tables["monthly"].column("requests")[in_plan].sum())
            yield Table.beside([tables["totals"], Table.of_one({REQUESTS: requests})])


@dataclass(frozen=True)
class HeldBatch(Batch):
    """Consecutive replications of one scenario, each at several points.

    Attributes
    ----------
    points : tuple
        The points of each replication; the same number of them for each.
    """

    points: tuple[tuple[Point, ...], ...] = ()


def measure_held(batch: HeldBatch) -> Tables:
    """Run a batch and return the totals of its runs, replication by replication."""
    replicator = HeldReplicator(batch.scenario, batch.seed, batch.engine)
    runs = [
        table
        for place, points in enumerate(batch.points)
        for table in replicator.totals(batch.first + place, points)
    ]
    return {"totals": Table.stacked(runs)}


def run_held(
    scenario: Scenario,
    points: Sequence[Sequence[Point]],
    plan: Plan,
    done: Callable[[Batch], None],
) -> dict[str, NDArray[np.float64]]:
    """Run the first replications of a scenario, each at several points.

    Parameters
    ----------
    scenario : Scenario
    points : sequence of sequences of points
        For each replication, from 0 on, the points that it is run at; as many for each.
    plan : Plan
        Seed, processes and model.
    done : callable
        Called with each batch that is finished, for a progress bar.

    Returns
    -------
    dict of str to ndarray of float64, shape (replications, points)
        Each measure of the totals, and ``REQUESTS``. They do not depend on the processes.

    Raises
    ------
    RunFailed
        When a process is killed.
    """
    size = max(1, RUNS_A_BATCH // len(points[0]))
    batches = [
        HeldBatch(scenario, plan.seed, first, len(some), plan.engine, tuple(map(tuple, some)))
        for first in range(0, len(points), size)
        for some in [points[first : first + size]]
    ]
    found = {
        batch.first: tables["totals"]
        for batch, tables in run_batches(batches, plan.processes, done, measure_held)
    }
    columns = found[0].columns
    values = np.concatenate([found[batch.first].values[:, 0, :] for batch in batches])
    shaped = values.reshape(len(points), len(points[0]), len(columns))
    return {name: shaped[:, :, place] for place, name in enumerate(columns)}
