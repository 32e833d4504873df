"""Reading scenario files and the files that they extend."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any

from ehc_sim.inputs import Unreadable, read_bytes, text_of
from ehc_sim.inputs.plain_file import MEGABYTE, NO_SUCH_FILE
from ehc_sim.scenario.faults import BadInput, Fault, describe, nearest
from ehc_sim.scenario.marked import other_files
from ehc_sim.scenario.one_form import settled
from ehc_sim.scenario.paths import Spot, split
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.toml_text import parsed
from ehc_sim.scenario.tree import Location, Tree, dotted

MOST_BYTES = MEGABYTE
"""Far more than a scenario needs: the largest that is shipped has 27 kB."""

HEAD = ("name", "why", "extends", "leaves_out", "takes_over", "change")
"""Keys of a file beside the tables of settings."""

OTHER_FILES: tuple[Where, ...] = tuple(other_files())
"""Settings that name another file, relative to the file in which they are written."""

LEAVES_OUT = "leaves_out"
"""Key of a file: what of the files that it extends it leaves out, with the changes to it."""


@dataclass(frozen=True)
class SourceFile:
    """One scenario file as it was written.

    Attributes
    ----------
    path : Path
        As it was named.
    rank : int
        0 for the file that extends no other, 1 for the one that extends it, and so on.
    values : dict
        As ``tomllib`` reads it, with names and texts in one form, and the paths of other files made
        absolute; never changed in place.
    lines : Mapping
        Line of each value by its path.
    slips : tuple of Fault
        Where the file is no TOML; what stands there is not among the values.
    odd : tuple
        Path of each name and text with characters that cannot be, and what was found.
    """

    path: Path
    rank: int
    values: dict[str, Any]
    lines: Mapping[Where, int]
    slips: tuple[Fault, ...] = ()
    odd: tuple[tuple[Where, str], ...] = ()

    @cached_property
    def below(self) -> Mapping[Where, Sequence[Where]]:
        """Paths with a line, by every path that they lie below, themselves included."""
        found: dict[Where, list[Where]] = {}
        for path in self.lines:
            for length in range(len(path) + 1):
                found.setdefault(path[:length], []).append(path)
        return found

    def location(self, where: Where) -> Location:
        """Return where a value, or the nearest table round it, was written."""
        while where and where not in self.lines:
            where = where[:-1]
        return Location(self.path, self.lines.get(where, 1), self.rank)

    def fault(self, where: Where, problem: str, said: str | None = None) -> Fault:
        """Return a fault of a value of this file, under the name ``said`` if given."""
        location = self.location(where)
        return Fault(location.file, location.line, dotted(where) if said is None else said, problem)


def read_chain(path: Path) -> list[SourceFile]:
    """Read a file and the files that it extends.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of SourceFile
        The file that extends no other first, the named file last.

    Raises
    ------
    BadInput
        When a file is missing or is not TOML, or when files extend one another in a loop.
    """
    read: list[SourceFile] = []
    seen: list[Path] = []
    following: Path | None = path
    while following is not None:
        try:
            found, extends = _content(following)
        except BadInput as bad:  # the faults of those that extend it are told all the same
            raise BadInput([*bad.faults, *(slip for one in read for slip in one.slips)]) from None
        read.append(found)
        seen.append(following.resolve())
        following = _extended(found, extends, seen)
    return [replace(one, rank=rank) for rank, one in enumerate(reversed(read))]


def source_file(
    path: Path,
    rank: int,
    values: dict[str, Any],
    lines: Mapping[Where, int],
    slips: tuple[Fault, ...] = (),
) -> SourceFile:
    """Return a file as it was written, with its names and texts in one form: see ``SourceFile``."""
    values, lines, odd = settled(values, lines)
    return SourceFile(path, rank, values, lines, slips, tuple(odd))


def merged(chain: Sequence[SourceFile]) -> Tree:
    """Return the settings of a chain of files, each overriding those it extends.

    Tables are merged key by key; numbers, lists and everything else are replaced. What a file
    leaves out is as if those before had not said it.
    """
    return Tree(_joined(chain, None), partial(_located, chain))


def _located(chain: Sequence[SourceFile]) -> dict[Where, Location]:
    locations: dict[Where, Location] = {(): chain[0].location(())}
    _joined(chain, locations)
    return locations


def _joined(chain: Sequence[SourceFile], locations: dict[Where, Location] | None) -> dict[str, Any]:
    """Return the values of a chain of files, and put where they were written into locations."""
    values: dict[str, Any] = {}
    for source in chain:
        for path in listed_paths(source, LEAVES_OUT):
            values = _left_out(values, path)
            if locations is not None:
                _forget(locations, path)
        given = {key: value for key, value in source.values.items() if key in Settings.model_fields}
        values = _merge(values, given, (), Spot(Settings), source, locations)
    return values


def _forget(locations: dict[Where, Location], below: Where) -> None:
    for where in [one for one in locations if one[: len(below)] == below]:
        del locations[where]


def listed_paths(source: SourceFile, key: str) -> list[tuple[str, ...]]:
    """Return the paths that a file lists under a key; what is no path is passed over."""
    given = source.values.get(key, [])
    texts = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    return [path for path in map(split, texts) if path is not None]


def _left_out(values: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    first, *rest = path
    if not rest:
        return {key: value for key, value in values.items() if key != first}
    inside = values.get(first)
    if not isinstance(inside, Mapping):
        return dict(values)
    return {**values, first: _left_out(inside, tuple(rest))}


def locations_below(source: SourceFile, where: Where) -> dict[Where, Location]:
    """Return the locations of a value and of what is in it, by path from the value."""
    inside = {path[len(where) :] for path in source.below.get(where, ())}
    return {path: source.location((*where, *path)) for path in inside | {()}}


def _merge(
    base: Mapping[str, Any],
    given: Mapping[str, Any],
    where: Where,
    spot: Spot | None,
    source: SourceFile,
    locations: dict[Where, Location] | None,
) -> dict[str, Any]:
    result = dict(base)
    for key, value in given.items():
        path = (*where, key)
        inner = None if spot is None else spot.inside(key)
        tables = isinstance(value, dict) and isinstance(base.get(key), dict)
        if tables and not (inner is not None and inner.is_number):
            result[key] = _merge(base[key], value, path, inner, source, locations)
            continue
        result[key] = value
        if locations is not None:
            _forget(locations, path)
            below = locations_below(source, path)
            locations.update({(*path, *rest): location for rest, location in below.items()})
    return result


def _content(path: Path) -> tuple[SourceFile, Any]:
    return _of_text(path, path.parent.resolve(), _text(path))


@lru_cache(maxsize=64)
def _of_text(path: Path, folder: Path, text: str) -> tuple[SourceFile, Any]:
    """Return the file of a text, and what it extends as it was written.

    A baseline is read once, however many options extend it. It is known by its text, so that one
    that was edited is read anew.
    """
    found = parsed(path, text)
    _make_absolute(found.values, folder)
    return source_file(path, 0, found.values, found.lines, found.slips), found.values.get("extends")


def _text(path: Path) -> str:
    try:
        raw = read_bytes(path, MOST_BYTES)
        return text_of(raw, only_utf8=True).replace("\r\n", "\n")
    except Unreadable as error:
        problem = error.problem
        if problem == NO_SUCH_FILE:
            problem = f"no such file{_offer(path)}"
        raise BadInput([Fault(path, error.line, "", problem)]) from None


def _extended(source: SourceFile, name: Any, seen: list[Path]) -> Path | None:  # noqa: ANN401
    """Return the file that a file extends, by the name that it has there."""
    if "extends" not in source.values:
        return None
    path, line = source.path, source.lines.get(("extends",), 1)
    problem = ""
    if not isinstance(name, str) or not name.strip():
        problem = f"found {describe(name)}, allowed is the path of one file as text"
        raise BadInput([Fault(path, line, "extends", problem)])
    base = Path(os.path.normpath(path.parent / name))
    if base.resolve() in seen:
        problem = f'found "{name}", allowed is a file that does not lead back to this one'
    elif not base.exists():
        problem = f'found "{name}", no such file{_offer(base)}'
    if problem:
        raise BadInput([Fault(path, line, "extends", problem)])
    return base


def _offer(missing: Path) -> str:
    folder = missing.parent
    names = sorted(p.name for p in folder.glob("*.toml")) if folder.is_dir() else []
    near = nearest(missing.name, names)
    return f'; did you mean "{near}"?' if near else ""


def _make_absolute(values: dict[str, Any], folder: Path) -> None:
    """Make the paths of other files absolute: they are relative to the file that names them."""
    blocks = values.get("change")
    changes = [one for one in blocks if isinstance(one, dict)] if isinstance(blocks, list) else []
    for where in OTHER_FILES:
        _absolute_at(values, where, where, folder)
        for block in changes:
            what = split(block["what"]) if isinstance(block.get("what"), str) else None
            if what is not None and what == where[: len(what)]:
                _absolute_at(block, ("set", *where[len(what) :]), where, folder)


def _absolute_at(values: dict[str, Any], path: Where, where: Where, folder: Path) -> None:
    """Make the path of one file absolute, where it is written at a path through tables."""
    table: Any = values
    for part in path[:-1]:
        table = table.get(part) if isinstance(table, dict) else None
    written = table.get(path[-1]) if isinstance(table, dict) else None
    if isinstance(written, str) and written and written != other_files()[where].or_else:
        table[path[-1]] = str((folder / written).resolve())
