"""Logs written by hand, of which every measure can be worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.measures.timings import Timings
from ehc_sim.pathway import Log
from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.log import NOBODY

GIVERS = ("school", "psychologist", "family")
MARKS = (
    m.REQUEST,
    m.DECISION_TO_ASSESS,
    m.AGREED,
    m.REFUSED,
    m.ORDER_TO_ASSESS,
    *(name for giver in GIVERS for name in (m.asked(giver), m.advice_in(giver))),
    m.ASSESSMENT_COMPLETE,
    m.AGREED_TO_ISSUE,
    m.NO_PLAN_TOLD,
    m.DRAFT_PLAN,
    m.FINAL_PLAN,
    m.WITHDRAWN,
)
Case = Mapping[str, str]
"""Milestones of a case, and when: "2025-02-03" (at noon) or "2025-02-03 09:30"."""


def two_years() -> Timeline:
    """Return the timeline of 2025 and 2026."""
    return Timeline.england(date(2025, 1, 1), date(2026, 12, 31), SchoolTerms())


def minute(timeline: Timeline, when: str) -> int:
    """Return the minute of a date, at noon where no time of day is given."""
    moment = datetime.fromisoformat(when if " " in when else f"{when} 12:00")
    return timeline.minute(moment.date(), moment.hour * 60 + moment.minute)


def log_of(timeline: Timeline, *cases: Case) -> Log:
    """Return the log of cases of which only the milestones are known."""
    rows: list[int] = []
    for number, case in enumerate(cases):
        for name, when in case.items():
            at = minute(timeline, when)
            rows += (number, MARKS.index(name), at, at, at, NOBODY, 0)
    arrived = np.array([minute(timeline, case[m.REQUEST]) for case in cases], dtype=np.int64)
    until = len(timeline.days) * MINUTES_A_DAY
    return Log.of(rows, MARKS, ("mark",) * len(MARKS), arrived, until)


def timings_of(timeline: Timeline, *cases: Case) -> Timings:
    """Return the timings of cases; advice asked of ``school`` is asked of a school."""
    return Timings.of(log_of(timeline, *cases), timeline, ["school"])


def request(when: str, *others: tuple[str, str]) -> Case:
    """Return a case with a request and other milestones."""
    return {m.REQUEST: when, **dict(others)}


def agreed(when: str, on: str, *others: tuple[str, str]) -> Case:
    """Return a case that it was agreed to assess."""
    return request(when, (m.DECISION_TO_ASSESS, on), (m.AGREED, on), *others)


def plan(when: str, final: str, *others: tuple[str, str]) -> Case:
    """Return a case with a request, an agreement at once, and a final plan."""
    return agreed(when, when, (m.FINAL_PLAN, final), *others)


def overturned(when: str, refused: str, ordered: str, *others: tuple[str, str]) -> Case:
    """Return a case that was refused and then ordered to be assessed."""
    told = (m.DECISION_TO_ASSESS, refused)
    return request(when, told, (m.REFUSED, refused), (m.ORDER_TO_ASSESS, ordered), *others)


def cases_like(*rows: Sequence[object]) -> pd.DataFrame:
    """Return the table of cases: source, age, age group, need and area of each."""
    table = pd.DataFrame(rows, columns=["source", "age", "age_group", "need", "area"])
    for name in ("source", "age_group", "need", "area"):
        table[name] = pd.Categorical(table[name])
    return table
