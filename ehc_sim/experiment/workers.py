"""Runs replications in several processes."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from threading import Thread
from typing import Any

from loky import cpu_count, get_reusable_executor
from loky.process_executor import TerminatedWorkerError
from numba.core.event import Listener, install_listener

from ehc_sim.engines.compiled.model import compile_model
from ehc_sim.experiment.batches import Batch, RunFailed, Tables, measure_batch
from ehc_sim.experiment.compiling import compile_all_but_the_model

COMPILING = "compiling the model for this computer, once: some twenty seconds"


def run_batches(
    batches: Sequence[Batch], processes: int | None, done: Callable[[Batch], None]
) -> Iterator[tuple[Batch, Tables]]:
    """Run batches and give each one's measures as it is finished.

    The numbers do not depend on the processes: every replication has random numbers of its own.

    Parameters
    ----------
    batches : sequence of Batch
        What to run.
    processes : int or None
        Most processes, and no more are started than there are batches; with 1 everything runs in
        this one. One for each processor that this program may use where None.
    done : callable
        Called with each batch that is finished, for a progress bar.

    Raises
    ------
    RunFailed
        When a process is killed, naming what was lost.
    """
    if not batches:
        return
    engines = {batch.engine or batch.scenario.base.run.engine for batch in batches}
    needed = [compile_all_but_the_model, *[compile_model] * ("compiled" in engines)]
    processes = min(processes or cpu_count(), len(batches))
    if processes == 1:
        for compile_ in needed:
            _compiles(compile_)
        for batch in batches:
            tables = measure_batch(batch)
            done(batch)
            yield batch, tables
        return
    _compile(needed, processes)
    executor = _executor(processes)
    futures: dict[Future[Tables], Batch] = {}
    try:
        for batch in batches:
            futures[executor.submit(measure_batch, batch)] = batch
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
