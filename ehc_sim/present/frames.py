"""Reads the tables of a results folder, and says plainly what is wrong with a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ehc_sim.catalogue.tables import TABLES, Column, names
from ehc_sim.safe.cells import get_table

_MANIFEST = ("name", "version", "seed", "replications", "created")


class NotResults(ValueError):  # noqa: N818
    """A folder is not a results folder. Carries every fault, one line each.

    Attributes
    ----------
    faults : tuple of str
        What is wrong, each with the file's name.
    """

    def __init__(self, folder: Path, faults: list[str]) -> None:
        self.faults = tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in faults)
        super().__init__(f"{folder} does not hold the results of a run:\n{lines}")


def _empty(table: str) -> Callable[[], pd.DataFrame]:
    """Return what makes a table that may be missing: its columns without rows."""
    return lambda: pd.DataFrame(columns=names(table))


@dataclass(frozen=True, eq=False)
class Frames:
    """The tables of a results folder, one attribute a table; columns as in ``catalogue.tables``.

    Folders of earlier versions do not have the tables from ``pairs`` on: there they are empty.
    Shares and chances are 0 to 1, money is pounds, months are the first of the month.
    ``manifest`` holds the study's name, version, seed, replications and time of the run.
    """

    comparison: pd.DataFrame
    monthly: pd.DataFrame
    yearly: pd.DataFrame
    advice: pd.DataFrame
    teams: pd.DataFrame
    waiting: pd.DataFrame
    cohort: pd.DataFrame
    backcast: pd.DataFrame
    forecast: pd.DataFrame
    assumptions: pd.DataFrame
    history: pd.DataFrame
    manifest: Mapping[str, Any]
    pairs: pd.DataFrame = field(default_factory=_empty("pairs"))
    standing: pd.DataFrame = field(default_factory=_empty("standing"))
    worse: pd.DataFrame = field(default_factory=_empty("worse"))
    exceptions: pd.DataFrame = field(default_factory=_empty("exceptions"))
    hours: pd.DataFrame = field(default_factory=_empty("hours"))
    lateness: pd.DataFrame = field(default_factory=_empty("lateness"))
    decisions: pd.DataFrame = field(default_factory=_empty("decisions"))
    reviews: pd.DataFrame = field(default_factory=_empty("reviews"))
    plans: pd.DataFrame = field(default_factory=_empty("plans"))
    requests: pd.DataFrame = field(default_factory=_empty("requests"))
    backtest: pd.DataFrame = field(default_factory=_empty("backtest"))
    flat_requests: pd.DataFrame = field(default_factory=_empty("flat_requests"))
    costs_by_year: pd.DataFrame = field(default_factory=_empty("costs_by_year"))
    advice_by_month: pd.DataFrame = field(default_factory=_empty("advice_by_month"))
    officers: pd.DataFrame = field(default_factory=_empty("officers"))
    unit_costs: pd.DataFrame = field(default_factory=_empty("unit_costs"))
    clear_by: pd.DataFrame = field(default_factory=_empty("clear_by"))
    explanations: pd.DataFrame = field(default_factory=_empty("explanations"))

    @classmethod
    def read(cls, folder: Path | str) -> Frames:
        """Read a results folder.

        Parameters
        ----------
        folder : path
            Folder with ``manifest.json`` and one CSV file a table. Other files are left alone.

        Raises
        ------
        NotResults
            With every fault at once: files missing, unreadable, or not written by a run.
        """
        folder = Path(folder)
        if not folder.is_dir():
            raise NotResults(folder, ["there is no such folder"])
        faults: list[str] = []
        manifest = _read_manifest(folder / "manifest.json", faults)
        tables = {
            name: _read_table(folder / f"{name}.csv", columns, faults)
            for name, columns in TABLES.items()
            if name not in LATER or (folder / f"{name}.csv").is_file()
        }
        if "comparison" in tables and not faults:
            _check_comparison(tables["comparison"], faults)
        if faults:
            raise NotResults(folder, faults)
        return cls(**tables, manifest=manifest)

    @property
    def plan_from(self) -> pd.Timestamp | None:
        """First month of the plan; of results that do not say it, the first that is forecast."""
        return self.plan_months[0]

    @property
    def plan_months(self) -> tuple[pd.Timestamp | None, pd.Timestamp | None]:
        """First and last month of the plan, which may begin after the record has ended.

        None without a plan and a forecast.
        """
        ahead = self.forecast.loc[self.forecast["kind"] != "history", "month"].dropna()
        forecast = (None, None) if ahead.empty else (ahead.min(), ahead.max())
        plan = self.manifest.get("plan")
        ends = forecast if plan is None else (plan["from"], plan["until"])
        first, last = (None if day is None else pd.Timestamp(day).replace(day=1) for day in ends)
        return first, last

    def series(self, table: str, **where: object) -> pd.DataFrame:
        """Rows of a table that match, by month or year where it has one.

        Parameters
        ----------
        table : str
            Name of a table, such as ``monthly``.
        **where
            Column and wanted value, such as ``scenario="Baseline"``.
        """
        rows: pd.DataFrame = getattr(self, table)
        for column, wanted in where.items():
            rows = rows[rows[column] == wanted]
        by = [column for column in ("month", "year") if column in rows]
        return rows.sort_values(by, kind="stable") if by else rows


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, each a mapping from column to value."""
    return [
        {str(column): value for column, value in row.items()} for row in table.to_dict("records")
    ]


