"""Room for many numbers that is used again, run after run."""

from sys import getrefcount
from threading import local

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

LINE = 8
"""Numbers that a processor fetches from memory at a time."""

_ONLY_HERE = 2  # it is held by the attribute, and by the call that counts


class Room(local):
    """Room of each thread; the operating system would have to clear new room at each run."""

    _held: Ints | None = None

    def of(self, size: int) -> Ints:
        """Return room for so many numbers, which begins a line of memory.

        It is the same as before where that is large enough and nobody has an array in it any more.
        What stands in it does not matter.
        """
        if (
            self._held is None
            or len(self._held) < size + LINE
            or getrefcount(self._held) > _ONLY_HERE
        ):
            self._held = np.empty(size + LINE, np.int64)
        ahead = -(self._held.__array_interface__["data"][0] // self._held.itemsize) % LINE
        return self._held[ahead : ahead + size]
