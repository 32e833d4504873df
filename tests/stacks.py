"""Tables of measures of several replications from tables that tests write out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ehc_sim.measures.table import Rows, Table


def rows_of(index: pd.Index) -> Rows:
    """Return rows with the labels of an index."""
    if index.nlevels == 1:
        return Rows((index.name,), ((index,),))
    return Rows(tuple(index.names), tuple(tuple([label] for label in key) for key in index))


def stack_of(tables: Sequence[pd.DataFrame]) -> Table:
    """Return tables that have the same rows and columns, one a replication, as one."""
    values = np.stack([table.to_numpy(dtype=np.float64) for table in tables])
    return Table(rows_of(tables[0].index), tuple(tables[0].columns), values)
