"""One look for every chart, after the Government Analysis Function's style, and saving them.

Text is laid out in DejaVu Sans, which comes with matplotlib, so a chart is the same on every
machine; what is saved asks for Arial first, which is narrower, so nothing can run over.
"""

import io
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import wraps
from html import escape
from importlib.resources import as_file, files
from typing import Any, NamedTuple, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

import matplotlib as mpl
import matplotlib.dates as mdates
import matplotlib.style as mpl_style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

BLUE, TEAL, PLUM, ORANGE, DARK = "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D"
"""The Analysis Function's palette of categories."""
INK = "#1A1A1A"
MUTED = "#595959"
"""Grey for what matters less; dark enough for small text on white."""
LIGHT_BLUE, MID_BLUE = "#C6D9EA", "#6BACE6"

WIDTH = 7.2
"""Inches: the text width of an A4 page, so that print sizes are true."""
PNG_DOTS_AN_INCH = 200

_OWN: dict[Any, Any] = {
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": "#D9D9D9",
    "figure.facecolor": "white",
    "text.hinting": "none",
    "svg.fonttype": "none",
}
_VIEWER_FONTS = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans'"

Asked = ParamSpec("Asked")
Tables = TypeVar("Tables")


class NothingToDraw(ValueError):  # noqa: N818
    """The tables hold nothing that this chart shows."""


class Chart(NamedTuple):
    """A chart, the same in words, and the numbers in it.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    alt_text : str
        What the chart shows, made from its numbers.
    data_table : pandas.DataFrame
        The numbers drawn, with plain column names; small counts by group are left out.
    caption : str
        What stands below it on a page; empty for one that is on none.
    """

    figure: Figure
    alt_text: str
    data_table: pd.DataFrame
    caption: str = ""


def drawn_of(charts: Mapping[str, Callable[[Tables], Chart]], frames: Tables) -> dict[str, Chart]:
    """Return the charts that the tables have numbers for, by name, in their order."""
    drawn = {}
    for name, draw in charts.items():
        with suppress(NothingToDraw):
            drawn[name] = draw(frames)
    return drawn


@contextmanager
def drawing() -> Iterator[None]:
    """Use the charts' look inside a ``with`` block; the caller's settings come back after it."""
    with as_file(files("afcharts") / "afcharts.mplstyle") as sheet, mpl_style.context(sheet):
        mpl.rcParams.update(_OWN)
        yield


def styled(draw: Callable[Asked, Chart]) -> Callable[Asked, Chart]:
    """Make a function draw in the charts' look."""

    @wraps(draw)
    def in_style(*args: Asked.args, **kwargs: Asked.kwargs) -> Chart:
        with drawing():
            return draw(*args, **kwargs)

    return in_style


def page(
    title: str,
    under: str,
    height: float,
    *,
    left: float,
    right: float,
    bottom: float,
    panels: tuple[int, int] = (1, 1),
    gap: tuple[float, float] = (0.3, 0.3),
    head: float = 0.0,
) -> tuple[Figure, list[Axes]]:
    """Return a figure of the page's width with a title, a line under it, and panels.

    Parameters
    ----------
    title : str
        What the chart shows, in at most ten words.
    under : str
        What is measured, and how to read it.
    height : float
        Inches for the panels alone; title and margins come on top.
    left, right, bottom : float
        Margins in inches.
    panels : (int, int)
        Rows and columns.
    gap : (float, float)
        Inches between rows and between columns.
    head : float
        Inches kept free between the line under the title and the panels.
    """
    lines = textwrap.wrap(under, 110)
    top = 0.32 + 0.17 * len(lines) + 0.08 + head
    whole = top + height + bottom
    figure = Figure(figsize=(WIDTH, whole))
    figure.text(0.0, 1 - 0.04 / whole, title, fontsize=12, fontweight="bold", va="top")
    figure.text(
        0.0, 1 - 0.3 / whole, "\n".join(lines), fontsize=8.5, color=DARK, va="top", linespacing=1.3
    )
    rows, columns = panels
    panel_height = (height - gap[0] * (rows - 1)) / rows
    panel_width = (WIDTH - left - right - gap[1] * (columns - 1)) / columns
    grid = figure.subplots(
        rows,
        columns,
        squeeze=False,
        gridspec_kw={
            "left": left / WIDTH,
            "right": 1 - right / WIDTH,
            "top": 1 - top / whole,
            "bottom": bottom / whole,
            "hspace": gap[0] / panel_height,
            "wspace": gap[1] / panel_width,
        },
    )
    return figure, list(grid.flat)


