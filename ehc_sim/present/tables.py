"""The briefing's comparison in words: a row an option."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from ehc_sim.present import words
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import Option, Standing, over_the_plan


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


def compared_headings(frames: Frames, now: Standing) -> tuple[str, ...]:
    """Return the headings of the figures that `compared` gives."""
    target = words.percent(now.baseline.target)
    return (
        f"Chance of reaching {target} (95% range)",
        "On time in the target months (8 in 10 futures)",
        "Extra plans on time over the plan (95% range)",
        f"Extra cost {over_the_plan(frames)}, discounted (8 in 10 futures)",
        "Cost of each extra plan on time",
        "Cases past 20 weeks at the end",
        "Oldest case without a draft at the end, weeks",
    )


def compared(now: Standing) -> list[ComparedOption]:
    """Return the options, the baseline first and then the best chance first."""
    return [
        ComparedOption(option.scenario, option.why, option.is_baseline, _cells(option))
        for option in now.table_order
    ]


def _cells(option: Option) -> tuple[Cell, ...]:
    none = Cell("–")
    return (
        _share(option.chance, option.chance_low, option.chance_high),
        _share(option.on_time, option.on_time_low80, option.on_time_high80),
        none if option.is_baseline else _extra_plans(option),
        none if option.is_baseline else _cost(option),
        none if option.is_baseline else Cell(_cost_of_a_plan(option)),
        Cell(words.number(option.overdue_at_end)),
        Cell(words.number(option.oldest_weeks_at_end)),
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
    """Return the cost of an extra plan on time; a dash where no plan is clearly gained."""
    if not math.isfinite(option.cost_per_extra_plan):
        return "–"
    return words.pounds_short(option.cost_per_extra_plan)
