"""What each option costs and what it buys; unbeaten ones that differ are joined."""

import math
import string
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from ehc_sim.present import style, words
from ehc_sim.present.charts.gain import CHANCE, WEEKS, Gain, gain_of
from ehc_sim.present.charts.labels import Box, nearest, place
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import Option, Standing, over_the_plan, standing

_KEY_INCHES = 2.85
_KEY_LINE_INCHES = 0.145
_BOTTOM_INCHES = 0.45
_BELOW_ZERO_INCHES = 0.4
"""Room under 0%, where labels of options without a chance can stand."""
_TOUCHING_INCHES = 0.12
_FAINT = "#A6A6A6"
_TOLD_APART = 0.05
"""Adjusted p-value of ``pairs.csv`` below which two chances are told apart."""
_HEADINGS = {
    "yes": "Unbeaten",
    "no": "Beaten by another option",
    "not compared": "Only changes who is seen first, so not compared",
}
"""Whether an option is unbeaten, in the table and as a heading in the alternative text."""
_LETTERS = string.ascii_uppercase + string.ascii_lowercase


@style.styled
def draw(frames: Frames) -> style.Chart:
    """Draw extra cost against what it buys, with names that do not overlap.

    That is the chance of reaching the target or, where none is worth the name, the waiting saved.

    Parameters
    ----------
    frames : Frames
        Of which ``comparison`` is used.

    Raises
    ------
    NothingToDraw
        If no option has both a cost and what it buys.
    """
    now = standing(frames)
    gain = gain_of(now)
    options = [o for o in now.ranked if math.isfinite(o.cost) and math.isfinite(gain.of(o)[0])]
    if not options:
        raise style.NothingToDraw("no option has both a cost and what it buys")
    edge = unbeaten(options, gain)
    lettered = [option for option in options if option not in edge and not option.is_baseline]
    key_inches = _KEY_LINE_INCHES * (1 + sum(len(_key_lines(option)) for option in lettered))
    height = max(2.0, key_inches)  # no lower than the axis: the labels below may reach beyond it
    figure, (axes,) = style.page(
        _title(now, edge, gain),
        f"{gain.what} Blue: unbeaten, as {_none_better(options)} {gain.better} for the same money "
        "or less. A line joins two only where a paired test tells them apart.",
        height,
        left=0.5,
        right=_KEY_INCHES + 0.15 if lettered else 0.15,
        bottom=_BOTTOM_INCHES,
    )
    _axes(axes, options, height, gain)
    axes.set_xlabel(f"Extra cost {over_the_plan(frames)}, discounted", loc="left")
    joined = _told_apart(frames, edge, gain)
    for two in joined:
        costs, gains = [o.cost for o in two], [gain.of(o)[0] for o in two]
        axes.step(costs, gains, where="post", color=style.BLUE, lw=1.4)
    for option in options:
        _mark(axes, option, option in edge, gain)
    _name_points(figure, axes, options, edge, gain)
    alt_text, table = _alt_text(options, edge, joined, gain), _table(options, edge, gain)
    return style.Chart(figure, alt_text, table, gain.caption)


def _told_apart(frames: Frames, edge: list[Option], gain: Gain) -> list[tuple[Option, Option]]:
    """Return each unbeaten option with the next dearer one, where the two are told apart."""
    tests = frames.pairs
    apart = tests[tests[f"{gain.test}_p_adjusted"].astype(float) < _TOLD_APART]
    names = {frozenset(two) for two in zip(apart["first"], apart["second"], strict=True)}
    return [two for two in pairwise(edge) if frozenset(o.scenario for o in two) in names]


def _none_better(options: list[Option]) -> str:
    """Return what none of is better than the joined options: those of order alone may be."""
    if any(option.apart for option in options):
        return "none of the others, but those that only change who is seen first or assessed,"
    return "no other"


def unbeaten(options: list[Option], gain: Gain = CHANCE) -> list[Option]:
    """Return the options that no other beats in both cost and what it buys, cheapest first.

    An option that only changes who is seen first buys nothing, and one that changes who is assessed
    buys less waiting by who goes without; they are not among them.
    """
    able = [option for option in options if not option.apart]
    cheapest_first = sorted(able, key=lambda option: _cheapest_first(option, gain))
    edge: list[Option] = []
    for option in cheapest_first:
        if not edge or gain.of(option)[0] > gain.of(edge[-1])[0]:
            edge.append(option)
    return edge


def _cheapest_first(option: Option, gain: Gain) -> tuple[float, float, bool]:
    """Order by cost, then by what is bought; of equals the baseline is first."""
    return option.cost, -gain.of(option)[0], not option.is_baseline


