"""Work asked of a team, done and waiting, by month: worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.measures.team_hours import hours_by_kind, workload, workload_measures
from ehc_sim.network import DailyHours, Log, Network, Pathway, Rota, TeamPlan
from ehc_sim.network.log import AGENCY, NOBODY, NOT_YET, SHARED
from ehc_sim.network.nodes import End, Work
from ehc_sim.tables import Rows, Table
from tests.hand_made import minute
from tests.plain_counts import day_index

pytestmark = pytest.mark.unit

SPRING = Timeline.england(date(2025, 1, 1), date(2025, 4, 30), SchoolTerms())
"""22, 20, 21 and 20 working days."""
FOUR_HOURS = 240


def post(until: date | None = None) -> Rota:
    """Return a post that works 09:00 to 13:00, and takes jobs to a last day."""
    takes = np.ones(len(SPRING.days), dtype=bool)
    if until is not None:
        takes[day_index(SPRING, until) + 1 :] = False
    return Rota(np.where(SPRING.working, FOUR_HOURS, 0), takes)


Visit = tuple[str, str | None, str | None, int, int]
"""When a case joined, when work on it started and ended, the post and the minutes."""


def log_of(visits: list[Visit], pathway: Pathway, timeline: Timeline = SPRING) -> Log:
    """Return the log of visits to the first node, one a case."""
    rows: list[int] = []
    for case, (joined, started, ended, resource, minutes) in enumerate(visits):
        times = [NOT_YET if w is None else minute(timeline, w) for w in (joined, started, ended)]
        rows += (case, 0, *times, resource, minutes)
    kinds = tuple("work" if isinstance(node, Work) else "end" for node in pathway)
    arrived = np.zeros(len(visits), dtype=np.int64)
    return Log.of(rows, pathway.names, kinds, arrived, len(timeline.days) * MINUTES_A_DAY)


WRITING = Pathway([Work("writing", "writers", "minutes", "done"), End("done", "done")])


def of_plan(visits: list[Visit], plan: TeamPlan) -> pd.DataFrame:
    """Return the workload of a team by month."""
    network = Network(WRITING, SPRING, {"writers": plan})
    table = workload(log_of(visits, WRITING), network).frame()
    return table.droplevel("team")


def team(visits: list[Visit], *posts: Rota) -> pd.DataFrame:
    """Return the workload of a team with posts by month."""
    return of_plan(visits, TeamPlan(posts=posts or (post(),)))


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


def test_what_a_leaver_finishes_is_capacity_as_far_as_it_is_worked() -> None:
    """Four hours of 17 February, which no job could have had; none of the days after it."""
    table = team(
        [("2025-02-13 09:00", "2025-02-14 09:00", "2025-02-17 13:00", 0, 480)],
        post(until=date(2025, 2, 14)),
    )
    assert table["worked_minutes"].tolist() == [0, 480, 0, 0]
    assert table["capacity_minutes"].tolist() == [22 * 240, 11 * 240, 0, 0]


def test_a_leavers_long_job_is_capacity_in_each_month_in_which_it_is_worked() -> None:
    """From 13 February 11:00: 2 hours and all of the 14th are offered; of the 1,000 minutes beyond
    them 9 and a half days' work lies after: 10 days of February and none of March, or to March."""
    minutes = 120 + 240 + 10 * 240 + 100
    table = team(
        [("2025-02-13 09:00", "2025-02-13 11:00", "2025-03-03 10:40", 0, minutes)],
        post(until=date(2025, 2, 14)),
    )
    assert table["worked_minutes"].tolist() == [0, 120 + 240 + 10 * 240, 100, 0]
    assert table["capacity_minutes"].tolist() == [22 * 240, 10 * 240 + 10 * 240, 100, 0]


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
    assert table["offered_minutes"].tolist() == [0, 0, 0, 0]
    assert table["agency_minutes"].tolist() == [0, 600, 0, 0]
    assert table["agency_cases"].tolist() == [0, 1, 0, 0]
    assert table["queue"].tolist() == [1, 0, 0, 0]


def test_work_handed_over_is_offered_once_and_waits_again() -> None:
    """480 minutes: 360 of them before the hand-over on 3 February, the rest by the second post."""
    table = team(
        [
            ("2025-01-30 08:00", "2025-01-31 09:00", "2025-02-03 11:00", 0, 360),
            ("2025-02-03 11:00", "2025-03-03 09:00", "2025-03-03 11:00", 1, 120),
        ],
        post(),
        post(),
    )
    assert table["offered_minutes"].tolist() == [360, 120, 0, 0]
    assert table["worked_minutes"].tolist() == [240, 120, 120, 0]
    assert table["queue"].tolist() == [0, 1, 0, 0]


def test_daily_hours_are_capacity_and_work_counts_on_the_days_on_which_it_was_in_hand() -> None:
    """Of 260 minutes at 100 a day, 100 are given on 31 January and 160 in February."""
    hours = DailyHours(np.where(SPRING.working, 500, 0), np.full(len(SPRING.days), 100))
    table = of_plan(
        [
            ("2025-01-30 10:00", "2025-01-31 09:00", "2025-02-04 10:00", SHARED, 260),
            ("2025-04-29 10:00", "2025-04-30 09:00", None, SHARED, 900),
        ],
        TeamPlan((), daily=hours),
    )
    assert table["capacity_minutes"].tolist() == [22 * 500, 20 * 500, 21 * 500, 20 * 500]
    assert table["offered_minutes"].tolist() == [260, 0, 0, 900]
    assert table["worked_minutes"].tolist() == [100, 160, 0, 0]
    assert table["queue"].tolist() == [0, 0, 0, 0]


