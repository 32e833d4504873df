"""Numbers of numpy's Philox generator at any places of its stream, without those between.

Philox is counter-based: a block of four numbers is a function of the key and of the block's place
alone (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"). So the
numbers of scattered cases are made directly, compiled, and are those that ``numpy.random.Philox``
with this key would come to; a test holds them to it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import intrinsic
from numpy.typing import NDArray

_LANES = 4
_ROUNDS = 10
_FIRST_FACTOR = np.uint64(0xD2E7470EE14C6C93)
_SECOND_FACTOR = np.uint64(0xCA5A826395121157)
_FIRST_STEP = np.uint64(0x9E3779B97F4A7C15)
_SECOND_STEP = np.uint64(0xBB67AE8584CAA73B)
_TO_FRACTION = 2.0**-53
_NEVER_ZERO = 2.0**-54  # keeps a number of [0, 1) inside (0, 1), so that quantiles are finite


@intrinsic
def _high_half(typing_context: Any, one: Any, other: Any) -> Any:
    """Return the upper 64 bits of the product of two 64-bit numbers."""

    def product(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = context.get_value_type(types.uint64).__class__(128)
        wide = [builder.zext(argument, whole) for argument in arguments]
        shifted = builder.lshr(builder.mul(*wide), whole(64))
        return builder.trunc(shifted, context.get_value_type(types.uint64))

    return types.uint64(types.uint64, types.uint64), product


@njit(nogil=True, cache=True)
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
    made = np.empty(_LANES, np.uint64)
    known = np.int64(-1)
    for place in range(len(numbers)):
        position = numbers[place] & page - 1
        block = numbers[place] - position + position // _LANES
        if block != known:
            known = block
            a = np.uint64(known) + np.uint64(1)  # numpy counts up before it makes a block
            b = c = d = np.uint64(0)
            first, second = first_key, second_key
            for _ in range(_ROUNDS):
                high_a, low_a = _high_half(_FIRST_FACTOR, a), _FIRST_FACTOR * a
                high_c, low_c = _high_half(_SECOND_FACTOR, c), _SECOND_FACTOR * c
                a, b, c, d = high_c ^ b ^ first, low_c, high_a ^ d ^ second, low_a
                first += _FIRST_STEP
                second += _SECOND_STEP
            made[0], made[1], made[2], made[3] = a, b, c, d
        drawn = np.float64(made[position % _LANES] >> np.uint64(11)) * _TO_FRACTION
        found[place] = max(drawn, _NEVER_ZERO)
    return found
