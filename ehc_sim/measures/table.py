"""Tables of numbers as arrays, with the labels of their rows and columns kept apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Level = Sequence[object] | NDArray[np.generic]


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
        parts = [pd.MultiIndex.from_product(block, names=self.names) for block in self.blocks]
        return parts[0].append(parts[1:])


@dataclass(frozen=True, eq=False)
class Table:
    """A table of numbers.

    Attributes
    ----------
    rows : Rows
        What the rows are about.
    columns : tuple of str
        Names of the columns.
    values : ndarray of float64, shape (rows, columns)
        The numbers.
    """

    rows: Rows
    columns: tuple[str, ...]
    values: NDArray[np.float64]

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

    def column(self, name: str) -> NDArray[np.float64]:
        """Return a column, shape (rows,)."""
        return self.values[:, self.columns.index(name)]

    def frame(self) -> pd.DataFrame:
        """Return the table as a DataFrame."""
        return pd.DataFrame(self.values, index=self.rows.index(), columns=list(self.columns))
