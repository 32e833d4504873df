"""The model held against published figures, in words: first those that set none of its numbers."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records


@dataclass(frozen=True)
class CheckedFigure:
    """One published figure beside what the model says of it, with its 95% range.

    ``verdict`` is "outside" of a figure that set none of the model's numbers and is not in that
    range, "missed" of one that did and is not as near as is allowed, and else empty.
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
    ``year`` is None where no used figure is judged; then there is no table.
    """

    checks: tuple[CheckedLine, ...]
    year: int | None
    measures: tuple[CheckedMeasure, ...]
    lines: tuple[CheckedLine, ...]
    sources: tuple[str, ...]


def back_cast(frames: Frames) -> BackCast:
    """Return the back-cast, the figures first that set none of the model's numbers.

    Of those that did, the judged ones of the last year make a table, and the others stand in lines.
    """
    rows = frames.backcast
    used = rows["fitted"].astype(bool)
    by_group = rows["by"] != "all"
    judged = rows[used & ~by_group & rows["within"].notna()]
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
        ),
        tuple(source for source in publications[publications.isin(main)].unique() if source),
    )


def outside(frames: Frames) -> tuple[pd.DataFrame, int]:
    """Return the never used figures outside their 95% range, farthest first; and of how many.

    How far is measured by the width of the range.
    """
    rows = frames.backcast
    checks = rows[~rows["fitted"].astype(bool) & rows["in_range"].notna()]
    missed = checks[~checks["in_range"].astype(bool)]
    off = (missed["published"] - missed[["low95", "high95"]].mean(axis=1)).abs()
    width = missed["high95"] - missed["low95"]
    order = (off / width.where(width > 0)).fillna(float("inf")).sort_values(ascending=False)
    return missed.loc[order.index], len(checks)


def used(frames: Frames) -> tuple[pd.DataFrame, int]:
    """Return the judged figures that set the model's numbers and are missed; and of how many."""
    rows = frames.backcast
    judged = rows[rows["fitted"].astype(bool) & rows["within"].notna()]
    return judged[~judged["within"].astype(bool)], len(judged)


def told(row: dict[str, Any]) -> str:
    """Return what a figure is of: "plans issued on time, age 12, in 2024"."""
    group = "" if row["by"] == "all" else f", {row['by']} {row['group']},"
    return f"{words.measure(row['measure'])}{group} in {int(row['year'])}"


def _measure(what: str, rows: pd.DataFrame) -> CheckedMeasure:
    name = words.capital(words.measure(what))
    return CheckedMeasure(name, _allowed(rows), _figure(records(rows)[0], _unit(what, rows)))


def _line_of_years(rows: pd.DataFrame, name: str = "") -> list[CheckedLine]:
    """Return a line with every measure by year: "requests 2022", "2023", "mediations 2023"."""
    figures = []
    for what, part in rows.groupby("measure", sort=False):
        for place, row in enumerate(records(part.sort_values("year", kind="stable"))):
            label = "" if place else f"{words.measure(str(what))} "
            figures.append((f"{label}{int(row['year'])}", _figure(row, _unit(str(what), part))))
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
    """Return a line for each source and year, such as a council's own times of 2025."""
    return [
        CheckedLine(
            f"{part['source'].iloc[0] or 'Source not known'}, beside {int(part['year'].iloc[0])}",
            _allowed(part),
            tuple(
                (words.measure(row["measure"]), _figure(row, _unit(row["measure"], part)))
                for row in records(part)
            ),
        )
        for _, part in rows.fillna({"source": ""}).groupby(["source", "year"], sort=False)
    ]


def _publication(source: str | float) -> str:
    return "" if pd.isna(source) else str(source).partition(": ")[0]


def _series(publication: str) -> str:
    """Return what a publication is an edition of: "DfE SEN2" of "DfE SEN2, 2026 edition"."""
    return publication.partition(",")[0]


def _unit(what: str, rows: pd.DataFrame) -> words.Unit:
    """Return a measure's unit; one that is not known is a share where all its figures could be."""
    if what in NAMED:
        return NAMED[what].unit
    figures = rows[["published", "simulated"]]
    return "share" if bool(((figures >= 0) & (figures <= 1)).all(axis=None)) else "count"


def _figure(row: dict[str, Any], unit: words.Unit) -> CheckedFigure:
    if pd.isna(row["published"]):
        return CheckedFigure(words.NOT_SHOWN, words.NOT_SHOWN, "")
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
    if not row["fitted"]:
        return "" if row["in_range"] else "outside"
    return "missed" if pd.notna(row["within"]) and not row["within"] else ""


def _allowed(rows: pd.DataFrame) -> str:
    allowed = rows["allowed"].fillna("").unique()
    return words.join([f"± {text}" if text else "not judged" for text in allowed])
