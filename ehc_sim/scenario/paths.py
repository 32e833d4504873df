"""What may stand at each path of a scenario, found from the models themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ehc_sim.scenario.faults import listed
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.tree import ABSENT, dotted

NEVER_CHANGED = ("explanations",)
"""Tables that no change can name: what they name is made of changes itself."""

_PARTS = re.compile(r'\s*(?:"([^"]*)"|([^."]+?))\s*(?:\.|$)')


@dataclass(frozen=True)
class Spot:
    """What may stand at one path.

    Attributes
    ----------
    kind : type or typing form
        Such as ``Number``, ``str``, ``Team``, ``dict[str, Team]``; without Optional and Annotated.
    default : any
        Value where none is given; ``ABSENT`` where one must be.
    marks : tuple
        What the schema says beside the kind: see ``marks``.
    """

    kind: Any
    default: Any = ABSENT
    marks: tuple[Any, ...] = ()

    @property
    def as_a_whole(self) -> Mark | None:
        """Whether a table may change on a date as a whole, where its class says so."""
        said: Mark | None = self.kind.as_a_whole if self.is_table else None
        return said

    @property
    def is_table(self) -> bool:
        """Whether it is a table of named settings."""
        return (
            isinstance(self.kind, type) and issubclass(self.kind, BaseModel) and not self.is_number
        )

    @property
    def is_number(self) -> bool:
        """Whether it is a number that may be uncertain."""
        return self.kind is Number

    @property
    def is_named(self) -> bool:
        """Whether it is a table whose keys are names that people choose."""
        return get_origin(self.kind) is dict

    def inside(self, part: str | int) -> Spot | None:
        """Return what may stand at a key, or None where the key is not known."""
        if self.is_table and isinstance(part, str):
            return _spots_of(self.kind).get(part)
        if self.is_named and isinstance(part, str):
            return _of(get_args(self.kind)[1])
        if get_origin(self.kind) is tuple and isinstance(part, int):
            kinds = get_args(self.kind)
            if kinds[1:] == (...,):
                return _of(kinds[0])
            fallback = (
                self.default[part] if part < len(kinds) and self.default is not ABSENT else ABSENT
            )
            return _of(kinds[part], fallback) if 0 <= part < len(kinds) else None
        return None

    def any_inside(self) -> Iterator[tuple[str | int, Spot]]:
        """Yield the settings inside, with ``*`` for a name that people choose."""
        keys: list[str | int] = [*self.keys()]
        if self.is_named:
            keys = ["*"]
        elif get_origin(self.kind) is tuple:
            kinds = get_args(self.kind)
            keys = [*range(1 if kinds[1:] == (...,) else len(kinds))]
        for key in keys:
            inner = self.inside(key)
            if inner is not None:
                yield key, inner

    def keys(self) -> list[str]:
        """Return the keys that a table of settings may have."""
        return list(fields_of(self.kind)) if self.is_table else []

    def allowed(self) -> str:
        """Return in words what may stand there."""
        if self.is_number:
            return "a number"
        if self.is_table or self.is_named:
            return "a table"
        if get_origin(self.kind) is Literal:
            return listed(get_args(self.kind))
        if get_args(self.kind)[1:] == (...,):
            return "a list"
        if get_origin(self.kind) is tuple:
            return f"a list of {len(get_args(self.kind))} numbers"
        words = {str: "text in quotation marks", bool: "true or false", int: "a whole number"}
        return "a date such as 2025-09-01" if self.kind is date else words[self.kind]


def spot_at(where: Where, root: type[BaseModel] = Settings) -> Spot | None:
    """Return what may stand at a path, or None where the path cannot be.

    Parameters
    ----------
    where : Where
    root : type of BaseModel
        The table from which the path starts.
    """
    spot: Spot | None = Spot(root)
    for part in where:
        spot = None if spot is None else spot.inside(part)
    return spot


def fields_of(part: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the settings of a table by the name that a file uses."""
    return {field.alias or name: field for name, field in part.model_fields.items()}


def split(path: str) -> tuple[str, ...] | None:
    """Return the parts of a dotted path whose keys may contain spaces.

    A key with a full stop in it stands in quotation marks. None where the path cannot be read.
    """
    parts: list[str] = []
    at = 0
    while at < len(path):
        found = _PARTS.match(path, at)
        if found is None:
            return None
        parts.append(found[1] if found[1] is not None else found[2])
        at = found.end()
    return tuple(parts) if parts and not path.rstrip().endswith(".") else None


def known_paths(values: Mapping[str, Any]) -> list[str]:
    """Return every path that a change can name, in the order of the models.

    Parameters
    ----------
    values : Mapping
        The settings as nested tables; their own names (of teams, panels, areas) are the names used.
    """
    below = _below((), Spot(Settings), values)
    return [dotted(where) for where in below if where[0] not in NEVER_CHANGED]


def _below(where: Where, spot: Spot, value: Any) -> Iterator[Where]:  # noqa: ANN401
    if where:
        yield where
    table = value if isinstance(value, Mapping) else {}
    names = table if spot.is_named else fields_of(spot.kind) if spot.is_table else ()
    for name in names:
        inner = spot.inside(name)
        if inner is not None:
            yield from _below((*where, name), inner, table.get(name))


@cache
def _spots_of(part: type[BaseModel]) -> dict[str, Spot]:
    """Return what may stand at each setting of a table; nobody changes it."""
    return {name: _spot(field) for name, field in fields_of(part).items()}


def _spot(field: FieldInfo) -> Spot:
    default = ABSENT if field.is_required() else field.get_default(call_default_factory=True)
    return _of(field.annotation, default, tuple(field.metadata))


def _of(kind: Any, default: Any = ABSENT, marks: tuple[Any, ...] = ()) -> Spot:  # noqa: ANN401
    return Spot(_bare(kind), default, (*marks, *_marks(kind)))


def _marks(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return what stands beside a kind, an optional one included."""
    inner = get_args(kind)
    if get_origin(kind) is Annotated:
        return (*inner[1:], *_marks(inner[0]))
    if get_origin(kind) in (Union, UnionType):
        return tuple(mark for one in inner for mark in _marks(one))
    return ()


def _bare(kind: Any) -> Any:  # noqa: ANN401
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _bare(next(one for one in get_args(kind) if one is not NoneType))
    return kind
