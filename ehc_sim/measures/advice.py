"""Advice within six weeks, for each advice giver."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ehc_sim.calendars import ADVICE_DAYS, MINUTES_A_DAY
from ehc_sim.measures.timeliness import share
from ehc_sim.measures.timings import Ints, Timings, advice_on_time, reached
from ehc_sim.pathway import milestones
from ehc_sim.pathway.log import Log


def advice(log: Log, timings: Timings, givers: Sequence[str]) -> pd.DataFrame:
    """Return how each advice giver answered, by the year in which advice was asked for.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    timings : Timings
        Milestones of the run.
    givers : sequence of str
        Names of the advice givers.

    Returns
    -------
    DataFrame
        Rows (year, giver): asked (number), on_time (share of those whose six weeks ended within the
        run), late (number), outstanding (number still out at the end of that year) and median_days
        (to advice, those still out counted as longer than any; NaN where half are not in).
    """
    count = len(timings.received)
    parts = {
        giver: (
            log.reached(milestones.asked(giver))[:count],
            log.reached(milestones.advice_in(giver))[:count],
        )
        for giver in givers
    }
    return _table(parts, timings)


def _table(parts: Mapping[str, tuple[Ints, Ints]], t: Timings) -> pd.DataFrame:
    years = np.arange(t.timeline.first_day.year, t.timeline.last_day.year + 1)
    rows = []
    for year in years:
        next_year = np.datetime64(f"{year + 1}-01-01", "D") - t.timeline.days[0]
        year_end = int(next_year.astype(np.int64)) * MINUTES_A_DAY
        for giver, (asked, given) in parts.items():
            mine = t.year_of(asked) == year
            judged = mine & (asked // MINUTES_A_DAY + ADVICE_DAYS < t.until // MINUTES_A_DAY)
            in_time = judged & advice_on_time(asked, given)
            out = reached(asked) & (asked < year_end) & (~reached(given) | (given >= year_end))
            rows.append(
                {
                    "year": year,
                    "giver": giver,
                    "asked": int(mine.sum()),
                    "on_time": float(share(in_time.sum(), judged.sum())),
                    "late": int((judged & ~in_time).sum()),
                    "outstanding": int(out.sum()),
                    "median_days": _median_days(asked[mine], given[mine]),
                }
            )
    return pd.DataFrame(rows).set_index(["year", "giver"]).astype(float)


def _median_days(asked: Ints, given: Ints) -> float:
    if not len(asked):
        return float("nan")
    days = given // MINUTES_A_DAY - asked // MINUTES_A_DAY
    middle = float(np.median(np.where(reached(given), days, np.inf)))
    return middle if np.isfinite(middle) else float("nan")


def family_view(log: Log, timings: Timings, families: Sequence[str]) -> pd.DataFrame:
    """Return the share of plans of which the drafting began with the family's input in.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    timings : Timings
        Milestones of the run.
    families : sequence of str
        Names of the advice givers that are the family.

    Returns
    -------
    DataFrame
        One row a month in which drafting began: family_view_before_draft (share).
    """
    t = timings
    month = t.month_of(t.to_issue)
    drafted = month >= 0
    had = drafted.copy()
    for giver in families:
        given = log.reached(milestones.advice_in(giver))[: len(t.received)]
        had &= reached(given) & (given <= t.to_issue)
    count = len(t.months) - 1
    whole = np.bincount(month[drafted], minlength=count)
    part = np.bincount(month[had], minlength=count)
    index = pd.Index(t.timeline.months, name="month")
    return pd.DataFrame({"family_view_before_draft": share(part, whole)}, index=index)
