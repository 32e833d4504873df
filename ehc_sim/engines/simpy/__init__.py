"""The model written with SimPy: the one to read, to learn from and to check the compiled one by."""

from ehc_sim.engines.simpy.model import run

__all__ = ["run"]
