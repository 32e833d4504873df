"""Which settings two scenarios do not share, whatever their files and changes are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from filecmp import cmp
from pathlib import Path

from ehc_sim.scenario.files import OTHER_FILES
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.part import Part
from ehc_sim.scenario.scenario import Scenario

Where = tuple[str, ...]
_WORDS = {"source", "note", "fitted", "key"}
"""What a number says of itself without being another number."""
_MISSING = object()

OF_ORDER = frozenset({"order", "newest_share", "weeks_to_go", "reserved"})
"""Settings of a team that say which job is taken next, and nothing else."""


def settings_changed(first: Scenario, second: Scenario) -> frozenset[Where]:
    """Return the paths of the settings that differ on some day between two scenarios.

    Parameters
    ----------
    first, second : Scenario
        Scenarios; names, reasons, sources and notes do not count, nor what a change costs, nor
        where a file lies that both name with the same content.

    Returns
    -------
    frozenset of tuple of str
        Paths such as ``("teams", "plan writers", "posts")``. A table that only one of the two has
        is one path.
    """
    start = max(first.periods[0][0], second.periods[0][0])
    days: set[date] = {max(day, start) for one in (first, second) for day, _ in one.periods}
    return frozenset(
        where for day in days for where in _apart(first.on(day), second.on(day), where=())
    )


def changes_order(first: Scenario, second: Scenario) -> bool:
    """Return whether the second scenario has a team take its work in another order."""
    return any(_of_order(where) for where in settings_changed(first, second))


def changes_order_only(first: Scenario, second: Scenario) -> bool:
    """Return whether nothing but the order of work differs, and something does."""
    changed = settings_changed(first, second)
    return bool(changed) and all(_of_order(where) for where in changed)


def _of_order(where: Where) -> bool:
    return len(where) >= 3 and where[0] == "teams" and where[2] in OF_ORDER


def _apart(first: object, second: object, where: Where) -> Iterator[Where]:
    if first is second:
        return
    ones, others = _fields(first), _fields(second)
    if ones is None or others is None:
        if first != second and not (where in OTHER_FILES and _same_file(first, second)):
            yield where
        return
    for name in {**ones, **others}:
        one, other = ones.get(name, _MISSING), others.get(name, _MISSING)
        if one is _MISSING or other is _MISSING:
            yield (*where, name)
        else:
            yield from _apart(one, other, (*where, name))


def _same_file(first: object, second: object) -> bool:
    """Return whether two files that settings name have the same content, wherever they are."""
    one, other = Path(str(first)), Path(str(second))
    return one.is_file() and other.is_file() and cmp(one, other, shallow=False)


def _fields(value: object) -> Mapping[str, object] | None:
    """Return what a table or a number is made of; None for a value that is nothing but itself."""
    if isinstance(value, Number):
        return {name: part for name, part in value if name not in _WORDS}
    if isinstance(value, Part):
        return dict(value)
    if isinstance(value, Mapping):
        return {str(name): part for name, part in value.items()}
    return None
