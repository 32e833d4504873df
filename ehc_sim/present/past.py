"""The model held against published figures, in words: a table by year, and lines beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records

_MOST_YEARS = 4
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
    """A row of the back-cast: a measure with its figures by year (None where there is none)."""

    name: str
    allowed: str
    figures: tuple[CheckedFigure | None, ...]


@dataclass(frozen=True)
class CheckedLine:
    """Figures of one year that are told in a line: what they are of, and each by its name."""

    name: str
    allowed: str
    figures: tuple[tuple[str, CheckedFigure], ...]


@dataclass(frozen=True)
class BackCast:
    """The back-cast: a table by measure and year, lines of words, and the table's sources."""

    years: tuple[int, ...]
    measures: tuple[CheckedMeasure, ...]
    lines: tuple[CheckedLine, ...]
    sources: tuple[str, ...]


def back_cast(frames: Frames) -> BackCast:
    """Return the back-cast; its table has the latest four years.

    Figures by group, and measures of one year that are not judged, would each make a row of the
    table that is nearly empty: they are told in lines. Every miss is told in words besides.
    """
    rows = frames.backcast
    by_group = rows["what"].str.contains(", ", regex=False)
    alone = rows.groupby("what")["year"].transform("nunique") == 1
    beside = ~by_group & alone & (rows["within"] == "")
    table = rows[~by_group & ~beside]
    years = tuple(sorted(int(year) for year in table["year"].dropna().unique()))[-_MOST_YEARS:]
    return BackCast(
        years,
        tuple(_measure(str(what), part, years) for what, part in table.groupby("what", sort=False)),
        (*_lines_of_groups(rows[by_group]), *_lines_beside(rows[beside])),
        _sources(rows.loc[~beside, "source"]),
    )


def _measure(what: str, rows: pd.DataFrame, years: tuple[int, ...]) -> CheckedMeasure:
    unit = _unit(what, rows)
    by_year = {int(row["year"]): _figure(row, unit) for row in records(rows)}
    return CheckedMeasure(
        words.capital(words.measure(what)),
        _allowed(rows),
        tuple(by_year.get(year) for year in years),
    )


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


def _sources(sources: pd.Series[str]) -> tuple[str, ...]:
    """Return the sources once each; those of one publication together."""
    together: dict[str, list[str]] = {}
    for source in sources.fillna("").unique():
        publication, _, part = source.partition(": ")
        if publication:
            together.setdefault(publication, []).append(part)
    return tuple(
        f"{publication}: {', '.join(part for part in parts if part)}".removesuffix(": ")
        for publication, parts in together.items()
    )


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
