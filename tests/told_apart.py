"""Frames in whose tables every row has numbers of its own, so that none looks like another's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ehc_sim.present.frames import RANGE, Frames

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
