"""A first or last month that is only there in part, by how few its requests are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.findings import Finding
from ehc_sim.demand.table import KEEP_FIRST, Monthly, Table, without_part

LOW = 0.5
"""Share of what the months beside it have, below which a month at an end may be a part of one."""
LEAST_BESIDE = 3
MOST_BESIDE = 12
"""Months beside it that tell what is expected of it."""
SURPRISING_Z = 3.5
"""Standard deviations of the log below what is expected (as of outliers, see `proposals`)."""
LEAST_SCATTER = 0.1
"""Standard deviation of a month's log rate, at the least."""


def without_cut_months(
    table: Table, months: Monthly, keep_first: bool, keep_last: bool
) -> Monthly | None:
    """Leave out a first or last month that looks cut short, and say so; or keep it if asked to.

    Works from four months on. The school terms are Somerset's, which tell a summer month from
    others in every council; whether half of a month's requests are missing does not hang on more.

    Parameters
    ----------
    table : Table
        Takes the faults.
    months : Monthly
        All rows.
    keep_first, keep_last : bool
        Whether such a month stays.
    """
    index = np.arange(months.first, months.last + 1)
    place = (months.months - months.first).astype(np.int64)
    counts = np.bincount(place, weights=months.requests, minlength=len(index))
    known = (np.bincount(place, minlength=len(index)) > 0) | np.isin(index, months.none)
    known &= ~np.isin(index, months.unknown)
    ends = (counts[1:].mean() if len(index) > 1 else 0.0) * 0.9  # few records need the calendar
    if min(counts[0], counts[-1]) > ends or known.sum() <= LEAST_BESIDE:
        return months
    weights = MonthWeights.england(index[0], index[-1], SchoolTerms.read("somerset"), DayWeights())
    rate = counts / weights.exposure
    low_first = _expected_of_first(rate, weights.exposure, known)
    if low_first is not None:
        months = _without_first(months, counts[0], low_first, keep_first)
    low_last = _expected_of_first(rate[::-1], weights.exposure[::-1], known[::-1])
    if low_last is None or _said(months):
        return months
    why = f"it has {counts[-1]:.0f} requests where some {low_last:.0f} would be expected"
    return without_part(table, months, True, keep_last, why)


def _said(months: Monthly) -> bool:
    """Return whether the last month was found to be a part already, and kept."""
    last = str(months.last)
    return any(one.about == "part month" and last in one.months for one in months.findings)


def _expected_of_first(
    rate: NDArray[np.float64], exposure: NDArray[np.float64], known: NDArray[np.bool_]
) -> float | None:
    """Return what would be expected of the first month, where it has far less; else None."""
    beside = np.flatnonzero(known[1:])[:MOST_BESIDE] + 1
    if not known[0] or len(beside) < LEAST_BESIDE:
        return None
    usual = float(np.median(rate[beside]))
    expected = usual * exposure[0]
    logs = np.log((rate[beside] * exposure[beside] + 0.5) / (usual * exposure[beside] + 0.5))
    scatter = max(1.4826 * float(np.median(np.abs(logs))), LEAST_SCATTER)
    low = np.log((rate[0] * exposure[0] + 0.5) / (expected + 0.5))
    z = low / np.hypot(scatter, 1 / np.sqrt(expected + 0.5))
    next_to_it = rate[0] < LOW * rate[beside[0]]  # or the level is another from here on
    return expected if rate[0] < LOW * usual and next_to_it and z < -SURPRISING_Z else None


def _without_first(months: Monthly, count: float, expected: float, keep: bool) -> Monthly:
    first = str(months.first)
    why = f"it has {count:.0f} requests where some {expected:.0f} would be expected"
    if keep:
        text = f"{first} was kept because the scenario says so, though {why}."
        return replace(
            months, findings=(*months.findings, Finding("done", "part month", (first,), text))
        )
    return months.since(
        months.first + 1,
        Finding(
            "done",
            "part month",
            (first,),
            f"{first} was left out: {why}, as if the file began within the month.",
            setting=KEEP_FIRST,
        ),
    )
