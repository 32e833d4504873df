"""Decisions that were disputed, and the hours that each kind of work took."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from ehc_sim.journey import milestones as m
from ehc_sim.journey.cases import Cases
from ehc_sim.measures.periods import Bools, Ints, count_in, year_bounds, years
from ehc_sim.measures.plans import NEVER
from ehc_sim.measures.table import Rows, Table
from ehc_sim.measures.timeliness import share
from ehc_sim.measures.timings import Timings, reached
from ehc_sim.network.log import NOT_YET, Log

HOURS = {
    "hours_first_assessments": "assessments",
    "hours_second_assessments": "second assessments",
    "hours_disputes": "disputes",
    "hours_meetings": "meetings",
    "hours_reviews": "annual reviews",
    "hours_transfers": "phase transfers",
    "hours_contents_appeals": "appeals about plans",
}
"""Kind of work that each column of hours is of."""


def decisions(log: Log, timings: Timings, cases: Cases, hours: Table) -> Table:
    """Return what became of decisions by year, and the hours of all teams by kind of work.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    timings : Timings
        Milestones of the run.
    cases : Cases
        Who the cases are about.
    hours : Table
        Rows (year, team, kind of work) with hours and agency_hours.

    Returns
    -------
    Table
        One row a year, each event in the year in which it happened: refusals, refused_share (of
        the decisions whether to assess), mediated, appealed (refusals to assess),
        contents_appeals, appeals (both), overturned (orders to assess, agreed at mediation or
        after an appeal), overturned_to_issue, asked_again (requests made again after a refusal)
        and the hours of ``HOURS``, those of agencies among them.
    """
    t, bounds = timings, year_bounds(timings.timeline)

    def by_year(minutes: Ints) -> Ints:
        return count_in(bounds, minutes)

    refusals, appealed = by_year(t.refused), by_year(t.appealed)
    contents = by_year(log.done(m.CONTENTS_APPEAL))
    again = cases.of_kind(m.REQUEST_AGAIN)[: len(t.received)]
    columns: dict[str, NDArray[np.generic]] = {
        "refusals": refusals,
        "refused_share": share(refusals, by_year(t.decided)),
        "mediated": by_year(t.mediated),
        "appealed": appealed,
        "contents_appeals": contents,
        "appeals": appealed + contents,
        "overturned": by_year(t.ordered),
        "overturned_to_issue": by_year(t.ordered_to_issue),
        "asked_again": count_in(bounds, t.received, again),
    }
    by_kind = _hours_by_kind(hours, len(bounds) - 1)
    columns |= {name: by_kind[place] for place, name in enumerate(HOURS)}
    return Table.of(Rows.of(year=years(t.timeline)), columns)


def _hours_by_kind(hours: Table, years: int) -> NDArray[np.float64]:
    """Return the hours of all teams and agencies of each kind of ``HOURS``, by year."""
    worked = hours.column("hours") + hours.column("agency_hours")
    kinds = list(HOURS.values())
    found = np.zeros((len(kinds), years))
    first = 0
    for _, teams, named in hours.rows.blocks:
        shape = (years, len(teams), len(named))
        of_block = worked[first : first + prod(shape)].reshape(shape).sum(axis=1)
        first += prod(shape)
        for place, kind in enumerate(named):
            if kind in kinds:
                found[kinds.index(str(kind))] += of_block[:, place]
    return found


def appeals_between(log: Log, low: int, high: int) -> float:
    """Return the number of appeals, against refusals and about contents, in a window.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    low, high : int
        First minute of the window, and the first after it.
    """
    bounds = np.array([low, high], dtype=np.int64)
    names = (m.APPEALED, m.CONTENTS_APPEAL)
    return float(sum(count_in(bounds, log.done(name))[0] for name in names))


def second_assessments(log: Log, cases: Cases) -> Bools:
    """Return which visits come after a refusal: those of requests made again, and after an order.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    cases : Cases
        Who the cases are about.

    Returns
    -------
    ndarray of bool, shape (visits,)
        One for each row of ``log.visits``.
    """
    case, _, joined = log.columns[:3]
    requests = np.arange(cases.requests)
    (ordered,) = log.last_done([m.ORDER_TO_ASSESS], requests)
    since = np.where(reached(ordered), ordered, NEVER)
    since[cases.of_kind(m.REQUEST_AGAIN)[requests]] = NOT_YET
    of_requests = int(np.searchsorted(case, len(requests)))
    second = np.zeros(len(case), dtype=bool)
    second[:of_requests] = joined[:of_requests] >= since[case[:of_requests]]
    return second
