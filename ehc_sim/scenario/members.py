"""Members: sets of numbers that each explain the past as well, of which a replication takes one."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ehc_sim.inputs import number_in, same_key
from ehc_sim.scenario.csv_table import CsvTable, Row, read_csv
from ehc_sim.scenario.faults import shortened
from ehc_sim.scenario.names import fault_of_name
from ehc_sim.scenario.paths import split
from ehc_sim.scenario.tree import dotted

FIRST = ("member", "explanation", "weight")
"""The columns before those of numbers."""
MOST_MEMBERS, MOST_COLUMNS = 10_000, 400
MOST_TEXT = 60
"""Characters of the name of a member or of an explanation, which stand in tables and charts."""

_DATED = re.compile(r"(.+)\s+from\s+(\S.*)", re.IGNORECASE)
_OF_A_PATH = re.compile(r"[.][^0-9]")
"""What follows "from" and has such is the rest of a name: ``teams.moves from primary.posts``."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_POWER = re.compile(r"-?[0-9](\.[0-9]{1,16})?[eE][+-]?[0-9]{1,3}")


@dataclass(frozen=True, eq=False)
class Members:
    """Sets of numbers that each explain the past as well.

    Attributes
    ----------
    names : tuple of str
        What each member is called.
    explanations : tuple of str
        What each member says was behind the figures, in a few words that members share.
    weights : tuple of float
        How likely each is; they are above 0, and are made to add up to 1.
    columns : tuple of str
        The numbers that members set: the path of each, such as ``teams.plan writers.posts``, with
        the day from which it holds, such as `` from 2024-07-01``; without one for the whole run.
    values : ndarray of float64, shape (members, columns)
        The numbers.
    file : Path or None
        File of the table; None of one that was made in Python.
    lines : tuple of int
        Line of the names of the columns in it, and that of each member.
    named_by : Path or None
        Scenario file in which the table is named, or stands for being named.

    Raises
    ------
    ValueError
        When the parts do not fit together.
    """

    names: tuple[str, ...]
    explanations: tuple[str, ...]
    weights: tuple[float, ...]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    file: Path | None = None
    lines: tuple[int, ...] = ()
    named_by: Path | None = None

    def __post_init__(self) -> None:
        values = np.array(self.values, dtype=np.float64)
        weights = np.array(self.weights, dtype=np.float64)
        shape = (len(self.names), len(self.columns))
        if values.shape != shape or not shape[0] or not shape[1]:
            raise ValueError(f"values: found the shape {values.shape}, allowed is {shape}, not 0")
        if not len(self.explanations) == len(weights) == shape[0]:
            raise ValueError("explanations, weights: allowed is one for each member")
        if not np.isfinite(values).all():
            raise ValueError("values: found no ordinary number, allowed are ordinary numbers")
        if not (np.isfinite(weights).all() and (weights > 0).all()):
            raise ValueError("weights: allowed are numbers above 0")
        for what, some in (("names", self.names), ("columns", self.columns)):
            if len(set(some)) < len(some):
                raise ValueError(f"{what}: found one twice, allowed is each once")
        values.setflags(write=False)
        object.__setattr__(self, "values", values)
        if abs(weights.sum() - 1) > 1e-12:  # those that were made so once are left as they are
            weights /= weights.sum()
        object.__setattr__(self, "weights", tuple(weights.tolist()))

    def __len__(self) -> int:
        """Return how many members there are."""
        return len(self.names)

    def __str__(self) -> str:
        counts = ((len(self), "member"), (len(self.shares), "explanation"))
        return " of ".join(f"{n:,} {one}{'s' * (n != 1)}" for n, one in counts)

    def __eq__(self, other: object) -> bool:
        """Return whether two tables say the same, wherever they stand."""
        return isinstance(other, Members) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that the table says."""
        said = (self.names, self.explanations, self.weights, self.columns)
        return hashlib.sha256(repr(said).encode() + self.values.tobytes()).hexdigest()

    def of(self, place: float) -> int:
        """Return the member at a place between 0 and 1, each with a stretch as long as its weight.

        The members of an explanation lie side by side, so that even places hold its share as well.
        """
        ends, order = self._stretches
        return int(order[min(int(np.searchsorted(ends, place, side="right")), len(order) - 1)])

    def mapping(self, number: int) -> Mapping[str, float]:
        """Return the numbers of a member by column."""
        return dict(zip(self.columns, self.values[number].tolist(), strict=True))

    def points(self, column: int) -> tuple[float, float, float]:
        """Return the smallest value of a column, its middle one by weight, and the largest."""
        values = self.values[:, column]
        order = np.argsort(values, kind="stable")
        half = np.cumsum(np.array(self.weights)[order]) >= 0.5 - 1e-12
        return float(values.min()), float(values[order][int(half.argmax())]), float(values.max())

    @cached_property
    def shares(self) -> dict[str, float]:
        """Share of the weight of each explanation, in the order of the table."""
        found = dict.fromkeys(self.explanations, 0.0)
        for explanation, weight in zip(self.explanations, self.weights, strict=True):
            found[explanation] += weight
        return found

    @cached_property
    def _stretches(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        rank = {explanation: place for place, explanation in enumerate(self.shares)}
        order = np.argsort([rank[one] for one in self.explanations], kind="stable")
        return np.cumsum(np.array(self.weights)[order]), order


def column_name(path: str, since: date | None = None) -> str:
    """Return the name of the column of a number, and of the day from which it holds.

    Examples
    --------
    >>> from datetime import date
    >>> column_name("teams.plan writers.posts", date(2024, 7, 1))
    'teams.plan writers.posts from 2024-07-01'
    """
    return path if since is None else f"{path} from {since.isoformat()}"


def parts_of(column: str) -> tuple[str, date | None]:
    """Return the path that a column names, and the day from which it holds.

    Raises
    ------
    ValueError
        When what follows "from" is no day.
    """
    found = _DATED.fullmatch(column)
    if found is None or _OF_A_PATH.search(found[2]):
        return column, None
    path, day = found.groups()
    try:
        if _DAY.fullmatch(day) is None:
            raise ValueError
        return path, date.fromisoformat(day)
    except ValueError:
        problem = f'found "{shortened(day)}" after from, allowed is a day such as 2024-07-01'
        raise ValueError(problem) from None


def text_of(members: Members) -> str:
    """Return the table of members as a CSV file, from which ``read_members`` reads just these."""
    made = StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow([*FIRST, *members.columns])
    for number, name in enumerate(members.names):
        cells = (members.weights[number], *members.values[number].tolist())
        writer.writerow([name, members.explanations[number], *map(_written, cells)])
    return made.getvalue()


def _written(number: float) -> str:
    """Return a number as it is read again, to the last figure."""
    text = np.format_float_positional(number, trim="-")
    return text if number_in(text) == number else np.format_float_scientific(number, trim="-")


def read_members(path: Path) -> Members:
    """Read a table of members.

    Parameters
    ----------
    path : Path
        A CSV file or workbook, see ``ehc_sim.inputs.read_sheet``: the columns member, explanation
        and weight, then one for each number that members set.

    Raises
    ------
    BadInput
        With every fault of the table itself. Whether a scenario has such numbers is not looked at.
    """
    table = read_csv(path, CsvTable, FIRST)
    columns = _columns(table)
    table.stop_if_faulty()
    if len(table.rows) > MOST_MEMBERS:
        table.fault(None, "file", f"found {len(table.rows):,} members, allowed is {MOST_MEMBERS:,}")
        table.stop_if_faulty()
    table.no_row_twice([row["member"] or None for row in table.rows], "column member")
    explanations = _explanations(table)
    weights = [_number(table, row, "weight", "weight", above_0=True) for row in table.rows]
    values = [
        [_number(table, row, key, title) for key, title in columns.items()] for row in table.rows
    ]
    table.stop_if_faulty()
    return Members(
        tuple(row["member"] for row in table.rows),
        tuple(explanations),
        tuple(weights),
        tuple(columns.values()),
        np.array(values),
        path,
        (table.header, *(row.line for row in table.rows)),
    )


def _columns(table: CsvTable) -> dict[str, str]:
    """Return the columns of numbers: the key of each, and its name as a table has it."""
    for needed in FIRST:
        if needed not in table.columns:
            problem = f"missing; found the columns {', '.join(map(shortened, table.titles[:6]))}"
            table.fault(table.header, f"column {needed}", problem)
    found: dict[str, str] = {}
    first: dict[str, int] = {}
    for place, (key, title) in enumerate(zip(table.columns, table.titles, strict=True)):
        where = f"column {shortened(title, 100)}"
        try:
            path, day = parts_of(title)
        except ValueError as fault:
            table.fault(table.header, where, str(fault))
            continue
        where_to = split(path)
        name = key if key in FIRST else column_name(dotted(where_to) if where_to else path, day)
        if first.setdefault(same_key(name), place) != place:
            table.fault(table.header, where, "given twice; keep one")
        elif key not in FIRST:
            found[key] = name
    if not found and not table.faults:
        problem = "found no column beside them, allowed is one or more, each the path of a number"
        table.fault(table.header, "file", f"{problem} such as teams.plan writers.posts")
    if len(found) > MOST_COLUMNS:
        problem = f"found {len(found):,} columns of numbers, allowed is {MOST_COLUMNS}"
        table.fault(table.header, "file", problem)
    return found


def _explanations(table: CsvTable) -> list[str]:
    """Return the explanation of each member, in the way in which the first of them has it."""
    written: dict[str, str] = {}
    for row in table.rows:
        for column in ("member", "explanation"):
            problem = fault_of_name(row[column]) if row[column] else "empty; allowed is a text"
            if problem is None and len(row[column]) > MOST_TEXT:
                problem = f"found {len(row[column])} characters, allowed is {MOST_TEXT}"
            if problem is not None:
                table.fault(row.line, f"column {column}", problem)
        written.setdefault(same_key(row["explanation"]), row["explanation"])
    return [written[same_key(row["explanation"])] for row in table.rows]


def _number(table: CsvTable, row: Row, key: str, title: str, *, above_0: bool = False) -> float:
    """Return the number of a cell; 1 after noting why it is none."""
    text = row[key]
    number = number_in(text)
    if number is None and _POWER.fullmatch(text):  # as a spreadsheet writes a small one
        number = float(text)
    if number is not None and (number > 0 or not above_0):
        return number
    allowed = "a number above 0" if above_0 else "a number"
    if re.fullmatch(r"-?[0-9]+,[0-9]{1,2}", text):
        allowed += " with a decimal point, such as 0.25"
    table.fault(row.line, f"column {title}", table.instead(text, allowed))
    return 1.0


def rows_out_of(members: Members, column: int, low: float, high: float) -> Sequence[int]:
    """Return the members whose number in a column is below or above some ends."""
    values = members.values[:, column]
    return [int(one) for one in np.flatnonzero((values < low) | (values > high))]
