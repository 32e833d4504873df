"""The briefing's answer: who saves most waiting, at what price, and when the backlog is clear."""

import math
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Option, Standing, over_the_plan

_TOLD = (52, 30)
"""Weeks of which it is told when nobody has waited over them; ``clear_by.csv`` has 20 too."""


class Clear(NamedTuple):
    """A row of ``clear_by.csv``: when nobody has waited for longer without a draft plan."""

    weeks: int
    day: date
    chance: float
    chance_low: float
    chance_high: float
    low80: str
    median: str
    high80: str
    chance_lowest: float = math.nan
    chance_highest: float = math.nan


def saved(frames: Frames, now: Standing) -> list[str]:
    """Return the first answer in sentences: the option that saves most waiting.

    Then what it costs, which others are level with it, which saves a week for least and which
    saves most without more staff. Empty where no other option was simulated, or it is not known.
    """
    if len(now.ranked) < 2 or not now.waiting_known:
        return []
    savers = now.savers
    if not savers:
        return ["No option is shown to save children any waiting past their date."]
    most = savers[0]
    level = [option for option in savers[1:] if option.saves_most]
    opening = (
        f"No option is shown to save more waiting than {most.named}"
        if level
        else f"Most waiting is saved by {most.named}"
    )
    return [
        f"{opening}: {over_the_plan(frames)}, {_weeks_saved(most)} past children's dates, added "
        "up.",
        _price(most),
        *_level_with(level),
        *_cheapest(savers, most),
        *_without_staff(now, most),
    ]


def of_other_children(now: Standing) -> list[str]:
    """Return what the options save in which other children ask, are assessed or have a plan.

    They are no rivals of the others: who goes without a plan waits for none.
    """
    known = [o for o in now.other_children if words.known(o.late_child_weeks_saved)]
    if not known:
        return []
    names = words.quoted([option.scenario for option in known])
    told = [
        f"With {option.named} the children counted wait {_weeks_saved(option)} less. "
        f"{_cost(option)}"
        if option.late_child_weeks_saved_low > 0
        else f"{option.named} is not shown to save any waiting. {_cost(option)}"
        for option in known
    ]
    return [
        f"{names} {words.plural(len(known), 'changes', 'change')} how many children ask, are "
        "assessed or have a plan. What those wait or miss who go without is not counted, so "
        f"{words.plural(len(known), 'it is', 'they are')} not ranked with the others.",
        *told,
    ]


def when_clear(frames: Frames, now: Standing) -> list[str]:
    """Return when nobody has waited over some weeks, and how sure that is by the targets' days.

    It is told of the option that saves most waiting, and of the baseline.
    """
    options = [*now.savers[:1], now.baseline]
    said = [one for option in options if (one := _when(frames, option))]
    for weeks in (52, 30, 20):
        rows = [(o, clear_by(frames, o.scenario, weeks, is_target=True)) for o in options]
        known = [(option, row) for option, row in rows if row is not None]
        if known:
            told = [f"in {_part(option, row)} with {option.called}" for option, row in known]
            said.append(
                f"The target of nobody over {weeks} weeks by {words.month_of(known[0][1].day)} is "
                f"met, of the simulated futures, {words.join(told)}."
            )
    return said


def clear_by(frames: Frames, option: str, weeks: int, *, is_target: bool = False) -> Clear | None:
    """Return when nobody has waited so many weeks with an option; None where it is not known."""
    table = frames.clear_by
    rows = table[
        (table["scenario"] == option)
        & (table["weeks"] == weeks)
        & (table["is_target"] == is_target)
    ]
    for row in records(rows):
        known = {name: row[name] for name in Clear._fields if name in row}
        return Clear(**known | {"weeks": int(row["weeks"])})
    return None


def months_in_words(clear: Clear, *, short: bool = False) -> tuple[str, str]:
    """Return the month in which half of the futures are clear, and those of one and nine in ten."""
    end = words.month_of(clear.day, short=short)
    if not clear.low80:
        return f"not by {end}", ""
    middle, low, high = (
        words.month(one, short=short) if one else ("later" if short else f"after {end}")
        for one in (clear.median, clear.low80, clear.high80)
    )
    middle = middle if clear.median else f"not by {end}"
    return middle, low if low == high else f"{low} to {high}"


