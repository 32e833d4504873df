"""The method that a record calls for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ehc_sim.demand.assumption import Assumption
from ehc_sim.demand.borrowed_year import BorrowedYear
from ehc_sim.demand.history import History
from ehc_sim.demand.ladder import Method, Rung, rung
from ehc_sim.demand.member import Member
from ehc_sim.demand.pool import FOUR, TWO
from ehc_sim.demand.seasonal_naive import SeasonalNaive
from ehc_sim.demand.yearly import YearlyTotals

_ON_RUNG: Mapping[Rung, Callable[[], Member]] = {
    "seasonal naive": SeasonalNaive,
    "assumed": Assumption,
    "by year": YearlyTotals,
    "of few": BorrowedYear,
    "four": lambda: FOUR,
    "two": lambda: TWO,
    "borrowed year": BorrowedYear,
}


def choose(history: History, method: Method | None = None) -> tuple[Member, str]:
    """Return the method for a history, and why it is this one, in words.

    Parameters
    ----------
    history : History
        The record.
    method : str, optional
        What the scenario asks for; by default the record decides.

    Raises
    ------
    BadInput
        If the history is too short for any method, or for the one asked for.
    """
    found, why = rung(history, method)
    return _ON_RUNG[found](), why
