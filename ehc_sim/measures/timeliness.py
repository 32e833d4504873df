"""Timeliness by month, by year and group, and over the target window."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.catalogue.measure import GROUPINGS, PRIORITY
from ehc_sim.catalogue.timeliness import YEARLY
from ehc_sim.journey.cases import Cases, Named
from ehc_sim.measures.backlog import backlog
from ehc_sim.measures.bands import bands
from ehc_sim.measures.columns import by_month, columns, counts, over_window
from ehc_sim.measures.counting import add_up, count_outcomes
from ehc_sim.measures.periods import (
    count_in,
    quarter_bounds,
    quarters,
    reached,
    share,
    year_bounds,
    years,
)
from ehc_sim.measures.timings import EXCEPTIONS, Bools, Ints, Timings
from ehc_sim.network.orders import FLAGS
from ehc_sim.network.quantities import AnyQuantity
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
    return by_month("requests", t, t.timeline, given | bands(t) | _weeks_by_month(t))


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
    if cases.ahead is not None:
        groups[PRIORITY] = _classes(timings, cases.ahead)
    counter = _Counter(timings, list(groups.values()))
    every = years(timings.timeline)
    blocks = tuple((every, [by], list(one.names)) for by, one in groups.items())
    rows = Rows(("year", "by", "group"), blocks)
    return Table.of(rows, columns(YEARLY, timings, counter.count, {}))


def quarterly(timings: Timings) -> Table:
    """Return the measures by year of everybody's requests, by calendar quarter.

    Returns
    -------
    Table
        One row for each quarter that the run has the whole of, named as in ``2023-Q4``; one column
        a measure of ``YEARLY``. What a council reports of a quarter is held against it.
    """
    timeline = timings.timeline
    rows = Rows.of(quarter=quarters(timeline))
    return Table.of(rows, columns(YEARLY, timings, counts(quarter_bounds(timeline)), {}))


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


def _classes(timings: Timings, ahead: AnyQuantity) -> Named:
    """Return the first class, in this order, of which each request is, as it was when it came."""
    named = ("ordered", *(name for name in FLAGS if name != "ordered"), "none of these")
    period = np.searchsorted(ahead.starts, np.maximum(timings.received, 0), side="right") - 1
    flags = ahead.values[period, np.arange(len(period))]
    is_in = [flags & FLAGS[name] > 0 for name in named[1:-1]]
    ordered = reached(timings.ordered) | reached(timings.ordered_to_issue)
    first = np.argmax([ordered, *is_in, np.ones(len(period), bool)], axis=0)
    return Named(first, named)


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


ANY = "any"
"""In place of a kind: exceptions of one kind or several."""


def exceptions(timings: Timings) -> Table:
    """Return how many plans exceptions apply to, and what leaving them out does to the share.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.

    Returns
    -------
    Table
        Rows (year, kind), of the plans without mediation or Tribunal that were issued in the year:
        excepted (number to which an exception of the kind applies, claimed or not), on_time_with
        (share on time of all of them) and on_time_without (share on time of the others).
    """
    t = timings
    bounds, dfe = year_bounds(t.timeline), t.counted_by_dfe
    issued = count_in(bounds, t.final, dfe)
    in_time = count_in(bounds, t.final, dfe & t.plan_on_time)
    kinds = (*EXCEPTIONS, ANY)
    columns = np.empty((len(issued), len(kinds), 3))
    for i, kind in enumerate(kinds):
        flagged = dfe & (t.excepted if kind == ANY else t.exceptions[kind])
        part = count_in(bounds, t.final, flagged)
        part_in_time = count_in(bounds, t.final, flagged & t.plan_on_time)
        without = share(in_time - part_in_time, issued - part)
        columns[:, i] = np.stack([part, share(in_time, issued), without], axis=1)
    names = ("excepted", "on_time_with", "on_time_without")
    return Table(Rows.of(year=years(t.timeline), kind=kinds), names, columns.reshape(-1, 3))


WEEKS = tuple(range(0, 105, 4))
OUTCOMES = ("issued", "refused", "no plan", "withdrawn", "open")

_NEVER = 2**40
"""In place of a day: not within the run."""
_LOOK_OF_DAY = np.searchsorted(7 * np.array(WEEKS), np.arange(7 * WEEKS[-1] + 2)).astype(np.int64)
"""First of ``WEEKS`` on or after each day from the request's, and after the last their number."""


def cohort(timings: Timings) -> Table:
    """Return the shares of a year's requests by outcome, week by week from the request.

    The outcomes compete, and nobody is left out because the run ended: at each number of weeks the
    shares are of the requests that were followed for so long. A refusal that is overturned later
    counts as refused until the order to assess or its reconsideration, and as open after it; so
    does a decision against a plan until the order to make one. Requests made before the run are
    in no year.

    Returns
    -------
    Table
        Rows (year, weeks), one column an outcome of ``OUTCOMES``; NaN where no request of the year
        was followed for so long. Each row adds up to 1.
    """
    t = timings
    every = years(t.timeline)
    first_day = t.received // MINUTES_A_DAY
    begun = (t.final, t.refused, t.no_plan, t.withdrawn)
    over = (None, t.turned_round, t.ordered_to_issue, None)
    last = t.until // MINUTES_A_DAY - 1  # the last day of the run is seen to its end
    counts = np.zeros((len(every), len(WEEKS), len(OUTCOMES) + 1), dtype=np.int64)
    count_outcomes(
        t.year_of(t.received),
        last - first_day,
        np.stack([_days_from(first_day, minutes) for minutes in begun], axis=1),
        np.stack([_days_from(first_day, minutes) for minutes in over], axis=1),
        _LOOK_OF_DAY,
        counts,
    )
    shares = share(counts[..., :-1], counts[..., -1:].repeat(len(OUTCOMES), axis=2))
    rows = Rows.of(year=every, weeks=WEEKS)
    return Table(rows, OUTCOMES, shares.reshape(-1, len(OUTCOMES)))


def _days_from(first_day: Ints, minutes: Ints | None) -> Ints:
    if minutes is None:
        return np.full(len(first_day), _NEVER)
    return np.where(reached(minutes), minutes // MINUTES_A_DAY - first_day, _NEVER)
