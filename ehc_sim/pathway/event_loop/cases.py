"""Cases on their way from node to node."""

from __future__ import annotations

from ehc_sim.compiled import part, seldom
from ehc_sim.pathway.event_loop.events import schedule
from ehc_sim.pathway.event_loop.layout import (
    ARRIVED,
    BEFORE,
    BEGIN,
    BRANCH_COLUMNS,
    BRANCHES_OUT,
    CHOICE,
    CLOCK,
    CLOCK_DAYS,
    CLOCK_VALUE,
    COUNTED_IN,
    DAY,
    DECISION,
    DUE,
    DUE_ON,
    END,
    FAULT,
    FAULTY_CASE,
    FAULTY_NODE,
    FIRST_NODE,
    FIRST_WAY,
    FORK,
    GO_ON,
    HAS_VARIANT,
    HOLDER,
    IN_PLACE,
    JOIN,
    JOINS_AT,
    KIND,
    MARK,
    MEET,
    NO_CASE_LEFT,
    NOBODY,
    NONE,
    NOT_YET,
    NOW,
    OPEN_BRANCHES,
    OPEN_CASE,
    OPEN_CASES,
    OPEN_CLOCK,
    OPEN_CLOCK_DAYS,
    OPEN_COLUMNS,
    OPEN_DONE,
    OPEN_FIRST_BRANCH,
    OPEN_FIRST_DONE,
    OPEN_JOINED,
    OPEN_LEFT,
    OPEN_NODE,
    OTHER_VALUE,
    OTHERWISE,
    PLAN,
    PLAN_IN_PLACE,
    QUEUE_OF_PANEL,
    RECEIVED_ON,
    REPEAT,
    STACK,
    START,
    STATE,
    STATION,
    TAKEN,
    THEN,
    UNTIL,
    VALUE,
    VARIANT,
    WAIT,
    WAITS,
    WAYS,
    WORK,
    ZERO,
    Ints,
    case_at,
    event_of,
    node_at,
)
from ehc_sim.pathway.event_loop.queues import join_queue, new_job
from ehc_sim.pathway.event_loop.rows import after, count_to, record, write_row
from ehc_sim.pathway.event_loop.teams import join_team
from ehc_sim.pathway.event_loop.values import value_of


@part
def _join(m: Ints, case: int, node: int, joined: int, minutes: int, awaited: int) -> None:
    """Have a case join the queue of a team or a panel."""
    received, due = m[case_at(m, case) + RECEIVED_ON], m[case_at(m, case) + DUE_ON]
    job = new_job(m, event_of(GO_ON, case, node, awaited), received, due, joined, minutes)
    if m[FAULT]:
        return
    station = m[node_at(m, node) + STATION]
    if m[node_at(m, node) + KIND] == WORK:
        join_team(m, station, job)
    else:
        join_queue(m, m[station + QUEUE_OF_PANEL], NONE, job)


@part
def _one_comes_in(m: Ints, case: int) -> None:
    """Count a branch of a case that is in; the case goes on when none is missing."""
    m[case_at(m, case) + BRANCHES_OUT] -= 1
    if m[case_at(m, case) + BRANCHES_OUT] & (1 << JOINS_AT) - 1 == 0:
        schedule(m, m[NOW], event_of(MEET, case, ZERO, ZERO), ZERO)


@part
def walk(m: Ints, case: int, node: int, awaited: int) -> None:
    """Move a token of a case from node to node, until it waits or ends; so its branches."""
    height = m[STACK]
    while True:
        while node >= 0 and m[node_at(m, node) + KIND] != FORK:
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
    m[case_at(m, case) + BRANCHES_OUT] = m[node_at(m, fork) + OTHERWISE] << JOINS_AT | 1
    m[height] = -1
    height += 2
    first = m[node_at(m, fork) + FIRST_WAY]
    for number in range(m[node_at(m, fork) + WAYS] - 1, -1, -1):
        branch = first + number * BRANCH_COLUMNS
        taken, waits = m[branch + TAKEN], m[branch + WAITS]
        if taken >= 0 and not value_of(m, taken, case):
            continue
        awaited = 1 if waits < 0 or value_of(m, waits, case) else 0
        m[case_at(m, case) + BRANCHES_OUT] += awaited
        m[height], m[height + 1] = m[branch + FIRST_NODE], awaited
        height += 2
    return height


