"""Where open cases wait, by step and month."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import words
from ehc_sim.present.charts.labels import spread
from ehc_sim.present.frames import Frames
from ehc_sim.present.style import (
    BLUE,
    MUTED,
    ORANGE,
    PLUM,
    TEAL,
    Chart,
    NothingToDraw,
    page,
    styled,
    wrap,
    year_axis,
)

MOST_STEPS = 4
OTHER = "other steps"
_COLOURS = (BLUE, TEAL, PLUM, ORANGE, "#8A8A8A")


@styled
def draw(frames: Frames, scenario: str | None = None) -> Chart:
    """Draw open cases by the step they wait at: the four steps with most cases, and the others.

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
    figure, (axes,) = page(
        _title(steps),
        f"Open cases by the step they are at, middle of the simulated futures. {name}.",
        3.0,
        left=0.5,
        right=2.0,
        bottom=0.3,
    )
    axes.stackplot(
        steps.index.to_numpy(),
        steps.to_numpy().T,
        colors=[*_COLOURS[: steps.shape[1] - 1], _colour_of_last(steps)],
        edgecolor="white",
        linewidth=1.2,
    )
    axes.set_ylim(0, max(1.0, 1.05 * float(steps.sum(axis=1).max())))
    axes.margins(x=0)
    year_axis(axes, "January %Y")
    axes.tick_params(length=0, pad=6)
    _labels(axes, steps)
    return Chart(figure, _alt_text(steps, name), _table(steps))


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
        raise NothingToDraw(f"{scenario} has no open cases at any step")
    wide = rows.pivot_table(index="month", columns="step", values="median", fill_value=0.0)
    order = wide.mean().sort_values(ascending=False, kind="stable").index
    wide = wide[order]
    if wide.shape[1] <= MOST_STEPS + 1:
        return wide
    shown = wide.iloc[:, :MOST_STEPS].copy()
    shown[OTHER] = wide.iloc[:, MOST_STEPS:].sum(axis=1)
    return shown


def _colour_of_last(steps: pd.DataFrame) -> str:
    return _COLOURS[-1] if steps.columns[-1] == OTHER else _COLOURS[steps.shape[1] - 1]


def _labels(axes: Axes, steps: pd.DataFrame) -> None:
    """Name each band beside its right end, with its cases in the last month."""
    last = steps.iloc[-1]
    tops = last.cumsum()
    middles = (tops - last / 2).tolist()
    high = axes.get_ylim()[1]
    heights = spread(middles, 0.135 * high, 0.05 * high, 0.95 * high)
    colours = [*_COLOURS[: len(last) - 1], _colour_of_last(steps)]
    for (step, cases), middle, height, colour in zip(
        last.items(), middles, heights, colours, strict=True
    ):
        axes.annotate(
            "",
            (1, middle),
            xytext=(1.055, height),
            xycoords=("axes fraction", "data"),
            textcoords=("axes fraction", "data"),
            arrowprops={"arrowstyle": "-", "color": MUTED, "lw": 0.8, "shrinkA": 0, "shrinkB": 0},
        )
        axes.annotate(
            wrap(f"{words.capital(str(step))}: {words.number(cases)}", 24),
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
    last = steps.iloc[-1]
    step = str(last.drop(labels=OTHER, errors="ignore").idxmax())
    share = last[step] / last.sum() if last.sum() else 0.0
    step = words.uncapital(step)
    if share > 0.5:
        return f"Most open cases are at one step: {step}"
    return f"The step with most open cases: {step}"


def _alt_text(steps: pd.DataFrame, name: str) -> str:
    first, last = steps.iloc[0], steps.iloc[-1]
    parts = [
        f"{words.uncapital(str(step))} from {words.number(first[step])} "
        f"to {words.number(last[step])}"
        for step in steps.columns
    ]
    return (
        f"Stacked areas: open cases by step, {name}, middle of the simulated futures, from "
        f"{steps.index[0]:%B %Y} to {steps.index[-1]:%B %Y}. In all from "
        f"{words.number(first.sum())} to {words.number(last.sum())}: {words.join(parts)}."
    )


def _table(steps: pd.DataFrame) -> pd.DataFrame:
    months = pd.DatetimeIndex(steps.index)
    kept = steps[(months.month % 6 == 0) | (months == months[-1])]
    table = pd.DataFrame({"Month": [f"{month:%B %Y}" for month in kept.index]})
    for step in kept.columns:
        table[words.capital(str(step))] = [words.number(cases) for cases in kept[step]]
    return table
