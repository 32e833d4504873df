"""Runs scenarios until the chance of each is known well enough."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.arguments import number, whole
from ehc_sim.experiment.batches import Batch, Together, measure_together, put_together
from ehc_sim.experiment.before import faults_of_names, faults_of_size_of
from ehc_sim.experiment.chance import half_width_of, met
from ehc_sim.experiment.cluster import run_on_cluster
from ehc_sim.experiment.results import Limit, Results
from ehc_sim.experiment.run_in import RunIn
from ehc_sim.experiment.scenario_result import ScenarioResult
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
        Number of processes; one for each processor that this program may use where None.
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
    if faults := [fault for one in scenarios for fault in faults_of_size_of(one)]:
        raise BadInput(faults)
    began = time.monotonic()
    if store is None:
        store = Store(None, scenarios, plan.seed)
    run, wanted = 0, plan.replications
    whole: dict[str, Counter[str]] = {}
    done: list[Batch] = []
    while run < wanted:
        done += _run(scenarios, plan, range(run, wanted), progress, store, whole)
        results = tuple(
            ScenarioResult(one, store.tables([batch for batch in done if batch.scenario is one]))
            for one in scenarios
        )
        limit = _limit(results, plan)
        run = wanted
        if limit is not None:
            wanted = min(plan.most, run + plan.replications)
    run_in = _run_in(scenarios, whole)
    return Results(results, plan.seed, time.monotonic() - began, limit, run_in)


def _run_in(scenarios: Sequence[Scenario], whole: Mapping[str, Counter[str]]) -> RunIn | None:
    """Return which options went on from the run-in of the first scenario; None where none ran."""
    options = [one.name for one in scenarios[1:] if one.name in whole]
    if not options:
        return None
    return RunIn(
        scenarios[0].name, len(options), {name: whole[name] for name in options if whole[name]}
    )


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
    whole: dict[str, Counter[str]],
) -> list[Batch]:
    """Run some replications of every scenario that are not kept yet, and return their batches.

    Why runs did not go on from the shared run-in is added to ``whole``, by scenario.
    """
    size = LARGE_BATCH if plan.replications >= MANY_REPLICATIONS else SMALL_BATCH
    batches = [
        Batch(scenario, plan.seed, first, min(size, numbers.stop - first), plan.engine)
        for first in range(numbers.start, numbers.stop, size)
        for scenario in scenarios
    ]
    wanted = len(scenarios) * numbers.stop
    done = len(scenarios) * numbers.start

    def count(*some: Batch) -> None:
        nonlocal done
        done += sum(batch.count for batch in some)
        progress(done, wanted)

    def count_all(together: Together) -> None:
        count(*together.batches)

    left = []
    for batch in batches:
        if store.has(batch):
            count(batch)
        else:
            left.append(batch)
    together = put_together(left, scenarios[0])
    running = (
        run_batches(together, plan.processes, count_all, measure_together)
        if plan.cluster is None
        else run_on_cluster(together, plan.cluster, count_all)
    )
    for some, measured in running:
        for batch, found in zip(some.batches, measured, strict=True):
            store.write(batch, found.tables)
            whole.setdefault(batch.scenario.name, Counter()).update(found.whole)
    return batches
