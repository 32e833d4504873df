"""The raw content of scenario files, each value with where it was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ehc_sim.scenario.faults import Fault
from ehc_sim.scenario.positions import Where

ABSENT: Any = object()
"""Stands for a value that is not there."""


@dataclass(frozen=True)
class Location:
    """Where a value was written.

    Attributes
    ----------
    file : Path
    line : int
        Counted from 1.
    rank : int
        Order of writing: what is written later overrides what was written before.
    """

    file: Path
    line: int
    rank: int = 0


@dataclass(frozen=True)
class Tree:
    """Nested tables and the location of every value in them.

    Attributes
    ----------
    values : Mapping
        As ``tomllib`` reads them; never changed in place.
    located : callable
        Gives the location of each value by its path. It is asked once, and only where a fault is to
        be told: to follow where each value was written takes longer than to read the values.
    """

    values: Mapping[str, Any]
    located: Callable[[], Mapping[Where, Location]]

    @cached_property
    def locations(self) -> Mapping[Where, Location]:
        """Location by path."""
        return self.located()

    def get(self, *where: str | int) -> Any:  # noqa: ANN401
        """Return the value at a path through tables, or ``ABSENT``."""
        value: Any = self.values
        for part in where:
            if not isinstance(value, Mapping) or part not in value:
                return ABSENT
            value = value[part]
        return value

    def table(self, *where: str | int) -> Mapping[str, Any]:
        """Return the table at a path; an empty one where there is none."""
        value = self.get(*where)
        return value if isinstance(value, Mapping) else {}

    def location(self, where: Where) -> Location | None:
        """Return the location to blame for what is wrong at a path.

        Of everything written at the path or inside it, what was written last; where nothing was,
        the nearest table around it.
        """
        inside = [
            location for path, location in self.locations.items() if path[: len(where)] == where
        ]
        if inside:
            last = max(location.rank for location in inside)
            own = self.locations.get(where)
            if own is not None and own.rank == last:
                return own
            return min((p for p in inside if p.rank == last), key=lambda location: location.line)
        for length in range(len(where) - 1, -1, -1):
            if where[:length] in self.locations:
                return self.locations[where[:length]]
        return None

    def fault(self, where: Where, problem: str) -> Fault:
        """Return a fault of the value at a path."""
        location = self.location(where)
        if location is None:
            return Fault(None, None, dotted(where), problem)
        return Fault(location.file, location.line, dotted(where), problem)

    def with_value(
        self,
        where: Where,
        value: Any,  # noqa: ANN401
        located: Callable[[], Mapping[Where, Location]],
    ) -> Tree:
        """Return a tree in which one value is another.

        Parameters
        ----------
        where : Where
            Path of the value; tables on the way are made where there are none.
        value : any
        located : callable
            Gives the location of the value by the path ``()``, and of what is inside it by its path
            there.
        """
        return Tree(
            _replaced(self.values, where, value),
            lambda: _moved(self.locations, where, located()),
        )


def _moved(
    before: Mapping[Where, Location], where: Where, inside: Mapping[Where, Location]
) -> Mapping[Where, Location]:
    """Return locations in which those at a path and below it are others."""
    kept = {path: p for path, p in before.items() if path[: len(where)] != where}
    for length in range(1, len(where)):
        kept.setdefault(where[:length], inside[()])
    return kept | {(*where, *path): location for path, location in inside.items()}


def _replaced(within: Any, where: Where, value: Any) -> Any:  # noqa: ANN401
    if not where:
        return value
    table = within if isinstance(within, Mapping) else {}
    return {**table, where[0]: _replaced(table.get(where[0]), where[1:], value)}


def dotted(where: Where) -> str:
    """Return a path as people write it: ``teams.plan writers.posts``.

    A part with a full stop in it is quoted, and items of a list are counted from 1.
    """
    return ".".join(_part(part) for part in where)


def _part(part: str | int) -> str:
    if isinstance(part, int):
        return str(part + 1)
    return f'"{part}"' if "." in part or part == "" else part
