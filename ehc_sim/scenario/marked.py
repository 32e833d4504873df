"""Rules for the settings of a scenario, derived from the marks of the schema."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

from ehc_sim.scenario.marks import AFile, Mark, Names
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.paths import Spot
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.tree import Tree

TABLES_WITH_NAMES = ("teams", "panels")
"""Tables whose things are named elsewhere; when they may come is checked with their names."""


def spots_on(where: Where) -> list[Spot] | None:
    """Return what may stand at each step on the way to a path, or None where it cannot be."""
    spots = [Spot(Settings)]
    for part in where:
        inner = spots[-1].inside(part)
        if inner is None:
            return None
        spots.append(inner)
    return spots


@cache
def holds_for_whole_run(where: Where) -> bool:
    """Return whether a change of a setting can have no dates.

    Numbers may change on a date, and whatever the schema marks so. A table may where all in it may,
    or where the table says so of itself; the main tables of a file are never changed as a whole.
    """
    spots = spots_on(where)
    if spots is None or len(where) == 1:
        return True
    rule = rule_of(where, Mark.WHOLE_RUN, Mark.ON_A_DATE)
    return not _may_change(spots[-1]) if rule is None else rule is Mark.WHOLE_RUN


def rule_of(where: Where, *rules: Mark) -> Mark | None:
    """Return which of some marks holds for a setting: its own, or that of the nearest table."""
    for spot in reversed(spots_on(where) or []):
        for mark in spot.marks:
            if isinstance(mark, Mark) and mark in rules:
                return mark
    return None


def agreement(where: Where) -> Mark:
    """Return whether options must agree in a setting, may differ, or may differ and it is told."""
    rule = rule_of(where, Mark.MUST_AGREE, Mark.MAY_DIFFER, Mark.TOLD)
    return Mark.MUST_AGREE if rule is None else rule


def of_a_council(where: Where) -> bool:
    """Return whether a setting belongs to one council."""
    return rule_of(where, Mark.OF_A_COUNCIL) is not None


@cache
def other_files() -> Mapping[Where, AFile]:
    """Return the settings that name another file."""
    found = {}
    for where, spot in all_spots():
        for mark in spot.marks:
            if isinstance(mark, AFile):
                found[where] = mark
    return found


@cache
def all_spots() -> tuple[tuple[Where, Spot], ...]:
    """Return the path of every setting of the schema, with ``*`` for a name that people choose."""
    return tuple(_spots_below((), Spot(Settings)))


def names_in(tree: Tree, table: str) -> Iterator[tuple[Where, str]]:
    """Yield where the things of a table are named, such as teams, and the name."""
    for pattern in _where_named(table):
        for where, name in _at((), tree.values, pattern):
            if isinstance(name, str):
                yield where, name


@cache
def _where_named(table: str) -> tuple[Where, ...]:
    """Return the settings that name things of a table, those of fewer steps first."""
    return tuple(sorted((w for w, spot in all_spots() if Names(table) in spot.marks), key=len))


def _at(where: Where, value: Any, pattern: Where) -> Iterator[tuple[Where, Any]]:  # noqa: ANN401
    """Yield the path and the value of what was written at a path through tables."""
    if not pattern:
        yield where, value
    elif isinstance(value, Mapping):
        first, *rest = pattern
        for key in value if first == "*" else value.keys() & {first}:
            yield from _at((*where, key), value[key], tuple(rest))


def differences(some: Any, others: Any, where: Where = ()) -> Iterator[tuple[Where, Any, Any]]:  # noqa: ANN401
    """Yield the paths at which settings differ, and what each has: None where it has nothing.

    Sources and notes of numbers are no difference. A table that one of them lacks is one.
    """
    if some is others or (isinstance(some, Number) and _same_number(some, others)):
        return
    if isinstance(some, BaseModel) and type(some) is type(others) and not isinstance(some, Number):
        pairs = [(name, inner, getattr(others, name)) for name, inner in some]
    elif isinstance(some, Mapping) and isinstance(others, Mapping):
        pairs = [(name, some.get(name), others.get(name)) for name in {**some, **others}]
    elif some == others:
        return
    else:
        yield where, some, others
        return
    for name, one, other in pairs:
        yield from differences(one, other, (*where, name))


def moved(before: Settings, after: Settings) -> Iterator[Where]:
    """Yield what holds for the whole run and yet differs between two periods of a run."""
    for where, old, new in differences(before, after):
        if not _may_differ_by_date(where, old, new):
            yield where


def _may_differ_by_date(where: Where, old: Any, new: Any) -> bool:  # noqa: ANN401
    spots = spots_on(where) or []
    rule = rule_of(where, Mark.WHOLE_RUN, Mark.ON_A_DATE)
    if rule is not None or not spots:
        return rule is Mark.ON_A_DATE
    spot = spots[-1]
    comes_or_goes = (old is None) != (new is None)
    if comes_or_goes and spot.is_table:
        if len(where) == 2 and where[0] in TABLES_WITH_NAMES:
            return True
        return spots[-2].is_named and _may_change(spot)
    return _may_change(spot)


def _may_change(spot: Spot) -> bool:
    if Mark.ON_A_DATE in spot.marks:
        return True
    if Mark.WHOLE_RUN in spot.marks:
        return False
    if spot.as_a_whole is not None:
        return spot.as_a_whole is Mark.ON_A_DATE
    inside = list(spot.any_inside())
    return spot.is_number or (bool(inside) and all(_may_change(inner) for _, inner in inside))


def _spots_below(where: Where, spot: Spot) -> Iterator[tuple[Where, Spot]]:
    for name, inner in spot.any_inside():
        yield (*where, name), inner
        yield from _spots_below((*where, name), inner)


def _same_number(some: Number, other: object) -> bool:
    return (
        isinstance(other, Number)
        and (some.low, some.likely, some.high) == (other.low, other.likely, other.high)
        and some.column == other.column
        and len(some.steps) == len(other.steps)
        and all(
            one.kind == two.kind and _same_number(one.amount, two.amount)
            for one, two in zip(some.steps, other.steps, strict=True)
        )
    )