def _axes(axes: Axes, options: list[Option], height_inches: float, gain: Gain) -> None:
    costs = [option.cost for option in options]
    low, high = min(0.0, *costs), max(0.0, *costs)
    span = (high - low) or 1.0
    axes.set_xlim(low - 0.05 * span, high + 0.12 * span)
    reach = [one for option in options for one in gain.of(option) if math.isfinite(one)]
    # Low gains leave a third of the height free above their ranges, for the labels.
    highest = 1.45 * max(reach)
    if gain is CHANCE:
        highest = min(1.03, max(0.25, highest))
        style.percent_axis(axes)
    else:
        highest = max(highest, 1.0)
        axes.yaxis.set_major_formatter(lambda weeks, _: words.number(weeks))
    below = highest * _BELOW_ZERO_INCHES / (height_inches - _BELOW_ZERO_INCHES)
    axes.set_ylim(min(0.0, *reach) - below, highest)
    axes.xaxis.set_major_formatter(lambda amount, _: words.pounds(amount))
    # Round steps, so that the two digits of a label tell its whole amount.
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.grid(axis="x")
    axes.tick_params(length=0)


def _mark(axes: Axes, option: Option, unbeaten_one: bool, gain: Gain) -> None:
    colour = style.BLUE if unbeaten_one else style.MUTED
    if option.is_baseline:
        colour = style.ORANGE
    middle, *ends = gain.of(option)
    named = unbeaten_one or option.is_baseline
    axes.plot(
        [option.cost, option.cost],
        ends,
        color=colour if named else _FAINT,
        lw=1.4 if named else 1.0,
        zorder=2.5 if named else 2,
    )
    axes.plot(
        [option.cost],
        [middle],
        "D" if option.is_baseline else "o",
        ms=8 if named else 6,
        color=colour if named else "white",
        mec="white" if named else style.MUTED,
        mew=1.2,
        zorder=5 if named else 4,
        clip_on=False,
    )


def _name_points(
    figure: Figure, axes: Axes, options: list[Option], edge: list[Option], gain: Gain
) -> None:
    """Name what is unbeaten, and the baseline, on the chart; mark the others with a letter."""
    named = [option for option in options if option in edge or option.is_baseline]
    named.sort(key=lambda option: not option.is_baseline)
    others = [option for option in options if option not in named]
    others.sort(key=lambda option: _cheapest_first(option, gain))
    texts = [_text(figure, style.wrap(_name(option), 24), bold=True) for option in named]
    inches = figure.dpi_scale_trans.inverted()

    def at(option: Option, of: Option, end: int = 0) -> tuple[float, float]:
        x, y = inches.transform(axes.transData.transform((option.cost, gain.of(of)[end])))
        return float(x), float(y)

    points = [at(option, option) for option in named]
    marks = [at(option, option) for option in others]
    for members in _piles(marks):
        letters = ", ".join(_LETTERS[member] for member in members)
        texts.append(_text(figure, letters, bold=False))
        points.append(_middle([marks[member] for member in members]))
    sizes = [_size(text, figure) for text in texts]
    frame = axes.get_window_extent().transformed(inches)
    room = Box(frame.x0 + 0.03, frame.y0 + 0.02, frame.x1, frame.y1 + 0.08)
    lines = [Box(*mark, *mark).grown(0.06) for mark in marks]
    lines += [_line(at(o, o, 1), at(o, o, 2)) for o in options]
    for one, other in pairwise(edge):
        corner = at(other, one)
        lines += [_line(at(one, one), corner), _line(corner, at(other, other))]
    for point, text, box in zip(points, texts, place(points, sizes, room, lines), strict=True):
        _put(text, point, box)
        _lead(figure, axes, point, box)
    _key(figure, axes, others)


def _put(text: Text, point: tuple[float, float], box: Box) -> None:
    """Put a label into its box at the side of its point, to stay near it in a narrower font."""
    if box.right <= point[0]:
        text.set(x=box.right, ha="right")
    elif box.left < point[0]:
        text.set(x=(box.left + box.right) / 2, ha="center")
    else:
        text.set(x=box.left)
    text.set_y(box.bottom)


def _piles(marks: list[tuple[float, float]]) -> list[list[int]]:
    """Return the marks, from left to right, in groups that touch: each shares one label."""
    piles: list[list[int]] = []
    for number, mark in enumerate(marks):
        near = [
            pile
            for pile in piles
            if any(math.dist(mark, marks[member]) < _TOUCHING_INCHES for member in pile)
        ]
        if near:
            near[-1].append(number)
        else:
            piles.append([number])
    return piles


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    return (
        sum(x for x, _ in points) / len(points),
        sum(y for _, y in points) / len(points),
    )


