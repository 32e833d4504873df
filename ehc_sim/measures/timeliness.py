"""Timeliness by month, by year and group, and over the target window."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.measures.timings import Bools, Ints, Timings, reached

Floats = NDArray[np.float64]
DAYS_IN_52_WEEKS = 364
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
GROUPINGS = ("source", "age group", "age", "need", "area")
"""Views by which every yearly figure is also given."""


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


def monthly(timings: Timings, exceptions_claimed: bool) -> pd.DataFrame:
    """Return the flow and the timeliness of each month.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.
    exceptions_claimed : bool
        Whether the council flags exceptions.

    Returns
    -------
    DataFrame
        One row a month of the timeline, one column a measure. Shares are NaN in a month with
        nothing to count.
    """
    t = timings
    count = len(t.months) - 1
    of_final, of_decision, of_no_plan = (t.month_of(x) for x in (t.final, t.decided, t.no_plan))
    dfe = counted(t, exceptions_claimed)

    def per_month(month: Ints, which: Bools) -> Ints:
        return np.bincount(month[which & (month >= 0)], minlength=count)

    issued, in_time = per_month(of_final, dfe), per_month(of_final, dfe & t.plan_on_time)
    every, over = per_month(of_final, t.counted_by_dfe), per_month(of_final, dfe & over_52_weeks(t))
    due, met = due_and_met(t)
    of_due = t.month_of(due_minute(t))
    no_plan = per_month(of_no_plan, reached(t.no_plan))
    decided = per_month(of_decision, reached(t.decided))
    columns = {
        "requests": per_month(t.month_of(t.received), reached(t.received)),
        "decisions": decided,
        "agreed": per_month(t.month_of(t.agreed), reached(t.agreed)),
        "plans_issued": per_month(of_final, reached(t.final)),
        "plans_on_time": per_month(of_final, t.plan_on_time),
        "issued_on_time": share(in_time, issued),
        "issued_on_time_12m": share(_last_12(in_time), _last_12(issued)),
        "issued_on_time_with_exceptions": share(
            per_month(of_final, t.counted_by_dfe & t.plan_on_time), every
        ),
        "issued_over_52_weeks": share(over, issued),
        "due_on_time": share(per_month(of_due, due & met), per_month(of_due, due)),
        "week6_on_time": share(per_month(of_decision, t.decided_on_time), decided),
        "week16_on_time": share(per_month(of_no_plan, t.no_plan_on_time), no_plan),
        **_weeks_by_month(t, of_final, count),
    }
    return pd.DataFrame(columns, index=pd.Index(t.timeline.months, name="month"))


def yearly(timings: Timings, cases: pd.DataFrame, exceptions_claimed: bool) -> pd.DataFrame:
    """Return the flow and the timeliness of each year, for everybody and by group.

    Parameters
    ----------
    timings : Timings
        Milestones of a run.
    cases : DataFrame
        One row a case with source, age, age_group, need and area; the requests come first.
    exceptions_claimed : bool
        Whether the council flags exceptions.

    Returns
    -------
    DataFrame
        Rows (year, by, group), one column a measure.
    """
    cases = cases.iloc[: len(timings.received)]
    everybody = pd.Categorical(np.full(len(cases), "all"), categories=["all"])
    views: dict[str, pd.Categorical[Any]] = {"all": everybody}
    views |= {by: _categories(cases, by) for by in GROUPINGS}
    counts = _counts(timings, exceptions_claimed)
    return pd.concat([_of_view(timings, counts, by, groups) for by, groups in views.items()])


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
    days = timings.final // MINUTES_A_DAY - timings.clock_started // MINUTES_A_DAY
    return reached(timings.final) & (days > DAYS_IN_52_WEEKS)


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


class _Counts(NamedTuple):
    """What is counted by year: for each case counted, its year from 0, its row and its weight."""

    year: Ints
    row: Ints
    weight: Floats | None

    def by(self, code: Ints, years: int, groups: int) -> Floats:
        """Return counts, or sums of weights, by year and group, shape (years * groups,)."""
        cell = self.year * groups + code[self.row]
        return np.bincount(cell, self.weight, minlength=years * groups).astype(float)


def _counts(timings: Timings, exceptions_claimed: bool) -> dict[str, _Counts]:
    """Return what the yearly measures are made of; the same for every grouping."""
    t = timings
    years: dict[int, Ints] = {}

    def count(minutes: Ints, which: Bools | None = None, weights: Floats | None = None) -> _Counts:
        if id(minutes) not in years:  # all of these arrays live as long as this function
            years[id(minutes)] = t.year_of(minutes) - t.timeline.first_day.year
        year = years[id(minutes)]
        row = np.flatnonzero(year >= 0 if which is None else which & (year >= 0))
        return _Counts(year[row], row, None if weights is None else weights[row])

    dfe = counted(t, exceptions_claimed)
    due, met = due_and_met(t)
    when_due = due_minute(t)
    found = {
        "requests": count(t.received),
        "decided": count(t.decided),
        "refused": count(t.decided, reached(t.refused)),
        "decided on time": count(t.decided, t.decided_on_time),
        "completed": count(t.final, ~reached(t.ordered_to_issue)),
        "no plan": count(t.no_plan),
        "plans": count(t.final),
        "issued": count(t.final, dfe),
        "left out": count(t.final, ~t.counted_by_dfe),
        "issued on time": count(t.final, dfe & t.plan_on_time),
        "over 52 weeks": count(t.final, dfe & over_52_weeks(t)),
        "due": count(when_due, due),
        "due and met": count(when_due, met),
        "weeks": count(t.final, None, t.weeks),
    }
    for name, (start, end, both) in _stages(t).items():
        found[f"{name}: cases"] = count(end, both)
        found[f"{name}: weeks"] = count(end, both, (end - start) / MINUTES_A_WEEK)
    return found


def _of_view(
    timings: Timings, counts: dict[str, _Counts], by: str, groups: pd.Categorical[Any]
) -> pd.DataFrame:
    timeline = timings.timeline
    years = np.arange(timeline.first_day.year, timeline.last_day.year + 1)
    code = np.asarray(groups.codes, dtype=np.int64)
    n = {name: c.by(code, len(years), len(groups.categories)) for name, c in counts.items()}
    table = pd.DataFrame(
        {
            "requests": n["requests"],
            "refused": share(n["refused"], n["decided"]),
            "week6_on_time": share(n["decided on time"], n["decided"]),
            # An assessment without a plan was complete then, whatever was ordered later.
            "completed": n["completed"] + n["no plan"],
            "plans_issued": n["plans"],
            "plans_counted": n["issued"],
            "left_out": share(n["left out"], n["plans"]),
            "issued_on_time": share(n["issued on time"], n["issued"]),
            "issued_over_52_weeks": share(n["over 52 weeks"], n["issued"]),
            "due_on_time": share(n["due and met"], n["due"]),
            "mean_weeks": share(n["weeks"], n["plans"]),
            **{name: share(n[f"{name}: weeks"], n[f"{name}: cases"]) for name in _stages(timings)},
        }
    )
    labels = [str(label) for label in groups.categories]
    table.index = pd.MultiIndex.from_product([years, [by], labels], names=["year", "by", "group"])
    return table


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


def _categories(cases: pd.DataFrame, by: str) -> pd.Categorical[Any]:
    column = cases[by.replace(" ", "_")]
    if by == "age":
        # Every year of age has a row, whether or not a case has it in this replication.
        return pd.Categorical(column, categories=range(26))
    return pd.Categorical(column)


def _weeks_by_month(timings: Timings, of_final: Ints, count: int) -> dict[str, Floats]:
    """Return mean, median and 90th centile of the weeks of the plans issued in each month."""
    issued = of_final >= 0
    order = np.lexsort((timings.weeks[issued], of_final[issued]))
    weeks, month = timings.weeks[issued][order], of_final[issued][order]
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


def _last_12(counts: Ints) -> Ints:
    """Return the sum over each month and the eleven before; 0 where there are fewer than eleven."""
    total = np.cumsum(np.insert(counts, 0, 0))
    sums = np.zeros_like(counts)
    sums[11:] = total[12:] - total[:-12]
    return sums


def _mean(values: Floats | Bools) -> float:
    return float(np.mean(values.astype(np.float64))) if len(values) else float("nan")
