"""What decides: what each uncertain number does to a measure, from the low end to the high."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import sensitivity_words, style, words
from ehc_sim.present.frames import records

MOST_ROWS = 12
_ROW_INCHES = 0.36
_LEFT = 2.6
_LETTER_INCHES = 0.078
_WIDEST = 38


@style.styled
def draw(table: pd.DataFrame) -> style.Chart:
    """Draw the effects of the numbers that move a measure most.

    Parameters
    ----------
    table : DataFrame
        The rows of one measure, as ``Sensitivity.table`` has them.
    """
    shown = table.head(MOST_ROWS)
    name = str(shown["measure"].iloc[0])
    unit = sensitivity_words.unit(name)
    counted = f" Counted in {unit}." if unit else ""
    widest = max(len(sensitivity_words.amount(row)) for row in records(shown))
    figure, (axes,) = style.page(
        f"What decides: {NAMED[name].words}",
        "Change of the measure from the low end of a number's range to its high end, in the same "
        f"futures.{counted} Line: 95% range. Dark: can be told from no effect, all numbers having "
        "been looked at. “About”: other numbers were at ends of their ranges too.",
        _ROW_INCHES * len(shown),
        left=_LEFT,
        right=0.15 + _LETTER_INCHES * widest,
        bottom=0.4,
    )
    times = 100.0 if NAMED[name].unit == "share" else 1.0
    labels = []
    for place, row in enumerate(records(shown)):
        _bar(axes, row, -place, times)
        labels.append(style.wrap(words.capital(str(row["number"])), _WIDEST))
    axes.axvline(0, color=style.DARK, lw=1)
    axes.set_ylim(-len(shown) + 0.4, 0.6)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    axes.locator_params(axis="x", nbins=4)
    if NAMED[name].unit == "pounds":
        axes.xaxis.set_major_formatter(lambda value, _: words.pounds_short(value))
    else:
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}".replace("-", "−"))
    axes.tick_params(length=0)
    style.row_labels(axes, [-place for place in range(len(shown))], labels)
    caption = f"What moves {sensitivity_words.measure(name)}."
    return style.Chart(figure, _alt_text(shown), sensitivity_words.cells(shown), caption)


def _bar(axes: Axes, row: dict[str, Any], at: float, times: float) -> None:
    clear = bool(row["told_apart"])
    value, low, high = (times * row[name] for name in ("effect", "effect_low", "effect_high"))
    axes.barh(at, value, height=0.55, color=style.BLUE if clear else style.MID_BLUE)
    style.interval(axes, (low, high), at, style.DARK)
    axes.annotate(
        sensitivity_words.amount(row), (1, at), xytext=(6, 0),
        xycoords=("axes fraction", "data"), textcoords="offset points", va="center", fontsize=8.5,
        color=style.INK if clear else style.MUTED, annotation_clip=False,
    )  # fmt: skip


def _alt_text(shown: pd.DataFrame) -> str:
    rows = "; ".join(f"{row['number']}: {sensitivity_words.amount(row)}" for row in records(shown))
    name = str(shown["measure"].iloc[0])
    unit = sensitivity_words.unit(name)
    counted = f", in {unit}" if unit else ""
    return (
        f"Bars. Change of {sensitivity_words.measure(name)} from the low end of each number's "
        f"range to the high end{counted}, with 95% ranges. {rows}."
    )
