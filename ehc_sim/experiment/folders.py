"""Two results folders side by side."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.experiment.chance import mean_interval
from ehc_sim.experiment.contents import Damaged, checked_run
from ehc_sim.experiment.folder import REPLICATIONS
from ehc_sim.experiment.scenario_result import PLACE
from ehc_sim.safe.cells import get_table

Floats = NDArray[np.float64]

Read = TypeVar("Read")


def compare_folders(first: Path, second: Path) -> pd.DataFrame:
    """Return the scenarios that two results folders share, side by side.

    With the same seed, the same replication in both has the same requests and cases, so the share
    on time and its difference are of the replications that both have. The chances are those of the
    folders, each of all its replications.

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

    Raises
    ------
    Damaged
        When one is not a results folder, or not as it was written.
    """
    seeds = [checked_run(folder)["seed"] for folder in (first, second)]
    chances = [_read(folder, "comparison.csv", _chances) for folder in (first, second)]
    on_time, places = (
        [_read(folder, REPLICATIONS, partial(_total, measure)) for folder in (first, second)]
        for measure in ("on_time", PLACE)
    )
    for folder, of_table, values in zip((first, second), chances, on_time, strict=True):
        if set(of_table.index) != set(values):
            problem = f"comparison.csv and {REPLICATIONS} are of other scenarios; run it again"
            raise Damaged(folder, [problem])
    shared = [name for name in chances[0].index if name in chances[1].index]
    rows = []
    for name in shared:
        fewest = min(len(values[name]) for values in on_time)
        parts = [values[name].iloc[:fewest] for values in on_time]
        paired = parts[1].sub(parts[0]).dropna()
        means = [float(part.mean()) for part in parts]
        difference = (means[1] - means[0], float("nan"), float("nan"))
        if seeds[0] == seeds[1]:
            even = _places([of_all.get(name) for of_all in places], paired.index)
            difference = mean_interval(paired.to_numpy(dtype=np.float64), even)
        rows.append(
            {
                "scenario": name,
                "on_time_first": means[0],
                "chance_first": float(chances[0].loc[name]),
                "on_time_second": means[1],
                "chance_second": float(chances[1].loc[name]),
                "difference": difference[0],
                "difference_low": difference[1],
                "difference_high": difference[2],
            }
        )
    return pd.DataFrame(rows)


def _read(folder: Path, name: str, read: Callable[[Path], Read]) -> Read:
    """Return what is read from a table of a folder, or say that it cannot be."""
    try:
        return read(folder / name)
    except (ValueError, KeyError, OSError) as fault:  # those of pandas and of pyarrow among them
        raise Damaged(folder, [f"{name}: not a table of a run; run it again"]) from fault


def _chances(path: Path) -> pd.Series:
    """Return the chance of each scenario, in the order of the file."""
    chances: pd.Series = get_table(path).set_index("scenario")["chance"].astype(float)
    if not chances.index.is_unique:
        raise ValueError("a scenario is there twice")
    return chances


def _total(measure: str, path: Path) -> dict[str, pd.Series]:
    """Return a measure of the whole run, of every replication of each scenario, in order."""
    table = pd.read_parquet(path)
    rows = table[(table["measure"] == measure) & table["month"].isna()]
    if rows.duplicated(["scenario", "replication"]).any():
        raise ValueError("a replication is there twice")
    return {
        str(name): part.set_index("replication")["value"].sort_index()
        for name, part in rows.groupby("scenario")
    }


def _places(of_both: Sequence[pd.Series | None], shared: pd.Index) -> Floats | None:
    """Return the places of replications that both folders have; None where they are not the same.

    They are not where one was written before requests were drawn evenly.
    """
    first, second = (None if one is None else one.reindex(shared).to_numpy() for one in of_both)
    if first is None or second is None or not np.array_equal(first, second):
        return None
    return np.asarray(first, dtype=np.float64)
