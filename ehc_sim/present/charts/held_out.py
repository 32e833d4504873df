"""What was foretold of past years, as ranges, with what was published since as a point."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import backcast_words, style, words
from ehc_sim.present.frames import records

_ROW_INCHES = 0.34
_LEFT = 2.3


@style.styled
def draw(table: pd.DataFrame) -> style.Chart:
    """Draw the ranges of one measure, a row for each year and way of knowing the requests.

    Parameters
    ----------
    table : DataFrame
        The rows of one measure, as ``experiment.held_out.held_out`` returns them.
    """
    if table.empty:
        raise style.NothingToDraw("nothing was published since")
    rows = records(table.sort_values(["year", "requests"], kind="stable"))
    name = str(rows[0]["measure"])
    figure, (axes,) = style.page(
        f"Foretold and published: {words.measure(name)}",
        "Thick line: 80% range of the forecast, its middle a bar across; thin line: 95%. Ring: "
        "what was published. Cross: as in the last year that the forecast knew.",
        _ROW_INCHES * len(rows),
        left=_LEFT,
        right=0.4,
        bottom=0.4,
    )
    for place, row in enumerate(rows):
        _one(axes, row, -place)
    axes.set_ylim(-len(rows) + 0.4, 0.6)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    if NAMED[name].unit == "share":
        largest = max(max(row["high95"], row["published"]) for row in rows)
        axes.set_xlim(0, min(1.0, 1.15 * largest + 0.02))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    else:
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
    axes.tick_params(length=0)
    style.row_labels(axes, [-place for place in range(len(rows))], [_label(row) for row in rows])
    caption = f"{words.capital(words.measure(name))} as foretold, and as published since."
    return style.Chart(figure, _alt_text(rows, name), backcast_words.cells(table), caption)


def _one(axes: Axes, row: dict[str, Any], at: float) -> None:
    axes.plot([row["low95"], row["high95"]], [at, at], color=style.MID_BLUE, lw=1.6)
    axes.plot(
        [row["low80"], row["high80"]], [at, at], color=style.BLUE, lw=5, solid_capstyle="butt"
    )
    axes.plot([row["median"]], [at], "|", color=style.BLUE, ms=15, mew=2.4)
    axes.plot(
        [row["published"]], [at], "o", ms=9, mew=2, markerfacecolor="white",
        markeredgecolor=style.INK, zorder=5,
    )  # fmt: skip
    if words.known(row["last_known"]):
        axes.plot([row["last_known"]], [at], "x", color=style.PLUM, ms=8, mew=2.2, zorder=4)


def _label(row: dict[str, Any]) -> str:
    told = "told nothing later" if row["requests"] == "unknown" else "told the requests"
    return f"{row['year']}, {told}"


def _alt_text(rows: list[dict[str, Any]], name: str) -> str:
    said = "; ".join(
        f"{_label(row)}: {backcast_words.amount(row['median'], name)}, 80% range "
        f"{backcast_words.amount(row['low80'], name)} to "
        f"{backcast_words.amount(row['high80'], name)}, published "
        f"{backcast_words.amount(row['published'], name)}"
        for row in rows
    )
    return f"Ranges and points of {words.measure(name)}. {said}."
