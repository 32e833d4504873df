"""What became of decisions, and what they cost in hours: worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehc_sim.journey import milestones as m
from ehc_sim.measures.decisions import decisions, second_assessments
from ehc_sim.measures.timeliness import window
from ehc_sim.measures.timings import Timings
from ehc_sim.tables import Rows, Table
from tests.hand_made import Made, agreed, overturned, plan, request, review, service_of, two_years

pytestmark = pytest.mark.unit

REFUSED = ((m.DECISION_TO_ASSESS, "2025-02-04"), (m.REFUSED, "2025-02-04"))
SERVICE = (
    Made(m.REQUEST_CASE, request("2025-01-06", *REFUSED)),
    Made(m.REQUEST_CASE, request("2025-01-06", *REFUSED, (m.MEDIATED, "2025-04-01"))),
    Made(
        m.REQUEST_CASE,
        overturned("2025-01-06", "2025-02-04", "2026-01-10", (m.APPEALED, "2025-03-01")),
    ),
    Made(m.REQUEST_CASE, plan("2025-01-06", "2025-05-26", (m.CONTENTS_APPEAL, "2025-07-01"))),
    Made(
        m.REQUEST_CASE,
        agreed(
            "2025-01-06",
            "2025-02-04",
            (m.NO_PLAN_TOLD, "2025-04-22"),
            (m.ORDER_TO_ISSUE, "2025-09-01"),
        ),
    ),
    Made(m.REQUEST_AGAIN, request("2025-06-02", (m.DECISION_TO_ASSESS, "2025-07-01"))),
    Made(m.REQUEST_AGAIN),
    review(3, "2026-03-01", (m.CONTENTS_APPEAL, "2026-08-01")),
)


def hours() -> Table:
    """Return hours of two teams; 10 of the officers' assessments by an agency."""
    years, kinds = (2025, 2026), ("assessments", "second assessments", "disputes")
    blocks = ((years, ["officers"], kinds), (years, ["psychologists"], kinds[:1]))
    return Table.of(
        Rows(("year", "team", "kind"), blocks),
        {
            "hours": np.array([100.0, 20, 7, 90, 0, 8, 50, 40]),
            "agency_hours": np.array([10.0, 0, 0, 0, 5, 0, 0, 0]),
        },
    )


def table() -> pd.DataFrame:
    timeline = two_years()
    log, cases = service_of(timeline, *SERVICE)
    timings = Timings.of(log, timeline, [], cases.requests)
    return decisions(timings, cases, hours()).frame()


def test_every_dispute_counts_in_the_year_in_which_it_happened() -> None:
    found = table()
    assert found["refusals"].tolist() == [3, 0]
    assert found.loc[2025, "refused_share"] == pytest.approx(3 / 6)
    assert found["mediated"].tolist() == [1, 0]
    assert found["appealed"].tolist() == [1, 0]
    assert found["contents_appeals"].tolist() == [1, 1]
    assert found["appeals"].tolist() == [2, 1]
    assert found["overturned"].tolist() == [0, 1]
    assert found["overturned_to_issue"].tolist() == [1, 0]
    assert found["asked_again"].tolist() == [1, 0]


def test_hours_are_of_all_teams_and_agencies_by_kind_of_work() -> None:
    found = table()
    assert found["hours_first_assessments"].tolist() == [160, 130]
    assert found["hours_second_assessments"].tolist() == [20, 5]
    assert found["hours_disputes"].tolist() == [7, 8]
    for name in ("hours_meetings", "hours_reviews", "hours_transfers"):
        assert found[name].tolist() == [0, 0]


def test_appeals_of_both_kinds_count_in_a_window() -> None:
    timeline = two_years()
    log, cases = service_of(timeline, *SERVICE)
    timings = Timings.of(log, timeline, [], cases.requests)
    for year, appeals in ((2025, 2), (2026, 1)):
        found = window(timings, date(year, 1, 1), date(year, 12, 31))
        assert found["appeals"] == appeals


def test_second_assessments_are_of_requests_made_again_and_from_an_order_on() -> None:
    log, cases = service_of(two_years(), *SERVICE)
    found = second_assessments(log, cases)
    visited = [
        (int(case), log.nodes[node])
        for (case, node), second in zip(log.visits[:, :2], found, strict=True)
        if second
    ]
    assert visited == [(2, m.ORDER_TO_ASSESS), (5, m.REQUEST), (5, m.DECISION_TO_ASSESS)]
