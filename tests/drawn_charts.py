"""Frames that are hard to draw, and whether what was drawn can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
from matplotlib.text import Text

from ehc_sim.present import style
from ehc_sim.present.charts.labels import Box
from ehc_sim.present.frames import Frames
from ehc_sim.present.style import Chart
from tests.present_frames import made_up


def with_gaps() -> Frames:
    """Frames in which much is not known."""
    frames = made_up(4)
    comparison = frames.comparison.copy()
    comparison.loc[2, ["chance", "chance_low", "chance_high"]] = np.nan
    comparison.loc[3, ["cost", "cost_low", "cost_high", "on_time", "mean_weeks"]] = np.nan
    monthly = frames.monthly.copy()
    monthly.loc[monthly["month"] > "2027-06-01", "median"] = np.nan
    some = frames.advice["giver"] == "CAMHS"
    advice_rows = frames.advice.assign(median=frames.advice["median"].mask(some))
    return replace(frames, comparison=comparison, monthly=monthly, advice=advice_rows)


def with_long_names() -> Frames:
    """Frames whose scenarios have names of a sentence, and none of which reaches the target."""
    frames = made_up(15)
    names = frames.comparison["scenario"] + ", with many more words about how it would be done"
    costs = np.linspace(-50_000, 2_400_000, 15)
    comparison = frames.comparison.assign(
        scenario=names, chance=0.0, chance_low=0.0, chance_high=0.01, cost=costs
    )
    longer = dict(zip(frames.comparison["scenario"], names, strict=True))
    tables = {
        name: getattr(frames, name).assign(scenario=getattr(frames, name)["scenario"].map(longer))
        for name in ("monthly", "yearly", "advice", "teams", "waiting", "lateness")
    }
    return replace(frames, comparison=comparison, **tables)


CASES: dict[str, Callable[[], Frames]] = {
    "long names": with_long_names,
    "one": lambda: made_up(1),
    "two": lambda: made_up(2),
    "fifteen": lambda: made_up(15),
    "gaps": with_gaps,
    "no spread": lambda: made_up(3, spread=0.0),
}


def texts(chart: Chart) -> list[tuple[Text, Box]]:
    """Every text that shows, with its box in inches."""
    with style.drawing():
        chart.figure.draw_without_rendering()
        beyond = {
            label
            for axes in chart.figure.axes
            for axis in (axes.xaxis, axes.yaxis)
            for tick in axis.get_major_ticks()
            if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
            for label in (tick.label1, tick.label2)
        }
        found = [
            (text, Box(*style.bounds(text, chart.figure)))
            for text in chart.figure.findobj(Text)
            if text not in beyond and text.get_visible() and text.get_text().strip()
        ]
    return found


def assert_texts_lie_free(chart: Chart) -> None:
    """Check that no text is cut off or lies on another."""
    width, height = chart.figure.get_size_inches()
    found = texts(chart)
    for text, box in found:
        assert box.inside(Box(-0.02, -0.02, width + 0.02, height + 0.02)), text.get_text()
    for (one, box), (other, other_box) in combinations(found, 2):
        shared = box.grown(-0.01).overlap(other_box.grown(-0.01))
        assert shared < 0.002, (one.get_text(), other.get_text())


def assert_title_short_and_texts_not_small(chart: Chart) -> None:
    """Check that a title has at most ten words and that every text has at least eight points."""
    found = [text for text, _ in texts(chart)]
    title = max(found, key=lambda text: text.get_fontsize())
    assert len(title.get_text().split()) <= 10
    assert min(text.get_fontsize() for text in found) >= 8
