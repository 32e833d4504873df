"""Open and overdue cases, the oldest of them, and the step at which they wait."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, deadline, law
from ehc_sim.catalogue.measure import STEPS
from ehc_sim.measures.counting import oldest_open
from ehc_sim.measures.periods import open_at, reached
from ehc_sim.measures.timings import Bools, Ints, Timings
from ehc_sim.tables import Rows, Table


def backlog(timings: Timings) -> Table:
    """Return the open cases at the end of each month.

    A case is open from the request, or the order to assess or to make a plan, to its outcome. While
    a refusal or a decision against a plan is disputed it is not; but it stays open where the
    council reconsiders a refusal by itself and then assesses, for the first clock goes on.

    Returns
    -------
    Table
        One row a month: open_cases, overdue_cases (open after the day on which the plan was due)
        and oldest_weeks (weeks since the start of the clock of the oldest open case without a draft
        plan; 0 where there is none). After the draft a few cases wait very long for a placement,
        whatever the service does, and would hide how long it leaves children.
    """
    t = timings
    ends = t.months[1:]
    started, ended, due, drafted = spells(t)
    overdue_from = np.maximum(np.minimum(due + 1, ended), started)
    columns = {
        "open_cases": open_at(ends, started, ended),
        "overdue_cases": open_at(ends, overdue_from, ended),
        "oldest_weeks": _oldest_weeks(ends, started, np.minimum(ended, drafted)),
    }
    return Table.of(Rows.of(month=t.timeline.months), columns)


def waiting(timings: Timings) -> Table:
    """Return the open cases at the end of each month by the step at which they wait.

    Returns
    -------
    Table
        One row a month, one column a step of ``STEPS``; the row adds up to the open cases.
    """
    t = timings
    ends = t.months[1:]
    # What is ordered after a decision against a plan goes on with the draft.
    decided_to_issue = np.where(reached(t.no_plan), t.no_plan, t.to_issue)
    spans = (
        (t.received, t.decided_at_last),
        (t.being_assessed_from, t.complete),
        (t.complete, decided_to_issue),
        (t.to_issue, t.draft),
        (t.draft, t.final),
    )
    columns = {
        step: open_at(ends, start[reached(start)], _end(end[reached(start)], t.until))
        for step, (start, end) in zip(STEPS, spans, strict=True)
    }
    return Table.of(Rows.of(month=t.timeline.months), columns)


def _end(minutes: Ints, until: int) -> Ints:
    return np.where(reached(minutes), minutes, until + 1)


def spells(timings: Timings) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the times in which cases are open: start, end, when the plan is due, and the draft.

    A case has a spell from its request, and one from each order.
    """
    t = timings
    assessed = np.where(reached(t.no_plan), t.no_plan, t.final)
    stays = reached(t.refused) & ~reached(t.reconsidered)
    first = np.where(stays, t.refused, np.maximum(assessed, t.withdrawn))
    # The draft of a case belongs to its last spell; those before ended without one.
    spells = (
        (t.received, first, law.PLAN.days, ~t.second_clock),
        (t.ordered, assessed, law.ORDER_PLAN.days, ~reached(t.ordered_to_issue)),
        (t.ordered_to_issue, t.final, law.ORDER_TO_ISSUE_PLAN.days, reached(t.ordered_to_issue)),
    )
    parts = [_spell(t, *spell) for spell in spells]
    started, ended, due, drafted = (np.concatenate(part) for part in zip(*parts, strict=True))
    return started, ended, due, drafted


def _spell(
    timings: Timings, start: Ints, end: Ints, allowed_days: int, last: Bools
) -> tuple[Ints, Ints, Ints, Ints]:
    until, begun = timings.until, reached(start)
    drafted = np.where(last, _end(timings.draft, until), until + 1)
    due = deadline(start[begun], allowed_days)
    return start[begun], _end(end[begun], until), due, drafted[begun]


def _oldest_weeks(ends: Ints, started: Ints, ended: Ints) -> NDArray[np.float64]:
    oldest = ends.copy()
    oldest_open(ends, started, ended, oldest)
    return np.where(oldest < ends, (ends - 1 - oldest) // MINUTES_A_DAY / 7, 0.0)
