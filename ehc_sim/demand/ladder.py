"""Which method a record calls for: the ladder from three years by month down to nothing at all.

It says so without the methods themselves, which know much and take time to import: that a record is
long enough is checked before anything is run.
"""

from typing import Literal

import numpy as np

from ehc_sim.demand.history import FEW, History
from ehc_sim.scenario.faults import BadInput, Fault

Method = Literal["by the record", "seasonal naive"]
Rung = Literal["seasonal naive", "assumed", "by year", "of few", "four", "two", "borrowed year"]

FOR_FOUR = 36
"""Months learnt from that the pool of four needs."""
FOR_TWO, FOR_BORROWED = 24, 12
"""Months learnt from that a regression on the record's own months needs, and one on a borrowed
year."""
LEAST_FOR_TOTALS = 4
"""Months from which a year's total is worked out."""
MONTHS = 12
"""Months of a year."""
MANY_ZEROS = 0.1
"""Share of months without a request above which only a method for counts is used."""


def of_few(history: History) -> bool:
    """Return whether a record has so few requests that only a method for counts can take it."""
    counts = history.counts[history.learnt]
    return bool(counts.mean() < FEW or np.mean(counts == 0) > MANY_ZEROS)


def learns_a_year(history: History) -> bool:
    """Return whether each month of the year is learnt from, in one year or another.

    Where one never is, such as an August that the file never has, a record cannot say what it is
    like, and only a borrowed year can.
    """
    months = history.index[history.learnt].astype(np.int64)
    return len(np.unique(months % MONTHS)) == MONTHS


def rung(history: History, method: Method | None = None) -> tuple[Rung, str]:
    """Return the rung of the ladder for a history, and why it is this one, in words.

    Parameters
    ----------
    history : History
        The record.
    method : str, optional
        What the scenario asks for; by default the record decides.

    Raises
    ------
    BadInput
        If the history is too short for any method, or for the one asked for.
    """
    if method == "seasonal naive":
        if history.kind == "monthly" and len(history.counts) >= FOR_BORROWED:
            return "seasonal naive", "the scenario asks for it"
        raise _too_short(history, "12 or more months for a seasonal naive forecast")
    if history.kind == "assumed":
        return "assumed", "there is no record; this is what the scenario assumes"
    if history.kind == "yearly":
        return "by year", "the record is by year; months come from the calendar"
    return _by_months(history)


def _by_months(history: History) -> tuple[Rung, str]:
    usable = int(history.learnt.sum())
    counts = history.counts[history.learnt]
    has = f"the record has {usable} usable months"
    if usable >= FOR_BORROWED:
        if of_few(history):
            return "of few", (
                f"{has}, but few requests a month ({counts.mean():.1f} on average, none in "
                f"{np.mean(counts == 0):.0%} of months), which only a method for counts can take"
            )
        if not learns_a_year(history):
            return "borrowed year", (
                f"{has}, but none for some month of the year, so the months of the year are mostly "
                "those elsewhere"
            )
        if usable >= FOR_FOUR:
            return "four", f"{has}, enough for methods that learn the months of the year and growth"
        if usable >= FOR_TWO:
            return "two", (
                f"{has}, fewer than the {FOR_FOUR} that all four methods need, so the months of "
                "the year and growth lean on those elsewhere"
            )
        return "borrowed year", (
            f"{has}, fewer than two years, so the months of the year and growth are mostly those "
            "elsewhere"
        )
    if usable >= LEAST_FOR_TOTALS:
        return "by year", (
            f"{has}, less than a year, so a year's total is worked out from them and carried on"
        )
    raise _too_short(
        history, f"{LEAST_FOR_TOTALS} or more; or give yearly totals (columns year, requests)"
    )


def _too_short(history: History, allowed: str) -> BadInput:
    number = int(history.learnt.sum())
    found = f"{number} usable month{'s' * (number != 1)}"
    if history.kind != "monthly":
        found = "yearly totals" if history.kind == "yearly" else "no record"
    problem = f"found {found}, allowed is {allowed}"
    return BadInput([Fault(history.file, None, "history", problem)])
