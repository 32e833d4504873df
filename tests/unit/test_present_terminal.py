"""The comparison as plain lines, with the reviews where there is a stock of plans."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.cli.terminal import comparison_lines
from tests.present_frames import made_up

pytestmark = pytest.mark.unit


def test_reviews_stand_beside_the_chance():
    summary = made_up(3).comparison.assign(
        review_decisions_on_time=[0.151, 0.2, 0.004], reviews_overdue_at_end=[1270, 900, 2300]
    )
    lines = comparison_lines(summary)
    head = next(line for line in lines if line.startswith("Scenario"))
    assert head.split()[-2:] == ["Reviews", "Overdue"]
    rows = {line[:13].strip(): line.split()[-2:] for line in lines}
    assert rows["Today's staff"] == ["15%", "1,270"]
    assert rows["Three more ed"] == ["20%", "900"]
    assert any(line.startswith("Reviews: annual reviews decided within four") for line in lines)


def test_a_service_without_plans_has_no_such_columns():
    summary = made_up(3).comparison.assign(review_decisions_on_time=np.nan)
    text = "\n".join(comparison_lines(summary))
    assert "Reviews" not in text
    assert "Overdue" not in text


def test_a_scenario_alone_is_not_said_to_be_against_itself():
    assert any(
        "against “Today's staff”" in line for line in comparison_lines(made_up(2).comparison)
    )
    alone = comparison_lines(made_up(1).comparison)
    assert not any("against" in line for line in alone)
