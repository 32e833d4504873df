"""The pathway: nodes, teams, panels, the draw, the model that runs them, and the log."""

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
