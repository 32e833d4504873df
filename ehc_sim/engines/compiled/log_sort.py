"""The rows that the event loop writes, four numbers each, and the log in the order of cases."""

import numpy as np
from numba import types
from numpy.typing import NDArray

from ehc_sim.engines.compiled.buffers import Room
from ehc_sim.jit.decorators import entry, inline
from ehc_sim.jit.machine import fetch

Ints = NDArray[np.int64]

# Numbers of a row, of which the first three hold two: case and minutes of work (32 bits each);
# minute joined and node (16 bits); minute started and post (16 bits).
CASE_AND_WORK, JOINED_AND_NODE, STARTED_AND_POST, ENDED = range(4)
ROW_WORDS = 4
LOG_COLUMNS = 7

WIDE, NARROW = np.int64(32), np.int64(16)
MOST_WORK = 2**31 - 1
"""Minutes of work that a row can hold, some four thousand years."""
MOST_POSTS = 2**15
"""Posts of a team that a row can tell apart."""


@inline
def pair(upper: int, lower: int, bits: int) -> int:
    """Return two numbers in one, of which the second has so many bits."""
    return upper << bits | lower & (1 << bits) - 1


@inline
def lower(two: int, bits: int) -> int:
    """Return the second of two numbers in one; either may be negative."""
    return two << 64 - bits >> 64 - bits


_room = Room()


def in_order_of_cases(rows: Ints, cases: int) -> Ints:
    """Return the log of rows, sorted by case, minute joined, node and minute ended.

    Parameters
    ----------
    rows : ndarray of int64, shape (n, 4)
        Rows in the order in which they were written; those that are equal stay in it.
    cases : int
        How many cases there are.

    Returns
    -------
    ndarray of int64, shape (n, 7)
        Column by column in memory, as measures read it; the columns are those of ``log.Log``.
    """
    log = _room.of(LOG_COLUMNS * len(rows)).reshape(LOG_COLUMNS, -1)
    _sort(rows, cases, log)
    return log.T


def compile_sort() -> None:
    """Compile what sorts a log, or load what was compiled before."""
    _sort.compile((types.int64[:, ::1], types.int64, types.int64[:, ::1]))


@entry
def _sort(rows: Ints, cases: int, log: Ints) -> None:
    """Write the rows to the log, each in its place among those of its case (an insertion sort)."""
    firsts = np.zeros(cases + 1, np.int32)
    for row in range(len(rows)):
        firsts[(rows[row, CASE_AND_WORK] >> WIDE) + 1] += 1
    for case in range(cases):
        firsts[case + 1] += firsts[case]
    ends = firsts[:-1].copy()
    order = np.empty(len(rows), np.int32)
    # Most rows come after the last of their case: what that is compared by is kept at hand.
    last = np.full(cases, np.int64(-(2**62)))
    for row in range(len(rows)):
        case = rows[row, CASE_AND_WORK] >> WIDE
        at = ends[case]
        ends[case] += 1
        key = rows[row, JOINED_AND_NODE]
        if key > last[case]:
            last[case] = key
        else:
            while at > firsts[case] and _sooner(rows[row], rows[order[at - 1]]):
                order[at] = order[at - 1]
                at -= 1
        order[at] = row
    address, ahead = rows.ctypes.data, min(16, len(rows))
    for place in range(len(rows)):
        fetch(address + 8 * ROW_WORDS * np.int64(order[min(place + ahead, len(rows) - 1)]))
        case_and_work, joined_and_node, started_and_post, ended = rows[order[place]]
        log[0, place] = case_and_work >> WIDE
        log[1, place] = joined_and_node & (1 << NARROW) - 1
        log[2, place] = joined_and_node >> NARROW
        log[3, place] = started_and_post >> NARROW
        log[4, place] = ended
        log[5, place] = lower(started_and_post, NARROW)
        log[6, place] = lower(case_and_work, WIDE)


@inline
def _sooner(one: Ints, other: Ints) -> bool:
    """Return whether a row comes before another of its case."""
    if one[JOINED_AND_NODE] != other[JOINED_AND_NODE]:
        return one[JOINED_AND_NODE] < other[JOINED_AND_NODE]
    return one[ENDED] < other[ENDED]
