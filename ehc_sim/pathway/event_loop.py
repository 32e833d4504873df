"""The event loop of the compiled model: reads a pathway packed into one array of whole numbers.

It holds no rule of the domain. All that it reads and changes is in one array, the *memory* ``m``:
first a few numbers of the run as a whole, then tables, then room for what a run needs. A thing,
such as a team or a job, is known by the place in memory at which its columns begin, so that
``m[team + WAITING]`` is how many jobs wait for a team. One plain array keeps compiling short and
the compiled code fast: numba copies every field of every array that a function hands on.

Everything comes in the memory, since numba freezes globals.

What happens at one minute is handled in the order in which the SimPy model handles it, so that the
two write the same log even where a case meets itself.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from ehc_sim import compiled, counted
from ehc_sim.compiled import part, program, seldom, sources
from ehc_sim.pathway import log_sort, packed_cases, variates
from ehc_sim.pathway.log_sort import (
    CASE_AND_WORK,
    ENDED,
    JOINED_AND_NODE,
    MOST_WORK,
    NARROW,
    ROW_WORDS,
    STARTED_AND_POST,
    WIDE,
    fetch,
    pair,
)
from ehc_sim.pathway.packed_cases import (
    ARRIVED,
    BRANCHES_OUT,
    CASE_COLUMNS,
    DUE_ON,
    GROUP_AND_PROFILE,
    GROUP_BITS,
    HOLDER,
    NUMBER,
    RECEIVED_ON,
    STATE,
)
from ehc_sim.pathway.variates import LAW_COLUMNS, fraction, memory_at, variate

Ints = NDArray[np.int64]

# The first numbers in memory: the run, its tables, what is kept for each case, and its room.
NOW, UNTIL, DAYS, CLOCK_DAYS, FAULT, FAULTY_NODE, FAULTY_CASE = range(0, 7)
NODES, TEAMS, FIRST_TEAM, PANELS, FIRST_PANEL, OPEN_COUNT, OPEN_CASES = range(7, 14)
WORKING, WORKING_MORNINGS, WORKING_DAYS, SCHOOL, SCHOOL_MORNINGS, SCHOOL_DAYS = range(14, 20)
NEXT_ARRIVAL, ARRIVALS_END, FIRST_CASE_AT = range(20, 23)
NEXT_EVENT, EVENTS_END, FREE_EVENT, BUCKETS, BUCKET_COUNT, BUCKET = range(23, 29)
BUCKET_BITS, SLOT_BITS, SLOTS, FILLED = range(29, 33)
NEXT_JOB, JOBS_END, FREE_JOB, NEXT_PLACE, PLACES_END, FREE_PLACE = range(33, 39)
ROWS, NEXT_ROW, ROWS_END, CALLS, NEXT_CALL, STACK, MOVED, LISTED, CARED_FOR = range(39, 48)
OWN_ADDRESS = 48
HEAD = 49

# Numbers that are handed to functions: numba compiles a function anew for each plain one.
NONE, ZERO = map(np.int64, (-1, 0))

# Kinds of node; the first seven read a value.
WAIT, WORK, CHOICE, REPEAT, BEFORE, IN_PLACE, START, DECISION, MARK, FORK, JOIN, END = range(12)

# Columns of the table of nodes and of the branches of forks.
KIND, THEN, OTHERWISE, STATION, COUNTED_IN, VALUE, OTHER_VALUE, CLOCK, CLOCK_VALUE = range(9)
DUE, VARIANT, PLAN, FIRST_WAY, WAYS, FIRST_READ, READS = range(9, 16)
NODE_COLUMNS = 16
FIRST_NODE, TAKEN, WAITS = range(3)
BRANCH_COLUMNS = 3

# Columns of the table of quantities. One has its values at an address, or laws and a first group.
ADDRESS, FIRST_CASE, WIDTH, FIRST_PERIOD, PERIODS, VARIANT_OF, LAWS, FIRST_GROUP = range(8)

# Columns of the table of teams: what they are, and how they stand.
FIRST_POST, POSTS, FIRST_RULES, RULES, FIRST_QUEUE, PATCHES, PATCH, AGENCY, DAILY = range(9)
WORDS, MASKS, ALWAYS, IDLE, AWAY_POSTS = range(9, 14)
WAITING, PICKS, NEWEST_NEXT, CALLED, WAKE, FOUND, BOUGHT_FROM, BOUGHT, RULES_NOW = range(14, 23)
TEAM_COLUMNS = 23

# Columns of the table of rules, and of what they say of each post.
STARTS, ORDER, TO_GO, BY_DUE, COLUMNS, COLUMN_OF_NODE, OF_POSTS, SHARE = range(8)
RULE_COLUMNS = 8
FIRST_SERVED, SERVED, FIRST_OWN, OWN, IS_FOR_OVERDUE = range(5)
OF_POST_COLUMNS = 5

# Columns of the table of posts. One that is always there has no minutes of the day.
MINUTES_OF_DAY, BEFORE_DAY, NEXT_DAY, FIRST_HANDOVER, HANDOVERS = range(5)
POST_COLUMNS = 5

# Columns of the tables of agencies and of their allowances.
FIRST_ALLOWANCE, ALLOWANCES, DAYS_OF_AGENCY, FIRST_LOOK, LOOKS = range(5)
OPENS_AT, ALLOWANCE, LONGER, OLDER = range(4)
ALLOWANCE_COLUMNS = 4

# Columns of the tables of panels and of their sittings.
FIRST_SITTING, SITTINGS_END, QUEUE_OF_PANEL = range(3)
PANEL_COLUMNS = 3
CLOSES_AT, DECIDES, CASES = range(3)
SITTING_COLUMNS = 3

# Columns of the table of cases that are open when the run starts.
OPEN_CASE, OPEN_CLOCK, OPEN_CLOCK_DAYS, OPEN_NODE, OPEN_JOINED, OPEN_LEFT = range(6)
OPEN_FIRST_BRANCH, OPEN_BRANCHES, OPEN_FIRST_DONE, OPEN_DONE = range(6, 10)
OPEN_COLUMNS = 10

# Columns of a queue: its sides, of which the second holds the newest or those out of time and the
# third orders by statutory date; and how many wait. Columns of a side: the first and the last of
# those that joined in their order, and the root of a heap of the others.
IN_ORDER, REST, BY_DATE = SIDES = tuple(map(np.int64, (0, 3, 6)))
SIZE = 9
QUEUE_COLUMNS = 10
FIRST_IN_ROW, LAST_IN_ROW, ROOT = range(3)

# Columns of what is kept of each job, place in a queue and event.
J_CASE, J_NODE, J_RECEIVED, J_DUE, J_JOINED, J_MINUTES, J_LEFT, J_BEGUN = range(8)
J_AWAITED, J_STAMP = 8, 9
JOB_COLUMNS = 10
P_KEY, P_JOINED, P_CASE_AND_NODE, P_LEFT, P_JOB, P_STAMP, P_CHILD, P_SIBLING = range(8)
PLACE_COLUMNS = 8
E_NEXT, E_MINUTE, E_WHAT, E_MORE = range(4)
EVENT_COLUMNS = 4

# Orders of work.
RECEIVED, BY_DUE_DATE, NEWEST, STILL_IN_TIME, MIXED = range(5)

# Kinds of event, first those of one case, then those of cases that come in. An event is two
# numbers: case, node, whether awaited and kind; and one more.
GO_ON, DONE, MEET, BEGIN, ARRIVE, BEGIN_ALL, HAND_OVER, LOOK, SET_UP, CLOSE, POUR = map(
    np.int64, range(11)
)

# What a team is called for; a panel is called for the sitting at a place in memory.
DISPATCHES, POURS = np.int64(-1), np.int64(-2)

# Faults.
FULL, NO_CASE_LEFT, TOO_MUCH_WORK = 1, 2, 3

SLOTS_A_WORD = 32
SLOTS_A_BUCKET = SLOTS_A_WORD**2
"""Slots of the bucket whose events come next: a word tells which words tell which are filled."""

DAY, MORNING = 1440, 540
NEVER = np.int64(2**62)
NOT_YET = np.int64(-(2**40))
NOBODY, BY_AGENCY, SHARED_HOURS = map(np.int64, (-1, -2, -3))
AWAY = 7 * DAY
HAS_VARIANT, PLAN_IN_PLACE, PLAN_ENDED = 1, 2, 4
"""Bits of the state of a case."""
JOINS_AT = 16
"""Bits below those of the node at which branches meet; there stands how many are out."""
WORD = 62
"""Posts in a word of bits; the two highest bits would turn its sign."""


@intrinsic
def _number_at(typing_context: Any, address: Any) -> Any:
    """Return the whole number at an address of memory: a value of an array that is not packed."""

    def load(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = context.get_value_type(types.int64).as_pointer()
        return builder.load(builder.inttoptr(arguments[0], pointer))

    return types.int64(types.int64), load


@intrinsic
def _lowest_bit(typing_context: Any, word: Any) -> Any:
    """Return the number of the lowest bit that is set in a word that is not 0."""

    def count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], context.get_constant(types.boolean, True))

    return types.int64(types.int64), count


@part
def _node(m: Ints, node: int) -> int:
    """Return the place of the columns of a node."""
    return m[NODES] + node * NODE_COLUMNS


@part
def _case(m: Ints, case: int) -> int:
    """Return the place of the columns of a case."""
    return m[FIRST_CASE_AT] + case * CASE_COLUMNS


# Events -----------------------------------------------------------------------------------------
#
# A calendar queue (Brown 1988). Events far ahead lie in buckets, the last on top. Those of the
# bucket whose time has come lie in its slots, each a list in the order of time and, within a
# minute, of the order in which they were made: mostly the events of one minute.


@part
def _event(m: Ints, minute: int, what: int, more: int) -> None:
    """Have an event happen at a minute, after those of that minute that are there already."""
    if minute >= m[UNTIL]:
        return
    event = m[FREE_EVENT]
    if event >= 0:
        m[FREE_EVENT] = m[event + E_NEXT]
    else:
        event = m[NEXT_EVENT]
        if event == m[EVENTS_END]:
            m[FAULT] = FULL
            return
        m[NEXT_EVENT] += EVENT_COLUMNS
    m[event + E_MINUTE] = minute
    m[event + E_WHAT] = what
    m[event + E_MORE] = more
    bucket = minute >> m[BUCKET_BITS]
    if bucket == m[BUCKET]:
        _fetch_way(m, what)
        _to_slot(m, event)
    else:
        m[event + E_NEXT] = m[m[BUCKETS] + bucket]
        m[m[BUCKETS] + bucket] = event


@part
def _to_slot(m: Ints, event: int) -> None:
    minute = m[event + E_MINUTE]
    number = minute >> m[SLOT_BITS] & SLOTS_A_BUCKET - 1
    slot = m[SLOTS] + 2 * number
    last = m[slot + 1]
    if m[slot] < 0:
        m[slot] = event
        _fill(m, number)
    elif m[last + E_MINUTE] <= minute:
        m[last + E_NEXT] = event
    else:
        _put_between(m, slot, event)
        return
    m[slot + 1] = event
    m[event + E_NEXT] = -1


@seldom
def _put_between(m: Ints, slot: int, event: int) -> None:
    """Put an event before the first of a slot that comes later than it."""
    minute = m[event + E_MINUTE]
    link = slot
    while m[m[link] + E_MINUTE] <= minute:
        link = m[link] + E_NEXT
    m[event + E_NEXT] = m[link]
    m[link] = event


@part
def _fill(m: Ints, number: int) -> None:
    word = number // SLOTS_A_WORD
    m[m[FILLED] + 1 + word] |= 1 << number % SLOTS_A_WORD
    m[m[FILLED]] |= 1 << word


@part
def _next_slot(m: Ints) -> int:
    """Return the place of the first slot that has an event, or -1."""
    words = m[m[FILLED]]
    if words == 0:
        return -1
    word = _lowest_bit(words)
    number = word * SLOTS_A_WORD + _lowest_bit(m[m[FILLED] + 1 + word])
    return m[SLOTS] + 2 * number


@part
def _take_event(m: Ints, slot: int) -> int:
    """Take the first event out of a slot."""
    event = m[slot]
    m[slot] = m[event + E_NEXT]
    if m[slot] < 0:
        number = (slot - m[SLOTS]) >> 1
        word = number // SLOTS_A_WORD
        m[m[FILLED] + 1 + word] &= ~(1 << number % SLOTS_A_WORD)
        if m[m[FILLED] + 1 + word] == 0:
            m[m[FILLED]] &= ~(1 << word)
    return event


@part
def _what(kind: int, case: int, node: int, awaited: int) -> int:
    return case << 24 | node << 8 | awaited << 4 | kind


# Values and the log -----------------------------------------------------------------------------


@part
def _period(m: Ints, quantity: int) -> int:
    """Return which of a quantity's periods this minute is in."""
    period = m[quantity + PERIODS] - 1
    if period > 0:
        first = m[quantity + FIRST_PERIOD]
        now = m[NOW]
        while m[first + period] > now:
            period -= 1
    return period


