"""The benchmark's network in salabim: run by ``other_simulators.py`` in an environment of its own.

Reads a draw, writes the tick at which each case ended and the CPU seconds of the run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from time import process_time
from typing import Any

import numpy as np
import salabim as sim
from numpy.lib.npyio import NpzFile

GIVERS = ("psychologists", "health", "social care", "schools")


def run(draw: NpzFile) -> tuple[list[float], float]:
    """Return the tick at which each case ended, and CPU seconds; nothing is monitored or drawn."""
    env = sim.Environment(trace=False, yieldless=False)
    columns = {name: draw[name].tolist() for name in draw.files}
    arrived, due = columns["arrived"], columns["due"]
    teams = {
        name: sim.Resource(name, capacity=int(posts), monitor=False)
        for name, posts in zip(columns["teams"], columns["posts"], strict=True)
    }
    ended = [0.0] * len(arrived)

    class Job(sim.Component):  # type: ignore[misc]
        def setup(self, case: int, giver: str, asked: Request) -> None:
            self.case, self.giver, self.asked = case, giver, asked

        def process(self) -> Iterator[Any]:
            team = teams[self.giver]
            yield self.request((team, 1, arrived[self.case]))
            yield self.hold(columns[self.giver][self.case])
            self.release(team)
            self.asked.missing -= 1
            if not self.asked.missing:
                self.asked.activate()

    class Request(sim.Component):  # type: ignore[misc]
        def setup(self, case: int) -> None:
            self.case, self.missing = case, len(GIVERS)

        def process(self) -> Iterator[Any]:
            case = self.case
            yield self.hold(columns["decision"][case])
            if not columns["stops"][case]:
                for giver in GIVERS:
                    Job(case=case, giver=giver, asked=self)
                yield self.passivate()
                yield self.request((teams["writers"], 1, due[case]))
                yield self.hold(columns["writing"][case])
                self.release(teams["writers"])
                yield self.request((teams["checkers"], 1, arrived[case]))
                yield self.hold(columns["check"][case])
                self.release(teams["checkers"])
                yield self.hold(columns["final"][case])
            ended[case] = env.now()

    class Review(sim.Component):  # type: ignore[misc]
        def setup(self, case: int) -> None:
            self.case = case

        def process(self) -> Iterator[Any]:
            yield self.request((teams["writers"], 1, due[self.case]))
            yield self.hold(columns["writing"][self.case])
            self.release(teams["writers"])
            ended[self.case] = env.now()

    class Arrivals(sim.Component):  # type: ignore[misc]
        def process(self) -> Iterator[Any]:
            for case, tick in enumerate(arrived):
                yield self.hold(till=tick)
                (Review if columns["review"][case] else Request)(case=case)

    start = process_time()
    Arrivals()
    env.run()
    return ended, process_time() - start


if __name__ == "__main__":
    ticks, seconds = run(np.load(sys.argv[1]))
    np.savez(sys.argv[2], ended=np.array(ticks).astype(np.int64), seconds=seconds)
