"""Why requests rise: what each part adds to the change, with the range that chance allows."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import style, words
from ehc_sim.present.forecast_frames import ForecastFrames
from ehc_sim.present.frames import records

QUESTIONS = {
    "source": "By who asked",
    "age": "By age",
    "need": "By need",
    "population": "Children, and requests for each",
    "England": "Beside England",
}
"""The questions of the table in their order, and their headings."""
MOST_PARTS = 8
TWELVE = "12 months to "
"""How a period begins that is not a calendar year."""
_ROW_INCHES = 0.25
_HEAD_ROWS = 1.4
_LEFT, _RIGHT = 2.35, 1.75

_CAPTION = "What each part adds to the change of requests."


@style.styled
def draw(frames: ForecastFrames) -> style.Chart:
    """Draw what each part adds to the change of requests.

    Raises
    ------
    NothingToDraw
        If nothing could be compared, or the change could not be taken apart.
    """
    rise = frames.rise
    parts = {question: rise[rise["question"] == question] for question in QUESTIONS}
    shown = {
        _heading(rise, question): _most(rows) for question, rows in parts.items() if not rows.empty
    }
    if not shown:
        raise style.NothingToDraw("the change has no parts")
    height = _ROW_INCHES * sum(len(rows) + _HEAD_ROWS for rows in shown.values())
    figure, (axes,) = style.page(
        title(rise),
        "Requests more or fewer. The parts under each heading add up to the change, that of the "
        "years it names where it names some. Line: 95% range, from chance in the counts and in a "
        "council's year; where it crosses 0 (grey figures), the part cannot be told from chance.",
        height,
        left=_LEFT,
        right=_RIGHT,
        bottom=0.4,
    )
    _rows(axes, shown)
    return style.Chart(figure, _alt_text(rise, shown), _table(shown), _CAPTION)


def title(rise: pd.DataFrame) -> str:
    """Return the whole change as a title."""
    whole = rise[rise["question"] == "all"].iloc[0]
    first, last = (str(whole[end]).removeprefix(TWELVE) for end in ("first", "last"))
    change = words.number(abs(whole["change"]))
    verb = "rose" if whole["change"] > 0 else "fell"
    if not str(whole["last"]).startswith(TWELVE):
        return f"Requests {verb} by {change} from {first} to {last}"
    if int(last.split()[-1]) - int(first.split()[-1]) == 1:
        return f"Requests {verb} by {change} in the year to {last}"
    return f"Requests {verb} {change}: year to {last}, on {first}"


def _heading(rise: pd.DataFrame, question: str) -> str:
    """Return the heading of a question, with its years where they are not those of the change."""
    whole, part = (rise[rise["question"] == q].iloc[0] for q in ("all", question))
    if (whole["first"], whole["last"]) == (part["first"], part["last"]):
        return QUESTIONS[question]
    return f"{QUESTIONS[question]}, {part['first']} to {part['last']}"


def _most(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the parts that change most; the rest is added up as one, without a range."""
    rows = rows.reset_index(drop=True)
    if len(rows) <= MOST_PARTS:
        return rows
    order = rows["change"].abs().sort_values(ascending=False, kind="stable").index
    kept, rest = rows.loc[sorted(order[: MOST_PARTS - 1])], rows.loc[order[MOST_PARTS - 1 :]]
    numbers = rest[["before", "after", "change"]].sum().to_dict()
    other: dict[Any, Any] = {
        **rest.iloc[0].to_dict(),
        **numbers,
        "part": f"{len(rest)} more groups",
    }
    other |= {"low95": float("nan"), "high95": float("nan"), "clear": False}
    return pd.concat([kept, pd.DataFrame([other])], ignore_index=True)


def _rows(axes: Axes, shown: dict[str, pd.DataFrame]) -> None:
    at, heights, labels = 0.0, [], []
    for heading, rows in shown.items():
        at -= _HEAD_ROWS
        heights.append(at)
        labels.append(heading)
        for row in records(rows):
            at -= 1
            heights.append(at)
            labels.append(style.wrap(words.capital(str(row["part"])), 40))
            _one(axes, row, at)
    axes.axvline(0, color=style.DARK, lw=1)
    axes.set_ylim(at - 0.6, 0)
    axes.grid(False, axis="y")
    axes.grid(True, axis="x")
    axes.locator_params(axis="x", nbins=5)
    axes.xaxis.set_major_formatter(lambda value, _: words.signed(value))
    axes.tick_params(length=0)
    style.row_labels(axes, heights, labels)
    for text in axes.texts:
        if text.get_text() in shown:
            text.set_fontweight("bold")
            text.set_fontsize(9)


def _one(axes: Axes, row: dict[str, object], at: float) -> None:
    clear = bool(row["clear"])
    change, low, high = (float(str(row[name])) for name in ("change", "low95", "high95"))
    axes.barh(at, change, height=0.55, color=style.BLUE if clear else style.MID_BLUE)
    if words.known(low):
        style.interval(axes, (low, high), at, style.DARK)
    axes.annotate(
        figures(change, low, high), (1, at), xytext=(6, 0), xycoords=("axes fraction", "data"),
        textcoords="offset points", va="center", fontsize=8.5,
        color="#1A1A1A" if clear else "#595959", annotation_clip=False,
    )  # fmt: skip


def figures(change: float, low: float, high: float) -> str:
    """Return a change with its range: "+43 (−41 to +125)"."""
    if not words.known(low):
        return words.signed(change)
    return f"{words.signed(change)} ({words.signed(low)} to {words.signed(high)})"


def _alt_text(rise: pd.DataFrame, shown: dict[str, pd.DataFrame]) -> str:
    told = [
        f"{heading}: "
        + ", ".join(
            f"{row['part']} {figures(row['change'], row['low95'], row['high95'])}"
            for row in records(rows)
        )
        for heading, rows in shown.items()
    ]
    return f"Bars. {title(rise)}. Parts of the change with 95% ranges. {'. '.join(told)}."


def _table(shown: dict[str, pd.DataFrame]) -> pd.DataFrame:
    rows = [
        {
            "Seen": heading,
            "Part": words.capital(str(row["part"])),
            "Before": words.number(row["before"]) if words.known(row["before"]) else "",
            "After": words.number(row["after"]) if words.known(row["after"]) else "",
            "Change": words.signed(row["change"]),
            "95% range": f"{words.signed(row['low95'])} to {words.signed(row['high95'])}"
            if words.known(row["low95"])
            else "",
            "Percentage points": f"{100 * row['points']:+.1f}".replace("-", "−"),
        }
        for heading, part in shown.items()
        for row in records(part)
    ]
    return pd.DataFrame(rows)
