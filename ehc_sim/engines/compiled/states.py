"""States of a run, from which other networks go on: the years that they share are run once."""

from dataclasses import dataclass, replace

import numpy as np
from numba import types
from numpy.typing import NDArray

from ehc_sim.engines.compiled.loop import layout
from ehc_sim.engines.compiled.loop.going_on import go_on
from ehc_sim.engines.compiled.loop.run import run_events
from ehc_sim.engines.compiled.model import log_of
from ehc_sim.engines.compiled.packing.memory import Memory
from ehc_sim.network.draw import Draw
from ehc_sim.network.log import Log
from ehc_sim.network.network import Network
from ehc_sim.network.parting import Parting

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class State:
    """What a run had come to before a minute.

    Attributes
    ----------
    minute : int
        First minute that was not worked off.
    numbers : ndarray of int64
        Memory of the run; only what is ``in_use`` is of any meaning.
    in_use : list of slice
        Where there is something in it.
    room : int
        Times the usual room that the run had.
    noted : frozenset of str or None
        Nodes of which the log tells, as of ``Log``; so it does of what goes on from here.
    """

    minute: int
    numbers: Ints
    in_use: list[slice]
    room: int
    noted: frozenset[str] | None = None

    def copy(self) -> "State":
        """Return a state that stays as it is when the run goes on."""
        numbers = np.empty_like(self.numbers)
        for part in self.in_use:
            numbers[part] = self.numbers[part]
        return replace(self, numbers=numbers)


def compile_going_on() -> None:
    """Compile what goes on from a state, or load what was compiled before."""
    go_on.compile((types.int64[::1],) * 3)


_ROOM = 2
"""Times the usual room of a run from which others go on, which need the same: they may write more
rows, and room that nobody uses costs nothing."""


class StoppingRun:
    """A run of the compiled model that stops on its way.

    Parameters
    ----------
    network, draw, noted
        As for ``run_compiled``.

    Raises
    ------
    ValueError
        As ``run_compiled``.
    """

    def __init__(self, network: Network, draw: Draw, noted: frozenset[str] | None = None) -> None:
        network.check(draw)
        self._network, self._draw = network, draw
        self._memory = Memory(network, draw, _ROOM, noted=noted)

    def before(self, minute: int) -> State | None:
        """Run up to a minute, no earlier than the last, and return the state.

        It is as it was until the run goes on. The run stops between two of the stretches in which
        its events lie, some hours each, so that the state may be of an earlier minute.

        Returns
        -------
        State or None
            None where nothing of the run comes before the minute, or the run came to a fault.
        """
        bits = int(self._memory.numbers[layout.BUCKET_BITS])
        bucket = min(minute >> bits, self._memory.buckets - 1)
        if bucket <= 0:
            return None
        self._run_to(bucket)
        memory = self._memory
        if memory.numbers[layout.FAULT]:
            return None
        return State(bucket << bits, memory.numbers, memory.in_use(), memory.room, memory.noted)

    def end(self) -> Log:
        """Run to the end and return the log.

        Raises
        ------
        RuntimeError
            As ``run_compiled``.
        """
        self._run_to(self._memory.buckets)
        return log_of(self._memory, self._network, self._draw)

    def _run_to(self, bucket: int) -> None:
        """Run up to a stretch; from the start, with more room, where the memory was too small."""
        while True:
            if not self._memory.numbers[layout.FAULT]:
                run_events(self._memory.numbers, bucket)
            if self._memory.numbers[layout.FAULT] != layout.FULL:
                return
            room, noted = 2 * self._memory.room, self._memory.noted
            self._memory = Memory(self._network, self._draw, room, noted=noted)


def run_on(state: State, network: Network, draw: Draw, parting: Parting) -> Log | None:
    """Run a network from a state of another run.

    Parameters
    ----------
    state : State
        State of the other run at or before the minute at which the two part.
    network, draw : Network, Draw
        As for ``run_compiled``.
    parting : Parting
        Of the other run and this one.

    Returns
    -------
    Log or None
        Equal to that of ``run_compiled``; None where a case has two events at one minute of which
        it is not known which comes first, or the room was too small: the run must be whole then.

    Raises
    ------
    ValueError
        When the two part before the state.
    """
    if state.minute > parting.minute:
        raise ValueError(
            f"the runs part at minute {parting.minute}, the state is of {state.minute}"
        )
    network.check(draw)
    memory = Memory(network, draw, state.room, cases=False, noted=state.noted)
    numbers = memory.numbers
    own = slice(int(numbers[layout.FIRST_CASE_AT]), state.in_use[0].stop)
    for part in (own, *state.in_use[1:-1]):
        numbers[part] = state.numbers[part]
    go_on(numbers, state.numbers, _posts(network, parting))
    if not numbers[layout.FAULT]:
        run_events(numbers, memory.buckets)
    if numbers[layout.FAULT] in (layout.FULL, layout.MEETS_ITSELF):
        return None
    return log_of(memory, network, draw)


def _posts(network: Network, parting: Parting) -> Ints:
    """Return the posts of the stopped run as ``go_on`` reads them."""
    teams = network.pathway.teams
    places: list[int] = []
    posts: list[int] = []
    for name in teams:
        if name not in parting.posts:
            places.append(-1)
            continue
        places.append(len(teams) + len(posts))
        for number, other in zip(*_columns(parting, name), strict=True):
            posts += [-1 if number is None else number, int(other)]
    return np.array(places + posts, dtype=np.int64)


def _columns(parting: Parting, name: str) -> tuple[tuple[int | None, ...], tuple[bool, ...]]:
    return parting.posts[name].number, parting.posts[name].other
