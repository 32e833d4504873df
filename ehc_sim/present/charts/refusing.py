"""What refusing to assess costs: hours by kind of work at each rate, and what comes back."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ehc_sim.present import style, words
from ehc_sim.present.frames import records

KINDS = {
    "hours_first_assessments": "First assessments",
    "hours_second_assessments": "Second assessments",
    "hours_disputes": "Disputes",
    "hours_meetings": "Meetings",
    "hours_on_plans": "Plans in place",
}
"""Hours of each kind of work, and what it is called."""

_COLOURS = (style.BLUE, style.ORANGE, style.PLUM, style.TEAL, style.LIGHT_BLUE)
_BAR_INCHES = 0.4
_LEFT, _RIGHT = 0.95, 1.7


@style.styled
def draw(table: pd.DataFrame) -> style.Chart:
    """Draw the hours of each kind of work as a stacked bar for each rate of refusal.

    Parameters
    ----------
    table : DataFrame
        One row a rate, as ``what_refusing_costs`` returns.

    Raises
    ------
    NothingToDraw
        If no hours were worked.
    """
    if not table["hours"].sum() > 0:
        raise style.NothingToDraw("no hours were worked")
    hours = by_kind(table)
    first = words.percent(table["rate"].iloc[0])
    figure, (axes,) = style.page(
        _title(table),
        f"Hours a year of all teams at each share of requests refused, mean of {_futures(table)}, "
        f"{table['years'].iloc[0]}. Beside the bar: of the hours saved on first assessments "
        f"against {first}, the share that comes back as disputes and second assessments.",
        _BAR_INCHES * len(table) + 0.1,
        left=_LEFT,
        right=_RIGHT,
        bottom=0.55,
    )
    middles = [len(table) - 1.0 - row for row in range(len(table))]
    for row, middle in zip(records(hours), middles, strict=True):
        _bar(axes, row, middle)
    _beside(axes, table, middles)
    _key(figure, [str(kind) for kind in hours])
    axes.set_ylim(-0.6, len(table) - 0.4)
    axes.set_xlim(0, 1.02 * float(hours.sum(axis=1).max()))
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(lambda value, _: words.number(value))
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.tick_params(length=0)
    style.row_labels(axes, middles, [f"{words.percent(rate)} refused" for rate in table["rate"]])
    return style.Chart(figure, _alt_text(table, hours), _data_table(table, hours))


def by_kind(table: pd.DataFrame) -> pd.DataFrame:
    """Return the hours a year: a row a rate, a column a kind of work that there is."""
    kinds = ("reviews", "transfers", "reassessments", "contents_appeals")
    of_plans = table[[f"hours_{kind}" for kind in kinds]].sum(axis=1)
    hours = table.assign(hours_on_plans=of_plans)[list(KINDS)]
    return hours.rename(columns=KINDS).loc[:, lambda every: every.sum() > 0]


def answer(table: pd.DataFrame) -> str:
    """Return in words what the highest rate saves against the lowest, and what comes back.

    Parameters
    ----------
    table : DataFrame
        As ``what_refusing_costs`` returns.
    """
    low, high = table.iloc[0], table.iloc[-1]
    told = (
        f"Refusing {words.percent(high['rate'])} of requests instead of "
        f"{words.percent(low['rate'])} takes {figure(high, 'saved')} hours a year off first "
        f"assessments, and brings {figure(high, 'back')} back as disputes and second "
        f"assessments"
    )
    if share_back(high) == words.NOT_KNOWN:
        told += ". What share comes back cannot be told from so few simulated futures."
    else:
        told += f": {share_back(high)} of what was saved."
    if high["later_low"] > 0:
        told += (
            f" Children without a plan have no reviews: {words.number(high['later'])} hours a year "
            "fewer, and more in later years."
        )
    else:
        told += " Less work on plans in place does not show yet in these years."
    return told + in_pounds(table)


def in_pounds(table: pd.DataFrame) -> str:
    """Return in words the pounds that the highest rate saves, and those that come back."""
    high = table.iloc[-1]
    told = (
        f" In pounds: {figure(high, 'pounds_saved')} a year off first assessments, and "
        f"{figure(high, 'pounds_back')} come back, with what appeals and mediations cost "
        "beside these hours where the scenario has their prices"
    )
    share = share_back(high, "pounds_")
    return told + ("." if share == words.NOT_KNOWN else f": {share}.")


def figure(row: pd.Series, name: str) -> str:
    """Return hours or pounds, with their range where that takes in none or is not known."""
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    pounds = name.startswith("pounds_")
    said, ends = (
        (words.pounds, words.pounds_range) if pounds else (words.number, words.number_range)
    )
    certain = low > 0 or high < 0 or low == high
    return said(row[name]) + ("" if certain else f" ({ends(low, high)})")


def share_back(row: pd.Series, of: str = "") -> str:
    """Return the share that comes back of the hours saved, or of the ``pounds_``, and its range."""
    if not row[f"{of}saved_low"] > 0:
        return words.NOT_KNOWN
    return words.share_figures(*(row[f"{of}share_back{end}"] for end in ("", "_low", "_high")))


def _futures(table: pd.DataFrame) -> str:
    count = int(table["replications"].iloc[0])
    return f"{count} simulated {words.plural(count, 'future', 'futures')}"


def _bar(axes: Axes, hours: dict[str, float], middle: float) -> None:
    left = 0.0
    for kind, of_kind in hours.items():
        colour = _COLOURS[list(KINDS.values()).index(kind)]
        axes.barh(
            middle, of_kind, height=0.6, left=left, color=colour, edgecolor="white", linewidth=0.8
        )
        left += of_kind


def _beside(axes: Axes, table: pd.DataFrame, middles: list[float]) -> None:
    """Write beside each bar what share of the hours saved comes back."""
    for (_, row), middle in zip(table.iterrows(), middles, strict=True):
        first = middle == middles[0]
        axes.annotate(
            "lowest rate" if first else share_back(row),
            (1, middle),
            xytext=(6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            annotation_clip=False,
        )


def _key(figure: Figure, kinds: list[str]) -> None:
    """Name the colours in a line below the bars, centred on the page."""
    level = 0.12
    texts = [
        figure.text(0, level, kind, transform=figure.dpi_scale_trans, fontsize=8.5, va="center")
        for kind in kinds
    ]
    wide = []
    for text in texts:
        left, _, right, _ = style.bounds(text, figure)
        wide.append(right - left)
    at = (style.WIDTH - sum(wide) - 0.36 * len(wide)) / 2
    for text, size, kind in zip(texts, wide, kinds, strict=True):
        colour = _COLOURS[list(KINDS.values()).index(kind)]
        figure.add_artist(
            Rectangle(
                (at, level - 0.055), 0.13, 0.11, color=colour, transform=figure.dpi_scale_trans
            )
        )
        text.set_x(at + 0.18)
        at += size + 0.36


def _title(table: pd.DataFrame) -> str:
    last = table.iloc[-1]
    if share_back(last) == words.NOT_KNOWN:
        return "What comes back of the hours saved is not known"
    if last["share_back_low"] > 0:
        return f"Refusing more: {words.percent(last['share_back'])} of the hours saved come back"
    return "Refusing more: no hours are seen to come back"


def _alt_text(table: pd.DataFrame, hours: pd.DataFrame) -> str:
    parts = []
    for (_, row), of_rate in zip(table.iterrows(), records(hours), strict=True):
        kinds = [f"{words.uncapital(k)} {words.number(v)}" for k, v in of_rate.items()]
        back = "" if row["saved"] == 0 else f"; share that comes back {share_back(row)}"
        parts.append(f"{words.percent(row['rate'])} refused: {words.join(kinds)}{back}")
    return (
        f"Stacked bars: hours a year of all teams by kind of work at each share of requests "
        f"refused, mean of {_futures(table)}, {table['years'].iloc[0]}. {'. '.join(parts)}."
    )


def _data_table(table: pd.DataFrame, hours: pd.DataFrame) -> pd.DataFrame:
    numbers = hours.map(words.number)
    numbers.insert(0, "Refused", [words.percent(rate) for rate in table["rate"]])
    numbers["All hours"] = [words.number(value) for value in table["hours"]]
    numbers["Comes back"] = [
        "–" if place == 0 else share_back(row) for place, (_, row) in enumerate(table.iterrows())
    ]
    return numbers
