"""Writes the page of a back-cast of the forecast: one page that loads nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ehc_sim.catalogue.held_out import Held
from ehc_sim.present import backcast_words, style
from ehc_sim.present.charts import held_out
from ehc_sim.present.pages import drawn, environment, headings_and_rows, run_date


def draw_all(table: pd.DataFrame) -> dict[str, style.Chart]:
    """Return the chart of each measure that a forecast is judged by, by its name."""
    rows = backcast_words.main(table)
    return {str(name): held_out.draw(part) for name, part in rows.groupby("measure", sort=False)}


def render(
    table: pd.DataFrame,
    held: Held,
    about: Mapping[str, str],
    notes: Sequence[str] = (),
    charts: Mapping[str, style.Chart] | None = None,
) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    table : DataFrame
        As ``experiment.held_out.held_out`` returns it.
    held : Held
        How many of its ranges held what was published, where nothing was told.
    about : mapping of str to str
        name (of the scenario), known (last year that the forecast was told of), version, seed,
        replications, members, created.
    notes : sequence of str
        What a reader should know beside what every such page says.
    charts : mapping of str to Chart, optional
        Charts already drawn, by measure; drawn here if left out.
    """
    charts = draw_all(table) if charts is None else charts
    tables = [
        (heading, headings_and_rows(backcast_words.cells(table[table["requests"] == given])))
        for given, heading in backcast_words.HEADINGS.items()
    ]
    return (
        environment()
        .get_template("backcast.html.j2")
        .render(
            title=f"{about['name']}: how far the forecast can be trusted",
            trust=backcast_words.trust(table, held),
            sentences=backcast_words.sentences(table),
            tables=tables,
            charts=drawn(charts),
            notes=notes,
            about=about,
            run_date=run_date(about["created"]),
        )
    )
