"""What tests count of a run that the program itself has no use for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.journey import milestones as m
from ehc_sim.journey.cases import Cases
from ehc_sim.measures.lateness import Lateness
from ehc_sim.measures.plans import Stock
from ehc_sim.measures.timings import reached
from ehc_sim.network.log import NOT_YET, Log
from ehc_sim.network.posts import Post, Rota

Ints = NDArray[np.int64]


def day_index(timeline: Timeline, day: date) -> int:
    """Return the place of a date in the arrays of a timeline."""
    assert timeline.first_day <= day <= timeline.last_day
    return (day - timeline.first_day).days


def offered_by(post: Post, minutes: Ints) -> Ints:
    """Return the minutes of work that a post offers up to each minute."""
    if isinstance(post, Rota):
        post = replace(post, minutes=np.where(post.takes, post.minutes, 0))
    return post.worked_by(minutes)


def by_part(account: Lateness, of: NDArray[np.bool_] | None = None) -> Ints:
    """Return the minutes of each case and part, of some of the pieces, shape (late, parts)."""
    chosen = np.ones(len(account.row), dtype=bool) if of is None else of
    table = np.zeros((len(account.cases), len(account.parts)), dtype=np.int64)
    np.add.at(table, (account.row[chosen], account.part[chosen]), account.minutes[chosen])
    return table


def open_reviews(log: Log, cases: Cases) -> Ints:
    """Return how many next reviews each plan has that is in place at the end of the run.

    A review counts from the minute at which it is known to come: while it waits to be arranged,
    and from there until it meets. So each plan has exactly one.
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
