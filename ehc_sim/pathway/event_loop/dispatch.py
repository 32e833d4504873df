"""Free posts of a team take jobs."""

from __future__ import annotations

from ehc_sim.compiled import part, seldom
from ehc_sim.machine import lowest_bit
from ehc_sim.pathway.event_loop.agency import pass_on
from ehc_sim.pathway.event_loop.events import schedule
from ehc_sim.pathway.event_loop.layout import (
    AGENCY,
    AWAY_POSTS,
    CALLED,
    DONE,
    FAULT,
    FIRST_POST,
    FIRST_SERVED,
    FOUND,
    HAND_OVER,
    IDLE,
    LOOK,
    NEVER,
    NOT_YET,
    NOW,
    OF_POST_COLUMNS,
    OF_POSTS,
    POST_COLUMNS,
    RULES_NOW,
    SERVED,
    WAITING,
    WAKE,
    WORD,
    WORDS,
    ZERO,
    Ints,
    case_of,
    event_of,
    job_at,
    node_of,
)
from ehc_sim.pathway.event_loop.posts import at_work_of, done_by, finish, next_handover, next_there
from ehc_sim.pathway.event_loop.queues import drop_job
from ehc_sim.pathway.event_loop.rows import write_row
from ehc_sim.pathway.event_loop.teams import next_of_post, next_queue


@part
def _take(m: Ints, team: int, number: int, job: int) -> None:
    """Have a post work on a job to its end, or until it hands the job over."""
    now = m[NOW]
    m[m[team + IDLE] + number // WORD] &= ~(1 << number % WORD)
    post = m[team + FIRST_POST] + number * POST_COLUMNS
    what, joined = job_at(m, job).what, job_at(m, job).joined
    case, node = case_of(what), node_of(what)
    minutes = job_at(m, job).minutes
    ended = finish(m, post, now, minutes)
    handed_over = next_handover(m, post, now, ended)
    if handed_over < ended:
        done = done_by(m, post, handed_over) - done_by(m, post, now)
        write_row(m, case, node, joined, now, handed_over, number, done)
        job_at(m, job).minutes = job_at(m, job).left = minutes - done
        schedule(m, handed_over, event_of(HAND_OVER, team, ZERO, ZERO), number << 32 | job)
        return
    schedule(m, ended, what | DONE, number)
    write_row(m, case, node, joined, now, ended, number, minutes)
    drop_job(m, job)


@part
def dispatch(m: Ints, team: int) -> None:
    """Let each free post, in the order of their numbers, take the next job that it serves."""
    m[team + CALLED] = 0
    waits = False
    for word in range(m[team + WORDS]):
        idle = m[m[team + IDLE] + word]
        if idle and not m[team + WAITING]:
            return
        ready = at_work_of(m, team, word)
        away = idle & ~ready
        if away:
            waits = True
        if away != m[m[team + AWAY_POSTS] + word]:
            m[m[team + AWAY_POSTS] + word] = away
            m[team + FOUND] = NOT_YET
        while ready:
            bit = lowest_bit(ready)
            ready &= ready - 1
            number = word * WORD + bit
            serves = m[m[team + RULES_NOW] + OF_POSTS] + number * OF_POST_COLUMNS
            queue = next_queue(m, team, m[serves + FIRST_SERVED], m[serves + SERVED])
            if m[FAULT]:
                return
            if queue >= 0:
                _take(m, team, number, next_of_post(m, team, serves, queue))
                if not m[team + WAITING] and idle >> bit >> 1:
                    return
    if m[team + AGENCY] >= 0 and m[team + WAITING]:
        pass_on(m, team)
    if waits:
        _wake(m, team)


@part
def _wake(m: Ints, team: int) -> None:
    """Look again when the first of the idle posts that are not at work comes to work."""
    now = m[NOW]
    if m[team + FOUND] <= now:  # else the same are idle, and none of them has come
        m[team + FOUND] = _first_there(m, team)
    wake = m[team + FOUND]
    known = m[team + WAKE]
    if wake < NEVER and not now < known <= wake:
        m[team + WAKE] = wake
        schedule(m, wake, event_of(LOOK, team, ZERO, ZERO), ZERO)


@seldom
def _first_there(m: Ints, team: int) -> int:
    """Return the first minute at which one of the idle posts that are not at work is."""
    found = NEVER
    for word in range(m[team + WORDS]):
        away = m[m[team + AWAY_POSTS] + word]
        while away:
            bit = lowest_bit(away)
            away &= away - 1
            found = min(found, next_there(m, team, word * WORD + bit))
    return found
