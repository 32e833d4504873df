"""Why late plans are late: the minutes over the law's limit, divided over steps and those who act.

``docs/lateness.md`` has the rules and a case worked by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.measures.timeliness import share
from ehc_sim.measures.timings import Bools, Ints, Timings, reached
from ehc_sim.pathway import milestones
from ehc_sim.pathway.log import Log

DECISION, ADVICE, DRAFT, FINAL = STEPS = (
    "Decision to assess",
    "Advice",
    "Draft plan",
    "Draft to final plan",
)
"""The steps to a plan; they end with the milestones of the same names."""

REQUEST_ALLOWANCE = (42, 42, 28, 28)
"""Days that each step may take from a request: weeks 6, 12, 16 and 20. The law has the decision by
week 6 (SEND Regulations 2014, reg 5), six weeks for advice (reg 8) and the final plan by week 20
(reg 13). Week 16 is its date for saying that there will be no plan (reg 10); a draft that goes out
later leaves the family too little time."""

ASSESS_ALLOWANCE = (0, 42, 28, 28)
"""Days from an order to assess: the same without a decision, weeks 6, 10 and 14 (reg 45)."""

ISSUE_ALLOWANCE = (0, 0, 35, 42)
"""Days from an order to make a plan: draft in 5 weeks, final plan in 11 (reg 44)."""

NOT_RECORDED = "not recorded"
"""In place of who acts: time of which the log does not say where it went."""
NO_TIME = "no time taken"
"""In place of who acts: the days that a step did not use because it took no time at all."""
ALL = "all"
"""In place of a step or of who acts: all of them."""

_ALLOWANCES = {sum(days): days for days in (REQUEST_ALLOWANCE, ASSESS_ALLOWANCE, ISSUE_ALLOWANCE)}


class Place(NamedTuple):
    """Where the time that a case spends at a node is counted.

    Attributes
    ----------
    step : str
        One of ``STEPS``.
    part : str
        Who acts or is waited for: a team, an advice giver, a panel, the family.
    giver : str or None
        Advice giver in whose branch the node is, by the name in its milestones; None outside of the
        branches.
    """

    step: str
    part: str
    giver: str | None = None


@dataclass(frozen=True, eq=False)
class Lateness:
    """The account of the late plans of a run. Everything adds up exactly, to the minute.

    Attributes
    ----------
    cases : ndarray of int64, shape (late,)
        Numbers of the cases whose plan was issued late on their own clock, rising.
    total : ndarray of int64, shape (late,)
        Minutes from the start of the clock to the final plan, less the days that the law allows.
    steps : ndarray of int64, shape (late, 4)
        Minutes of each step less its allowance; below 0 where it took less. Sum up to ``total``.
    parts : tuple of (str, str)
        Step and who acts.
    row, part : ndarray of int64, shape (pieces,)
        The pieces that the steps are divided into: place of its case in ``cases`` and place of its
        part in ``parts``; in the order of cases, steps and time.
    queued : ndarray of bool, shape (pieces,)
        Whether nobody had begun: the case waited for a free post or for a place on a panel's list.
    minutes : ndarray of int64, shape (pieces,)
        Its share of the step's minutes over the allowance. Sum up to ``steps``.
    """

    cases: Ints
    total: Ints
    steps: Ints
    parts: tuple[tuple[str, str], ...]
    row: Ints
    part: Ints
    queued: Bools
    minutes: Ints

    def by_part(self) -> Ints:
        """Return the minutes of each case and part, shape (late, parts)."""
        return self._summed(self.minutes)

    def queued_by_part(self) -> Ints:
        """Return those of them in which nobody had begun, shape (late, parts)."""
        return self._summed(np.where(self.queued, self.minutes, 0))

    def _summed(self, minutes: Ints) -> Ints:
        table = np.zeros((len(self.cases), len(self.parts)), dtype=np.int64)
        np.add.at(table, (self.row, self.part), minutes)
        return table


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Stretches of time on the way to a plan; arrays of one shape."""

    row: Ints
    step: Ints
    part: Ints
    queued: Bools
    time: Ints


