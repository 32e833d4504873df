"""A team of daily hours, which are poured over its jobs."""

from __future__ import annotations

from ehc_sim.engines.compiled.loop.events import schedule
from ehc_sim.engines.compiled.loop.layout import (
    DAY,
    DAYS,
    FAULT,
    GO_ON,
    LISTED,
    MORNING,
    MOVED,
    NOW,
    POUR,
    SHARED_HOURS,
    ZERO,
    Ints,
    case_of,
    event_of,
    job_at,
    node_of,
    team_at,
)
from ehc_sim.engines.compiled.loop.queues import drop_job
from ehc_sim.engines.compiled.loop.rows import write_row
from ehc_sim.engines.compiled.loop.teams import next_job, next_queue, put, queues_of
from ehc_sim.jit.decorators import inline, noinline


@noinline
def pour(m: Ints, team: int) -> None:
    """Give the jobs that wait for a team of daily hours the minutes of this day."""
    now = m[NOW]
    today = team_at(m, team).daily + now // DAY * 2
    left, most = m[today], m[today + 1]
    count = queues_of(m, team)
    for number in range(count):
        m[m[LISTED] + number] = number
    not_done = 0
    while left:
        queue = next_queue(m, team, m[LISTED], count)
        if queue < 0:
            break
        job = next_job(m, team, queue)
        given = min(left, most, job_at(m, job).left)
        if job_at(m, job).left == job_at(m, job).minutes:
            job_at(m, job).begun = now
        job_at(m, job).left -= given
        left -= given
        if job_at(m, job).left:
            m[m[MOVED] + not_done] = job
            not_done += 1
        else:
            row_of_begun(m, job, now + given)
            schedule(m, now + given, job_at(m, job).what | GO_ON, ZERO)
            drop_job(m, job)
        if m[FAULT]:
            return
    for place in range(not_done):
        put(m, team, m[m[MOVED] + place])


@inline
def row_of_begun(m: Ints, job: int, ended: int) -> None:
    """Write the row of a job of a team of daily hours that was begun."""
    what, joined = job_at(m, job).what, job_at(m, job).joined
    case, node = case_of(what), node_of(what)
    write_row(
        m, case, node, joined, job_at(m, job).begun, ended, SHARED_HOURS, job_at(m, job).minutes
    )


@inline
def next_day(m: Ints, team: int, day: int) -> None:
    """Have a team of daily hours pour the minutes of its next day that has some."""
    while day < m[DAYS]:
        if m[team_at(m, team).daily + 2 * day]:
            schedule(m, day * DAY + MORNING, event_of(POUR, team, ZERO, ZERO), day)
            return
        day += 1
