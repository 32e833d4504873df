"""The briefing's answer: who saves most waiting, at what price, and when the backlog is clear."""

import math
from typing import NamedTuple

from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Option, Standing, over_the_plan


class Clear(NamedTuple):
    """A row of ``clear_by.csv``: when nobody has waited for longer without a draft plan."""

    weeks: int
    day: str
    chance: float
    chance_low: float
    chance_high: float
    low80: str
    median: str
    high80: str


def saved(frames: Frames, now: Standing) -> list[str]:
    """Return the answer in sentences: the option that saves most waiting, first.

    Then what it costs, for each week saved too, which others are level with it, which saves a week
    for less, and when the backlog is clear with it and with the baseline.
    """
    savers = now.savers
    if not savers:
        told = [] if len(now.ranked) < 2 or not now.waiting_known else [_NONE]
        return [*told, *_clear(frames, now, [now.baseline])]
    most = savers[0]
    return [
        f"Most waiting is saved by {_name(most)}: {over_the_plan(frames)}, children wait "
        f"{_weeks_saved(most)} weeks less past their date, all of them added up.",
        _price(most),
        *_level_with(now, most),
        *_cheaper(savers, most),
        *_clear(frames, now, [most, now.baseline]),
    ]


_NONE = "No option is shown to save children any waiting past their date."


def clear_by(frames: Frames, option: str, weeks: int, *, is_target: bool = False) -> Clear | None:
    """Return when nobody has waited so many weeks with an option; None where it is not known."""
    table = frames.clear_by
    rows = table[
        (table["scenario"] == option)
        & (table["weeks"] == weeks)
        & (table["is_target"] == is_target)
    ]
    for row in records(rows):
        known = {name: row[name] for name in Clear._fields} | {"weeks": int(row["weeks"])}
        return Clear(**known | {"day": words.month(str(row["day"]))})
    return None


def months_in_words(clear: Clear) -> tuple[str, str]:
    """Return the month in which half of the futures are clear, and that of one and nine in ten."""
    if not clear.low80:
        return f"not by {clear.day}", ""
    later = f"after {clear.day}"
    middle, low, high = (
        words.month(one) if one else later for one in (clear.median, clear.low80, clear.high80)
    )
    middle = middle if clear.median else f"not by {clear.day}"
    return middle, low if low == high else f"{low} to {high}"


def _weeks_saved(option: Option) -> str:
    told = words.counted(
        option.late_child_weeks_saved,
        option.late_child_weeks_saved_low,
        option.late_child_weeks_saved_high,
    )
    return f"{told.figure} ({told.range}, 95% range)"


def _price(option: Option) -> str:
    if not math.isfinite(option.cost):
        return "What it costs is not known."
    if words.pounds(option.cost) == "£0":
        return "It costs nothing extra."
    if option.cost < 0:
        return f"It saves {words.pounds(-option.cost)}."
    ends = words.pounds_range(option.cost_low, option.cost_high)
    range_ = "" if words.NOT_KNOWN in ends else f" ({ends} in 8 of 10 futures)"
    each = _each_week(option)
    of_each = f": {each} for each week saved" if each else ""
    return f"It costs {words.pounds(option.cost)} more than the baseline{range_}{of_each}."


def _each_week(option: Option) -> str:
    """Return what a week saved costs, with its range; nothing where that is not known."""
    ends = (option.cost_per_week_saved_low, option.cost_per_week_saved_high)
    if not all(math.isfinite(one) for one in (option.cost_per_week_saved, *ends)):
        return ""
    return f"{words.pounds(option.cost_per_week_saved)} ({words.pounds_range(*ends)}, 95% range)"


def _level_with(now: Standing, most: Option) -> list[str]:
    level = [o.scenario for o in now.savers if o.saves_most and o is not most]
    if not level:
        return []
    verb = words.plural(len(level), "is", "are")
    return [f"{words.quoted(level)} {verb} not shown to save less."]


def _cheaper(savers: list[Option], most: Option) -> list[str]:
    """Return which option saves a week for least, where its range lies below that of the first."""
    priced = [one for one in savers if _each_week(one)]
    if not priced or not _each_week(most):
        return []
    least = min(priced, key=lambda option: option.cost_per_week_saved)
    if not least.cost_per_week_saved_high < most.cost_per_week_saved_low:
        return []
    return [
        f"A week is saved for least by {_name(least)}, at {_each_week(least)}; it saves "
        f"{_weeks_saved(least)} weeks in all."
    ]


def _clear(frames: Frames, now: Standing, options: list[Option]) -> list[str]:
    """Return when nobody has waited over 52 and 30 weeks, and the chance of the targets."""
    said = [one for option in options if (one := _when(frames, option))]
    for weeks in (52, 30, 20):
        rows = [(o, clear_by(frames, o.scenario, weeks, is_target=True)) for o in options]
        told = [
            f"in {words.chance(row.chance, row.chance_low, row.chance_high)} with "
            f"{'the baseline' if option.is_baseline else _name(option)}"
            for option, row in rows
            if row is not None
        ]
        if told:
            day = next(row.day for _, row in rows if row is not None)
            said.append(f"Nobody has waited over {weeks} weeks by {day} {words.join(told)}.")
    return said


def _when(frames: Frames, option: Option) -> str:
    rows = [clear_by(frames, option.scenario, weeks) for weeks in (52, 30)]
    known = [row for row in rows if row is not None]
    if not known:
        return ""
    whose = "the baseline" if option.is_baseline else _name(option)
    if not any(row.low80 for row in known):
        over = words.join([str(row.weeks) for row in known]).replace(" and ", " or ")
        return (
            f"With {whose}, children without a draft plan still wait over {over} weeks at the end "
            f"of the plan, {known[0].day}."
        )
    told = []
    for row in known:
        month, ends = months_in_words(row)
        when = f"from {month} on" if row.median else month
        told.append(f"{row.weeks} weeks {when}" + (f" ({ends}, 8 of 10 futures)" if ends else ""))
    return f"With {whose}, nobody without a draft plan has waited over {words.join(told)}."


def _name(option: Option) -> str:
    return words.quoted([option.scenario])
