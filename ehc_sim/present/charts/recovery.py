"""What clearing the backlog does to the published percentage, beside what it does for children."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import style, words
from ehc_sim.present.charts.labels import spread
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import shown_with_an_order

MEASURES = {
    "issued_on_time_12m": "Issued on time, as DfE counts it (12 months)",
    "mean_weeks": "Mean weeks of the plans issued",
    "open_cases": "Open cases",
    "overdue_cases": "Cases past 20 weeks",
    "oldest_weeks": "Oldest case without a draft, weeks",
    "issued_over_52_weeks": "Issued after more than a year",
}
"""The published percentage, and beside it what it does not show. A mean over the plans issued
leaves out whoever still waits, so it never stands without those panels."""
_LOOKS = ((style.DARK, "-", "D"), (style.BLUE, "--", "o"), (style.PLUM, ":", "s"))
_JUDGED_BY = ("issued_on_time_12m", "overdue_cases")
_MARK_EVERY_MONTHS = 6
_PANEL_INCHES, _GAP_INCHES = 0.88, 0.44
_A_FALL = 0.03
"""A percentage that moves by less than three points is not said to fall or rise."""
_TOPS_OF_SHARES = (0.2, 0.4, 0.6, 0.8, 1.0)

_CAPTION = "The percentage as DfE counts it beside what children experience, both simulated."


@style.styled
def draw(frames: Frames, scenarios: Sequence[str] | None = None) -> style.Chart:
    """Draw the published percentage beside mean weeks, open cases, those overdue and the oldest.

    Parameters
    ----------
    frames : Frames
        Of which ``monthly`` is used.
    scenarios : sequence of str, optional
        At most three. By default the baseline, the option that leads the page and, where there is
        one, that which only changes who is seen first and leaves most cases overdue.

    Raises
    ------
    NothingToDraw
        If none of the measures is known.
    """
    names = list(scenarios) if scenarios is not None else shown_with_an_order(frames)
    lines = {
        measure: {name: _line(frames, name, measure) for name in names} for measure in MEASURES
    }
    lines = {measure: rows for measure, rows in lines.items() if _known(rows)}
    if not lines:
        raise style.NothingToDraw("no scenario has a month of these measures")
    baseline = frames.comparison["scenario"].iloc[0]
    titles = [f"Baseline: {name}" if name == baseline else name for name in names]
    key_lines = [style.wrap(label, 34 if len(names) > 2 else 52) for label in titles]
    rows = -(-len(lines) // 2)
    figure, panels = style.page(
        _title(lines),
        "Middle of the simulated futures in each month; the figures are those of the last month.",
        _PANEL_INCHES * rows + _GAP_INCHES * (rows - 1),
        left=0.5,
        right=0.5,
        bottom=0.24,
        panels=(rows, 2),
        gap=(_GAP_INCHES, 0.95),
        head=0.25 + 0.15 * max(label.count("\n") for label in key_lines) + 0.22,
    )
    _key(figure, key_lines)
    for axes, (measure, by_name) in zip(panels, lines.items(), strict=False):
        _panel(axes, measure, by_name)
    for axes in panels[len(lines) :]:
        axes.set_axis_off()
    return style.Chart(figure, _alt_text(lines), _table(lines), _CAPTION)


def _line(frames: Frames, name: str, measure: str) -> pd.DataFrame:
    rows = frames.series("monthly", scenario=name, measure=measure).dropna(subset=["median"])
    return rows if frames.plan_from is None else rows[rows["month"] >= frames.plan_from]


def _known(by_name: dict[str, pd.DataFrame]) -> bool:
    return any(not rows.empty for rows in by_name.values())


def _key(figure: Figure, labels: list[str]) -> None:
    """Show each scenario's kind of line above the panels."""
    height = figure.get_figheight()
    wide = (style.WIDTH - 0.1) / len(labels)
    for place, (label, look) in enumerate(zip(labels, _LOOKS, strict=False)):
        colour, dashes, marker = look
        left, level = place * wide, height - 0.62
        figure.add_artist(
            Line2D(
                [left + 0.02, left + 0.22, left + 0.42],
                [level] * 3,
                color=colour,
                ls=dashes,
                lw=1.8,
                marker=marker,
                ms=4,
                markevery=[1],
                transform=figure.dpi_scale_trans,
            )
        )
        figure.text(
            left + 0.5,
            level + 0.07,
            label,
            transform=figure.dpi_scale_trans,
            fontsize=8.5 if len(labels) < 3 else 8,  # 34 letters fit into a third of the width
            va="top",
            linespacing=1.15,
        )


