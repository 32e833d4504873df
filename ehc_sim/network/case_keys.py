"""Which random numbers are those of a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ehc_sim.rng.streams import CASES_A_PAGE, Streams

Ints = NDArray[np.int64]


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

    @cached_property
    def _in_order(self) -> tuple[Ints, Ints]:
        """The numbers, rising, and the place among them of each case's."""
        order = np.argsort(self.numbers)
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        return self.numbers[order], place

    def uniforms(self, streams: Streams, name: str) -> NDArray[np.float64]:
        """Return a quantity's uniform number of each case, shape (n,).

        They are made in the order of the numbers, in which neighbours share most of the work.
        """
        numbers, place = self._in_order
        return streams.uniforms(self.prefix + name, numbers)[place]

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
        first = self.numbers % CASES_A_PAGE * slots
        position = first[rows] + slot
        if len(position) and position.max() >= CASES_A_PAGE:
            raise ValueError(f"too many cases on a page of random numbers for {what}")
        page = self.numbers // CASES_A_PAGE * CASES_A_PAGE
        return Group(f"{self.prefix}{what}: ", page[rows] + position)


def uniforms_of(
    streams: Streams, groups: Sequence[Group], name: str, rows: Ints | None = None
) -> NDArray[np.float64]:
    """Return a quantity's uniform numbers of cases of several groups.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    groups : sequence of Group
        The groups, one after the other.
    name : str
        Name of the quantity.
    rows : ndarray of int64, shape (n,), optional
        The cases, as numbered through all groups, rising; every case by default.

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    if rows is None:
        return np.concatenate([group.uniforms(streams, name) for group in groups])
    firsts = np.cumsum([0, *(len(group.numbers) for group in groups)])
    found = np.empty(len(rows))
    for group, first, (low, high) in zip(
        groups, firsts.tolist(), pairwise(np.searchsorted(rows, firsts).tolist()), strict=False
    ):
        numbers = group.numbers[rows[low:high] - first]
        found[low:high] = streams.uniforms(group.prefix + name, numbers)
    return found


@dataclass(frozen=True, eq=False)
class CaseKeys:
    """What keys the random numbers of every case of a run, and what its shares depend on.

    Attributes
    ----------
    streams : Streams
        Random numbers of the replication.
    prefixes : tuple of str
        Prefix of each group.
    numbers, group, profile : ndarray of int64, shape (cases,)
        Each case's number in its streams, its group, and which of the shares by profile are its.
    """

    streams: Streams
    prefixes: tuple[str, ...]
    numbers: Ints
    group: Ints
    profile: Ints

    @classmethod
    def of(cls, streams: Streams, groups: Sequence[Group], profile: Ints | None = None) -> CaseKeys:
        """Return the keys of groups of cases.

        Parameters
        ----------
        streams : Streams
            Random numbers of the replication.
        groups : sequence of Group
            The cases, in the order of their numbers in the run.
        profile : ndarray of int64, shape (n,), optional
            Profiles of the first cases; 0 for the others.
        """
        sizes = [len(group.numbers) for group in groups]
        profiles = np.zeros(sum(sizes), np.int64)
        if profile is not None:
            profiles[: len(profile)] = profile
        numbers = [group.numbers for group in groups]
        return cls(
            streams,
            tuple(group.prefix for group in groups),
            np.concatenate(numbers).astype(np.int64, copy=False) if groups else profiles,
            np.repeat(np.arange(len(sizes)), sizes),
            profiles,
        )

    def groups_of(self, cases: range) -> range:
        """Return the numbers of the groups of consecutive cases."""
        if not cases:
            return range(0)
        return range(int(self.group[cases.start]), int(self.group[cases.stop - 1]) + 1)

    def keys(self, stream: str, groups: range) -> Ints:
        """Return the keys of a stream for consecutive groups, shape (groups, 2)."""
        return self.streams.keys([self.prefixes[group] + stream for group in groups])
