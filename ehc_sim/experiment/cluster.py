"""Runs replications on a Dask cluster: workers on this machine, or on several.

Tasks are handed to Dask as futures and each result comes back to the process that asked, which
keeps it. A worker that is lost takes nothing with it: Dask gives its task to another.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ehc_sim.experiment.batches import Measured, RunFailed, Together, measure_together
from ehc_sim.experiment.code import code_hash

if TYPE_CHECKING:
    from distributed import Client

ANSWER_SECONDS = 15
"""Longest that a scheduler is waited for."""
WITHOUT_WORKERS_SECONDS = 20
"""Longest that a scheduler is left without a worker before the run is given up."""
_LOOK_SECONDS = 2
_NAMED = 3
"""Most batches that a message names."""


def run_on_cluster(
    batches: Sequence[Together], cluster: str | int, done: Callable[[Together], None]
) -> Iterator[tuple[Together, list[Measured]]]:
    """Run batches on a cluster and give each one's measures as it is finished.

    Parameters
    ----------
    batches : sequence of Together
        What to run.
    cluster : str or int
        Address of a scheduler, such as ``tcp://127.0.0.1:8786``; or the number of workers to start
        on this machine, which listen on 127.0.0.1 only.
    done : callable
        Called with each batch that is finished, for a progress bar.

    Raises
    ------
    RunFailed
        When Dask is not installed, no scheduler answers, a task kills its workers again and again,
        no worker is left, or a worker has another version of the program; with the scenario and
        the replications where there are such.
    """
    with _client(cluster) as client:
        code = code_hash()
        futures = {
            client.submit(measure_elsewhere, batch, code, pure=False): batch for batch in batches
        }
        for future in _finished(client, futures):
            batch = futures.pop(future)
            measured = _result(future, batch)
            done(batch)
            yield batch, measured


def measure_elsewhere(batch: Together, code: str) -> list[Measured]:
    """Run a batch on a worker, if that has the same program.

    Raises
    ------
    RunFailed
        When it has another.
    """
    if code_hash() != code:
        raise RunFailed("a worker has another version of the program: install the same everywhere")
    return measure_together(batch)


@contextmanager
def _client(cluster: str | int) -> Iterator[Client]:
    try:
        from distributed import Client, LocalCluster
    except ImportError as fault:
        raise RunFailed("a cluster needs Dask: pip install 'ehc-sim[cluster]'") from fault
    if isinstance(cluster, int):
        local = LocalCluster(
            n_workers=cluster, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        )
        with local, Client(local) as client:
            yield client
        return
    try:
        client = Client(cluster, timeout=ANSWER_SECONDS)
    except (OSError, ValueError) as fault:
        raise RunFailed(f"no scheduler answers at {cluster}") from fault
    with client:
        yield client


def _finished(client: Client, futures: dict[Any, Together]) -> Iterator[Any]:
    """Yield futures as they are finished; give up when there is no worker for too long."""
    from distributed import wait

    last_seen = time.monotonic()
    while futures:
        try:
            ended = wait(list(futures), timeout=_LOOK_SECONDS, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            ended = set()
        # In their own order, so that the same batch is told of when several fail at once.
        yield from [future for future in list(futures) if future in ended]
        if client.scheduler_info(n_workers=-1)["workers"]:
            last_seen = time.monotonic()
        elif time.monotonic() - last_seen > WITHOUT_WORKERS_SECONDS:
            raise RunFailed(f"no worker is left; not finished: {_under_way(client, futures)}")


def _result(future: Any, batch: Together) -> list[Measured]:  # noqa: ANN401
    from distributed import KilledWorker

    try:
        measured: list[Measured] = future.result()
    except KilledWorker as fault:
        raise RunFailed(f"workers were killed again and again while running {batch}") from fault
    except OSError as fault:
        raise RunFailed(f"{batch}: a worker found {fault}") from fault
    return measured


def _under_way(client: Client, futures: dict[Any, Together]) -> str:
    """Name the batches during which workers were lost, or else the first that are not finished."""

    def lost(dask_scheduler: Any = None) -> dict[str, int]:  # noqa: ANN401
        return {str(key): task.suspicious for key, task in dask_scheduler.tasks.items()}

    times = client.run_on_scheduler(lost)
    suspected = [batch for future, batch in futures.items() if times.get(str(future.key), 0)]
    named = [str(batch) for batch in suspected or futures.values()]
    more = f" and {len(named) - _NAMED} batches more" if len(named) > _NAMED else ""
    return "; ".join(named[:_NAMED]) + more
