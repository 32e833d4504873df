"""Bank holidays and working days in England."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FIRST_YEAR, LAST_YEAR = 2014, 2035
"""Years that the table of bank holidays covers."""

_TABLE = Path(__file__).with_name("bank_holidays.csv")


@cache
def bank_holidays() -> NDArray[np.datetime64]:
    """Return England's bank holidays from 2014 to 2035.

    They include the single ones (2 and 3 June and 19 September 2022, 8 May 2023) and the days
    given in place of a holiday at a weekend. A bank holiday proclaimed later has to be added to
    ``bank_holidays.csv``, which a test compares with the ``holidays`` package.

    Returns
    -------
    ndarray of datetime64[D], shape (197,)
        Rising; read-only.
    """
    with _TABLE.open(encoding="utf-8", newline="") as table:
        days = np.array([row["date"] for row in csv.DictReader(table)], dtype="datetime64[D]")
    days.setflags(write=False)
    return days


def working_days(days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    """Say which days are working days: Monday to Friday and not a bank holiday in England.

    Parameters
    ----------
    days : ndarray of datetime64[D]
        Outside 2014 to 2035 no bank holiday is known, so every weekday counts.

    Returns
    -------
    ndarray of bool, of the same shape
    """
    return np.is_busday(days, holidays=bank_holidays())
