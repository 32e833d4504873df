"""A snapshot taken from a run in its middle, and started from, goes on as the run itself does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from math import sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats

from ehc_sim.experiment.replication import Replicator
from tests.snapshots import FROM_HERE, continued, council, days_to_end, snapshot

pytestmark = [pytest.mark.theory, pytest.mark.slow]

RUNS = 200
DAYS = (20, 45, 75, 110, 160)
"""Days after the snapshot by which the shares of finished cases are compared."""
LEVEL = 0.01
"""Chance that a good snapshot fails, over all the days together."""
POWER = 0.95
DIFFERENCE = 0.03
"""Difference between two shares that is found with that power."""

# Nobody is away and no number is uncertain, so that the two runs differ in nothing but chance.
SETTLED = """
[advice."educational psychologist"]
effort = { mean_hours = 11, spread = 0.4 }
[advice.health]
turnaround = { mean_days = 38, spread = 0.8 }
[draft_to_final]
placement_wait = { mean_days = 60, spread = 0.8 }
placement = 0.3
[teams."educational psychologists"]
leave_days = 0
sickness_days = 0
[teams."plan writers"]
leave_days = 0
sickness_days = 0
[teams."senior officers"]
leave_days = 0
sickness_days = 0
time_on_this_work = 0.6
"""


def finished(days: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of cases that are finished by each of ``DAYS``."""
    return (days[:, np.newaxis] < np.array(DAYS)).mean(axis=0)


def forgotten(table: pd.DataFrame) -> pd.DataFrame:
    """Return a snapshot in which every wait and every request for advice began the day before."""
    yesterday = str(FROM_HERE - timedelta(days=1))
    table = table.assign(since=yesterday)
    for column in [name for name in table if name.endswith(" asked")]:
        outstanding = (table[column] != "") & (table[column.replace(" asked", " in")] == "")
        table.loc[outstanding, column] = yesterday
    return table


def differences(
    folder: Path, runs: int, changed: Callable[[pd.DataFrame], pd.DataFrame]
) -> NDArray[np.float64]:
    """Return how much larger the shares are that are finished by each of ``DAYS`` when a run is
    continued from a snapshot than in the run itself: one row a pair of runs."""
    rows = []
    before = Replicator(council(folder, SETTLED), 1)
    minute = before.timeline.minute(FROM_HERE)
    for number in range(runs):
        run = before.runs([number])[0]
        table = snapshot(run, minute)
        arrived = run.log.arrived
        still_open = days_to_end(run, np.arange(len(arrived)), minute) >= 0
        own = np.flatnonzero((arrived < minute) & still_open)
        assert len(own) == len(table)
        after = continued(folder, changed(table), seed=1_000 + number)
        new = days_to_end(after, np.arange(len(table)), 0)
        rows.append(finished(new) - finished(days_to_end(run, own, minute)))
    return np.array(rows)


def bounds(found: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return standard errors of mean differences, and how far they may be from 0."""
    errors = found.std(axis=0, ddof=1) / sqrt(len(found))
    return errors, errors * stats.t.ppf(1 - LEVEL / len(DAYS) / 2, len(found) - 1)


def test_finishing_times_have_the_same_distribution(tmp_path: Path) -> None:
    """Given what the snapshot holds, a run and its continuation are two draws of the same law.

    So the shares finished by each of several days differ by 0 on average over the pairs (t-test,
    the level shared out over the days). The test would find a difference of 3 points at any of the
    days with a power of 95%, which is held to here from the spread of the differences.
    """
    found = differences(tmp_path, RUNS, lambda table: table)
    errors, allowed = bounds(found)
    found_with_power = allowed + stats.t.ppf(POWER, RUNS - 1) * errors
    assert (found_with_power <= DIFFERENCE).all(), found_with_power
    assert (np.abs(found.mean(axis=0)) <= allowed).all(), found.mean(axis=0)


def test_time_already_spent_is_not_forgotten(tmp_path: Path) -> None:
    """The same comparison fails where all waits begin anew."""
    found = differences(tmp_path, RUNS // 4, forgotten)
    assert (np.abs(found.mean(axis=0)) > bounds(found)[1]).any()
