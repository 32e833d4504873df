"""The chart of the published percentage beside what it does not show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ehc_sim.present import style, words
from ehc_sim.present.charts import recovery
from ehc_sim.present.reading import shown_with_an_order
from ehc_sim.present.style import NothingToDraw
from tests.drawn_charts import assert_texts_lie_free
from tests.present_frames import made_up

pytestmark = pytest.mark.unit


def test_alt_text_of_recovery_has_first_and_last():
    frames = made_up(5)
    said = recovery.draw(frames).alt_text
    names = shown_with_an_order(frames)
    assert len(names) == 3
    for name in names:
        rows = frames.series("monthly", scenario=name, measure="overdue_cases")
        rows = rows[rows["month"] >= frames.plan_from]
        first, last = (words.number(rows["median"].iloc[end]) for end in (0, -1))
        assert f"{name} from {first} to {last}" in said


def test_recovery_has_no_mean_over_finished_cases_alone():
    """A mean over the plans issued leaves out who still waits, so those stand beside it."""
    said = recovery.draw(made_up(5)).alt_text
    assert "Mean weeks of the plans issued: Today's staff from" in said
    for beside in ("Open cases", "Cases past 20 weeks", "Oldest case without a draft, weeks"):
        assert f"{beside}: Today's staff from" in said


def shares(*values):
    """Frames of one scenario whose percentage goes through some values over the plan."""
    frames = made_up(1)
    monthly = frames.monthly
    chosen = (monthly["measure"] == "issued_on_time_12m") & (monthly["month"] >= frames.plan_from)
    course = np.interp(np.linspace(0, 1, chosen.sum()), np.linspace(0, 1, len(values)), values)
    monthly.loc[chosen, "median"] = course
    return frames


@pytest.mark.parametrize(
    ("values", "said"),
    [((0.4, 0.2, 0.6), True), ((0.4, 0.39, 0.41), False), ((0.6, 0.2), False), ((0.2, 0.6), False)],
)
def test_recovery_says_whether_the_percentage_falls_before_it_rises(values, said):
    """The baseline is an order of work too: oldest first."""
    svg = style.svg_text(recovery.draw(shares(*values)), "recovery")
    assert ("the percentage falls before it rises" in svg) == said


def test_recovery_has_a_panel_for_each_measure_that_is_known():
    frames = made_up(3)
    over = frames.monthly[frames.monthly["measure"] == "issued_on_time_12m"]
    over = over.assign(measure="issued_over_52_weeks")
    monthly = pd.concat([frames.monthly, over], ignore_index=True)
    six = recovery.draw(replace(frames, monthly=monthly))
    assert set(six.data_table["Measure"]) == set(recovery.MEASURES.values())
    assert six.alt_text.startswith("Six line charts")
    assert_texts_lie_free(six)
    two = frames.monthly[frames.monthly["measure"].isin(["open_cases", "mean_weeks"])]
    chart = recovery.draw(replace(frames, monthly=two))
    assert chart.alt_text.startswith("Two line charts")
    with pytest.raises(NothingToDraw):
        recovery.draw(replace(frames, monthly=frames.monthly.head(0)))