def test_a_case_that_joined_before_the_run_waits_but_is_not_asked_for_in_it() -> None:
    table = team([("2024-11-04 10:00", "2025-02-03 09:00", "2025-02-03 10:00", 0, 60)])
    assert table["offered_minutes"].tolist() == [0, 0, 0, 0]
    assert table["queue"].tolist() == [1, 0, 0, 0]
    assert table["worked_minutes"].tolist() == [0, 60, 0, 0]


# --- hours by kind of work ---

TWO_YEARS = Timeline.england(date(2024, 7, 1), date(2025, 6, 30), SchoolTerms())
BOTH_KINDS = Pathway(
    [
        Work("writing", "writers", "minutes", "review"),
        Work("review", "writers", "minutes", "done", "annual reviews"),
        End("done", "done"),
    ]
)


def by_kind(visits: list[Visit], plan: TeamPlan, second: list[bool] | None = None) -> pd.DataFrame:
    network = Network(BOTH_KINDS, TWO_YEARS, {"writers": plan})
    log = log_of(visits, BOTH_KINDS, TWO_YEARS)
    again = np.array(second or [False] * len(visits), dtype=bool)
    return hours_by_kind(log, network, again).frame()


def half_days() -> TeamPlan:
    rota = Rota(np.where(TWO_YEARS.working, FOUR_HOURS, 0), TWO_YEARS.working)
    return TeamPlan((rota,))


def test_every_year_and_kind_has_a_row_though_nothing_was_done() -> None:
    table = by_kind([], half_days())
    kinds = ("assessments", "second assessments", "annual reviews")
    assert table.index.names == ["year", "team", "kind"]
    assert table.index.tolist() == [(y, "writers", kind) for y in (2024, 2025) for kind in kinds]
    assert (table == 0).all(axis=None)


def test_hours_count_in_the_year_in_which_the_work_ended() -> None:
    table = by_kind(
        [
            ("2024-12-01 10:00", "2024-12-31 09:00", "2025-01-02 12:00", 0, 420),
            ("2024-12-01 10:00", "2024-12-03 09:00", "2024-12-03 10:00", 0, 60),
            ("2024-12-01 10:00", "2024-12-03 10:00", "2024-12-03 12:00", 0, 120),
            ("2024-12-01 10:00", "2024-12-04 09:00", "2025-01-04 12:00", AGENCY, 600),
            ("2024-12-01 10:00", "2025-06-20 09:00", None, AGENCY, 600),
        ],
        half_days(),
        [False, False, True, True, False],
    )
    assert table.loc[(2024, "writers", "assessments"), "hours"] == 1
    assert table.loc[(2024, "writers", "second assessments"), "hours"] == 2
    assert table.loc[(2025, "writers", "assessments"), "hours"] == 7
    assert table.loc[(2025, "writers", "second assessments"), "agency_hours"] == 10
    assert table["agency_hours"].sum() == 10  # what is not back yet is left out
    assert table["hours"].sum() == 10


def test_offered_hours_count_in_the_year_in_which_the_work_came_done_or_not() -> None:
    table = by_kind(
        [
            ("2024-12-01 10:00", "2025-01-02 09:00", "2025-01-02 12:00", 0, 180),
            ("2025-03-01 10:00", None, None, NOBODY, 120),
            ("2025-03-01 10:00", "2025-03-04 09:00", "2025-04-01 12:00", AGENCY, 600),
        ],
        half_days(),
    )
    assert table.loc[(2024, "writers", "assessments"), "offered_hours"] == 3
    assert table.loc[(2025, "writers", "assessments"), "offered_hours"] == 12


def test_work_in_hand_at_the_end_counts_as_far_as_it_is_done() -> None:
    """From Friday 27 June 2025 12:00: 1 hour that day and 4 on Monday, the last day."""
    table = by_kind([("2025-06-27 11:00", "2025-06-27 12:00", None, 0, 5000)], half_days())
    assert table.loc[(2025, "writers", "assessments"), "hours"] == 5


def test_hours_of_a_team_of_daily_hours_are_those_of_work_that_ended() -> None:
    of_day = np.full(len(TWO_YEARS.days), 500)
    table = by_kind(
        [
            ("2024-12-01 10:00", "2024-12-31 09:00", "2025-01-02 09:30", SHARED, 90),
            ("2025-06-20 10:00", "2025-06-27 09:00", None, SHARED, 5000),
        ],
        TeamPlan((), daily=DailyHours(of_day, of_day)),
    )
    assert table.loc[(2025, "writers", "assessments"), "hours"] == 1.5
    assert table["hours"].sum() == 1.5


# --- shares of capacity ---


def test_utilisation_and_load_are_shares_of_capacity() -> None:
    """4 hours a day in a month of 20 days is 80 hours: 60 worked, and 120 asked for."""
    months = np.array(["2025-02", "2025-03"], dtype="datetime64[M]")
    table = Table.of(
        Rows.of(team=["writers"], month=months),
        {
            "capacity_minutes": np.array([4800, 0]),
            "offered_minutes": np.array([7200, 60]),
            "worked_minutes": np.array([3600, 0]),
            "agency_minutes": np.array([1200, 0]),  # no part of what was offered
            "queue": np.array([7, 8]),
        },
    )
    found = workload_measures(table).frame()
    february = found.loc[(pd.Timestamp("2025-02"), "writers")]
    assert february["capacity_hours"] == 80
    assert february["offered_hours"] == 120
    assert february["worked_hours"] == 60
    assert february["utilisation"] == 0.75
    assert february["load"] == 1.5
    assert february["queue"] == 7
    march = found.loc[(pd.Timestamp("2025-03"), "writers")]
    assert pd.isna(march["utilisation"])
    assert pd.isna(march["load"])
