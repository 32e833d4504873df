"""Compiled reading of a log: its rows by node and by case, and when cases were last at nodes.

Places in arrays are unsigned, so that no time goes into looking for those counted from the end.
"""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry

Ints = NDArray[np.int64]


@entry
def by_node(
    node: Ints, wanted: NDArray[np.bool_], order: NDArray[np.int32], ends: Ints
) -> NDArray[np.int32]:
    """Sort the rows of a log by node, those of a node in their order.

    Parameters
    ----------
    node : ndarray of int64, shape (visits,)
        Column of the log.
    wanted : ndarray of bool, shape (nodes,)
        Nodes of which the rows are also returned.
    order : ndarray of int32, shape (visits,)
        Changed in place: the rows.
    ends : ndarray of int64, shape (nodes + 1,)
        Changed in place, 0 at first: place in ``order`` after the last row of each node; the last
        one has no rows.

    Returns
    -------
    ndarray of int32
        The rows of the nodes that are wanted, rising.
    """
    for row in range(len(node)):
        ends[np.uint64(node[row] + 1)] += 1
    for place in range(1, len(ends)):
        ends[place] += ends[place - 1]
    count = 0
    for place in range(len(wanted)):
        if wanted[place]:
            count += ends[place + 1] - ends[place]
    rows, found = np.empty(count, np.int32), 0
    for row in range(len(node)):
        at = np.uint64(node[row])
        order[np.uint64(ends[at])] = row
        ends[at] += 1
        if wanted[at]:
            rows[found] = row
            found += 1
    return rows


@entry
def latest(
    case: Ints,
    minute: Ints,
    order: NDArray[np.int32],
    ends: Ints,
    nodes: Ints,
    place_of_case: NDArray[np.int32],
    found: Ints,
) -> None:
    """Note the latest minute of the visits of some cases to some nodes.

    Parameters
    ----------
    case, minute : ndarray of int64, shape (visits,)
        Columns of the log.
    order, ends
        Rows by node, as ``by_node`` returns them.
    nodes : ndarray of int64, shape (nodes asked for,)
        Their numbers; below 0 for those that there are not.
    place_of_case : ndarray of int32, shape (cases,)
        Column of ``found`` for each case; -1 for those that are not asked for.
    found : ndarray of int64, shape (nodes asked for, cases asked for)
        Changed in place; holds a minute before all others at first.
    """
    for place in range(len(nodes)):
        node = nodes[place]
        if node < 0:
            continue
        for at in range(ends[node - 1] if node > 0 else 0, ends[node]):
            row = np.uint64(order[at])
            column = place_of_case[np.uint64(case[row])]
            if column >= 0:
                found[place, column] = max(found[place, column], minute[row])


@entry
def rows_of(case: Ints, cases: Ints, found: Ints) -> None:
    """Find the rows of some cases.

    Parameters
    ----------
    case : ndarray of int64, shape (visits,)
        Column of the log, rising.
    cases : ndarray of int64, shape (n,)
        Numbers of cases, rising.
    found : ndarray of int64, shape (2, n)
        Changed in place: the first row of each case, and the first after its last.
    """
    row = 0
    for place in range(len(cases)):
        while row < len(case) and case[row] < cases[place]:
            row += 1
        found[0, place] = row
        while row < len(case) and case[row] == cases[place]:
            row += 1
        found[1, place] = row
