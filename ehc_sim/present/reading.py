"""What the comparison says: the options in order, and which cannot be told apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ehc_sim.present.frames import Frames

_NEAR_ZERO = 0.05
"""A chance below this, 1 in 20, is no chance to plan on."""
_MORE_OVERDUE = 1.01
"""From 1 in 100 more cases past 20 weeks than the baseline, they are said to be more."""
_ORDER = r"\bfirst\b|order of work"
_SAME_COST = 0.05
"""Options whose cost differs by 1 in 20 at most buy the same people."""
_MUCH_OLDER_WEEKS = 13
"""From a quarter of a year more, the oldest case is said to wait much longer."""


@dataclass(frozen=True)
class Option:
    """One row of the comparison, with the names of its columns.

    Shares and chances are 0 to 1; money is pounds; a figure that is not known is NaN.
    """

    scenario: str
    why: str
    replications: float
    target: float
    window: str
    chance: float
    chance_low: float
    chance_high: float
    on_time: float
    on_time_low80: float
    on_time_high80: float
    difference: float
    difference_low: float
    difference_high: float
    chance_beats_baseline: float
    extra_plans_on_time: float
    extra_plans_on_time_low: float
    extra_plans_on_time_high: float
    cost: float
    cost_low: float
    cost_high: float
    cost_per_extra_plan: float
    open_at_end: float
    overdue_at_end: float
    oldest_weeks_at_end: float
    recovers: str
    overloaded: str
    is_baseline: bool
    review_decisions_on_time: float = math.nan
    reviews_overdue_at_end: float = math.nan
    appeals: float = math.nan

    @property
    def overloaded_teams(self) -> list[str]:
        """Names of the teams whose work exceeds their hours."""
        return [team.strip() for team in self.overloaded.split(";") if team.strip()]


@dataclass(frozen=True)
class Standing:
    """How the options stand.

    Attributes
    ----------
    baseline : Option
        The first row: what happens with no new decision.
    ranked : list of Option
        Every option, the baseline among them, best chance first. Options without a known chance
        are last. Equal chances are put in order of the share on time.
    tied : list of Option
        Options other than the best whose 95% range of the chance overlaps the best one's. Ranges
        that overlap are the careful rule: options that share their draws may differ in truth.
    """

    baseline: Option
    ranked: list[Option]
    tied: list[Option]

    @property
    def best(self) -> Option:
        """The option with the best chance."""
        return self.ranked[0]

    @property
    def none_is_enough(self) -> bool:
        """Whether every chance is near zero, so that the best is best by accident."""
        return self.is_near_zero(self.best)

    @property
    def best_without_more_waiting(self) -> Option:
        """The best chance of the options that leave no more waiting, the baseline among them."""
        return next(option for option in self.ranked if self.leaves_no_more_waiting(option))

    @property
    def table_order(self) -> list[Option]:
        """The baseline, then the others with the best chance first."""
        return [self.baseline, *(option for option in self.ranked if not option.is_baseline)]

    def is_near_zero(self, option: Option) -> bool:
        """Whether an option's chance is known and below 1 in 20."""
        return option.chance < _NEAR_ZERO

    def leaves_more_overdue(self, option: Option) -> bool:
        """Whether an option leaves more cases past 20 weeks at the end than the baseline."""
        return option.overdue_at_end > _MORE_OVERDUE * self.baseline.overdue_at_end

    def leaves_an_older_case(self, option: Option) -> bool:
        """Whether its oldest open case has waited much longer at the end than the baseline's."""
        return option.oldest_weeks_at_end >= self.baseline.oldest_weeks_at_end + _MUCH_OLDER_WEEKS

    def pays_in_waiting(self, option: Option) -> bool:
        """Whether children wait longer for an option's percentage than they would without it."""
        return self.leaves_more_overdue(option) or self.leaves_an_older_case(option)

    def leaves_no_more_waiting(self, option: Option) -> bool:
        """Whether an option leaves neither more cases past 20 weeks nor one much older.

        An option whose cases past 20 weeks are not known is not vouched for.
        """
        if option.is_baseline:
            return True
        return option.overdue_at_end < self.baseline.overdue_at_end + 0.5 and not (
            self.leaves_an_older_case(option)
        )


def standing(frames: Frames) -> Standing:
    """Return how the options of a comparison stand."""
    options = [
        Option(
            **{name: row[name] for name in Option.__dataclass_fields__ if name in row},
            is_baseline=place == 0,
        )
        for place, row in enumerate(frames.comparison.to_dict("records"))
    ]
    ranked = sorted(options, key=_rank)
    best = ranked[0]
    tied = [other for other in ranked[1:] if other.chance_high >= best.chance_low]
    return Standing(options[0], ranked, tied)


def orders_of_work(frames: Frames) -> list[str]:
    """Names of at most two scenarios that show what the order of work does to a backlog.

    Orders are known by a name such as "Oldest cases first" or "Newest first". Where one of them
    spends as much as another option, it is shown beside that one: the same people and money, and
    only the order differs. Of several such pairs, the one that spends most is shown: a backlog is
    cleared by people, and an order alone only says who waits. Otherwise the first two orders are
    shown.
    """
    options = frames.comparison.iloc[1:]
    are_orders = options["scenario"].str.contains(_ORDER, case=False, regex=True)
    costs = dict(zip(options["scenario"], options["cost"], strict=True))
    orders = options.loc[are_orders, "scenario"].tolist()
    pairs = [
        [beside, order]
        for order in orders
        for beside, cost in costs.items()
        if beside not in orders and abs(cost - costs[order]) < _SAME_COST * cost
    ]
    return max(pairs, key=lambda pair: costs[pair[0]], default=orders[:2])


def shown_beside_baseline(frames: Frames) -> list[str]:
    """Names of the baseline and, where another does better, of the best option."""
    now = standing(frames)
    names = [now.baseline.scenario]
    return names if now.best.is_baseline else [*names, now.best.scenario]


def over_the_plan(frames: Frames) -> str:
    """Return "over the plan, 2025 to 2027", with the years that are forecast."""
    months = frames.forecast.loc[frames.forecast["kind"] != "history", "month"].dropna()
    if months.empty:
        return "over the plan"
    first, last = months.min().year, months.max().year
    return f"over the plan, {first}" + (f" to {last}" if last > first else "")


def _rank(option: Option) -> tuple[float, float, float]:
    def last_if_unknown(value: float) -> float:
        return -value if math.isfinite(value) else math.inf

    cost = option.cost if math.isfinite(option.cost) else math.inf
    return last_if_unknown(option.chance), last_if_unknown(option.on_time), cost
