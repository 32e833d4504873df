"""Timeliness by month, by year and group, and over the target window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.journey.cases import Cases, Named
from ehc_sim.measures.counting import add_up
from ehc_sim.measures.groupings import GROUPINGS
from ehc_sim.measures.periods import years
from ehc_sim.measures.table import Rows, Table
from ehc_sim.measures.timings import Bools, Ints, Timings, reached

Floats = NDArray[np.float64]
DAYS_IN_52_WEEKS = 364
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
OLDEST = 25
"""Last year of age at which a plan may be in place."""


def share(part: ArrayLike, whole: ArrayLike) -> Floats:
    """Return part / whole, NaN where there is nothing to share."""
    of = np.asarray(whole, dtype=np.float64)
    shares = np.full(of.shape, np.nan)
    np.divide(part, of, out=shares, where=of > 0)
    return shares


def counted(timings: Timings, exceptions_claimed: bool) -> Bools:
    """Return the plans that DfE's headline counts.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.
    exceptions_claimed : bool
        Whether the council flags exceptions; flagged cases are then left out.
    """
    flagged = timings.excepted if exceptions_claimed else np.zeros_like(timings.excepted)
    return timings.counted_by_dfe & ~flagged


def monthly(timings: Timings, exceptions_claimed: bool) -> Table:
    """Return the flow and the timeliness of each month.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.
    exceptions_claimed : bool
        Whether the council flags exceptions.

    Returns
    -------
    Table
        One row a month of the timeline, one column a measure. Shares are NaN in a month with
        nothing to count.
    """
    t = timings
    count = len(t.months) - 1
    per_month = _Counter(t, [_everybody(len(t.received))], by_year=False).count
    of_final, dfe = t.month_of(t.final), counted(t, exceptions_claimed)
    issued, in_time = per_month(t.final, dfe), per_month(t.final, dfe & t.plan_on_time)
    every, over = per_month(t.final, t.counted_by_dfe), per_month(t.final, dfe & over_52_weeks(t))
    due, met = due_and_met(t)
    when_due = due_minute(t)
    decided = per_month(t.decided)
    with_exceptions = per_month(t.final, t.counted_by_dfe & t.plan_on_time)
    columns = {
        "requests": per_month(t.received),
        "decisions": decided,
        "agreed": per_month(t.agreed),
        "plans_issued": per_month(t.final),
        "plans_on_time": per_month(t.final, t.plan_on_time),
        "issued_on_time": share(in_time, issued),
        "issued_on_time_12m": share(_last_12(in_time), _last_12(issued)),
        "issued_on_time_with_exceptions": share(with_exceptions, every),
        "issued_over_52_weeks": share(over, issued),
        "due_on_time": share(per_month(when_due, due & met), per_month(when_due, due)),
        "week6_on_time": share(per_month(t.decided, t.decided_on_time), decided),
        "week16_on_time": share(per_month(t.no_plan, t.no_plan_on_time), per_month(t.no_plan)),
        **_weeks_by_month(t, of_final, count),
    }
    return Table.of(Rows.of(month=t.timeline.months), columns)


def yearly(timings: Timings, cases: Cases, exceptions_claimed: bool) -> Table:
    """Return the flow and the timeliness of each year, for everybody and by group.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.
    cases : Cases
        Who the cases are about; the requests come first.
    exceptions_claimed : bool
        Whether the council flags exceptions.

    Returns
    -------
    Table
        Rows (year, by, group), one column a measure.
    """
    groups = _groups(cases, len(timings.received))
    counter = _Counter(timings, list(groups.values()), by_year=True)
    columns = _by_group(timings, counter, counted(timings, exceptions_claimed))
    every = years(timings.timeline)
    blocks = tuple((every, [by], list(one.names)) for by, one in groups.items())
    return Table.of(Rows(("year", "by", "group"), blocks), columns)


def window(timings: Timings, first: date, last: date, exceptions_claimed: bool) -> dict[str, float]:
    """Return the timeliness over a window of dates, both included.

    Returns
    -------
    dict
        ``on_time`` (DfE's share), ``plans_on_time`` (number, on either clock), ``due_on_time``,
        ``mean_weeks`` and ``over_52_weeks`` of the plans issued.
    """
    t = timings
    low, high = t.timeline.minute(first), t.timeline.minute(last) + MINUTES_A_DAY
    inside = (t.final >= low) & (t.final < high)
    dfe = inside & counted(t, exceptions_claimed)
    due, met = due_and_met(t)
    due &= (due_minute(t) >= low) & (due_minute(t) < high)
    return {
        "on_time": _mean(t.plan_on_time[dfe]),
        "plans_on_time": float((inside & t.plan_on_time).sum()),
        "due_on_time": _mean(met[due]),
        "mean_weeks": _mean(t.weeks[inside]),
        "over_52_weeks": _mean(over_52_weeks(t)[dfe]),
    }


def over_52_weeks(timings: Timings) -> Bools:
    """Return whether each plan took more than 52 weeks by date."""
    return reached(timings.final) & (timings.days > DAYS_IN_52_WEEKS)


def due_minute(timings: Timings) -> Ints:
    """Return the last minute of the day on which each case's plan is due, on its own clock."""
    day = timings.clock_started // MINUTES_A_DAY + timings.allowed_days
    return (day + 1) * MINUTES_A_DAY - 1


def due_and_met(timings: Timings) -> tuple[Bools, Bools]:
    """Return the first-clock cases that need a plan, and which of them had it when it was due.

    A case needs a plan when it was agreed to assess it and not decided against a plan. Cases that
    are still open count as needing one, so nobody is left out because they wait.
    """
    needs = reached(timings.agreed) & ~reached(timings.no_plan)
    return needs, needs & timings.plan_on_time


class _Counter:
    """Counts requests by month or year and by group.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.
    groups : sequence of Named
        Group of each request, in every grouping by which to count.
    by_year : bool
        By calendar year, or by month.
    """

    def __init__(self, timings: Timings, groups: Sequence[Named], by_year: bool) -> None:
        self._timings, self._by_year = timings, by_year
        periods = len(years(timings.timeline)) if by_year else len(timings.months) - 1
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
            t = self._timings
            period = t.year_of(minutes) if self._by_year else t.month_of(minutes)
            self._known[id(minutes)] = minutes, period
        return self._known[id(minutes)][1]


def _by_group(t: Timings, counter: _Counter, dfe: Bools) -> dict[str, Floats]:
    """Return the yearly measures of every group."""
    count = counter.count
    due, met = due_and_met(t)
    when_due = due_minute(t)
    decided, plans, issued = count(t.decided), count(t.final), count(t.final, dfe)
    return {
        "requests": count(t.received),
        "refused": share(count(t.decided, reached(t.refused)), decided),
        "week6_on_time": share(count(t.decided, t.decided_on_time), decided),
        # An assessment without a plan was complete then, whatever was ordered later.
        "completed": count(t.final, ~reached(t.ordered_to_issue)) + count(t.no_plan),
        "plans_issued": plans,
        "plans_counted": issued,
        "left_out": share(count(t.final, ~t.counted_by_dfe), plans),
        "issued_on_time": share(count(t.final, dfe & t.plan_on_time), issued),
        "issued_over_52_weeks": share(count(t.final, dfe & over_52_weeks(t)), issued),
        "due_on_time": share(count(when_due, met), count(when_due, due)),
        "mean_weeks": share(count(t.final, None, t.weeks), plans),
        **{
            name: share(count(end, both, (end - start) / MINUTES_A_WEEK), count(end, both))
            for name, (start, end, both) in _stages(t).items()
        },
    }


def _stages(timings: Timings) -> dict[str, tuple[Ints, Ints, Bools]]:
    """Return start and end of each stage, and which cases have both.

    Each stage's mean is over the cases that finish it in a year, as councils publish them, so the
    stages are of different cases and do not add up to the whole.
    """
    t = timings
    stages = {
        "weeks_to_decision": (t.received, t.decided),
        "weeks_of_assessment": (t.being_assessed_from, t.complete),
        "weeks_to_draft": (t.complete, t.draft),
        "weeks_draft_to_final": (t.draft, t.final),
    }
    return {
        name: (start, end, reached(start) & reached(end)) for name, (start, end) in stages.items()
    }


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


def _weeks_by_month(timings: Timings, of_final: Ints, count: int) -> dict[str, Floats]:
    """Return mean, median and 90th centile of the weeks of the plans issued in each month."""
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


def _last_12(counts: Floats) -> Floats:
    """Return the sum over each month and the eleven before; 0 where there are fewer than eleven."""
    total = np.cumsum(np.insert(counts, 0, 0))
    sums = np.zeros_like(counts)
    sums[11:] = total[12:] - total[:-12]
    return sums


def _mean(values: Floats | Bools) -> float:
    return float(np.mean(values.astype(np.float64))) if len(values) else float("nan")
