"""Runs scenarios until the chance of each is known well enough."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.arguments import number, whole
from ehc_sim.experiment.batches import Batch, Together, measure_together, put_together
from ehc_sim.experiment.before import faults_of_names, sizes_of
from ehc_sim.experiment.cluster import run_on_cluster
from ehc_sim.experiment.results import Limit, Results
from ehc_sim.experiment.run_in import OTHER_MODEL, RunIn
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.size import Size, faults_of_size, processes_for
from ehc_sim.experiment.store import Store
from ehc_sim.experiment.workers import run_batches
from ehc_sim.scenario import BadInput, Scenario

SMALL_BATCH, LARGE_BATCH, MANY_REPLICATIONS = 5, 25, 100
"""Replications that a process runs at a time: few for a smooth progress bar, or more from so many
replications on, for fewer files and messages."""

DEFAULT_REPLICATIONS = 100
"""Where each value or rate has the same number, as in a sweep."""
DEFAULT_SEED = 20_250_101
DEFAULT_HALF_WIDTH = 0.05
"""Five points: a planner tells 20% from 30%, and no more is asked of a chance."""
FEWEST_REPLICATIONS = 55
"""Of a scenario that stops by itself. Fewer would leave the ends of the 95% ranges of every table
to the two or three extreme futures, and an interval near 0 or 1 to one or two of them."""
MORE_AT_LEAST, MORE_SHARE = 25, 1 / 8
"""How many replications are added from one look at a chance to the next: so many, or this share of
those that there are."""

MOST_REPLICATIONS = 100_000
"""Some hours of a processor for one scenario; 400 give each chance to five points."""


@dataclass(frozen=True)
class Plan:
    """How many replications to run, and where.

    Attributes
    ----------
    replications : int
        Replications of each scenario; the fewest of them where ``half_width`` is given.
    half_width : float or None
        Add replications to each scenario until the 95% interval of its chance is at most so wide
        on each side.
    most : int
        Most replications of a scenario, whatever the interval.
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


def plan_of(
    replications: int | None,
    half_width: float | None,
    most: int | None,
    **where: Any,  # noqa: ANN401
) -> Plan:
    """Return the plan of a study from what its user names of it.

    Parameters
    ----------
    replications : int or None
        Replications of each scenario, exactly; with ``half_width`` the fewest of them.
    half_width : float or None
        As of ``Plan``; where neither is named, five points.
    most : int or None
        As of ``Plan``.
    **where
        The others of ``Plan``.

    Raises
    ------
    ValueError, TypeError
        When one is not allowed, ``most`` is beside a fixed number, or it is fewer than the fewest.
    """
    if half_width is None and replications is None:
        half_width = DEFAULT_HALF_WIDTH
    if replications is None:
        replications = FEWEST_REPLICATIONS if most is None else min(FEWEST_REPLICATIONS, most)
    if most is None:
        return Plan(replications, half_width, **where)
    plan = Plan(replications, half_width, most, **where)
    if half_width is None:
        raise ValueError(
            f"most: found {most} beside {replications} replications, which is a fixed number; "
            "allowed is with half_width, or without replications"
        )
    if most < replications:
        raise ValueError(f"most: found {most}, allowed is {replications} (replications) or more")
    return plan


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
    replication. Where a half-width is asked for, each stops by itself: then two of them are
    compared in the replications that both have, the first ones.

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
    sizes = check(scenarios)
    if plan.processes is None:
        simpy = "simpy" in {plan.engine or one.base.run.engine for one in scenarios}
        most = plan.replications if plan.half_width is None else plan.most
        plan = replace(plan, processes=processes_for(sizes, most, simpy))
    began = time.monotonic()
    if store is None:
        store = Store(None, scenarios, plan.seed)
    done: dict[str, list[Batch]] = {one.name: [] for one in scenarios}
    found: dict[str, ScenarioResult] = {}
    whole: dict[str, Counter[str]] = {}
    going, run = list(scenarios), 0
    for look in looks(plan):
        before = sum(result.replications for result in found.values())
        for batch in run_more(going, plan, range(run, look), before, progress, store, whole):
            done[batch.scenario.name].append(batch)
        for one in going:
            tables = store.tables(done[one.name])
            found[one.name] = ScenarioResult(one, tables, plan.half_width)
        going, run = [one for one in going if not found[one.name].is_known], look
        if not going:
            break
    results = tuple(found[one.name] for one in scenarios)
    seconds, limit = time.monotonic() - began, _limit(results, plan)
    return Results(results, plan.seed, seconds, limit, _run_in(scenarios, whole))


