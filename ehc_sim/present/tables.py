"""The briefing's comparison in words: a row an option."""

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from ehc_sim.present import saved, words
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.limits import FEWEST_FLAT
from ehc_sim.present.reading import Option, Standing


class Cell(NamedTuple):
    """A figure in words, and its range or nothing."""

    figure: str
    range: str = ""
    between: str = ""
    """Of a chance, its range between explanations of the past."""


@dataclass(frozen=True)
class ComparedOption:
    """A row of the comparison: the option's name and reason, and its figures in words."""

    name: str
    why: str
    is_baseline: bool
    heading: str
    """What it stands under: nothing where it is a rival of the others."""
    cells: tuple[Cell, ...]


def compared_headings(frames: Frames, now: Standing) -> tuple[str, ...]:
    """Return the headings of the figures that `compared` gives."""
    target = words.percent(now.baseline.target)
    flat = flat_chances(frames)
    return (
        "Weeks past the date saved (95% range)",
        "Extra cost, discounted (8 in 10 futures)",
        "Cost of a week saved, and its place (95% range)",
        "More plans issued (95% range)",
        "Nobody over 52 weeks from (8 in 10 futures)",
        "Cases past 20 weeks at the end",
        f"Chance of {target} (95% range{_below(now)})",
        *((f"If requests stay flat: {flat.futures:,} futures",) if flat else ()),
        "On time in the target months (8 in 10 futures)",
    )


def _below(now: Standing) -> str:
    return "; below it, between explanations" if now.baseline.between else ""


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
        str(row["scenario"]): _chance(
            row["chance"], row["chance_low"], row["chance_high"]
        )._replace(between=_between(frames, row))
        for row in rows
    }
    return FlatChances(int(rows[0]["futures"]), cells)


def _between(frames: Frames, row: dict[str, Any]) -> str:
    """Return the range between explanations of a chance at flat requests."""
    explanations = float(frames.explanations["explanation"].nunique())
    ends = (row.get("chance_lowest", math.nan), row.get("chance_highest", math.nan))
    return words.between(explanations, (row["chance"], *ends))


def compared(frames: Frames, now: Standing) -> list[ComparedOption]:
    """Return the options, the baseline first and then in the order of their places."""
    flat = flat_chances(frames)
    return [
        ComparedOption(
            *(option.scenario, option.why, option.is_baseline, _heading(option)),
            _cells(frames, option, flat, _place_by_price(now, option)),
        )
        for option in now.table_order
    ]


def _heading(option: Option) -> str:
    if option.order_only:
        return "What only moves the wait"
    return "What changes who is assessed or has a plan" if option.other_children else ""


def _place_by_price(now: Standing, option: Option) -> int:
    """Return an option's place by what a week saved costs, from 1; 0 where it has none."""
    prices = sorted(o.cost_per_week_saved for o in now.savers if saved.priced(o))
    mine = option in now.savers and saved.priced(option)
    return prices.index(option.cost_per_week_saved) + 1 if mine else 0


def _cells(
    frames: Frames, option: Option, flat: FlatChances | None, place: int
) -> tuple[Cell, ...]:
    none = Cell("–")
    clear = saved.clear_by(frames, option.scenario, 52)
    return (
        _weeks_in_all(option) if option.is_baseline else _weeks_saved(option),
        none if option.is_baseline else _cost(option),
        _cost_of_a_week(option, place) if place else none,
        none if option.is_baseline else _more_plans(option),
        none if clear is None else Cell(*saved.months_in_words(clear, short=True)),
        Cell(option.overdue, _over_52(option)),
        _chance_and_futures(option),
        *((flat.chances.get(option.scenario, none),) if flat else ()),
        _share(option.on_time, option.on_time_low80, option.on_time_high80),
    )


def _weeks_in_all(baseline: Option) -> Cell:
    """Return the weeks that children wait past their date with the baseline."""
    if not math.isfinite(baseline.late_child_weeks):
        return Cell(words.NOT_KNOWN)
    return Cell(f"of {words.rounded(baseline.late_child_weeks)}")


def _over_52(option: Option) -> str:
    return f"over 52: {option.over_52}" if words.known(option.over_52_weeks_at_end) else ""


def _weeks_saved(option: Option) -> Cell:
    ends = (option.late_child_weeks_saved_low, option.late_child_weeks_saved_high)
    if not math.isfinite(option.late_child_weeks_saved):
        return Cell(words.NOT_KNOWN)
    return Cell(*words.counted(option.late_child_weeks_saved, *ends))


def _chance(value: float, low: float, high: float) -> Cell:
    ends = words.percent_range(low, high) if words.known(value) else ""
    return Cell(words.chance_percent(value, low, high), ends)


def _chance_and_futures(option: Option) -> Cell:
    """Return the chance; where the option stopped by itself, with its futures."""
    cell = _chance(option.chance, option.chance_low, option.chance_high)
    if not option.reached:
        return cell._replace(between=option.between)
    futures = f"{cell.range}; {words.number(option.replications)} futures"
    return Cell(cell.figure, futures, option.between)


def _share(middle: float, low: float, high: float) -> Cell:
    return Cell(
        words.percent(middle), words.percent_range(low, high) if words.known(middle) else ""
    )


def _more_plans(option: Option) -> Cell:
    more = (option.more_plans_issued, option.more_plans_issued_low, option.more_plans_issued_high)
    if not all(map(math.isfinite, more)):
        return Cell(words.NOT_KNOWN)
    middle, low, high = map(words.signed, more)
    return Cell(middle, f"{low} to {high}")


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
