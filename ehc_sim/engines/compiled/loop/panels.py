"""The sittings of a panel."""

from __future__ import annotations

from ehc_sim.engines.compiled.loop.events import schedule
from ehc_sim.engines.compiled.loop.layout import (
    CLOSE,
    GO_ON,
    IN_ORDER,
    NOBODY,
    NOW,
    ZERO,
    Ints,
    case_of,
    event_of,
    job_at,
    node_of,
    panel_at,
    queue_at,
    sitting_at,
)
from ehc_sim.engines.compiled.loop.queues import drop_job, take_from
from ehc_sim.engines.compiled.loop.rows import write_row
from ehc_sim.jit.decorators import inline, noinline


@noinline
def close_list(m: Ints, panel: int, sitting: int) -> None:
    """Make up the list of a sitting."""
    now = m[NOW]
    queue = panel_at(m, panel).queue
    minute = sitting_at(m, sitting).decides
    for _ in range(min(sitting_at(m, sitting).cases, queue_at(m, queue).size)):
        job = take_from(m, queue, IN_ORDER)
        what = job_at(m, job).what
        write_row(m, case_of(what), node_of(what), job_at(m, job).joined, now, minute, NOBODY, ZERO)
        schedule(m, minute, what | GO_ON, ZERO)
        drop_job(m, job)


@inline
def next_sitting(m: Ints, panel: int, sitting: int) -> None:
    """Have the list of a sitting closed in its time, where there is one more."""
    if sitting < panel_at(m, panel).sittings_end:
        schedule(m, sitting_at(m, sitting).closes, event_of(CLOSE, panel, ZERO, ZERO), sitting)
