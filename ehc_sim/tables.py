"""Tables of numbers as arrays, with the labels of their rows and columns kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Level = Sequence[object] | NDArray[np.generic]
Numbers = NDArray[np.float64]

RANGES = {"low95": 0.025, "low80": 0.1, "median": 0.5, "high80": 0.9, "high95": 0.975}
"""Columns of what is told of many replications, and the quantile that each is."""
_RANGE_COLUMNS = ("median", "low80", "high80", "low95", "high95")


@dataclass(frozen=True, eq=False)
class Rows:
    """What the rows of a table are about.

    Making it costs next to nothing; only ``index`` makes labels for every row.

    Attributes
    ----------
    names : tuple of str or None
        Names of the keys of a row, such as year and team; None for one without a name.
    blocks : tuple of tuple of sequences
        Blocks of rows, one below the other. A block has a sequence for each key and a row for each
        combination of them, the last key running fastest.
    """

    names: tuple[str | None, ...]
    blocks: tuple[tuple[Level, ...], ...]

    @classmethod
    def of(cls, **keys: Level) -> Rows:
        """Return the rows of every combination of keys, the last running fastest."""
        return cls(tuple(keys), (tuple(keys.values()),))

    def __len__(self) -> int:
        return sum(prod(len(level) for level in block) for block in self.blocks)

    def index(self) -> pd.Index:
        """Return the index of a DataFrame with these rows."""
        if len(self.names) == 1:
            (levels,) = self.blocks
            return pd.Index(levels[0], name=self.names[0])
        keys = [key for block in self.blocks for key in product(*block)]
        return pd.MultiIndex.from_tuples(keys, names=self.names)


@dataclass(frozen=True, eq=False)
class Table:
    """A table of numbers, of one replication or of several.

    Attributes
    ----------
    rows : Rows
        What the rows are about.
    columns : tuple of str
        Names of the columns, which are measures.
    values : ndarray of float64, shape (rows, columns) or (replications, rows, columns)
        The numbers.
    """

    rows: Rows
    columns: tuple[str, ...]
    values: Numbers

    @classmethod
    def of(cls, rows: Rows, columns: Mapping[str, NDArray[np.generic]]) -> Table:
        """Return the table of columns, each of shape (rows,)."""
        values = np.empty((len(rows), len(columns)))
        for place, column in enumerate(columns.values()):
            values[:, place] = column
        return cls(rows, tuple(columns), values)

    @classmethod
    def of_one(cls, numbers: Mapping[str, float]) -> Table:
        """Return the table of one row, which has no key."""
        values = np.array([list(numbers.values())], dtype=np.float64)
        return cls(Rows((None,), (([0],),)), tuple(numbers), values)

    @classmethod
    def beside(cls, tables: Sequence[Table]) -> Table:
        """Return the columns of tables that have the same rows, side by side."""
        columns = tuple(name for table in tables for name in table.columns)
        return cls(tables[0].rows, columns, np.hstack([table.values for table in tables]))

    @classmethod
    def stacked(cls, tables: Sequence[Table]) -> Table:
        """Return the same table of several replications as one."""
        first = tables[0]
        return cls(first.rows, first.columns, np.stack([table.values for table in tables]))

    @cached_property
    def index(self) -> pd.Index:
        """Labels of the rows."""
        return self.rows.index()

    def column(self, name: str) -> Numbers:
        """Return a column, shape (rows,) or (replications, rows)."""
        return self.values[..., self.columns.index(name)]

    def with_column(self, name: str, column: Numbers) -> Table:
        """Return the table with a column more, shape (rows,) or (replications, rows)."""
        values = np.concatenate([self.values, column[..., np.newaxis]], axis=-1)
        return Table(self.rows, (*self.columns, name), values)

    def with_rows(self, keys: Sequence[tuple[object, ...]], rows: Sequence[Numbers]) -> Table:
        """Return the table with rows below, each of shape (columns,) or (replications, columns)."""
        if not keys:
            return self
        blocks = (*self.rows.blocks, *(tuple([label] for label in key) for key in keys))
        values = np.concatenate([self.values, np.stack(rows, axis=-2)], axis=-2)
        return Table(Rows(self.rows.names, blocks), self.columns, values)

    def first(self, replications: int) -> Table:
        """Return the table of the first of its replications."""
        return self.of_replications(slice(replications))

    def of_replications(self, which: slice | NDArray[np.integer]) -> Table:
        """Return the table of some of its replications."""
        return Table(self.rows, self.columns, self.values[which])

    def frame(self) -> pd.DataFrame:
        """Return the table of one replication as a DataFrame."""
        return pd.DataFrame(self.values, index=self.index, columns=list(self.columns))

    def ranges(self) -> pd.DataFrame:
        """Return the median and the 80% and 95% ranges over the replications.

        Returns
        -------
        DataFrame
            Long: the row's keys, measure, median, low80, high80, low95, high95. A replication in
            which a share has nothing to count is left out of its range. One that is infinite, as
            what would never be done, is above all others; a figure that it reaches is NaN.
        """
        quantiles = _quantiles(self.values)
        tables = []
        for place, measure in enumerate(self.columns):
            table = pd.DataFrame(
                {name: quantiles[name][:, place] for name in _RANGE_COLUMNS}, index=self.index
            )
            table.insert(0, "measure", measure)
            tables.append(table)
        return pd.concat(tables).reset_index()


def _quantiles(values: Numbers) -> dict[str, Numbers]:
    """Return quantiles over the first axis, leaving out NaN; NaN where there is nothing else.

    What is infinite is above all numbers, and NaN where a quantile reaches it.
    """
    if np.isfinite(values).all():
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
        apart = np.full(at.shape, np.nan)
        np.subtract(above, below, out=apart, where=np.isfinite(above))
        result[name] = below + (at - low) * apart
    return result
