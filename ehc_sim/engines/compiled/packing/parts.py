"""Parts of a memory, one after the other."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ehc_sim.engines.compiled.buffers import LINE
from ehc_sim.network.distributions import packed
from ehc_sim.network.draw import Draw
from ehc_sim.network.network import Network
from ehc_sim.network.quantities import AnyQuantity, Sampled

Ints = NDArray[np.int64]

NONE = -1


class Parts:
    """Numbers that are put together to a memory, and the room between them.

    Parameters
    ----------
    first : int
        Place of the first part; what stands before it is not known here.

    Attributes
    ----------
    size : int
        Numbers so far.
    """

    def __init__(self, first: int) -> None:
        self.size = first
        self._parts: list[tuple[int, Ints | list[int]]] = []
        self._held: list[Ints] = []  # of these, the memory has the addresses

    def add(self, part: Ints | list[int]) -> int:
        """Add numbers and return their place."""
        if isinstance(part, list) and self._parts:
            place, before = self._parts[-1]
            if isinstance(before, list) and place + len(before) == self.size:
                before += part  # few long parts are sooner written than many short ones
                return self.room(len(part))
        self._parts.append((self.size, part))
        return self.room(len(part))

    def add_table(self, rows: Iterable[Sequence[int]]) -> int:
        """Add the rows of a table and return the place of the first."""
        return self.add([number for row in rows for number in row])

    def add_list(self, numbers: Iterable[int]) -> tuple[int, int]:
        """Add numbers; return their place and how many they are."""
        listed = list(numbers)
        return self.add(listed), len(listed)

    def put(self, place: int, part: Ints | list[int]) -> None:
        """Have numbers written to room at a place."""
        self._parts.append((place, part))

    def room(self, size: int) -> int:
        """Add room, of which the numbers do not matter, and return its place."""
        place = self.size
        self.size += size
        return place

    def to_line(self) -> None:
        """Have what is added next begin a line of memory."""
        self.room(-self.size % LINE)

    def address(self, values: NDArray[np.integer]) -> int:
        """Return where in the computer's memory the values of an array begin, which is kept."""
        kept = np.ascontiguousarray(values, np.int64)
        self._held.append(kept)
        return int(kept.__array_interface__["data"][0])

    def write(self, memory: Ints) -> None:
        """Write all parts to a memory."""
        for place, part in self._parts:
            memory[place : place + len(part)] = part


def pack_quantities(parts: Parts, network: Network, draw: Draw) -> dict[str, int]:
    """Add a row for each quantity and each variant of one; return the rows' places by name."""
    packer = _Quantities(parts)
    return {name: packer.row(draw.quantities[name]) for name in network.quantities}


class _Quantities:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._keys: dict[tuple[str, range], int] = {}

    def row(self, quantity: AnyQuantity) -> int:
        """Add the row of a quantity and return its place."""
        parts = self._parts
        variant = NONE if quantity.variant is None else self.row(quantity.variant)
        starts, periods = parts.add(list(quantity.starts)), len(quantity.starts)
        if isinstance(quantity, Sampled):
            samplers, group = self._samplers(quantity)
            return parts.add([NONE, 0, 0, starts, periods, variant, samplers, group])
        address, width = parts.address(quantity.values), quantity.values.shape[1]
        return parts.add([address, quantity.first, width, starts, periods, variant, NONE, NONE])

    def _samplers(self, quantity: Sampled) -> tuple[int, int]:
        """Add the samplers of a quantity; return their place and the first group that has keys."""
        groups = quantity.keys.groups_of(quantity.cases)

        def keys(stream: str) -> int:
            if (stream, groups) not in self._keys:
                found = quantity.keys.keys(stream, groups)
                self._keys[stream, groups] = self._parts.add(found.ravel().tolist())
            return self._keys[stream, groups]

        samplers = [packed(sampler, keys, self._parts.add) for sampler in quantity.samplers]
        return self._parts.add_table(samplers), groups.start
