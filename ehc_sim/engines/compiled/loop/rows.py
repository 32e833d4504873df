"""What the event loop writes of a case: rows of the log, and the dates that it counts."""

from ehc_sim.engines.compiled.log_sort import (
    CASE_AND_WORK,
    ENDED,
    JOINED_AND_NODE,
    MOST_WORK,
    NARROW,
    ROW_WORDS,
    STARTED_AND_POST,
    WIDE,
    pair,
)
from ehc_sim.engines.compiled.loop.layout import (
    DAY,
    FAULT,
    FAULTY_CASE,
    FAULTY_NODE,
    FULL,
    NEXT_ROW,
    NOBODY,
    NOT_YET,
    NOW,
    ROWS_END,
    SCHOOL,
    SCHOOL_DAYS,
    SCHOOL_MORNINGS,
    TOO_MUCH_WORK,
    UNTIL,
    WORKING,
    WORKING_DAYS,
    WORKING_MORNINGS,
    ZERO,
    Ints,
    case_at,
    node_at,
)
from ehc_sim.jit.decorators import inline
from ehc_sim.jit.machine import number_at


@inline
def write_row(
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


@inline
def record(m: Ints, case: int, node: int, ended: int) -> None:
    """Write a row of what takes nobody's time and begins now, if it is one that is noted."""
    if node_at(m, node).noted:
        now = m[NOW]
        write_row(m, case, node, now, now, ended, NOBODY, ZERO)


@inline
def count_to(m: Ints, case: int, days: int) -> None:
    """Have a case be due so many days after its clock was started."""
    case_at(m, case).due_on = (case_at(m, case).received_on // DAY + days + 1) * DAY


@inline
def after(m: Ints, minute: int, days: int, counted_in: int) -> int:
    """Return the minute at which a wait ends; as ``Timeline.after``."""
    if counted_in == 0:
        return minute + days * DAY
    so_far, mornings, count = m[WORKING], m[WORKING_MORNINGS], m[WORKING_DAYS]
    if counted_in == 2:
        so_far, mornings, count = m[SCHOOL], m[SCHOOL_MORNINGS], m[SCHOOL_DAYS]
    last = number_at(so_far + 8 * (minute // DAY)) + days - 1
    if last < count:
        return number_at(mornings + 8 * last)
    return max(m[UNTIL], minute + days * DAY)
