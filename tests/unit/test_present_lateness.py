"""The chart of why late plans are late."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.present import words
from ehc_sim.present.charts import lateness
from ehc_sim.present.style import NothingToDraw
from tests.drawn_charts import CASES, assert_texts_lie_free, assert_title_short_and_texts_not_small
from tests.present_frames import made_up
from tests.present_lateness import lateness_rows

pytestmark = pytest.mark.unit


def with_lateness(frames, rows=None):
    """Frames that also have the account of late plans."""
    names = frames.comparison["scenario"].tolist()
    object.__setattr__(frames, "lateness", lateness_rows(names) if rows is None else rows)
    return frames


@pytest.mark.parametrize("case", CASES)
def test_the_chart_of_lateness_can_be_read(case):
    chart = lateness.draw(with_lateness(CASES[case]()))
    assert_texts_lie_free(chart)
    assert_title_short_and_texts_not_small(chart)
    assert chart.alt_text.endswith(".")


def test_alt_text_of_lateness_has_every_step_and_the_largest_part():
    frames = with_lateness(made_up(2))
    said = lateness.draw(frames).alt_text
    rows = frames.lateness
    chosen = (rows["year"] == 2027) & (rows["measure"] == "days_a_late_plan")
    of_steps = rows[chosen & (rows["part"] == "all")]
    assert len(of_steps) == 10
    assert all(words.number(days) in said for days in of_steps["median"])
    assert "largest part educational psychologists, 96 days" in said


def test_lateness_is_that_of_the_target_year_or_of_the_last_year_before_it():
    frames = with_lateness(made_up(2))
    assert "late in 2027" in lateness.draw(frames).alt_text
    earlier = frames.lateness[frames.lateness["year"] < 2026]
    assert "late in 2025" in lateness.draw(with_lateness(made_up(2), earlier)).alt_text
    assert "late in 2024" in lateness.draw(frames, year=2024).alt_text


def test_the_steps_of_a_bar_run_from_the_line_to_both_sides():
    """114 and 62 days to the right, 15 and 12 to the left: 149 in all."""
    frames = with_lateness(made_up(1))
    (bar,) = lateness.of_scenarios(frames, 2027)
    assert sum(bar.steps.values()) == pytest.approx(bar.days)
    bars = lateness.draw(frames).figure.axes[0].patches
    assert max(one.get_x() + one.get_width() for one in bars) == pytest.approx(
        sum(days for days in bar.steps.values() if days > 0)
    )
    assert min(one.get_x() + one.get_width() for one in bars) == pytest.approx(
        sum(days for days in bar.steps.values() if days < 0)
    )


def test_a_part_that_is_no_team_is_never_the_largest():
    frames = with_lateness(made_up(1))
    rows = frames.lateness
    rows.loc[rows["part"] == "not recorded", "median"] = 1000.0
    assert lateness.of_scenarios(frames, 2027)[0].most == "educational psychologists"


def test_lateness_needs_late_plans():
    rows = lateness_rows(["Today's staff"])
    none_late = rows.assign(median=np.nan)
    for empty in (rows.head(0), none_late):
        with pytest.raises(NothingToDraw):
            lateness.draw(with_lateness(made_up(1), empty))
