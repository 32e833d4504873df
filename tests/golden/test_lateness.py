"""The late plan of docs/lateness.md, compared with the program line by line."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.replication import lateness_parts
from ehc_sim.measures.lateness import (
    ASSESS_ALLOWANCE,
    ISSUE_ALLOWANCE,
    REQUEST_ALLOWANCE,
    STEPS,
    Lateness,
    lateness,
)
from ehc_sim.measures.timings import Timings
from tests.golden.test_five_cases import WHEN, Simulated, minute_of, rows_of, simulated, worked

pytestmark = pytest.mark.golden

PAGE = (Path(__file__).parents[2] / "docs" / "lateness.md").read_text(encoding="utf-8")
RULES, EXAMPLE = PAGE.split("## A case worked by hand")


def number(text: str) -> int:
    return int(text.replace(",", "").replace("−", "-"))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulated(worked("B"), tmp_path_factory.mktemp("case"))


@pytest.fixture(scope="module")
def account(case: Simulated) -> Lateness:
    timings = Timings.of(case.log, case.timeline, [])
    return lateness(case.log, timings, lateness_parts(case.settings))


def test_the_allowances_are_those_of_the_page() -> None:
    table = rows_of(RULES, "Step")
    assert [row[0] for row in table] == [*STEPS, "All"]
    for column, days in enumerate((REQUEST_ALLOWANCE, ASSESS_ALLOWANCE, ISSUE_ALLOWANCE), start=2):
        assert [int(row[column]) for row in table] == [*days, sum(days)]


def test_the_steps_are_those_of_the_page(case: Simulated, account: Lateness) -> None:
    table = rows_of(EXAMPLE, "Step")
    assert account.cases.tolist() == [case.case]
    assert [row[0] for row in table] == list(STEPS)
    assert account.steps[0].tolist() == [number(row[5]) for row in table]
    assert account.total[0] == 18_450 == sum(number(row[5]) for row in table)
    for _, first, last, took, allowed, part in table:
        minutes = [minute_of(case.timeline, datetime.strptime(day, WHEN)) for day in (first, last)]
        assert number(took) == minutes[1] - minutes[0]
        assert number(part) == number(took) - number(allowed)


def test_every_stretch_of_time_is_on_the_page_with_its_part(account: Lateness) -> None:
    table = rows_of(EXAMPLE, "Until")
    found = [
        (account.parts[part][1], minutes)
        for part, minutes in zip(account.part.tolist(), account.minutes.tolist(), strict=True)
    ]
    assert found == [(row[2], number(row[5])) for row in table]
    queued = [row[1] for row, queue in zip(table, account.queued.tolist(), strict=True) if queue]
    assert set(queued) == {"The case is not on a list yet", "No officer is at work at the weekend"}


def test_the_page_counts_its_own_minutes_right() -> None:
    """Each stretch begins where the one before it ended; running parts end with the step's."""
    stretches, steps = rows_of(EXAMPLE, "Until"), rows_of(EXAMPLE, "Step")
    now = datetime.strptime(steps[0][1], WHEN)
    for until, _, _, minutes, _, _ in stretches:
        now += timedelta(minutes=number(minutes))
        assert until == f"{now:%a} {now.day} {now:%b %Y %H:%M}"
    for _, first, last, took, _, part in steps:
        within = [
            row
            for row in stretches
            if datetime.strptime(first, WHEN)
            < datetime.strptime(row[0], WHEN)
            <= datetime.strptime(last, WHEN)
        ]
        sums = np.cumsum([number(row[3]) for row in within]).tolist()
        running = [number(row[4]) for row in within]
        assert running == [number(part) * passed // number(took) for passed in sums]
        assert np.diff(running, prepend=0).tolist() == [number(row[5]) for row in within]