def _panel(axes: Axes, measure: str, by_name: dict[str, pd.DataFrame]) -> None:
    axes.set_title(MEASURES[measure], fontsize=9, fontweight="bold", loc="left", pad=5)
    drawn = [(look, rows) for look, rows in zip(_LOOKS, by_name.values(), strict=False)]
    drawn = [(look, rows) for look, rows in drawn if not rows.empty]
    for (colour, dashes, marker), rows in drawn:
        axes.plot(
            rows["month"],
            rows["median"],
            color=colour,
            ls=dashes,
            lw=1.8,
            marker=marker,
            ms=4,
            markevery=_MARK_EVERY_MONTHS,
        )
    unit = NAMED[measure].unit
    top = _top_of_shares(drawn) if unit == "share" else _top(drawn)
    axes.set_ylim(0, top)
    if unit == "share":
        ticks = [0, top / 2, top]
        axes.set_yticks(ticks, labels=[f"{tick:.0%}" for tick in ticks])
    else:
        axes.locator_params(axis="y", nbins=4, integer=True)
        axes.yaxis.set_major_formatter(lambda value, _: words.number(value))
    style.year_axis(axes, "%Y")
    axes.tick_params(length=0)
    _end_figures(axes, drawn, top, unit)


def _end_figures(
    axes: Axes,
    drawn: list[tuple[tuple[str, str, str], pd.DataFrame]],
    top: float,
    unit: words.Unit,
) -> None:
    ends = [float(rows["median"].iloc[-1]) for _, rows in drawn]
    heights = spread(ends, 0.17 * top, 0.03 * top, 0.97 * top)
    for (look, _), end, height in zip(drawn, ends, heights, strict=True):
        shown_end = words.percent(end) if unit == "share" else words.number(end)
        axes.plot(
            [1.035],
            [height],
            look[2],
            color=look[0],
            ms=4,
            transform=axes.get_yaxis_transform(),
            clip_on=False,
        )
        axes.annotate(
            shown_end,
            (1.07, height),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=8.5,
            annotation_clip=False,
        )


def _highest(drawn: list[tuple[tuple[str, str, str], pd.DataFrame]]) -> float:
    return max((float(rows["median"].max()) for _, rows in drawn), default=0.0)


def _top(drawn: list[tuple[tuple[str, str, str], pd.DataFrame]]) -> float:
    return max(1.0, 1.12 * _highest(drawn))


def _top_of_shares(drawn: list[tuple[tuple[str, str, str], pd.DataFrame]]) -> float:
    """Return an end for an axis of shares that leaves room above the lines and shows a dip."""
    return next((top for top in _TOPS_OF_SHARES if top >= 1.1 * _highest(drawn)), 1.0)


def _title(lines: dict[str, dict[str, pd.DataFrame]]) -> str:
    share, late = ({n: r for n, r in lines.get(m, {}).items() if len(r)} for m in _JUDGED_BY)
    if any(_falls_then_rises(rows) for rows in share.values()):
        return "Clearing a backlog: the percentage falls before it rises"
    both = [name for name in share if name in late]
    if len(both) < 2:
        return "The percentage, beside the cases that wait"
    best = max(both, key=lambda name: share[name]["median"].iloc[-1])
    fewest = min(both, key=lambda name: late[name]["median"].iloc[-1])
    if best == fewest:
        return "The best percentage also leaves the fewest cases late"
    return "The best percentage does not leave the fewest cases late"


def _falls_then_rises(rows: pd.DataFrame) -> bool:
    shares = rows["median"]
    lowest = shares.min()
    return bool(lowest < shares.iloc[0] - _A_FALL and shares.iloc[-1] > lowest + _A_FALL)


def _alt_text(lines: dict[str, dict[str, pd.DataFrame]]) -> str:
    parts = []
    for measure, by_name in lines.items():
        unit = NAMED[measure].unit
        ends = [
            f"{name} from {words.quantity(rows['median'].iloc[0], unit)} to "
            f"{words.quantity(rows['median'].iloc[-1], unit)}"
            for name, rows in by_name.items()
            if not rows.empty
        ]
        if ends:
            parts.append(f"{MEASURES[measure]}: {'; '.join(ends)}")
    charts = words.capital(words.how_many(len(lines)))
    return (
        f"{charts} line charts, middle of the simulated futures, from the planning period's first "
        f"month to its last. "
        f"{'. '.join(parts)}."
    )


def _table(lines: dict[str, dict[str, pd.DataFrame]]) -> pd.DataFrame:
    """Return the last month of each year, with the range of 8 in 10 futures."""
    table = []
    for measure, by_name in lines.items():
        unit = NAMED[measure].unit
        for name, rows in by_name.items():
            for _, row in rows.groupby(rows["month"].dt.year).tail(1).iterrows():
                low, high = (words.quantity(row[end], unit) for end in ("low80", "high80"))
                table.append(
                    {
                        "Measure": MEASURES[measure],
                        "Option": name,
                        "Month": f"{row['month']:%B %Y}",
                        "Middle": words.quantity(row["median"], unit),
                        "8 in 10 futures": low if low == high else f"{low} to {high}",
                    }
                )
    return pd.DataFrame(table)
