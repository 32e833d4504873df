"""Which method a history allows."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ehc_sim.demand.damped_glm import LEAST_MONTHS, DampedGLM
from ehc_sim.demand.history import History, covid
from ehc_sim.demand.member import Member
from ehc_sim.demand.yearly import YearlyTotals
from ehc_sim.scenario.faults import BadInput, Fault


def choose(history: History, file: Path | None = None) -> tuple[Member, str]:
    """Return the method for a history, and why it is this one, in words.

    Raises
    ------
    BadInput
        If the history is too short for any method.
    """
    if history.kind == "yearly":
        return YearlyTotals(), "the record is by year; months come from the calendar"
    months = len(history.counts)
    usable = int(np.sum(~covid(history.index)))
    if usable >= LEAST_MONTHS:
        return DampedGLM(), f"the record has {usable} months to learn the months of the year from"
    if months >= 12:
        return YearlyTotals(), (
            f"the record has {usable} usable months, fewer than the {LEAST_MONTHS} that a monthly "
            "method needs, so totals of twelve months are carried forward"
        )
    found = f"found {months} month{'s' * (months > 1)}"
    raise BadInput(
        [
            Fault(
                file,
                None,
                "history",
                f"{found}, allowed is 12 or more; or give yearly totals (columns year, requests)",
            )
        ]
    )
