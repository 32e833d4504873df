"""How the options of a comparison stand: which one leads, with which others, and who pays for it.

The best chance of a few simulated futures is often a coin's. So the options that the paired tests
cannot tell apart from the best one stand together. Of those that are shown to do better than the
baseline, the ones that are not shown to leave children waiting longer than the least are level
again; of them the cheapest leads. Beside that, the options stand in the order of the waiting that
they save, whatever the chance: while a backlog lasts the percentage says little. An option that
changes nothing but who is seen first moves waiting from one child to another: it never leads, and
stands apart. A scenario that meets other futures is no choice, and has no place.
"""

import math
from dataclasses import dataclass

import pandas as pd

from ehc_sim.catalogue.tables import names
from ehc_sim.experiment.pairs import TOLD_APART

NEAR_ZERO = 0.05
"""A chance below this, 1 in 20, is no chance to plan on. The planner's view, not a statistic."""
SAME_WAITING = 0.01
"""Child-weeks past the date that differ by less than 1 in 100 of the baseline's are the same to a
family, whatever a test says: then the cheaper option leads."""
SAME_COST = 0.05
"""Options whose cost differs by less than 1 in 20 buy the same: then the better chance leads."""
MORE_OVERDUE = 1.01
"""From 1 in 100 more cases past their date than the baseline, they are said to be more."""
MUCH_OLDER_WEEKS = 13
"""From a quarter of a year more, the oldest case is said to wait much longer."""


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
    is_choice: bool
    order_only: bool
    other_children: bool
    changes_order: bool

    @property
    def is_baseline(self) -> bool:
        return self.number == 0

    @property
    def apart(self) -> bool:
        """Whether it is no rival: it changes the order of work only, or who is assessed."""
        return self.order_only or self.other_children

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
        """Return the adjusted p-value of two scenarios being the same.

        It is 1 of one with itself, and NaN of a pair that is not asked about.
        """
        if one is other:
            return 1.0
        names = (one.scenario, other.scenario)
        row = self._rows.get(names) or self._rows.get(names[::-1], {})
        return float(row.get(f"{test}_p_adjusted", math.nan))

    def replications_to_tell(self, one: _Option, other: _Option) -> float:
        """Return how many replications would tell two chances apart; NaN of one with itself."""
        row = self._rows.get((one.scenario, other.scenario), {})
        return float(row.get("replications_to_tell", math.nan))

    def lower(self, test: str, one: _Option, other: _Option) -> bool:
        """Return whether one scenario is shown to have less of something than another."""
        low, high = self.ends(test, one, other)
        return self.p(test, one, other) < TOLD_APART and low + high < 0

    def ends(self, what: str, of: _Option, less: _Option) -> tuple[float, float]:
        """Return the ends of the interval of one scenario's difference to another.

        They are NaN of a pair that is not held against each other.
        """
        if of is less:
            return 0.0, 0.0
        row = self._rows.get((less.scenario, of.scenario))
        if row is not None:
            return float(row[f"{what}_low"]), float(row[f"{what}_high"])
        row = self._rows.get((of.scenario, less.scenario))
        if row is None:
            return math.nan, math.nan
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
    wanted = [name for name in _Option.__dataclass_fields__ if name != "number"]
    options = [
        _Option(number, **{name: row[name] for name in wanted})
        for number, row in enumerate(comparison.to_dict("records"))
    ]
    baseline, told = options[0], _Pairs(pairs)
    choices = [option for option in options if option.is_choice]
    able = [option for option in choices if not option.apart]
    best = min(able, key=lambda option: option.by_chance)
    level = [
        option
        for option in able
        if option.chance >= 0 and told.p("chance", option, best) >= TOLD_APART
    ]
    first, first_by = _first_of(baseline, level, told)
    order = _in_order(choices, level, first)
    savers = [one for one in able if told.lower("late_child_weeks", one, baseline)]
    most, _ = _least_waiting(baseline, savers, told)
    others = sorted(set(able) - set(most), key=lambda one: one.by_waiting)
    by_saving = [*most, *others]
    rows = [
        {
            "scenario": option.scenario,
            "place": order.index(option) + 1 if option in order else math.nan,
            "with_the_best": option in level,
            "p_from_best": told.p("chance", option, best),
            "near_zero": option.chance < NEAR_ZERO,
            "raises_chance": told.lower("chance", baseline, option),
            "first_by": first_by if option is order[0] else "",
            "replications_to_tell": told.replications_to_tell(baseline, option),
            "least_waiting": option in first,
            "saves_waiting": option in savers,
            "saves_most": option in most,
            "waiting_place": by_saving.index(option) + 1 if option in by_saving else math.nan,
            "is_choice": bool(option.is_choice),
            "order_only": bool(option.order_only),
            "other_children": bool(option.other_children),
            "changes_order": bool(option.changes_order),
            "more_overdue": option.is_choice
            and option.overdue_at_end > MORE_OVERDUE * baseline.overdue_at_end
            and told.lower("overdue", baseline, option),
            "older_case": option.oldest_weeks_at_end
            >= baseline.oldest_weeks_at_end + MUCH_OLDER_WEEKS,
        }
        for option in options
    ]
    return pd.DataFrame(rows, columns=names("standing"))


