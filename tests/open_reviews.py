"""How many next reviews each plan has, read from a log."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ehc_sim.measures.periods import reached
from ehc_sim.measures.plans import Stock
from ehc_sim.pathway import Log
from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.cases import Cases
from ehc_sim.pathway.log import NOT_YET

Ints = NDArray[np.int64]


def open_reviews(log: Log, cases: Cases) -> Ints:
    """Return how many next reviews each plan has that is in place at the end of the run.

    A review counts from the minute at which it is known to come: while it waits to be arranged,
    and from there until it meets. So each plan has exactly one.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    cases : Cases
        Who the cases are about.

    Returns
    -------
    ndarray of int64, shape (plans in place at the end of the run,)
    """
    stock, holder = Stock.of(log, cases), cases.holder
    count = len(stock.opened)
    over = reached(log.last_done([m.REVIEW_MEETING, m.NO_REVIEW], np.arange(len(holder))))
    arrived = reached(log.arrived) & (log.arrived < log.until)
    begun = cases.of_kind(m.REVIEW) & arrived & ~over.any(axis=0)
    starts = [place for place, kind in enumerate(log.kinds) if kind == "start"]
    visits = log.visits[np.isin(log.visits[:, 1], starts)]
    to_come = visits[visits[:, 4] == NOT_YET, 0]
    each = np.bincount(holder[begun], minlength=count)
    each += np.bincount(holder[to_come], minlength=count)
    return each[stock.held & (stock.closed >= log.until)].astype(np.int64)