def _read_manifest(path: Path, faults: list[str]) -> dict[str, Any]:
    if not path.is_file():
        faults.append(f"{path.name}: missing")
        return {}
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as fault:
        faults.append(f"{path.name}: cannot be read as JSON ({fault})")
        return {}
    lacking = [key for key in _MANIFEST if not isinstance(manifest, dict) or key not in manifest]
    if lacking:
        faults.append(f"{path.name}: lacks {', '.join(lacking)}")
        return {}
    return dict(manifest)


def _read_table(path: Path, columns: tuple[Column, ...], faults: list[str]) -> pd.DataFrame:
    nothing = pd.DataFrame(columns=[column.name for column in columns])
    if not path.is_file():
        faults.append(f"{path.name}: missing")
        return nothing
    try:
        table = get_table(path)
    except (ValueError, OSError) as fault:
        faults.append(f"{path.name}: cannot be read as a table ({fault})")
        return nothing
    if path.stem == "backcast" and "what" in table:
        table = _of_earlier_version(table)
    lacking = [one.name for one in columns if one.name not in table and one.default is MISSING]
    if lacking:
        faults.append(f"{path.name}: lacks the columns {', '.join(lacking)}")
        return table
    for column in columns:
        if column.name in table:
            _convert(table, column, path.name, faults)
        else:
            table = table.assign(**{column.name: column.default})
    return table


def _of_earlier_version(backcast: pd.DataFrame) -> pd.DataFrame:
    """Return a back-cast in which a measure and its group were one text, as "completed, age 3"."""
    text = backcast["what"].str.extract(r"^(?P<measure>[^,]*)(?:, (?P<by>.*) (?P<group>.*))?$")
    numbers = {name: pd.to_numeric(backcast[name], errors="coerce") for name in backcast}
    known = numbers["published"].between(numbers["low95"], numbers["high95"])
    return backcast.join(text.fillna("all")).assign(in_range=known.astype(str))


def _convert(table: pd.DataFrame, column: Column, file: str, faults: list[str]) -> None:
    """Turn a column of text into months, numbers or yes and no, in place."""
    name, kind = column.name, column.kind
    text = table[name].str.strip()
    if kind is str:
        table[name] = text
        return
    if kind == bool | None:
        good = text.isin(["True", "False", ""])
        table[name] = text.map({"True": True, "False": False}).astype("boolean")
        wanted = "True, False or nothing"
    elif kind is bool:
        good = text.str.lower().isin(["true", "false"])
        table[name] = text.str.lower() == "true"
        wanted = "True or False"
    elif kind is date:
        days = pd.to_datetime(text, errors="coerce", format="%Y-%m-%d")
        table[name] = days.dt.date
        good = days.notna()
        wanted = "a day such as 2026-05-01"
    elif kind is datetime:
        table[name] = pd.to_datetime(text, errors="coerce", format="ISO8601")
        good = table[name].notna()
        wanted = "a month such as 2026-05-01"
    else:
        table[name] = pd.to_numeric(text.replace("", "nan"), errors="coerce")
        good = table[name].notna() | text.str.lower().isin(["", "nan"])
        wanted = "a number"
    if not good.all():
        line = int((~good).to_numpy().argmax()) + 2
        found = text.iloc[line - 2]
        faults.append(f"{file}:{line}: {name}: found {found!r}, expected {wanted}")


def _check_comparison(comparison: pd.DataFrame, faults: list[str]) -> None:
    if comparison.empty:
        faults.append("comparison.csv: has no scenario")
    twice = comparison.loc[comparison["scenario"].duplicated(), "scenario"]
    faults.extend(f"comparison.csv: the scenario {name!r} is there twice" for name in twice)


LATER = {one.name for one in fields(Frames) if one.default_factory is not MISSING}
"""Tables that folders of earlier versions do not have: there they are empty."""

assert {one.name for one in fields(Frames)} == {*TABLES, "manifest"}
