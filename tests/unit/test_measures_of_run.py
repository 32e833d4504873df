"""All measures together: of a service with everything in it, and of one with next to nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import Timeline
from ehc_sim.catalogue.measure import GROUPINGS
from ehc_sim.catalogue.tables import NAMED
from ehc_sim.experiment.published import (
    BY_PERIOD,
    BY_THE_YEAR,
    BY_YEAR,
    COUNTS,
    HOURS,
    OF_GROUPS,
    SHARES,
    VIEWS,
    WEEKS,
)
from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey
from ehc_sim.measures.of_run import TABLES, Definitions, Measures
from ehc_sim.measures.periods import years
from ehc_sim.measures.plans import Stock
from ehc_sim.measures.reviews import DaysToReview, Reviews
from ehc_sim.measures.timings import Timings
from ehc_sim.scenario import load
from ehc_sim.tables import Rows, Table
from tests.hand_made import Made, in_hand, plan, review, service_of, transfer, two_years
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

DEFINITIONS = Definitions(
    givers=("school", "psychologist", "family"),
    schools=("school",),
    families=("family",),
    exceptions_claimed=False,
    days_to_review=(DaysToReview(0, 0, 0, 60),),
    window_from=date(2025, 1, 1),
    window_until=date(2025, 12, 31),
    buckets={},
)
LITTLE = (Made(m.REQUEST_CASE, {m.REQUEST: "2025-01-06"}),)
EVERYTHING = (
    Made(m.REQUEST_CASE, plan("2025-01-06", "2025-05-26", (m.APPEALED, "2025-03-01"))),
    Made(m.REQUEST_AGAIN),
    in_hand(),
    review(2, "2025-01-15", (m.REVIEW_MEETING, "2025-03-03"), (m.MAINTAINED, "2025-03-10")),
    transfer(2, "2025-10-01", "2026-02-15"),
)


def measured(*made: Made, definitions: Definitions = DEFINITIONS) -> dict[str, pd.DataFrame]:
    timeline = two_years()
    log, cases = service_of(timeline, *made)

    def hours(line: Timeline) -> Table:
        every = years(line)
        rows = Rows.of(year=every, team=["officers"], kind=["assessments"])
        worked = {"hours": np.arange(1.0, len(every) + 1), "agency_hours": np.zeros(len(every))}
        return Table.of(rows, worked)

    names = (
        "capacity_minutes",
        "offered_minutes",
        "worked_minutes",
        "agency_minutes",
        "queue",
    )
    months = Rows.of(team=["officers"], month=timeline.months)
    workload = Table(months, names, np.zeros((24, len(names))))
    tables = Measures(log, cases, lambda: workload, hours, timeline, definitions)
    return {name: tables[name].frame() for name in (*TABLES, "billed")}


def test_tables_have_the_same_rows_and_columns_whatever_happened() -> None:
    little, everything = measured(*LITTLE), measured(*EVERYTHING)
    assert little.keys() == everything.keys()
    for name, table in everything.items():
        assert table.index.equals(little[name].index), name
        assert table.columns.equals(little[name].columns), name


def test_what_rows_name_is_known_of_their_subject_or_is_a_step_of_the_pathway() -> None:
    """A milestone that no step marks would be reached by nobody."""
    settings = load(SMALL / "whole_service.toml").periods[-1][1]
    steps = {node.name for node in journey(settings).nodes}
    subjects = {"requests": Timings, "reviews": Reviews, "plans": Stock}
    for row in NAMED.values():
        subject = subjects[row.about]
        known = {*dir(subject), *(one.name for one in fields(subject))} | steps
        named = {row.when, row.of, row.part, row.since, row.by, row.mean} - {""}
        assert named - known == set(), row.name


def test_a_figure_by_year_has_one_name_and_one_table() -> None:
    """So that a published figure is held against the right one."""
    tables = measured(*LITTLE)
    names = [name for table in BY_YEAR for name in tables[table].columns]
    assert len(names) == len(set(names))


def test_only_requests_are_in_the_measures_of_requests() -> None:
    tables = measured(*EVERYTHING)
    assert service_of(two_years(), *EVERYTHING)[1].requests == 2
    assert tables["yearly"].loc[(2025, "all", "all"), "requests"] == 1
    assert tables["monthly"]["requests"].sum() == 1
    assert tables["cohort"].loc[(2025, 0), "open"] == 1.0


def test_the_whole_run_tells_of_the_stock_and_of_the_window() -> None:
    totals = measured(*EVERYTHING)["totals"].iloc[0]
    assert totals["plans_at_end"] == 2
    assert totals["reviews_overdue_at_end"] == 1  # the transfer's, due on 15 February 2026
    assert totals["review_decisions_on_time"] == 1.0
    assert totals["appeals"] == 1


def test_the_first_and_the_last_day_of_the_window_are_both_in_it() -> None:
    """An appeal on each; those of the day before and of the day after are not."""
    window = replace(DEFINITIONS, window_from=date(2025, 3, 3), window_until=date(2025, 9, 30))
    days = ("2025-03-02 23:59", "2025-03-03 00:00", "2025-09-30 23:59", "2025-10-01 00:00")
    appeals = [
        Made(m.REQUEST_CASE, plan("2025-01-06", "2025-02-03", (m.CONTENTS_APPEAL, day)))
        for day in days
    ]
    assert measured(*appeals, definitions=window)["totals"]["appeals"].tolist() == [2]
    held = [
        review(0, "2025-01-15", (m.REVIEW_MEETING, day), (m.MAINTAINED, decided))
        for day, decided in zip(
            days, ("2025-12-01", "2025-03-10", "2025-12-01", "2025-10-06"), strict=True
        )
    ]
    found = measured(in_hand(), *held, definitions=window)["totals"]
    assert found["review_decisions_on_time"].tolist() == [0.5]


def test_every_measure_by_year_or_month_can_be_published_and_no_other() -> None:
    tables = measured(*EVERYTHING)
    assert set(OF_GROUPS) == set(tables["yearly"].columns)
    by_year, by_period = (
        {column for name in names for column in tables[name].columns}
        for names in (BY_YEAR, BY_PERIOD)
    )
    known = (*SHARES, *WEEKS, *HOURS, *COUNTS)
    assert set(BY_THE_YEAR) == by_year
    assert set(known) == by_period
    assert len(set(known)) == len(known)
    assert ("all", *GROUPINGS, "step", "giver") == VIEWS


def test_the_plans_at_the_end_are_those_of_the_last_month() -> None:
    """One of two ends in the last month of the run."""
    totals = measured(in_hand(), in_hand("2026-12-15"))["totals"].iloc[0]
    assert totals["plans_at_end"] == 1
