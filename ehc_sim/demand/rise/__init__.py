"""Why requests rise: by group, by population, mix and rate, and beside England; each adds up."""

from __future__ import annotations

from ehc_sim.demand.rise.explain import Rise, explain
from ehc_sim.demand.rise.population import Population, read_population

__all__ = ["Population", "Rise", "explain", "read_population"]
