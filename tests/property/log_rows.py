"""Rows of a log by what they are about, for the tests of every network."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ehc_sim.network import Draw, Log, Network, TeamPlan, Work

CASE, NODE, JOINED, STARTED, ENDED, RESOURCE, WORKED = range(7)
Made = tuple[Network, Draw]


def visits_of(log: Log, network: Network, kind: type, name: str) -> np.ndarray:
    """Return the visits to the work of a team or to the decisions of a panel."""
    places = [
        place
        for place, node in enumerate(network.pathway)
        if isinstance(node, kind) and (node.team if isinstance(node, Work) else node.panel) == name
    ]
    return log.visits[np.isin(log.visits[:, NODE], places)]


def team_visits(log: Log, network: Network) -> Iterator[tuple[TeamPlan, np.ndarray]]:
    for name, team in network.teams.items():
        yield team, visits_of(log, network, Work, name)
