"""The columns of the tables of a results folder: each stands once, with its kind.

``experiment`` writes tables with these columns, and ``present`` reads them. The text below one or
several columns is their line in ``docs/results.md``. Folders of earlier versions may lack a column
that has a value here, and then have that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, get_type_hints

from ehc_sim.catalogue.measure import RANGE, Measure
from ehc_sim.catalogue.service import (
    ADVICE,
    DECISIONS,
    EXCEPTIONS,
    HOURS,
    LATENESS,
    PLANS,
    REVIEWS,
    TEAMS,
)
from ehc_sim.catalogue.timeliness import MONTHLY, TOTALS, YEARLY, Compared


@dataclass(frozen=True, kw_only=True)
class Paired:
    """A row of ``pairs.csv``: two choices held against each other in the same futures."""

    first: str
    second: str
    replications: float
    """the two scenarios, and the futures that both ran"""
    both_met: float
    only_first: float
    only_second: float
    neither: float
    """futures by who reached the target"""
    chance_difference: float
    chance_low: float
    chance_high: float
    """difference of the chances, with its 95% interval for chances from the same futures (Agresti
    and Min, 2005)"""
    chance_p: float
    """exact p-value of the chances being the same (McNemar's test: of the futures in which just one
    of the two reaches the target, as many are each one's)"""
    chance_p_adjusted: float
    """the p-value adjusted for the pairs of its family (Holm, 1979)"""
    replications_to_tell: float
    """how many futures would tell the two chances apart four times in five, if the differences so
    far are the true ones (Connor, 1987; at 0.05 divided by the pairs of the family); empty where as
    many futures are each one's"""
    on_time_difference: float
    on_time_low: float
    on_time_high: float
    on_time_p: float
    on_time_p_adjusted: float
    """mean difference of `on_time`, its 95% interval, and the p-value of the paired t test"""
    late_child_weeks_difference: float
    late_child_weeks_low: float
    late_child_weeks_high: float
    late_child_weeks_p: float
    late_child_weeks_p_adjusted: float
    """the same of the child-weeks past the date"""
    overdue_difference: float
    overdue_low: float
    overdue_high: float
    """mean difference of the cases past their date at the end, and its 95% interval"""
    cost_difference: float
    cost_low: float
    cost_high: float
    """mean difference of the discounted cost, and its 95% interval"""


@dataclass(frozen=True, kw_only=True)
class Stood:
    """A row of ``standing.csv``: how a scenario stands among the others."""

    scenario: str
    """its name"""
    place: float
    """1 is put first. Of the options that cannot be told apart from the best chance those are
    looked at that are shown to raise the chance over the baseline's (or, where the baseline is
    among them, to lessen the child-weeks past the date); of these the ones that are not shown to
    leave more child-weeks than the least, or within 1 in 100 of the baseline's of it, are level; of
    these the cheapest is put first, and of those within 1 in 20 of its cost the one with the best
    chance. Then the others that cannot be told apart, those that can, best chance first, and last
    those that are an order of work only. Empty for what is no choice"""
    with_the_best: bool
    """whether its chance cannot be told apart from the best one (`p_from_best` of 0.05 or more)"""
    p_from_best: float
    """adjusted exact p-value of its chance beside the best one"""
    near_zero: bool
    """whether its chance is below 1 in 20"""
    raises_chance: bool
    """whether its chance is shown to be higher than the baseline's"""
    first_by: str
    """of the option put first: `alone` where no other is shown to help, else what decided:
    `waiting`, `cost` or `chance`; empty for the others"""
    replications_to_tell: float
    """as in `pairs.csv`, from the baseline"""
    least_waiting: bool
    """whether it is one of those of which one is put first"""
    is_choice: bool
    order_only: bool
    changes_order: bool
    """as in `comparison.csv`; an order of work only is never the best, as it moves waiting from one
    child to another"""
    more_overdue: bool
    """whether it leaves more cases past their date at the end than the baseline, by more than 1 in
    100 and with an interval above 0"""
    older_case: bool
    """whether its oldest case without a draft waits a quarter of a year longer at the end, or
    more"""


@dataclass(frozen=True, kw_only=True)
class Flat:
    """A row of ``flat_requests.csv``: a chance where requests stay near last year's."""

    scenario: str
    level: float
    """requests of the last recorded year"""
    near: float
    """how near a future's requests a year are, as a share of `level`"""
    futures: float
    met: float
    """the futures that are so near, and those of them in which the target is reached"""
    chance: float
    chance_low: float
    chance_high: float
    """the chance from so few, with its 95% interval (Wilson)"""


@dataclass(frozen=True, kw_only=True)
class BackCast:
    """A row of ``backcast.csv``: a published figure beside the simulated one."""

    year: float
    measure: str
    """of `yearly.csv`, such as `completed`, or of `decisions.csv`, `reviews.csv` or `plans.csv`"""
    by: str
    group: str
    """as in `yearly.csv`; `all` for everybody"""
    published: float
    """empty where it is of so few children that it is not passed on: [privacy.md](privacy.md)"""
    simulated: float
    """median"""
    low95: float
    high95: float
    """its range"""
    in_range: bool | None
    """whether the published figure lies in it"""
    allowed: str
    """how far it may be off, or empty"""
    within: bool | None
    """`True`, `False`, or empty where it is not judged"""
    fitted: bool
    """whether unknown numbers were set to agree with it: such a figure is no test of the model"""
    source: str
    """where it was published"""


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """A row of ``assumptions.csv``: a number of the scenarios."""

    path: str
    """its setting"""
    value: str
    """in words"""
    source: str
    note: str
    """where it is from, and what is said of it"""
    fitted: bool
    """set so that the run-in agrees with published figures"""


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    name : str
        Its name.
    kind : type
        ``str``, ``float``, ``bool``, ``bool | None`` (or nothing), ``date`` or ``datetime`` (a
        month).
    default : object
        What it is in a folder of an earlier version that has not got it; ``MISSING`` where every
        folder has it.
    way : object
        How the comparison has it from a measure: a ``Median`` or a ``Difference``; None where it
        is worked out by itself.
    """

    name: str
    kind: Any
    default: Any = MISSING
    way: object = None


MEASURES: Mapping[str, tuple[Measure, ...]] = {
    "monthly": MONTHLY,
    "yearly": YEARLY,
    "exceptions": EXCEPTIONS,
    "advice": ADVICE,
    "teams": TEAMS,
    "hours": HOURS,
    "lateness": LATENESS,
    "decisions": DECISIONS,
    "reviews": REVIEWS,
    "plans": PLANS,
    "totals": TOTALS,
}
"""The measures of each table, in order; the totals are in ``replications.parquet``."""
NAMED = {row.name: row for rows in MEASURES.values() for row in rows}
"""Every measure by its name."""


@cache
def columns(row: type) -> tuple[Column, ...]:
    """Return the columns of a table of which every row is such a dataclass."""
    kinds, marked = get_type_hints(row), get_type_hints(row, include_extras=True)
    ways = {name: getattr(kind, "__metadata__", (None,))[0] for name, kind in marked.items()}
    return tuple(
        Column(one.name, kinds[one.name], one.default, ways[one.name]) for one in fields(row)
    )


def names(row: type) -> list[str]:
    """Return the names of those columns."""
    return [column.name for column in columns(row)]


def _of(**kinds: Any) -> tuple[Column, ...]:  # noqa: ANN401
    return tuple(Column(name, kind) for name, kind in kinds.items())


def _ranged(*keys: str, of: str = "measure") -> tuple[Column, ...]:
    kinds = {"month": datetime, "year": float}
    known = {key: kinds.get(key, str) for key in (*keys, of)}
    return _of(**known, **dict.fromkeys(RANGE, float))


TABLES: Mapping[str, tuple[Column, ...]] = {
    "comparison": columns(Compared),
    "pairs": columns(Paired),
    "standing": columns(Stood),
    "monthly": _ranged("scenario", "month"),
    "yearly": _ranged("scenario", "year", "by", "group"),
    "exceptions": _ranged("scenario", "year", "kind"),
    "advice": _ranged("scenario", "year", "giver"),
    "teams": _ranged("scenario", "month", "team"),
    "hours": _ranged("scenario", "year", "team", "kind"),
    "lateness": _ranged("scenario", "year", "step", "part"),
    "waiting": _ranged("scenario", "month", of="step"),
    "cohort": _of(scenario=str, year=float, weeks=float, outcome=str, share=float),
    "decisions": _ranged("scenario", "year"),
    "reviews": _ranged("scenario", "year"),
    "plans": _ranged("scenario", "year"),
    "backcast": columns(BackCast),
    "forecast": _ranged("month", of="kind"),
    "requests": _ranged("year", of="kind"),
    "backtest": _of(method=str, horizon=float, months=float, skill=float),
    "flat_requests": columns(Flat),
    "assumptions": columns(Assumption),
    "history": _of(year=float, measure=str, value=float),
}
"""Columns that each table must have, in the order of the folder; it may have more."""
