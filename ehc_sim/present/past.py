"""The model held against published figures, in words: first those that set none of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from ehc_sim.catalogue.measure import NOT_COMPARED
from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records

MISSED, OUTSIDE = "missed", "outside"
_QUARTERS = ("January to March", "April to June", "July to September", "October to December")


@dataclass(frozen=True)
class CheckedFigure:
    """One published figure beside what the model says of it, with its 95% range.

    ``verdict`` is "missed" of a figure that set some of the model's numbers and is not as near as
    is allowed, "outside" of any other that is not in that range, judged or not, and else empty.
    """

    published: str
    simulated: str
    verdict: str


@dataclass(frozen=True)
class CheckedMeasure:
    """A row of the back-cast: a measure with its figure."""

    name: str
    allowed: str
    figure: CheckedFigure


@dataclass(frozen=True)
class CheckedLine:
    """Figures that are told in a line: what they are of, and each by its name."""

    name: str
    allowed: str
    figures: tuple[tuple[str, CheckedFigure], ...]


@dataclass(frozen=True)
class BackCast:
    """The back-cast: what was never used, a table of the last year, more lines, and the sources.

    ``checks`` are the figures that were not used to set any number of the model; the others were.
    ``year`` is None where no used figure is judged; then there is no table. ``outside`` are those
    of the checks of everybody that are not in their range, for paper, which has no room for all.
    """

    checks: tuple[CheckedLine, ...]
    year: int | None
    measures: tuple[CheckedMeasure, ...]
    lines: tuple[CheckedLine, ...]
    sources: tuple[str, ...]
    outside: tuple[tuple[str, CheckedFigure], ...]


def back_cast(frames: Frames) -> BackCast:
    """Return the back-cast, the figures first that set none of the model's numbers.

    Of those that did, the judged ones of the last year make a table, and the others stand in lines.
    """
    every = frames.backcast
    rows = every[every["allowed"] != NOT_COMPARED]
    used = rows["fitted"].astype(bool)
    by_group = rows["by"] != "all"
    judged = rows[used & ~by_group & rows["within"].notna() & _of_year(rows)]
    year = None if judged.empty else int(judged["year"].max())
    table = judged[judged["year"] == year]
    beside = rows[used & ~by_group & ~rows.index.isin(table.index)]
    publications = rows["source"].map(_publication)
    series = publications.map(_series)
    main = publications[series.isin(series.value_counts().index[:1])].unique()
    checks = rows[~used]
    alike = publications[checks.index].isin(main)
    return BackCast(
        (
            *_line_of_years(checks[alike & (checks["by"] == "all")]),
            *_lines_of_groups(checks[alike & (checks["by"] != "all")]),
            *_lines_beside(checks[~alike]),
        ),
        year,
        tuple(_measure(str(what), row) for what, row in table.groupby("measure", sort=False)),
        (
            *_line_of_years(beside, "Others that were used"),
            *_lines_of_groups(rows[used & by_group]),
            *_not_compared(every[every["allowed"] == NOT_COMPARED]),
        ),
        tuple(source for source in publications[publications.isin(main)].unique() if source),
        tuple(
            (told(row), _figure(row, _unit(row["measure"], checks)))
            for row in records(_of_verdict(checks[checks["by"] == "all"], OUTSIDE))
        ),
    )


def outside(frames: Frames) -> tuple[pd.DataFrame, int]:
    """Return the never used figures outside their 95% range, farthest first; and of how many.

    How far is measured by the width of the range.
    """
    rows = frames.backcast
    checks = rows[~rows["fitted"].astype(bool) & rows["in_range"].notna()]
    return _of_verdict(checks, OUTSIDE), len(checks)


def not_judged(frames: Frames) -> pd.DataFrame:
    """Return the figures outside their 95% range of which nobody said how far off they may be.

    They may have set numbers of the model or not. The farthest are first.
    """
    return _of_verdict(frames.backcast[frames.backcast["within"].isna()], OUTSIDE)


def used(frames: Frames) -> tuple[pd.DataFrame, int]:
    """Return the judged figures that set the model's numbers and are missed; and of how many."""
    rows = frames.backcast
    judged = rows[rows["fitted"].astype(bool) & rows["within"].notna()]
    return _of_verdict(judged, MISSED), len(judged)


def _of_verdict(rows: pd.DataFrame, verdict: str) -> pd.DataFrame:
    """Return the figures of a verdict, as the page has it; those outside a range farthest first."""
    is_so = [_verdict(row) == verdict for row in records(rows)]
    found = rows[pd.Series(is_so, index=rows.index, dtype=bool)]
    if verdict == MISSED:
        return found
    off = (found["published"] - found[["low95", "high95"]].mean(axis=1)).abs()
    width = found["high95"] - found["low95"]
    order = (off / width.where(width > 0)).fillna(float("inf")).sort_values(ascending=False)
    return found.loc[order.index]


def together(rows: pd.DataFrame) -> str:
    """Return what some figures are of: "appeals in 2021 and 2022; decisions by age in 2025"."""
    rows = rows.assign(period=[_when(row) for row in records(rows)])
    said = []
    for what, part in rows.groupby("measure", sort=False):
        in_order = part.sort_values(["year", "quarter", "month"], kind="stable")
        pieces = [
            f"{'' if by == 'all' else f'by {by} '}in {words.join(list(periods.unique()))}"
            for by, periods in in_order.groupby("by", sort=False)["period"]
        ]
        said.append(f"{words.measure(str(what))} {', '.join(sorted(pieces, key=_by))}")
    return "; ".join(said)


def _by(piece: str) -> bool:
    return piece.startswith("by ")