@part
def _place_of_value(m: Ints, quantity: int, case: int) -> int:
    """Return the address of a case's value of a quantity at this minute, where it is given."""
    place = _period(m, quantity) * m[quantity + WIDTH] + case - m[quantity + FIRST_CASE]
    return m[quantity + ADDRESS] + 8 * place


@part
def _fetch_case(m: Ints, what: int) -> None:
    """Have the case of an event fetched from memory."""
    if what & 15 <= BEGIN:
        fetch(m[OWN_ADDRESS] + 8 * _case(m, what >> 24))


@part
def _fetch_way(m: Ints, what: int) -> None:
    """Have the given values that the case of an event may read before it waits fetched."""
    kind = what & 15
    if kind > BEGIN:
        return
    case = what >> 24
    node = what >> 8 & 0xFFFF
    if kind == MEET:
        node = m[_case(m, case) + BRANCHES_OUT] >> JOINS_AT
    if kind != BEGIN:
        node = m[_node(m, node) + THEN]
    first = m[_node(m, node) + FIRST_READ]
    for place in range(first, first + m[_node(m, node) + READS]):
        quantity = m[place]
        if quantity > 0:
            fetch(_place_of_value(m, quantity, case))
        else:
            holder = m[_case(m, case) + HOLDER]
            fetch(m[OWN_ADDRESS] + 8 * _case(m, holder))
            fetch(_place_of_value(m, -quantity, holder))


