"""Compiled reading of a log: when cases were last at nodes."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(nogil=True, cache=True)
def latest(
    case: NDArray[np.int64],
    node: NDArray[np.int64],
    minute: NDArray[np.int64],
    place_of_case: NDArray[np.int32],
    place_of_node: NDArray[np.int16],
    found: NDArray[np.int64],
) -> None:
    """Note the latest minute of the visits of some cases to some nodes.

    Parameters
    ----------
    case, node, minute : ndarray of int64, shape (visits,)
        Columns of the log.
    place_of_case : ndarray of int32, shape (cases,)
        Column of ``found`` for each case; -1 for those that are not asked for.
    place_of_node : ndarray of int16, shape (nodes,)
        Row of ``found`` for each node; -1 for those that are not asked for.
    found : ndarray of int64, shape (nodes asked for, cases asked for)
        Changed in place; holds a minute before all others at first.
    """
    for visit in range(len(node)):
        row = place_of_node[node[visit]]
        if row >= 0:
            column = place_of_case[case[visit]]
            if column >= 0 and minute[visit] > found[row, column]:
                found[row, column] = minute[visit]
