"""The queues of teams and panels.

Most jobs join a queue in the order in which they leave it: those stand in a row, a list of places.
The others are in a pairing heap (Fredman, Sedgewick, Sleator and Tarjan 1986).
"""

from __future__ import annotations

from ehc_sim.compiled import part, seldom
from ehc_sim.machine import fetch
from ehc_sim.pathway.event_loop.layout import (
    BY_DATE,
    BY_DUE,
    BY_DUE_DATE,
    FAULT,
    FIRST_IN_ROW,
    IN_ORDER,
    J_BEGUN,
    J_DUE,
    J_JOINED,
    J_LEFT,
    J_MINUTES,
    J_RECEIVED,
    J_STAMP,
    J_WHAT,
    JOB_COLUMNS,
    LAST_IN_ROW,
    MIXED,
    NEWEST,
    NONE,
    NOW,
    OF_JOBS,
    OF_PLACES,
    ORDER,
    OWN_ADDRESS,
    P_CASE_AND_NODE,
    P_CHILD,
    P_JOB,
    P_JOINED,
    P_KEY,
    P_LEFT,
    P_SIBLING,
    P_STAMP,
    PLACE_COLUMNS,
    RECEIVED,
    REST,
    ROOT,
    SIZE,
    STILL_IN_TIME,
    TO_GO,
    Ints,
    free_row,
    new_row,
)


@part
def comes_before(m: Ints, one: int, other: int) -> bool:
    """Return whether a place in a queue comes before another.

    A place keeps what it is compared by: its job may be gone, and another have taken its row.
    """
    if m[one + P_KEY] != m[other + P_KEY]:
        return m[one + P_KEY] < m[other + P_KEY]
    if m[one + P_JOINED] != m[other + P_JOINED]:
        return m[one + P_JOINED] < m[other + P_JOINED]
    if m[one + P_CASE_AND_NODE] != m[other + P_CASE_AND_NODE]:
        return m[one + P_CASE_AND_NODE] < m[other + P_CASE_AND_NODE]
    return m[one + P_LEFT] < m[other + P_LEFT]


@part
def _meld(m: Ints, one: int, other: int) -> int:
    if one < 0:
        return other
    if other < 0:
        return one
    if comes_before(m, other, one):
        one, other = other, one
    m[other + P_SIBLING] = m[one + P_CHILD]
    m[one + P_CHILD] = other
    return one


@part
def _stand(m: Ints, queue: int, side: int, key: int, job: int) -> None:
    """Put a job in one side of a queue."""
    place = new_row(m, OF_PLACES, P_SIBLING, PLACE_COLUMNS)
    if m[FAULT]:
        return
    m[place + P_KEY] = key
    m[place + P_JOINED] = m[job + J_JOINED]
    m[place + P_CASE_AND_NODE] = m[job + J_WHAT] >> 8
    m[place + P_LEFT] = m[job + J_LEFT]
    m[place + P_JOB] = job
    m[place + P_STAMP] = m[job + J_STAMP]
    m[place + P_CHILD] = -1
    m[place + P_SIBLING] = -1
    ends = queue + side
    if m[ends + FIRST_IN_ROW] < 0:
        m[ends + FIRST_IN_ROW] = m[ends + LAST_IN_ROW] = place
    elif comes_before(m, place, m[ends + LAST_IN_ROW]):
        m[ends + ROOT] = _meld(m, m[ends + ROOT], place)
    else:
        m[m[ends + LAST_IN_ROW] + P_SIBLING] = place
        m[ends + LAST_IN_ROW] = place


@part
def _leave(m: Ints, queue: int, side: int, front: int) -> None:
    """Remove the front place of one side of a queue."""
    ends = queue + side
    if front == m[ends + FIRST_IN_ROW]:
        second = m[front + P_SIBLING]
        m[ends + FIRST_IN_ROW] = second
        if second >= 0:
            _fetch_next(m, second)
    else:
        m[ends + ROOT] = _without_root(m, front)
    free_row(m, OF_PLACES, P_SIBLING, front)


