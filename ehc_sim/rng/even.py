"""Places of replications that are spread evenly between 0 and 1, however many there are.

The (0, 2)-sequence in base 2 (van der Corput's, and beside it the one whose digits go through
Pascal's triangle modulo 2) with Owen's nested scrambling: Owen, A. B. (1995), Randomly permuted
(t, m, s)-nets and (t, s)-sequences, in Monte Carlo and Quasi-Monte Carlo Methods in Scientific
Computing, 299-317. Written here because ``scipy.stats.qmc`` takes a second to load in
each process, gives no point by its number alone, and may scramble otherwise in another version.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ehc_sim.rng.streams import Streams

HALVINGS = 17
"""Times that a stretch is halved: enough for 131,072 replications, more than a study has."""


MEMBERS = 1
"""Dimension in which members have their places; requests have theirs in the first, 0."""

_NAMES = ("even places", "even places of members")


def places_of(seed: int, replications: Sequence[int], dimension: int = 0) -> NDArray[np.float64]:
    """Return the place of each replication, strictly between 0 and 1, shape (replications,).

    The place depends on the seed and the replication only. By itself it is uniform. Of the first
    2**k replications, and of every 2**k that follow from a multiple of that, one is in each of
    2**k equal stretches; any first n are at most one from even in each stretch of a halving. The
    two dimensions are even together as well: of the same 2**k, one is in each rectangle of a
    stretch of the one and a stretch of the other whose sides multiply to 2**-k.

    Parameters
    ----------
    seed : int
        Seed of the study.
    replications : sequence of int
        Their numbers, each below 2**17.
    dimension : {0, 1}
        Which of the two.
    """
    numbers = np.asarray(replications, dtype=np.int64)
    streams, name = Streams(seed, 0), _NAMES[dimension]
    if dimension:
        numbers = _second(numbers)
    stretch, path = np.zeros_like(numbers), np.zeros_like(numbers)
    for level in range(HALVINGS):
        digit = (numbers >> level) & 1
        flipped = streams.uniforms(f"{name}, halving {level}", path) < 0.5
        stretch = 2 * stretch + (digit ^ flipped)
        path = 2 * path + digit
    within = streams.uniforms(f"{name}, within a stretch", numbers)
    return np.asarray((stretch + within) / 2**HALVINGS)


def _second(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return numbers whose digits are those of the second dimension.

    Digit k is the sum of the digits j of the number for which j over k is odd (Pascal's triangle
    modulo 2): those j whose own digits include all of k's (Lucas).
    """
    found = np.zeros_like(numbers)
    for k in range(HALVINGS):
        for j in range(k, HALVINGS):
            if k & ~j == 0:
                found ^= ((numbers >> j) & 1) << k
    return found
