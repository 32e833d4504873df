"""Settings that are tried out: what must change, and what must not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.study import Plan
from ehc_sim.experiment.sweep import sweep
from ehc_sim.scenario.what_if import what_if
from tests.runs import assert_same_events, events_before, run_once
from tests.scenario_files import smallshire

pytestmark = pytest.mark.metamorphic

REFUSED = "decision_to_assess.refused"


def test_nothing_changes_before_the_start_of_the_plan(tmp_path: Path) -> None:
    today = smallshire(tmp_path)
    runs = [run_once(one) for one in (today, what_if(today, {REFUSED: 0.6}, "More refused"))]
    before = [events_before(run, date(2025, 1, 1)) for run in runs]
    assert len(before[0])
    assert_same_events(*before, runs[0])


def test_the_value_that_it_has_anyway_gives_the_same_numbers(tmp_path: Path) -> None:
    """A sweep compares the same replications, whatever the order of its values."""
    today = smallshire(tmp_path)
    up, down = (sweep(today, REFUSED, values, Plan(2)) for values in ([0.2, 0.4], [0.4, 0.2]))
    for one, other in ((0, 1), (1, 0)):
        tables = [
            found.results.scenarios[place].tables["totals"].values
            for found, place in ((up, one), (down, other))
        ]
        np.testing.assert_array_equal(*tables)
    differences = [found.table()["difference"].iloc[1] for found in (up, down)]
    assert differences[0] == pytest.approx(-differences[1])
    same = run_once(what_if(today, {REFUSED: 0.2}, "As it is"))
    assert_same_events(run_once(today).log.events, same.log.events, same)
