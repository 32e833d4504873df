"""Runs replications in several processes."""

import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from threading import Thread
from typing import Any, Protocol, TypeVar

from loky import cpu_count, get_reusable_executor
from loky.process_executor import TerminatedWorkerError
from numba import types
from numba.core.event import Listener, install_listener

from ehc_sim.engines.choose import Engine
from ehc_sim.engines.compiled.model import compile_model
from ehc_sim.engines.compiled.states import compile_going_on
from ehc_sim.experiment.batches import RunFailed, Together, measure_batch
from ehc_sim.measures import counting, lateness_pieces, team_hours_loop
from ehc_sim.network import hazards, log_times, variates
from ehc_sim.rng import philox
from ehc_sim.staff import rota_days, turnover_days


def compile_all_but_the_model() -> None:
    """Compile the draw and the measures, or load what was compiled before.

    The first time takes some seconds.

    numba keeps what it compiled, as for ``engines.compiled.model.compile_model``.
    """
    whole = types.int64
    ints, table, cube = types.int64[::1], types.int64[:, ::1], types.int64[:, :, ::1]
    rows, flags, floats = types.int32[::1], types.boolean[::1], types.float64[::1]
    bits, levels, marks = types.uint64, types.float64[:, ::1], types.boolean[:, ::1]
    signatures = {
        philox.uniforms_at: (bits, bits, ints, whole),
        variates.sample: (ints, whole, whole, ints, ints, ints),
        hazards.month_by_hazard: (floats, ints, ints, ints, levels, whole),
        rota_days.take_leave: (marks, levels, ints, whole, ints, ints),
        rota_days.take_spells: (marks, ints, ints, ints, ints),
        rota_days.minutes_of_work: (
            *(levels, marks, marks, levels, table, marks, floats, floats, floats, flags),
        ),
        turnover_days.leave_and_start: (
            *(marks, marks, table, flags, ints, floats, marks, levels, marks),
        ),
        turnover_days.mentors_of: (marks, marks, table),
        log_times.by_node: (ints, flags, rows, ints),
        log_times.latest: (ints, ints, rows, ints, ints, rows, table),
        log_times.rows_of: (ints, ints, table),
        team_hours_loop.work_by_month: (
            *(rows, types.UniTuple(ints, 6), ints, ints, types.Tuple((ints, table)), ints),
            *(whole, whole, cube),
        ),
        team_hours_loop.work_of_daily_hours: (ints, ints, ints, ints, ints, ints),
        team_hours_loop.work_beyond_what_is_offered: (
            *(rows, types.UniTuple(ints, 6), ints, ints, types.Tuple((ints, table, table)), ints),
            *(whole, table),
        ),
        team_hours_loop.work_by_kind: (
            *(rows, types.UniTuple(ints, 6), ints, ints, types.Tuple((ints, table)), flags),
            *(table, ints, whole, whole, whole, table),
        ),
        counting.add_before: (ints, ints, flags, whole, ints),
        counting.periods_of: (ints, ints, ints),
        counting.add_up: (ints, flags, floats, table, ints, floats),
        counting.oldest_open: (ints, ints, ints, ints),
        counting.count_outcomes: (ints, ints, table, table, ints, cube),
        counting.count_advice: (ints, ints, ints, ints, whole, whole, table, floats),
        counting.count_expected: (ints, ints, ints, ints, types.UniTuple(ints, 3), whole, table),
        lateness_pieces.divide: (
            *(types.UniTuple(ints, 4), table, types.UniTuple(ints, 3)),
            *(ints, table, table, table, table),
        ),
    }
    for function, signature in signatures.items():
        function.compile(signature)


class Runnable(Protocol):
    """What a process can be given to run, such as a ``Batch``."""

    @property
    def engines(self) -> set[Engine]:
        """The models that run it."""


OfBatch = TypeVar("OfBatch", bound=Runnable)
Found = TypeVar("Found")

COMPILING = "compiling the model for this computer, once: some twenty seconds"


