"""Works out any measure from its row in the catalogue, by month, by year and over a window."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline, on_time
from ehc_sim.catalogue.measure import About, Measure
from ehc_sim.catalogue.timeliness import MONTHLY, TOTALS
from ehc_sim.measures.periods import (
    Bools,
    Ints,
    count_in,
    first_of_year,
    month_bounds,
    reached,
    share,
    year_bounds,
    years,
)
from ehc_sim.tables import Rows, Table

Floats = NDArray[np.float64]
Columns = Mapping[str, NDArray[np.generic]]
MINUTES_A_WEEK = 7 * MINUTES_A_DAY


class Count(Protocol):
    """Counts minutes in periods."""

    def __call__(
        self, minutes: Ints, which: Bools | None = None, weight: Floats | None = None
    ) -> Floats:
        """Return how many minutes lie in each period, or the sum of their weights."""


def column(row: Measure, subject: object, count: Count) -> Floats:
    """Return a measure in each period.

    Parameters
    ----------
    row : Measure
        A row that says when it counts.
    subject : Timings, Reviews or Stock
        Whose minutes and flags the row names.
    count : callable
        What counts in the periods.

    Raises
    ------
    AttributeError
        When the row names what the subject has not got.
    """
    minutes, weight, part = _of(subject, row.when), None, None
    which = _flags(subject, row.of) if row.of else None
    if row.part:
        part = _flags(subject, row.part)
    if row.since:
        start = _of(subject, row.since)
        if row.days:
            part = reached(minutes) & on_time(start, minutes, row.days)
        else:
            which = _both(which, reached(start) & reached(minutes))
            weight = (minutes - start) / MINUTES_A_WEEK
    if row.by:
        done = _of(subject, row.by)
        last = _of(subject, "until") // MINUTES_A_DAY - 1  # the last day is seen to its end
        which = _both(which, reached(minutes) & (minutes // MINUTES_A_DAY + row.days <= last))
        part = reached(done) & on_time(minutes, done, row.days)
    if row.mean:
        weight = _of(subject, row.mean)
    whole = _together(row, subject, count(minutes, which))
    if part is not None:
        return share(_together(row, subject, count(minutes, _both(which, part))), whole)
    return whole if weight is None else share(count(minutes, which, weight), whole)


def columns(
    rows: Sequence[Measure], subject: object, count: Count, given: Columns
) -> dict[str, NDArray[np.generic]]:
    """Return the measures of some rows, those apart that are given.

    Raises
    ------
    KeyError
        When a row does not say when it counts, and is not given.
    """
    return {
        row.name: column(row, subject, count)
        if row.when and row.name not in given
        else given[row.name]
        for row in rows
    }


def by_month(about: About, subject: object, timeline: Timeline, given: Columns) -> Table:
    """Return the measures by month of one subject, those apart that are given."""
    rows = [row for row in MONTHLY if row.about == about]
    found = columns(rows, subject, counts(month_bounds(timeline)), given)
    return Table.of(Rows.of(month=timeline.months), found)


def by_year(rows: Sequence[Measure], subject: object, timeline: Timeline, given: Columns) -> Table:
    """Return measures by year, those apart that are given."""
    found = columns(rows, subject, counts(year_bounds(timeline)), given)
    return Table.of(Rows.of(year=years(timeline)), found)


def over_window(
    about: About, subject: object, low: int, high: int, given: Columns | None = None
) -> dict[str, float]:
    """Return the measures of ``TOTALS`` of one subject from a minute to the one before another."""
    rows = [row for row in TOTALS if row.about == about and row.when]
    found = columns(rows, subject, counts(np.array([low, high], dtype=np.int64)), given or {})
    return {name: float(values[0]) for name, values in found.items()}


def counts(bounds: Ints) -> Count:
    """Return what counts in the periods between rising bounds, each of which begins a day."""

    def count(minutes: Ints, which: Bools | None = None, weight: Floats | None = None) -> Floats:
        if weight is None:
            return count_in(bounds, minutes, which).astype(np.float64)
        period = np.searchsorted(bounds, minutes, side="right") - 1
        inside = (period >= 0) & (period < len(bounds) - 1)
        inside = inside if which is None else inside & which
        return np.bincount(period[inside], weight[inside], len(bounds) - 1).astype(np.float64)

    return count


def _of(subject: object, name: str) -> NDArray[Any]:
    """Return what a subject has under a name: the name of an attribute, or of a milestone."""
    named = getattr(subject, "milestones", {})
    return np.asarray(named[name] if name in named else getattr(subject, name))


def _flags(subject: object, name: str) -> Bools:
    values = _of(subject, name)
    return values if values.dtype == np.bool_ else reached(values)


def _both(which: Bools | None, more: Bools) -> Bools:
    return more if which is None else which & more


def _together(row: Measure, subject: object, counts: Floats) -> Floats:
    """Return the sum over each month and those before; 0 where there are too few of them."""
    if row.year_from:
        first = first_of_year(_of(subject, "dates_of_months"), row.year_from)
    elif row.months > 1:
        first = np.arange(len(counts)) - (row.months - 1)
    else:
        return counts
    total = np.cumsum(np.insert(counts, 0, 0))
    return np.where(first >= 0, total[1:] - total[np.maximum(first, 0)], 0.0)
