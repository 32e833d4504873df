"""The plans in hand at the start of a run: a CSV file of counts, checked before it is used."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ehc_sim.journey.as_at import AS_AT, check_as_at
from ehc_sim.scenario.csv_table import COUNCIL, CsvTable, Row, read_csv

COLUMNS = (COUNCIL, AS_AT, "age", "last_review", "plans")

MOST_PLANS = 100_000
"""Several times what the largest council has: England had 638,745 in January 2025 (DfE, EHC plans)
in 153 councils."""

OLDEST = 25
"""Age in years up to which there are plans (Children and Families Act 2014, section 46)."""
AN_AGE = f"an age from 0 to {OLDEST}"


@dataclass(frozen=True, eq=False)
class PlansInHand:
    """Plans in hand by age and month of the last review, one entry a row of the file.

    Attributes
    ----------
    age : ndarray of int64, shape (n,)
        Age in years, 0 to 25.
    last_review : ndarray of datetime64[M], shape (n,)
        Month of the last review, or of the plan itself where it has had none.
    plans : ndarray of int64, shape (n,)
        Number of plans.
    """

    age: NDArray[np.int64]
    last_review: NDArray[np.datetime64]
    plans: NDArray[np.int64]


def read_plans(path: Path, run_from: date | None = None, council: str | None = None) -> PlansInHand:
    """Read the plans in hand.

    Parameters
    ----------
    path : Path
        See ``ehc_sim.inputs.read_sheet`` for what is read. Columns ``council``, ``as_at`` (the
        first day of the run), ``age``, ``last_review`` (months such as 2024-03) and ``plans``.
    run_from : date or None
        First day of the run, after whose month no last review may lie; None leaves that open.
    council : str or None
        Whose plans they must be; None for those of one council, whichever.

    Raises
    ------
    BadInput
        With every fault found in the file.
    """
    table = read_csv(path, CsvTable, COLUMNS)
    table.refuse_personal_columns()
    table.need_columns(COLUMNS, COLUMNS)
    table.stop_if_faulty()
    table.keep_council(council)
    table.stop_if_faulty()
    table.refuse_totals("age")
    if run_from is not None:
        check_as_at(table, run_from)
    ages = [table.whole_from(row, "age", 0, OLDEST, AN_AGE) for row in table.rows]
    months = [_month(table, row, run_from) for row in table.rows]
    plans = [table.whole(row, "plans") for row in table.rows]
    table.no_row_twice(
        [
            None if age is None or month is None else f"age {age}, {month}"
            for age, month in zip(ages, months, strict=True)
        ]
    )
    count = sum(number for number in plans if number is not None)
    if count > MOST_PLANS:
        problem = f"found {count:,} plans in all, allowed are {MOST_PLANS:,} or fewer"
        table.fault(None, "column plans", problem)
    table.stop_if_faulty()
    return PlansInHand(
        np.array(ages, dtype=np.int64),
        np.array(months, dtype="datetime64[M]"),
        np.array(plans, dtype=np.int64),
    )


def _month(table: CsvTable, row: Row, run_from: date | None) -> np.datetime64 | None:
    month = table.month(row, "last_review")
    if month is None or run_from is None or month <= np.datetime64(run_from, "M"):
        return month
    problem = f"found {month}, allowed is {run_from:%Y-%m} or before, as the run starts then"
    table.fault(row.line, "column last_review", problem)
    return None
