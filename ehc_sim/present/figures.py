"""Figures of a year as the briefing's sentences need them: a middle and a range, and hours."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.charts import lateness
from ehc_sim.present.frames import Frames

EVERY_KIND = "all"
ALL_ASSESSMENTS, ALL_ON_PLANS = "all assessments", "all work on plans"
"""Kinds of work taken together in each simulated future."""


class Figure(NamedTuple):
    """The middle of the simulated futures, and the range of 8 in 10 of them."""

    median: float
    low80: float
    high80: float

    @property
    def counted(self) -> words.Counted:
        """The figure and its range in words, rounded to what the range supports."""
        return words.counted(self.median, self.low80, self.high80)


def target_year(frames: Frames, rows: pd.DataFrame) -> int | None:
    """Return the year in which the target window ends, or the last year before it that rows have.

    None where the rows have no such year.
    """
    wanted = frames.comparison["window_until"].iloc[0].year
    years = rows["year"].dropna()
    years = years[years <= wanted]
    return None if years.empty else int(years.max())


def of_year(frames: Frames, table: str, **where: object) -> Figure | None:
    """Return the figure of a row such as ``year=2027, measure="appeals"``; None if not known."""
    rows = frames.series(table, **where).dropna(subset=["median"])
    if rows.empty:
        return None
    row = rows.iloc[0]
    return Figure(float(row["median"]), float(row["low80"]), float(row["high80"]))


def plan_starts(frames: Frames) -> int | None:
    """Return the first year that is planned, or of which the plans in place are known."""
    if frames.plan_from is not None:
        return int(frames.plan_from.year)
    return None if frames.plans.empty else int(frames.plans["year"].min())


def plans_at_start(frames: Frames, scenario: str) -> Figure | None:
    """Return the plans in place as the planned years begin; None if not known."""
    year = plan_starts(frames)
    return of_year(frames, "plans", scenario=scenario, year=year, measure="at_start")


def late_plans(frames: Frames, scenario: str, year: int) -> Figure | None:
    """Return how many plans were issued late in a year; None if not known."""
    every = {"step": lateness.ALL, "part": lateness.ALL, "measure": "late_plans"}
    return of_year(frames, "lateness", scenario=scenario, year=year, **every)


def by_kind(frames: Frames, scenario: str, year: int, measure: str) -> pd.Series[float]:
    """Return the hours that teams work in a year, or their shares, by team and kind of work.

    What an agency does is not the team's. The kind "all" is the whole of a team's work.
    """
    rows = frames.series("hours", scenario=scenario, year=year, measure=measure)
    return rows.set_index(["team", "kind"])["median"].astype(float)
