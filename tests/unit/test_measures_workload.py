"""Work asked of a team, done and waiting, by month: worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.measures.workload import workload_measures
from ehc_sim.pathway import Log, Network, Pathway, Rota, TeamPlan
from ehc_sim.pathway.log import AGENCY, NOBODY, NOT_YET
from ehc_sim.pathway.nodes import End, Work
from ehc_sim.pathway.workload import workload
from tests.hand_made import minute

pytestmark = pytest.mark.unit

SPRING = Timeline.england(date(2025, 1, 1), date(2025, 4, 30), SchoolTerms())
"""22, 20, 21 and 20 working days."""
FOUR_HOURS = 240


def post(until: date | None = None) -> Rota:
    """Return a post that works 09:00 to 13:00, and takes jobs to a last day."""
    takes = np.ones(len(SPRING.days), dtype=bool)
    if until is not None:
        takes[SPRING.day_index(until) + 1 :] = False
    return Rota(np.where(SPRING.working, FOUR_HOURS, 0), takes)


def team(visits: list[tuple[str, str | None, str | None, int, int]], *posts: Rota) -> pd.DataFrame:
    """Return the workload of a team by month: joined, started, ended, post and minutes of each."""
    rows: list[int] = []
    for case, (joined, started, ended, resource, minutes) in enumerate(visits):
        times = [NOT_YET if w is None else minute(SPRING, w) for w in (joined, started, ended)]
        rows += (case, 0, *times, resource, minutes)
    pathway = Pathway([Work("writing", "writers", "minutes", "done"), End("done", "done")])
    until = len(SPRING.days) * MINUTES_A_DAY
    arrived = np.zeros(len(visits), dtype=np.int64)
    log = Log.of(rows, pathway.names, ("work", "end"), arrived, until)
    network = Network(pathway, SPRING, {"writers": TeamPlan(posts=posts or (post(),))})
    return workload(log, network).set_index("month")


def test_a_job_over_the_end_of_a_month_is_shared_out() -> None:
    """300 minutes from Friday 31 January 11:00: 120 that day, 180 on Monday 3 February."""
    table = team([("2025-01-30 10:00", "2025-01-31 11:00", "2025-02-03 12:00", 0, 300)])
    assert table["worked_minutes"].tolist() == [120, 180, 0, 0]
    assert table["offered_minutes"].tolist() == [300, 0, 0, 0]
    assert table["queue"].tolist() == [0, 0, 0, 0]


def test_a_job_over_three_months_is_shared_out() -> None:
    """From 30 January 09:00: 2 days, all of February's 20, and 2 hours of 3 March."""
    minutes = 2 * FOUR_HOURS + 20 * FOUR_HOURS + 120
    table = team([("2025-01-30 08:00", "2025-01-30 09:00", "2025-03-03 11:00", 0, minutes)])
    assert table["worked_minutes"].tolist() == [480, 4800, 120, 0]


def test_a_job_in_hand_at_the_end_of_the_run_counts_as_far_as_it_is_done() -> None:
    """From Tuesday 29 April 12:00: 1 hour that day and 4 on the last."""
    table = team([("2025-04-29 11:00", "2025-04-29 12:00", None, 0, 5000)])
    assert table["worked_minutes"].tolist() == [0, 0, 0, 300]


def test_capacity_is_of_the_days_on_which_a_post_takes_jobs() -> None:
    table = team([], post(), post(until=date(2025, 2, 14)))
    days = np.array([22 + 22, 20 + 10, 21, 20])
    assert table["capacity_minutes"].tolist() == (days * FOUR_HOURS).tolist()


def test_a_leaver_finishes_the_job_in_hand_without_being_capacity() -> None:
    table = team(
        [("2025-02-13 09:00", "2025-02-14 09:00", "2025-02-17 13:00", 0, 480)],
        post(until=date(2025, 2, 14)),
    )
    assert table["worked_minutes"].tolist() == [0, 480, 0, 0]
    assert table["capacity_minutes"].tolist() == [22 * 240, 10 * 240, 0, 0]


def test_the_queue_is_of_jobs_not_begun_at_the_end_of_the_month() -> None:
    table = team(
        [
            ("2025-01-10 09:00", "2025-02-03 09:00", "2025-02-03 10:00", 0, 60),
            ("2025-01-10 09:00", None, None, NOBODY, 60),
            ("2025-02-10 09:00", "2025-02-28 12:00", "2025-03-03 10:00", 0, 120),
        ]
    )
    assert table["queue"].tolist() == [2, 1, 1, 1]
    assert table["offered_minutes"].tolist() == [120, 120, 0, 0]
    assert table["worked_minutes"].tolist() == [0, 120, 60, 0]


def test_what_an_agency_takes_is_no_work_of_the_posts() -> None:
    table = team(
        [("2025-01-30 10:00", "2025-02-03 09:00", "2025-03-03 09:00", AGENCY, 600)],
    )
    assert table["worked_minutes"].tolist() == [0, 0, 0, 0]
    assert table["agency_minutes"].tolist() == [0, 600, 0, 0]
    assert table["agency_cases"].tolist() == [0, 1, 0, 0]
    assert table["queue"].tolist() == [1, 0, 0, 0]


def test_utilisation_and_load_are_shares_of_capacity() -> None:
    """4 hours a day in a month of 20 days is 80 hours: 60 worked, and 100 asked for."""
    table = pd.DataFrame(
        {
            "team": ["writers", "writers"],
            "month": [0, 1],
            "capacity_minutes": [4800, 0],
            "offered_minutes": [7200, 60],
            "worked_minutes": [3600, 0],
            "agency_minutes": [1200, 0],
            "queue": [7, 8],
        }
    )
    months = np.array(["2025-02", "2025-03"], dtype="datetime64[M]")
    found = workload_measures(table, months)
    february = found.loc[(pd.Timestamp("2025-02"), "writers")]
    assert february["capacity_hours"] == 80
    assert february["offered_hours"] == 100
    assert february["worked_hours"] == 60
    assert february["utilisation"] == 0.75
    assert february["load"] == 1.25
    assert february["queue"] == 7
    march = found.loc[(pd.Timestamp("2025-03"), "writers")]
    assert pd.isna(march["utilisation"])
    assert pd.isna(march["load"])
