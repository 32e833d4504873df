"""What tests count of a run that the program itself has no use for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.experiment.replication import Replication
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
    and from there until it meets. So each plan without a phase transfer has exactly one.
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


def reviews_to_come(run: Replication, minute: int) -> Ints:
    """Return how many reviews to come each plan has that is in place at a minute.

    A review counts from when it is known to come: while it waits to be arranged, and from there
    until it meets; a phase transfer from 1 September of the school year before the move. One that
    a transfer takes the place of counts no longer from then on. So each plan has exactly one.
    """
    log, cases = run.log, run.prepared.everybody
    stock, holder = Stock.of(log, cases), cases.holder
    values = run.prepared.draw.quantities
    over = (m.REVIEW_MEETING, m.NO_REVIEW, m.TRANSFER_INSTEAD, m.TRANSFER_MEETING, m.NO_TRANSFER)
    ended = log.last_done(over, np.arange(len(holder)))
    is_over = (reached(ended) & (ended <= minute)).any(axis=0)
    each = np.zeros(len(stock.opened), dtype=np.int64)
    for name, kind in zip(log.nodes, log.kinds, strict=True):
        if kind != "start" or "review" not in name:
            continue
        by = log.visits[log.visits[:, 1] == log.nodes.index(name)]
        first = name.startswith(("first review", "review of a plan in hand"))
        case = values["case of first review" if first else "case of next review"]
        for starter, at in by[by[:, 2] <= minute][:, [0, 2]].tolist():
            other = case.at(at, starter)
            instead = values["minute transfer takes its place"].at(at, other)
            each[holder[starter]] += not is_over[other] and minute < instead
    begun = log.reached(m.TRANSFER_BEGUN)
    np.add.at(each, holder[reached(begun) & (begun <= minute) & ~is_over], 1)
    return each[stock.held & (stock.opened <= minute) & (stock.closed > minute)]
