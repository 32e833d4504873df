"""Runs replications in several processes."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from threading import Thread, Timer

from loky import get_reusable_executor
from loky.process_executor import TerminatedWorkerError

from ehc_sim.experiment.batches import Batch, RunFailed, Tables, measure_batch
from ehc_sim.experiment.compiling import compile_measures
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
    _compile_once(model="compiled" in engines)
    if processes == 1:
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


def _compile_once(model: bool) -> None:
    """Compile model and measures before workers load them; say so where it takes a moment."""
    notice = Timer(_A_MOMENT_SECONDS, _say_compiling)
    notice.start()
    try:
        compile_measures()
        if model:
            compile_model()
    finally:
        notice.cancel()


def _say_compiling() -> None:
    said = "compiling the program for this computer, once: some fifteen seconds"
    print(said, file=sys.stderr, flush=True)


def _end_with(parent: int) -> None:
    """End this process once the one that started it is gone; it would wait for it for ever."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    Thread(target=watch, daemon=True).start()
