"""Networks of a few nodes, whose runs can be worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.network import Draw, End, Log, Network, Node, Pathway, Quantity, Rota, TeamPlan, Work

DAY = 1440
DAYS = 60
# From Monday 7 April, in the Easter holidays.
TIMELINE = Timeline.england(date(2025, 4, 7), date(2025, 6, 5), SchoolTerms.read("somerset"))
WORK = (Work("work", "team", "minutes", "done"), End("done", "done"))


def at(day: int, hour: int, minute: int = 0) -> int:
    """Return the minute of a time of day, on a day counted from 0."""
    return day * DAY + hour * 60 + minute


def rota(days: Sequence[int] = range(DAYS), takes: Sequence[int] | None = None) -> Rota:
    """Return a post that works four hours on the days given."""
    on = np.isin(np.arange(DAYS), days)
    return Rota(np.where(on, 240, 0), on if takes is None else np.isin(np.arange(DAYS), takes))


def ran(
    nodes: Sequence[Node],
    arrived: Sequence[int],
    team: TeamPlan | None = None,
    **quantities: Sequence[int] | Quantity,
) -> Log:
    """Run cases with a team called ``team``; ``_`` in the name of a quantity is a space.

    Both models run them: what was worked out by hand holds for either.
    """
    values: Mapping[str, Quantity] = {
        name.replace("_", " "): q if isinstance(q, Quantity) else Quantity.constant(q)
        for name, q in quantities.items()
    }
    teams = {} if team is None else {"team": team}
    network, draw = Network(Pathway(nodes), TIMELINE, teams), Draw(np.array(arrived), values)
    log = run(network, draw)
    assert np.array_equal(run_compiled(network, draw).visits, log.visits)
    return log


def rows(log: Log, node: str) -> list[tuple[int, ...]]:
    """Return case, minute joined, started and ended, and post of the visits to a node."""
    here = log.visits[log.visits[:, 1] == log.nodes.index(node)]
    return [tuple(row) for row in here[:, [0, 2, 3, 4, 5]].tolist()]
