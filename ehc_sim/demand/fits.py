"""Fits that are made once: replications, scenarios and members of a pool share them.

A process runs many small batches of replications of many scenarios, and a fit takes a hundred times
as long as a path. A fit depends on the method, the record and the exposure only, so it is kept by
their content.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.member import Fitted, Member

MOST_KEPT = 128
"""Fits kept; a back-test of a pool needs some sixty."""

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")

_kept: OrderedDict[tuple[Member, bytes, bytes], Fitted] = OrderedDict()


def made_once(kept: OrderedDict[Key, Made], most: int, key: Key, make: Callable[[], Made]) -> Made:
    """Return what is kept under a key, or make and keep it; what was not used for longest goes.

    Parameters
    ----------
    kept : OrderedDict
        What was made before, changed here.
    most : int
        How many are kept.
    key : hashable
    make : callable
    """
    found = kept.pop(key, None)
    if found is None:
        found = make()
    kept[key] = found
    while len(kept) > most:
        kept.popitem(last=False)
    return found


def fit_once(member: Member, history: History, weights: MonthWeights) -> Fitted:
    """Fit a method to a history, or return the fit made before to the same content.

    Parameters
    ----------
    member : Member
        The method; hashable, and equal to another of the same settings.
    history : History
        The record.
    weights : MonthWeights
        Exposure of its months and those to forecast.

    Raises
    ------
    CannotFit
        If the method finds no fit.
    """
    key = (member, history.content, weights.content)
    return made_once(_kept, MOST_KEPT, key, lambda: member.fit(history, weights))
