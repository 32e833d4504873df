"""What a dated change can do to a number that is there: each kind in one row."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Lever:
    """A kind of change.

    Attributes
    ----------
    apply : callable
        Gives the number after the change from the number before it and the amount; it rises or
        falls all the way with either, so that its ends come from theirs.
    nothing : float
        The amount that changes nothing.
    words : str
        What a change says before its amount.
    step : str
        What a number says before the amount, once it has been changed.
    meaning : str
        What the amount is, for the schema and the documentation.
    """

    apply: Callable[[float, float], float]
    nothing: float
    words: str
    step: str
    meaning: str


LEVERS: Final[Mapping[str, Lever]] = {
    "add": Lever(operator.add, 0, "add", "plus", "What is added to the number."),
    "multiply": Lever(operator.mul, 1, "multiply by", "times", "What the number is multiplied by."),
}
"""By the key of a ``[[change]]``."""
