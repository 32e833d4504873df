"""The columns of the tables of a results folder: each stands once, with its kind.

``experiment`` writes them and ``present`` reads them; ``docs/results.md`` says what they mean.
"""

import math
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple, get_type_hints

from ehc_sim.catalogue.measure import RANGE, Measure
from ehc_sim.catalogue.service import (
    ADVICE,
    ADVICE_RATES,
    COSTS,
    DECISIONS,
    EXCEPTIONS,
    HOURS,
    LATENESS,
    OFFICERS,
    PLANS,
    REVIEWS,
    TEAMS,
)
from ehc_sim.catalogue.timeliness import MONTHLY, TOTALS, YEARLY, Compared


@dataclass(frozen=True, kw_only=True)
class Stood:
    """A row of ``standing.csv``: how a scenario stands among the others."""

    scenario: str
    place: float
    with_the_best: bool
    p_from_best: float
    near_zero: bool
    raises_chance: bool
    first_by: str
    replications_to_tell: float
    least_waiting: bool
    saves_waiting: bool = False
    saves_most: bool = False
    waiting_place: float = math.nan
    is_choice: bool
    order_only: bool
    other_children: bool = False
    changes_order: bool
    more_overdue: bool
    older_case: bool


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
    "advice_by_month": ADVICE_RATES,
    "teams": TEAMS,
    "officers": OFFICERS,
    "hours": HOURS,
    "lateness": LATENESS,
    "decisions": DECISIONS,
    "reviews": REVIEWS,
    "plans": PLANS,
    "costs_by_year": COSTS,
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


def _numbers(*names: str) -> dict[str, type]:
    return dict.fromkeys(names, float)


def _of(**kinds: Any) -> tuple[Column, ...]:  # noqa: ANN401
    return tuple(Column(name, kind) for name, kind in kinds.items())


def _of_now(*later: str, **kinds: Any) -> tuple[Column, ...]:  # noqa: ANN401
    """Return columns, the last of which, numbers, folders of earlier versions have not got."""
    return (*_of(**kinds), *(Column(name, float, math.nan) for name in later))


def _ranged(*keys: str, of: str = "measure") -> tuple[Column, ...]:
    kinds = {"month": datetime, "year": float, "months": float}
    known = {key: kinds.get(key, str) for key in (*keys, of)}
    return _of(**known, **_numbers(*RANGE))


TABLES: Mapping[str, tuple[Column, ...]] = {
    "comparison": columns(Compared),
    "pairs": _of_now(
        "advices_difference",
        *("advices_low", "advices_high"),
        **{"first": str, "second": str},
        **_numbers("replications", "both_met", "only_first", "only_second", "neither"),
        **_numbers("chance_difference", "chance_low", "chance_high", "chance_p"),
        **_numbers("chance_p_adjusted", "replications_to_tell"),
        **_numbers("on_time_difference", "on_time_low", "on_time_high", "on_time_p"),
        **_numbers("on_time_p_adjusted", "late_child_weeks_difference", "late_child_weeks_low"),
        **_numbers("late_child_weeks_high", "late_child_weeks_p", "late_child_weeks_p_adjusted"),
        **_numbers("overdue_difference", "overdue_low", "overdue_high", "overdue_p"),
        **_numbers("overdue_p_adjusted", "cost_difference", "cost_low", "cost_high"),
    ),
    "standing": columns(Stood),
    "worse": _of(
        **{"scenario": str, "against": str, "year": float, "cause": str, "of": str, "name": str},
        **_numbers("value", "against_value", "difference", "low", "high", "p_adjusted"),
    ),
    "monthly": _ranged("scenario", "month"),
    "yearly": _ranged("scenario", "year", "by", "group"),
    "exceptions": _ranged("scenario", "year", "kind"),
    "advice": _ranged("scenario", "year", "giver"),
    "advice_by_month": _ranged("scenario", "month", "giver"),
    "teams": _ranged("scenario", "month", "team"),
    "officers": _ranged("scenario", "month", "team"),
    "hours": _ranged("scenario", "year", "team", "kind"),
    "lateness": _ranged("scenario", "year", "step", "part"),
    "waiting": _ranged("scenario", "month", of="step"),
    "cohort": _of(scenario=str, year=float, weeks=float, outcome=str, share=float),
    "decisions": _ranged("scenario", "year"),
    "reviews": _ranged("scenario", "year"),
    "plans": _ranged("scenario", "year"),
    "costs_by_year": _ranged("scenario", "financial_year", "months", "funded_by"),
    "unit_costs": _of(
        **{"scenario": str, "of": str, **dict.fromkeys(("pounds", "low", "high"), float)},
        **_numbers("spent", "number"),
    ),
    "backcast": (
        Column("year", float),
        Column("quarter", str, ""),
        Column("month", str, ""),
        *_of(
            **{"measure": str, "by": str, "group": str},
            **_numbers("published", "simulated", "low95", "high95"),
            **{"in_range": bool | None, "allowed": str, "within": bool | None, "fitted": bool},
            source=str,
        ),
    ),
    "forecast": _ranged("month", of="kind"),
    "requests": _ranged("year", of="kind"),
    "backtest": _of(method=str, horizon=float, months=float, skill=float),
    "flat_requests": _of(
        scenario=str,
        **_numbers("level", "near", "futures", "met", "chance", "chance_low", "chance_high"),
    ),
    "clear_by": _of(
        **{"scenario": str, "weeks": float, "day": date, "is_target": bool},
        **_numbers("replications", "cleared", "chance", "chance_low", "chance_high"),
        **dict.fromkeys(("low80", "median", "high80"), str),
    ),
    "assumptions": _of(
        path=str, change=str, cost=str, value=str, source=str, note=str, fitted=bool
    ),
    "history": _of(year=float, measure=str, value=float),
}
"""Columns that each table must have, in the order of the folder; it may have more."""


def names(table: str) -> list[str]:
    """Return the names of a table's columns."""
    return [column.name for column in TABLES[table]]
