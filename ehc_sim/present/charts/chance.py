"""The chance of reaching the target: a dot and its range for every option."""

import math

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import style, words
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import Option, Standing, standing

_LINE_INCHES = 0.155

_OPEN = (
    "Below it, dotted with open ends: lowest and highest chance of any explanation of the past. "
)
_INCHES_A_LETTER = 0.074
"""Of the figures beside a row, and their distance from it."""
_APART_INCHES = 0.075
"""How far above and below the middle of a row its two ranges stand."""

_CAPTION = "The chance of reaching the target in the simulated futures, option by option."


@style.styled
def draw(frames: Frames) -> style.Chart:
    """Draw the chance of every option, best first, with its 95% range.

    Parameters
    ----------
    frames : Frames
        Of which ``comparison`` is used.
    """
    now = standing(frames)
    explained = any(option.between for option in now.ranked)
    labels = [style.wrap(_name(option), 36 if option.is_baseline else 40) for option in now.ranked]
    lines = [max(1 + o.count("\n"), 2 if explained else 1) for o in labels]
    heights = [_LINE_INCHES * count + 0.02 for count in lines]
    total = sum(heights)
    target = words.percent(now.baseline.target)
    figure, (axes,) = style.page(
        title(now),
        f"Share of simulated futures in which at least {target} of plans are issued on time in "
        f"{words.window(*now.baseline.window)}. Line: 95% range. {_OPEN if explained else ''}"
        f"Diamond: baseline.{_last(now)}",
        total,
        left=2.7,
        right=max(1.4, _INCHES_A_LETTER * max(map(len, map(_figures, now.ranked)))),
        bottom=0.24,
    )
    middles = [total - sum(heights[:row]) - heights[row] / 2 for row in range(len(heights))]
    axes.set_ylim(0, total)
    axes.set_xlim(-0.02, 1.02)
    style.percent_axis(axes, "x")
    axes.grid(axis="x")
    axes.grid(False, axis="y")
    axes.tick_params(length=0)
    baseline = labels[[option.is_baseline for option in now.ranked].index(True)]
    style.row_labels(axes, middles, labels, bold=baseline)
    for option, height in zip(now.ranked, middles, strict=True):
        _row(axes, option, height)
    return style.Chart(figure, _alt_text(now), _table(now), _CAPTION)


def _last(now: Standing) -> str:
    """Return why options with a high chance may stand last, where some do."""
    some = any(option.apart for option in now.ranked)
    return " Last: options that only change who is seen first, or who is assessed." if some else ""


def title(now: Standing) -> str:
    """Return what the chances show, in a few words."""
    target = words.percent(now.baseline.target)
    best = now.best
    if not math.isfinite(best.chance):
        return "The chance is not known"
    if len(now.ranked) == 1:
        return f"{words.capital(words.out_of(best.chance))} futures reach {target} on time"
    if now.none_is_enough:
        return f"No option is likely to reach {target} on time"
    if best.is_baseline and not now.tied:
        return "No option beats the baseline"
    if not now.tied:
        return "One option has the best chance"
    level = [option for option in (best, *now.tied) if not option.is_baseline]
    if len(level) < len(now.tied) + 1:
        return "No option is shown to raise the chance"
    return f"The best {words.how_many(len(level))} options cannot be told apart"


def _name(option: Option) -> str:
    return f"Baseline: {option.scenario}" if option.is_baseline else option.scenario


def _figures(option: Option) -> str:
    return words.chance_figures(option.chance, option.chance_low, option.chance_high)


def _row(axes: Axes, option: Option, height: float) -> None:
    if option.between:
        _between(axes, option, height - _APART_INCHES)
        height += _APART_INCHES
    figures = _figures(option)
    axes.annotate(
        figures,
        (1, height),
        xytext=(6, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        color=style.MUTED if figures == words.NOT_KNOWN else None,
        annotation_clip=False,
    )
    if not math.isfinite(option.chance):
        return
    colour, marker = (style.ORANGE, "D") if option.is_baseline else (style.BLUE, "o")
    style.interval(axes, (option.chance_low, option.chance_high), height, colour)
    axes.plot([option.chance], [height], marker, color=colour, ms=5.5, clip_on=False)


def _between(axes: Axes, option: Option, height: float) -> None:
    """Draw the range between explanations below the 95% range, and tell it beside the chart."""
    axes.annotate(
        f"○ {option.between}",
        (1, height),
        xytext=(6, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=8,
        color=style.MUTED,
        annotation_clip=False,
    )
    if option.between == words.NOT_YET:
        return
    ends = [option.chance_lowest, option.chance_highest]
    axes.plot(
        ends,
        [height] * 2,
        "o:",
        color=style.MUTED,
        mfc="white",
        ms=4,
        lw=1.1,
        clip_on=False,
    )


def _alt_text(now: Standing) -> str:
    rows = "; ".join(f"{_name(option)} {option.chance_in_figures}" for option in now.ranked)
    return (
        "Dot plot, in the order of the comparison: chance that at least "
        f"{words.percent(now.baseline.target)} of plans are issued on time in "
        f"{words.window(*now.baseline.window)}, as a share of the simulated futures, with its 95% "
        f"range{_and_between(now)}. {rows}."
    )


def _and_between(now: Standing) -> str:
    some = any(option.between for option in now.ranked)
    return " and the lowest and highest of any explanation of the past" if some else ""


def _table(now: Standing) -> pd.DataFrame:
    figures = [words.chance_percent(o.chance, o.chance_low, o.chance_high) for o in now.ranked]
    ends = [words.percent_range(o.chance_low, o.chance_high) for o in now.ranked]
    between = [option.between for option in now.ranked]
    return pd.DataFrame(
        {
            "Option": [_name(option) for option in now.ranked],
            "Chance": figures,
            "95% range": ends,
            **({"Between explanations": between} if any(between) else {}),
        }
    )