@part
def _step(m: Ints, case: int, node: int, awaited: int) -> int:
    """Have a token do what its node says; return the node that follows at once, or -1."""
    here = node_at(m, node)
    kind = m[here + KIND]
    now = m[NOW]
    value = ZERO
    if kind <= START:
        of = m[case_at(m, case) + HOLDER] if kind == IN_PLACE else case
        value = value_of(m, m[here + VALUE], of)
    if kind == MARK:
        record(m, case, node, now)
        _mark(m, case, here)
    elif kind == DECISION or (kind == WORK and value):
        _join(m, case, node, now, value, awaited)
        return -1
    elif kind == CHOICE:
        return m[m[here + FIRST_WAY] + value]
    elif kind == WAIT:
        if value:
            ends = after(m, now, value, m[here + COUNTED_IN])
            record(m, case, node, ends)
            schedule(m, ends, event_of(GO_ON, case, node, awaited), ZERO)
            return -1
    elif kind == BEFORE:
        return m[here + THEN] if now < value else m[here + OTHERWISE]
    elif kind == IN_PLACE:
        in_place = m[case_at(m, m[case_at(m, case) + HOLDER]) + STATE] & PLAN_IN_PLACE
        return m[here + THEN] if now < value and in_place else m[here + OTHERWISE]
    elif kind == JOIN:
        if awaited:
            _one_comes_in(m, case)
        return -1
    elif kind == END:
        record(m, case, node, now)
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
        m[case_at(m, case) + RECEIVED_ON] = m[NOW]
        days = m[here + CLOCK]
        if m[here + CLOCK_VALUE] >= 0:
            days = value_of(m, m[here + CLOCK_VALUE], case)
        count_to(m, case, days)
    if m[here + DUE] >= 0:
        count_to(m, case, m[here + DUE])
    if m[here + VARIANT] >= 0:
        _set_variant(m, case, m[here + VARIANT])
    if m[here + PLAN]:
        state = case_at(m, m[case_at(m, case) + HOLDER]) + STATE
        m[state] = m[state] & HAS_VARIANT | m[here + PLAN]


@part
def _set_variant(m: Ints, case: int, has: int) -> None:
    state = case_at(m, case) + STATE
    m[state] = m[state] & ~HAS_VARIANT | has


@part
def _start(m: Ints, case: int, node: int, other: int) -> None:
    """Have another case arrive later."""
    here = node_at(m, node)
    minute = m[NOW] + value_of(m, m[here + OTHER_VALUE], case) * DAY
    record(m, case, node, minute)
    if minute >= m[UNTIL]:
        return
    if other == case or m[case_at(m, other) + ARRIVED] != NOT_YET:
        m[FAULT] = NO_CASE_LEFT
        m[FAULTY_NODE], m[FAULTY_CASE] = node, case
        return
    m[case_at(m, other) + ARRIVED] = m[case_at(m, other) + RECEIVED_ON] = minute
    count_to(m, other, m[CLOCK_DAYS])
    schedule(m, minute, event_of(BEGIN, other, m[here + OTHERWISE], ZERO), ZERO)


@seldom
def take_up(m: Ints, number: int) -> None:
    """Have a case that is open when the run starts go on from where it is."""
    one = m[OPEN_CASES] + number * OPEN_COLUMNS
    case = m[one + OPEN_CASE]
    m[case_at(m, case) + RECEIVED_ON] = m[one + OPEN_CLOCK]
    count_to(m, case, m[one + OPEN_CLOCK_DAYS])
    for number in range(m[one + OPEN_DONE]):
        done = m[one + OPEN_FIRST_DONE] + number * 4
        write_row(m, case, m[done], m[done + 1], m[done + 2], m[done + 3], NOBODY, ZERO)
        here = node_at(m, m[done])
        if m[here + KIND] == MARK and m[here + VARIANT] >= 0:
            _set_variant(m, case, m[here + VARIANT])
    at_fork = m[node_at(m, m[one + OPEN_NODE]) + KIND] == FORK
    join = m[node_at(m, m[one + OPEN_NODE]) + OTHERWISE] if at_fork else ZERO
    m[case_at(m, case) + BRANCHES_OUT] = join << JOINS_AT | 1
    for number in range(m[one + OPEN_BRANCHES]):
        branch = m[one + OPEN_FIRST_BRANCH] + number * 4
        awaited = 1 if at_fork and m[branch + 1] else 0
        m[case_at(m, case) + BRANCHES_OUT] += awaited
        _resume(m, case, m[branch], m[branch + 2], m[branch + 3], awaited)
    if at_fork:
        _one_comes_in(m, case)
    else:
        _resume(m, case, m[one + OPEN_NODE], m[one + OPEN_JOINED], m[one + OPEN_LEFT], ZERO)


@part
def _resume(m: Ints, case: int, node: int, joined: int, left: int, awaited: int) -> None:
    """Finish what a token was at when the run started."""
    if m[node_at(m, node) + KIND] == WAIT:
        ends = m[NOW] + left
        write_row(m, case, node, joined, joined, ends, NOBODY, ZERO)
        schedule(m, ends, event_of(GO_ON, case, node, awaited), ZERO)
    else:
        _join(m, case, node, joined, left, awaited)
