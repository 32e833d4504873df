"""Numbers of numpy's Philox generator at any places of its stream, without those between.

Philox is counter-based: a block of four numbers is a function of the key and of the block's place
alone (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"). So the
numbers of scattered cases are made directly, compiled, and are those that ``numpy.random.Philox``
with this key would come to; a test holds them to it.
"""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry, inline
from ehc_sim.jit.machine import high_half

_ROUNDS = 10
_FIRST_FACTOR = np.uint64(0xD2E7470EE14C6C93)
_SECOND_FACTOR = np.uint64(0xCA5A826395121157)
_FIRST_STEP = np.uint64(0x9E3779B97F4A7C15)
_SECOND_STEP = np.uint64(0xBB67AE8584CAA73B)
_TO_FRACTION = 2.0**-53
_NEVER_ZERO = 2.0**-54  # keeps a number of [0, 1) inside (0, 1), so that quantiles are finite


@inline
def uniform_at(first_key: np.uint64, second_key: np.uint64, number: int, page: int) -> float:
    """Return the uniform number in (0, 1) of one case; as ``uniforms_at``."""
    position = number & page - 1
    block = number - position + (position >> 2)
    made = philox(first_key, second_key, np.uint64(block) + np.uint64(1))
    return to_fraction(_lane(made, position & 3))


@inline
def philox(
    first_key: np.uint64, second_key: np.uint64, counter: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four numbers of a block of Philox 4x64 with ten rounds."""
    a = counter
    b = c = d = np.uint64(0)
    first, second = first_key, second_key
    for _ in range(_ROUNDS):
        high_a, low_a = high_half(_FIRST_FACTOR, a), _FIRST_FACTOR * a
        high_c, low_c = high_half(_SECOND_FACTOR, c), _SECOND_FACTOR * c
        a, b, c, d = high_c ^ b ^ first, low_c, high_a ^ d ^ second, low_a
        first += _FIRST_STEP
        second += _SECOND_STEP
    return a, b, c, d


@inline
def to_fraction(number: np.uint64) -> float:
    """Return a number in (0, 1) from 64 random bits, as numpy does but for 0."""
    return max(np.float64(np.int64(number >> np.uint64(11))) * _TO_FRACTION, _NEVER_ZERO)


@inline
def _lane(made: tuple[np.uint64, np.uint64, np.uint64, np.uint64], lane: int) -> np.uint64:
    if lane & 2:
        return made[3] if lane & 1 else made[2]
    return made[1] if lane & 1 else made[0]


@entry
def uniforms_at(
    first_key: np.uint64, second_key: np.uint64, numbers: NDArray[np.int64], page: int
) -> NDArray[np.float64]:
    """Return the uniform numbers in (0, 1) of cases in a Philox stream.

    Parameters
    ----------
    first_key, second_key : uint64
        Key of the stream.
    numbers : ndarray of int64, shape (n,)
        Case numbers. The cases of a page have consecutive numbers of the stream, of which four make
        a block; each page begins so many blocks after the one before.
    page : int
        Cases of a page, and blocks from page to page; a power of 2.

    Returns
    -------
    ndarray of float64, shape (n,)
    """
    found = np.empty(len(numbers))
    known = np.int64(-1)
    made = (np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0))
    for place in range(len(numbers)):
        position = numbers[place] & page - 1
        block = numbers[place] - position + (position >> 2)
        if block != known:
            known = block
            # numpy counts up before it makes a block
            made = philox(first_key, second_key, np.uint64(block) + np.uint64(1))
        found[place] = to_fraction(_lane(made, position & 3))
    return found
