"""The jobs of a team: its queues, the rules that hold, and which job comes next."""

from __future__ import annotations

import numpy as np

from ehc_sim.compiled import part, seldom
from ehc_sim.machine import fraction, number_at
from ehc_sim.pathway.event_loop.layout import (
    AGENCY,
    BY_DATE,
    CALLED,
    COLUMN_OF_NODE,
    COLUMNS,
    DAILY,
    DISPATCHES,
    FAULT,
    FIRST_OWN,
    FIRST_QUEUE,
    FIRST_RULES,
    FIRST_SERVED,
    IDLE,
    IS_FOR_OVERDUE,
    MIXED,
    MOVED,
    NEWEST_NEXT,
    NEXT_CALL,
    NONE,
    NOW,
    ORDER,
    OWN,
    PATCH,
    PATCHES,
    PICKS,
    QUEUE_COLUMNS,
    RULE_COLUMNS,
    RULES,
    RULES_NOW,
    SERVED,
    SHARE,
    SIDES,
    STARTS,
    STILL_IN_TIME,
    WAITING,
    WORD,
    WORDS,
    Ints,
    case_of,
    job_at,
    node_of,
    place_at,
    queue_at,
)
from ehc_sim.pathway.event_loop.queues import comes_before, front_of, join_queue, side_of, take_from


@part
def put(m: Ints, team: int, job: int) -> None:
    """Put a job in the queue of its patch and kind."""
    rules = m[team + RULES_NOW]
    patch = 0
    if m[team + PATCH]:
        patch = number_at(m[team + PATCH] + 8 * case_of(job_at(m, job).what))
    column = m[m[rules + COLUMN_OF_NODE] + node_of(job_at(m, job).what)]
    queue = m[team + FIRST_QUEUE] + (patch * m[rules + COLUMNS] + column) * QUEUE_COLUMNS
    join_queue(m, queue, rules, job)
    m[team + WAITING] += 1


@part
def call_later(m: Ints, what: int, more: int) -> None:
    """Have something done once everything else of this minute has happened."""
    called = m[NEXT_CALL]
    m[called], m[called + 1] = what, more
    m[NEXT_CALL] += 2


@part
def call_team(m: Ints, team: int) -> None:
    """Have the posts of a team look for jobs once everything else of this minute has happened."""
    if not m[team + CALLED]:
        m[team + CALLED] = 1
        call_later(m, team, DISPATCHES)


@part
def _any_idle(m: Ints, team: int) -> bool:
    for word in range(m[team + WORDS]):
        if m[m[team + IDLE] + word]:
            return True
    return False


@part
def set_idle(m: Ints, team: int, post: int) -> None:
    """Have a post be without a job."""
    m[m[team + IDLE] + post // WORD] |= 1 << post % WORD


@part
def join_team(m: Ints, team: int, job: int) -> None:
    """Have a job wait for a team."""
    put(m, team, job)
    if m[team + AGENCY] >= 0 or _any_idle(m, team):
        call_team(m, team)


@part
def queues_of(m: Ints, team: int) -> int:
    """Return how many queues a team has by the rules that hold now."""
    return m[team + PATCHES] * m[m[team + RULES_NOW] + COLUMNS]


@seldom
def set_up(m: Ints, team: int) -> None:
    """Set up the queues of a team by the rules that hold from now on."""
    now = m[NOW]
    moved = 0
    if m[team + RULES_NOW] >= 0:
        for number in range(queues_of(m, team)):
            queue = m[team + FIRST_QUEUE] + number * QUEUE_COLUMNS
            for side in SIDES:
                while front_of(m, queue, side) >= 0:
                    m[m[MOVED] + moved] = take_from(m, queue, side)
                    moved += 1
    rules = m[team + FIRST_RULES]
    last = rules + (m[team + RULES] - 1) * RULE_COLUMNS
    while rules < last and m[rules + RULE_COLUMNS + STARTS] <= now:
        rules += RULE_COLUMNS
    m[team + RULES_NOW] = rules
    m[team + WAITING] = 0
    m[team + NEWEST_NEXT] = _to_newest(m, team)
    for place in range(moved):
        put(m, team, m[m[MOVED] + place])
    if moved and m[team + DAILY] < 0:
        call_team(m, team)


@part
def _to_newest(m: Ints, team: int) -> int:
    """Return whether the next pick goes to the newest case, in the order ``mixed``."""
    rules = m[team + RULES_NOW]
    if m[rules + ORDER] != MIXED:
        return 0
    share = fraction(m[rules + SHARE])
    picks = m[team + PICKS]
    return int(np.floor((picks + 1) * share) > np.floor(picks * share))


@seldom
def next_queue(m: Ints, team: int, listed: int, count: int) -> int:
    """Return the queue of the job to be taken next, of those listed, or -1."""
    rules = m[team + RULES_NOW]
    offset = m[team + FIRST_QUEUE]
    if queues_of(m, team) == 1:
        return offset if count and m[team + WAITING] else -1
    newest = m[team + NEWEST_NEXT]
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
        if m[rules + ORDER] == STILL_IN_TIME and late != best_late:
            sooner = late < best_late
        if sooner:
            best, best_late, best_place = queue, late, place
    return best


@part
def next_job(m: Ints, team: int, queue: int) -> int:
    """Take the next job out of a queue."""
    side = side_of(m, queue, m[team + RULES_NOW], m[team + NEWEST_NEXT])
    job = take_from(m, queue, side)
    m[team + WAITING] -= 1
    m[team + PICKS] += 1
    m[team + NEWEST_NEXT] = _to_newest(m, team)
    return job


@seldom
def _next_overdue(m: Ints, team: int, listed: int, count: int) -> int:
    """Take the job whose statutory date passed first, if any has, out of the queues listed."""
    best = NONE
    best_place = NONE
    for number in range(count):
        queue = m[team + FIRST_QUEUE] + m[listed + number] * QUEUE_COLUMNS
        if queue_at(m, queue).size:
            place = front_of(m, queue, BY_DATE)
            if best < 0 or comes_before(m, place, best_place):
                best, best_place = queue, place
    if best < 0 or place_at(m, best_place).key > m[NOW]:
        return -1
    m[team + WAITING] -= 1
    return take_from(m, best, BY_DATE)


@part
def next_of_post(m: Ints, team: int, serves: int, queue: int) -> int:
    """Take what a post is reserved for, else the next job of a queue out of it."""
    if m[serves + IS_FOR_OVERDUE]:
        job = _next_overdue(m, team, m[serves + FIRST_SERVED], m[serves + SERVED])
        if job >= 0:
            return job
    elif m[serves + OWN]:
        own = next_queue(m, team, m[serves + FIRST_OWN], m[serves + OWN])
        if own >= 0:
            queue = own
    return next_job(m, team, queue)
