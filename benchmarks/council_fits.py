"""One council made, calibrated and foretold from what was known at the end of a year."""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np

import ehc_sim as ehc
from benchmarks.council_figures import EARLIER_EDITION, LATER_EDITION
from ehc_sim.calibration.backcast import with_flows
from ehc_sim.calibration.calibrate import calibrate
from ehc_sim.calibration.widths import Widths
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.held_out import AS_THEY_CAME, UNKNOWN, Foretold, foretell
from ehc_sim.experiment.published import read_published
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.scenario.as_known import as_known

SEED = 20_250_101
MEASURES = ("issued_on_time", "completed", "issued_over_52_weeks", "mean_weeks")
DIGITS = 4


@dataclass(frozen=True)
class Setting:
    """How councils are calibrated and foretold; lines of one name are scored together.

    Attributes
    ----------
    name : str
    drawn, kept : int
        Members of each explanation.
    futures : int
        Replications of each forecast.
    widths : Widths
    """

    name: str = "as shipped"
    drawn: int = 24
    kept: int = 20
    futures: int = 64
    widths: Widths = Widths()  # noqa: RUF009 - it cannot change

    @classmethod
    def arguments(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--name", default=cls.name, help="what this setting is called")
        for number in ("drawn", "kept", "futures"):
            parser.add_argument(f"--{number}", type=int, default=getattr(cls, number))
        parser.add_argument(
            "--width", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
            help="one of the numbers of calibration/widths.py",
        )  # fmt: skip

    @classmethod
    def of(cls, chosen: argparse.Namespace) -> Self:
        widths = replace(Widths(), **{name: float(value) for name, value in chosen.width})
        return cls(chosen.name, chosen.drawn, chosen.kept, chosen.futures, widths)


def fitted(council: str, known: int, until: int, data: Path, setting: Setting) -> dict[str, Any]:
    """Return a line of a file of fits.

    Parameters
    ----------
    council : str
    known, until : int
        Last calendar year that the forecast is told of, and the last that it foretells.
    data : Path
        Folder of DfE's downloads.
    setting : Setting

    Returns
    -------
    dict
        council, known, setting (its name), cpu_seconds, missing (what DfE's files lack, in words),
        and either failed (why), or explanations (weight by name), off (by explanation, the mean
        square of how far members are off, in standard deviations), fit (by year and measure,
        published and the middle of the members) and samples (by what was known of requests, year
        and measure, one number a replication).
    """
    line: dict[str, Any] = {"council": council, "known": known, "setting": setting.name}
    started = time.process_time()
    with TemporaryDirectory() as folder:
        try:
            line |= _found(council, known, until, data, setting, Path(folder))
        except BadInput as fault:
            line["failed"] = str(fault)
    return line | {"cpu_seconds": round(time.process_time() - started, 1)}


def _found(
    council: str, known: int, until: int, data: Path, setting: Setting, folder: Path
) -> dict[str, Any]:
    files = [data / EARLIER_EDITION, data / LATER_EDITION]
    made = ehc.new_council(council, files, folder / "then", until=known)
    ehc.new_council(council, files, folder / "later")
    _to_be_met(folder / "then" / "published.csv")
    then, later = (ehc.load(folder / name / "baseline.toml") for name in ("then", "later"))
    told = as_known(then, known, until)
    found = calibrate(
        *(told, known),
        seed=SEED, processes=1, widths=setting.widths, drawn=setting.drawn, kept=setting.kept,
    )  # fmt: skip
    came = as_known(then, known, until, flows_of=later)
    came = came.with_members(with_flows(found.members, told, came, known))
    ways: Sequence[tuple[str, Scenario]] = ((UNKNOWN, found.scenario), (AS_THEY_CAME, came))
    samples = {}
    for given, scenario in ways:
        foretold = foretell(
            *(scenario, known, given, setting.futures),
            seed=SEED, processes=1, history=history_of(later), only=("yearly",),
        )  # fmt: skip
        samples[given] = _by_year(foretold, range(known + 1, until + 1))
    return {
        "missing": list(made.notes),
        "explanations": {one.structure.name: round(one.weight, 3) for one in found.explained},
        "fit": _fit(foretold, then, known),
        "samples": samples,
    }


def _by_year(foretold: Foretold, years: Sequence[int]) -> dict[str, dict[str, list[float | None]]]:
    return {
        str(year): {name: _plain(foretold.sample(year, name)) for name in MEASURES}
        for year in years
    }


def _plain(sample: np.ndarray) -> list[float | None]:
    return [float(f"{one:.{DIGITS}g}") if np.isfinite(one) else None for one in sample]


def _fit(foretold: Foretold, then: Scenario, known: int) -> dict[str, dict[str, list[float]]]:
    """Return what was published of each known year, and the middle of what is simulated."""
    figures = read_published(Path(str(then.base.council.published)))
    found: dict[str, dict[str, list[float]]] = {}
    for one in figures:
        if one.by == "all" and one.measure in MEASURES and one.fitted and one.year <= known:
            middle = float(np.nanmedian(foretold.sample(one.year, one.measure)))
            found.setdefault(str(one.year), {})[one.measure] = [one.value, round(middle, DIGITS)]
    return found


def _to_be_met(file: Path) -> None:
    """Say of the figures of a new folder's file that members are to agree with them.

    Not of 2020, in which schools were closed.
    """
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        if row["measure"] in MEASURES and row["year"] != "2020":
            row["fitted"] = "yes"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
