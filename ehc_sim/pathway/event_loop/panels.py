"""The sittings of a panel."""

from __future__ import annotations

from ehc_sim.compiled import part, seldom
from ehc_sim.pathway.event_loop.events import schedule
from ehc_sim.pathway.event_loop.layout import (
    CASES,
    CLOSE,
    CLOSES_AT,
    DECIDES,
    GO_ON,
    IN_ORDER,
    NOBODY,
    NOW,
    QUEUE_OF_PANEL,
    SITTINGS_END,
    ZERO,
    Ints,
    case_of,
    event_of,
    job_at,
    node_of,
    queue_at,
)
from ehc_sim.pathway.event_loop.queues import drop_job, take_from
from ehc_sim.pathway.event_loop.rows import write_row


@seldom
def close_list(m: Ints, panel: int, sitting: int) -> None:
    """Make up the list of a sitting."""
    now = m[NOW]
    queue = m[panel + QUEUE_OF_PANEL]
    minute = m[sitting + DECIDES]
    for _ in range(min(m[sitting + CASES], queue_at(m, queue).size)):
        job = take_from(m, queue, IN_ORDER)
        what = job_at(m, job).what
        write_row(m, case_of(what), node_of(what), job_at(m, job).joined, now, minute, NOBODY, ZERO)
        schedule(m, minute, what | GO_ON, ZERO)
        drop_job(m, job)


@part
def next_sitting(m: Ints, panel: int, sitting: int) -> None:
    """Have the list of a sitting closed in its time, where there is one more."""
    if sitting < m[panel + SITTINGS_END]:
        schedule(m, m[sitting + CLOSES_AT], event_of(CLOSE, panel, ZERO, ZERO), sitting)