@part
def _value(m: Ints, quantity: int, case: int) -> int:
    """Return a case's value of a quantity at this minute."""
    here = _case(m, case)
    if m[quantity + VARIANT_OF] >= 0 and m[here + STATE] & HAS_VARIANT:
        quantity = m[quantity + VARIANT_OF]
    if m[quantity + LAWS] < 0:
        return _number_at(_place_of_value(m, quantity, case))
    law = m[quantity + LAWS] + _period(m, quantity) * LAW_COLUMNS
    group = (m[here + GROUP_AND_PROFILE] & (1 << GROUP_BITS) - 1) - m[quantity + FIRST_GROUP]
    return variate(m, law, m[here + NUMBER], group, m[here + GROUP_AND_PROFILE] >> GROUP_BITS)


@part
def _row(
    m: Ints,
    case: int,
    node: int,
    joined: int,
    started: int,
    ended: int,
    resource: int,
    minutes: int,
) -> None:
    """Write a row of the log; what lies after the end of the run is cut off."""
    row = m[NEXT_ROW]
    if row == m[ROWS_END]:
        m[FAULT] = FULL
        return
    if minutes > MOST_WORK:
        m[FAULT], m[FAULTY_NODE], m[FAULTY_CASE] = TOO_MUCH_WORK, node, case
    m[NEXT_ROW] += ROW_WORDS
    until = m[UNTIL]
    m[row + CASE_AND_WORK] = pair(case, minutes, WIDE)
    m[row + JOINED_AND_NODE] = pair(joined, node, NARROW)
    m[row + STARTED_AND_POST] = pair(started if started < until else NOT_YET, resource, NARROW)
    m[row + ENDED] = ended if ended < until else NOT_YET


@part
def _record(m: Ints, case: int, node: int, ended: int) -> None:
    now = m[NOW]
    _row(m, case, node, now, now, ended, NOBODY, ZERO)


