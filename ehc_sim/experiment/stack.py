"""One table of measures from many replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.catalogue.measure import RANGE
from ehc_sim.tables import Table

RANGES = {"low95": 0.025, "low80": 0.1, "median": 0.5, "high80": 0.9, "high95": 0.975}


@dataclass(frozen=True, eq=False)
class Stack:
    """The same table of every replication.

    Attributes
    ----------
    index : Index
        Rows of the table.
    columns : tuple of str
        Measures.
    values : ndarray of float64, shape (replications, rows, measures)
        The tables.
    """

    index: pd.Index
    columns: tuple[str, ...]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, tables: Sequence[Table]) -> Stack:
        """Return the stack of tables that have the same rows and columns."""
        first = tables[0]
        return cls(first.rows.index(), first.columns, np.stack([table.values for table in tables]))

    def column(self, name: str) -> NDArray[np.float64]:
        """Return one measure, shape (replications, rows)."""
        return self.values[:, :, self.columns.index(name)]

    def ranges(self) -> pd.DataFrame:
        """Return the median and the 80% and 95% ranges over the replications.

        Returns
        -------
        DataFrame
            Long: the row's keys, measure, median, low80, high80, low95, high95. A replication in
            which a share has nothing to count is left out of its range.
        """
        quantiles = _quantiles(self.values)
        tables = []
        for place, measure in enumerate(self.columns):
            table = pd.DataFrame(
                {name: quantiles[name][:, place] for name in RANGE}, index=self.index
            )
            table.insert(0, "measure", measure)
            tables.append(table)
        return pd.concat(tables).reset_index()


def _quantiles(values: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Return quantiles over the first axis, leaving out NaN; NaN where there is nothing else."""
    if not np.isnan(values).any():
        parts = np.quantile(values, list(RANGES.values()), axis=0)
        return dict(zip(RANGES, parts, strict=True))
    count = (~np.isnan(values)).sum(axis=0)
    ordered = np.sort(values, axis=0)  # NaN last
    result = {}
    for name, share in RANGES.items():
        at = share * np.maximum(count - 1, 0)
        low, high = np.floor(at).astype(np.int64), np.ceil(at).astype(np.int64)
        below = np.take_along_axis(ordered, low[np.newaxis], axis=0)[0]
        above = np.take_along_axis(ordered, high[np.newaxis], axis=0)[0]
        result[name] = below + (at - low) * (above - below)
    return result
