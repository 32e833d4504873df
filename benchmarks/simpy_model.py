"""Time our SimPy model against a textbook SimPy model of the same network on the same draw.

Run ``python -m benchmarks.simpy_model`` from the root of the project; ``--json FILE`` also
writes the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from statistics import median
from time import process_time
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from benchmarks import figures, workload
from benchmarks.textbook import TextbookModel
from ehc_sim.engines.simpy import run
from ehc_sim.network import Log, Network

ENDS = ("stopped", "issued", "reviewed")
LOADS = (0.9, 1.15)
T = TypeVar("T")


@dataclass(frozen=True)
class Timing:
    """CPU time of both models at one load.

    Attributes
    ----------
    load : float
        Load of the writers.
    cases : int
        Requests and reviews of one run.
    steps : int
        Pieces of work and waits of one run.
    ours_seconds, textbook_seconds, recording_seconds : tuple of float
        CPU time of each run of our model, of the textbook model without a record of steps, and of
        the textbook model with one.
    """

    load: float
    cases: int
    steps: int
    ours_seconds: tuple[float, ...]
    textbook_seconds: tuple[float, ...]
    recording_seconds: tuple[float, ...]

    @property
    def ours(self) -> float:
        """Median CPU seconds of our model."""
        return median(self.ours_seconds)

    @property
    def textbook(self) -> float:
        """Median CPU seconds of the textbook model without a record."""
        return median(self.textbook_seconds)

    @property
    def recording(self) -> float:
        """Median CPU seconds of the textbook model with a record, as our model keeps one."""
        return median(self.recording_seconds)

    @property
    def microseconds_a_case(self) -> float:
        """Median CPU time of our model for each case."""
        return self.ours / self.cases * 1e6


def finished(log: Log) -> NDArray[np.int64]:
    """Return the tick at which each case ended."""
    ends = np.stack([log.reached(end) for end in ENDS])
    return np.asarray(ends.max(axis=0), dtype=np.int64)


def untied(log: Log) -> bool:
    """Return whether no two of the times at which cases join or leave one team are the same."""
    teams = {
        "writers": ("writing", "reviewing"),
        "checkers": ("check",),
        **{giver: (f"{giver}: advice",) for giver in workload.ADVICE},
    }
    for steps in teams.values():
        rows = log.visits[np.isin(log.visits[:, 1], [log.nodes.index(step) for step in steps])]
        times = rows[:, [2, 4]].ravel()
        if len(np.unique(times)) < len(times):
            return False
    return True


def untied_workload(load: float, years: int, a_year: int, seed: int = 1) -> workload.Workload:
    """Return the first workload without ties, counted from a seed."""
    network = workload.network(years)
    while True:
        work = workload.make(load, years, seed, a_year)
        if untied(run(network, workload.draw(work))):
            return work
        seed += 1


def compare(years: int, rounds: int, a_year: int) -> list[Timing]:
    """Time the models at each load, turn by turn, each on one draw without ties.

    Parameters
    ----------
    years, a_year : int
        Years of requests and requests a year.
    rounds : int
        Runs of each model at each load.

    Raises
    ------
    AssertionError
        When the models do not finish every case at the same tick.
    """
    network = workload.network(years)
    works = [untied_workload(load, years, a_year) for load in LOADS]
    rows = [_round(network, work) for _ in range(rounds) for work in works]
    return [
        Timing(
            work.load,
            len(work.arrived),
            rows[i][0],
            *(tuple(row[column] for row in rows[i :: len(works)]) for column in (1, 2, 3)),
        )
        for i, work in enumerate(works)
    ]


def _round(network: Network, work: workload.Workload) -> tuple[int, float, float, float]:
    """Return the steps of a run and the CPU seconds of each of the three models."""
    draw = workload.draw(work)
    ours, log = timed(partial(run, network, draw))
    textbook, expected = timed(partial(_textbook, work, keeps_record=False))
    recording, recorded = timed(partial(_textbook, work, keeps_record=True))
    assert np.array_equal(finished(log), expected), "the models differ"
    assert np.array_equal(expected, recorded)
    steps = int(np.isin(np.array(log.kinds)[log.visits[:, 1]], ["wait", "work"]).sum())
    return steps, ours, textbook, recording


def _textbook(work: workload.Workload, keeps_record: bool) -> NDArray[np.int64]:
    return TextbookModel(work, keeps_record).run()


def timed(call: Callable[[], T]) -> tuple[float, T]:
    """Return the CPU seconds that a call took, and what it returned."""
    start = process_time()
    result = call()
    return process_time() - start, result


def in_turn(rounds: int, **calls: Callable[[], Any]) -> dict[str, float]:
    """Return the median CPU seconds of each call, taken in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = process_time()
            call()
            seconds[name].append(process_time() - start)
    return {name: median(taken) for name, taken in seconds.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Time both models at each load and print the table."""
    parser = figures.parser(__doc__)
    parser.add_argument("--years", type=int, default=5, help="years of requests")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each model at each load")
    parser.add_argument("--requests", type=int, default=workload.REQUESTS_A_YEAR, help="a year")
    options = parser.parse_args(arguments)
    timings = compare(options.years, options.rounds, options.requests)
    versions = figures.versions(("simpy", "numpy"))
    growth = timings[-1].microseconds_a_case / timings[0].microseconds_a_case
    rows = [
        {
            **asdict(t),
            "ratio": t.textbook / t.ours,
            "ratio_with_record": t.recording / t.ours,
            "microseconds_a_case": t.microseconds_a_case,
        }
        for t in timings
    ]
    figures.put(options.json, {"timings": rows, "growth": growth})
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    print(f"CPU seconds, median of {options.rounds} runs, in turn on the same draw")
    print("                        ours   textbook without   textbook with a     ours, micro-")
    print("load   cases   steps               a record         record of steps   seconds a case")
    for t in timings:
        print(
            f"{t.load:4.2f} {t.cases:7,} {t.steps:7,} {t.ours:7.2f}"
            f" {t.textbook:9.2f} ({t.textbook / t.ours:4.1f}x)"
            f" {t.recording:9.2f} ({t.recording / t.ours:4.1f}x) {t.microseconds_a_case:14.1f}"
        )
    print(f"our cost of a case at load {LOADS[-1]} is {growth:.2f} times that at {LOADS[0]}")


if __name__ == "__main__":
    main()
