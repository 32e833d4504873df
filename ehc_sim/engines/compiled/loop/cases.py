"""Cases on their way from node to node."""

from ehc_sim.engines.compiled.loop.events import schedule, value_of
from ehc_sim.engines.compiled.loop.layout import (
    BEFORE,
    BEGIN,
    BRANCH_COLUMNS,
    CHOICE,
    CLOCK_DAYS,
    DAY,
    DECISION,
    END,
    FAULT,
    FAULTY_CASE,
    FAULTY_NODE,
    FORK,
    GO_ON,
    HAS_VARIANT,
    IN_PLACE,
    JOIN,
    JOINS_AT,
    MARK,
    MEET,
    NO_CASE_LEFT,
    NOBODY,
    NONE,
    NOT_YET,
    NOW,
    OPEN_CASES,
    OPEN_COLUMNS,
    ORDERED,
    PLAN_IN_PLACE,
    REPEAT,
    STACK,
    START,
    UNTIL,
    WAIT,
    WITH_OFFICERS,
    WORK,
    ZERO,
    Ints,
    Record,
    branch_at,
    case_at,
    event_of,
    node_at,
    open_at,
    panel_at,
)
from ehc_sim.engines.compiled.loop.officers import end_case
from ehc_sim.engines.compiled.loop.queues import join_queue, join_team, new_job
from ehc_sim.engines.compiled.loop.rows import after, count_to, record, write_row
from ehc_sim.jit.decorators import inline, noinline


@inline
def _join(m: Ints, case: int, node: int, joined: int, minutes: int, awaited: int) -> None:
    """Have a case join the queue of a team or a panel."""
    received, due = case_at(m, case).received_on, case_at(m, case).due_on
    job = new_job(m, event_of(GO_ON, case, node, awaited), received, due, joined, minutes)
    if m[FAULT]:
        return
    station = node_at(m, node).station
    if node_at(m, node).kind == WORK:
        join_team(m, station, job)
    else:
        join_queue(m, panel_at(m, station).queue, NONE, job)


@inline
def _one_comes_in(m: Ints, case: int) -> None:
    """Count a branch of a case that is in; the case goes on when none is missing."""
    case_at(m, case).branches_out -= 1
    if case_at(m, case).branches_out & (1 << JOINS_AT) - 1 == 0:
        schedule(m, m[NOW], event_of(MEET, case, ZERO, ZERO), ZERO)


@inline
def walk(m: Ints, case: int, node: int, awaited: int) -> None:
    """Move a token of a case from node to node, until it waits or ends; so its branches."""
    height = m[STACK]
    while True:
        while node >= 0 and node_at(m, node).kind != FORK:
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


@noinline
def _branch_out(m: Ints, case: int, fork: int, height: int) -> int:
    """Put the branches that a case takes on the stack, the first on top."""
    case_at(m, case).branches_out = node_at(m, fork).otherwise << JOINS_AT | 1
    m[height] = -1
    height += 2
    first = node_at(m, fork).first_way
    for number in range(node_at(m, fork).ways - 1, -1, -1):
        branch = first + number * BRANCH_COLUMNS
        taken, waits = branch_at(m, branch).taken, branch_at(m, branch).waits
        if taken >= 0 and not value_of(m, taken, case):
            continue
        awaited = 1 if waits < 0 or value_of(m, waits, case) else 0
        case_at(m, case).branches_out += awaited
        m[height], m[height + 1] = branch_at(m, branch).first_node, awaited
        height += 2
    return height


@inline
def _step(m: Ints, case: int, node: int, awaited: int) -> int:
    """Have a token do what its node says; return the node that follows at once, or -1."""
    here = node_at(m, node)
    kind = here.kind
    now = m[NOW]
    value = ZERO
    if kind <= START:
        of = case_at(m, case).holder if kind == IN_PLACE else case
        value = value_of(m, here.value, of)
    if kind == MARK:
        record(m, case, node, now)
        _mark(m, case, here)
    elif kind == DECISION or (kind == WORK and value):
        _join(m, case, node, now, value, awaited)
        return -1
    elif kind == CHOICE:
        return m[here.first_way + value]
    elif kind == WAIT:
        if value:
            ends = after(m, now, value, here.counted_in)
            record(m, case, node, ends)
            schedule(m, ends, event_of(GO_ON, case, node, awaited), ZERO)
            return -1
    elif kind == BEFORE:
        return here.then if now < value else here.otherwise
    elif kind == IN_PLACE:
        in_place = case_at(m, case_at(m, case).holder).state & PLAN_IN_PLACE
        return here.then if now < value and in_place else here.otherwise
    elif kind == JOIN:
        if awaited:
            _one_comes_in(m, case)
        return -1
    elif kind == END:
        record(m, case, node, now)
        if m[WITH_OFFICERS]:
            end_case(m, case)
        return -1
    elif kind == REPEAT:
        if m[here.first_way + case] < value:
            m[here.first_way + case] += 1
            return here.otherwise
    elif kind == START:
        _start(m, case, node, value)
    return -1 if m[FAULT] else here.then


