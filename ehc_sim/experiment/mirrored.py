"""Designs of runs that are made twice: with numbers at some ends, and at the opposite ends.

Half the difference of such two runs has nothing of what both share: the future, and whatever of the
response is the same in both directions, such as the effects of two numbers on one another. The
design is a Hadamard matrix and its mirror image (Plackett, R. L. and Burman, J. P. (1946), The
design of optimum multifactorial experiments, Biometrika 33, 305-325; Box, G. E. P. and Wilson,
K. B. (1951), Journal of the Royal Statistical Society B 13, 1-45, for the mirror image).

Only some of the numbers are at an end in a pair. Were all of them, the service would be another:
with a hundred numbers at their ends a team breaks down that copes in nearly every future, and what
that team does would seem to decide. All others are as the future has them.
"""

import numpy as np
from numpy.typing import NDArray

Signs = NDArray[np.int64]

GROUPS = 5
"""One number in so many is at an end at a time. A number at an end is about as far from its middle
as two that are drawn, or more, so that the runs are spread nearly as those of a study are."""
LEAST_SPARE = 16
"""Pairs of runs beyond one for each number: from them is known how much chance there is."""
SPARE_SHARE = 4
"""One such pair for so many numbers, at least."""


def design(numbers: int, least_pairs: int, generator: np.random.Generator) -> Signs:
    """Return at which end each number is in the first run of each pair.

    Parameters
    ----------
    numbers : int
        How many numbers there are.
    least_pairs : int
        Pairs of runs, at least; there are as many as the numbers need and a design has.
    generator : Generator
        Puts the numbers, their ends and the pairs in a random order.

    Returns
    -------
    ndarray of int64, shape (pairs, numbers)
        1 for the high end, -1 for the low end, 0 for as it is drawn. The columns are orthogonal,
        and each has as many ends as every other.
    """
    groups = min(GROUPS, numbers)
    needed = numbers + max(LEAST_SPARE, -(-numbers // SPARE_SHARE))
    order = -(-max(needed, least_pairs) // groups)
    while (whole := hadamard(order)) is None:
        order += 1
    blocks = np.kron(np.eye(groups, dtype=np.int64), whole)
    each = -(-numbers // groups)
    columns = [
        group * order + generator.permutation(order)[: min(each, numbers - group * each)]
        for group in range(groups)
        if group * each < numbers
    ]
    chosen = generator.permutation(np.concatenate(columns))
    signs = blocks[:, chosen] * generator.choice(np.array([-1, 1]), numbers)
    return np.asarray(signs[generator.permutation(len(signs))], dtype=np.int64)


def factorial(numbers: int) -> Signs:
    """Return runs in which every two numbers are at each pair of their ends equally often.

    Of five or more, one follows from the others, so that no effect of one or of two of up to five
    is mixed up with another (Box, G. E. P. and Hunter, J. S. (1961), The 2^(k-p) fractional
    factorial designs, Technometrics 3, 311-351).

    Parameters
    ----------
    numbers : int
        2 to 5.

    Returns
    -------
    ndarray of int64, shape (runs, numbers)
        1 and -1; 4, 8 or 16 runs.
    """
    free = min(numbers, 4)
    runs = np.array(np.meshgrid(*[[-1, 1]] * free, indexing="ij")).reshape(free, -1).T
    return np.column_stack([runs, runs.prod(axis=1)]) if numbers > free else runs


def hadamard(order: int) -> Signs | None:
    """Return a matrix of 1 and -1 with orthogonal columns, or None where none is known here.

    By Sylvester's doubling and Paley's first construction (Paley, R. E. A. C. (1933), Journal of
    Mathematics and Physics 12, 311-320), which have most multiples of four.

    Parameters
    ----------
    order : int
        Rows and columns.
    """
    if order == 1:
        return np.ones((1, 1), dtype=np.int64)
    if order != 2 and order % 4:
        return None
    if order % 4 == 0 and _is_prime(order - 1):
        return _paley(order - 1)
    half = hadamard(order // 2) if order % 2 == 0 else None
    return None if half is None else np.block([[half, half], [half, -half]])


def _paley(prime: int) -> Signs:
    squares = np.zeros(prime, dtype=bool)
    squares[np.arange(1, prime) ** 2 % prime] = True
    residue = np.where(squares, 1, -1)
    residue[0] = 0
    places = np.arange(prime)
    skew = np.zeros((prime + 1, prime + 1), dtype=np.int64)
    skew[0, 1:], skew[1:, 0] = 1, -1
    skew[1:, 1:] = residue[(places - places[:, np.newaxis]) % prime]
    return skew + np.eye(prime + 1, dtype=np.int64)


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, int(number**0.5) + 1))
