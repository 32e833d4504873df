"""Why late plans are late, in words made from the account of their days."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ehc_sim.present import late
from ehc_sim.present.reading import standing
from tests.present_frames import made_up, stood

pytestmark = pytest.mark.unit


def said(frames):
    return late.why_late(frames, standing(frames))


def test_the_largest_parts_are_told_for_the_baseline_and_the_best_option():
    baseline, best, about = said(made_up(12))
    assert baseline == (
        "With the baseline, 460 of the 720 plans issued in 2027 are late, by 149 days on "
        "average (119 to 179 in 8 of 10 futures); the largest parts are educational psychologists "
        "(96 days), placement (54) and educational psychology: appointment (14)."
    )
    assert best.startswith(
        "With “Everything: psychologists, writers, weekly panel and pooling”, "
        "410 of the 720 plans issued in 2027 are late, by"
    )
    assert "a case that still waits is not among them" in about


def test_the_option_that_saves_most_waiting_is_told_whatever_the_chances():
    """That which the page leads with."""
    frames = made_up(3)
    rows = frames.comparison.assign(chance=[0.9, 0.02, 0.0], late_child_weeks=[9.0, 9.0, 4.0])
    _, lead, _ = said(stood(replace(frames, comparison=rows)))
    assert lead.startswith(f"With “{rows['scenario'][2]}”, ")


def test_the_baseline_is_told_once_where_it_leads():
    frames = made_up(2)
    rows = frames.comparison.assign(chance=[0.5, 0.1], chance_low=0.0, chance_high=0.6)
    rows = rows.assign(late_child_weeks=9.0)
    assert len(said(stood(replace(frames, comparison=rows)))) == 2


def test_an_option_without_late_plans_is_left_out():
    frames = made_up(2)
    rows = frames.lateness[frames.lateness["scenario"] == "Today's staff"]
    assert len(said(replace(frames, lateness=rows))) == 2


def test_a_part_that_nobody_is_waited_for_is_not_told():
    """Time that is not recorded is nobody's, however long; the chart leaves it out as well."""
    frames = made_up(2)
    rows = frames.lateness.copy()
    rows.loc[rows["part"] == "not recorded", "median"] = 1000.0
    baseline, best, _ = said(replace(frames, lateness=rows))
    assert "educational psychologists (96 days), placement (54)" in baseline
    assert "not recorded" not in baseline + best


def test_numbers_of_plans_are_left_out_where_they_are_not_known():
    frames = made_up(1)
    rows = frames.yearly[frames.yearly["measure"] != "plans_issued"]
    first, _ = said(replace(frames, yearly=rows))
    assert first.startswith("With the baseline, plans issued late in 2027 are late by 149 days")


def test_nothing_is_said_where_nothing_is_late():
    frames = made_up(2)
    empty = frames.lateness.head(0)
    assert said(replace(frames, lateness=empty)) == []
    none_late = frames.lateness.assign(median=np.nan)
    assert said(replace(frames, lateness=none_late)) == []


def test_the_chart_has_few_bars():
    """The baseline, the best, and those whose late plans differ most in their days."""
    frames = made_up(12)
    now = standing(frames)
    few = late.fewer_bars(frames, now)
    names = few.comparison["scenario"].tolist()
    assert len(names) == 4
    assert {now.baseline.scenario, now.best.scenario} <= set(names)
    days = frames.series("lateness", year=2027, measure="days_a_late_plan", step="all")
    days = days.set_index("scenario")["median"]
    apart = (days - days[now.baseline.scenario]).abs().drop(now.best.scenario)
    assert set(apart.nlargest(2).index) <= set(names)
    assert set(few.lateness["scenario"]) == set(names)


def test_a_few_options_are_all_in_the_chart():
    frames = made_up(4)
    assert late.fewer_bars(frames, standing(frames)) is frames


def test_folders_without_sums_by_replication_name_no_largest_part():
    """Earlier versions wrote no whole of a part: its steps' middles are not added up instead."""
    frames = made_up(2)
    rows = frames.lateness
    rows = rows[(rows["step"] != "all") | (rows["part"] == "all")]
    baseline, *_ = said(replace(frames, lateness=rows))
    assert baseline.endswith("by 149 days on average (119 to 179 in 8 of 10 futures).")


def test_where_most_futures_have_no_late_plan_no_days_are_told():
    frames = made_up(3)
    counted = frames.lateness["measure"] == "late_plans"
    rows = frames.lateness.assign(median=frames.lateness["median"].where(~counted, 0.4))
    baseline, *_ = said(replace(frames, lateness=rows))
    assert baseline == "With the baseline, no plan issued in 2027 is late in most futures."
