"""What is paid for by the case, by month: appeals, mediations, days of late children and plans."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import DAYS_A_WEEK, MINUTES_A_DAY, Timeline
from ehc_sim.measures.backlog import spells
from ehc_sim.measures.periods import Ints, count_in, month_bounds, reached
from ehc_sim.measures.plans import NEVER, Stock
from ehc_sim.measures.timings import Timings
from ehc_sim.tables import Rows, Table


def billed(timings: Timings, stock: Stock, plan_from: date, after_weeks: int) -> Table:
    """Return what is paid for by the case in each month.

    Parameters
    ----------
    timings : Timings
        Milestones of the run.
    stock : Stock
        Plans of the run, for when they end.
    plan_from : date
        Plans issued before it are not counted in ``plan_days``.
    after_weeks : int
        Weeks past the date of a plan from which ``late_days`` are counted.

    Returns
    -------
    Table
        One row a month:

        - appeals: made, against a refusal to assess and about contents;
        - mediations: held;
        - late_days: children's days of waiting, from the day that is ``after_weeks`` after the date
          of the plan to the day before the case is closed, or the end of the run: children who
          still wait at its end are in it;
        - plan_days: days of plans issued from ``plan_from`` on, from the day of issue to the day
          before the plan ends, or the end of the run.
    """
    t, line = timings, timings.timeline
    started, ended, due, _ = spells(t)
    late_from = np.maximum(due + 1, started) + after_weeks * DAYS_A_WEEK * MINUTES_A_DAY
    issued = reached(t.final) & (t.final >= line.minute(plan_from))
    closed = np.full(len(t.final), NEVER, dtype=np.int64)
    holders = min(len(closed), len(stock.closed))
    held = stock.held[:holders]
    closed[:holders][held] = stock.closed[:holders][held]
    bounds = month_bounds(line)
    return Table.of(
        Rows.of(month=line.months),
        {
            "appeals": count_in(bounds, t.appeals),
            "mediations": count_in(bounds, t.mediated),
            "late_days": _days(line, late_from, ended),
            "plan_days": _days(line, t.final[issued], closed[issued]),
        },
    )


def _days(timeline: Timeline, first: Ints, last: Ints) -> NDArray[np.float64]:
    """Return the days of spells in each month: the day of ``first`` counts, that of ``last`` not.

    Parameters
    ----------
    timeline : Timeline
        Calendar of the run.
    first, last : ndarray of int64, of the same shape
        Minutes; those before the run are its first day, those after it the day after its last.
    """
    days = len(timeline.days)
    begins = np.clip(first // MINUTES_A_DAY, 0, days)
    ends = np.maximum(np.clip(last // MINUTES_A_DAY, 0, days), begins)
    change = np.bincount(begins, minlength=days + 1) - np.bincount(ends, minlength=days + 1)
    open_on = np.cumsum(change)[:days].astype(np.float64)
    return np.bincount(timeline.month, open_on).astype(np.float64)
