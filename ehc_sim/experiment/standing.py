"""How the options of a comparison stand: which one leads, with which others, and who pays for it.

The best chance of a few simulated futures is often a coin's. So the options that the paired tests
cannot tell apart from the best one stand together; of these the one that leaves children waiting
least leads, then the one that costs least. An option that changes nothing but who is seen first
moves waiting from one child to another: it never leads, and stands apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

TOLD_APART = 0.05
"""Adjusted p-value below which two scenarios are told apart."""
NEAR_ZERO = 0.05
"""A chance below this, 1 in 20, is no chance to plan on. The planner's view, not a statistic."""
SAME_WAITING = 0.01
"""Child-weeks past the date that differ by less than 1 in 100 of the baseline's are the same to a
family: then the cheaper option leads."""
MORE_OVERDUE = 1.01
"""From 1 in 100 more cases past their date than the baseline, they are said to be more."""
MUCH_OLDER_WEEKS = 13
"""From a quarter of a year more, the oldest case is said to wait much longer."""

STANDING_COLUMNS = (
    *("scenario", "place", "with_the_best", "p_from_best", "near_zero"),
    *("order_only", "changes_order", "more_overdue", "older_case"),
)


@dataclass(frozen=True)
class _Option:
    """What of an option's row of the comparison puts it in its place."""

    number: int
    scenario: str
    chance: float
    on_time: float
    cost: float
    late_child_weeks: float
    overdue_at_end: float
    oldest_weeks_at_end: float
    order_only: bool
    changes_order: bool

    @property
    def is_baseline(self) -> bool:
        return self.number == 0

    @property
    def by_chance(self) -> tuple[float, float, float, int]:
        """Key that puts the best chance first; a chance that is not known comes last."""
        return _last(-self.chance), _last(-self.on_time), _last(self.cost), self.number

    @property
    def by_waiting(self) -> tuple[float, float, int]:
        """Key that puts the least waiting first, then the least cost."""
        return _last(self.late_child_weeks), _last(self.cost), self.number


class _Pairs:
    """Looks up what the pairs say of one scenario beside another, either way round."""

    def __init__(self, pairs: pd.DataFrame) -> None:
        rows = pairs.to_dict("records")
        self._rows = {(str(row["first"]), str(row["second"])): row for row in rows}

    def p(self, test: str, one: _Option, other: _Option) -> float:
        """Return the adjusted p-value of two scenarios being the same; 1 of one with itself."""
        if one is other:
            return 1.0
        names = (one.scenario, other.scenario)
        row = self._rows.get(names) or self._rows[names[::-1]]
        return float(row[f"{test}_p_adjusted"])

    def ends(self, what: str, of: _Option, less: _Option) -> tuple[float, float]:
        """Return the ends of the interval of one scenario's difference to another."""
        if of is less:
            return 0.0, 0.0
        row = self._rows.get((less.scenario, of.scenario))
        if row is not None:
            return float(row[f"{what}_low"]), float(row[f"{what}_high"])
        row = self._rows[of.scenario, less.scenario]
        return -float(row[f"{what}_high"]), -float(row[f"{what}_low"])


def standing(comparison: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return how the options stand.

    Parameters
    ----------
    comparison : DataFrame
        As ``compare`` returns, the baseline first.
    pairs : DataFrame
        As ``pairs`` returns, of the same scenarios.

    Returns
    -------
    DataFrame
        One row a scenario in the order of the comparison, as ``docs/results.md`` describes
        ``standing.csv``: its place (1 leads), whether the tests cannot tell its chance apart from
        the best one's, and what it does to waiting.
    """
    names = [name for name in _Option.__dataclass_fields__ if name != "number"]
    options = [
        _Option(number, **{name: row[name] for name in names})
        for number, row in enumerate(comparison.to_dict("records"))
    ]
    baseline, told = options[0], _Pairs(pairs)
    able = [option for option in options if not option.order_only]
    best = min(able, key=lambda option: option.by_chance)
    level = [
        option
        for option in able
        if option.chance >= 0 and told.p("chance", option, best) >= TOLD_APART
    ]
    order = _in_order(options, level, told)
    rows = [
        {
            "scenario": option.scenario,
            "place": order.index(option) + 1,
            "with_the_best": option in level,
            "p_from_best": told.p("chance", option, best),
            "near_zero": option.chance < NEAR_ZERO,
            "order_only": bool(option.order_only),
            "changes_order": bool(option.changes_order),
            "more_overdue": option.overdue_at_end > MORE_OVERDUE * baseline.overdue_at_end
            and told.ends("overdue", option, baseline)[0] > 0,
            "older_case": option.oldest_weeks_at_end
            >= baseline.oldest_weeks_at_end + MUCH_OLDER_WEEKS,
        }
        for option in options
    ]
    return pd.DataFrame(rows, columns=list(STANDING_COLUMNS))


def _in_order(options: list[_Option], level: list[_Option], told: _Pairs) -> list[_Option]:
    """Return the options in the order in which they are told."""
    apart = [option for option in options if option.order_only]
    rest = [option for option in options if option not in level and option not in apart]
    together = sorted(level, key=lambda option: option.by_waiting)
    if together:
        leads = _leads(options[0], together, told)
        together = [leads, *(option for option in together if option is not leads)]
    others = [sorted(part, key=lambda option: option.by_chance) for part in (rest, apart)]
    return [*together, *others[0], *others[1]]


def _leads(baseline: _Option, together: list[_Option], told: _Pairs) -> _Option:
    """Return the one of the options with the best chance that is put first.

    Where the baseline is among them, no option is shown to raise the chance; then only one that is
    shown to lessen waiting goes before it.
    """
    able = [option for option in together if not option.is_baseline]
    if baseline in together:
        able = [
            option
            for option in able
            if told.p("late_child_weeks", option, baseline) < TOLD_APART
            and told.ends("late_child_weeks", option, baseline)[1] < 0
        ]
    if not able:
        return baseline
    least = min(option.late_child_weeks for option in able)
    near = least + SAME_WAITING * baseline.late_child_weeks
    same = [option for option in able if not option.late_child_weeks > near]
    return min(same, key=lambda option: (_last(option.cost), option.by_waiting))


def _last(value: float) -> float:
    """Return a sort key by which what is not known comes last."""
    return value if math.isfinite(value) else math.inf
