"""The jobs of a team: its queues, the rules that hold, and which job comes next."""

from __future__ import annotations

import numpy as np

from ehc_sim.engines.compiled.loop.layout import (
    BY_DATE,
    DISPATCHES,
    FAULT,
    MIXED,
    MOVED,
    NEXT_CALL,
    NONE,
    NOW,
    QUEUE_COLUMNS,
    RULE_COLUMNS,
    SIDES,
    STILL_IN_TIME,
    WORD,
    Ints,
    case_of,
    job_at,
    node_of,
    of_post_at,
    place_at,
    queue_at,
    rules_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.queues import (
    comes_before,
    front_of,
    join_queue,
    side_of,
    take_from,
)
from ehc_sim.jit.decorators import inline, noinline
from ehc_sim.jit.machine import number_at


@inline
def put(m: Ints, team: int, job: int) -> None:
    """Put a job in the queue of its patch and kind."""
    rules = team_at(m, team).rules_now
    patch = 0
    if team_at(m, team).patch:
        patch = number_at(team_at(m, team).patch + 8 * case_of(job_at(m, job).what))
    column = m[rules_at(m, rules).column_of_node + node_of(job_at(m, job).what)]
    queue = (
        team_at(m, team).first_queue + (patch * rules_at(m, rules).columns + column) * QUEUE_COLUMNS
    )
    join_queue(m, queue, rules, job)
    team_at(m, team).waiting += 1


@inline
def call_later(m: Ints, what: int, more: int) -> None:
    """Have something done once everything else of this minute has happened."""
    called = m[NEXT_CALL]
    m[called], m[called + 1] = what, more
    m[NEXT_CALL] += 2


@inline
def call_team(m: Ints, team: int) -> None:
    """Have the posts of a team look for jobs once everything else of this minute has happened."""
    if not team_at(m, team).called:
        team_at(m, team).called = 1
        call_later(m, team, DISPATCHES)


@inline
def _any_idle(m: Ints, team: int) -> bool:
    for word in range(team_at(m, team).words):
        if m[team_at(m, team).idle + word]:
            return True
    return False


@inline
def set_idle(m: Ints, team: int, post: int) -> None:
    """Have a post be without a job."""
    m[team_at(m, team).idle + post // WORD] |= 1 << post % WORD


@inline
def join_team(m: Ints, team: int, job: int) -> None:
    """Have a job wait for a team."""
    put(m, team, job)
    if team_at(m, team).agency >= 0 or _any_idle(m, team):
        call_team(m, team)


@inline
def queues_of(m: Ints, team: int) -> int:
    """Return how many queues a team has by the rules that hold now."""
    return team_at(m, team).patches * rules_at(m, team_at(m, team).rules_now).columns


@noinline
def set_up(m: Ints, team: int) -> None:
    """Set up the queues of a team by the rules that hold from now on."""
    now = m[NOW]
    moved = 0
    if team_at(m, team).rules_now >= 0:
        for number in range(queues_of(m, team)):
            queue = team_at(m, team).first_queue + number * QUEUE_COLUMNS
            for side in SIDES:
                while front_of(m, queue, side) >= 0:
                    m[m[MOVED] + moved] = take_from(m, queue, side)
                    moved += 1
    rules = team_at(m, team).first_rules
    last = rules + (team_at(m, team).rules - 1) * RULE_COLUMNS
    while rules < last and rules_at(m, rules + RULE_COLUMNS).starts <= now:
        rules += RULE_COLUMNS
    team_at(m, team).rules_now = rules
    team_at(m, team).waiting = 0
    team_at(m, team).newest_next = _to_newest(m, team)
    for place in range(moved):
        put(m, team, m[m[MOVED] + place])
    if moved and team_at(m, team).daily < 0:
        call_team(m, team)


@inline
def _to_newest(m: Ints, team: int) -> int:
    """Return whether the next pick goes to the newest case, in the order ``mixed``."""
    rules = team_at(m, team).rules_now
    if rules_at(m, rules).order != MIXED:
        return 0
    share = rules_at(m, rules).share
    picks = team_at(m, team).picks
    return int(np.floor((picks + 1) * share) > np.floor(picks * share))


@noinline
def next_queue(m: Ints, team: int, listed: int, count: int) -> int:
    """Return the queue of the job to be taken next, of those listed, or -1."""
    rules = team_at(m, team).rules_now
    offset = team_at(m, team).first_queue
    if queues_of(m, team) == 1:
        return offset if count and team_at(m, team).waiting else -1
    newest = team_at(m, team).newest_next
    best = NONE
    best_late = 0
    best_place = NONE
    for number in range(count):
        queue = offset + m[listed + number] * QUEUE_COLUMNS
        if not queue_at(m, queue).size:
            continue
        if best < 0:
            best = queue
            continue
        if best_place < 0:
            best_late = side_of(m, best, rules, newest)
            best_place = front_of(m, best, best_late)
        late = side_of(m, queue, rules, newest)
        place = front_of(m, queue, late)
        if m[FAULT]:
            return -1
        sooner = comes_before(m, place, best_place)
        if rules_at(m, rules).order == STILL_IN_TIME and late != best_late:
            sooner = late < best_late
        if sooner:
            best, best_late, best_place = queue, late, place
    return best


@inline
def next_job(m: Ints, team: int, queue: int) -> int:
    """Take the next job out of a queue."""
    side = side_of(m, queue, team_at(m, team).rules_now, team_at(m, team).newest_next)
    job = take_from(m, queue, side)
    team_at(m, team).waiting -= 1
    team_at(m, team).picks += 1
    team_at(m, team).newest_next = _to_newest(m, team)
    return job


@noinline
def _next_overdue(m: Ints, team: int, listed: int, count: int) -> int:
    """Take the job whose statutory date passed first, if any has, out of the queues listed."""
    best = NONE
    best_place = NONE
    for number in range(count):
        queue = team_at(m, team).first_queue + m[listed + number] * QUEUE_COLUMNS
        if queue_at(m, queue).size:
            place = front_of(m, queue, BY_DATE)
            if best < 0 or comes_before(m, place, best_place):
                best, best_place = queue, place
    if best < 0 or place_at(m, best_place).key > m[NOW]:
        return -1
    team_at(m, team).waiting -= 1
    return take_from(m, best, BY_DATE)


@inline
def next_of_post(m: Ints, team: int, serves: int, queue: int) -> int:
    """Take what a post is reserved for, else the next job of a queue out of it."""
    if of_post_at(m, serves).is_for_overdue:
        job = _next_overdue(
            m, team, of_post_at(m, serves).first_served, of_post_at(m, serves).served
        )
        if job >= 0:
            return job
    elif of_post_at(m, serves).own:
        own = next_queue(m, team, of_post_at(m, serves).first_own, of_post_at(m, serves).own)
        if own >= 0:
            queue = own
    return next_job(m, team, queue)
