"""The compiled model: the same log as the SimPy model's, minute for minute, much faster."""

from numba import types

from ehc_sim.engines.compiled.log_sort import MOST_WORK, compile_sort, in_order_of_cases
from ehc_sim.engines.compiled.loop import layout
from ehc_sim.engines.compiled.loop.run import run_events
from ehc_sim.engines.compiled.packing.cases import compile_cases
from ehc_sim.engines.compiled.packing.memory import Memory
from ehc_sim.network.draw import Draw
from ehc_sim.network.log import Log
from ehc_sim.network.network import Network
from ehc_sim.network.nodes import KINDS


def compile_model() -> None:
    """Compile the model, or load what was compiled before; the first time takes some 20 seconds."""
    run_events.compile((types.int64[::1], types.int64))
    compile_sort()
    compile_cases()


def run_compiled(network: Network, draw: Draw, noted: frozenset[str] | None = None) -> Log:
    """Run a network once with the compiled model.

    Parameters
    ----------
    network : Network
        Pathway, teams and panels.
    draw : Draw
        Arrivals and the values of every quantity.
    noted : frozenset of str, optional
        Nodes of which the log is to tell, as of ``Log``; all by default.

    Returns
    -------
    Log
        What happened: equal to that of ``engines.simpy.run``.

    Raises
    ------
    ValueError
        When the draw lacks a quantity of the network, or the value of a case that may read it.
        Or when a team has more posts than a row of the log can tell apart.
    RuntimeError
        When a case starts another that has started already, or is more work than a row can hold.

    Examples
    --------
    With the network and the draw of the example of ``Network``:

    >>> run_compiled(network, draw).reached("issued").tolist()
    [60, 90]
    """
    network.check(draw)
    return log_of(_run(network, draw, noted), network, draw)


def log_of(memory: Memory, network: Network, draw: Draw) -> Log:
    """Return the log of a run that has come to its end.

    Raises
    ------
    RuntimeError
        When the run came to a fault, as ``run_compiled`` says.
    """
    numbers, names = memory.numbers, network.pathway.names
    fault, case = numbers[layout.FAULT], numbers[layout.FAULTY_CASE]
    if fault:
        name = names[numbers[layout.FAULTY_NODE]]
        if fault == layout.TOO_MUCH_WORK:
            raise RuntimeError(f"{name!r} is more than {MOST_WORK} minutes of work for case {case}")
        raise RuntimeError(f"{name!r} has no case left to start after case {case}")
    visits = in_order_of_cases(memory.rows(), len(draw.arrived))
    kinds = tuple(KINDS[type(node)] for node in network.pathway)
    until = int(numbers[layout.UNTIL])
    return Log(visits, names, kinds, memory.arrived(), until, memory.noted)


def _run(network: Network, draw: Draw, noted: frozenset[str] | None) -> Memory:
    """Run a network; again with more room where the memory was too small."""
    room = 1
    while True:
        memory = Memory(network, draw, room, noted=noted)
        run_events(memory.numbers, memory.buckets)
        if memory.numbers[layout.FAULT] != layout.FULL:
            return memory
        room *= 2
