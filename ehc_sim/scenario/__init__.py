"""Scenarios: what a council decides and assumes, read from files that people write."""

from ehc_sim.scenario.changes import Change
from ehc_sim.scenario.faults import BadInput, Fault
from ehc_sim.scenario.scenario import Assumption, Scenario, load, load_folder
from ehc_sim.scenario.schema import Settings

__all__ = [
    "Assumption",
    "BadInput",
    "Change",
    "Fault",
    "Scenario",
    "Settings",
    "load",
    "load_folder",
]
