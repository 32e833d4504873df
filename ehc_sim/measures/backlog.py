"""Open and overdue cases, the oldest of them, and the step at which they wait."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.measures.timeliness import due_minute
from ehc_sim.measures.timings import Ints, Timings, reached

STEPS = (
    "Decision to assess",
    "Advice",
    "Decision to issue",
    "Draft plan",
    "Draft to final plan",
)
"""Steps at which an open case may wait, in order."""


def backlog(timings: Timings) -> pd.DataFrame:
    """Return the open cases at the end of each month.

    A case is open from the request, or the order to assess, to its outcome. While a refusal is
    disputed it is not.

    Returns
    -------
    DataFrame
        One row a month: open_cases, overdue_cases (open after the day on which the plan was due)
        and oldest_weeks (weeks since the start of the clock of the oldest open case without a draft
        plan; 0 where there is none). After the draft a few cases wait very long for a placement,
        whatever the service does, and would hide how long it leaves children.
    """
    t = timings
    ends = t.months[1:]
    started, ended = _spells(t)
    due = np.concatenate([due_minute(t), np.full(int(t.second_clock.sum()), t.until)])
    overdue_from = np.maximum(np.minimum(due + 1, ended), started)
    open_cases = _at(ends, started, ended)
    columns = {
        "open_cases": open_cases,
        "overdue_cases": _at(ends, overdue_from, ended),
        "oldest_weeks": _oldest_weeks(ends, started, np.minimum(ended, _drafted(t))),
    }
    return pd.DataFrame(columns, index=pd.Index(t.timeline.months, name="month"))


def waiting(timings: Timings) -> pd.DataFrame:
    """Return the open cases at the end of each month by the step at which they wait.

    Returns
    -------
    DataFrame
        One row a month, one column a step of ``STEPS``; the row adds up to the open cases.
    """
    t = timings
    ends = t.months[1:]
    decided_to_issue = np.maximum(t.to_issue, t.no_plan)
    spans = (
        (t.received, t.decided),
        (t.being_assessed_from, t.complete),
        (t.complete, decided_to_issue),
        (t.to_issue, t.draft),
        (t.draft, t.final),
    )
    columns = {
        step: _at(ends, start[reached(start)], _end(end[reached(start)], t.until))
        for step, (start, end) in zip(STEPS, spans, strict=True)
    }
    return pd.DataFrame(columns, index=pd.Index(t.timeline.months, name="month"))


def _end(minutes: Ints, until: int) -> Ints:
    return np.where(reached(minutes), minutes, until + 1)


def _spells(timings: Timings) -> tuple[Ints, Ints]:
    """Return start and end of the time in which each case is open; a second for second clocks."""
    t = timings
    outcome = np.maximum(t.final, t.no_plan)
    first_end = np.where(reached(t.refused), t.refused, np.maximum(outcome, t.withdrawn))
    again = t.second_clock
    # A second clock is a spell of its own, put in the place of the case; the first comes after.
    start = np.concatenate([t.clock_started, t.received[again]])
    end = np.concatenate([np.where(again, outcome, first_end), t.refused[again]])
    return start, _end(end, t.until)


def _drafted(timings: Timings) -> Ints:
    """Return the draft plan of each of the spells; a first clock that was refused has none."""
    none = np.full(int(timings.second_clock.sum()), timings.until + 1)
    return np.concatenate([_end(timings.draft, timings.until), none])


def _at(ends: Ints, started: Ints, ended: Ints) -> NDArray[np.intp]:
    """Return how many are open just before each minute."""
    begun = np.searchsorted(np.sort(started), ends, side="left")
    return begun - np.searchsorted(np.sort(ended), ends, side="left")


def _oldest_weeks(ends: Ints, started: Ints, ended: Ints) -> NDArray[np.float64]:
    order = np.argsort(started, kind="stable")
    started, ended = started[order], ended[order]
    weeks = np.zeros(len(ends))
    low = 0
    for i, end in enumerate(ends):
        # What is closed at the front stays closed, so the search goes on from there.
        while low < len(started) and ended[low] < end:
            low += 1
        if low < len(started) and started[low] < end:
            weeks[i] = (end - 1 - started[low]) // MINUTES_A_DAY / 7
    return weeks
