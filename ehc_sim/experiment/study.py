"""Runs scenarios until the chance of each is known well enough."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.arguments import number, whole
from ehc_sim.experiment.batches import Batch
from ehc_sim.experiment.before import faults_of_names, sizes_of
from ehc_sim.experiment.chance import half_width_of, met
from ehc_sim.experiment.cluster import run_on_cluster
from ehc_sim.experiment.results import Limit, Results
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.size import faults_of_size, processes_for
from ehc_sim.experiment.store import Store
from ehc_sim.experiment.workers import run_batches
from ehc_sim.scenario import BadInput, Scenario

SMALL_BATCH, LARGE_BATCH, MANY_REPLICATIONS = 5, 25, 100
"""Replications that a process runs at a time: few for a smooth progress bar, or more from so many
replications on, for fewer files and messages."""

DEFAULT_REPLICATIONS = 100
DEFAULT_SEED = 20_250_101


MOST_REPLICATIONS = 100_000
"""Some hours of a processor for one scenario; 400 give each chance to five points."""


@dataclass(frozen=True)
class Plan:
    """How many replications to run, and where.

    Attributes
    ----------
    replications : int
        Replications of each scenario; the first of them where ``half_width`` is given.
    half_width : float or None
        Add replications until the 95% interval of every scenario's chance is at most so wide on
        each side.
    most : int
        Most replications, whatever the interval.
    seed : int
        Seed of the study.
    processes : int or None
        Number of processes. Where None, one for each processor that this program may use; one alone
        for a few seconds of work (``size.LITTLE_WORK``), which are over before more have started.
    engine : {"compiled", "simpy"} or None
        The model; each scenario's own where None.
    cluster : str, int or None
        Address of a Dask scheduler, or the number of Dask workers to start on this machine, that
        run the replications; None for processes of this machine.
    """

    replications: int = DEFAULT_REPLICATIONS
    half_width: float | None = None
    most: int = 2000
    seed: int = DEFAULT_SEED
    processes: int | None = 1
    engine: Engine | None = None
    cluster: str | int | None = None

    def __post_init__(self) -> None:
        for name in ("replications", "most"):
            whole(name, getattr(self, name), 1, MOST_REPLICATIONS)
        whole("seed", self.seed, 0)
        if self.processes is not None:
            whole("processes", self.processes, 1)
        if self.half_width is not None:
            number("half_width", self.half_width)
        if self.half_width is not None and not 0 < self.half_width < 0.5:
            raise ValueError(f"half_width: found {self.half_width}, allowed is more than 0 to 0.5")
        engines = get_args(Engine)
        if self.engine is not None and self.engine not in engines:
            allowed = " or ".join(map(repr, engines))
            raise ValueError(f"engine: found {self.engine!r}, allowed is {allowed}")


Progress = Callable[[int, int], None]
"""Called with the replications done and wanted so far."""


def study(
    scenarios: Sequence[Scenario],
    plan: Plan,
    progress: Progress = lambda done, wanted: None,
    store: Store | None = None,
) -> Results:
    """Run scenarios under common random numbers.

    Every scenario runs the same replications, so that each pair can be compared replication by
    replication.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The scenarios; the first is the one that the others are compared with.
    plan : Plan
        How many replications to run, and where.
    progress : callable
        Called as replications are done.
    store : Store, optional
        Where finished batches are kept; those that it has are not run again.

    Returns
    -------
    Results

    Raises
    ------
    ValueError
        When there is no scenario, a name is none, or two names are alike.
    BadInput
        When a scenario is too large to be run.
    RunFailed
        When a process is killed.
    """
    if not scenarios:
        raise ValueError("scenarios: found no scenario, allowed is one or more")
    if faults := faults_of_names(scenarios):
        raise ValueError("; ".join(map(str, faults)))
    sizes = sizes_of(scenarios)
    found = zip(scenarios, sizes, strict=True)
    if faults := [fault for one, size in found for fault in faults_of_size(one, size)]:
        raise BadInput(faults)
    if plan.processes is None:
        simpy = "simpy" in {plan.engine or one.base.run.engine for one in scenarios}
        most = plan.replications if plan.half_width is None else plan.most
        plan = replace(plan, processes=processes_for(sizes, most, simpy))
    began = time.monotonic()
    if store is None:
        store = Store(None, scenarios, plan.seed)
    run, wanted = 0, plan.replications
    done: list[Batch] = []
    while run < wanted:
        done += _run(scenarios, plan, range(run, wanted), progress, store)
        results = tuple(
            ScenarioResult(one, store.tables([batch for batch in done if batch.scenario is one]))
            for one in scenarios
        )
        limit = _limit(results, plan)
        run = wanted
        if limit is not None:
            wanted = min(plan.most, run + plan.replications)
    return Results(results, plan.seed, time.monotonic() - began, limit)


def _limit(results: Sequence[ScenarioResult], plan: Plan) -> Limit | None:
    """Return what the stop rule did not reach; None where it did, or none was given."""
    if plan.half_width is None:
        return None
    reached = {}
    for result in results:
        hits = met(result.total("on_time"), result.target_share)
        found = half_width_of(int(hits.sum()), len(hits))
        if found > plan.half_width:
            reached[result.scenario.name] = found
    return Limit(plan.half_width, results[0].replications, reached) if reached else None


def _run(
    scenarios: Sequence[Scenario],
    plan: Plan,
    numbers: range,
    progress: Progress,
    store: Store,
) -> list[Batch]:
    """Run some replications of every scenario that are not kept yet, and return their batches."""
    size = LARGE_BATCH if plan.replications >= MANY_REPLICATIONS else SMALL_BATCH
    batches = [
        Batch(scenario, plan.seed, first, min(size, numbers.stop - first), plan.engine)
        for first in range(numbers.start, numbers.stop, size)
        for scenario in scenarios
    ]
    wanted = len(scenarios) * numbers.stop
    done = len(scenarios) * numbers.start

    def count(batch: Batch) -> None:
        nonlocal done
        done += batch.count
        progress(done, wanted)

    left = []
    for batch in batches:
        if store.has(batch):
            count(batch)
        else:
            left.append(batch)
    running = (
        run_batches(left, plan.processes, count)
        if plan.cluster is None
        else run_on_cluster(left, plan.cluster, count)
    )
    for batch, tables in running:
        store.write(batch, tables)
    return batches
