"""The models that can run a network: the same log, at different speeds."""

from typing import Literal

from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy.model import run
from ehc_sim.network.draw import Draw
from ehc_sim.network.log import Log
from ehc_sim.network.network import Network

Engine = Literal["compiled", "simpy"]


def run_with(
    engine: Engine, network: Network, draw: Draw, noted: frozenset[str] | None = None
) -> Log:
    """Run a network once.

    Parameters
    ----------
    engine : "compiled" or "simpy"
        The model: compiled for speed, SimPy as the reference to read and to learn from.
    network : Network
        Pathway, teams and panels.
    draw : Draw
        Arrivals and the values of every quantity.
    noted : frozenset of str, optional
        Nodes of which the compiled model's log is to tell, as of ``Log``; all by default.

    Returns
    -------
    Log
        What happened; the same from either.

    Examples
    --------
    With the network and the draw of the example of ``Network``:

    >>> logs = [run_with(engine, network, draw) for engine in ("compiled", "simpy")]
    >>> np.array_equal(logs[0].visits, logs[1].visits)
    True
    """
    return run(network, draw) if engine == "simpy" else run_compiled(network, draw, noted)
