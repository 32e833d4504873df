"""What every page is made with: the templates, and charts as a page shows them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ehc_sim.present import style, words


@dataclass(frozen=True)
class Drawn:
    """A chart as a page shows it."""

    number: int
    svg: Markup
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def environment() -> Environment:
    """Return the templates; whatever a page puts in is escaped."""
    return Environment(
        loader=PackageLoader("ehc_sim.present"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def drawn(charts: Mapping[str, style.Chart]) -> dict[str, Drawn]:
    """Return the charts that have a caption, by name, numbered in their order."""
    told = [(name, chart) for name, chart in charts.items() if chart.caption]
    return {name: _one(chart, name, number) for number, (name, chart) in enumerate(told, start=1)}


def _one(chart: style.Chart, name: str, number: int) -> Drawn:
    return Drawn(
        number,
        Markup(style.inline_svg(chart, name)),
        chart.caption,
        tuple(str(column) for column in chart.data_table.columns),
        tuple(_row(row) for row in chart.data_table.itertuples(index=False)),
    )


def _row(cells: Iterable[Any]) -> tuple[str, ...]:
    return tuple(words.NOT_KNOWN if pd.isna(cell) else str(cell) for cell in cells)


def headings_and_rows(table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Return a table's headings and its rows as text."""
    return list(map(str, table.columns)), [list(map(str, row)) for row in table.to_numpy()]


def run_date(created: str) -> str:
    """Return the day of a time such as "2026-01-05T09:00:00" as "5 January 2026"."""
    try:
        day = datetime.fromisoformat(created)
    except ValueError:
        return created
    return f"{day.day} {day:%B %Y}"