def _in_order(choices: list[_Option], level: list[_Option], first: list[_Option]) -> list[_Option]:
    """Return the choices in the order in which they are told."""
    apart = sorted((o for o in choices if o.apart), key=lambda o: (o.order_only, o.by_chance))
    rest = [option for option in choices if option not in level and option not in apart]
    others = [option for option in level if option not in first]
    others.sort(key=lambda option: option.by_waiting)
    if choices[0] in others and not first:
        others.sort(key=lambda option: not option.is_baseline)
    rest.sort(key=lambda option: option.by_chance)
    return [*first, *others, *rest, *apart]


def _first_of(baseline: _Option, level: list[_Option], told: _Pairs) -> tuple[list[_Option], str]:
    """Return those of the options with the best chance of which one is put first, and by what.

    They are shown to raise the chance over the baseline's or, where the baseline is among those
    with the best chance, to lessen waiting at no lower a chance than its own; and of these they are
    not shown to leave children waiting longer than the one that leaves them waiting least. Empty
    where there are none: then the baseline goes first.
    """
    if baseline in level:
        no_worse = [one for one in level if one.chance >= baseline.chance]
        able = [one for one in no_worse if told.lower("late_child_weeks", one, baseline)]
    else:
        able = [one for one in level if told.lower("chance", baseline, one)]
    return _least_waiting(baseline, able, told)


def _least_waiting(
    baseline: _Option, able: list[_Option], told: _Pairs
) -> tuple[list[_Option], str]:
    """Return those of some options that are not shown to leave more waiting than the least does.

    The cheapest comes first, of those beside which none leaves less waiting at no higher cost: an
    option whose saving varies much is hard to tell apart from better ones, and that is no merit.
    With them, what put one first.
    """
    if len(able) < 2:
        return able, "alone"
    least = min(able, key=lambda option: option.by_waiting)
    near = least.late_child_weeks + SAME_WAITING * baseline.late_child_weeks
    same = [
        option
        for option in able
        if not option.late_child_weeks > near or not told.lower("late_child_weeks", least, option)
    ]
    worse = [one for one in same if any(_is_dominated(one, other) for other in able)]
    same, first_by = _cheapest_first([one for one in same if one not in worse])
    worse.sort(key=lambda option: (_last(option.cost), option.by_waiting))
    return [*same, *worse], "waiting" if len(same) < 2 else first_by


def _is_dominated(one: _Option, other: _Option) -> bool:
    """Return whether another option leaves less waiting at no higher cost, by the means."""
    return other.late_child_weeks < one.late_child_weeks and other.cost <= one.cost


def _cheapest_first(options: list[_Option]) -> tuple[list[_Option], str]:
    """Return options the cheapest first, of those that cost the same the best chance first.

    With them, whether it was the cost or the chance that put one first.
    """
    cheapest = min(_last(option.cost) for option in options)
    most = cheapest + SAME_COST * abs(cheapest)
    same = [option for option in options if not _last(option.cost) > most]
    others = [option for option in options if option not in same]
    same.sort(key=lambda option: option.by_chance)
    others.sort(key=lambda option: (_last(option.cost), option.by_waiting))
    return [*same, *others], "chance" if len(same) > 1 else "cost"


def _last(value: float) -> float:
    """Return a sort key by which what is not known comes last."""
    return value if math.isfinite(value) else math.inf
