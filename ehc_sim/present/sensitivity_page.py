"""Writes the page of a sensitivity analysis: one page that loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ehc_sim.present import sensitivity_words, style, words
from ehc_sim.present.charts import sensitivity
from ehc_sim.present.pages import drawn, environment, headings_and_rows, run_date


def draw_all(table: pd.DataFrame) -> dict[str, style.Chart]:
    """Return the chart of each measure, by its name."""
    return {name: sensitivity.draw(rows) for name, rows in of_each(table).items()}


def of_each(table: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the rows of each measure, in their order."""
    return {str(name): rows for name, rows in table.groupby("measure", sort=False)}


def render(
    table: pd.DataFrame,
    about: Mapping[str, str],
    notes: Sequence[str] = (),
    charts: Mapping[str, style.Chart] | None = None,
) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    table : DataFrame
        As ``Sensitivity.table`` has it.
    about : mapping of str to str
        name (of the scenario), version, seed, runs, futures, created.
    notes : sequence of str
        What a reader should know beside what every such page says.
    charts : mapping of str to Chart, optional
        Charts already drawn, by measure; drawn here if left out.
    """
    charts = draw_all(table) if charts is None else charts
    sections = [
        (
            name,
            words.capital(sensitivity_words.measure(name)),
            sensitivity_words.sentences(rows),
            sensitivity_words.interactions(rows),
            headings_and_rows(sensitivity_words.cells(rows)),
        )
        for name, rows in of_each(table).items()
    ]
    return (
        environment()
        .get_template("sensitivity.html.j2")
        .render(
            title=f"{about['name']}: what decides",
            sections=sections,
            charts=drawn(charts),
            notes=notes,
            about=about,
            run_date=run_date(about["created"]),
        )
    )