def run_batches(
    batches: Sequence[OfBatch],
    processes: int | None,
    done: Callable[[OfBatch], None],
    measured: Callable[[OfBatch], Found] = measure_batch,  # type: ignore[assignment]
) -> Iterator[tuple[OfBatch, Found]]:
    """Run batches and give each one's measures as it is finished.

    The numbers do not depend on the processes: every replication has random numbers of its own.

    Parameters
    ----------
    batches : sequence of Batch, Together or what else says its engines
        What to run.
    processes : int or None
        Most processes, and no more are started than there are batches; with 1 everything runs in
        this one. One for each processor that this program may use where None.
    done : callable
        Called with each batch that is finished, for a progress bar.
    measured : callable
        Runs a batch and returns its measures.

    Raises
    ------
    RunFailed
        When a process is killed, naming what was lost.
    """
    if not batches:
        return
    needed = [compile_all_but_the_model]
    if any("compiled" in batch.engines for batch in batches):
        needed.append(compile_model)
        if any(isinstance(batch, Together) and batch.goes_on for batch in batches):
            needed.append(compile_going_on)
    processes = min(processes or cpu_count(), len(batches))
    if processes == 1:
        for compile_ in needed:
            _compiles(compile_)
        for batch in batches:
            tables = measured(batch)
            done(batch)
            yield batch, tables
        return
    _compile(needed, processes)
    executor = _executor(processes)
    futures: dict[Future[Found], OfBatch] = {}
    try:
        for batch in batches:
            futures[executor.submit(measured, batch)] = batch
        for future in as_completed(list(futures)):
            batch = futures.pop(future)  # a future that is kept keeps its measures in memory
            tables = future.result()
            del future
            done(batch)
            yield batch, tables
    except TerminatedWorkerError as fault:
        raise RunFailed(f"a worker process was killed while running {batch}") from fault
    except BaseException:
        # Stopped: what is under way is of no more use, and would be waited for.
        executor.shutdown(kill_workers=True)
        raise


def end_workers() -> None:
    """Let processes end that wait for more batches: it gives back what they hold of memory."""
    while _waiting:
        _waiting.pop().shutdown()


_waiting: list[Any] = []
"""The executor whose processes may wait for more batches."""


def _executor(processes: int) -> Any:  # noqa: ANN401 - loky has no types
    # A worker holds the draws and the log of a replication, some hundred megabytes. It is replaced
    # when it has come to that, which changes nothing and is no leak to tell people of.
    warnings.filterwarnings("ignore", "A worker was restarted while some jobs", UserWarning)
    executor = get_reusable_executor(
        max_workers=processes, initializer=_end_with, initargs=(os.getpid(),)
    )
    _waiting[:] = [executor]
    return executor


def _compile(needed: Sequence[Callable[[], None]], processes: int) -> None:
    """Compile in the workers, side by side, before all of them need the same.

    What compiling takes of memory is given back: workers that compiled are not used any further.

    Raises
    ------
    RunFailed
        When a worker is killed.
    """
    executor = _executor(processes)
    try:
        futures = [executor.submit(_compiles, compile_) for compile_ in needed]
        anew = [future.result() for future in futures]
        if any(anew):
            executor.shutdown()
    except TerminatedWorkerError as fault:
        raise RunFailed("a worker process was killed while it compiled") from fault
    except BaseException:
        executor.shutdown(kill_workers=True)
        raise


def _compiles(compile_: Callable[[], None]) -> bool:
    """Compile, and return whether there was anything that was not kept from before.

    That it takes a while is said once a run: by the part of the program that takes longest.
    """
    listener = _Compiling(announced=compile_ is compile_model)
    with install_listener("numba:compile", listener):
        compile_()
    return listener.heard


class _Compiling(Listener):  # type: ignore[misc]
    """Hears numba compile, and says so."""

    heard = False

    def __init__(self, announced: bool) -> None:
        self._announced = announced

    def on_start(self, event: object) -> None:
        if self._announced and not self.heard:
            print(COMPILING, file=sys.stderr, flush=True)
        self.heard = True

    def on_end(self, event: object) -> None:
        pass


def _end_with(parent: int) -> None:
    """End this process once the one that started it is gone; it would wait for it for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()