def svg_text(chart: Chart, name: str) -> str:
    """Return a chart as an SVG document: the same bytes for the same chart, with its words inside.

    Parameters
    ----------
    name : str
        Name of the chart; put before every id, so that several charts can share a page.

    Notes
    -----
    A chart stands on a page and is a file beside it: it is drawn once for both.
    """
    known = _DRAWN.setdefault(chart.figure, {})
    if (name, chart.alt_text) not in known:
        known[name, chart.alt_text] = _svg_text(chart, name)
    return known[name, chart.alt_text]


_DRAWN: WeakKeyDictionary[Figure, dict[tuple[str, str], str]] = WeakKeyDictionary()
"""Texts of the figures that are still in use, by the name and the words of their charts."""


def _svg_text(chart: Chart, name: str) -> str:
    buffer = io.StringIO()
    with drawing():
        mpl.rcParams["svg.hashsalt"] = name
        chart.figure.savefig(buffer, format="svg", metadata={"Date": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = text.replace("'DejaVu Sans', sans-serif", f"{_VIEWER_FONTS}, sans-serif")
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(xlink:href="#|url\(#)', rf"\g<1>{name}-", text)
    opening = f'<svg role="img" aria-label="{escape(chart.alt_text)}"'
    return text.replace("<svg", opening, 1)


def inline_svg(chart: Chart, name: str) -> str:
    """Return a chart as an SVG element to put in a page: it takes the width it is given."""
    text = svg_text(chart, name)
    text = re.sub(r' (?:xmlns(?::xlink)?)="[^"]*"', "", text)
    text = re.sub(r' (?:width|height)="[\d.]+pt"', "", text)
    # matplotlib's only style sheet speaks to every element of the page it lands in.
    return re.sub(r"\s*<defs>\s*<style[^>]*>.*?</style>\s*</defs>", "", text, flags=re.DOTALL)


def png_bytes(chart: Chart) -> bytes:
    """Return a chart as a PNG picture, for Word and slides."""
    buffer = io.BytesIO()
    with drawing():
        families = ["Arial", "Liberation Sans", "DejaVu Sans"]
        mpl.rcParams["font.sans-serif"] = families
        chart.figure.savefig(
            buffer, format="png", dpi=PNG_DOTS_AN_INCH, metadata={"Software": None}
        )
    return buffer.getvalue()


def wrap(text: str, width: int) -> str:
    """Return text on lines of at most `width` characters, of about equal length."""
    lines = textwrap.wrap(text, width)
    for narrower in range(width - 1, 0, -1):
        even = textwrap.wrap(text, narrower)
        if len(even) > len(lines) or max(map(len, even), default=0) > narrower:
            break
        lines = even
    return "\n".join(lines) or text


def interval(axes: Axes, ends: tuple[float, float], height: float, colour: str) -> None:
    """Draw a range from left to right as a line with ends, so that a narrow one shows."""
    axes.plot(ends, [height, height], "|-", color=colour, lw=1.8, ms=9, mew=1.8)


def row_labels(axes: Axes, heights: Sequence[float], labels: Sequence[str], bold: str = "") -> None:
    """Name the rows of a dot plot, right up to its left edge; a label may have several lines.

    Each line is a text of its own, so that it ends at the edge in whatever font it is shown.
    `bold` is the label that is set in bold.
    """
    axes.set_yticks(list(heights), labels=[""] * len(heights))
    for height, label in zip(heights, labels, strict=True):
        lines = label.split("\n")
        for place, line in enumerate(lines):
            axes.annotate(
                line,
                (0, height),
                xytext=(-6, 11 * ((len(lines) - 1) / 2 - place)),
                xycoords=("axes fraction", "data"),
                textcoords="offset points",
                ha="right",
                va="center",
                fontsize=8.5,
                fontweight="bold" if label == bold else "normal",
                annotation_clip=False,
            )


def year_axis(axes: Axes, form: str, every: int = 1, month: int = 1) -> None:
    """Mark a time axis once in so many years, at a month, in a form such as "%Y"."""
    locator = mdates.YearLocator(every, month=month)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.DateFormatter(form))  # type: ignore[no-untyped-call]


def percent_axis(axes: Axes, which: str = "y") -> None:
    """Label an axis of shares from 0 to 1 as 0% to 100%."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    marks = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    axis.set_ticks(marks, labels=[f"{mark:.0%}" for mark in marks])


def bounds(text: Text, figure: Figure) -> tuple[float, float, float, float]:
    """Return a text's left, bottom, right and top in inches of the figure."""
    box = text.get_window_extent()
    dots = figure.dpi
    return box.x0 / dots, box.y0 / dots, box.x1 / dots, box.y1 / dots
