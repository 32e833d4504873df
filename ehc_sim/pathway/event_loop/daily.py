"""A team of daily hours, which are poured over its jobs."""

from __future__ import annotations

from ehc_sim.compiled import part, seldom
from ehc_sim.pathway.event_loop.events import schedule
from ehc_sim.pathway.event_loop.layout import (
    DAILY,
    DAY,
    DAYS,
    FAULT,
    GO_ON,
    J_BEGUN,
    J_JOINED,
    J_LEFT,
    J_MINUTES,
    J_WHAT,
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
    node_of,
)
from ehc_sim.pathway.event_loop.queues import drop_job
from ehc_sim.pathway.event_loop.rows import write_row
from ehc_sim.pathway.event_loop.teams import next_job, next_queue, put, queues_of


@seldom
def pour(m: Ints, team: int) -> None:
    """Give the jobs that wait for a team of daily hours the minutes of this day."""
    now = m[NOW]
    today = m[team + DAILY] + now // DAY * 2
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
        given = min(left, most, m[job + J_LEFT])
        if m[job + J_LEFT] == m[job + J_MINUTES]:
            m[job + J_BEGUN] = now
        m[job + J_LEFT] -= given
        left -= given
        if m[job + J_LEFT]:
            m[m[MOVED] + not_done] = job
            not_done += 1
        else:
            row_of_begun(m, job, now + given)
            schedule(m, now + given, m[job + J_WHAT] | GO_ON, ZERO)
            drop_job(m, job)
        if m[FAULT]:
            return
    for place in range(not_done):
        put(m, team, m[m[MOVED] + place])


@part
def row_of_begun(m: Ints, job: int, ended: int) -> None:
    """Write the row of a job of a team of daily hours that was begun."""
    what, joined = m[job + J_WHAT], m[job + J_JOINED]
    case, node = case_of(what), node_of(what)
    write_row(m, case, node, joined, m[job + J_BEGUN], ended, SHARED_HOURS, m[job + J_MINUTES])


@part
def next_day(m: Ints, team: int, day: int) -> None:
    """Have a team of daily hours pour the minutes of its next day that has some."""
    while day < m[DAYS]:
        if m[m[team + DAILY] + 2 * day]:
            schedule(m, day * DAY + MORNING, event_of(POUR, team, ZERO, ZERO), day)
            return
        day += 1
