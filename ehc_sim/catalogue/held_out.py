"""What a forecast of past years is judged by, and how well it did."""

from typing import NamedTuple

AS_THEY_CAME, UNKNOWN = "as they came", "unknown"
"""What the forecast is told of the requests and refusals of the years that it foretells."""
GIVEN = (AS_THEY_CAME, UNKNOWN)
MAIN = ("issued_on_time", "issued_over_52_weeks", "mean_weeks", "completed")
"""Measures that a forecast of a service is judged by."""


class Held(NamedTuple):
    """How many 80% ranges held what was published.

    Attributes
    ----------
    held, of : int
        How many did, of how many.
    expected : float
        How many honest ranges would hold.
    too_narrow : bool
        Whether honest ranges would hold so few in less than 5 of 100 cases, each taken by itself.
        Figures of one council move together, so that this is a hint.
    """

    held: int
    of: int
    expected: float
    too_narrow: bool
