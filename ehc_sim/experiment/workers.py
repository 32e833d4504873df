"""Runs replications in several processes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from threading import Thread, Timer

from loky import get_reusable_executor
from loky.process_executor import TerminatedWorkerError

from ehc_sim.experiment.batches import Batch, RunFailed, Tables, measure_batch
from ehc_sim.experiment.compiling import compile_all_but_the_model
from ehc_sim.pathway.compiled_model import compile_model

_A_MOMENT_SECONDS = 1.5


def run_batches(
    batches: Sequence[Batch], processes: int, done: Callable[[Batch], None]
) -> Iterator[tuple[Batch, Tables]]:
    """Run batches and give each one's measures as it is finished.

    The numbers do not depend on the processes: every replication has random numbers of its own.

    Parameters
    ----------
    batches : sequence of Batch
        What to run.
    processes : int
        Number of processes; with 1 everything runs in this one.
    done : callable
        Called with each batch that is finished, for a progress bar.

    Raises
    ------
    RunFailed
        When a process is killed, naming what was lost.
    """
    engines = {batch.engine or batch.scenario.base.run.engine for batch in batches}
    if processes == 1:
        _compile(model="compiled" in engines)
        for batch in batches:
            tables = measure_batch(batch)
            done(batch)
            yield batch, tables
        return
    executor = get_reusable_executor(
        max_workers=processes, initializer=_end_with, initargs=(os.getpid(),)
    )
    futures: dict[Future[Tables], Batch] = {}
    try:
        _compile("compiled" in engines, executor)
        for batch in batches:
            futures[executor.submit(measure_batch, batch)] = batch
        for future in as_completed(futures):
            batch = futures[future]
            tables = future.result()
            done(batch)
            yield batch, tables
    except TerminatedWorkerError as fault:
        raise RunFailed(f"a worker process was killed while running {batch}") from fault
    except BaseException:
        # Stopped: what is under way is of no more use, and would be waited for.
        executor.shutdown(kill_workers=True)
        raise


def _compile(model: bool, executor: Executor | None = None) -> None:
    """Compile before the workers load what was compiled; say so where it takes a while.

    The model takes as long as all else together, so that a worker does the rest meanwhile.
    """
    rest: list[Future[None]] = []

    def slow() -> None:
        _say_compiling()
        if executor is not None:
            rest.append(executor.submit(compile_all_but_the_model))

    notice = Timer(_A_MOMENT_SECONDS, slow)
    notice.start()
    try:
        if model:
            compile_model()
        for future in rest:
            future.result()
        compile_all_but_the_model()
    finally:
        notice.cancel()


def _say_compiling() -> None:
    said = "compiling the model for this computer, once: some ten seconds"
    print(said, file=sys.stderr, flush=True)


def _end_with(parent: int) -> None:
    """End this process once the one that started it is gone; it would wait for it for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()
