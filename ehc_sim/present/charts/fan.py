"""The share on time, month by month, with its ranges, after the years that are published."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import style, words
from ehc_sim.present.charts.labels import spread
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import Standing, shown_beside_baseline, standing

MEASURE = "issued_on_time_12m"
_YEARS_BACK = 8
_PANEL_INCHES = 1.4
_LABEL_GAP_INCHES = 0.31
"""Least distance between the middles of the two labels in a panel's margin."""

_CAPTION = "The share of plans on time by month, simulated, after the years DfE has published."


@style.styled
def draw(frames: Frames, scenarios: Sequence[str] | None = None) -> style.Chart:
    """Draw the share of plans on time over the last 12 months, one panel a scenario.

    Parameters
    ----------
    frames : Frames
        Of which ``monthly``, ``history`` and ``comparison`` are used.
    scenarios : sequence of str, optional
        At most two; by default the baseline and the option that leads the page.

    Raises
    ------
    NothingToDraw
        If no scenario has a known month.

    Notes
    -----
    A year's published percentage is a share over 12 months, so it stands at its December.
    """
    now = standing(frames)
    past = published(frames)
    names = list(scenarios) if scenarios is not None else shown_beside_baseline(frames)
    ahead = {name: _ahead(frames, name, past) for name in names}
    ahead = {name: rows for name, rows in ahead.items() if not rows.empty}
    if not ahead:
        raise style.NothingToDraw(f"no scenario has a month of {MEASURE}")
    labels = [
        style.wrap(f"Baseline: {name}" if name == now.baseline.scenario else name, 80 // len(ahead))
        for name in ahead
    ]
    figure, panels = style.page(
        _title(now, ahead),
        "Plans issued within 20 weeks as a share of those issued in the last 12 months. Squares: "
        "published by DfE. Line: middle of the simulated futures. Dark band: 8 in 10 of them; "
        "light band: 19 in 20.",
        _PANEL_INCHES,
        left=0.45,
        right=1.0,
        bottom=0.38,
        panels=(1, len(ahead)),
        gap=(0.3, 1.0),
        head=0.22 + 0.16 * max(label.count("\n") for label in labels),
    )
    for axes, rows, label in zip(panels, ahead.values(), labels, strict=True):
        _panel(axes, rows, past, now)
        axes.set_title(label, fontsize=9.5, fontweight="bold", loc="left", pad=6)
        if axes is not panels[0]:
            axes.set_yticklabels([])
    return style.Chart(figure, _alt_text(now, ahead, past), _table(ahead, past), _CAPTION)


def published(frames: Frames) -> pd.DataFrame:
    """Return the published share on time by year: columns month (December) and value."""
    rows = frames.history[frames.history["measure"].isin(["issued_on_time", "on_time"])]
    rows = rows.dropna(subset=["value"]).sort_values("year").tail(_YEARS_BACK)
    months = pd.to_datetime(rows["year"].astype(int).astype(str) + "-12-01")
    return pd.DataFrame({"month": months.to_numpy(), "value": rows["value"].to_numpy()})


def _ahead(frames: Frames, name: str, past: pd.DataFrame) -> pd.DataFrame:
    """Months from the plan's first, or from the month after the published years if earlier."""
    rows = frames.series("monthly", scenario=name, measure=MEASURE).dropna(subset=["median"])
    starts = [day for day in (frames.plan_from,) if day is not None]
    if not past.empty:
        starts.append(past["month"].max() + pd.DateOffset(months=1))
    return rows[rows["month"] >= min(starts)] if starts else rows


def _panel(axes: Axes, rows: pd.DataFrame, past: pd.DataFrame, now: Standing) -> None:
    months = rows["month"].to_numpy()
    axes.fill_between(months, rows["low95"], rows["high95"], color=style.LIGHT_BLUE, lw=0)
    axes.fill_between(months, rows["low80"], rows["high80"], color=style.MID_BLUE, lw=0)
    for edge in ("low95", "high95"):
        axes.plot(months, rows[edge], color=style.BLUE, lw=0.6)
    axes.plot(months, rows["median"], color=style.BLUE, lw=2.2)
    axes.plot(past["month"], past["value"], color=style.DARK, lw=1, ls=(0, (1, 1.5)))
    axes.plot(past["month"], past["value"], "s", color=style.DARK, ms=4.5)
    target = now.baseline.target
    axes.axhline(target, color=style.PLUM, lw=1.4, ls=(0, (5, 2)))
    _margin(axes, rows.iloc[-1], target)
    axes.set_ylim(0, 1)
    style.percent_axis(axes)
    style.year_axis(axes, "Dec\n%Y", every=2, month=12)
    axes.tick_params(length=0)


def _margin(axes: Axes, last: pd.Series, target: float) -> None:
    """Mark the last month; say its figures and the target in the margin, clear of every line."""
    axes.plot(
        [last["month"]], [last["median"]], "o", color=style.ORANGE, ms=6, mec="white", clip_on=False
    )
    figures = (
        f"{last['month']:%b %Y}:\n{words.percent(last['median'])}\n"
        f"({words.percent_range(last['low80'], last['high80'])})"
    )
    gap = _LABEL_GAP_INCHES / _PANEL_INCHES
    heights = spread([float(last["median"]), target], gap, 0.0, 1.0)
    looks: tuple[dict[str, Any], ...] = ({}, {"color": style.PLUM, "fontweight": "bold"})
    texts = (figures, f"Target {words.percent(target)}")
    for text, height, look in zip(texts, heights, looks, strict=True):
        axes.annotate(
            text,
            (1, height),
            xytext=(4, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            annotation_clip=False,
            **look,
        )


def _title(now: Standing, ahead: dict[str, pd.DataFrame]) -> str:
    target = now.baseline.target
    reach = [name for name, rows in ahead.items() if rows["median"].iloc[-1] >= target]
    goal = words.percent(target)
    if not reach:
        return f"Most futures end below {goal}"
    if len(ahead) == 1:
        return f"Most futures end at {goal} or more"
    if now.baseline.scenario in reach:
        return f"Most futures reach {goal} even at the baseline"
    return f"Most futures end above {goal} with an option only"


def _alt_text(now: Standing, ahead: dict[str, pd.DataFrame], past: pd.DataFrame) -> str:
    parts = [
        "Fan chart of the share of plans issued on time over the last 12 months: published, then "
        "simulated"
    ]
    if not past.empty:
        first, last = past.iloc[0], past.iloc[-1]
        parts.append(
            f"Published: {words.percent(first['value'])} in {first['month'].year}, "
            f"{words.percent(last['value'])} in {last['month'].year}"
        )
    for name, rows in ahead.items():
        end = rows.iloc[-1]
        parts.append(
            f"{name}: {words.percent(end['median'])} in {end['month']:%B %Y}, "
            f"{words.percent_range(end['low80'], end['high80'])} in 8 of 10 futures and "
            f"{words.percent_range(end['low95'], end['high95'])} in 19 of 20"
        )
    parts.append(f"The target is {words.percent(now.baseline.target)}")
    return ". ".join(parts) + "."


def _table(ahead: dict[str, pd.DataFrame], past: pd.DataFrame) -> pd.DataFrame:
    """Return the published years, and every sixth month and the last of each scenario."""
    rows = [
        {"Option": "Published by DfE", "Month": f"{month:%B %Y}", "On time": words.percent(value)}
        for month, value in past.itertuples(index=False)
    ]
    for name, frame in ahead.items():
        kept = frame[frame["month"].dt.month.isin([6, 12])]
        if kept.empty or kept["month"].iloc[-1] != frame["month"].iloc[-1]:
            kept = pd.concat([kept, frame.tail(1)])
        rows += [
            {
                "Option": name,
                "Month": f"{row['month']:%B %Y}",
                "On time": words.percent(row["median"]),
                "8 in 10 futures": words.percent_range(row["low80"], row["high80"]),
                "19 in 20 futures": words.percent_range(row["low95"], row["high95"]),
            }
            for _, row in kept.iterrows()
        ]
    return pd.DataFrame(rows).fillna("")
