"""Runs scenarios until the chance of each is known well enough."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ehc_sim.experiment.batches import Batch, Tables
from ehc_sim.experiment.chance import met, narrow_enough
from ehc_sim.experiment.cluster import run_on_cluster
from ehc_sim.experiment.results import Results, ScenarioResult
from ehc_sim.experiment.stack import Stack
from ehc_sim.experiment.store import Store
from ehc_sim.experiment.workers import run_batches
from ehc_sim.pathway.engines import Engine
from ehc_sim.scenario import Scenario

BATCH = 5
"""Replications that a process runs at a time: few enough for a smooth progress bar, enough to
share the fitting of the forecast."""

DEFAULT_REPLICATIONS = 30
DEFAULT_SEED = 20_250_101


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
    processes : int
        Number of processes.
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
    processes: int = 1
    engine: Engine | None = None
    cluster: str | int | None = None

    def __post_init__(self) -> None:
        if self.replications < 1 or self.processes < 1:
            raise ValueError("replications and processes: allowed is 1 or more")
        if self.half_width is not None and not 0 < self.half_width < 0.5:
            raise ValueError(f"half_width: found {self.half_width}, allowed is more than 0 to 0.5")


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
        When there is no scenario, or two have the same name.
    RunFailed
        When a process is killed.
    """
    names = [scenario.name for scenario in scenarios]
    if not names or len(set(names)) < len(names):
        raise ValueError(f"scenarios need names of their own: found {names}")
    began = time.monotonic()
    measured: list[list[Tables]] = [[] for _ in scenarios]
    run = 0
    wanted = plan.replications
    while run < wanted:
        _run(scenarios, plan, measured, range(run, wanted), progress, store)
        run = wanted
        if plan.half_width is not None and not _known(scenarios, measured, plan.half_width):
            wanted = min(plan.most, run + plan.replications)
    results = tuple(
        ScenarioResult(scenario, {name: _joined(parts, name) for name in parts[0]})
        for scenario, parts in zip(scenarios, measured, strict=True)
    )
    return Results(results, plan.seed, time.monotonic() - began)


def _run(
    scenarios: Sequence[Scenario],
    plan: Plan,
    measured: list[list[Tables]],
    numbers: range,
    progress: Progress,
    store: Store | None,
) -> None:
    batches = [
        Batch(scenario, plan.seed, first, min(BATCH, numbers.stop - first), plan.engine)
        for first in range(numbers.start, numbers.stop, BATCH)
        for scenario in scenarios
    ]
    wanted = len(scenarios) * numbers.stop
    done = len(scenarios) * numbers.start

    def count(batch: Batch) -> None:
        nonlocal done
        done += batch.count
        progress(done, wanted)

    kept = {} if store is None else {batch: store.read(batch) for batch in batches}
    parts = {batch: tables for batch, tables in kept.items() if tables is not None}
    for batch in parts:
        count(batch)
    left = [batch for batch in batches if batch not in parts]
    running = (
        run_batches(left, plan.processes, count)
        if plan.cluster is None
        else run_on_cluster(left, plan.cluster, count)
    )
    for batch, tables in running:
        parts[batch] = tables if store is None else store.write(batch, tables)
    for batch in batches:  # in their own order, whichever process was first
        place = next(i for i, scenario in enumerate(scenarios) if scenario is batch.scenario)
        measured[place].append(parts[batch])


def _joined(parts: Sequence[Tables], name: str) -> Stack:
    """Return one table of all replications."""
    return Stack.joined([tables[name] for tables in parts])


def _known(
    scenarios: Sequence[Scenario], measured: Sequence[Sequence[Tables]], half_width: float
) -> bool:
    def known(scenario: Scenario, parts: Sequence[Tables]) -> bool:
        on_time = _joined(parts, "totals").column("on_time")[:, 0]
        hits = met(on_time, float(scenario.base.target.share))
        return narrow_enough(int(np.sum(hits)), len(hits), half_width)

    return all(known(s, tables) for s, tables in zip(scenarios, measured, strict=True))