def check(scenarios: Sequence[Scenario]) -> list[Size]:
    """Refuse scenarios that cannot be run together, and return how large a future of each is.

    Errors are those of ``study``.
    """
    if not scenarios:
        raise ValueError("scenarios: found no scenario, allowed is one or more")
    if faults := faults_of_names(scenarios):
        raise ValueError("; ".join(map(str, faults)))
    sizes = sizes_of(scenarios)
    sized = zip(scenarios, sizes, strict=True)
    if faults := [fault for one, size in sized for fault in faults_of_size(one, size)]:
        raise BadInput(faults)
    return sizes


def looks(plan: Plan) -> Iterator[int]:
    """Yield the numbers of replications after which the chance of a scenario is looked at.

    They are the same whatever is found, so that a study that goes on has the same batches.
    """
    run = plan.replications
    yield run
    while plan.half_width is not None and run < plan.most:
        run = min(run + max(MORE_AT_LEAST, int(run * MORE_SHARE)), plan.most)
        yield run


def _run_in(scenarios: Sequence[Scenario], whole: Mapping[str, Counter[str]]) -> RunIn | None:
    """Return which options went on from a shared run-in; None where none ran, or none could."""
    options = [one.name for one in scenarios[1:] if one.name in whole]
    if all(set(whole[name]) == {OTHER_MODEL} for name in options):
        return None
    return RunIn(len(options), {name: whole[name] for name in options if whole[name]})


def _limit(results: Sequence[ScenarioResult], plan: Plan) -> Limit | None:
    """Return what the stop rule did not reach; None where it did, or none was given."""
    reached = {
        result.scenario.name: result.chance.half_width for result in results if not result.is_known
    }
    if plan.half_width is None or not reached:
        return None
    return Limit(plan.half_width, max(plan.most, plan.replications), reached)


def run_more(
    scenarios: Sequence[Scenario],
    plan: Plan,
    numbers: range,
    before: int,
    progress: Progress,
    store: Store,
    whole: dict[str, Counter[str]] | None = None,
    only: tuple[str, ...] | None = None,
) -> list[Batch]:
    """Run some replications of scenarios that are not kept yet, and return their batches.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Those that the replications are wanted of; others of the study may have stopped.
    plan : Plan
        Seed, engine, and where to run.
    numbers : range
        Numbers of the replications.
    before : int
        Replications of all scenarios that were run before these.
    progress : callable
        Called as replications are done.
    store : Store
        Where finished batches are kept.
    whole : dict, optional
        By scenario: why runs did not go on from the shared run-in is added here.
    only : tuple of str, optional
        Tables that are wanted; all by default.
    """
    size = LARGE_BATCH if len(numbers) >= MANY_REPLICATIONS else SMALL_BATCH
    batches = [
        Batch(scenario, plan.seed, first, min(size, numbers.stop - first), plan.engine)
        for first in range(numbers.start, numbers.stop, size)
        for scenario in scenarios
    ]
    done = before
    wanted = before + len(scenarios) * len(numbers)

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
    together = put_together(left, scenarios[0], only)
    running = (
        run_batches(together, plan.processes, count_all, measure_together)
        if plan.cluster is None
        else run_on_cluster(together, plan.cluster, count_all)
    )
    for some, measured in running:
        for batch, found in zip(some.batches, measured, strict=True):
            store.write(batch, found.tables)
            if whole is not None:
                whole.setdefault(batch.scenario.name, Counter()).update(found.whole)
    return batches
