"""Free posts of a team take jobs."""

from __future__ import annotations

from ehc_sim.engines.compiled.loop.agency import pass_on
from ehc_sim.engines.compiled.loop.events import schedule
from ehc_sim.engines.compiled.loop.layout import (
    DONE,
    FAULT,
    HAND_OVER,
    LOOK,
    NEVER,
    NOT_YET,
    NOW,
    OF_POST_COLUMNS,
    POST_COLUMNS,
    WORD,
    ZERO,
    Ints,
    case_of,
    event_of,
    job_at,
    node_of,
    of_post_at,
    rules_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.posts import (
    at_work_of,
    done_by,
    finish,
    next_handover,
    next_there,
)
from ehc_sim.engines.compiled.loop.queues import drop_job
from ehc_sim.engines.compiled.loop.rows import write_row
from ehc_sim.engines.compiled.loop.teams import next_of_post, next_queue
from ehc_sim.jit.decorators import inline, noinline
from ehc_sim.jit.machine import lowest_bit


@inline
def _take(m: Ints, team: int, number: int, job: int) -> None:
    """Have a post work on a job to its end, or until it hands the job over."""
    now = m[NOW]
    m[team_at(m, team).idle + number // WORD] &= ~(1 << number % WORD)
    post = team_at(m, team).first_post + number * POST_COLUMNS
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


@inline
def dispatch(m: Ints, team: int) -> None:
    """Let each free post, in the order of their numbers, take the next job that it serves."""
    team_at(m, team).called = 0
    waits = False
    for word in range(team_at(m, team).words):
        idle = m[team_at(m, team).idle + word]
        if idle and not team_at(m, team).waiting:
            return
        ready = at_work_of(m, team, word)
        away = idle & ~ready
        if away:
            waits = True
        if away != m[team_at(m, team).away_posts + word]:
            m[team_at(m, team).away_posts + word] = away
            team_at(m, team).found = NOT_YET
        while ready:
            bit = lowest_bit(ready)
            ready &= ready - 1
            number = word * WORD + bit
            serves = rules_at(m, team_at(m, team).rules_now).of_posts + number * OF_POST_COLUMNS
            served = of_post_at(m, serves)
            queue = next_queue(m, team, served.first_served, served.served)
            if m[FAULT]:
                return
            if queue >= 0:
                _take(m, team, number, next_of_post(m, team, serves, queue))
                if not team_at(m, team).waiting and idle >> bit >> 1:
                    return
    if team_at(m, team).agency >= 0 and team_at(m, team).waiting:
        pass_on(m, team)
    if waits:
        _wake(m, team)


@inline
def _wake(m: Ints, team: int) -> None:
    """Look again when the first of the idle posts that are not at work comes to work."""
    now = m[NOW]
    if team_at(m, team).found <= now:  # else the same are idle, and none of them has come
        team_at(m, team).found = _first_there(m, team)
    wake = team_at(m, team).found
    known = team_at(m, team).wake
    if wake < NEVER and not now < known <= wake:
        team_at(m, team).wake = wake
        schedule(m, wake, event_of(LOOK, team, ZERO, ZERO), ZERO)


@noinline
def _first_there(m: Ints, team: int) -> int:
    """Return the first minute at which one of the idle posts that are not at work is."""
    found = NEVER
    for word in range(team_at(m, team).words):
        away = m[team_at(m, team).away_posts + word]
        while away:
            bit = lowest_bit(away)
            away &= away - 1
            found = min(found, next_there(m, team, word * WORD + bit))
    return found
