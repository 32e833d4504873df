"""What the comparison says: the options in order, and which cannot be told apart."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ehc_sim.present.frames import Frames


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
    mean_weeks: float
    open_at_end: float
    overdue_at_end: float
    oldest_weeks_at_end: float
    recovers: str
    overloaded: str
    is_baseline: bool

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
    def table_order(self) -> list[Option]:
        """The baseline, then the others with the best chance first."""
        return [self.baseline, *(option for option in self.ranked if not option.is_baseline)]


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
    """Names of at most two scenarios that change which case is taken next.

    They are known by a name such as "Oldest cases first" or "Newest first".
    """
    names = frames.comparison["scenario"].iloc[1:]
    told = names[names.str.contains(r"\bfirst\b|order of work", case=False, regex=True)]
    return told.tolist()[:2]


def shown_beside_baseline(frames: Frames) -> list[str]:
    """Names of the baseline and, where another does better, of the best option."""
    now = standing(frames)
    names = [now.baseline.scenario]
    return names if now.best.is_baseline else [*names, now.best.scenario]


def _rank(option: Option) -> tuple[float, float, float]:
    def last_if_unknown(value: float) -> float:
        return -value if math.isfinite(value) else math.inf

    cost = option.cost if math.isfinite(option.cost) else math.inf
    return last_if_unknown(option.chance), last_if_unknown(option.on_time), cost
