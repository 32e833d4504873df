"""Targets beside the share on time: a day by which nobody has waited for longer than some weeks."""

from datetime import date

from ehc_sim.scenario.part import Part

TARGETS = {f"nobody_over_{weeks}_weeks": weeks for weeks in (52, 30, 20)}
"""Settings of ``[target]`` that give such a day, and the weeks of each."""


class NobodyOver(Part):
    """A day from which on nobody is to have waited for longer without a draft plan."""

    by: date
    """The day; the last day of a month of the plan."""
