"""Random numbers that depend on what they are for, and on nothing else.

A number is fixed by (study seed, name of the quantity, replication, case number). Adding a stage,
an advice giver or a scenario therefore changes no other draw, and two scenarios differ only by what
was changed in them (common random numbers). The generator is numpy's Philox, which is
counter-based: the name gives the key and the case number the counter.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

CASES_A_PAGE = 1 << 20
"""Case numbers are page * 2**20 + position; a page is a month of requests, or a post of a team."""

_NEVER_ZERO = 2.0**-54  # keeps a number of [0, 1) inside (0, 1), so that quantiles are finite


class Pages:
    """Where the numbers of a set of cases are found in a stream.

    Parameters
    ----------
    numbers : ndarray of int64, shape (n,)
        Case numbers, in any order.
    """

    def __init__(self, numbers: NDArray[np.int64]) -> None:
        page = numbers // CASES_A_PAGE
        position = numbers % CASES_A_PAGE
        self.size = len(numbers)
        order = np.argsort(page, kind="stable")
        found, first = np.unique(page[order], return_index=True)
        bounds = [*first.tolist(), self.size]
        self._parts: Sequence[tuple[int, int, NDArray[np.int64], NDArray[np.int64]]] = [
            (int(p), int(position[rows].max()) + 1, rows, position[rows])
            for p, rows in ((found[i], order[bounds[i] : bounds[i + 1]]) for i in range(len(found)))
        ]

    def read(self, philox: np.random.Philox) -> NDArray[np.float64]:
        """Return the uniform number of every case, shape (n,), each in (0, 1)."""
        values = np.empty(self.size)
        generator = np.random.Generator(philox)
        at = 0
        for page, count, rows, positions in self._parts:
            philox.advance(page * CASES_A_PAGE - at)
            values[rows] = generator.random(count)[positions]
            at = page * CASES_A_PAGE + -(-count // 4)  # four numbers a step of the counter
        return np.maximum(values, _NEVER_ZERO)


class Streams:
    """The random numbers of one replication of a study.

    Parameters
    ----------
    seed : int
        Seed of the study.
    replication : int
        Number of the replication.
    """

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication

    def _philox(self, name: str) -> np.random.Philox:
        label = f"{self.seed}|{self.replication}|{name}".encode()
        key = int.from_bytes(blake2b(label, digest_size=16).digest(), "little")
        return np.random.Philox(key=key)

    def uniforms(self, name: str, numbers: NDArray[np.int64] | Pages) -> NDArray[np.float64]:
        """Return one number in (0, 1) for each case number.

        Parameters
        ----------
        name : str
            Name of the quantity, such as ``drafting hours``.
        numbers : ndarray of int64, shape (n,), or Pages
            Case numbers; a ``Pages`` of them saves sorting them again for each quantity.

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        pages = numbers if isinstance(numbers, Pages) else Pages(numbers)
        return pages.read(self._philox(name))

    def generator(self, name: str) -> np.random.Generator:
        """Return a generator for a quantity that is no case's own."""
        return np.random.Generator(self._philox(name))

    def uniform(self, name: str) -> float:
        """Return the one number in (0, 1) of a name, such as an uncertain parameter."""
        return _uniform(self.seed, self.replication, name)


@lru_cache(maxsize=4096)
def _uniform(seed: int, replication: int, name: str) -> float:
    return max(float(Streams(seed, replication).generator(name).random()), _NEVER_ZERO)
