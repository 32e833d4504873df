"""The briefing's comparison in words: a row an option."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from ehc_sim.present import saved, words
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
    order_only: bool
    """Whether it only moves the wait from one child to another."""
    cells: tuple[Cell, ...]


def compared_headings(frames: Frames, now: Standing) -> tuple[str, ...]:
    """Return the headings of the figures that `compared` gives."""
    target = words.percent(now.baseline.target)
    flat = flat_chances(frames)
    return (
        "Weeks of waiting past the date that are saved (95% range)",
        f"Extra cost {over_the_plan(frames)}, discounted (8 in 10 futures)",
        "Cost of each week saved, and its place (95% range)",
        "Nobody without a draft over 52 weeks from (8 in 10 futures)",
        f"Chance of reaching {target} (95% range)",
        *((f"The same if requests stay flat: {flat.futures:,} futures",) if flat else ()),
        "On time in the target months (8 in 10 futures)",
        "Extra plans on time over the planning period (95% range)",
        "Cases past 20 weeks at the end, and over 52",
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
        ComparedOption(
            *(option.scenario, option.why, option.is_baseline, option.order_only),
            _cells(frames, option, flat, _place_by_price(now, option)),
        )
        for option in now.table_order
    ]


def _place_by_price(now: Standing, option: Option) -> int:
    """Return an option's place by what a week saved costs, from 1; 0 where it has none."""
    prices = sorted(o.cost_per_week_saved for o in now.savers if _priced(o))
    mine = option.saves_waiting and _priced(option)
    return prices.index(option.cost_per_week_saved) + 1 if mine else 0


def _priced(option: Option) -> bool:
    return math.isfinite(option.cost_per_week_saved)


def _cells(
    frames: Frames, option: Option, flat: FlatChances | None, place: int
) -> tuple[Cell, ...]:
    none = Cell("–")
    clear = saved.clear_by(frames, option.scenario, 52)
    return (
        none if option.is_baseline else _weeks_saved(option),
        none if option.is_baseline else _cost(option),
        _cost_of_a_week(option, place) if place else none,
        none if clear is None else Cell(*saved.months_in_words(clear)),
        _share(option.chance, option.chance_low, option.chance_high),
        *((flat.chances.get(option.scenario, none),) if flat else ()),
        _share(option.on_time, option.on_time_low80, option.on_time_high80),
        none if option.is_baseline else _extra_plans(option),
        Cell(option.overdue, option.over_52 if words.known(option.over_52_weeks_at_end) else ""),
    )


def _weeks_saved(option: Option) -> Cell:
    ends = (option.late_child_weeks_saved_low, option.late_child_weeks_saved_high)
    if not math.isfinite(option.late_child_weeks_saved):
        return Cell(words.NOT_KNOWN)
    return Cell(*words.counted(option.late_child_weeks_saved, *ends))


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


def _cost_of_a_week(option: Option, place: int) -> Cell:
    """Return the cost of a week of waiting saved, and which place it has from the cheapest."""
    ends = (option.cost_per_week_saved_low, option.cost_per_week_saved_high)
    low, high = map(words.pounds_short, ends)
    return Cell(
        f"{words.pounds_short(option.cost_per_week_saved)}, {words.place(place)}",
        "" if words.NOT_KNOWN in (low, high) or low == high else f"{low} to {high}",
    )
