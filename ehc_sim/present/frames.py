"""Reads the tables of a results folder, and says plainly what is wrong with a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from ehc_sim.safe.cells import get_table

RANGE = ("median", "low80", "high80", "low95", "high95")

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "comparison": (
        *("scenario", "why", "replications", "target", "window_from", "window_until"),
        *("chance", "chance_low", "chance_high"),
        *("on_time", "on_time_low80", "on_time_high80", "on_time_low95", "on_time_high95"),
        *("difference", "difference_low", "difference_high"),
        *("chance_beats_baseline", "chance_best", "plans_on_time"),
        *("extra_plans_on_time", "extra_plans_on_time_low", "extra_plans_on_time_high"),
        *("cost", "cost_low", "cost_high", "cost_per_extra_plan"),
        *("mean_weeks", "over_52_weeks", "due_on_time"),
        *("open_at_end", "overdue_at_end", "oldest_weeks_at_end", "recovers", "overloaded"),
    ),
    "monthly": ("scenario", "month", "measure", *RANGE),
    "yearly": ("scenario", "year", "by", "group", "measure", *RANGE),
    "advice": ("scenario", "year", "giver", "measure", *RANGE),
    "teams": ("scenario", "month", "team", "measure", *RANGE),
    "waiting": ("scenario", "month", "step", "median", "low80", "high80"),
    "cohort": ("scenario", "year", "weeks", "outcome", "share"),
    "backcast": (
        *("year", "measure", "by", "group", "published", "simulated", "low95", "high95"),
        *("in_range", "allowed", "within", "fitted", "source"),
    ),
    "forecast": ("month", "kind", *RANGE),
    "assumptions": ("path", "value", "source", "note", "fitted"),
    "history": ("year", "measure", "value"),
}
"""Columns that each table must have; it may have more."""

LATER: Mapping[str, tuple[str, ...]] = {
    "pairs": (
        *("first", "second", "replications"),
        *("both_met", "only_first", "only_second", "neither"),
        *("chance_difference", "chance_low", "chance_high", "chance_p", "chance_p_adjusted"),
        "replications_to_tell",
        *("on_time_difference", "on_time_low", "on_time_high", "on_time_p", "on_time_p_adjusted"),
        *("late_child_weeks_difference", "late_child_weeks_low", "late_child_weeks_high"),
        *("late_child_weeks_p", "late_child_weeks_p_adjusted"),
        *("overdue_difference", "overdue_low", "overdue_high"),
        *("cost_difference", "cost_low", "cost_high"),
    ),
    "standing": (
        *("scenario", "place", "with_the_best", "p_from_best", "near_zero", "raises_chance"),
        *(
            "first_by",
            "replications_to_tell",
            "least_waiting",
            "is_choice",
            "order_only",
            "changes_order",
            "more_overdue",
            "older_case",
        ),
    ),
    "worse": (
        *("scenario", "against", "year", "cause", "of", "name"),
        *("value", "against_value", "difference", "low", "high", "p_adjusted"),
    ),
    "exceptions": ("scenario", "year", "kind", "measure", *RANGE),
    "hours": ("scenario", "year", "team", "kind", "measure", *RANGE),
    "lateness": ("scenario", "year", "step", "part", "measure", *RANGE),
    "decisions": ("scenario", "year", "measure", *RANGE),
    "reviews": ("scenario", "year", "measure", *RANGE),
    "plans": ("scenario", "year", "measure", *RANGE),
    "requests": ("year", "kind", *RANGE),
    "backtest": ("method", "horizon", "months", "skill"),
    "flat_requests": (
        *("scenario", "level", "near", "futures", "met"),
        *("chance", "chance_low", "chance_high"),
    ),
}
"""Tables that folders of earlier versions do not have: there they are empty."""

LATER_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "comparison": (
        *("review_decisions_on_time", "reviews_overdue_at_end", "appeals"),
        *("late_child_weeks", "late_child_weeks_saved"),
        *("late_child_weeks_saved_low", "late_child_weeks_saved_high"),
        *("more_reviews_overdue", "more_reviews_overdue_low", "more_reviews_overdue_high"),
        *("more_appeals", "more_appeals_low", "more_appeals_high"),
        *("cost_per_extra_plan_low", "cost_per_extra_plan_high"),
    ),
}
"""Columns that folders of earlier versions do not have: there they are not known."""

_TEXT = {
    *("scenario", "why", "recovers", "overloaded", "measure", "by", "group", "giver"),
    *("against", "cause", "of", "name"),
    *(
        "first",
        "second",
        "method",
        "team",
        "step",
        "outcome",
        "allowed",
        "source",
        "kind",
        "path",
        "note",
        "part",
        "first_by",
    ),
}
_YES_OR_NO = {
    *("fitted", "with_the_best", "near_zero", "order_only", "changes_order"),
    *("more_overdue", "older_case", "raises_chance", "least_waiting", "is_choice"),
}
_YES_NO_OR_NEITHER = {"within", "in_range"}
"""Nothing where a published figure is not judged, or not shown, or where it is not known."""
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
    return lambda: pd.DataFrame(columns=list(LATER[table]))


@dataclass(frozen=True, eq=False)
class Frames:
    """The tables of a results folder, one attribute a table; columns as in `COLUMNS` and `LATER`.

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
            for name, columns in COLUMNS.items()
        }
        tables |= {
            name: _read_table(folder / f"{name}.csv", columns, faults)
            for name, columns in LATER.items()
            if (folder / f"{name}.csv").is_file()
        }
        if "comparison" in tables and not faults:
            _check_comparison(tables["comparison"], faults)
        if faults:
            raise NotResults(folder, faults)
        return cls(**tables, manifest=manifest)

    @property
    def plan_from(self) -> pd.Timestamp | None:
        """First month of the plan: the first month that is forecast; None without a forecast."""
        ahead = self.forecast.loc[self.forecast["kind"] != "history", "month"]
        return None if ahead.empty else pd.Timestamp(ahead.min())

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


