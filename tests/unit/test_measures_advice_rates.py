"""Advice a week and the weeks that waiting advice would take: worked by hand, and on a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.experiment.replication import Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.measures.advice_rates import Advice, Asking, advice_by_month, advice_by_year, advice_of
from ehc_sim.network import Log
from ehc_sim.network.log import AGENCY, NOBODY, NOT_YET
from tests.hand_made import minute, two_years
from tests.scenario_files import whole_service
from tests.stacks import stack_of
from tests.unit.test_journey_reassessments import REASSESSED

pytestmark = pytest.mark.unit

TWO = two_years()
STEP, POST = "psychologist: advice", 0
NODES = {m.asked("psychologist"): "mark", STEP: "work", m.advice_in("psychologist"): "mark"}
WAY = Asking(m.asked("psychologist"), STEP, m.advice_in("psychologist"))
APRIL = pd.Timestamp("2025-04")

Visit = tuple[str, str | None, int]
"""Date on which work was begun, on which it ended, and by whom."""


def log_of(timeline: Timeline, *cases: tuple[str, list[Visit], str | None]) -> Log:
    """Return the log of cases: when advice was asked for, who worked on it, and when it was in."""
    rows: list[int] = []
    arrived = np.array([minute(timeline, asked) for asked, _, _ in cases])
    names = list(NODES)

    def visit(case: int, node: int, times: Iterable[str | None], by: int) -> None:
        minutes = [NOT_YET if day is None else minute(timeline, day) for day in times]
        rows.extend((case, node, *minutes, by, 0))

    for case, (asked, visits, given) in enumerate(cases):
        visit(case, 0, [asked] * 3, NOBODY)
        for begun, ended, by in visits:
            visit(case, 1, [begun, begun, ended], by)
        if given is not None:
            visit(case, 2, [given] * 3, NOBODY)
    until = len(timeline.days) * MINUTES_A_DAY
    return Log.of(rows, tuple(names), tuple(NODES.values()), arrived, until)


CASES = (
    ("2025-02-03", [("2025-04-03", "2025-04-10", POST)], "2025-04-10"),
    ("2025-04-01 00:00", [("2025-04-02", "2025-04-30 23:59", AGENCY)], "2025-04-30 23:59"),
    ("2025-04-20", [("2025-04-28", None, POST)], None),
    ("2025-04-22", [], "2025-04-22"),  # an earlier advice was used again
    ("2025-04-25", [], None),  # waits for an appointment
    (
        "2025-03-03",
        [("2025-03-05", "2025-04-02", POST), ("2025-04-20", "2025-05-06", AGENCY)],
        "2025-05-06",
    ),
)
"""Six cases: in April three are asked for that have to be given, and two are given."""


def given(timeline: Timeline, *cases: tuple[str, list[Visit], str | None]) -> dict[str, Advice]:
    return advice_of(log_of(timeline, *cases), {"psychologist": (WAY,)})


def by_month(*cases: tuple[str, list[Visit], str | None]) -> pd.DataFrame:
    timeline = two_years()
    table = advice_by_month(given(timeline, *cases), timeline)
    return table.frame().xs("psychologist", level="giver")


def test_advice_a_week_is_of_the_days_of_the_month_and_by_who_gave_it() -> None:
    """April has 30 days, 30/7 weeks. What an agency has taken over, it gives in May."""
    table = by_month(*CASES)
    april, may = table.loc[APRIL], table.loc[pd.Timestamp("2025-05")]
    assert april["asked_a_week"] == pytest.approx(3 * 7 / 30)
    assert april["given_a_week"] == pytest.approx(2 * 7 / 30)
    assert april["given_by_staff_a_week"] == pytest.approx(7 / 30)
    assert april["given_by_agency_a_week"] == pytest.approx(7 / 30)
    assert may["given_by_agency_a_week"] == pytest.approx(7 / 31)
    assert may["given_by_staff_a_week"] == 0.0


def test_what_waits_would_take_so_many_weeks_at_the_rate_of_three_months() -> None:
    """At the end of April three wait; from February on two were given in 28 + 31 + 30 days."""
    april = by_month(*CASES).loc[APRIL]
    assert april["waiting"] == 3
    assert april["weeks_to_clear"] == pytest.approx(3 / (2 * 7 / 89))


def test_at_the_start_of_a_run_the_rate_is_of_the_months_there_are() -> None:
    table = by_month(
        ("2025-01-06", [("2025-01-07", "2025-01-10", POST)], "2025-01-10"),
        ("2025-01-06", [], None),
    )
    assert table["weeks_to_clear"].iloc[0] == pytest.approx(31 / 7)
    assert table["weeks_to_clear"].iloc[1] == pytest.approx((31 + 28) / 7)


def test_by_year_the_rate_is_that_of_the_year() -> None:
    """Three are given in 2025 and two wait; in 2026 none is given, so these are never done."""
    timeline = two_years()
    table = advice_by_year(given(timeline, *CASES), timeline).frame()
    first, second = (table.loc[(year, "psychologist")] for year in (2025, 2026))
    assert first["asked_a_week"] == pytest.approx(5 * 7 / 365)
    assert first["given_a_week"] == pytest.approx(3 * 7 / 365)
    assert first["weeks_to_clear"] == pytest.approx(2 / (3 * 7 / 365))
    assert second["waiting"] == 2
    assert second["weeks_to_clear"] == np.inf


def test_nothing_that_waits_takes_no_week() -> None:
    table = by_month(("2025-03-03", [("2025-03-05", "2025-03-07", POST)], "2025-03-07"))
    assert (table["weeks_to_clear"] == 0).all()
    assert (table["waiting"] == 0).all()


def test_futures_in_which_it_is_never_done_are_in_the_range_and_not_left_out() -> None:
    """Of five futures one is never done: the middle counts it, the upper ends are not known."""
    weeks = [4.0, 6.0, np.inf, 5.0, 7.0]
    frames = [pd.DataFrame({"weeks_to_clear": [one]}, index=["psychologist"]) for one in weeks]
    (row,) = stack_of(frames).ranges().to_dict("records")
    assert row["median"] == 6.0
    assert row["low80"] == pytest.approx(4.4)
    assert np.isnan([row["high80"], row["high95"]]).all()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Replicator:
    """Return a service with reassessments, in which an agency takes some of the advice."""
    bought = "{ cases_a_month = 3, price = 1_100, turnaround = { mean_days = 30 } }"
    agency = f'\n[teams."educational psychologists"]\nagency = {bought}\n'
    return Replicator(whole_service(tmp_path_factory.mktemp("rates"), REASSESSED + agency), 1)


def test_on_a_run_what_is_asked_for_is_given_or_waits(study: Replicator, tmp_path: Path) -> None:
    """Month by month, for every provider; the psychologists' reassessments are among theirs."""
    (ran,) = study.runs([0])
    tables = study.tables(ran)
    table = tables["advice_by_month"].frame()
    weeks = pd.Series(np.bincount(study.timeline.month) / 7, index=study.timeline.months)
    for giver in ran.periods[-1][1].advice:
        of_giver = table.xs(giver, level="giver")
        more = (of_giver["asked_a_week"] - of_giver["given_a_week"]) * weeks
        np.testing.assert_allclose(more.cumsum(), of_giver["waiting"], atol=1e-6)
    of_them = table.xs("educational psychologist", level="giver")
    step, again = "educational psychologist: advice", "psychologist reassesses"
    resources = {node: ran.log.last_visits(node) for node in (step, again)}
    done = sum(int((ended != NOT_YET).sum()) for _, ended, _ in resources.values())
    bought = sum(
        int(((by == AGENCY) & (ended != NOT_YET)).sum()) for _, ended, by in resources.values()
    )
    assert len(resources[again][0]) > 5
    assert bought > 5
    assert (of_them["given_a_week"] * weeks).sum() == pytest.approx(done)
    assert (of_them["given_by_agency_a_week"] * weeks).sum() == pytest.approx(bought)
    totals = tables["totals"].frame().iloc[0]
    planned = of_them.index >= np.datetime64(study.scenario.base.period.plan_from)
    rate = (of_them["given_a_week"] * weeks)[planned].sum() / weeks[planned].sum()
    assert totals["advices_a_week"] == pytest.approx(rate)
    assert totals["advices_waiting_at_end"] == of_them["waiting"].iloc[-1]
    assert totals["advice_weeks_to_clear_at_end"] == of_them["weeks_to_clear"].iloc[-1]


def test_what_an_agency_did_is_given_once_it_is_checked() -> None:
    """Of three, one is checked, one waits for its check, and one needs none."""
    noon = [minute(TWO, f"2024-01-{day:02}") for day in (2, 9, 16)]
    rows = [(case, 0, noon[0], noon[0], noon[0], NOBODY, 0) for case in range(3)]
    rows += [(case, 1, noon[0], noon[0], noon[1], AGENCY, 0) for case in range(3)]
    rows += [(0, 2, noon[1], noon[1], noon[2], 0, 60), (1, 2, noon[1], NOT_YET, NOT_YET, 0, 60)]
    until = len(TWO.days) * 24 * 60
    names, arrived = ("asked", "advice", "check"), np.array([noon[0]] * 3, dtype=np.int64)
    log = Log.of([n for row in rows for n in row], names, ("mark", "work", "work"), arrived, until)
    given = Advice.of(log, [Asking("asked", "advice", "advice", "check")]).given
    assert given.tolist() == [noon[2], NOT_YET, noon[1]]
