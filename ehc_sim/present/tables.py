"""The briefing's comparison in words: a row an option."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.limits import FEWEST_FLAT
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
    flat = flat_chances(frames)
    return (
        f"Chance of reaching {target} (95% range)",
        *((f"The same if requests stay flat: {flat.futures:,} futures",) if flat else ()),
        "On time in the target months (8 in 10 futures)",
        "Extra plans on time over the planning period (95% range)",
        f"Extra cost {over_the_plan(frames)}, discounted (8 in 10 futures)",
        "Cost of each extra plan on time (95% range)",
        "Cases past 20 weeks at the end",
        "Oldest case without a draft at the end, weeks",
    )


class FlatChances(NamedTuple):
    """The chance of each scenario in the futures in which requests stay flat, and how many."""

    futures: int
    chances: dict[str, Cell]


def flat_chances(frames: Frames) -> FlatChances | None:
    """Return the chances at flat requests; None where there are too few such futures."""
    rows = records(frames.flat_requests)
    if not rows or rows[0]["futures"] < FEWEST_FLAT:
        return None
    cells = {
        str(row["scenario"]): _share(row["chance"], row["chance_low"], row["chance_high"])
        for row in rows
    }
    return FlatChances(int(rows[0]["futures"]), cells)


def compared(frames: Frames, now: Standing) -> list[ComparedOption]:
    """Return the options, the baseline first and then in the order of their places."""
    flat = flat_chances(frames)
    return [
        ComparedOption(option.scenario, option.why, option.is_baseline, _cells(option, flat))
        for option in now.table_order
    ]


def _cells(option: Option, flat: FlatChances | None) -> tuple[Cell, ...]:
    none = Cell("–")
    return (
        _share(option.chance, option.chance_low, option.chance_high),
        *((flat.chances.get(option.scenario, none),) if flat else ()),
        _share(option.on_time, option.on_time_low80, option.on_time_high80),
        none if option.is_baseline else _extra_plans(option),
        none if option.is_baseline else _cost(option),
        none if option.is_baseline else _cost_of_a_plan(option),
        Cell(option.overdue),
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


def _cost_of_a_plan(option: Option) -> Cell:
    """Return the cost of an extra plan on time; a dash where no plan is clearly gained."""
    if not math.isfinite(option.cost_per_extra_plan):
        return Cell("–")
    ends = (option.cost_per_extra_plan_low, option.cost_per_extra_plan_high)
    low, high = map(words.pounds_short, ends)
    return Cell(
        words.pounds_short(option.cost_per_extra_plan),
        "" if words.NOT_KNOWN in (low, high) or low == high else f"{low} to {high}",
    )
