"""What a scenario says of its requests so far: a record that is read, or an assumption."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from ehc_sim.demand.history import History, nothing_recorded
from ehc_sim.demand.reading import read_history
from ehc_sim.scenario.schema import Demand


def history_of(demand: Demand, first_day: date) -> History:
    """Return the record of a scenario.

    Parameters
    ----------
    demand : Demand
        Names the record and what was decided about it, or says what to assume.
    first_day : date
        First day of the run, from which an assumption holds.

    Raises
    ------
    BadInput
        With every fault found in the record.
    """
    if demand.assumed is not None:
        return nothing_recorded(demand.assumed, np.datetime64(first_day, "M"))
    assert demand.history is not None  # the schema asks for one of the two
    return read_history(Path(demand.history), demand.record)
