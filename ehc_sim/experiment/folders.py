"""Two results folders side by side."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from ehc_sim.experiment.chance import mean_interval
from ehc_sim.experiment.folder import MANIFEST, REPLICATIONS


def compare_folders(first: Path, second: Path) -> pd.DataFrame:
    """Return the scenarios that two results folders share, side by side.

    With the same seed, the same replication in both has the same requests and cases, so the
    difference is taken replication by replication.

    Parameters
    ----------
    first, second : Path
        Results folders.

    Returns
    -------
    DataFrame
        One row a scenario of both: scenario, on_time_first, chance_first, on_time_second,
        chance_second, difference (second less first, mean) with difference_low and difference_high
        (its 95% interval; NaN where the seeds differ).
    """
    tables = [
        pd.read_csv(folder / "comparison.csv", dtype=str, keep_default_na=False).set_index(
            "scenario"
        )
        for folder in (first, second)
    ]
    seeds = [
        json.loads((folder / MANIFEST).read_text("utf-8"))["seed"] for folder in (first, second)
    ]
    on_time = [_on_time(folder) for folder in (first, second)]
    shared = [name for name in tables[0].index if name in tables[1].index]
    rows = []
    for name in shared:
        parts = [values[name] for values in on_time]
        paired = parts[1].sub(parts[0]).dropna().to_numpy()
        means = [float(part.mean()) for part in parts]
        difference = (means[1] - means[0], float("nan"), float("nan"))
        if seeds[0] == seeds[1]:
            difference = mean_interval(np.asarray(paired, dtype=np.float64))
        rows.append(
            {
                "scenario": name,
                "on_time_first": means[0],
                "chance_first": float(tables[0].loc[name, "chance"]),
                "on_time_second": means[1],
                "chance_second": float(tables[1].loc[name, "chance"]),
                "difference": difference[0],
                "difference_low": difference[1],
                "difference_high": difference[2],
            }
        )
    return pd.DataFrame(rows)


def _on_time(folder: Path) -> pd.DataFrame:
    """Return the share on time, replications in rows and scenarios in columns."""
    table = pd.read_parquet(folder / REPLICATIONS)
    rows = table[(table["measure"] == "on_time") & table["month"].isna()]
    return rows.pivot(index="replication", columns="scenario", values="value")