def _lead(figure: Figure, axes: Axes, point: tuple[float, float], box: Box) -> None:
    """Join a point to its label where the label is not right beside it."""
    end = nearest(point, box)
    if math.dist(point, end) > 0.2:
        axes.plot(
            [point[0], end[0]],
            [point[1], end[1]],
            transform=figure.dpi_scale_trans,
            color=style.MUTED,
            lw=0.6,
            zorder=3,
            clip_on=False,
        )


def _key(figure: Figure, axes: Axes, others: list[Option]) -> None:
    """Name the lettered options beside the chart."""
    if not others:
        return
    left, top = style.WIDTH - _KEY_INCHES, axes.get_position().y1 * figure.get_figheight()
    inches = figure.dpi_scale_trans
    heading = "Options that are beaten or not compared"
    figure.text(left, top, heading, transform=inches, fontsize=8, fontweight="bold", va="top")
    level = top - _KEY_LINE_INCHES
    for letter, option in zip(_LETTERS, others, strict=False):
        figure.text(left, level, letter, transform=inches, fontsize=8, va="top")
        for line in _key_lines(option):
            figure.text(left + 0.2, level, line, transform=inches, fontsize=8, va="top")
            level -= _KEY_LINE_INCHES


def _key_lines(option: Option) -> list[str]:
    return style.wrap(option.scenario, 38).split("\n")


def _name(option: Option) -> str:
    return f"Baseline: {option.scenario}" if option.is_baseline else option.scenario


def _text(figure: Figure, words_on_it: str, *, bold: bool) -> Text:
    return figure.text(
        0,
        0,
        words_on_it,
        transform=figure.dpi_scale_trans,
        fontsize=8.5 if bold else 8,
        fontweight="bold" if bold else "normal",
        linespacing=1.1,
        va="bottom",
        ha="left",
    )


def _size(text: Text, figure: Figure) -> tuple[float, float]:
    left, bottom, right, top = style.bounds(text, figure)
    return right - left, top - bottom


def _line(one: tuple[float, float], other: tuple[float, float]) -> Box:
    """Return the room that a line from left to right, or upright, takes up."""
    (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
    return Box(x0, y0, x1, y1).grown(0.03)


def _title(now: Standing, edge: list[Option], gain: Gain) -> str:
    if len(now.ranked) == 1:
        return "Only the baseline was simulated"
    if gain is WEEKS:
        return "What the waiting that is saved costs"
    if now.none_is_enough:
        return "No money tested here buys a good chance"
    if edge[-1].is_baseline:
        return "Spending more does not raise the chance"
    if edge[-1] is now.best and now.best.pays_in_waiting:
        return "The best chance is paid for in waiting"
    paid = [option for option in edge if option.cost > 0]
    if not paid:
        return "The best chance costs nothing extra"
    if any(option.is_baseline for option in (now.best, *now.tied)):
        return "No spending is shown to raise the chance"
    dear = words.pounds(paid[-1].cost)
    level = [option for option in edge if option in now.tied and option.cost < paid[-1].cost]
    if level and words.pounds(level[0].cost) != dear:
        cheap = words.pounds(level[0].cost) if level[0].cost > 0 else "No extra money"
        return f"{cheap} may buy as good a chance as {dear}"
    if now.tied:
        return "Several options may have the best chance"
    return f"The best chance costs {dear} more"


def _alt_text(
    options: list[Option], edge: list[Option], joined: list[tuple[Option, Option]], gain: Gain
) -> str:
    def said(option: Option) -> str:
        return f"{option.scenario}: {words.pounds(option.cost)}, {gain.in_words(option)}"

    parts = [
        f"{heading}: {'; '.join(said(option) for option in alike)}."
        for unbeaten, heading in _HEADINGS.items()
        if (alike := [one for one in options if _unbeaten(one, edge) == unbeaten])
    ]
    apart = [f"{one.scenario} from {other.scenario}" for one, other in joined]
    told = words.join(apart) if apart else "none of them from the next dearer one"
    if len(edge) > 1:
        parts.append(f"Unbeaten ones that a paired test tells apart: {told}.")
    return f"Scatter plot of extra cost over the planning period. {gain.what} {' '.join(parts)}"


def _unbeaten(option: Option, edge: list[Option]) -> str:
    if option in edge:
        return "yes"
    return "not compared" if option.apart else "no"


def _table(options: list[Option], edge: list[Option], gain: Gain) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Option": [option.scenario for option in options],
            "Extra cost over the planning period": [
                words.pounds(option.cost) for option in options
            ],
            gain.words: [gain.in_words(option) for option in options],
            "Unbeaten": [_unbeaten(option, edge) for option in options],
        }
    )
