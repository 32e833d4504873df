"""Children and young people by age: a council's own file, checked before it is used."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.demand.findings import listed
from ehc_sim.demand.rise.ages import OLDEST, YOUNGEST, Ages
from ehc_sim.demand.table import Table
from ehc_sim.scenario.csv_table import read_csv
from ehc_sim.scenario.faults import BadInput, Fault

COLUMNS = ("year", "age", "population")
MIDDLE = 0.5
"""A year's population is that of 30 June, as the Office for National Statistics estimates it."""


@dataclass(frozen=True, eq=False)
class Population:
    """Children and young people of each age, 0 to 25.

    Attributes
    ----------
    path : Path
        The file.
    by_age : DataFrame
        One row a year (int), one column an age.
    """

    path: Path
    by_age: pd.DataFrame

    def at(self, when: float, spans: list[Ages]) -> NDArray[np.float64]:
        """Return the children in some spans of ages at a time, between years in a straight line.

        Parameters
        ----------
        when : float
            Such as 2024.5 for the middle of 2024.
        spans : list of Ages
            Groups of ages.

        Returns
        -------
        ndarray of float64, shape (spans,)

        Raises
        ------
        BadInput
            If the file's years do not reach so far, or nobody is in a span.
        """
        years = self.by_age.index.to_numpy(np.float64) + MIDDLE
        if not years[0] <= when <= years[-1]:
            first, last = int(np.floor(when - MIDDLE)), int(np.ceil(when - MIDDLE))
            needed = str(first) if first == last else f"{first} and {last}"
            found = f"found {self.by_age.index[0]} to {self.by_age.index[-1]}"
            raise self._bad("column year", f"{found}, needed is {needed} for the years compared")
        numbers = np.array(
            [
                np.interp(when, years, self.by_age.loc[:, s.youngest : s.oldest].sum(axis=1))
                for s in spans
            ]
        )
        empty = [str(s) for s, number in zip(spans, numbers, strict=True) if number <= 0]
        if empty:
            raise self._bad("column population", f"nobody is of {empty[0]}; allowed is above 0")
        return numbers

    def _bad(self, where: str, problem: str) -> BadInput:
        return BadInput([Fault(self.path, None, where, problem)])


def read_population(path: Path) -> Population:
    """Read a population by single age.

    Parameters
    ----------
    path : Path
        CSV with the columns ``year, age, population``: every age from 0 to 25 in each year, those
        of 30 June, as the Office for National Statistics' mid-year estimates are.

    Raises
    ------
    BadInput
        With every fault found in the file.
    """
    table = read_csv(path, Table, COLUMNS)
    table.refuse_personal_columns()
    table.need_columns(COLUMNS, COLUMNS)
    table.stop_if_faulty()
    table.refuse_totals("age")
    years = [table.year(row) for row in table.rows]
    allowed = f"a single age from {YOUNGEST} to {OLDEST}"
    ages = [table.whole_from(row, "age", YOUNGEST, OLDEST, allowed) for row in table.rows]
    numbers = [table.whole(row, "population") for row in table.rows]
    table.no_row_twice(
        [
            None if year is None or age is None else f"{year}, age {age}"
            for year, age in zip(years, ages, strict=True)
        ]
    )
    table.stop_if_faulty()
    long = pd.DataFrame({"year": years, "age": ages, "population": numbers})
    wide = long.pivot_table(index="year", columns="age", values="population", aggfunc="first")
    wide = wide.reindex(columns=range(YOUNGEST, OLDEST + 1))
    for year, row in wide.iterrows():
        missing = [str(age) for age in wide.columns[row.isna()]]
        if missing:
            table.fault(
                None,
                str(year),
                f"no row for age {listed(missing)}; needed is each from {YOUNGEST} to {OLDEST}",
            )
    table.stop_if_faulty()
    return Population(path, wide)