def told(row: dict[str, Any]) -> str:
    """Return what a figure is of: "plans issued on time, age 12, in 2024"."""
    group = "" if row["by"] == "all" else f", {row['by']} {row['group']},"
    return f"{words.measure(row['measure'])}{group} in {_when(row)}"


def _when(row: dict[str, Any]) -> str:
    """Return a figure's year, or its month or those of its quarter: "October to December 2023"."""
    year, of_year = int(row["year"]), row["quarter"].partition("-Q")[2]
    if row["month"]:
        return f"{date.fromisoformat(row['month'] + '-01'):%B} {year}"
    return f"{_QUARTERS[int(of_year) - 1]} {year}" if of_year else str(year)


def _measure(what: str, rows: pd.DataFrame) -> CheckedMeasure:
    name = words.capital(words.measure(what))
    return CheckedMeasure(name, _allowed(rows), _figure(records(rows)[0], _unit(what, rows)))


def _line_of_years(rows: pd.DataFrame, name: str = "") -> list[CheckedLine]:
    """Return a line with every measure by year: "requests 2022", "2023", "mediations 2023"."""
    figures = []
    for what, part in rows.groupby("measure", sort=False):
        for place, row in enumerate(
            records(part.sort_values(["year", "quarter", "month"], kind="stable"))
        ):
            label = "" if place else f"{words.measure(str(what))} "
            figures.append((f"{label}{_when(row)}", _figure(row, _unit(str(what), part))))
    return [CheckedLine(name, _allowed(rows), tuple(figures))] if figures else []


def _lines_of_groups(rows: pd.DataFrame) -> list[CheckedLine]:
    """Return a line for each measure, way of grouping and year: "Plans on time by age, 2024"."""
    lines = []
    for _, part in rows.groupby(["measure", "by", "year"], sort=False):
        first = part.iloc[0]
        unit = _unit(first["measure"], part)
        name = f"{words.capital(words.measure(first['measure']))} by {first['by']}"
        figures = tuple(
            (f"{row['by']} {row['group']}", _figure(row, unit)) for row in records(part)
        )
        lines.append(CheckedLine(f"{name}, {int(first['year'])}", _allowed(part), figures))
    return lines


def _lines_beside(rows: pd.DataFrame) -> list[CheckedLine]:
    """Return a line for each source and year, and one for all parts of years of a source."""
    rows = rows.fillna({"source": ""})
    of_year = _of_year(rows)
    lines = [
        CheckedLine(
            f"{_source(part)}, beside {int(part['year'].iloc[0])}",
            _allowed(part),
            tuple(
                (words.measure(row["measure"]), _figure(row, _unit(row["measure"], part)))
                for row in records(part)
            ),
        )
        for _, part in rows[of_year].groupby(["source", "year"], sort=False)
    ]
    for _, part in rows[~of_year].groupby("source", sort=False):
        lines += _line_of_years(part, f"{_source(part)}, by quarter or month")
    return lines


def _of_year(rows: pd.DataFrame) -> pd.Series[bool]:
    """Return which figures are of a year, not of a part of one."""
    return (rows["quarter"] == "") & (rows["month"] == "")


def _source(rows: pd.DataFrame) -> str:
    return rows["source"].iloc[0] or "Source not known"


def _not_compared(rows: pd.DataFrame) -> list[CheckedLine]:
    """Return a line with the published figures that the model does not count."""
    figures = tuple(
        (told(row), _figure(row, _unit(row["measure"], rows[rows["measure"] == row["measure"]])))
        for row in records(rows)
    )
    name = "Published, but not counted by the model in this way"
    return [CheckedLine(name, NOT_COMPARED, figures)] if figures else []


def _publication(source: str | float) -> str:
    return "" if pd.isna(source) else str(source).partition(": ")[0]


def _series(publication: str) -> str:
    """Return what a publication is an edition of: "DfE SEN2" of "DfE SEN2, 2026 edition"."""
    return publication.partition(",")[0]


def _unit(what: str, rows: pd.DataFrame) -> words.Unit:
    """Return a measure's unit; one that is not known is a share where all its figures could be."""
    if what in NAMED:
        return NAMED[what].unit
    figures = rows[["published", "simulated"]].fillna(0)
    return "share" if bool(((figures >= 0) & (figures <= 1)).all(axis=None)) else "count"


def _figure(row: dict[str, Any], unit: words.Unit) -> CheckedFigure:
    if pd.isna(row["published"]):
        return CheckedFigure(words.NOT_SHOWN, words.NOT_SHOWN, "")
    if row["allowed"] == NOT_COMPARED:
        return CheckedFigure(_quantity(row["published"], unit), "", "")
    simulated, low, high = (
        _simulated(row[name], unit, by_group=row["by"] != "all" and unit == "count")
        for name in ("simulated", "low95", "high95")
    )
    range_ = low if low == high else f"{low} to {high}"
    return CheckedFigure(
        _quantity(row["published"], unit), f"{simulated} ({range_})", _verdict(row)
    )


def _simulated(value: float, unit: words.Unit, by_group: bool) -> str:
    return words.count_by_group(value) if by_group else _quantity(value, unit)


def _quantity(value: float, unit: words.Unit) -> str:
    # The measure's name says that it is in weeks; whole ones would hide what lies outside a range.
    return words.tenths(value) if unit == "weeks" else words.quantity(value, unit)


def _verdict(row: dict[str, Any]) -> str:
    if row["fitted"] and pd.notna(row["within"]):
        return "" if row["within"] else MISSED
    return OUTSIDE if pd.notna(row["in_range"]) and not row["in_range"] else ""


def _allowed(rows: pd.DataFrame) -> str:
    allowed = rows["allowed"].fillna("").unique()
    return words.join([f"± {text}" if text else "not judged" for text in allowed])
