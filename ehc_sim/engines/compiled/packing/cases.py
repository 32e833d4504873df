"""Writes what the event loop keeps of each case: a line of memory, of which there are many."""

import numpy as np
from numba import from_dtype, types
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.compiled.loop.layout import CASE, GROUP_BITS
from ehc_sim.jit.decorators import entry
from ehc_sim.network.draw import Draw

Ints = NDArray[np.int64]


def pack_cases(draw: Draw, clock_days: int, cases: NDArray[np.void]) -> None:
    """Write the columns of the cases of a draw.

    Parameters
    ----------
    draw : Draw
        Arrivals, holders and keys.
    clock_days : int
        Days from a request to its statutory date.
    cases : ndarray of ``layout.CASE``, shape (cases,)
        To be written.
    """
    arrived, none = draw.arrived, np.zeros(0, np.int64)
    holder = none if draw.holder is None else draw.holder
    keys = (none,) * 3
    if draw.keys is not None:
        keys = draw.keys.numbers, draw.keys.group, draw.keys.profile
    given = [np.ascontiguousarray(values, np.int64) for values in (arrived, holder, *keys)]
    _write(cases, clock_days, *given)


def compile_cases() -> None:
    """Compile what writes the columns of cases, or load what was compiled before."""
    ints = types.int64[::1]
    _write.compile((from_dtype(CASE)[::1], types.int64, *(ints,) * 5))


@entry
def _write(
    cases: NDArray[np.void],
    clock_days: int,
    arrived: Ints,
    holder: Ints,
    numbers: Ints,
    group: Ints,
    profile: Ints,
) -> None:
    for case in range(len(cases)):
        minute = arrived[case]
        cases[case].arrived = cases[case].received_on = minute
        cases[case].due_on = (minute // MINUTES_A_DAY + clock_days + 1) * MINUTES_A_DAY
        cases[case].state = cases[case].branches_out = 0
        cases[case].holder = holder[case] if len(holder) else case
        if len(numbers):
            cases[case].number = numbers[case]
            cases[case].group_and_profile = profile[case] << GROUP_BITS | group[case]
