"""What a scenario says of its requests so far: a record that is read, or an assumption."""

from pathlib import Path

import numpy as np

from ehc_sim.demand.history import History, nothing_recorded
from ehc_sim.demand.reading import read_history
from ehc_sim.scenario.scenario import Scenario


def history_of(scenario: Scenario) -> History:
    """Return the record of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Names the record and what was decided about it, or says what to assume from its first day.

    Raises
    ------
    BadInput
        With every fault found in the record.
    """
    demand = scenario.base.demand
    if demand.assumed is not None:
        return nothing_recorded(
            demand.assumed, np.datetime64(scenario.base.period.run_in_from, "M")
        )
    assert demand.history is not None  # the schema asks for one of the two
    whose = scenario.whose("demand", "history")
    return read_history(Path(demand.history), demand.record, council=whose)
