"""Places of replications that are spread evenly between 0 and 1, however many there are.

Van der Corput's sequence in base 2 with Owen's nested scrambling: Owen, A. B. (1995), Randomly
permuted (t, m, s)-nets and (t, s)-sequences, in Monte Carlo and Quasi-Monte Carlo Methods in
Scientific Computing, 299-317. Written here because ``scipy.stats.qmc`` takes a second to load in
each process, gives no point by its number alone, and may scramble otherwise in another version.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ehc_sim.rng.streams import Streams

HALVINGS = 17
"""Times that a stretch is halved: enough for 131,072 replications, more than a study has."""


def places_of(seed: int, replications: Sequence[int]) -> NDArray[np.float64]:
    """Return the place of each replication, strictly between 0 and 1, shape (replications,).

    The place depends on the seed and the replication only. By itself it is uniform. Of the first
    2**k replications, and of every 2**k that follow from a multiple of that, one is in each of
    2**k equal stretches; any first n are at most one from even in each stretch of a halving.

    Parameters
    ----------
    seed : int
        Seed of the study.
    replications : sequence of int
        Their numbers, each below 2**17.
    """
    numbers = np.asarray(replications, dtype=np.int64)
    streams = Streams(seed, 0)
    stretch, path = np.zeros_like(numbers), np.zeros_like(numbers)
    for level in range(HALVINGS):
        digit = (numbers >> level) & 1
        flipped = streams.uniforms(f"even places, halving {level}", path) < 0.5
        stretch = 2 * stretch + (digit ^ flipped)
        path = 2 * path + digit
    within = streams.uniforms("even places, within a stretch", numbers)
    return np.asarray((stretch + within) / 2**HALVINGS)
