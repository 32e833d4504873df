"""A queueing network: nodes, teams, panels, the draw of a run, and its log. It knows no SEND law.

What is named here is imported when it is asked for: a scenario is read without the rest.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ehc_sim.network.draw import Draw, OpenBranch, OpenCase
    from ehc_sim.network.log import Log
    from ehc_sim.network.network import (
        AgencyPlan,
        DailyHours,
        Network,
        PanelPlan,
        Rules,
        Sitting,
        TeamPlan,
    )
    from ehc_sim.network.nodes import (
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
    from ehc_sim.network.pathway import Pathway, PathwayFault
    from ehc_sim.network.posts import AlwaysThere, Post, Rota
    from ehc_sim.network.quantities import Quantity

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
]

_PARTS = ("draw", "log", "network", "nodes", "pathway", "posts", "quantities")


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Return what is named in ``__all__`` from the part that has it."""
    if name in __all__:
        for part in _PARTS:
            module = import_module(f"{__name__}.{part}")
            if name in vars(module):  # its own, or what it has from the part that made it
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
