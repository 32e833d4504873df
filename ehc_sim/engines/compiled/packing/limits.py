"""What fits into the numbers of the event loop, where several stand in one.

Compiled code checks nothing: a number too large would be another case, or memory that is not the
run's own. What a scenario can say stays far below.
"""

from __future__ import annotations

from ehc_sim.engines.compiled.loop.layout import GROUP_BITS
from ehc_sim.network.draw import Draw
from ehc_sim.network.network import Network

MOST_CASES, MOST_NODES, MOST_GROUPS = 1 << 31, 1 << 15, 1 << GROUP_BITS


def check_size(network: Network, draw: Draw) -> None:
    """Raise ``ValueError`` where there are more cases, nodes or groups than can be told apart.

    Parameters
    ----------
    network : Network
    draw : Draw
    """
    groups = 0 if draw.keys is None else int(draw.keys.group.max(initial=0)) + 1
    for what, found, most in (
        ("cases", len(draw.arrived), MOST_CASES),
        ("nodes", len(network.pathway.names), MOST_NODES),
        ("groups of cases", groups, MOST_GROUPS),
    ):
        if found > most:
            raise ValueError(f"found {found:,} {what}, the compiled model has room for {most:,}")
