"""Compiled dividing of late plans' time over who acts or is waited for."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry

Ints = NDArray[np.int64]


@entry
def divide(
    visits: tuple[Ints, Ints, Ints, Ints],
    rows: Ints,
    nodes: tuple[Ints, Ints, Ints],
    last_giver: Ints,
    bounds: Ints,
    allowed: Ints,
    others: Ints,
    pieces: Ints,
) -> int:
    """Divide each step's minutes over its allowance over the stretches of time within it.

    Time counts once, for what began first, and only within the step of its node. The shares are
    rounded as running sums within the step, so that they add up.

    Parameters
    ----------
    visits : tuple of ndarray of int64, each of shape (visits,)
        Columns node, joined, started and ended of the log.
    rows : ndarray of int64, shape (2, late)
        First visit of each late case, and the first after its last.
    nodes : tuple of ndarray of int64, each of shape (nodes,)
        Step, part and giver of each node; -1 where there is none.
    last_giver : ndarray of int64, shape (late,)
        Giver whose advice came in last; the time of the others does not count.
    bounds : ndarray of int64, shape (late, steps + 1)
        Minutes between which the steps lie.
    allowed : ndarray of int64, shape (late, steps)
        Minutes that each step may take.
    others : ndarray of int64, shape (2, steps)
        Part of time that is not recorded, and of steps that took no time.
    pieces : ndarray of int64, shape (4, pieces)
        Room for the pieces: place of the case, part, whether nobody had begun, and minutes.

    Returns
    -------
    int
        Number of pieces, in the order of cases, steps and time.
    """
    node, joined, started, ended = visits
    step_of, part_of, giver_of = nodes
    most = 0
    for row in range(len(last_giver)):
        most = max(most, 2 * (rows[1, row] - rows[0, row]))
    stretches = np.empty((5, most), np.int64)
    begin, end, step, part, queued = stretches
    steps, count = allowed.shape[1], 0
    for row in range(len(last_giver)):
        found = 0
        for visit in range(rows[0, row], rows[1, row]):
            at = node[visit]
            one, giver = step_of[at], giver_of[at]
            if one < 0 or (giver >= 0 and giver != last_giver[row]):
                continue
            for waiting in (1, 0):
                low = max(joined[visit] if waiting else started[visit], bounds[row, one])
                high = min(started[visit] if waiting else ended[visit], bounds[row, one + 1])
                if high <= low:
                    continue
                # In the order of time; of two that begin together, the one in a queue comes first.
                place = found
                while place > 0 and (
                    begin[place - 1] > low
                    or (begin[place - 1] == low and queued[place - 1] < waiting)
                ):
                    for field in range(5):
                        stretches[field, place] = stretches[field, place - 1]
                    place -= 1
                begin[place], end[place], step[place] = low, high, one
                part[place], queued[place] = part_of[at], waiting
                found += 1
        covered, place = bounds[row, 0], 0
        for one in range(steps):
            spent = bounds[row, one + 1] - bounds[row, one]
            over, passed, told = spent - allowed[row, one], 0, 0
            while place < found and step[place] == one:
                time = max(end[place] - max(begin[place], covered), 0)
                covered = max(covered, end[place])
                pieces[0, count], pieces[1, count] = row, part[place]
                pieces[2, count] = queued[place]
                passed += time
                pieces[3, count] = over * passed // spent - told
                told += pieces[3, count]
                place += 1
                count += 1
            if passed < spent or (spent == 0 and over != 0):
                pieces[0, count], pieces[2, count] = row, 0
                pieces[1, count] = others[0, one] if spent > 0 else others[1, one]
                pieces[3, count] = over - told
                count += 1
    return count
