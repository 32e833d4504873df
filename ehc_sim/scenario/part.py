"""What every table of a scenario file has in common; tables that stand at several places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from ehc_sim.scenario import ranges
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.numbers import Number, fixed
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.tree import dotted

CountedIn = Literal["calendar", "working", "school"]


class Part(BaseModel):
    """A table of a scenario file: frozen, with no unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        defer_build=True,  # most tables are only ever read as a part of the whole
    )
    as_a_whole: ClassVar[Mark | None] = None
    """Whether the table may be set as a whole on a date (``ON_A_DATE``; what in it holds for the
    whole run must then stay) or not (``WHOLE_RUN``). By default it may where all in it may."""


class Wait(Part):
    """Time that passes without anybody of a team working: a service's turnaround, a family's time.

    Lognormal with the given mean and spread; no spread means always the mean.
    """

    as_a_whole = Mark.ON_A_DATE
    mean_days: ranges.Days
    """Mean number of days."""
    spread: ranges.Spread = fixed(0)
    """Standard deviation divided by the mean."""
    at_least_days: ranges.Days = fixed(0)
    """Added to every wait; the mean above is of what comes on top."""
    counted_in: CountedIn = "calendar"
    """Kind of days: calendar days, working days, or days on which schools are open."""


class Effort(Part):
    """Hours of one person's work on one case. Lognormal with the given mean and spread."""

    mean_hours: ranges.HoursOfACase
    """Mean hours of a case."""
    spread: ranges.Spread = fixed(0)
    """Standard deviation divided by the mean."""


class Delay(Part):
    """A delay that some cases meet."""

    as_a_whole = Mark.WHOLE_RUN
    share: ranges.Share
    """Share of cases."""
    wait: Wait
    """How long it takes."""


def numbers_in(part: Any, where: Where = ()) -> Iterator[tuple[Where, Number]]:  # noqa: ANN401
    """Return the path and the value of every number in settings, in the order of the models."""
    if isinstance(part, Number):
        yield where, part
        return
    for name, inner in _items(part):
        yield from numbers_in(inner, (*where, name))


Keyed = MutableMapping[tuple[int, Where], tuple[Any, Any]]
"""A part of the settings and the same with keys, by the identity of the first and its path."""


def keyed(part: Any, known: Keyed, where: Where = ()) -> Any:  # noqa: ANN401
    """Return settings in which the key of every number is its path.

    Parameters
    ----------
    part : table, dict or tuple of settings
    known : dict
        What was keyed before, by identity and path, with what it was made of, which could else give
        its identity to another: parts that periods share are gone through once.
    """
    if isinstance(part, Number):
        return part.model_copy(update={"key": dotted(where)})
    mark = id(part), where
    if mark not in known:
        changed = {name: keyed(inner, known, (*where, name)) for name, inner in _items(part)}
        known[mark] = part, _with(part, changed) if changed else part
    return known[mark][1]


def shared(part: Any, before: Any) -> Any:  # noqa: ANN401
    """Return settings equal to ``part`` that share with ``before`` all that is equal in both."""
    if part == before:
        return before
    if type(part) is not type(before) or isinstance(part, Number):
        return part
    old = dict(_items(before))
    changed = {name: shared(v, old[name]) for name, v in _items(part) if name in old}
    return _with(part, changed) if changed else part


@dataclass(frozen=True)
class Uncertain:
    """A part of the settings in which something is uncertain.

    Attributes
    ----------
    part : table, dict or tuple of settings
    inside : tuple
        Name and value of each uncertain number in it, and of each part with one in it.
    """

    part: Any
    inside: tuple[tuple[str | int, Uncertain | Number], ...]


def uncertain(part: Any, known: dict[int, Uncertain | None]) -> Uncertain | None:  # noqa: ANN401
    """Find the uncertain numbers of settings once, so that every draw is quick.

    Parameters
    ----------
    part : table, dict or tuple of settings
    known : dict
        What was found before, by identity: parts that periods share are looked at once.

    Returns
    -------
    Uncertain or None
        None where all is certain.
    """
    if id(part) not in known:
        inside: list[tuple[str | int, Uncertain | Number]] = []
        for name, inner in _items(part):
            found = inner if isinstance(inner, Number) else uncertain(inner, known)
            if isinstance(found, Uncertain) or (found is not None and found.uncertain):
                inside.append((name, found))
        known[id(part)] = Uncertain(part, tuple(inside)) if inside else None
    return known[id(part)]


def drawn(
    where: Uncertain,
    uniform: Callable[[str], float],
    made: dict[int, Any],
    member: Mapping[str, float] | None = None,
) -> Any:  # noqa: ANN401
    """Return a part with every uncertain number replaced by its value in one replication.

    Parameters
    ----------
    where : Uncertain
    uniform : callable
        The uniform number in [0, 1) of a key.
    made : dict
        What was drawn before in this replication, by identity; parts that are shared stay shared.
    member : mapping of str to float, optional
        What the replication's member has in each column.
    """
    if id(where) not in made:
        changed: dict[str | int, Any] = {}
        for name, inner in where.inside:
            if isinstance(inner, Number):
                changed[name] = inner.made_certain(inner.drawn(uniform, member))
            else:
                changed[name] = drawn(inner, uniform, made, member)
        made[id(where)] = _with(where.part, changed)
    return made[id(where)]


def _items(part: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401
    if isinstance(part, BaseModel):
        yield from part
    elif isinstance(part, Mapping):
        yield from part.items()
    elif isinstance(part, tuple):
        yield from enumerate(part)


def _with(part: Any, changed: Mapping[Any, Any]) -> Any:  # noqa: ANN401
    if isinstance(part, BaseModel):
        return part.model_copy(update=changed)
    if isinstance(part, tuple):
        return tuple(changed.get(place, inner) for place, inner in enumerate(part))
    return {**part, **changed}
