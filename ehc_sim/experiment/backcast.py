"""The run-in held against what the council published."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.scenario import BadInput, Fault

COLUMNS = ("year", "measure", "by", "group", "value", "allowed", "fitted", "source")
TABLES = ("decisions", "reviews", "plans")
"""Tables by year, beside the yearly one, of which figures are published. They have no groups."""
POINTS, PERCENT = " points", "%"
BACKCAST_COLUMNS = (
    *("year", "what", "published", "simulated", "low95", "high95"),
    *("allowed", "within", "fitted", "source"),
)


@dataclass(frozen=True)
class Published:
    """One published figure.

    Attributes
    ----------
    year : int
        Calendar year.
    measure : str
        Column of the yearly measures, such as ``issued_on_time``, or of a table of ``TABLES``,
        such as ``expected``.
    by, group : str
        View and group, such as ``age`` and ``10``; ``all`` and ``all`` for everybody.
    value : float
        The figure; shares are 0 to 1.
    allowed : str
        How far the run-in may be from it: ``10%`` of it, ``5 points``, or empty where it stands
        beside as a check and is not judged.
    fitted : bool
        Whether unknown settings were set to agree with it.
    source : str
        Where it was published.
    """

    year: int
    measure: str
    by: str
    group: str
    value: float
    allowed: str
    fitted: bool
    source: str

    @property
    def tolerance(self) -> float:
        """How far the run-in may be from the figure, in its own unit; NaN where not judged."""
        if self.allowed.endswith(POINTS):
            return float(self.allowed.removesuffix(POINTS)) / 100
        if self.allowed.endswith(PERCENT):
            return float(self.allowed.removesuffix(PERCENT)) / 100 * self.value
        return float("nan")


def read_published(path: Path) -> tuple[Published, ...]:
    """Read a file of published figures.

    Parameters
    ----------
    path : Path
        CSV with the columns of ``COLUMNS``.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    faults: list[Fault] = []
    figures: list[Published] = []
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            problem = f"found {', '.join(reader.fieldnames or ())}; lacks {', '.join(missing)}"
            raise BadInput([Fault(path, 1, "columns", problem)])
        for row in reader:
            try:
                figure = _published(row)
                _ = figure.tolerance
                figures.append(figure)
            except ValueError as fault:
                faults.append(Fault(path, reader.line_num, "figure", str(fault)))
    if faults:
        raise BadInput(faults)
    return tuple(figures)


def _published(row: dict[str, str]) -> Published:
    if row["fitted"] not in ("yes", "no"):
        raise ValueError(f"fitted: found {row['fitted']!r}, allowed is yes or no")
    return Published(
        year=int(row["year"]),
        measure=row["measure"],
        by=row["by"],
        group=row["group"],
        value=float(row["value"]),
        allowed=row["allowed"],
        fitted=row["fitted"] == "yes",
        source=row["source"],
    )


def backcast(result: ScenarioResult, figures: tuple[Published, ...]) -> pd.DataFrame:
    """Return published and simulated figures side by side, misses included.

    Parameters
    ----------
    result : ScenarioResult
        The scenario whose run-in is looked at.
    figures : tuple of Published
        What was published.

    Returns
    -------
    DataFrame
        Columns year, what (the measure, with its group where it is of one), published, simulated
        (median), low95, high95, allowed, within ("True", "False", or "" where not judged), fitted
        and source. Figures of years that were not simulated, or of unknown measures, are left out.
    """
    ranges = _by_year(result)
    rows = []
    for figure in figures:
        key = (figure.year, figure.by, figure.group, figure.measure)
        if key not in ranges.index:
            continue
        found = ranges.loc[[key]].iloc[0]
        near = abs(found["median"] - figure.value) <= figure.tolerance
        group = "" if figure.by == "all" else f", {figure.by} {figure.group}"
        rows.append(
            {
                "year": figure.year,
                "what": figure.measure + group,
                "published": figure.value,
                "simulated": found["median"],
                "low95": found["low95"],
                "high95": found["high95"],
                "allowed": figure.allowed,
                "within": str(bool(near)) if figure.allowed else "",
                "fitted": figure.fitted,
                "source": figure.source,
            }
        )
    return pd.DataFrame(rows, columns=list(BACKCAST_COLUMNS))


def _by_year(result: ScenarioResult) -> pd.DataFrame:
    """Return the ranges of everything that is measured by year: year, by, group and measure."""
    yearly = result.tables["yearly"].ranges()
    others = [result.tables[name].ranges().assign(by="all", group="all") for name in TABLES]
    return pd.concat([yearly, *others]).set_index(["year", "by", "group", "measure"])
