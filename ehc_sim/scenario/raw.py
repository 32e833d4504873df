"""Values of raw settings, of which it is not yet known whether they are right.

What is missing or of the wrong kind is passed over: that is found elsewhere.
"""

from datetime import date, datetime
from typing import Any

from ehc_sim.scenario.numbers import Number, number_of
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.tree import ABSENT, Tree


def number_at(tree: Tree, where: Where) -> Number | None:
    """Return the number at a path, or None where there is none."""
    given = tree.get(*where)
    return None if given is ABSENT else number_of(given)


def most(tree: Tree, where: Where, absent: float) -> float:
    """Return the largest value of a number; what is no number is passed over as if it were 1."""
    number = number_at(tree, where)
    if number is None:
        return absent if tree.get(*where) is ABSENT else 1
    return number.largest


def least(tree: Tree, where: Where, absent: float) -> float:
    """Return the smallest value of a number; what is no number is passed over as if absent."""
    number = number_at(tree, where)
    return absent if number is None else number.smallest


def a_date(value: Any) -> date | None:  # noqa: ANN401
    """Return a value that is a date without a time, or None."""
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
