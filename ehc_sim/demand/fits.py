"""Fits that are made once: replications, scenarios and members of a pool share them.

A process runs many small batches of replications of many scenarios, and a fit takes a hundred times
as long as a path. A fit depends on the method, the record and the exposure only, so it is kept by
their content.
"""

from collections import OrderedDict

from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.member import Fitted, Member

MOST_KEPT = 128
"""Fits kept; a back-test of a pool needs some sixty."""

_kept: OrderedDict[tuple[Member, bytes, bytes], Fitted] = OrderedDict()


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
    found = _kept.pop(key, None)
    if found is None:
        found = member.fit(history, weights)
    _kept[key] = found
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return found
