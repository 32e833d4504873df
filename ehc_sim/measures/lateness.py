"""Why late plans are late: the minutes over the law's limit, divided over steps and those who act.

``docs/lateness.md`` has the rules and a case worked by hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, law
from ehc_sim.measures.lateness_pieces import divide
from ehc_sim.measures.periods import reached, share, years
from ehc_sim.measures.timings import Bools, Ints, Timings
from ehc_sim.network.log import Log
from ehc_sim.tables import Level, Rows, Table

DECISION, ADVICE, DRAFT, FINAL = STEPS = (
    "Decision to assess",
    "Advice",
    "Draft plan",
    "Draft to final plan",
)
"""The steps to a plan; they end with the milestones of the same names."""

_TO_ADVICE = law.ASSESS_DECISION.days + law.ADVICE.days
REQUEST_ALLOWANCE = (
    law.ASSESS_DECISION.days,
    law.ADVICE.days,
    law.NO_PLAN.days - _TO_ADVICE,
    law.PLAN.days - law.NO_PLAN.days,
)
"""Days that each step may take from a request: weeks 6, 12, 16 and 20. The law has the decision by
week 6 (SEND Regulations 2014, reg 5), six weeks for advice (reg 8) and the final plan by week 20
(reg 13). Week 16 is its date for saying that there will be no plan (reg 10); a draft that goes out
later leaves the family too little time."""

ASSESS_ALLOWANCE = (
    0,
    law.ADVICE.days,
    law.ORDER_NO_PLAN.days - law.ADVICE.days,
    law.ORDER_PLAN.days - law.ORDER_NO_PLAN.days,
)
"""Days from an order to assess: the same without a decision, weeks 6, 10 and 14 (reg 45)."""

_TO_DRAFT = law.ORDER_TO_ISSUE_DRAFT.days
ISSUE_ALLOWANCE = (0, 0, _TO_DRAFT, law.ORDER_TO_ISSUE_PLAN.days - _TO_DRAFT)
"""Days from an order to make a plan: draft in 5 weeks, final plan in 11 (reg 44)."""

NOT_RECORDED = "not recorded"
"""In place of who acts: time of which the log does not say where it went."""
NO_TIME = "no time taken"
"""In place of who acts: the days that a step did not use because it took no time at all."""
ALL = "all"
"""In place of a step or of who acts: all of them."""

_ALLOWANCES = {sum(days): days for days in (REQUEST_ALLOWANCE, ASSESS_ALLOWANCE, ISSUE_ALLOWANCE)}


class Bucket(NamedTuple):
    """Where the time that a case spends at a node is counted.

    Attributes
    ----------
    step : str
        One of ``STEPS``.
    part : str
        Who acts or is waited for: a team, an advice provider, a panel, the family.
    giver : str or None
        Provider in whose branch the node is, by the name in its milestones; None outside of the
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


