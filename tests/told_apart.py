"""Frames in whose tables every row has numbers of its own, so that none looks like another's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ehc_sim.catalogue.measure import RANGE
from ehc_sim.present.frames import Frames
from tests.present_frames import made_up

TABLES = (
    *("advice", "teams", "waiting", "lateness", "monthly", "yearly", "hours", "reviews"),
    *("decisions", "plans"),
)


def with_rows_told_apart(frames: Frames) -> Frames:
    """Return frames in which the loads of a year are alike in its months, and nothing else is."""
    made = replace(frames, **{name: told_apart(getattr(frames, name)) for name in TABLES})
    teams = made.teams
    of_year = teams["measure"] == "load_of_year"
    keys = ["scenario", "team", teams["month"].dt.year]
    alike = teams[of_year].groupby(keys)[list(RANGE)].transform("first")
    return replace(made, teams=pd.concat([teams[~of_year], teams[of_year].assign(**alike)]))


def told_apart(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose rows differ in every range, each range about the row's own middle."""
    nudge = 1 + 0.1 * np.random.default_rng(1).permutation(len(table)) / max(1, len(table))
    factors = {"median": 1.0, "low80": 0.83, "high80": 1.11, "low95": 0.71, "high95": 1.19}
    middle = table["median"] * nudge
    return table.assign(**{name: middle * factors[name] for name in RANGE if name in table})


def a_whole_page() -> Frames:
    """Return frames whose numbers all differ, with forecast requests and a test of the forecast."""
    made = with_rows_told_apart(made_up(6))
    place = np.arange(len(made.comparison))
    ends = {"on_time_low80": -0.07, "on_time_high80": 0.08}
    table = made.comparison.assign(
        on_time=0.311 + 0.041 * place,
        cost_per_extra_plan=np.where(place > 0, 1_100.0 + 1_300 * place, np.nan),
        cost_per_extra_plan_low=1_000.0 + 1_300 * place,
        cost_per_extra_plan_high=1_700.0 + 1_300 * place,
        cost=111_000.0 + 23_000 * place,
        overdue_at_end=211.0 + 13 * place,
        oldest_weeks_at_end=51.0 + 3 * place,
        review_decisions_on_time=0.21 + 0.03 * place,
        more_reviews_overdue=131.0 + 10 * place,
        more_reviews_overdue_low=81.0 + 9 * place,
        more_reviews_overdue_high=179.0 + 11 * place,
        more_appeals=22.0 + place,
        more_appeals_low=13.0 + place,
        more_appeals_high=34.0 + place,
    )
    table = table.assign(
        cost_low=0.8 * table["cost"],
        cost_high=1.3 * table["cost"],
        **{name: table["on_time"] + far for name, far in ends.items()},
    )
    years = pd.DataFrame(
        {
            "year": [2024, 2025, 2026],
            "kind": ["history", "base", "base"],
            "median": [1207.0, 1311.0, 1423.0],
            "low80": [1207.0, 1101.0, 1183.0],
            "high80": [1207.0, 1502.0, 1694.0],
        }
    )
    test = pd.DataFrame(
        {"method": "yearly totals", "horizon": [12, 24], "months": 3, "skill": [-0.11, -0.23]}
    )
    return replace(made, comparison=table, requests=years, backtest=test)
