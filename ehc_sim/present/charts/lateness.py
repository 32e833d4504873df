"""Why late plans are late: the days over the limit of a late plan, by step, a bar a scenario."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ehc_sim.present import style, words
from ehc_sim.present.frames import Frames

MEASURE = "days_a_late_plan"
ALL = "all"
_NOBODY = ("not recorded", "no time taken")
"""Parts that stand for no team and nobody else."""
_STEPS = {
    "Decision to assess": style.PLUM,
    "Advice": style.BLUE,
    "Draft plan": style.TEAL,
    "Draft to final plan": style.ORANGE,
}
_NO_SUM = (
    "Each figure is the middle of the simulated futures, so the steps need not add up to all days."
)
_LINE_INCHES = 0.155
_LEFT, _RIGHT = 2.0, 2.1

_CAPTION = "The simulated days over the limit of a plan issued late, by step."


@dataclass(frozen=True)
class Bar:
    """The days over the limit of a plan issued late, in one scenario.

    Attributes
    ----------
    scenario : str
        Its name.
    is_baseline : bool
        Whether the others are compared with it.
    days, low80, high80 : float
        All days: middle of the simulated futures and the range of 8 in 10.
    steps : mapping of str to float
        Days of each step, below 0 where it took less than its allowance.
    most : str
        Who had the case for the largest part of the days over the limit, such as a team; empty
        where nobody took longer than there was.
    most_days : float
        Days of that part.
    """

    scenario: str
    is_baseline: bool
    days: float
    low80: float
    high80: float
    steps: dict[str, float]
    most: str
    most_days: float

    @property
    def label(self) -> str:
        """Name of the scenario, with what it is."""
        return f"Baseline: {self.scenario}" if self.is_baseline else self.scenario


@style.styled
def draw(frames: Frames, year: int | None = None) -> style.Chart:
    """Draw the days over the limit of a late plan by step, one stacked bar a scenario.

    Parameters
    ----------
    frames : Frames
        Of which ``lateness`` is used.
    year : int, optional
        Year in which the plans were issued; by default that in which the target window ends, or the
        last year with late plans before it.

    Raises
    ------
    NothingToDraw
        If no scenario has late plans in that year.
    """
    year = year if year is not None else _target_year(frames)
    bars = of_scenarios(frames, year)
    labels = [style.wrap(bar.label, 25 if bar.is_baseline else 29) for bar in bars]
    beside = [_beside(bar) for bar in bars]
    lines = [
        max(label.count("\n"), told.count("\n")) + 1
        for label, told in zip(labels, beside, strict=True)
    ]
    heights = [_LINE_INCHES * count + 0.14 for count in lines]
    total = sum(heights)
    figure, (axes,) = style.page(
        _title(bars),
        f"Days over the limit of a plan issued late in {year}. Left of the line: the step took "
        f"less than its allowance. Beside the bar: all days over, and the largest part. {_NO_SUM}",
        total,
        left=_LEFT,
        right=_RIGHT,
        bottom=0.28,
        head=0.3,
    )
    middles = [total - sum(heights[:row]) - heights[row] / 2 for row in range(len(heights))]
    axes.set_ylim(0, total)
    _key(figure)
    for bar, middle, told in zip(bars, middles, beside, strict=True):
        _stack(axes, bar, middle)
        _told(axes, told, middle)
    axes.axvline(0, color=style.DARK, lw=1.2)
    axes.margins(x=0.02)
    axes.locator_params(axis="x", nbins=5, integer=True)
    axes.xaxis.set_major_formatter(lambda value, _: words.number(value))
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.tick_params(length=0)
    style.row_labels(axes, middles, labels, bold=labels[0])
    return style.Chart(figure, _alt_text(bars, year), _table(bars), _CAPTION)


def of_scenarios(frames: Frames, year: int) -> list[Bar]:
    """Return the bar of each scenario: the baseline, then the others, fewest days first.

    Raises
    ------
    NothingToDraw
        If no scenario has late plans in that year.
    """
    rows = frames.series("lateness", year=year, measure=MEASURE).dropna(subset=["median"])
    baseline, *others = frames.comparison["scenario"].tolist()
    known = {
        str(name): _bar(str(name), name == baseline, of_one)
        for name, of_one in rows.groupby("scenario", sort=False)
    }
    bars = [known[name] for name in others if name in known]
    bars.sort(key=lambda bar: bar.days)
    if baseline in known:
        bars.insert(0, known[baseline])
    if not bars:
        raise style.NothingToDraw(f"no scenario has late plans in {year}")
    return bars


def _bar(name: str, is_baseline: bool, rows: pd.DataFrame) -> Bar:
    of_all = rows[(rows["step"] == ALL) & (rows["part"] == ALL)].iloc[0]
    by_step = rows[(rows["step"] != ALL) & (rows["part"] == ALL)].set_index("step")["median"]
    parts = largest_parts(rows)
    most = str(parts.index[0]) if len(parts) and parts.iloc[0] > 0 else ""
    return Bar(
        scenario=name,
        is_baseline=is_baseline,
        days=float(of_all["median"]),
        low80=float(of_all["low80"]),
        high80=float(of_all["high80"]),
        steps={step: float(by_step.get(step, 0.0)) for step in _STEPS},
        most=most,
        most_days=float(parts.iloc[0]) if most else 0.0,
    )


def largest_parts(rows: pd.DataFrame) -> pd.Series[float]:
    """Return the days of those who had the case, over all steps, the most first.

    Time that is nobody's is left out. Empty for folders that do not tell.
    """
    of_all = rows[(rows["step"] == ALL) & ~rows["part"].isin((ALL, *_NOBODY))]
    return of_all.set_index("part")["median"].sort_values(ascending=False, kind="stable")


def _target_year(frames: Frames) -> int:
    wanted = frames.comparison["window_until"].iloc[0].year
    late = frames.series("lateness", measure=MEASURE).dropna(subset=["median"])
    years = sorted(int(year) for year in late["year"].unique())
    reached = [year for year in years if year <= wanted]
    if not reached:
        raise style.NothingToDraw("no scenario has late plans")
    return reached[-1]


def _stack(axes: Axes, bar: Bar, middle: float) -> None:
    """Draw the steps from the line outwards, to the right and to the left, in their order."""
    ends = {True: 0.0, False: 0.0}
    for step, days in bar.steps.items():
        side = days > 0
        axes.barh(
            middle,
            days,
            height=0.24,
            left=ends[side],
            color=_STEPS[step],
            edgecolor="white",
            linewidth=0.8,
        )
        ends[side] += days


def _beside(bar: Bar) -> str:
    told = f"{_days(bar.days)} over"
    if bar.most:
        told += "\n" + style.wrap(f"{words.capital(bar.most)}: {words.number(bar.most_days)}", 30)
    return told


def _told(axes: Axes, text: str, middle: float) -> None:
    lines = text.split("\n")
    for place, line in enumerate(lines):
        axes.annotate(
            line,
            (1, middle),
            xytext=(6, 11 * ((len(lines) - 1) / 2 - place)),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            fontweight="bold" if place == 0 else "normal",
            annotation_clip=False,
        )


def _key(figure: Figure) -> None:
    """Name the colours in a line above the bars, centred on the page."""
    height = figure.get_figheight()
    level = height - 0.32 - 0.17 * 2 - 0.24
    texts = [
        figure.text(0, level, step, transform=figure.dpi_scale_trans, fontsize=8.5, va="center")
        for step in _STEPS
    ]
    wide = []
    for text in texts:
        left, _, right, _ = style.bounds(text, figure)
        wide.append(right - left)
    at = (style.WIDTH - sum(wide) - 0.42 * len(wide)) / 2
    for text, size, colour in zip(texts, wide, _STEPS.values(), strict=True):
        figure.add_artist(
            Rectangle(
                (at, level - 0.055), 0.13, 0.11, color=colour, transform=figure.dpi_scale_trans
            )
        )
        text.set_x(at + 0.19)
        at += size + 0.42


def _title(bars: list[Bar]) -> str:
    steps = bars[0].steps
    most = max(steps, key=lambda step: steps[step])
    if steps[most] <= 0:
        return "No step takes longer than its allowance"
    return f"The step that makes plans late: {words.uncapital(most)}"


def _days(value: float) -> str:
    return f"{words.number(value)} {words.plural(round(value), 'day', 'days')}"


def _alt_text(bars: list[Bar], year: int) -> str:
    parts = []
    for bar in bars:
        steps = [f"{words.uncapital(step)} {words.number(day)}" for step, day in bar.steps.items()]
        most = f"; largest part {bar.most}, {_days(bar.most_days)}" if bar.most else ""
        parts.append(f"{bar.label}, {_days(bar.days)}: {words.join(steps)}{most}")
    return (
        f"Stacked bars: days over the limit of a plan issued late in {year}, by step; "
        f"below 0 where a step took less than its allowance. {_NO_SUM} "
        f"{'. '.join(parts)}."
    )


def _table(bars: list[Bar]) -> pd.DataFrame:
    rows = [
        {
            "Option": bar.label,
            **{step: words.number(days) for step, days in bar.steps.items()},
            "All days over": words.number(bar.days),
            "8 in 10 futures": words.number_range(bar.low80, bar.high80),
            "Largest part": f"{words.capital(bar.most)}: {words.number(bar.most_days)}"
            if bar.most
            else "–",
        }
        for bar in bars
    ]
    return pd.DataFrame(rows)