def _read_table(path: Path, columns: tuple[str, ...], faults: list[str]) -> pd.DataFrame:
    if not path.is_file():
        faults.append(f"{path.name}: missing")
        return pd.DataFrame(columns=list(columns))
    try:
        table = get_table(path)
    except (ValueError, OSError) as fault:
        faults.append(f"{path.name}: cannot be read as a table ({fault})")
        return pd.DataFrame(columns=list(columns))
    if path.stem == "backcast" and "what" in table:
        table = _of_earlier_version(table)
    lacking = [column for column in columns if column not in table]
    if lacking:
        faults.append(f"{path.name}: lacks the columns {', '.join(lacking)}")
        return table
    later = LATER_COLUMNS.get(path.stem, ())
    for column in later:
        if column not in table:
            table[column] = ""
    more = [column for column in table if column in _YES_OR_NO - {*columns, *later}]
    for column in (*columns, *later, *more):
        _convert(table, column, path.name, faults)
    return table


def _of_earlier_version(backcast: pd.DataFrame) -> pd.DataFrame:
    """Return a back-cast in which a measure and its group were one text, as "completed, age 3"."""
    text = backcast["what"].str.extract(r"^(?P<measure>[^,]*)(?:, (?P<by>.*) (?P<group>.*))?$")
    numbers = {name: pd.to_numeric(backcast[name], errors="coerce") for name in backcast}
    known = numbers["published"].between(numbers["low95"], numbers["high95"])
    return backcast.join(text.fillna("all")).assign(in_range=known.astype(str))


def _convert(table: pd.DataFrame, column: str, file: str, faults: list[str]) -> None:
    """Turn a column of text into months, numbers or yes and no, in place."""
    text = table[column].str.strip()
    if column in _TEXT or (file, column) == ("assumptions.csv", "value"):
        table[column] = text
        return
    if column in _YES_NO_OR_NEITHER:
        good = text.isin(["True", "False", ""])
        table[column] = text.map({"True": True, "False": False}).astype("boolean")
        wanted = "True, False or nothing"
    elif column in _YES_OR_NO:
        good = text.str.lower().isin(["true", "false"])
        table[column] = text.str.lower() == "true"
        wanted = "True or False"
    elif column in ("window_from", "window_until"):
        days = pd.to_datetime(text, errors="coerce", format="%Y-%m-%d")
        table[column] = days.dt.date
        good = days.notna()
        wanted = "a day such as 2026-05-01"
    elif column == "month":
        table[column] = pd.to_datetime(text, errors="coerce", format="ISO8601")
        good = table[column].notna()
        wanted = "a month such as 2026-05-01"
    else:
        table[column] = pd.to_numeric(text.replace("", "nan"), errors="coerce")
        good = table[column].notna() | text.str.lower().isin(["", "nan"])
        wanted = "a number"
    if not good.all():
        line = int((~good).to_numpy().argmax()) + 2
        found = text.iloc[line - 2]
        faults.append(f"{file}:{line}: {column}: found {found!r}, expected {wanted}")


def _check_comparison(comparison: pd.DataFrame, faults: list[str]) -> None:
    if comparison.empty:
        faults.append("comparison.csv: has no scenario")
    twice = comparison.loc[comparison["scenario"].duplicated(), "scenario"]
    faults.extend(f"comparison.csv: the scenario {name!r} is there twice" for name in twice)


assert {field.name for field in fields(Frames)} == {*COLUMNS, *LATER, "manifest"}
