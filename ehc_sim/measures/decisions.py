"""Decisions that were disputed, and the hours that each kind of work took."""

from math import prod

import numpy as np
from numpy.typing import NDArray

from ehc_sim.catalogue.service import DECISIONS
from ehc_sim.journey import milestones as m
from ehc_sim.journey.cases import Cases
from ehc_sim.measures.columns import by_year
from ehc_sim.measures.periods import Bools, count_in, reached, year_bounds
from ehc_sim.measures.plans import NEVER
from ehc_sim.measures.timings import Timings
from ehc_sim.network.log import NOT_YET, Log
from ehc_sim.tables import Table

HOURS = {
    "hours_first_assessments": "assessments",
    "hours_second_assessments": "second assessments",
    "hours_disputes": "disputes",
    "hours_meetings": "meetings",
    "hours_reviews": "annual reviews",
    "hours_transfers": "phase transfers",
    "hours_reassessments": "reassessments",
    "hours_contents_appeals": "appeals about plans",
    "hours_moved_in": "plans moved in",
}
"""Kind of work that each column of hours is of."""


def decisions(timings: Timings, cases: Cases, hours: Table) -> Table:
    """Return what became of decisions by year, and the hours of all teams by kind of work.

    Parameters
    ----------
    timings : Timings
        Milestones of the run.
    cases : Cases
        Who the cases are about.
    hours : Table
        Rows (year, team, kind of work) with hours and agency_hours.

    Returns
    -------
    Table
        One row a year, each event in the year in which it happened, as ``docs/results.md``
        describes it; the hours of ``HOURS`` with those of agencies.
    """
    t, bounds = timings, year_bounds(timings.timeline)
    again = cases.of_kind(m.REQUEST_AGAIN)[: len(t.received)]
    by_kind = _hours_by_kind(hours, len(bounds) - 1)
    given = {
        "asked_again": count_in(bounds, t.received, again),
        **dict(zip(HOURS, by_kind, strict=True)),
    }
    return by_year(DECISIONS, t, t.timeline, given)


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


def second_assessments(log: Log, cases: Cases) -> Bools:
    """Return which visits come after a refusal.

    They are those of requests made again, and those after an order or a reconsideration.

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
    turned_round = log.last_done([m.RECONSIDERED, m.ORDER_TO_ASSESS], requests)
    since = np.where(reached(turned_round), turned_round, NEVER).min(axis=0)
    since[cases.of_kind(m.REQUEST_AGAIN)[requests]] = NOT_YET
    of_requests = int(np.searchsorted(case, len(requests)))
    second = np.zeros(len(case), dtype=bool)
    second[:of_requests] = joined[:of_requests] >= since[case[:of_requests]]
    return second