def lateness(log: Log, timings: Timings, nodes: Mapping[str, Bucket]) -> Lateness:
    """Return why each late plan was late.

    Of parallel advice only the branch counts that came in last. A step's minutes over or under its
    allowance are divided over the stretches of time within it in proportion to their length.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    timings : Timings
        Milestones of the run's requests, which are its first cases.
    nodes : mapping of str to Bucket
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
    allowed = _allowances(timings.allowed_days[late])
    parts = parts_of(nodes)
    rows = log.rows_of(late)
    most = 2 * int((rows[1] - rows[0]).sum()) + len(STEPS) * len(late)
    pieces = np.empty((4, most), dtype=np.int64)
    count = divide(
        log.columns[1:5],
        rows,
        _numbered(log, nodes, parts),
        _last_giver(timings, nodes)[late],
        bounds,
        allowed,
        np.array(
            [[parts.index((step, name)) for step in STEPS] for name in (NOT_RECORDED, NO_TIME)]
        ),
        pieces,
    )
    row, part, queued, minutes = pieces[:, :count]
    return Lateness(
        cases=late,
        total=(bounds[:, -1] - bounds[:, 0]) - timings.allowed_days[late] * MINUTES_A_DAY,
        steps=np.diff(bounds, axis=1) - allowed,
        parts=parts,
        row=row,
        part=part,
        queued=queued.astype(bool),
        minutes=minutes,
    )


def lateness_table(account: Lateness, timings: Timings) -> Table:
    """Return the account by the year in which the plans were issued.

    Parameters
    ----------
    account : Lateness
        Account of a run.
    timings : Timings
        Milestones of the same run.

    Returns
    -------
    Table
        Rows (year, step, part): for every year of the run ``all, all``, each step with ``all`` and
        each part. Columns: late_plans (number issued late in the year, the same in all its rows),
        minutes (sum over them), minutes_in_queue (those in which nobody had begun),
        days_a_late_plan (mean, days of 24 hours) and share (of all minutes over the limit; parts
        under their allowance are below 0). The last two are NaN in a year without late plans.
    """
    every = years(timings.timeline)
    year = timings.year_of(timings.final)[account.cases]
    parts, steps = len(account.parts), [step for step, _ in account.parts]

    def by_year(minutes: Ints) -> NDArray[np.float64]:
        # Whole numbers, which add up exactly as floats too.
        cells = year[account.row] * parts + account.part
        sums = np.bincount(cells, minutes, len(every) * parts).reshape(len(every), parts)
        columns = [sums.sum(axis=1, keepdims=True)]
        for step in STEPS:
            mine = sums[:, steps.index(step) : steps.index(step) + steps.count(step)]
            columns += [mine.sum(axis=1, keepdims=True), mine]
        return np.hstack(columns)

    minutes = by_year(account.minutes)
    plans = np.repeat(np.bincount(year, minlength=len(every)), minutes.shape[1])
    of_year = np.repeat(minutes[:, 0], minutes.shape[1])
    return Table.of(
        Rows(("year", "step", "part"), _blocks(every, account.parts)),
        {
            "late_plans": plans,
            "minutes": minutes.ravel(),
            "minutes_in_queue": by_year(np.where(account.queued, account.minutes, 0)).ravel(),
            "days_a_late_plan": share(minutes.ravel() / MINUTES_A_DAY, plans),
            "share": share(minutes.ravel(), of_year),
        },
    )


def parts_of(nodes: Mapping[str, Bucket]) -> tuple[tuple[str, str], ...]:
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


def _blocks(every: Ints, parts: tuple[tuple[str, str], ...]) -> tuple[tuple[Level, ...], ...]:
    of_steps: list[tuple[Level, ...]] = [([ALL], [ALL])]
    for step in STEPS:
        of_steps.append(([step], [ALL, *(part for one, part in parts if one == step)]))
    return tuple(([year], *of_step) for year in every.tolist() for of_step in of_steps)


def _bounds(t: Timings, late: Ints) -> Ints:
    """Return the minutes between which the steps lie, shape (late, 5).

    A milestone before the clock was started, or one that is not in the log, leaves its step no
    time: what passed until the next one belongs to the step that ended with that.
    """
    ends = (t.clock_started, t.decided_at_last, t.complete, t.draft, t.final)
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


def _givers(nodes: Mapping[str, Bucket]) -> list[str]:
    return list(dict.fromkeys(place.giver for place in nodes.values() if place.giver is not None))


def _last_giver(t: Timings, nodes: Mapping[str, Bucket]) -> Ints:
    """Return the place of the giver whose advice completed each assessment, -1 where none did.

    Of several in the same minute it is the first. Advice that was not awaited is not told apart
    when it happens to come in that very minute.
    """
    found = np.full(len(t.complete), -1, dtype=np.int64)
    for place, giver in reversed(list(enumerate(_givers(nodes)))):
        given = t.advice_in(giver)
        found[reached(t.asked(giver)) & reached(given) & (given == t.complete)] = place
    return found


def _numbered(
    log: Log, nodes: Mapping[str, Bucket], parts: tuple[tuple[str, str], ...]
) -> tuple[Ints, Ints, Ints]:
    """Return the step, the part and the giver of each node of a log; -1 where there is none."""
    givers = _givers(nodes)
    step_of, part_of, giver_of = np.full((3, len(log.nodes)), -1, dtype=np.int64)
    for at, name in enumerate(log.nodes):
        if (place := nodes.get(name)) is not None:
            step_of[at] = STEPS.index(place.step)
            part_of[at] = parts.index((place.step, place.part))
            giver_of[at] = givers.index(place.giver) if place.giver is not None else -1
    return step_of, part_of, giver_of
