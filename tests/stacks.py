"""Tables of measures from tables that tests write out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ehc_sim.experiment.stack import Stack


def stack_of(tables: Sequence[pd.DataFrame]) -> Stack:
    """Return the stack of tables that have the same rows and columns, one a replication."""
    values = np.stack([table.to_numpy(dtype=np.float64) for table in tables])
    return Stack(tables[0].index, tuple(tables[0].columns), values)
