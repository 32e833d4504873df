"""The queues of teams and panels.

Most jobs join a queue in the order in which they leave it: those stand in a row, a list of entries.
The others are in a pairing heap (Fredman, Sedgewick, Sleator and Tarjan 1986).
"""

import numpy as np

from ehc_sim.engines.compiled.loop.events import value_of
from ehc_sim.engines.compiled.loop.layout import (
    BY_DATE,
    CALLS,
    DISPATCHES,
    ENTRY_COLUMNS,
    FAULT,
    IN_ORDER,
    JOB_COLUMNS,
    NEXT_CALL,
    NONE,
    NOW,
    OF_ENTRIES,
    OF_JOBS,
    ORDERED,
    OWN_ADDRESS,
    QUEUE_COLUMNS,
    REST,
    WORD,
    Ints,
    case_at,
    case_of,
    entry_at,
    free_row,
    job_at,
    new_row,
    node_of,
    queue_at,
    rules_at,
    side_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.officers import post_of_case
from ehc_sim.jit.decorators import inline, noinline
from ehc_sim.jit.machine import fetch, number_at


@inline
def comes_before(m: Ints, one: int, other: int) -> bool:
    """Return whether an entry in a queue comes before another.

    An entry keeps what it is compared by: its job may be gone, and another have taken its row.
    """
    if entry_at(m, one).key != entry_at(m, other).key:
        return entry_at(m, one).key < entry_at(m, other).key
    if entry_at(m, one).joined != entry_at(m, other).joined:
        return entry_at(m, one).joined < entry_at(m, other).joined
    if entry_at(m, one).case_and_node != entry_at(m, other).case_and_node:
        return entry_at(m, one).case_and_node < entry_at(m, other).case_and_node
    return entry_at(m, one).left < entry_at(m, other).left


@inline
def _meld(m: Ints, one: int, other: int) -> int:
    if one < 0:
        return other
    if other < 0:
        return one
    if comes_before(m, other, one):
        one, other = other, one
    entry_at(m, other).sibling = entry_at(m, one).child
    entry_at(m, one).child = other
    return one


@inline
def stand(m: Ints, queue: int, side: int, key: int, job: int) -> None:
    """Put a job in one side of a queue."""
    entry = new_row(m, OF_ENTRIES, ENTRY_COLUMNS)
    if m[FAULT]:
        return
    entry_at(m, entry).key = key
    entry_at(m, entry).joined = job_at(m, job).joined
    entry_at(m, entry).case_and_node = job_at(m, job).what >> 8
    entry_at(m, entry).left = job_at(m, job).left
    entry_at(m, entry).job = job
    entry_at(m, entry).stamp = job_at(m, job).stamp
    entry_at(m, entry).child = -1
    entry_at(m, entry).sibling = -1
    ends = queue + side
    if side_at(m, ends).first < 0:
        side_at(m, ends).first = side_at(m, ends).last = entry
    elif comes_before(m, entry, side_at(m, ends).last):
        side_at(m, ends).root = _meld(m, side_at(m, ends).root, entry)
    else:
        entry_at(m, side_at(m, ends).last).sibling = entry
        side_at(m, ends).last = entry


@inline
def leave(m: Ints, queue: int, side: int, front: int) -> None:
    """Remove the front entry of one side of a queue."""
    ends = queue + side
    if front == side_at(m, ends).first:
        second = entry_at(m, front).sibling
        side_at(m, ends).first = second
        if second >= 0:
            _fetch_next(m, second)
    else:
        side_at(m, ends).root = _without_root(m, front)
    free_row(m, OF_ENTRIES, front)


@inline
def _fetch_next(m: Ints, first: int) -> None:
    """Have the job that is first in a row fetched from memory, and the entry of the second."""
    fetch(m[OWN_ADDRESS] + 8 * entry_at(m, first).job)
    fetch(m[OWN_ADDRESS] + 8 * entry_at(m, first).sibling)


@noinline
def _without_root(m: Ints, root: int) -> int:
    """Return the root of a heap from which its root is removed."""
    rest = entry_at(m, root).child
    paired = NONE
    while rest >= 0:
        one = rest
        other = entry_at(m, one).sibling
        rest = -1
        entry_at(m, one).sibling = -1
        if other >= 0:
            rest = entry_at(m, other).sibling
            entry_at(m, other).sibling = -1
        both = _meld(m, one, other)
        entry_at(m, both).sibling = paired
        paired = both
    whole = NONE
    while paired >= 0:
        following = entry_at(m, paired).sibling
        entry_at(m, paired).sibling = -1
        whole = _meld(m, whole, paired)
        paired = following
    return whole


@inline
def front_of(m: Ints, queue: int, side: int) -> int:
    """Return the front entry of one side, or -1; jobs that are gone are dropped from it."""
    ends = queue + side
    while True:
        front, root = side_at(m, ends).first, side_at(m, ends).root
        if front < 0 or (root >= 0 and comes_before(m, root, front)):
            front = root
        if front < 0 or entry_at(m, front).stamp == job_at(m, entry_at(m, front).job).stamp:
            return front
        leave(m, queue, side, front)


@inline
def side_of(m: Ints, queue: int, rules: int, newest: int) -> int:
    """Return the side of a queue from which the next job is taken."""
    if rules < 0:
        return IN_ORDER
    if rules_at(m, rules).newest_too:
        return REST if newest else IN_ORDER
    if not rules_at(m, rules).overdue_last:
        return IN_ORDER
    latest = m[NOW] + rules_at(m, rules).to_go
    while True:
        front = front_of(m, queue, IN_ORDER)
        if front < 0:
            return REST
        if entry_at(m, front).key > latest:
            return IN_ORDER
        job = entry_at(m, front).job
        leave(m, queue, IN_ORDER, front)
        stand(m, queue, REST, job_at(m, job).received, job)
        if m[FAULT]:
            return IN_ORDER


@inline
def join_queue(m: Ints, queue: int, rules: int, job: int) -> None:
    """Put a job in a queue by the rules of its team, if it has some."""
    if rules < 0:
        stand(m, queue, IN_ORDER, job_at(m, job).received, job)
    else:
        key = (
            rules_at(m, rules).of_received * job_at(m, job).received
            + rules_at(m, rules).of_due * job_at(m, job).due
            + rules_at(m, rules).of_minutes * job_at(m, job).minutes
        )
        stand(m, queue, IN_ORDER, key, job)
        if rules_at(m, rules).newest_too:
            stand(m, queue, REST, -job_at(m, job).received, job)
        if rules_at(m, rules).by_due:
            stand(m, queue, BY_DATE, job_at(m, job).due, job)
    queue_at(m, queue).size += 1


@inline
def take_from(m: Ints, queue: int, side: int) -> int:
    """Take the front job of one side out of a queue."""
    front = front_of(m, queue, side)
    job = entry_at(m, front).job
    leave(m, queue, side, front)
    job_at(m, job).stamp += 1
    queue_at(m, queue).size -= 1
    return job


@inline
def new_job(m: Ints, what: int, received: int, due: int, joined: int, minutes: int) -> int:
    """Return a job; what its stamp begins with does not matter."""
    job = new_row(m, OF_JOBS, JOB_COLUMNS)
    if m[FAULT]:
        return job
    job_at(m, job).what = what
    job_at(m, job).received = received
    job_at(m, job).due = due
    job_at(m, job).joined = joined
    job_at(m, job).minutes = minutes
    job_at(m, job).left = minutes
    job_at(m, job).begun = 0
    return job


@inline
def drop_job(m: Ints, job: int) -> None:
    """Have the row of a job be used again."""
    free_row(m, OF_JOBS, job)


@noinline
def class_of(m: Ints, rules: int, job: int) -> int:
    """Return the class of a job at this minute: 0 for the first of those that are ahead."""
    case = case_of(job_at(m, job).what)
    flags = value_of(m, rules_at(m, rules).flags, case_at(m, case).holder)
    flags |= case_at(m, case).state & ORDERED
    by_flags = m[rules_at(m, rules).class_of_flags + flags]
    waited = rules_at(m, rules).class_of_waited
    if waited < 0 or m[NOW] - job_at(m, job).received <= rules_at(m, rules).waited:
        return by_flags
    return min(by_flags, waited)


@noinline
def _join_class(m: Ints, first: int, rules: int, job: int) -> None:
    """Put a job in the queue of its class, of which the first is given.

    Those that have waited long are oldest first in every order: by that key on either side.
    """
    ahead = class_of(m, rules, job)
    queue = first + ahead * QUEUE_COLUMNS
    if ahead != rules_at(m, rules).class_of_waited:
        join_queue(m, queue, rules, job)
        return
    stand(m, queue, IN_ORDER, job_at(m, job).received, job)
    if rules_at(m, rules).newest_too:
        stand(m, queue, REST, job_at(m, job).received, job)
    if rules_at(m, rules).by_due:
        stand(m, queue, BY_DATE, job_at(m, job).due, job)
    queue_at(m, queue).size += 1


@inline
def put(m: Ints, team: int, job: int) -> None:
    """Put a job in its queue, or among those to be given to an officer in this minute."""
    rules = team_at(m, team).rules_now
    team_at(m, team).waiting += 1
    if rules_at(m, rules).sizes >= 0:
        join_queue(m, team_at(m, team).to_give, NONE, job)
    else:
        _put_in_row(m, team, rules, _patch_of(m, team, job), job)


@inline
def _patch_of(m: Ints, team: int, job: int) -> int:
    if team_at(m, team).patch:
        return number_at(team_at(m, team).patch + 8 * case_of(job_at(m, job).what))
    return 0


@inline
def _put_in_row(m: Ints, team: int, rules: int, row: int, job: int) -> None:
    """Put a job in the queue of its kind and class, of those of a patch or an officer."""
    column = m[rules_at(m, rules).column_of_node + node_of(job_at(m, job).what)]
    queue = (
        team_at(m, team).first_queue + (row * rules_at(m, rules).columns + column) * QUEUE_COLUMNS
    )
    if rules_at(m, rules).classes > 1:
        _join_class(m, queue, rules, job)
    else:
        join_queue(m, queue, rules, job)


@noinline
def give_out(m: Ints, team: int) -> None:
    """Put what came in this minute in the queues of its officers, the oldest clock first.

    It is done once everything else of the minute has happened, and in an order of its own, so that
    who is given what never depends on the order of events.
    """
    rules = team_at(m, team).rules_now
    queue = team_at(m, team).to_give
    while queue_at(m, queue).size and not m[FAULT]:
        job = take_from(m, queue, IN_ORDER)
        patch = _patch_of(m, team, job)
        post = post_of_case(m, team, case_of(job_at(m, job).what), patch)
        _put_in_row(m, team, rules, post, job)


@inline
def call_later(m: Ints, what: int, more: int) -> None:
    """Have something done once everything else of this minute has happened.

    Teams and panels come in the order of their places, whichever of them was called first.
    """
    called = m[NEXT_CALL]
    while called > m[CALLS] and m[called - 2] > what:
        m[called], m[called + 1] = m[called - 2], m[called - 1]
        called -= 2
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
    gives = rules_at(m, team_at(m, team).rules_now).sizes >= 0
    if gives or team_at(m, team).agency >= 0 or _any_idle(m, team):
        call_team(m, team)


@inline
def queues_of(m: Ints, team: int) -> int:
    """Return how many queues a team has by the rules that hold now."""
    rules = team_at(m, team).rules_now
    return rules_at(m, rules).rows * rules_at(m, rules).columns


@inline
def to_newest(m: Ints, team: int) -> int:
    """Return whether the next pick goes to the newest case."""
    rules = team_at(m, team).rules_now
    if not rules_at(m, rules).newest_too:
        return 0
    share = rules_at(m, rules).share
    picks = team_at(m, team).picks
    return int(np.floor((picks + 1) * share) > np.floor(picks * share))
