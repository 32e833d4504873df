"""Every case's days, minutes and options, fixed before the run."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ehc_sim.network.case_keys import CaseKeys
from ehc_sim.network.distributions import Sampler, packed
from ehc_sim.network.variates import MOST, sample


@dataclass(frozen=True, eq=False)
class Quantity:
    """One whole number for each case, which may differ from one period of the run to the next.

    A dated change of a scenario makes a new period. A case reads the value of the period in which
    it comes to the node.

    Attributes
    ----------
    starts : tuple of int
        First minute of each period, rising; the first is 0.
    values : ndarray of int64, shape (periods, cases)
        Values; days, minutes or the number of an option.
    first : int
        Number of the first case that has a value; the others follow it without a gap.
    variant : Quantity or None
        The values of the cases that have come to a milestone with a variant, such as those with an
        Outcome and Provision meeting; None where it makes no difference.

    Examples
    --------
    >>> import numpy as np
    >>> from ehc_sim.network import Quantity
    >>> minutes = Quantity((0, 1_000), np.array([[60, 30], [40, 20]]))  # quicker from minute 1,000
    >>> minutes.at(999, case=0), minutes.at(1_000, case=0)
    (60, 40)
    """

    starts: tuple[int, ...]
    values: NDArray[np.int64]
    first: int = 0
    variant: Quantity | None = None

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or len(self.starts) != len(self.values):
            raise ValueError("a quantity needs one row of values for each period")
        if self.starts[0] != 0 or list(self.starts) != sorted(set(self.starts)):
            raise ValueError("the periods of a quantity must start at minute 0 and rise")
        if self.variant is not None and self.variant.cases != self.cases:
            raise ValueError("the variant of a quantity must have the same cases")

    @classmethod
    def constant(cls, values: NDArray[np.integer] | Sequence[int], first: int = 0) -> Quantity:
        """Return a quantity that is the same in the whole run.

        Parameters
        ----------
        values : array of int, shape (cases,)
            The value of each case.
        first : int
            Number of the first of them.

        Examples
        --------
        >>> Quantity.constant([60, 30]).at(5, case=1)
        30
        """
        return cls((0,), np.asarray(values, dtype=np.int64)[np.newaxis, :], first)

    @classmethod
    def by_period(
        cls, starts: Sequence[int], rows: Sequence[NDArray[np.int64]], first: int = 0
    ) -> Quantity:
        """Return a quantity from one row a period, leaving out periods that change nothing."""
        kept = [0]
        for i in range(1, len(rows)):
            same = rows[i] is rows[kept[-1]] or np.array_equal(rows[i], rows[kept[-1]])
            if not same:
                kept.append(i)
        return cls(tuple(starts[i] for i in kept), np.stack([rows[i] for i in kept]), first)

    @property
    def cases(self) -> range:
        """Numbers of the cases that have a value."""
        return range(self.first, self.first + self.values.shape[1])

    @cached_property
    def fault(self) -> str | None:
        """What is wrong with a value that no case can have, or None."""
        if self.values.size:
            low, high = int(self.values.min()), int(self.values.max())
            if low < 0:
                return "has a value below 0"
            if high > MOST:
                return f"has the value {high}, allowed is {MOST} at most"
        return None if self.variant is None else self.variant.fault

    def at(self, minute: int, case: int) -> int:
        """Return a case's value at a minute, that of the variant left aside."""
        return int(self.values[bisect_right(self.starts, minute) - 1, case - self.first])


@dataclass(frozen=True, eq=False)
class Sampled:
    """A quantity of which each case's value follows from its own random numbers.

    The compiled model makes a value when a case comes to need it; ``values`` makes them all.

    Attributes
    ----------
    starts : tuple of int
        First minute of each period, rising; the first is 0.
    samplers : tuple of Sampler
        How values come about in each period.
    keys : CaseKeys
        What keys the random numbers of all cases.
    cases : range
        Numbers of the cases that have a value.
    variant : Sampled or None
        As of a ``Quantity``.
    """

    starts: tuple[int, ...]
    samplers: tuple[Sampler, ...]
    keys: CaseKeys
    cases: range
    variant: Sampled | None = None

    @classmethod
    def by_period(
        cls, starts: Sequence[int], samplers: Sequence[Sampler], keys: CaseKeys, cases: range
    ) -> Sampled:
        """Return a quantity from one sampler a period, leaving out periods that change nothing."""
        kept = [0]
        for i in range(1, len(samplers)):
            if samplers[i] is not samplers[kept[-1]] and not samplers[i].same_as(
                samplers[kept[-1]]
            ):
                kept.append(i)
        return cls(tuple(starts[i] for i in kept), tuple(samplers[i] for i in kept), keys, cases)

    @property
    def first(self) -> int:
        """Number of the first case that has a value."""
        return self.cases.start

    @cached_property
    def values(self) -> NDArray[np.int64]:
        """Values; days, minutes or the number of an option, shape (periods, cases)."""
        parts: list[NDArray[np.int64]] = []
        size = 0

        def add(numbers: ArrayLike) -> int:
            nonlocal size
            parts.append(np.asarray(numbers, np.int64).ravel())
            size += len(parts[-1])
            return size - len(parts[-1])

        groups = self.keys.groups_of(self.cases)
        known = {
            name: add(self.keys.keys(name, groups))
            for name in dict.fromkeys(
                name for sampler in self.samplers for name in sampler.streams()
            )
        }
        samplers = add([packed(sampler, known.__getitem__, add) for sampler in self.samplers])
        mine = slice(self.cases.start, self.cases.stop)
        made: NDArray[np.int64] = sample(
            np.concatenate(parts),
            samplers,
            len(self.samplers),
            self.keys.numbers[mine],
            self.keys.group[mine] - groups.start,
            self.keys.profile[mine],
        )
        return made

    def at(self, minute: int, case: int) -> int:
        """Return a case's value at a minute, that of the variant left aside."""
        return int(self.values[bisect_right(self.starts, minute) - 1, case - self.first])


AnyQuantity = Quantity | Sampled
