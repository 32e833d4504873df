"""Timeliness by month, by year and group, and over the target window."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.catalogue.measure import GROUPINGS
from ehc_sim.catalogue.timeliness import YEARLY
from ehc_sim.journey.cases import Cases, Named
from ehc_sim.measures.backlog import backlog
from ehc_sim.measures.columns import by_month, columns, over_window
from ehc_sim.measures.counting import add_up
from ehc_sim.measures.periods import share, years
from ehc_sim.measures.timings import Bools, Ints, Timings
from ehc_sim.tables import Rows, Table

Floats = NDArray[np.float64]
OLDEST = 25
"""Last year of age at which a plan may be in place."""


def monthly(timings: Timings) -> Table:
    """Return the flow and the timeliness of each month.

    Returns
    -------
    Table
        One row a month of the timeline, one column a measure of requests by month. Shares are NaN
        in a month with nothing to count.
    """
    t = timings
    open_cases = backlog(t)
    given = dict(zip(open_cases.columns, open_cases.values.T, strict=True))
    return by_month("requests", t, t.timeline, given | _weeks_by_month(t))


def yearly(timings: Timings, cases: Cases) -> Table:
    """Return the flow and the timeliness of each year, for everybody and by group.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.
    cases : Cases
        Who the cases are about; the requests come first.

    Returns
    -------
    Table
        Rows (year, by, group), one column a measure.
    """
    groups = _groups(cases, len(timings.received))
    counter = _Counter(timings, list(groups.values()))
    every = years(timings.timeline)
    blocks = tuple((every, [by], list(one.names)) for by, one in groups.items())
    rows = Rows(("year", "by", "group"), blocks)
    return Table.of(rows, columns(YEARLY, timings, counter.count, {}))


def window(timings: Timings, first: date, last: date) -> dict[str, float]:
    """Return the measures of requests over a window of dates, both included."""
    t = timings
    low, high = t.timeline.minute(first), t.timeline.minute(last) + MINUTES_A_DAY
    weeks = t.weeks[(t.final >= low) & (t.final < high)]
    mean = np.array([weeks.mean() if len(weeks) else np.nan])
    return over_window("requests", t, low, high, {"mean_weeks": mean})


class _Counter:
    """Counts requests by year and by group.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.
    groups : sequence of Named
        Group of each request, in every grouping by which to count.
    """

    def __init__(self, timings: Timings, groups: Sequence[Named]) -> None:
        self._timings = timings
        periods = len(years(timings.timeline))
        self._apart = np.array([len(one.names) for one in groups], dtype=np.int64)
        ends = periods * np.cumsum(self._apart)
        self._size = int(ends[-1])
        self._cells = np.empty((len(timings.received), len(groups)), dtype=np.int64)
        for place, (one, end) in enumerate(zip(groups, ends.tolist(), strict=True)):
            offset = end - periods * len(one.names)
            np.add(one.codes, offset, out=self._cells[:, place], dtype=self._cells.dtype)
        self._all = np.ones(len(timings.received), dtype=bool)
        self._one = np.ones(len(timings.received))
        self._known: dict[int, tuple[Ints, Ints]] = {}

    def count(
        self, minutes: Ints, which: Bools | None = None, weight: Floats | None = None
    ) -> Floats:
        """Return how many requests have a minute in each period and group, or their weights' sum.

        Parameters
        ----------
        minutes : ndarray of int64, shape (requests,)
            When; what is outside of the run is left out.
        which : ndarray of bool, shape (requests,), optional
            Requests that count; all by default.
        weight : ndarray of float64, shape (requests,), optional
            What each adds; 1 by default.

        Returns
        -------
        ndarray of float64, shape (cells,)
            Grouping by grouping; in each the periods, and the groups of each.
        """
        sums = np.zeros(self._size)
        add_up(
            self._period_of(minutes),
            self._all if which is None else which,
            self._one if weight is None else weight,
            self._cells,
            self._apart,
            sums,
        )
        return sums

    def _period_of(self, minutes: Ints) -> Ints:
        # The array is kept beside its periods, so that no other can take its place in memory.
        if id(minutes) not in self._known:
            self._known[id(minutes)] = minutes, self._timings.year_of(minutes)
        return self._known[id(minutes)][1]


def _groups(cases: Cases, requests: int) -> dict[str, Named]:
    """Return the group of each request, in every view of the yearly measures."""
    # Every year of age has a row, whether or not a case has it in this replication.
    age = Named(cases.age, tuple(map(str, range(OLDEST + 1))))
    views = (cases.source, cases.age_group, age, cases.need, cases.area)
    groups = {"all": _everybody(requests)}
    for by, view in zip(GROUPINGS, views, strict=True):
        groups[by] = Named(view.codes[:requests], view.names)
    return groups


def _everybody(requests: int) -> Named:
    return Named(np.zeros(requests, dtype=np.int64), ("all",))


def _weeks_by_month(timings: Timings) -> dict[str, Floats]:
    """Return mean, median and 90th centile of the weeks of the plans issued in each month."""
    of_final, count = timings.month_of(timings.final), len(timings.months) - 1
    issued = of_final >= 0
    # Sorted by month and days at once: a month's plans lie far from those of the next.
    days = timings.days[issued]
    first_day = days.min(initial=0)
    apart = int(days.max(initial=0)) - first_day + 1
    ordered = np.sort(of_final[issued] * apart + (days - first_day))
    month, weeks = ordered // apart, (ordered % apart + first_day) / 7
    first, last = np.searchsorted(month, [np.arange(count), np.arange(1, count + 1)])
    size = last - first

    def centile(part: float) -> Floats:
        at = first + part * np.maximum(size - 1, 0)
        low = np.minimum(np.floor(at).astype(np.int64), max(len(weeks) - 1, 0))
        high = np.minimum(np.ceil(at).astype(np.int64), max(len(weeks) - 1, 0))
        if not len(weeks):
            return np.full(count, np.nan)
        value = weeks[low] + (at - low) * (weeks[high] - weeks[low])
        return np.where(size > 0, value, np.nan)

    return {
        "mean_weeks": share(np.bincount(month, weeks, count), size),
        "median_weeks": centile(0.5),
        "p90_weeks": centile(0.9),
    }
