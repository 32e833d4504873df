"""The columns of a table of members as changes of the scenario in whose file they are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ehc_sim.scenario.changes import WITH_LEVERS, Aimed, Block, Written
from ehc_sim.scenario.faults import Fault, shortened
from ehc_sim.scenario.files import SourceFile
from ehc_sim.scenario.members import Members, parts_of, rows_out_of
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.paths import Spot, split, spot_at
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.ranges import Range
from ehc_sim.scenario.schema import Period

NAMED: Where = ("explanations", "members")
"""Setting that names the table."""

NO_FILE = Path("members made in Python")
"""Stands for the file of a table that is in none."""

_NOT_DRAWN = {
    "demand": "the forecast of requests has its own ranges",
    "target": "the target is what is asked for",
    "period": "the dates are those of all replications",
}
"""Tables whose numbers no replication takes from its member, and why."""


@dataclass(frozen=True)
class OfColumn(Written):
    """A column of a table of members, as a change that sets a number."""

    column: str = ""

    def fault(self, key: str, problem: str) -> Fault:
        """Return a fault of the column."""
        del key
        return _fault(self.source.path, self.source.lines[()], self.column, problem)

    @property
    def called(self) -> str:
        """What it is called where another is at fault."""
        return f'the column "{shortened(self.column, 100)}"'

    def starts(self, period: Period) -> date:
        """Return the first day: that of the column, or one before the run.

        So a column that is dated the first day, as of a run from open cases, comes after it.
        """
        return self.block.from_ or period.run_in_from - timedelta(days=1)


@dataclass(frozen=True)
class Columns:
    """A table of members and the changes that its columns are.

    Attributes
    ----------
    members : Members
    changes : tuple of OfColumn
        Those that can be made.
    faults : tuple of Fault
        What is wrong with the others.
    """

    members: Members
    changes: tuple[OfColumn, ...]
    faults: tuple[Fault, ...]


def columns_of(members: Members) -> Columns:
    """Return the columns of a table of members as changes, each with the ends of its numbers."""
    file = members.file or NO_FILE
    line = members.lines[0] if members.lines else 1
    blocks: list[dict[str, Any]] = []
    made: list[tuple[Block, str]] = []
    faults: list[Fault] = []
    for place, column in enumerate(members.columns):
        path, since = parts_of(column)
        where = split(path)
        if wrong := _faults_of(members, place, where):
            faults += wrong
            continue
        low, likely, high = members.points(place)
        note = None if members.file is None else members.file.name
        number = Number(low=low, likely=likely, high=high, note=note, fitted=True, column=column)
        dated = {} if since is None else {"from": since}
        blocks.append({"what": path, "set": number, **dated})
        made.append((WITH_LEVERS.model_validate(blocks[-1]), column))
    source = SourceFile(
        file,
        0,
        {"change": blocks},
        {(): line, **{("change", number): line for number in range(len(blocks))}},
    )
    changes = (
        OfColumn(block, "set", number, source, column)
        for number, (block, column) in enumerate(made)
    )
    return Columns(members, tuple(changes), tuple(faults))


def _faults_of(members: Members, place: int, where: Where | None) -> list[Fault]:
    """Return why a column cannot set a number; that there is no such path is said elsewhere."""
    spot = spot_at(where) if where else None
    if where is None or spot is None:
        return []
    file, lines, column = members.file, members.lines, members.columns[place]
    why = _NOT_DRAWN.get(str(where[0]))
    if why is not None or not spot.is_number:
        problem = f"found a setting that is {spot.allowed()}, allowed is one that is a number"
        if spot.kind is int:
            problem += " with a range"
        if why is not None:
            problem = f"found a setting of {where[0]}, allowed is one of another table: {why}"
        return [_fault(file, lines[0] if lines else None, column, problem)]
    allowed = _range_of(spot)
    if allowed is None:
        return []
    return [
        _fault(
            file,
            lines[1 + row] if lines else None,
            column,
            f"found {members.values[row, place]:,.10g}, allowed is {allowed}",
        )
        for row in rows_out_of(members, place, allowed.low, allowed.high)
    ]


def _range_of(spot: Spot) -> Range | None:
    return next((mark for mark in spot.marks if isinstance(mark, Range)), None)


def _fault(file: Path | None, line: int | None, column: str, problem: str) -> Fault:
    where = f"column {shortened(column, 100)}"
    if file is None or file == NO_FILE:
        return Fault(None, None, where, problem)
    return Fault(file, line, where, problem)


def in_place(changes: Sequence[Aimed], before: Sequence[SourceFile]) -> list[Aimed]:
    """Return changes with those of columns among those of the files up to the one naming them.

    What these files set holds up to the day of a column of the same number and is replaced by it;
    what they set from a later day on replaces the column; what they add, or multiply by, works on
    the number of the column. So each ``set`` holds until the next, in whatever order a table has
    its columns.

    Parameters
    ----------
    changes : sequence of Aimed
        In the order in which they were written.
    before : sequence of SourceFile
        The files up to the one that names the members.
    """
    paths = {source.path for source in before}
    columns = [one for one in changes if isinstance(one.written, OfColumn)]
    others = [one for one in changes if not isinstance(one.written, OfColumn)]
    placed = [one for one in others if one.written.source.path in paths]
    after = [one for one in others if one.written.source.path not in paths]
    # One for the whole run comes first: with a caseload, others may have a day before the run.
    for column in sorted(columns, key=lambda one: one.written.block.from_ or date.min):
        replaced = [
            place
            for place, one in enumerate(placed)
            if _touch(one.where, column.where)
            and one.change.kind == "set"
            and (one.change.of_members or one.change.from_ <= column.change.from_)
        ]
        placed.insert(1 + max(replaced, default=-1), column)
    return [replace(one, order=order) for order, one in enumerate((*placed, *after))]


def _touch(one: Where, other: Where) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def place_of_naming(chain: Sequence[SourceFile]) -> int | None:
    """Return the place of the file that names the members; None where none does.

    Where several name the same table, it is the first of them: to name it again changes nothing.
    """
    named = [_named_by(source) for source in chain]
    last = next((file for file in reversed(named) if file is not None), None)
    return None if last is None else named.index(last)


def _named_by(source: SourceFile) -> str | None:
    table = source.values.get("explanations")
    file = table.get("members") if isinstance(table, dict) else None
    return file if isinstance(file, str) else None