def lateness(log: Log, timings: Timings, nodes: Mapping[str, Place]) -> Lateness:
    """Return why each late plan was late.

    Of parallel advice only the branch counts that came in last. A step's minutes over or under its
    allowance are divided over the stretches of time within it in proportion to their length.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    timings : Timings
        Milestones of the run's requests, which are its first cases.
    nodes : mapping of str to Place
        Where each node counts between the request and the final plan; in the order of the pathway.
        Nodes that are not in it take no time, or are not on the way to a plan.

    Returns
    -------
    Lateness

    Raises
    ------
    ValueError
        When the law allows a case a number of days of which no allowances are known.
    """
    late = np.flatnonzero(reached(timings.final) & ~timings.plan_on_time)
    bounds = _bounds(timings, late)
    spent = np.diff(bounds, axis=1)
    allowed = _allowances(timings.allowed_days[late])
    parts = parts_of(nodes)
    recorded = _recorded(log, nodes, late, bounds, _last_giver(log, nodes, timings.complete)[late])
    pieces = _completed(recorded, spent, allowed != 0, parts)
    return Lateness(
        cases=late,
        total=(bounds[:, -1] - bounds[:, 0]) - timings.allowed_days[late] * MINUTES_A_DAY,
        steps=spent - allowed,
        parts=parts,
        row=pieces.row,
        part=pieces.part,
        queued=pieces.queued,
        minutes=_divided(pieces, spent, spent - allowed),
    )


def lateness_table(account: Lateness, timings: Timings) -> pd.DataFrame:
    """Return the account by the year in which the plans were issued.

    Parameters
    ----------
    account : Lateness
        Account of a run.
    timings : Timings
        Milestones of the same run.

    Returns
    -------
    DataFrame
        Rows (year, step, part): for every year of the run ``all, all``, each step with ``all`` and
        each part. Columns: late_plans (number issued late in the year, the same in all its rows),
        minutes (sum over them), minutes_in_queue (those in which nobody had begun),
        days_a_late_plan (mean, days of 24 hours) and share (of all minutes over the limit; parts
        under their allowance are below 0). The last two are NaN in a year without late plans.
    """
    first, last = timings.timeline.first_day.year, timings.timeline.last_day.year
    years = range(first, last + 1)
    year = timings.year_of(timings.final)[account.cases] - first
    rows = _rows_of(account.parts)
    counted = np.array([[_within(part, row) for row in rows] for part in account.parts], np.int64)

    def by_year(of_cases: Ints) -> Ints:
        sums = np.zeros((len(years), len(account.parts)), dtype=np.int64)
        np.add.at(sums, year, of_cases)
        return (sums @ counted).ravel()

    minutes = by_year(account.by_part())
    plans = np.repeat(np.bincount(year, minlength=len(years)), len(rows))
    table = pd.DataFrame(
        {
            "late_plans": plans,
            "minutes": minutes,
            "minutes_in_queue": by_year(account.queued_by_part()),
            "days_a_late_plan": share(minutes / MINUTES_A_DAY, plans),
            "share": share(minutes, np.repeat(minutes[:: len(rows)], len(rows))),
        }
    )
    keys = [(year, *row) for year in years for row in rows]
    table.index = pd.MultiIndex.from_tuples(keys, names=["year", "step", "part"])
    return table.astype(float)


def parts_of(nodes: Mapping[str, Place]) -> tuple[tuple[str, str], ...]:
    """Return step and who acts, for all that a step's minutes can be divided into."""
    return tuple(
        (step, part)
        for step in STEPS
        for part in dict.fromkeys(
            [
                *(place.part for place in nodes.values() if place.step == step),
                NOT_RECORDED,
                NO_TIME,
            ]
        )
    )


