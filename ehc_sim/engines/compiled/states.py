"""States of a run, from which other networks go on: the years that they share are run once."""

from collections.abc import Sequence
from dataclasses import dataclass

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
    """

    minute: int
    numbers: Ints
    in_use: list[slice]
    room: int


def compile_going_on() -> None:
    """Compile what goes on from a state, or load what was compiled before."""
    go_on.compile((types.int64[::1],) * 3)


def run_with_states(
    network: Network, draw: Draw, minutes: Sequence[int]
) -> tuple[Log, list[State]]:
    """Run a network once, and keep what it had come to before some minutes.

    Parameters
    ----------
    network, draw : Network, Draw
        As for ``run_compiled``.
    minutes : sequence of int
        Minutes of the run. A state is the last that can be kept before or at one: the run stops
        between two of the stretches in which its events lie, some hours each.

    Returns
    -------
    Log
        As of ``run_compiled``.
    list of State
        Those of other minutes than the start, rising; one for each stretch.
    """
    network.check(draw)
    room = 1
    while True:
        memory = Memory(network, draw, room)
        numbers, bits = memory.numbers, int(memory.numbers[layout.BUCKET_BITS])
        states = []
        for bucket in sorted({min(minute >> bits, memory.buckets - 1) for minute in minutes} - {0}):
            run_events(numbers, bucket)
            if numbers[layout.FAULT]:
                break
            states.append(_kept(memory, bucket << bits))
        if not numbers[layout.FAULT]:
            run_events(numbers, memory.buckets)
        if numbers[layout.FAULT] != layout.FULL:
            return log_of(memory, network, draw), states
        room *= 2


def _kept(memory: Memory, minute: int) -> State:
    numbers, in_use = np.empty_like(memory.numbers), memory.in_use()
    for part in in_use:
        numbers[part] = memory.numbers[part]
    return State(minute, numbers, in_use, memory.room)


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
    memory = Memory(network, draw, state.room)
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