def _weeks_saved(option: Option) -> str:
    told = words.counted(
        option.late_child_weeks_saved,
        option.late_child_weeks_saved_low,
        option.late_child_weeks_saved_high,
    )
    return f"{told.figure} weeks ({told.range}, 95% range)"


def _price(option: Option) -> str:
    of_each = f": {_each_week(option)} for each week saved" if priced(option) else ""
    return f"{_cost(option)[:-1]}{of_each}."


def _cost(option: Option) -> str:
    if not math.isfinite(option.cost):
        return "What it costs is not known."
    if words.pounds(option.cost) == "£0":
        return "It costs nothing extra."
    if option.cost < 0:
        return f"It saves {words.pounds(-option.cost)}."
    ends = words.pounds_range(option.cost_low, option.cost_high)
    range_ = "" if words.NOT_KNOWN in ends else f" ({ends} in 8 of 10 futures)"
    return f"It costs {words.pounds(option.cost)} more than the baseline{range_}."


def _each_week(option: Option) -> str:
    """Return what a week saved costs, with its range."""
    ends = (option.cost_per_week_saved_low, option.cost_per_week_saved_high)
    return f"{words.pounds(option.cost_per_week_saved)} ({words.pounds_range(*ends)}, 95% range)"


def priced(option: Option) -> bool:
    """Return whether a week saved has a price, and its range is above nothing."""
    ends = (option.cost_per_week_saved_low, option.cost_per_week_saved_high)
    return all(math.isfinite(one) for one in ends) and ends[0] > 0


def _level_with(level: Sequence[Option]) -> list[str]:
    """Return which others may save as much or more, with what they save; they cost more."""
    if not level:
        return []
    each = words.join([f"{option.named} saves {_weeks_saved(option)}" for option in level])
    verbs = words.plural(len(level), "it costs", "they cost")
    return [f"{each}: the futures do not tell that apart, and {verbs} more."]


def _cheapest(savers: Sequence[Option], most: Option) -> list[str]:
    """Return which option saves a week for least, and which others may be as cheap.

    Nothing where the one that saves most waiting may be as cheap itself.
    """
    by_price = sorted((o for o in savers if priced(o)), key=lambda o: o.cost_per_week_saved)
    if most not in by_price:
        return []
    least, *others = by_price
    near = [o for o in others if o.cost_per_week_saved_low <= least.cost_per_week_saved_high]
    if least is most or most in near:
        return []
    said = (
        f"A week is saved for least by {least.named}, at {_each_week(least)}, but it saves only "
        f"{_weeks_saved(least)}."
    )
    if not near:
        return [said]
    names = words.quoted([option.scenario for option in near])
    return [said, f"{names} may be as cheap."]


def _without_staff(now: Standing, most: Option) -> list[str]:
    """Return which option saves most of those that add no staff, hours or agency."""
    if not most.changes_staff:
        return []
    rest = [o for o in now.ranked if not (o.changes_staff or o.apart or o.is_baseline)]
    able = [o for o in rest if o.saves_waiting]
    if not rest:
        return []
    if not able:
        return ["No option that leaves staffing as it is is shown to save any."]
    first = min(able, key=lambda option: option.waiting_place)
    return [
        f"With staffing as it is, most is saved by {first.named}: {_weeks_saved(first)}. "
        f"{_price(first)}"
    ]


def _when(frames: Frames, option: Option) -> str:
    rows = [clear_by(frames, option.scenario, weeks) for weeks in _TOLD]
    known = [row for row in rows if row is not None]
    if not known:
        return ""
    if not any(row.low80 for row in known):
        over = " or ".join(str(row.weeks) for row in known)
        return (
            f"With {option.called}, children without a draft plan still wait over {over} weeks "
            f"at the end of the plan, {words.month_of(known[0].day)}."
        )
    told = []
    for row in known:
        month, ends = months_in_words(row)
        when = f"from {month} on" if row.median else month
        told.append(f"{row.weeks} weeks {when}" + (f" ({ends} in 8 of 10 futures)" if ends else ""))
    whose = words.capital(f"with {option.called}")
    return f"{whose}, nobody without a draft plan has waited over {words.join(told)}."


def _part(option: Option, clear: Clear) -> str:
    chance = (clear.chance, clear.chance_lowest, clear.chance_highest)
    between = words.between(option.explanations, chance)
    ends = words.ranges(clear.chance_low, clear.chance_high, between)
    return f"{words.out_of(clear.chance)} ({ends})"
