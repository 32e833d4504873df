"""The pathway: nodes, teams, panels, the draw, the model that runs them, and the log."""

from ehc_sim.pathway.log import Log
from ehc_sim.pathway.network import (
    AgencyPlan,
    Draw,
    Network,
    PanelPlan,
    Rules,
    Sitting,
    TeamPlan,
)
from ehc_sim.pathway.nodes import (
    Branch,
    Choice,
    Decision,
    End,
    Fork,
    Join,
    Mark,
    Node,
    Repeat,
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
    "Branch",
    "Choice",
    "Decision",
    "Draw",
    "End",
    "Fork",
    "Join",
    "Log",
    "Mark",
    "Network",
    "Node",
    "PanelPlan",
    "Pathway",
    "PathwayFault",
    "Post",
    "Quantity",
    "Repeat",
    "Rota",
    "Rules",
    "Sitting",
    "TeamPlan",
    "Wait",
    "Work",
    "run",
]
