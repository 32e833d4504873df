"""Random numbers of a set of cases, and quantities made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ehc_sim.calendars import Timeline
from ehc_sim.pathway.quantities import Quantity
from ehc_sim.pathway.sampling import Floats, Ints, days_of, minutes_of
from ehc_sim.scenario.part import Effort, Part, Wait
from ehc_sim.scenario.schema import Settings
from ehc_sim.streams import CASES_A_PAGE, Streams


@dataclass(frozen=True, eq=False)
class Group:
    """Cases whose random numbers are keyed alike.

    Attributes
    ----------
    prefix : str
        Put before the name of every stream, so that two groups with the same numbers differ.
    numbers : ndarray of int64, shape (n,)
        Case numbers.
    """

    prefix: str
    numbers: Ints

    def inner(self, what: str, rows: Ints, slot: Ints, slots: int) -> Group:
        """Return the cases that belong to these, such as the reviews of plans.

        Parameters
        ----------
        what : str
            Name of the cases.
        rows : ndarray of int64, shape (m,)
            For each of them, the row of this group that it belongs to.
        slot : ndarray of int64, shape (m,)
            Which one of that row's it is, from 0 and below ``slots``.
        slots : int
            Most that one row can have.

        Raises
        ------
        ValueError
            When a number would not fit on its page.
        """
        numbers = self.numbers[rows]
        position = numbers % CASES_A_PAGE * slots + slot
        if len(position) and position.max() >= CASES_A_PAGE:
            raise ValueError(f"too many cases on a page of random numbers for {what}")
        page = numbers // CASES_A_PAGE * CASES_A_PAGE
        return Group(f"{self.prefix}{what}: ", page + position)


def _all(settings: Settings) -> float:
    return 1.0


class Keyed:
    """Makes the quantities of consecutive cases.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with this replication's uncertain numbers.
    groups : sequence of Group
        The cases, in the order of their numbers in the run.
    first : int
        Number in the run of the first of them.
    """

    def __init__(
        self,
        streams: Streams,
        timeline: Timeline,
        periods: Sequence[tuple[date, Settings]],
        groups: Sequence[Group],
        first: int = 0,
    ) -> None:
        self.streams = streams
        self.settings = [settings for _, settings in periods]
        self.starts = [max(0, timeline.minute(day)) for day, _ in periods]
        self.first = first
        self.size = sum(len(group.numbers) for group in groups)
        self._groups = [(group.prefix, group.numbers) for group in groups]

    def u(self, name: str) -> Floats:
        """Return every case's uniform number of a name, shape (cases,)."""
        parts = [self.streams.uniforms(prefix + name, numbers) for prefix, numbers in self._groups]
        return np.concatenate(parts) if parts else np.empty(0)

    def z(self, name: str) -> Floats:
        """Return every case's normal score of a name, shape (cases,)."""
        return np.asarray(ndtri(self.u(name)))

    def constant(self, values: NDArray[np.integer]) -> Quantity:
        """Return a quantity that is the same in the whole run."""
        return Quantity.constant(values, self.first)

    def by_period(self, values: Callable[[Settings], Ints]) -> Quantity:
        """Return a quantity whose values follow from the settings of each period."""
        rows = [values(settings) for settings in self.settings]
        return Quantity.by_period(self.starts, rows, self.first)

    def same(self, number: Callable[[Settings], float]) -> Quantity:
        """Return a whole number that is the same for all cases, by period."""
        return self.by_period(lambda s: np.full(self.size, round(number(s)), dtype=np.int64))

    def effort(
        self, name: str, of: Callable[[Settings], Effort], kept: Callable[[Settings], float] = _all
    ) -> Quantity:
        """Return minutes of work; ``name`` is of what, ``kept`` the share of the hours left."""
        z = self.z(f"{name} hours")
        return self._once_each(
            lambda s: (of(s), kept(s)), lambda part: minutes_of(part[0], z, part[1])
        )

    def wait(self, name: str, of: Callable[[Settings], Wait | None]) -> Quantity:
        """Return days of a wait; ``name`` is of what."""
        z = self.z(f"{name} days")
        return self._once_each(lambda s: (of(s),), lambda part: days_of(part[0], z))

    def _once_each(
        self, of: Callable[[Settings], tuple[Any, ...]], values: Callable[[Any], Ints]
    ) -> Quantity:
        """Return a quantity, worked out once for all periods that share what it is made of."""
        known: dict[tuple[Any, ...], Ints] = {}

        def row(settings: Settings) -> Ints:
            part = of(settings)
            key = tuple(id(one) if isinstance(one, Part) else one for one in part)
            if key not in known:
                known[key] = values(part)
            return known[key]

        return self.by_period(row)

    def chosen(self, name: str, share: Callable[[Settings], Floats | float]) -> Quantity:
        """Return 1 for the cases whose own number is below the share: a higher share adds cases."""
        u = self.u(name)
        return self.by_period(lambda s: np.asarray(u < share(s), dtype=np.int64))