@part
def _fetch_next(m: Ints, first: int) -> None:
    """Have the job that is first in a row fetched from memory, and the place of the second."""
    fetch(m[OWN_ADDRESS] + 8 * m[first + P_JOB])
    fetch(m[OWN_ADDRESS] + 8 * m[first + P_SIBLING])


@seldom
def _without_root(m: Ints, root: int) -> int:
    """Return the root of a heap from which its root is removed."""
    rest = m[root + P_CHILD]
    paired = NONE
    while rest >= 0:
        one = rest
        other = m[one + P_SIBLING]
        rest = -1
        m[one + P_SIBLING] = -1
        if other >= 0:
            rest = m[other + P_SIBLING]
            m[other + P_SIBLING] = -1
        both = _meld(m, one, other)
        m[both + P_SIBLING] = paired
        paired = both
    whole = NONE
    while paired >= 0:
        following = m[paired + P_SIBLING]
        m[paired + P_SIBLING] = -1
        whole = _meld(m, whole, paired)
        paired = following
    return whole


@part
def front_of(m: Ints, queue: int, side: int) -> int:
    """Return the front place of one side, or -1; jobs that are gone are dropped from it."""
    ends = queue + side
    while True:
        front, root = m[ends + FIRST_IN_ROW], m[ends + ROOT]
        if front < 0 or (root >= 0 and comes_before(m, root, front)):
            front = root
        if front < 0 or m[front + P_STAMP] == m[m[front + P_JOB] + J_STAMP]:
            return front
        _leave(m, queue, side, front)


@part
def side_of(m: Ints, queue: int, rules: int, newest: int) -> int:
    """Return the side of a queue from which the next job is taken."""
    order = m[rules + ORDER] if rules >= 0 else RECEIVED
    if order == MIXED:
        return REST if newest else IN_ORDER
    if order != STILL_IN_TIME:
        return IN_ORDER
    latest = m[NOW] + m[rules + TO_GO]
    while True:
        front = front_of(m, queue, IN_ORDER)
        if front < 0:
            return REST
        if m[front + P_KEY] > latest:
            return IN_ORDER
        job = m[front + P_JOB]
        _leave(m, queue, IN_ORDER, front)
        _stand(m, queue, REST, m[job + J_RECEIVED], job)
        if m[FAULT]:
            return IN_ORDER


@part
def join_queue(m: Ints, queue: int, rules: int, job: int) -> None:
    """Put a job in a queue by the rules of its team, if it has some."""
    order = m[rules + ORDER] if rules >= 0 else RECEIVED
    key = m[job + J_RECEIVED]
    if order in (BY_DUE_DATE, STILL_IN_TIME):
        key = m[job + J_DUE]
    elif order == NEWEST:
        key = -key
    _stand(m, queue, IN_ORDER, key, job)
    if order == MIXED:
        _stand(m, queue, REST, -m[job + J_RECEIVED], job)
    if rules >= 0 and m[rules + BY_DUE]:
        _stand(m, queue, BY_DATE, m[job + J_DUE], job)
    m[queue + SIZE] += 1


@part
def take_from(m: Ints, queue: int, side: int) -> int:
    """Take the front job of one side out of a queue."""
    front = front_of(m, queue, side)
    job = m[front + P_JOB]
    _leave(m, queue, side, front)
    m[job + J_STAMP] += 1
    m[queue + SIZE] -= 1
    return job


@part
def new_job(m: Ints, what: int, received: int, due: int, joined: int, minutes: int) -> int:
    """Return a job; what its stamp begins with does not matter."""
    job = new_row(m, OF_JOBS, J_BEGUN, JOB_COLUMNS)
    if m[FAULT]:
        return job
    m[job + J_WHAT] = what
    m[job + J_RECEIVED] = received
    m[job + J_DUE] = due
    m[job + J_JOINED] = joined
    m[job + J_MINUTES] = minutes
    m[job + J_LEFT] = minutes
    m[job + J_BEGUN] = 0
    return job


@part
def drop_job(m: Ints, job: int) -> None:
    """Have the row of a job be used again."""
    free_row(m, OF_JOBS, J_BEGUN, job)
