"""The chance and the share on time at several values of one setting, and what that says."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import style, words
from ehc_sim.present.frames import records

_LEFT, _RIGHT, _GAP = 0.5, 0.15, 0.6
_PANEL_INCHES = (style.WIDTH - _LEFT - _RIGHT - _GAP) / 2
_WIDER = 1.16
"""An axis is so many times as wide as from its first value to its last."""
_LETTER_INCHES, _NARROW_LETTER_INCHES = 0.085, 0.07
"""Widths that a figure stays below, and the letters of a word."""
_OPEN = " (dotted with open ends: lowest and highest chance of any explanation of the past)"
_ASIDE = 0.03
"""How far beside the 95% range that between explanations stands, of the axis."""
_SHORT = 24
"""A value of more letters than this does not go into the title."""


@style.styled
def draw(table: pd.DataFrame) -> style.Chart:
    """Draw the chance and the share on time against the value, with their ranges.

    Parameters
    ----------
    table : DataFrame
        One row a value, as ``Sweep.table`` returns.

    Raises
    ------
    NothingToDraw
        If no plan was issued at any value.
    """
    if table["on_time"].isna().all():
        raise style.NothingToDraw("no plan was issued at any value")
    first = table.iloc[0]
    figure, panels = style.page(
        _title(table),
        f"Setting: {first['what']}. Left: chance that at least {words.percent(first['target'])} "
        f"are issued on time in {words.window(first['window_from'], first['window_until'])}, with "
        f"its 95% range{_OPEN if _explained(table) else ''}. Right: share "
        "issued on time, with the range of 8 in 10 simulated futures; dashed: the target.",
        2.4,
        left=_LEFT,
        right=_RIGHT,
        bottom=0.32 + 0.15 * _lines_of_labels(table),
        panels=(1, 2),
        gap=(0.3, _GAP),
        head=0.28,
    )
    _panel(panels[0], table, ("chance", "chance_low", "chance_high"), "Chance")
    _panel(panels[1], table, ("on_time", "on_time_low80", "on_time_high80"), "On time")
    panels[1].axhline(float(first["target"]), color=style.MUTED, lw=1.2, ls="--")
    return style.Chart(figure, _alt_text(table), _data_table(table))


def answer(table: pd.DataFrame) -> str:
    """Return in words which value is best, and beyond which nothing more is gained.

    Parameters
    ----------
    table : DataFrame
        As ``Sweep.table`` returns.
    """
    if not _told_apart(table):
        return "The values cannot be told apart: that takes two simulated futures or more."
    first, best = table.iloc[0], table[table["best"]].iloc[0]
    most = f"{best['shown']}: {words.percent(best['on_time'])} on time"
    if not table["best"].iloc[0]:
        most += f", {points(best, 'difference')} against {first['shown']}"
    if _other_children(table):
        return (
            f"Most plans are on time at {most}. But other children ask, are assessed or have a "
            "plan at each value; what those wait or miss who go without is not counted, so none "
            "is called the best."
        )
    if not _best_is_shown(table):
        return f"No value is shown to be better than {first['shown']}. Most are on time at {most}."
    return f"The best of these values is {most}. {_beyond(table)}".rstrip()


def points(row: pd.Series, name: str) -> str:
    """Return a difference of shares in points, with its 95% range."""
    if not words.known(row[name]):
        return words.NOT_KNOWN
    middle = words.signed(100 * row[name])
    low, high = (words.signed(100 * row[f"{name}_{end}"]) for end in ("low", "high"))
    unit = words.plural(abs(round(100 * row[name])), "point", "points")
    return f"{middle} {unit} ({low} to {high})"


def _beyond(table: pd.DataFrame) -> str:
    """Return from which value on there is no more to gain; nothing where values have no order."""
    if not _is_scale(table):
        return ""
    enough = table[~table["later_gains"]].iloc[0]
    if enough["shown"] == table["shown"].iloc[-1]:
        return (
            f"The last value, {enough['shown']}, still gains on the one before: more may be gained "
            "beyond it."
        )
    return (
        f"Beyond {enough['shown']} nothing more is gained that can be told from chance, neither "
        "in plans on time nor in hours a plan."
    )


def _title(table: pd.DataFrame) -> str:
    enough = str(table.loc[~table["later_gains"], "shown"].iloc[0])
    best = str(table.loc[table["best"], "shown"].iloc[0])
    if not _told_apart(table) or not _best_is_shown(table):
        return "The values cannot be told apart"
    if _other_children(table):
        return "Plans on time, by who is assessed"
    if not _is_scale(table):
        return f"Best of these: {best}" if len(best) <= _SHORT else "One value is the best"
    if enough == table["shown"].iloc[-1]:
        return f"More is gained up to {enough}, the last value"
    return f"Beyond {enough} nothing more is gained"


def _told_apart(table: pd.DataFrame) -> bool:
    return bool(table["difference_low"].notna().any())


def _best_is_shown(table: pd.DataFrame) -> bool:
    """Whether the best value is the first, or is shown to be better than the first."""
    best = table[table["best"]].iloc[0]
    return bool(table["best"].iloc[0] or best["difference_low"] > 0)


def _other_children(table: pd.DataFrame) -> bool:
    """Whether other children ask, are assessed or have a plan at some of the values."""
    return bool(table["other_children"].any())


def _is_scale(table: pd.DataFrame) -> bool:
    """Whether the values are rising or falling numbers, and not names."""
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in table["value"]):
        return False
    values = table["value"].astype(float)
    return bool(values.is_monotonic_increasing or values.is_monotonic_decreasing)


def _labels(table: pd.DataFrame) -> list[str]:
    if _is_scale(table):
        return [str(shown) for shown in table["shown"]]
    apart = _PANEL_INCHES / (_WIDER * max(1, len(table) - 1))
    letters = max(4, int(apart / _NARROW_LETTER_INCHES))
    return [style.wrap(str(shown), letters) for shown in table["shown"]]


def _lines_of_labels(table: pd.DataFrame) -> int:
    return max(label.count("\n") for label in _labels(table))


def _panel(axes: Axes, table: pd.DataFrame, names: tuple[str, str, str], title: str) -> None:
    scale = _is_scale(table)
    places = table["value"].astype(float).tolist() if scale else [float(i) for i in table.index]
    middle, low, high = (table[name].to_numpy(dtype=float) for name in names)
    if scale:
        axes.plot(places, middle, color=style.BLUE, lw=1.0, alpha=0.5)
    for place, *ends in zip(places, low, high, strict=True):
        axes.plot([place, place], ends, "_-", color=style.BLUE, lw=1.8, ms=9, mew=1.8)
    if names[0] == "chance" and _explained(table):
        aside = _ASIDE * ((max(places) - min(places)) or 1.0)
        for place, *ends in zip(
            places, table["chance_lowest"], table["chance_highest"], strict=True
        ):
            axes.plot([place + aside] * 2, ends, "o:", color=style.MUTED, mfc="white", ms=4, lw=1.1)
    axes.plot(places, middle, "o", color=style.BLUE, ms=5.5, clip_on=False)
    wide = (max(places) - min(places)) or 1.0
    margin = (_WIDER - 1) / 2 * wide
    axes.set_xlim(min(places) - margin, max(places) + margin)
    axes.set_ylim(-0.02, 1.02)
    style.percent_axis(axes)
    shown = (
        _clear(places, _labels(table), _PANEL_INCHES / (_WIDER * wide)) if scale else table.index
    )
    labels = _labels(table)
    axes.set_xticks([places[i] for i in shown], labels=[labels[i] for i in shown])
    axes.set_title(title, fontsize=9.5, fontweight="bold", loc="left", pad=5)
    axes.tick_params(length=0, pad=6)


def _clear(places: list[float], labels: list[str], inches: float) -> list[int]:
    """Return which labels can stand beside one another, the first and the last before others."""
    kept: list[int] = []
    for i in (0, len(places) - 1, *range(1, len(places) - 1)):
        if all(
            abs(places[i] - places[j]) * inches
            > _LETTER_INCHES * (len(labels[i]) + len(labels[j])) / 2 + 0.05
            for j in kept
        ):
            kept.append(i)
    return sorted(kept)


def _alt_text(table: pd.DataFrame) -> str:
    first = table.iloc[0]
    rows = "; ".join(
        f"{row['shown']}: chance "
        f"{_chance(row)}, on time "
        f"{words.share_figures(row['on_time'], row['on_time_low80'], row['on_time_high80'])}"
        for row in records(table)
    )
    return (
        f"Two panels against the setting {first['what']}: chance that at least "
        f"{words.percent(first['target'])} of plans are issued on time in "
        f"{words.window(first['window_from'], first['window_until'])}, with its 95% range"
        f"{_OPEN.replace('dotted with open ends: ', '') if _explained(table) else ''}, and the "
        f"share on time, with the range of 8 in 10 simulated futures. {rows}."
    )


def _explained(table: pd.DataFrame) -> bool:
    """Whether there are several explanations of the past."""
    return "explanations" in table and bool(table["explanations"].iloc[0] > 1)


def _between(row: Mapping[str, Any]) -> str:
    """Return the range of a chance between explanations; nothing where there is one or none."""
    ends = (row.get(name, math.nan) for name in ("chance_lowest", "chance_highest"))
    return words.between(row.get("explanations", math.nan), (row["chance"], *ends))


def _chance(row: Mapping[str, Any]) -> str:
    return words.chance_figures(row["chance"], row["chance_low"], row["chance_high"], _between(row))


def _data_table(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Value": table["shown"],
            "Chance": [words.percent(value) for value in table["chance"]],
            "95% range": [
                words.percent_range(row["chance_low"], row["chance_high"]) for row in records(table)
            ],
            **(
                {"Between explanations": [_between(row) for row in records(table)]}
                if _explained(table)
                else {}
            ),
            "On time": [words.percent(value) for value in table["on_time"]],
            "8 in 10 futures": [
                words.percent_range(row["on_time_low80"], row["on_time_high80"])
                for row in records(table)
            ],
        }
    )
