"""Logs written by hand, of which every measure can be worked out on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.journey import milestones as m
from ehc_sim.journey.cases import Cases, Named
from ehc_sim.measures.timings import Timings
from ehc_sim.network import Log
from ehc_sim.network.log import NOBODY, NOT_YET

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
    m.MEDIATED,
    m.APPEALED,
    m.ORDER_TO_ISSUE,
    m.MEETING_HELD,
    m.CONTENTS_APPEAL,
    m.PLAN_IN_HAND,
    m.REVIEW_ARRANGED,
    m.REVIEW_MEETING,
    m.MAINTAINED,
    m.CEASING_TOLD,
    m.CEASED_AT_REVIEW,
    m.AMENDMENT_NOTICE,
    m.AMENDED_PLAN,
    m.TRANSFER_BEGUN,
    m.TRANSFER_MEETING,
    m.TRANSFER_NOTICE,
    m.TRANSFER_PLAN,
)
WAITS = (
    *("personal circumstances", "away from the area"),
    *(f"{giver}: missed appointment" for giver in GIVERS),
)
NEXT_REVIEW = "next review"
NODES = {
    **dict.fromkeys(MARKS, "mark"),
    **dict.fromkeys(WAITS, "wait"),
    **dict.fromkeys((m.NO_REVIEW, m.TRANSFER_INSTEAD, m.NO_TRANSFER), "end"),
    NEXT_REVIEW: "start",
}
"""Nodes of the pathway, with their kinds."""
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
    """Return the log of cases of which only the milestones are known; the first is the arrival."""
    rows: list[int] = []
    names = tuple(NODES)
    arrived = np.full(len(cases), NOT_YET, dtype=np.int64)
    for number, case in enumerate(cases):
        minutes = {name: minute(timeline, when) for name, when in case.items()}
        for name, at in minutes.items():
            rows += (number, names.index(name), at, at, at, NOBODY, 0)
        arrived[number] = next(iter(minutes.values()), NOT_YET)
    until = len(timeline.days) * MINUTES_A_DAY
    return Log.of(rows, names, tuple(NODES.values()), arrived, until)


def timings_of(timeline: Timeline, *cases: Case, claimed: bool = False) -> Timings:
    """Return the timings of cases; advice asked of ``school`` is asked of a school."""
    log = log_of(timeline, *cases)
    return Timings.of(log, timeline, ["school"], None, ["family"], claimed)


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


def cases_like(*rows: tuple[str, int, str, str, str]) -> Cases:
    """Return requests with the source, age, age group, need and area of each."""
    source, age, age_group, need, area = zip(*rows, strict=True) if rows else ((),) * 5
    numbers = np.arange(len(rows))
    return Cases(
        number=numbers,
        minute=np.full(len(rows), NOT_YET),
        source=named(source),
        age=np.array(age, dtype=np.int64),
        birth=-np.array(age, dtype=np.int64) * 365 * MINUTES_A_DAY - 1,
        age_group=named(age_group),
        need=named(need),
        area=named(area),
        kind=named([m.REQUEST_CASE] * len(rows), m.KINDS_OF_CASE),
        holder=numbers,
        ends=np.full(len(rows), 2**62),
        moves_out=np.zeros(len(rows), dtype=bool),
        due_minute=np.full(len(rows), -1),
    )


def named(values: Sequence[str], names: Sequence[str] | None = None) -> Named:
    """Return a property of cases; of the names that occur, in their order, if none are given."""
    known = tuple(sorted(set(values)) if names is None else names)
    return Named(np.array([known.index(value) for value in values], dtype=np.int64), known)


@dataclass(frozen=True)
class Made:
    """One case of any kind.

    Attributes
    ----------
    kind : str
        One of ``milestones.KINDS_OF_CASE``.
    when : Case
        Its milestones.
    holder : int or None
        Number of the case that holds the plan; None for the case itself.
    ends : str or None
        When its plan ends otherwise than at a review, or moves away.
    moves_out : bool
        Whether it then moves to another council.
    due : str or None
        Statutory day of a phase transfer.
    born : str or None
        Day of birth; None for a child of eight.
    """

    kind: str
    when: Case = field(default_factory=dict)
    holder: int | None = None
    ends: str | None = None
    moves_out: bool = False
    due: str | None = None
    born: str | None = None


def service_of(timeline: Timeline, *made: Made) -> tuple[Log, Cases]:
    """Return the log of cases of any kind, and who they are about."""
    holders = [number if one.holder is None else one.holder for number, one in enumerate(made)]
    ends = [2**62 if one.ends is None else minute(timeline, one.ends) for one in made]
    due = [-1 if one.due is None else minute(timeline, f"{one.due} 23:59") for one in made]
    alike = cases_like(*[("parent", 8, "5-10", "autism", "North")] * len(made))
    born = [
        usual if one.born is None else minute(timeline, one.born)
        for one, usual in zip(made, alike.birth.tolist(), strict=True)
    ]
    cases = replace(
        alike,
        birth=np.array(born, dtype=np.int64),
        kind=named([one.kind for one in made], m.KINDS_OF_CASE),
        holder=np.array(holders, dtype=np.int64),
        ends=np.array(ends, dtype=np.int64),
        moves_out=np.array([one.moves_out for one in made], dtype=bool),
        due_minute=np.array(due, dtype=np.int64),
    )
    return log_of(timeline, *(one.when for one in made)), cases


def in_hand(ends: str | None = None, moves_out: bool = False) -> Made:
    """Return a plan that is in hand on the first day of 2025."""
    return Made(m.PLAN_AT_START, {m.PLAN_IN_HAND: "2025-01-01 00:00"}, None, ends, moves_out)


def review(holder: int, arranged: str, *others: tuple[str, str]) -> Made:
    """Return a review of a plan, with when it was arranged and other milestones."""
    return Made(m.REVIEW, {m.REVIEW_ARRANGED: arranged, **dict(others)}, holder)


def transfer(holder: int, begun: str, due: str, *others: tuple[str, str]) -> Made:
    """Return a phase transfer of a plan."""
    return Made(m.TRANSFER, {m.TRANSFER_BEGUN: begun, **dict(others)}, holder, due=due)
