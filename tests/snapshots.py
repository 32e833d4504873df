"""Runs of the small council that start from a snapshot of another run."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey.open_cases.snapshot import snapshot_of
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario import Scenario, load
from tests.scenario_files import SMALL

FROM_HERE = date(2024, 1, 4)
"""Day of the snapshot: a Thursday, on which no panel's list is made up but not yet decided."""


def council(folder: Path, text: str = "", base: str = "baseline.toml") -> Scenario:
    """Return the small council with some text added, its files in a folder."""
    for path in SMALL.iterdir():
        shutil.copy(path, folder)
    head = f'extends = "{base}"\nname = "Before"\nwhy = "To see"\n'
    (folder / "before.toml").write_text(head + text, encoding="utf-8")
    return load(folder / "before.toml")


def snapshot(run: Replication, minute: int) -> pd.DataFrame:
    """Return the snapshot of a run at a midnight."""
    prepared = run.prepared
    return snapshot_of(run.log, prepared.cases, prepared.network, run.periods[0][1], minute)


def going_on(folder: Path, table: pd.DataFrame) -> Scenario:
    """Return the council's scenario that starts from a snapshot."""
    table.to_csv(folder / "open.csv", index=False)
    text = f'[period]\nrun_in_from = {FROM_HERE}\n[caseload]\nopen_cases = "open.csv"\n'
    if load(folder / "before.toml").base.plans is None:
        text = f'leaves_out = ["plans"]\n{text}'
    else:
        plans = (folder / "plans.csv").read_text(encoding="utf-8")
        then = plans.replace(",2023-01-01,", f",{FROM_HERE},")
        (folder / "plans_then.csv").write_text(then, encoding="utf-8")
        text += '[plans]\nin_hand = "plans_then.csv"\n'
    head = 'extends = "before.toml"\nname = "After"\nwhy = "To see"\n'
    (folder / "after.toml").write_text(head + text, encoding="utf-8")
    return load(folder / "after.toml")


def continued(folder: Path, table: pd.DataFrame, seed: int) -> Replication:
    """Run the council on from a snapshot."""
    return Replicator(going_on(folder, table), seed).runs([0])[0]


def days_to_end(run: Replication, cases: NDArray[np.integer], minute: int) -> NDArray[np.float64]:
    """Return days from a minute to the end of each case; infinity where it is open at the last."""
    log = run.log
    ends = log.visits[np.array(log.kinds)[log.visits[:, 1]] == "end"]
    minutes = np.full(len(log.arrived), np.inf)
    minutes[ends[:, 0]] = np.where(ends[:, 4] == NOT_YET, np.inf, ends[:, 4])
    return (minutes[cases] - minute) / 1440
