"""A run that starts from a caseload has the caseload's cases at minute 0, and takes them on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.replication import Replicator
from ehc_sim.network.log import NOT_YET
from tests.snapshots import FROM_HERE, continued, council, days_to_end, snapshot

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("base", ["baseline.toml", "whole_service.toml"])
def test_at_minute_0_the_open_cases_equal_the_file_exactly(base: str, tmp_path: Path) -> None:
    """By step and age, and in everything else that a file says but the work in hand."""
    before = Replicator(council(tmp_path, base=base), 1)
    file = snapshot(before.runs([0])[0], before.timeline.minute(FROM_HERE))
    assert len(file) > 40
    assert file["step"].nunique() > 8
    run = continued(tmp_path, file, seed=2)
    at_start = snapshot(run, 0)
    by = ["step", "received", "age"]
    assert file.groupby(by).size().equals(at_start.groupby(by).size())
    same = [name for name in file.columns if not name.replace("_done", "").endswith("hours")]
    assert at_start[same].equals(file[same])


def test_every_case_of_the_file_goes_on_and_time_has_no_gaps(tmp_path: Path) -> None:
    before = Replicator(council(tmp_path, base="whole_service.toml"), 1)
    file = snapshot(before.runs([0])[0], before.timeline.minute(FROM_HERE))
    run = continued(tmp_path, file, seed=2)
    cases = np.arange(len(file))
    assert np.isfinite(days_to_end(run, cases, 0)).mean() > 0.9
    assert (run.log.arrived[cases] < 0).all()
    joined, ended = run.log.visits[:, 2], run.log.visits[:, 4]
    for case in cases.tolist():
        mine = (run.log.visits[:, 0] == case) & (joined <= 0)
        reached = run.log.arrived[case]
        for start, end in sorted(zip(joined[mine].tolist(), ended[mine].tolist(), strict=True)):
            assert start <= reached, f"case {case}: nothing from {reached} to {start}"
            reached = max(reached, end if end != NOT_YET else 1)
        assert reached >= 0