@part
def _count_to(m: Ints, case: int, days: int) -> None:
    """Have a case be due so many days after its clock was started."""
    m[_case(m, case) + DUE_ON] = (m[_case(m, case) + RECEIVED_ON] // DAY + days + 1) * DAY


@part
def _after(m: Ints, minute: int, days: int, counted_in: int) -> int:
    """Return the minute at which a wait ends; as ``Timeline.after``."""
    if counted_in == 0:
        return minute + days * DAY
    so_far, mornings, count = m[WORKING], m[WORKING_MORNINGS], m[WORKING_DAYS]
    if counted_in == 2:
        so_far, mornings, count = m[SCHOOL], m[SCHOOL_MORNINGS], m[SCHOOL_DAYS]
    last = _number_at(so_far + 8 * (minute // DAY)) + days - 1
    if last < count:
        return _number_at(mornings + 8 * last)
    return max(m[UNTIL], minute + days * DAY)


# Queues -----------------------------------------------------------------------------------------
#
# Most jobs join a queue in the order in which they leave it: those stand in a row, a list of
# places. The others are in a pairing heap (Fredman, Sedgewick, Sleator and Tarjan 1986).


@part
def _before(m: Ints, one: int, other: int) -> bool:
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
    if _before(m, other, one):
        one, other = other, one
    m[other + P_SIBLING] = m[one + P_CHILD]
    m[one + P_CHILD] = other
    return one


@part
def _stand(m: Ints, queue: int, side: int, key: int, job: int) -> None:
    """Put a job in one side of a queue."""
    place = m[FREE_PLACE]
    if place >= 0:
        m[FREE_PLACE] = m[place + P_SIBLING]
    else:
        place = m[NEXT_PLACE]
        if place == m[PLACES_END]:
            m[FAULT] = FULL
            return
        m[NEXT_PLACE] += PLACE_COLUMNS
    m[place + P_KEY] = key
    m[place + P_JOINED] = m[job + J_JOINED]
    m[place + P_CASE_AND_NODE] = m[job + J_CASE] << 16 | m[job + J_NODE]
    m[place + P_LEFT] = m[job + J_LEFT]
    m[place + P_JOB] = job
    m[place + P_STAMP] = m[job + J_STAMP]
    m[place + P_CHILD] = -1
    m[place + P_SIBLING] = -1
    ends = queue + side
    if m[ends + FIRST_IN_ROW] < 0:
        m[ends + FIRST_IN_ROW] = m[ends + LAST_IN_ROW] = place
    elif _before(m, place, m[ends + LAST_IN_ROW]):
        m[ends + ROOT] = _meld(m, m[ends + ROOT], place)
    else:
        m[m[ends + LAST_IN_ROW] + P_SIBLING] = place
        m[ends + LAST_IN_ROW] = place


@part
def _leave(m: Ints, queue: int, side: int, front: int) -> None:
    """Remove the front place of one side of a queue."""
    ends = queue + side
    if front == m[ends + FIRST_IN_ROW]:
        m[ends + FIRST_IN_ROW] = m[front + P_SIBLING]
    else:
        m[ends + ROOT] = _without_root(m, front)
    m[front + P_SIBLING] = m[FREE_PLACE]
    m[FREE_PLACE] = front


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
def _front(m: Ints, queue: int, side: int) -> int:
    """Return the front place of one side, or -1; jobs that are gone are dropped from it."""
    ends = queue + side
    while True:
        front, root = m[ends + FIRST_IN_ROW], m[ends + ROOT]
        if front < 0 or (root >= 0 and _before(m, root, front)):
            front = root
        if front < 0 or m[front + P_STAMP] == m[m[front + P_JOB] + J_STAMP]:
            return front
        _leave(m, queue, side, front)


@part
def _side(m: Ints, queue: int, rules: int, newest: int) -> int:
    """Return the side of a queue from which the next job is taken."""
    order = m[rules + ORDER] if rules >= 0 else RECEIVED
    if order == MIXED:
        return REST if newest else IN_ORDER
    if order != STILL_IN_TIME:
        return IN_ORDER
    latest = m[NOW] + m[rules + TO_GO]
    while True:
        front = _front(m, queue, IN_ORDER)
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
def _join_queue(m: Ints, queue: int, rules: int, job: int) -> None:
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
def _take_from(m: Ints, queue: int, side: int) -> int:
    """Take the front job of one side out of a queue."""
    front = _front(m, queue, side)
    job = m[front + P_JOB]
    _leave(m, queue, side, front)
    m[job + J_STAMP] += 1
    m[queue + SIZE] -= 1
    return job


@part
def _new_job(
    m: Ints, case: int, node: int, received: int, due: int, joined: int, minutes: int, awaited: int
) -> int:
    job = m[FREE_JOB]
    if job >= 0:
        m[FREE_JOB] = m[job + J_BEGUN]
    else:
        job = m[NEXT_JOB]
        if job == m[JOBS_END]:
            m[FAULT] = FULL
            return 0
        m[NEXT_JOB] += JOB_COLUMNS
        m[job + J_STAMP] = 0
    m[job + J_CASE] = case
    m[job + J_NODE] = node
    m[job + J_RECEIVED] = received
    m[job + J_DUE] = due
    m[job + J_JOINED] = joined
    m[job + J_MINUTES] = minutes
    m[job + J_LEFT] = minutes
    m[job + J_BEGUN] = 0
    m[job + J_AWAITED] = awaited
    return job


@part
def _drop_job(m: Ints, job: int) -> None:
    m[job + J_BEGUN] = m[FREE_JOB]
    m[FREE_JOB] = job


# Teams ------------------------------------------------------------------------------------------


@part
def _put(m: Ints, team: int, job: int) -> None:
    """Put a job in the queue of its patch and kind."""
    rules = m[team + RULES_NOW]
    patch = 0
    if m[team + PATCH]:
        patch = _number_at(m[team + PATCH] + 8 * m[job + J_CASE])
    column = m[m[rules + COLUMN_OF_NODE] + m[job + J_NODE]]
    queue = m[team + FIRST_QUEUE] + (patch * m[rules + COLUMNS] + column) * QUEUE_COLUMNS
    _join_queue(m, queue, rules, job)
    m[team + WAITING] += 1


@part
def _call(m: Ints, what: int, more: int) -> None:
    """Have something done once everything else of this minute has happened."""
    called = m[NEXT_CALL]
    m[called], m[called + 1] = what, more
    m[NEXT_CALL] += 2


@part
def _call_team(m: Ints, team: int) -> None:
    if not m[team + CALLED]:
        m[team + CALLED] = 1
        _call(m, team, DISPATCHES)


@part
def _any_idle(m: Ints, team: int) -> bool:
    for word in range(m[team + WORDS]):
        if m[m[team + IDLE] + word]:
            return True
    return False


@part
def _free(m: Ints, team: int, post: int) -> None:
    m[m[team + IDLE] + post // WORD] |= 1 << post % WORD


@part
def _join_team(m: Ints, team: int, job: int) -> None:
    _put(m, team, job)
    if m[team + AGENCY] >= 0 or _any_idle(m, team):
        _call_team(m, team)


@part
def _queues_of(m: Ints, team: int) -> int:
    """Return how many queues a team has by the rules that hold now."""
    return m[team + PATCHES] * m[m[team + RULES_NOW] + COLUMNS]


@seldom
def _set_up(m: Ints, team: int) -> None:
    """Set up the queues of a team by the rules that hold from now on."""
    now = m[NOW]
    moved = 0
    if m[team + RULES_NOW] >= 0:
        for number in range(_queues_of(m, team)):
            queue = m[team + FIRST_QUEUE] + number * QUEUE_COLUMNS
            for side in SIDES:
                while _front(m, queue, side) >= 0:
                    m[m[MOVED] + moved] = _take_from(m, queue, side)
                    moved += 1
    rules = m[team + FIRST_RULES]
    last = rules + (m[team + RULES] - 1) * RULE_COLUMNS
    while rules < last and m[rules + RULE_COLUMNS + STARTS] <= now:
        rules += RULE_COLUMNS
    m[team + RULES_NOW] = rules
    m[team + WAITING] = 0
    m[team + NEWEST_NEXT] = _to_newest(m, team)
    for place in range(moved):
        _put(m, team, m[m[MOVED] + place])
    if moved and m[team + DAILY] < 0:
        _call_team(m, team)


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
def _next_queue(m: Ints, team: int, listed: int, count: int) -> int:
    """Return the queue of the job to be taken next, of those listed, or -1."""
    rules = m[team + RULES_NOW]
    offset = m[team + FIRST_QUEUE]
    if _queues_of(m, team) == 1:
        return offset if count and m[team + WAITING] else -1
    newest = m[team + NEWEST_NEXT]
    best = NONE
    best_late = 0
    best_place = NONE
    for number in range(count):
        queue = offset + m[listed + number] * QUEUE_COLUMNS
        if not m[queue + SIZE]:
            continue
        if best < 0:
            best = queue
            continue
        if best_place < 0:
            best_late = _side(m, best, rules, newest)
            best_place = _front(m, best, best_late)
        late = _side(m, queue, rules, newest)
        place = _front(m, queue, late)
        if m[FAULT]:
            return -1
        sooner = _before(m, place, best_place)
        if m[rules + ORDER] == STILL_IN_TIME and late != best_late:
            sooner = late < best_late
        if sooner:
            best, best_late, best_place = queue, late, place
    return best


@part
def _next_job(m: Ints, team: int, queue: int) -> int:
    """Take the next job out of a queue."""
    side = _side(m, queue, m[team + RULES_NOW], m[team + NEWEST_NEXT])
    job = _take_from(m, queue, side)
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
        if m[queue + SIZE]:
            place = _front(m, queue, BY_DATE)
            if best < 0 or _before(m, place, best_place):
                best, best_place = queue, place
    if best < 0 or m[best_place + P_KEY] > m[NOW]:
        return -1
    m[team + WAITING] -= 1
    return _take_from(m, best, BY_DATE)


@part
def _next_of_post(m: Ints, team: int, serves: int, queue: int) -> int:
    """Take what a post is reserved for, else the next job of a queue out of it."""
    if m[serves + IS_FOR_OVERDUE]:
        job = _next_overdue(m, team, m[serves + FIRST_SERVED], m[serves + SERVED])
        if job >= 0:
            return job
    elif m[serves + OWN]:
        own = _next_queue(m, team, m[serves + FIRST_OWN], m[serves + OWN])
        if own >= 0:
            queue = own
    return _next_job(m, team, queue)


@part
def _day_mask(m: Ints, team: int, day: int, word: int) -> int:
    first = m[team + MASKS]
    return 0 if first < 0 else m[first + day * m[team + WORDS] + word]


@part
def _at_work(m: Ints, team: int, word: int) -> int:
    """Return which idle posts of a word may take a job now."""
    now = m[NOW]
    day = now // DAY
    of_day = now % DAY - MORNING
    idle = m[m[team + IDLE] + word]
    at_work = idle & m[m[team + ALWAYS] + word]
    if of_day < 0:
        return at_work
    there = idle & _day_mask(m, team, day, word)
    while there:
        bit = _lowest_bit(there)
        there &= there - 1
        post = m[team + FIRST_POST] + (word * WORD + bit) * POST_COLUMNS
        if of_day < _number_at(m[post + MINUTES_OF_DAY] + 8 * day):
            at_work |= 1 << bit
    return at_work


@part
def _next_there(m: Ints, team: int, post: int) -> int:
    """Return the first minute from now on at which an idle post may take a job."""
    now = m[NOW]
    if m[m[team + ALWAYS] + post // WORD] >> post % WORD & 1:
        return now
    row = m[team + FIRST_POST] + post * POST_COLUMNS
    day = now // DAY
    next_day = m[row + NEXT_DAY]
    if _number_at(next_day + 8 * day) == day:
        of_day = now % DAY - MORNING
        if of_day < _number_at(m[row + MINUTES_OF_DAY] + 8 * day):
            return max(now, day * DAY + MORNING)
    following = _number_at(next_day + 8 * (day + 1))
    return NEVER if following < 0 else following * DAY + MORNING


@part
def _finish(m: Ints, post: int, start: int, minutes: int) -> int:
    """Return the minute at which so much work is done by a post when it is begun at a minute."""
    if m[post + MINUTES_OF_DAY] == 0:
        return start + minutes
    before = m[post + BEFORE_DAY]
    target = _done_by(m, post, start) + minutes
    day = start // DAY
    days = m[DAYS]
    while day <= days and _number_at(before + 8 * day) < target:
        day += 1
    last = day - 1
    if last >= days:
        return NEVER
    return last * DAY + MORNING + target - _number_at(before + 8 * last)


@part
def _done_by(m: Ints, post: int, minute: int) -> int:
    """Return the minutes of work that a post busy since minute 0 has done by a minute."""
    day = minute // DAY
    today = _number_at(m[post + MINUTES_OF_DAY] + 8 * day)
    done = min(max(minute % DAY - MORNING, 0), today)
    return _number_at(m[post + BEFORE_DAY] + 8 * day) + done


@part
def _handover(m: Ints, post: int, start: int, ended: int) -> int:
    """Return the first minute between two at which a post hands back its work, or NEVER."""
    first = m[post + FIRST_HANDOVER]
    for place in range(first, first + m[post + HANDOVERS]):
        if m[place] > start:
            return m[place] if m[place] < ended else NEVER
    return NEVER


@part
def _take(m: Ints, team: int, number: int, job: int) -> None:
    """Have a post work on a job to its end, or until it hands the job over."""
    now = m[NOW]
    m[m[team + IDLE] + number // WORD] &= ~(1 << number % WORD)
    post = m[team + FIRST_POST] + number * POST_COLUMNS
    case, node, joined = m[job + J_CASE], m[job + J_NODE], m[job + J_JOINED]
    minutes = m[job + J_MINUTES]
    ended = _finish(m, post, now, minutes)
    handed_over = _handover(m, post, now, ended)
    if handed_over < ended:
        done = _done_by(m, post, handed_over) - _done_by(m, post, now)
        _row(m, case, node, joined, now, handed_over, number, done)
        m[job + J_MINUTES] = m[job + J_LEFT] = minutes - done
        _event(m, handed_over, _what(HAND_OVER, team, ZERO, ZERO), number << 32 | job)
        return
    _event(m, ended, _what(DONE, case, node, m[job + J_AWAITED]), number)
    _row(m, case, node, joined, now, ended, number, minutes)
    _drop_job(m, job)


@part
def _dispatch(m: Ints, team: int) -> None:
    """Let each free post, in the order of their numbers, take the next job that it serves."""
    m[team + CALLED] = 0
    words = m[team + WORDS]
    waits = False
    for word in range(words):
        ready = _at_work(m, team, word)
        idle = m[m[team + IDLE] + word]
        if idle & ~ready:
            waits = True
        if idle and not m[team + WAITING]:
            return
        while ready:
            bit = _lowest_bit(ready)
            ready &= ready - 1
            number = word * WORD + bit
            serves = m[m[team + RULES_NOW] + OF_POSTS] + number * OF_POST_COLUMNS
            queue = _next_queue(m, team, m[serves + FIRST_SERVED], m[serves + SERVED])
            if m[FAULT]:
                return
            if queue >= 0:
                _take(m, team, number, _next_of_post(m, team, serves, queue))
                if not m[team + WAITING] and idle >> bit >> 1:
                    return
    if m[team + AGENCY] >= 0 and m[team + WAITING]:
        _pass_on(m, team)
    if waits:
        _wake(m, team)


@part
def _wake(m: Ints, team: int) -> None:
    """Look again when the first of the idle posts that are not at work comes to work."""
    now = m[NOW]
    wake = _first_there(m, team)
    known = m[team + WAKE]
    if wake < NEVER and not now < known <= wake:
        m[team + WAKE] = wake
        _event(m, wake, _what(LOOK, team, ZERO, ZERO), ZERO)


@seldom
def _first_there(m: Ints, team: int) -> int:
    """Return the first minute at which one of the idle posts that are not at work is.

    As long as the same posts are idle and none of them has come, it is the one found before.
    """
    now = m[NOW]
    words = m[team + WORDS]
    same = now < m[team + FOUND]
    for word in range(words):
        away = m[m[team + IDLE] + word] & ~_at_work(m, team, word)
        if away != m[m[team + AWAY_POSTS] + word]:
            m[m[team + AWAY_POSTS] + word] = away
            same = False
    if same:
        return m[team + FOUND]
    found = NEVER
    for word in range(words):
        away = m[m[team + AWAY_POSTS] + word]
        while away:
            bit = _lowest_bit(away)
            away &= away - 1
            found = min(found, _next_there(m, team, word * WORD + bit))
    m[team + FOUND] = found
    return found


@seldom
def _pass_on(m: Ints, team: int) -> None:
    """Pass jobs on to the agency by its rule, in its allowance."""
    now = m[NOW]
    agency = m[team + AGENCY]
    rule = m[agency + FIRST_ALLOWANCE] - ALLOWANCE_COLUMNS
    last = rule + m[agency + ALLOWANCES] * ALLOWANCE_COLUMNS
    while rule < last and m[rule + ALLOWANCE_COLUMNS + OPENS_AT] <= now:
        rule += ALLOWANCE_COLUMNS
    if rule < m[agency + FIRST_ALLOWANCE]:
        return
    by_rule = m[rule + LONGER] >= 0 or m[rule + OLDER] >= 0
    count = _queues_of(m, team)
    for number in range(count):
        m[m[LISTED] + number] = number
    if not by_rule:
        count = _not_cared_for(m, team)
    bought = m[team + BOUGHT] if m[team + BOUGHT_FROM] == rule else 0
    while bought < m[rule + ALLOWANCE]:
        queue = _next_queue(m, team, m[LISTED], count)
        if queue < 0:
            break
        if by_rule:
            side = _side(m, queue, m[team + RULES_NOW], m[team + NEWEST_NEXT])
            joined = m[m[_front(m, queue, side) + P_JOB] + J_JOINED]
            long = m[rule + LONGER] >= 0 and m[team + WAITING] > m[rule + LONGER]
            old = m[rule + OLDER] >= 0 and now - joined > m[rule + OLDER]
            if not long and not old:
                break
        job = _next_job(m, team, queue)
        bought += 1
        case, node = m[job + J_CASE], m[job + J_NODE]
        ended = now + _value(m, m[agency + DAYS_OF_AGENCY], case) * DAY
        _row(m, case, node, m[job + J_JOINED], now, ended, BY_AGENCY, m[job + J_MINUTES])
        _event(m, ended, _what(GO_ON, case, node, m[job + J_AWAITED]), ZERO)
        _drop_job(m, job)
    m[team + BOUGHT_FROM] = rule
    m[team + BOUGHT] = bought


@seldom
def _not_cared_for(m: Ints, team: int) -> int:
    """List the queues that no free post serves which is at work or will be before long."""
    now = m[NOW]
    count = _queues_of(m, team)
    for queue in range(count):
        m[m[CARED_FOR] + queue] = 0
    for number in range(m[team + POSTS]):
        if not m[m[team + IDLE] + number // WORD] >> number % WORD & 1:
            continue
        if _next_there(m, team, number) - now >= AWAY:
            continue
        serves = m[m[team + RULES_NOW] + OF_POSTS] + number * OF_POST_COLUMNS
        for place in range(m[serves + FIRST_SERVED], m[serves + FIRST_SERVED] + m[serves + SERVED]):
            m[m[CARED_FOR] + m[place]] = 1
    listed = 0
    for queue in range(count):
        if not m[m[CARED_FOR] + queue]:
            m[m[LISTED] + listed] = queue
            listed += 1
    return listed


@seldom
def _pour(m: Ints, team: int) -> None:
    """Give the jobs that wait for a team of daily hours the minutes of this day."""
    now = m[NOW]
    today = m[team + DAILY] + now // DAY * 2
    left, most = m[today], m[today + 1]
    count = _queues_of(m, team)
    for number in range(count):
        m[m[LISTED] + number] = number
    not_done = 0
    while left:
        queue = _next_queue(m, team, m[LISTED], count)
        if queue < 0:
            break
        job = _next_job(m, team, queue)
        given = min(left, most, m[job + J_LEFT])
        if m[job + J_LEFT] == m[job + J_MINUTES]:
            m[job + J_BEGUN] = now
        m[job + J_LEFT] -= given
        left -= given
        if m[job + J_LEFT]:
            m[m[MOVED] + not_done] = job
            not_done += 1
        else:
            _row_of_begun(m, job, now + given)
            case, node = m[job + J_CASE], m[job + J_NODE]
            _event(m, now + given, _what(GO_ON, case, node, m[job + J_AWAITED]), ZERO)
            _drop_job(m, job)
        if m[FAULT]:
            return
    for place in range(not_done):
        _put(m, team, m[m[MOVED] + place])


@part
def _row_of_begun(m: Ints, job: int, ended: int) -> None:
    """Write the row of a job of a team of daily hours that was begun."""
    case, node, joined = m[job + J_CASE], m[job + J_NODE], m[job + J_JOINED]
    _row(m, case, node, joined, m[job + J_BEGUN], ended, SHARED_HOURS, m[job + J_MINUTES])


# Panels -----------------------------------------------------------------------------------------


@seldom
def _close(m: Ints, panel: int, sitting: int) -> None:
    """Make up the list of a sitting."""
    now = m[NOW]
    queue = m[panel + QUEUE_OF_PANEL]
    minute = m[sitting + DECIDES]
    for _ in range(min(m[sitting + CASES], m[queue + SIZE])):
        job = _take_from(m, queue, IN_ORDER)
        case, node = m[job + J_CASE], m[job + J_NODE]
        _row(m, case, node, m[job + J_JOINED], now, minute, NOBODY, ZERO)
        _event(m, minute, _what(GO_ON, case, node, m[job + J_AWAITED]), ZERO)
        _drop_job(m, job)


# Cases on their way -----------------------------------------------------------------------------


@part
def _join(m: Ints, case: int, node: int, joined: int, minutes: int, awaited: int) -> None:
    """Have a case join the queue of a team or a panel."""
    job = _new_job(
        m,
        case,
        node,
        m[_case(m, case) + RECEIVED_ON],
        m[_case(m, case) + DUE_ON],
        joined,
        minutes,
        awaited,
    )
    if m[FAULT]:
        return
    station = m[_node(m, node) + STATION]
    if m[_node(m, node) + KIND] == WORK:
        _join_team(m, station, job)
    else:
        _join_queue(m, m[station + QUEUE_OF_PANEL], NONE, job)


@part
def _one_comes_in(m: Ints, case: int) -> None:
    """Count a branch of a case that is in; the case goes on when none is missing."""
    m[_case(m, case) + BRANCHES_OUT] -= 1
    if m[_case(m, case) + BRANCHES_OUT] & (1 << JOINS_AT) - 1 == 0:
        _event(m, m[NOW], _what(MEET, case, ZERO, ZERO), ZERO)


@part
def _walk(m: Ints, case: int, node: int, awaited: int) -> None:
    """Move a token of a case from node to node, until it waits or ends; so its branches."""
    height = m[STACK]
    while True:
        while node >= 0 and m[_node(m, node) + KIND] != FORK:
            node = _step(m, case, node, awaited)
        if m[FAULT]:
            return
        if node >= 0:
            height = _branch_out(m, case, node, height)
        if height == m[STACK]:
            return
        height -= 2
        node, awaited = m[height], m[height + 1]
        if node < 0:
            _one_comes_in(m, case)


@seldom
def _branch_out(m: Ints, case: int, fork: int, height: int) -> int:
    """Put the branches that a case takes on the stack, the first on top."""
    m[_case(m, case) + BRANCHES_OUT] = m[_node(m, fork) + OTHERWISE] << JOINS_AT | 1
    m[height] = -1
    height += 2
    first = m[_node(m, fork) + FIRST_WAY]
    for number in range(m[_node(m, fork) + WAYS] - 1, -1, -1):
        branch = first + number * BRANCH_COLUMNS
        taken, waits = m[branch + TAKEN], m[branch + WAITS]
        if taken >= 0 and not _value(m, taken, case):
            continue
        awaited = 1 if waits < 0 or _value(m, waits, case) else 0
        m[_case(m, case) + BRANCHES_OUT] += awaited
        m[height], m[height + 1] = m[branch + FIRST_NODE], awaited
        height += 2
    return height


@part
def _step(m: Ints, case: int, node: int, awaited: int) -> int:
    """Have a token do what its node says; return the node that follows at once, or -1."""
    here = _node(m, node)
    kind = m[here + KIND]
    now = m[NOW]
    value = ZERO
    if kind <= START:
        of = m[_case(m, case) + HOLDER] if kind == IN_PLACE else case
        value = _value(m, m[here + VALUE], of)
    if kind == MARK:
        _record(m, case, node, now)
        _mark(m, case, here)
    elif kind == DECISION or (kind == WORK and value):
        _join(m, case, node, now, value, awaited)
        return -1
    elif kind == CHOICE:
        return m[m[here + FIRST_WAY] + value]
    elif kind == WAIT:
        if value:
            ends = _after(m, now, value, m[here + COUNTED_IN])
            _record(m, case, node, ends)
            _event(m, ends, _what(GO_ON, case, node, awaited), ZERO)
            return -1
    elif kind == BEFORE:
        return m[here + THEN] if now < value else m[here + OTHERWISE]
    elif kind == IN_PLACE:
        in_place = m[_case(m, m[_case(m, case) + HOLDER]) + STATE] & PLAN_IN_PLACE
        return m[here + THEN] if now < value and in_place else m[here + OTHERWISE]
    elif kind == JOIN:
        if awaited:
            _one_comes_in(m, case)
        return -1
    elif kind == END:
        _record(m, case, node, now)
        return -1
    elif kind == REPEAT:
        if m[m[here + FIRST_WAY] + case] < value:
            m[m[here + FIRST_WAY] + case] += 1
            return m[here + OTHERWISE]
    elif kind == START:
        _start(m, case, node, value)
    return -1 if m[FAULT] else m[here + THEN]


@part
def _mark(m: Ints, case: int, here: int) -> None:
    """Set what a milestone sets from here on."""
    if m[here + CLOCK] >= 0 or m[here + CLOCK_VALUE] >= 0:
        m[_case(m, case) + RECEIVED_ON] = m[NOW]
        days = (
            m[here + CLOCK] if m[here + CLOCK_VALUE] < 0 else _value(m, m[here + CLOCK_VALUE], case)
        )
        _count_to(m, case, days)
    if m[here + DUE] >= 0:
        _count_to(m, case, m[here + DUE])
    if m[here + VARIANT] >= 0:
        _set_variant(m, case, m[here + VARIANT])
    if m[here + PLAN]:
        state = _case(m, m[_case(m, case) + HOLDER]) + STATE
        m[state] = m[state] & HAS_VARIANT | m[here + PLAN]


@part
def _set_variant(m: Ints, case: int, has: int) -> None:
    state = _case(m, case) + STATE
    m[state] = m[state] & ~HAS_VARIANT | has


@part
def _start(m: Ints, case: int, node: int, other: int) -> None:
    """Have another case arrive later."""
    here = _node(m, node)
    minute = m[NOW] + _value(m, m[here + OTHER_VALUE], case) * DAY
    _record(m, case, node, minute)
    if minute >= m[UNTIL]:
        return
    if other == case or m[_case(m, other) + ARRIVED] != NOT_YET:
        m[FAULT] = NO_CASE_LEFT
        m[FAULTY_NODE], m[FAULTY_CASE] = node, case
        return
    m[_case(m, other) + ARRIVED] = m[_case(m, other) + RECEIVED_ON] = minute
    _count_to(m, other, m[CLOCK_DAYS])
    _event(m, minute, _what(BEGIN, other, m[here + OTHERWISE], ZERO), ZERO)


# The start, each event and the end --------------------------------------------------------------


@seldom
def _take_up(m: Ints, number: int) -> None:
    """Have a case that is open when the run starts go on from where it is."""
    one = m[OPEN_CASES] + number * OPEN_COLUMNS
    case = m[one + OPEN_CASE]
    m[_case(m, case) + RECEIVED_ON] = m[one + OPEN_CLOCK]
    _count_to(m, case, m[one + OPEN_CLOCK_DAYS])
    for number in range(m[one + OPEN_DONE]):
        done = m[one + OPEN_FIRST_DONE] + number * 4
        _row(m, case, m[done], m[done + 1], m[done + 2], m[done + 3], NOBODY, ZERO)
        here = _node(m, m[done])
        if m[here + KIND] == MARK and m[here + VARIANT] >= 0:
            _set_variant(m, case, m[here + VARIANT])
    at_fork = m[_node(m, m[one + OPEN_NODE]) + KIND] == FORK
    join = m[_node(m, m[one + OPEN_NODE]) + OTHERWISE] if at_fork else ZERO
    m[_case(m, case) + BRANCHES_OUT] = join << JOINS_AT | 1
    for number in range(m[one + OPEN_BRANCHES]):
        branch = m[one + OPEN_FIRST_BRANCH] + number * 4
        awaited = 1 if at_fork and m[branch + 1] else 0
        m[_case(m, case) + BRANCHES_OUT] += awaited
        _resume(m, case, m[branch], m[branch + 2], m[branch + 3], awaited)
    if at_fork:
        _one_comes_in(m, case)
    else:
        _resume(m, case, m[one + OPEN_NODE], m[one + OPEN_JOINED], m[one + OPEN_LEFT], ZERO)


@part
def _resume(m: Ints, case: int, node: int, joined: int, left: int, awaited: int) -> None:
    """Finish what a token was at when the run started."""
    if m[_node(m, node) + KIND] == WAIT:
        ends = m[NOW] + left
        _row(m, case, node, joined, joined, ends, NOBODY, ZERO)
        _event(m, ends, _what(GO_ON, case, node, awaited), ZERO)
    else:
        _join(m, case, node, joined, left, awaited)


@part
def _happen(m: Ints, what: int, more: int) -> None:
    """Have an event happen."""
    kind, awaited = what & 15, what >> 4 & 1
    case, node = what >> 24, what >> 8 & 0xFFFF
    arrival = NONE
    if kind <= DONE:
        here = _node(m, node)
        node = m[here + THEN]
    elif kind == MEET:
        join = m[_case(m, case) + BRANCHES_OUT] >> JOINS_AT
        _record(m, case, join, m[NOW])
        node = m[_node(m, join) + THEN]
    elif kind != BEGIN:
        if kind > ARRIVE:
            _happen_to_all(m, kind, case, more)
        if kind <= BEGIN_ALL:
            arrival = _next_arrival(m)
        node = -1
    while node >= 0 or arrival >= 0:
        if arrival >= 0:
            case, node = m[arrival], m[arrival + 1]
        _walk(m, case, node, awaited)
        node = -1
        if arrival >= 0:
            arrival = _next_arrival(m)
    if kind == DONE:
        team = m[here + STATION]
        _free(m, team, more)
        if m[team + WAITING]:
            _call_team(m, team)


@part
def _next_arrival(m: Ints) -> int:
    """Return the place of the next case that arrives now, or -1 when the next arrives later."""
    arrival = m[NEXT_ARRIVAL]
    if m[FAULT] or arrival == m[ARRIVALS_END]:
        return -1
    arrived = m[_case(m, m[arrival]) + ARRIVED]
    if arrived > m[NOW]:
        _event(m, arrived, ARRIVE, ZERO)
        return -1
    m[NEXT_ARRIVAL] += 2
    return arrival


@seldom
def _happen_to_all(m: Ints, kind: int, station: int, more: int) -> None:
    """Have an event happen to a team or a panel, or the start of the run."""
    if kind == LOOK:
        _call_team(m, station)
    elif kind == HAND_OVER:
        job = more & 0xFFFFFFFF
        _free(m, station, more >> 32)
        m[job + J_JOINED] = m[NOW]
        _join_team(m, station, job)
    elif kind == SET_UP:
        _set_up(m, station)
    elif kind == CLOSE:
        _call(m, station, more)
        _next_sitting(m, station, more + SITTING_COLUMNS)
    elif kind == POUR:
        _call(m, station, POURS)
        _next_day(m, station, more + 1)
    else:
        for number in range(m[OPEN_COUNT]):
            _take_up(m, number)


@part
def _next_sitting(m: Ints, panel: int, sitting: int) -> None:
    if sitting < m[panel + SITTINGS_END]:
        _event(m, m[sitting + CLOSES_AT], _what(CLOSE, panel, ZERO, ZERO), sitting)


@part
def _next_day(m: Ints, team: int, day: int) -> None:
    """Have a team of daily hours pour the minutes of its next day that has some."""
    while day < m[DAYS]:
        if m[m[team + DAILY] + 2 * day]:
            _event(m, day * DAY + MORNING, _what(POUR, team, ZERO, ZERO), day)
            return
        day += 1


@seldom
def _begin_run(m: Ints) -> None:
    for number in range(m[TEAMS]):
        team = m[FIRST_TEAM] + number * TEAM_COLUMNS
        _set_up(m, team)
        for later in range(1, m[team + RULES]):  # a change of rules comes first in its minute
            rules = m[team + FIRST_RULES] + later * RULE_COLUMNS
            _event(m, m[rules + STARTS], _what(SET_UP, team, ZERO, ZERO), ZERO)
    for number in range(m[TEAMS]):
        team = m[FIRST_TEAM] + number * TEAM_COLUMNS
        if m[team + AGENCY] >= 0:
            agency = m[team + AGENCY]
            for period in range(m[agency + ALLOWANCES]):
                opens = m[agency + FIRST_ALLOWANCE] + period * ALLOWANCE_COLUMNS + OPENS_AT
                _event(m, m[opens], _what(LOOK, team, ZERO, ZERO), ZERO)
            for look in range(m[agency + LOOKS]):
                _event(m, m[m[agency + FIRST_LOOK] + look], _what(LOOK, team, ZERO, ZERO), ZERO)
        if m[team + DAILY] >= 0:
            _next_day(m, team, ZERO)
    for number in range(m[PANELS]):
        panel = m[FIRST_PANEL] + number * PANEL_COLUMNS
        _next_sitting(m, panel, m[panel + FIRST_SITTING])
    _event(m, ZERO, BEGIN_ALL, ZERO)


@part
def _all_else(m: Ints) -> None:
    """Let teams and panels take from their queues, once everything else has happened."""
    call = m[CALLS]
    end = m[NEXT_CALL]
    m[NEXT_CALL] = call
    while call < end:
        station, how = m[call], m[call + 1]
        call += 2
        if how == DISPATCHES:
            _dispatch(m, station)
        elif how == POURS:
            _pour(m, station)
        else:
            _close(m, station, how)


@seldom
def _end_run(m: Ints) -> None:
    """Write a row for every job that still waits."""
    for number in range(m[TEAMS]):
        team = m[FIRST_TEAM] + number * TEAM_COLUMNS
        for place in range(_queues_of(m, team)):
            queue = m[team + FIRST_QUEUE] + place * QUEUE_COLUMNS
            while m[queue + SIZE] and not m[FAULT]:
                job = _take_from(m, queue, _side(m, queue, m[team + RULES_NOW], ZERO))
                if m[job + J_LEFT] < m[job + J_MINUTES]:
                    _row_of_begun(m, job, NEVER)
                else:
                    _row_of_waiting(m, job)
    for number in range(m[PANELS]):
        queue = m[m[FIRST_PANEL] + number * PANEL_COLUMNS + QUEUE_OF_PANEL]
        while m[queue + SIZE] and not m[FAULT]:
            _row_of_waiting(m, _take_from(m, queue, IN_ORDER))


@part
def _row_of_waiting(m: Ints, job: int) -> None:
    case, node, joined = m[job + J_CASE], m[job + J_NODE], m[job + J_JOINED]
    _row(m, case, node, joined, NEVER, NEVER, NOBODY, m[job + J_MINUTES])


def _run_events_of(text: int) -> Any:
    @program
    def run_events(memory: Ints) -> None:
        """Work off every minute of a run and write the rows of its log.

        Parameters
        ----------
        memory : ndarray of int64
            Memory of the run, as ``packing.py`` makes it. Its first numbers tell how many rows were
            written, or what is wrong.
        """
        m = memory_at(memory.ctypes.data + 0 * text)
        m[OWN_ADDRESS] = memory.ctypes.data
        _begin_run(m)
        for bucket in range(m[BUCKET_COUNT]):
            event = m[m[BUCKETS] + bucket]
            if event < 0:
                continue
            m[BUCKET] = bucket
            first = NONE
            while event >= 0:  # the last that was made is on top
                _fetch_case(m, m[event + E_WHAT])
                following = m[event + E_NEXT]
                m[event + E_NEXT] = first
                first = event
                event = following
            while first >= 0:
                following = m[first + E_NEXT]
                _fetch_way(m, m[first + E_WHAT])
                _to_slot(m, first)
                first = following
            slot = _next_slot(m)
            while slot >= 0:
                minute = m[m[slot] + E_MINUTE]
                m[NOW] = minute
                while m[slot] >= 0 and m[m[slot] + E_MINUTE] == minute:
                    event = _take_event(m, slot)
                    what, more = m[event + E_WHAT], m[event + E_MORE]
                    m[event + E_NEXT] = m[FREE_EVENT]
                    m[FREE_EVENT] = event
                    _happen(m, what, more)
                    if m[FAULT]:
                        return
                _all_else(m)
                if m[FAULT]:
                    return
                slot = _next_slot(m)
        m[BUCKET] = -1
        m[NOW] = m[UNTIL]
        _end_run(m)

    return run_events


_FILES = (compiled.__file__, counted.__file__, log_sort.__file__, packed_cases.__file__)
run_events = _run_events_of(sources(__file__, variates.__file__, *_FILES))
"""Compiled; ``text`` has numba's cache notice a change in any of the files."""