def _rows_of(parts: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    of_steps = [[(step, ALL), *(one for one in parts if one[0] == step)] for step in STEPS]
    return [(ALL, ALL), *(row for rows in of_steps for row in rows)]


def _within(part: tuple[str, str], row: tuple[str, str]) -> bool:
    return all(mine == asked or asked == ALL for mine, asked in zip(part, row, strict=True))


def _bounds(t: Timings, late: Ints) -> Ints:
    """Return the minutes between which the steps lie, shape (late, 5).

    A milestone before the clock was started, or one that is not in the log, leaves its step no
    time: what passed until the next one belongs to the step that ended with that.
    """
    ends = (t.clock_started, t.decided, t.complete, t.draft, t.final)
    minutes = np.stack([end[late] for end in ends], axis=1)
    return np.minimum(np.maximum.accumulate(minutes, axis=1), minutes[:, -1:])


def _allowances(allowed_days: Ints) -> Ints:
    """Return the minutes that each step may take, shape (late, 4)."""
    days = np.zeros((len(allowed_days), len(STEPS)), dtype=np.int64)
    for whole in np.unique(allowed_days).tolist():
        if whole not in _ALLOWANCES:
            raise ValueError(f"{whole} days allowed, known are {sorted(_ALLOWANCES)}")
        days[allowed_days == whole] = _ALLOWANCES[whole]
    return days * MINUTES_A_DAY


def _givers(nodes: Mapping[str, Place]) -> list[str]:
    return list(dict.fromkeys(place.giver for place in nodes.values() if place.giver is not None))


def _last_giver(log: Log, nodes: Mapping[str, Place], complete: Ints) -> Ints:
    """Return the place of the giver whose advice completed each assessment, -1 where none did.

    Of several in the same minute it is the first. Advice that was not awaited is not told apart
    when it happens to come in that very minute.
    """
    found = np.full(len(complete), -1, dtype=np.int64)
    for place, giver in reversed(list(enumerate(_givers(nodes)))):
        asked = log.reached(milestones.asked(giver))[: len(complete)]
        given = log.reached(milestones.advice_in(giver))[: len(complete)]
        found[reached(asked) & reached(given) & (given == complete)] = place
    return found


def _recorded(
    log: Log, nodes: Mapping[str, Place], late: Ints, bounds: Ints, last_giver: Ints
) -> _Pieces:
    """Return the time that the log accounts for, in the order of cases and time.

    Time counts once, for what began first, and only within the step of its node.
    """
    parts, givers = parts_of(nodes), _givers(nodes)
    step_of, part_of, giver_of = (np.full(len(log.nodes), -1, dtype=np.int64) for _ in range(3))
    for at, name in enumerate(log.nodes):
        if (place := nodes.get(name)) is not None:
            step_of[at] = STEPS.index(place.step)
            part_of[at] = parts.index((place.step, place.part))
            giver_of[at] = givers.index(place.giver) if place.giver is not None else -1
    row_of = np.full(len(log.arrived), -1, dtype=np.int64)
    row_of[late] = np.arange(len(late))
    visits = log.visits[(row_of[log.visits[:, 0]] >= 0) & (step_of[log.visits[:, 1]] >= 0)]
    giver = giver_of[visits[:, 1]]
    visits = visits[(giver < 0) | (giver == last_giver[row_of[visits[:, 0]]])]

    row, node = np.tile(row_of[visits[:, 0]], 2), np.tile(visits[:, 1], 2)
    step, queued = step_of[node], np.arange(len(node)) < len(visits)
    begin = np.maximum(np.concatenate([visits[:, 2], visits[:, 3]]), bounds[row, step])
    end = np.minimum(np.concatenate([visits[:, 3], visits[:, 4]]), bounds[row, step + 1])
    order = np.lexsort((begin, row))
    order = order[(end > begin)[order]]
    row, step, begin, end = row[order], step[order], begin[order], end[order]
    # All cases on one line of time, each after the one before.
    apart = int((bounds[:, -1] - bounds[:, 0]).max(initial=0)) + 1
    shift = row * apart - bounds[row, 0]
    covered = np.maximum.accumulate(end + shift)
    before = np.concatenate([[0], covered[:-1]])[: len(covered)]
    time = np.maximum(end + shift - np.maximum(begin + shift, before), 0)
    return _Pieces(row, step, part_of[node[order]], queued[order], time)


def _completed(
    recorded: _Pieces, spent: Ints, allowed: Bools, parts: tuple[tuple[str, str], ...]
) -> _Pieces:
    """Return the pieces with what the log does not account for, in the order of cases and steps."""
    left = spent.copy()
    np.subtract.at(left, (recorded.row, recorded.step), recorded.time)
    added = []
    for missing, name in ((left > 0, NOT_RECORDED), ((spent == 0) & allowed, NO_TIME)):
        row, step = np.nonzero(missing)
        part = np.array([parts.index((one, name)) for one in STEPS], dtype=np.int64)[step]
        added.append(_Pieces(row, step, part, np.zeros(len(row), dtype=bool), left[row, step]))
    every = [recorded, *added]
    row, step = (np.concatenate([getattr(one, name) for one in every]) for name in ("row", "step"))
    order = np.argsort(row * len(STEPS) + step, kind="stable")
    return _Pieces(
        row[order],
        step[order],
        np.concatenate([one.part for one in every])[order],
        np.concatenate([one.queued for one in every])[order],
        np.concatenate([one.time for one in every])[order],
    )


def _divided(pieces: _Pieces, spent: Ints, over: Ints) -> Ints:
    """Return each piece's share of its step's minutes over the allowance, in whole minutes.

    Rounded as running sums within the step, so that the shares add up.
    """
    whole, excess = spent[pieces.row, pieces.step], over[pieces.row, pieces.step]
    after = np.cumsum(pieces.time)
    before = after - pieces.time
    group = pieces.row * len(STEPS) + pieces.step
    starts = np.diff(group, prepend=-1) > 0
    base = np.maximum.accumulate(np.where(starts, before, 0))

    def up_to(passed: Ints) -> Ints:
        return excess * (passed - base) // np.maximum(whole, 1)

    return np.where(whole > 0, up_to(after) - up_to(before), excess)
