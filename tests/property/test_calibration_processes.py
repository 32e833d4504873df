"""A calibration is the same however its runs are shared out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ehc_sim.calibration.calibrate import calibrate
from ehc_sim.calibration.fit import fit_table
from ehc_sim.scenario import load
from ehc_sim.scenario.members import text_of
from tests.calibrations import council

pytestmark = [pytest.mark.property, pytest.mark.slow]


def test_members_have_the_same_bytes_on_one_process_and_on_two(tmp_path: Path) -> None:
    scenario = load(council(tmp_path))
    found = [
        calibrate(scenario, drawn=9, kept=6, rounds=1, processes=processes) for processes in (1, 2)
    ]
    assert text_of(found[0].members) == text_of(found[1].members)
    pd.testing.assert_frame_equal(fit_table(found[0]), fit_table(found[1]))
