"""The pathway: nodes, teams, panels, the draw, the model that runs them, and the log.

What is named here is imported when it is asked for: a file of plans is read without the model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ehc_sim.pathway.draw import Draw, OpenBranch, OpenCase
    from ehc_sim.pathway.log import Log
    from ehc_sim.pathway.network import (
        AgencyPlan,
        DailyHours,
        Network,
        PanelPlan,
        Rules,
        Sitting,
        TeamPlan,
    )
    from ehc_sim.pathway.nodes import (
        Before,
        Branch,
        Choice,
        Decision,
        End,
        Fork,
        InPlace,
        Join,
        Mark,
        Node,
        Repeat,
        Start,
        Wait,
        Work,
    )
    from ehc_sim.pathway.posts import AlwaysThere, Post, Rota
    from ehc_sim.pathway.quantities import Quantity
    from ehc_sim.pathway.simpy_model import run
    from ehc_sim.pathway.table import Pathway, PathwayFault

__all__ = [
    "AgencyPlan",
    "AlwaysThere",
    "Before",
    "Branch",
    "Choice",
    "DailyHours",
    "Decision",
    "Draw",
    "End",
    "Fork",
    "InPlace",
    "Join",
    "Log",
    "Mark",
    "Network",
    "Node",
    "OpenBranch",
    "OpenCase",
    "PanelPlan",
    "Pathway",
    "PathwayFault",
    "Post",
    "Quantity",
    "Repeat",
    "Rota",
    "Rules",
    "Sitting",
    "Start",
    "TeamPlan",
    "Wait",
    "Work",
    "run",
]

_PARTS = ("draw", "log", "network", "nodes", "posts", "quantities", "simpy_model", "table")


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Return what is named in ``__all__`` from the part that has it."""
    if name in __all__:
        for part in _PARTS:
            module = import_module(f"{__name__}.{part}")
            if name in vars(module):  # its own, or what it has from the part that made it
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
