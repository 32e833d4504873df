"""Decisions that were disputed, and the hours that each kind of work took."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from ehc_sim.measures.periods import Bools, Ints, count_in, year_bounds, years
from ehc_sim.measures.plans import of_kind
from ehc_sim.measures.timeliness import share
from ehc_sim.measures.timings import Timings, milestone, reached
from ehc_sim.pathway import milestones as m
from ehc_sim.pathway.log import Log

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


def decisions(log: Log, timings: Timings, cases: pd.DataFrame, hours: pd.DataFrame) -> pd.DataFrame:
    """Return what became of decisions by year, and the hours of all teams by kind of work.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    timings : Timings
        Milestones of the run.
    cases : DataFrame
        One row a case with kind.
    hours : DataFrame
        Rows (year, team, kind of work) with hours and agency_hours.

    Returns
    -------
    DataFrame
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
    contents = by_year(milestone(log, m.CONTENTS_APPEAL))
    again = of_kind(cases, m.REQUEST_AGAIN)[: len(t.received)]
    index = pd.Index(years(t.timeline), name="year")
    columns: dict[str, ArrayLike] = {
        "refusals": refusals,
        "refused_share": share(refusals, by_year(t.decided)),
        "mediated": by_year(t.mediated),
        "appealed": appealed,
        "contents_appeals": contents,
        "appeals": appealed + contents,
        "overturned": by_year(t.ordered),
        "overturned_to_issue": by_year(t.ordered_to_issue),
        "asked_again": by_year(t.received[again]),
    }
    worked = hours["hours"] + hours["agency_hours"]
    of_kinds = worked.groupby(["year", "kind"]).sum().unstack("kind", fill_value=0)
    of_kinds = of_kinds.reindex(index, fill_value=0.0)
    for name, kind in HOURS.items():
        columns[name] = of_kinds[kind].to_numpy() if kind in of_kinds else 0.0
    return pd.DataFrame(columns, index=index).astype(float)


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
    return float(sum(count_in(bounds, milestone(log, name))[0] for name in names))


def second_assessments(log: Log, cases: pd.DataFrame) -> Bools:
    """Return which visits come after a refusal: those of requests made again, and after an order.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    cases : DataFrame
        One row a case with kind.

    Returns
    -------
    ndarray of bool, shape (visits,)
        One for each row of ``log.visits``.
    """
    case, joined = log.visits[:, 0], log.visits[:, 2]
    ordered = milestone(log, m.ORDER_TO_ASSESS)[case]
    again = of_kind(cases, m.REQUEST_AGAIN)[case]
    return np.asarray(again | (reached(ordered) & (joined >= ordered)))
