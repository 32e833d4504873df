"""Scenarios: what a council decides and assumes, read from files that people write."""

from ehc_sim.scenario.changes import Change
from ehc_sim.scenario.faults import BadInput, Fault
from ehc_sim.scenario.members import Members, read_members
from ehc_sim.scenario.scenario import Assumption, Scenario, load, load_folder
from ehc_sim.scenario.schema import Settings

__all__ = [
    "Assumption",
    "BadInput",
    "Change",
    "Fault",
    "Members",
    "Scenario",
    "Settings",
    "load",
    "load_folder",
    "read_members",
]
