"""The model held against published figures, in words: a table by year, and lines beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records

_WAYS_OF_GROUPING = ("age group", "age", "source", "need", "area")


@dataclass(frozen=True)
class CheckedFigure:
    """One published figure beside what the model says of it, with its 95% range."""

    published: str
    simulated: str
    within: bool
    fitted: bool


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
    """The back-cast: a table of the last year, lines of words, and the sources.

    ``year`` is None where no figure is judged; then there is no table.
    """

    year: int | None
    measures: tuple[CheckedMeasure, ...]
    lines: tuple[CheckedLine, ...]
    sources: tuple[str, ...]


def back_cast(frames: Frames) -> BackCast:
    """Return the back-cast: the judged figures of the last year that has any, and lines beside it.

    The lines hold the judged figures of other years, those that are not judged, those by group, and
    those of another publication than the judged ones. Every miss is told in words besides.
    """
    rows = frames.backcast
    by_group = rows["what"].str.contains(", ", regex=False)
    judged = rows[~by_group & (rows["within"] != "")]
    year = None if judged.empty else int(judged["year"].max())
    table = judged[judged["year"] == year]
    publications = rows["source"].map(_publication)
    alike = publications.isin(publications[judged.index])
    others = rows[~by_group & alike & ~rows.index.isin(table.index)]
    lines = [
        *_line_of_years("Other years", others[others["within"] != ""]),
        *_line_of_years("Other figures", others[others["within"] == ""]),
        *_lines_of_groups(rows[by_group]),
        *_lines_beside(rows[~by_group & ~alike]),
    ]
    return BackCast(
        year,
        tuple(_measure(str(what), row) for what, row in table.groupby("what", sort=False)),
        tuple(lines),
        tuple(source for source in publications[by_group | alike].unique() if source),
    )


def _measure(what: str, rows: pd.DataFrame) -> CheckedMeasure:
    name = words.capital(words.measure(what))
    return CheckedMeasure(name, _allowed(rows), _figure(records(rows)[0], _unit(what, rows)))


def _line_of_years(name: str, rows: pd.DataFrame) -> list[CheckedLine]:
    """Return a line with every measure by year: "requests 2022", "2023", "mediations 2023"."""
    figures = []
    for what, part in rows.groupby("what", sort=False):
        for place, row in enumerate(records(part.sort_values("year", kind="stable"))):
            label = "" if place else f"{words.measure(str(what))} "
            figures.append((f"{label}{int(row['year'])}", _figure(row, _unit(str(what), part))))
    return [CheckedLine(name, _allowed(rows), tuple(figures))] if figures else []


def _lines_of_groups(rows: pd.DataFrame) -> list[CheckedLine]:
    """Return a line for each measure, way of grouping and year: "Plans on time by age, 2024"."""
    if rows.empty:  # as in a scenario without published figures by group
        return []
    parts = rows["what"].str.partition(", ")
    rows = rows.assign(measure=parts[0], group=parts[2], way=parts[2].map(_way_of_grouping))
    lines = []
    for _, part in rows.groupby(["measure", "way", "year"], sort=False):
        first = part.iloc[0]
        unit = _unit(first["measure"], part)
        name = f"{words.capital(words.measure(first['measure']))} by {first['way']}"
        figures = tuple((row["group"], _figure(row, unit)) for row in records(part))
        lines.append(CheckedLine(f"{name}, {int(first['year'])}", _allowed(part), figures))
    return lines


def _lines_beside(rows: pd.DataFrame) -> list[CheckedLine]:
    """Return a line for each source and year, such as a council's own times of 2025."""
    return [
        CheckedLine(
            f"{part['source'].iloc[0] or 'Source not known'}, beside {int(part['year'].iloc[0])}",
            _allowed(part),
            tuple(
                (words.measure(row["what"]), _figure(row, _unit(row["what"], part)))
                for row in records(part)
            ),
        )
        for _, part in rows.fillna({"source": ""}).groupby(["source", "year"], sort=False)
    ]


def _publication(source: str | float) -> str:
    return "" if pd.isna(source) else str(source).partition(": ")[0]


def _way_of_grouping(group: str) -> str:
    return next((way for way in _WAYS_OF_GROUPING if group.startswith(f"{way} ")), "group")


def _unit(what: str, rows: pd.DataFrame) -> words.Unit:
    """Return a measure's unit; one that is not known is a share where all its figures could be."""
    if what in words.MEASURES:
        return words.MEASURES[what].unit
    figures = rows[["published", "simulated"]]
    return "share" if bool(((figures >= 0) & (figures <= 1)).all(axis=None)) else "count"


def _figure(row: dict[str, Any], unit: words.Unit) -> CheckedFigure:
    # The measure's name says that it is in weeks.
    said = "count" if unit == "weeks" else unit
    published, simulated, low, high = (
        words.quantity(row[name], said) for name in ("published", "simulated", "low95", "high95")
    )
    return CheckedFigure(
        published,
        f"{simulated} ({low} to {high})",
        row["within"] != "False",
        bool(row["fitted"]),
    )


def _allowed(rows: pd.DataFrame) -> str:
    allowed = rows["allowed"].fillna("").unique()
    return words.join([f"± {text}" if text else "not judged" for text in allowed])
