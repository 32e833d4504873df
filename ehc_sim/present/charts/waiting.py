"""Where open cases wait, by step and month."""

from __future__ import annotations

from itertools import cycle

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import style, words
from ehc_sim.present.charts.labels import spread
from ehc_sim.present.frames import Frames

_NO_SUM = "Each step is a middle by itself, so they need not add up to all open cases."
_COLOURS = (style.BLUE, style.TEAL, style.PLUM, style.ORANGE, "#8A8A8A")


@style.styled
def draw(frames: Frames, scenario: str | None = None) -> style.Chart:
    """Draw open cases by the step they wait at, the steps with most cases first.

    Parameters
    ----------
    frames : Frames
        Of which ``waiting`` is used.
    scenario : str, optional
        By default the baseline.

    Raises
    ------
    NothingToDraw
        If the scenario has no open cases at any step.
    """
    name = scenario if scenario is not None else frames.comparison["scenario"].iloc[0]
    steps = by_step(frames, name)
    figure, (axes,) = style.page(
        _title(steps),
        f"Open cases by the step they are at, middle of the simulated futures. {_NO_SUM} {name}.",
        3.0,
        left=0.5,
        right=2.0,
        bottom=0.3,
    )
    axes.stackplot(
        steps.index.to_numpy(),
        steps.to_numpy().T,
        colors=_COLOURS,
        edgecolor="white",
        linewidth=1.2,
    )
    axes.set_ylim(0, max(1.0, 1.05 * float(steps.sum(axis=1).max())))
    axes.margins(x=0)
    axes.yaxis.set_major_formatter(lambda value, _: words.number(value))
    style.year_axis(axes, "January %Y")
    axes.tick_params(length=0, pad=6)
    _labels(axes, steps)
    every = frames.series("monthly", scenario=name, measure="open_cases").set_index("month")
    return style.Chart(figure, _alt_text(steps, every["median"], name), _table(steps))


def by_step(frames: Frames, scenario: str) -> pd.DataFrame:
    """Return the middle number of open cases: a row a month of the plan, a column a step.

    Raises
    ------
    NothingToDraw
        If there are none.
    """
    rows = frames.series("waiting", scenario=scenario).dropna(subset=["median"])
    if frames.plan_from is not None and (rows["month"] >= frames.plan_from).any():
        rows = rows[rows["month"] >= frames.plan_from]
    if rows.empty or rows["median"].sum() <= 0:
        raise style.NothingToDraw(f"{scenario} has no open cases at any step")
    wide = rows.pivot_table(index="month", columns="step", values="median", fill_value=0.0)
    order = wide.mean().sort_values(ascending=False, kind="stable").index
    return wide[order]


def _labels(axes: Axes, steps: pd.DataFrame) -> None:
    """Name each band beside its right end, with its cases in the last month."""
    last = steps.iloc[-1]
    tops = last.cumsum()
    middles = (tops - last / 2).tolist()
    high = axes.get_ylim()[1]
    heights = spread(middles, 0.135 * high, 0.05 * high, 0.95 * high)
    for (step, cases), middle, height, colour in zip(
        last.items(), middles, heights, cycle(_COLOURS)
    ):
        axes.annotate(
            "",
            (1, middle),
            xytext=(1.055, height),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            arrowprops={
                "arrowstyle": "-",
                "color": style.MUTED,
                "lw": 0.8,
                "shrinkA": 0,
                "shrinkB": 0,
            },
        )
        axes.annotate(
            style.wrap(f"{words.capital(str(step))}: {words.number(cases)}", 24),
            (1.075, height),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=8.5,
            annotation_clip=False,
        )
        axes.annotate(
            "■",
            (1.055, height),
            xycoords=("axes fraction", "data"),
            va="center",
            ha="center",
            fontsize=9,
            color=colour,
            annotation_clip=False,
        )


def _title(steps: pd.DataFrame) -> str:
    return f"The step with most open cases: {words.uncapital(str(steps.iloc[-1].idxmax()))}"


def _alt_text(steps: pd.DataFrame, every: pd.Series[float], name: str) -> str:
    first, last = steps.iloc[0], steps.iloc[-1]
    parts = [
        f"{words.uncapital(str(step))} from {words.number(first[step])} "
        f"to {words.number(last[step])}"
        for step in steps.columns
    ]
    ends = every.reindex([steps.index[0], steps.index[-1]]).dropna()
    in_all = ""
    if len(ends) == 2:
        in_all = f" In all from {words.number(ends.iloc[0])} to {words.number(ends.iloc[-1])}."
    return (
        f"Stacked areas: open cases by step, {name}, middle of the simulated futures, from "
        f"{steps.index[0]:%B %Y} to {steps.index[-1]:%B %Y}.{in_all} {_NO_SUM} By step: "
        f"{words.join(parts)}."
    )


def _table(steps: pd.DataFrame) -> pd.DataFrame:
    months = pd.DatetimeIndex(steps.index)
    kept = steps[(months.month % 6 == 0) | (months == months[-1])]
    table = pd.DataFrame({"Month": [f"{month:%B %Y}" for month in kept.index]})
    for step in kept.columns:
        table[words.capital(str(step))] = [words.number(cases) for cases in kept[step]]
    return table
