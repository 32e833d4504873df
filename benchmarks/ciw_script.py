"""The benchmark's network in Ciw: run by ``other_simulators.py`` in an environment of its own.

Ciw has no fork and join: the four advice givers are asked one after the other. Reads a draw, writes
the tick at which each case ended and the CPU seconds of the run.
"""

from __future__ import annotations

import sys
from time import process_time
from typing import TypeAlias

import ciw
import numpy as np
from ciw.individual import Individual
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]

STEPS = (
    "decision",
    "psychologists",
    "health",
    "social care",
    "schools",
    "writing",
    "check",
    "final",
)
WRITING = STEPS.index("writing") + 1


class Drawn(ciw.dists.Distribution):  # type: ignore[misc]
    """What was drawn for each case; cases are numbered in the order of their arrival."""

    def __init__(self, values: list[int]) -> None:
        self.values = values

    def sample(self, t: float | None = None, ind: Individual = None) -> int:
        """Return the value of a case."""
        return self.values[ind.id_number - 1]


def run(draw: NpzFile) -> tuple[Ints, float]:
    """Return the tick at which each case ended, and CPU seconds."""
    posts = dict(zip(draw["teams"].tolist(), draw["posts"].tolist(), strict=True))
    posts |= {"writing": posts["writers"], "check": posts["checkers"]}
    arrived, review, due = draw["arrived"], draw["review"], draw["due"].tolist()
    stops = draw["stops"].tolist()
    nowhere = [None] * len(STEPS)

    def gaps(ticks: Ints) -> ciw.dists.Distribution:
        return ciw.dists.Sequential([*np.diff(ticks, prepend=0).tolist(), float("inf")])

    def first_come(waiting: list[Individual], now: float) -> Individual:
        return min(waiting, key=lambda one: one.id_number)

    def soonest_due(waiting: list[Individual], now: float) -> Individual:
        # Reviews stand in the order of their dates as they come.
        if waiting[0].customer_class == "review":
            return waiting[0]
        return min(waiting, key=lambda one: (due[one.id_number - 1], one.arrival_date))

    def rest(ind: Individual, simulation: ciw.Simulation) -> list[int]:
        return [] if stops[ind.id_number - 1] else list(range(2, len(STEPS) + 1))

    services = [Drawn(draw[step].tolist()) for step in STEPS]
    network = ciw.create_network(
        arrival_distributions={
            "request": [gaps(arrived[review == 0]), *nowhere[1:]],
            "review": [*nowhere[: WRITING - 1], gaps(arrived[review == 1]), *nowhere[WRITING:]],
        },
        service_distributions={"request": services, "review": services},
        number_of_servers=[posts.get(step, float("inf")) for step in STEPS],
        priority_classes={"request": 0, "review": 1},
        routing={
            "request": ciw.routing.ProcessBased(rest),
            "review": ciw.routing.ProcessBased(lambda ind, simulation: []),
        },
        service_disciplines=[soonest_due if step == "writing" else first_come for step in STEPS],
    )
    simulation = ciw.Simulation(network)
    start = process_time()
    simulation.simulate_until_max_time(float(2**62))
    seconds = process_time() - start
    ended = np.zeros(len(arrived), np.int64)
    for one in simulation.nodes[-1].all_individuals:
        ended[one.id_number - 1] = one.data_records[-1].exit_date
    return ended, seconds


if __name__ == "__main__":
    ticks, taken = run(np.load(sys.argv[1]))
    np.savez(sys.argv[2], ended=ticks, seconds=taken)
