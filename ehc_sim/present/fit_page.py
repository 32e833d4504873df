"""Writes the page of a calibration: what was matched, what is known, what to measure next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from ehc_sim.present import fit_words
from ehc_sim.present.pages import environment

Cells = tuple[Sequence[str], Sequence[Sequence[str]]]


def render(
    figures: pd.DataFrame,
    explanations: pd.DataFrame,
    numbers: pd.DataFrame,
    trade_offs: pd.DataFrame,
    about: Mapping[str, str],
) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    figures, explanations, numbers, trade_offs : DataFrame
        As ``calibration.fit`` has them.
    about : mapping of str to str
        name (of the council), version, seed, runs, members, effective, from, until.
    """
    of_all = figures[figures["explanation"] == fit_words.ALL]
    return (
        environment()
        .get_template("fit.html.j2")
        .render(
            title=f"{about['name']}: what the figures say",
            about=about,
            lead=fit_words.lead(of_all, explanations),
            known=fit_words.known(numbers),
            explained=fit_words.explained(explanations),
            explanations=fit_words.cells_of_explanations(explanations),
            figures=fit_words.cells_of_figures(of_all),
            apart=[
                (name, fit_words.cells_of_figures(rows))
                for name, rows in figures.groupby("explanation", sort=False)
                if name != fit_words.ALL
            ],
            numbers=fit_words.cells_of_numbers(numbers),
            trade_offs=fit_words.of_trade_offs(trade_offs),
            next_steps=fit_words.to_measure(numbers, figures),
        )
    )
