"""Random numbers that depend on what they are for, and on nothing else.

A number is fixed by (study seed, name of the quantity, replication, case number). Adding a stage,
a provider or a scenario therefore changes no other draw, and two scenarios differ only by what
was changed in them (common random numbers). The generator is numpy's Philox, which is
counter-based: the name gives the key and the case number the counter.
"""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from struct import unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import pdtr, pdtrik

from ehc_sim.rng.philox import uniforms_at

CASES_A_PAGE = 1 << 20
"""Case numbers are page * 2**20 + position; a page is a month of requests, or a post of a team."""


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

    def _digest(self, name: str) -> bytes:
        label = f"{self.seed}|{self.replication}|{name}".encode()
        return blake2b(label, digest_size=16).digest()

    def _key(self, name: str) -> tuple[np.uint64, np.uint64]:
        first, second = unpack("<QQ", self._digest(name))
        return np.uint64(first), np.uint64(second)

    def keys(self, names: Sequence[str]) -> NDArray[np.int64]:
        """Return the keys of streams for compiled code, as signed numbers, shape (names, 2)."""
        return np.frombuffer(b"".join(map(self._digest, names)), dtype="<i8").reshape(-1, 2)

    def uniforms(self, name: str, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return one number in (0, 1) for each case number.

        Parameters
        ----------
        name : str
            Name of the quantity, such as ``drafting hours``.
        numbers : ndarray of int64, shape (n,)
            Case numbers, in any order.

        Returns
        -------
        ndarray of float64, shape (n,)
        """
        found: NDArray[np.float64] = uniforms_at(*self._key(name), numbers, CASES_A_PAGE)
        return found

    def generator(self, name: str) -> np.random.Generator:
        """Return a generator for a quantity that is no case's own."""
        return np.random.Generator(np.random.Philox(key=np.array(self._key(name))))

    def uniform(self, name: str) -> float:
        """Return the one number in (0, 1) of a name, such as an uncertain parameter."""
        return _uniform(self.seed, self.replication, name)


def poisson_counts(uniforms: ArrayLike, means: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return Poisson counts: the quantiles of uniform numbers, so that a higher mean has no fewer.

    Parameters
    ----------
    uniforms : array of float64, shape (n,)
        Numbers in (0, 1).
    means : ndarray of float64, shape (n,)
        0 or more.

    Notes
    -----
    As ``scipy.stats.poisson.ppf``. To import ``scipy.stats`` takes a second and 40 megabytes in
    each process that draws.
    """
    at_most = np.ceil(pdtrik(uniforms, means))
    one_less = np.maximum(at_most - 1, 0)
    counts = np.where(pdtr(one_less, means) >= uniforms, one_less, at_most)
    return np.asarray(counts, dtype=np.int64)


_FIRST = np.zeros(1, np.int64)
"""The number of the only case of a name."""


@lru_cache(maxsize=4096)
def _uniform(seed: int, replication: int, name: str) -> float:
    return float(Streams(seed, replication).uniforms(name, _FIRST)[0])
