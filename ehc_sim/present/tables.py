"""The briefing's two tables in words: the options compared, and the model held against DfE."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Option, Standing

_MOST_YEARS = 4


class Cell(NamedTuple):
    """A figure in words, and its range or nothing."""

    figure: str
    range: str = ""


@dataclass(frozen=True)
class ComparedOption:
    """A row of the comparison: the option's name and reason, and its figures in words."""

    name: str
    why: str
    is_baseline: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class CheckedFigure:
    """One published figure beside what the model says of it."""

    published: str
    simulated: str
    within: bool
    fitted: bool


@dataclass(frozen=True)
class CheckedMeasure:
    """A row of the back-cast: a measure with its figures by year (None where there is none)."""

    name: str
    allowed: str
    figures: tuple[CheckedFigure | None, ...]


@dataclass(frozen=True)
class BackCast:
    """The back-cast, by measure and year."""

    years: tuple[int, ...]
    measures: tuple[CheckedMeasure, ...]
    sources: tuple[str, ...]


def compared_headings(now: Standing) -> tuple[str, ...]:
    """Return the headings of the figures that `compared` gives."""
    target = words.percent(now.baseline.target)
    return (
        f"Chance of reaching {target} (95% range)",
        "On time in the target months (8 in 10 futures)",
        "Extra plans on time over the plan (95% range)",
        "Extra cost over the plan (8 in 10 futures)",
        "Cost of each extra plan on time",
        "Mean weeks to a plan",
        "Cases past 20 weeks at the end",
    )


def compared(now: Standing) -> list[ComparedOption]:
    """Return the options, the baseline first and then the best chance first."""
    return [
        ComparedOption(option.scenario, option.why, option.is_baseline, _cells(option))
        for option in now.table_order
    ]


def back_cast(frames: Frames) -> BackCast:
    """Return the back-cast with the latest four years; every miss is told in words besides."""
    rows = frames.backcast
    years = tuple(sorted(int(year) for year in rows["year"].dropna().unique()))
    years = years[-_MOST_YEARS:]
    measures = []
    for what, part in rows.groupby("what", sort=False):
        unit = _unit(str(what), part)
        by_year = {int(row["year"]): _figure(row, unit) for row in records(part)}
        measures.append(
            CheckedMeasure(
                words.capital(words.measure(str(what))),
                words.join([_allowed(str(text)) for text in part["allowed"].unique()]),
                tuple(by_year.get(year) for year in years),
            )
        )
    sources = tuple(source for source in rows["source"].fillna("").unique() if source)
    return BackCast(years, tuple(measures), sources)


def _cells(option: Option) -> tuple[Cell, ...]:
    none = Cell("–")
    return (
        _share(option.chance, option.chance_low, option.chance_high),
        _share(option.on_time, option.on_time_low80, option.on_time_high80),
        none if option.is_baseline else _extra_plans(option),
        none if option.is_baseline else _cost(option),
        none if option.is_baseline else Cell(_cost_of_a_plan(option)),
        Cell(words.number(option.mean_weeks)),
        Cell(words.number(option.overdue_at_end)),
    )


def _share(middle: float, low: float, high: float) -> Cell:
    return Cell(
        words.percent(middle), words.percent_range(low, high) if words.known(middle) else ""
    )


def _extra_plans(option: Option) -> Cell:
    if not math.isfinite(option.extra_plans_on_time):
        return Cell(words.NOT_KNOWN)
    low, high = (
        words.signed(end)
        for end in (option.extra_plans_on_time_low, option.extra_plans_on_time_high)
    )
    return Cell(words.signed(option.extra_plans_on_time), f"{low} to {high}")


def _cost(option: Option) -> Cell:
    middle = words.pounds_short(option.cost)
    low, high = words.pounds_short(option.cost_low), words.pounds_short(option.cost_high)
    return Cell(middle, "" if words.NOT_KNOWN in (low, high) or low == high else f"{low} to {high}")


def _cost_of_a_plan(option: Option) -> str:
    """Return the cost of an extra plan on time; it means nothing where none is clearly gained."""
    if not math.isfinite(option.cost_per_extra_plan):
        return "no clear gain"
    return words.pounds_short(option.cost_per_extra_plan)


def _unit(what: str, rows: pd.DataFrame) -> words.Unit:
    """Return a measure's unit; one that is not known is a share where all its figures could be."""
    if what in words.MEASURES:
        return words.MEASURES[what].unit
    figures = rows[["published", "simulated"]]
    return "share" if bool(((figures >= 0) & (figures <= 1)).all(axis=None)) else "count"


def _figure(row: dict[str, Any], unit: words.Unit) -> CheckedFigure:
    published, simulated, low, high = (
        words.quantity(row[name], unit) for name in ("published", "simulated", "low95", "high95")
    )
    return CheckedFigure(
        published,
        f"{simulated} ({low} to {high})",
        row["within"] != "False",
        bool(row["fitted"]),
    )


def _allowed(text: str) -> str:
    return f"± {text}" if text else "not judged"