@inline
def _mark(m: Ints, case: int, here: Record) -> None:
    """Set what a milestone sets from here on."""
    if here.clock >= 0 or here.clock_value >= 0:
        case_at(m, case).received_on = m[NOW]
        days = here.clock
        if here.clock_value >= 0:
            days = value_of(m, here.clock_value, case)
        count_to(m, case, days)
    if here.due >= 0 or here.due_value >= 0:
        days = here.due
        if here.due_value >= 0:
            days = value_of(m, here.due_value, case)
        count_to(m, case, days)
    if here.variant >= 0:
        _set_variant(m, case, here.variant)
    if here.ordered:
        case_at(m, case).state |= ORDERED
    if here.plan:
        holder = case_at(m, case_at(m, case).holder)
        holder.state = holder.state & (HAS_VARIANT | ORDERED) | here.plan


@inline
def _set_variant(m: Ints, case: int, has: int) -> None:
    case_at(m, case).state = case_at(m, case).state & ~HAS_VARIANT | has


@inline
def _start(m: Ints, case: int, node: int, other: int) -> None:
    """Have another case arrive later."""
    here = node_at(m, node)
    minute = m[NOW] + value_of(m, here.other_value, case) * DAY
    record(m, case, node, minute)
    if minute >= m[UNTIL]:
        return
    if other == case or case_at(m, other).arrived != NOT_YET:
        m[FAULT] = NO_CASE_LEFT
        m[FAULTY_NODE], m[FAULTY_CASE] = node, case
        return
    case_at(m, other).arrived = case_at(m, other).received_on = minute
    count_to(m, other, m[CLOCK_DAYS])
    schedule(m, minute, event_of(BEGIN, other, here.otherwise, ZERO), ZERO)


@noinline
def take_up(m: Ints, number: int) -> None:
    """Have a case that is open when the run starts go on from where it is."""
    one = m[OPEN_CASES] + number * OPEN_COLUMNS
    case = open_at(m, one).case
    case_at(m, case).received_on = open_at(m, one).clock
    count_to(m, case, open_at(m, one).clock_days)
    for number in range(open_at(m, one).done):
        done = open_at(m, one).first_done + number * 4
        write_row(m, case, m[done], m[done + 1], m[done + 2], m[done + 3], NOBODY, ZERO)
        here = node_at(m, m[done])
        if here.kind == MARK and here.variant >= 0:
            _set_variant(m, case, here.variant)
        if here.kind == MARK and here.ordered:
            case_at(m, case).state |= ORDERED
    at_fork = node_at(m, open_at(m, one).node).kind == FORK
    join = node_at(m, open_at(m, one).node).otherwise if at_fork else ZERO
    case_at(m, case).branches_out = join << JOINS_AT | 1
    for number in range(open_at(m, one).branches):
        branch = open_at(m, one).first_branch + number * 4
        awaited = 1 if at_fork and m[branch + 1] else 0
        case_at(m, case).branches_out += awaited
        _resume(m, case, m[branch], m[branch + 2], m[branch + 3], awaited)
    if at_fork:
        _one_comes_in(m, case)
    else:
        _resume(m, case, open_at(m, one).node, open_at(m, one).joined, open_at(m, one).left, ZERO)


@inline
def _resume(m: Ints, case: int, node: int, joined: int, left: int, awaited: int) -> None:
    """Finish what a token was at when the run started."""
    if node_at(m, node).kind == WAIT:
        ends = m[NOW] + left
        write_row(m, case, node, joined, joined, ends, NOBODY, ZERO)
        schedule(m, ends, event_of(GO_ON, case, node, awaited), ZERO)
    else:
        _join(m, case, node, joined, left, awaited)
