"""Made-up results of explanations of the past, for the tests of the pages that tell of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ehc_sim.catalogue.tables import names
from ehc_sim.present.frames import Frames
from tests.present_frames import wilson

QUEUE, MIXED, AREAS = "one queue, in order", "newest cases partly first", "areas unevenly staffed"
WAYS = {QUEUE: 0.4, MIXED: 0.2, AREAS: 0.4}
"""Explanations, and the share of the futures that follows each."""
SHIFTS = {QUEUE: -0.2, MIXED: 0.0, AREAS: 0.15}
"""By how much the chance under each is more than that of all."""


def with_explanations(
    frames: Frames,
    ways: dict[str, float] | None = None,
    turning: tuple[str, ...] = (),
    level: str = "known",
) -> Frames:
    """Return frames with explanations of the past.

    Options named in ``turning`` raise the share on time under the last one, and lower it under the
    others; all other options do the same under each.
    """
    ways = WAYS if ways is None else ways
    rows = [
        _row(option, way, weight, option["scenario"] in turning, way == list(ways)[-1])
        for option in frames.comparison.to_dict("records")
        for way, weight in ways.items()
    ]
    table = pd.DataFrame(rows, columns=names("explanations"))
    few = table.groupby("scenario")["replications"].min() < 8
    ends = table.groupby("scenario")["chance"].agg(["min", "max"])
    scenarios = frames.comparison["scenario"]
    several = len(ways) > 1
    comparison = frames.comparison.assign(
        explanations=len(ways),
        chance_lowest=scenarios.map(ends["min"].mask(few)),
        chance_highest=scenarios.map(ends["max"].mask(few)),
        level=level if several else "",
        saving_holds="holds" if several else "",
        on_time_holds=np.where(scenarios.isin(turning), "turns", "holds") if several else "",
    )
    comparison.loc[0, ["saving_holds", "on_time_holds"]] = ""
    return replace(frames, comparison=comparison, explanations=table)


def _row(
    option: dict[str, float], way: str, weight: float, turning: bool, is_last: bool
) -> dict[str, object]:
    chance = float(np.clip(option["chance"] + SHIFTS.get(way, 0.0), 0, 1))
    count = round(weight * option["replications"])
    low, high = wilson(np.array(chance), max(count, 1))
    more = 1 if is_last or not turning else -1
    return {
        **{"scenario": option["scenario"], "explanation": way, "weight": weight, "members": 8},
        **{"replications": count, "chance": chance, "chance_low": low, "chance_high": high},
        **{name: option[name] for name in ("on_time", "mean_weeks", "late_child_weeks")},
        **{"chance_difference": 0.0, "chance_difference_low": 0.0, "chance_difference_high": 0.0},
        **{f"difference{end}": more * option[f"difference{end}"] for end in ("", "_low", "_high")},
        **{
            f"late_child_weeks_saved{end}": option[f"late_child_weeks_saved{end}"]
            for end in ("", "_low", "_high")
        },
        "on_time_effect": "more" if more > 0 else "less",
        "saving_effect": "more",
        **{"place": np.nan, "with_the_best": False, "waiting_place": np.nan},
        "saves_most": str(option["scenario"]).startswith("Everything"),
    }
