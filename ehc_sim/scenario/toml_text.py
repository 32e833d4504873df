"""The text of a TOML file: what can be read of it, and every place at which it is none.

``tomllib`` ends at the first mistake. The line that it names is then left out, and the rest is read
on, so that one slip of the pen does not hide another table's faults.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ehc_sim.scenario.faults import BadInput, Fault, describe, listed
from ehc_sim.scenario.positions import Twice, Where, given_twice, lines_of
from ehc_sim.scenario.tree import dotted

_HEADER = re.compile(r"\s*\[")

MOST_SLIPS = 20
"""Places at which a text may be no TOML and still be read on."""

_PATHS = "a path with / between folders, or text in 'single' quotation marks"
_KEY = "key = value; a key with spaces, accents or signs stands in quotation marks"
_HINTS = {
    "Expected newline or end of document": "one value on a line: 12_000 without a comma, 0.1 "
    "instead of 10%, a date such as 2025-09-01, text in quotation marks",
    "Expected '=' after a key": _KEY,
    "Invalid initial character": _KEY,
    "Invalid statement": f"{_KEY}; or a table such as [teams.planners]",
    "Invalid value": 'a number such as 0.5, true or false, a date such as 2025-09-01, or "text"',
    "Invalid date": "a date of the calendar, such as 2025-09-01",
    "Expected ']'": 'a table such as [teams."plan writers"], names with spaces in quotation marks',
    "Unclosed array": "a list that ends with ]",
    "Unclosed inline table": "a table on one line that ends with }",
    "Unterminated string": "text that ends with a quotation mark",
    "Illegal character '\\n'": "text that ends with a quotation mark on the same line",
    "Unescaped '\\'": _PATHS,
    "Invalid hex": _PATHS,
    "Cannot": "every key and table once, and nothing added to a table in { }",
}


@dataclass(frozen=True)
class Parsed:
    """What could be read of a TOML file.

    Attributes
    ----------
    values : dict
        As ``tomllib`` reads them.
    lines : Mapping
        Line of each value by its path.
    slips : tuple of Fault
        Where the text is no TOML. What stands there is not among the values.
    """

    values: dict[str, Any]
    lines: Mapping[Where, int]
    slips: tuple[Fault, ...] = ()


def parsed(path: Path, text: str) -> Parsed:
    """Read a TOML text, leaving out what is none.

    Parameters
    ----------
    path : Path
        Its file, for the faults.
    text : str
        The text, with line feeds between its lines.

    Raises
    ------
    BadInput
        Where nothing can be made of the text beyond its faults.
    """
    slips: list[Fault] = []
    rows = text.split("\n")
    for _ in range(MOST_SLIPS):
        here = "\n".join(rows)
        try:
            return Parsed(tomllib.loads(here), lines_of(here), tuple(dict.fromkeys(slips)))
        except tomllib.TOMLDecodeError as error:
            found = _not_toml(path, here, str(error))
            again = [fault for fault in found if _table_round(rows, fault) in _tables(slips, rows)]
            slips += [fault for fault in found if fault not in again]
            if not _leave_out(rows, found[0], whole_table=bool(again)) or "at line" not in str(
                error
            ):
                break
        except RecursionError:
            problem = "found tables or lists within one another without end, allowed is a few"
            raise BadInput([*slips, Fault(path, None, "", problem)]) from None
        except ValueError:  # TOML that Python does not read
            problem = "found a number of thousands of digits, allowed is one that a service can "
            raise BadInput([*slips, Fault(path, None, "", f"{problem}have")]) from None
    raise BadInput(slips)


def _table_round(rows: list[str], fault: Fault) -> int:
    """Return the row, from 0, of the header of the table in which a fault is; -1 where none is."""
    at = (fault.line or 1) - 1
    return next((row for row in range(at, -1, -1) if _HEADER.match(rows[row])), -1)


def _tables(slips: list[Fault], rows: list[str]) -> set[int]:
    return {_table_round(rows, slip) for slip in slips}


def _leave_out(rows: list[str], fault: Fault, whole_table: bool) -> bool:
    """Blank the row of a fault, or its whole table; return whether there was something to blank.

    A header that is none takes its table with it, which would be read as part of the one before.
    """
    at = (fault.line or 1) - 1
    first = at
    if whole_table or _HEADER.match(rows[at]):
        first = max(_table_round(rows, fault), 0)
        ends = (row for row in range(first + 1, len(rows)) if _HEADER.match(rows[row]))
        at = next(ends, len(rows)) - 1
    blanked = any(row.strip() for row in rows[first : at + 1])
    rows[first : at + 1] = [""] * (at + 1 - first)
    return blanked


def _given_twice(path: Path, twice: Sequence[Twice]) -> list[Fault]:
    """Return a fault for each key that stands in a file again; one for all of a table."""
    tables: dict[Where, list[Twice]] = {}
    for key in twice:
        tables.setdefault(key.where[:1], []).append(key)
    faults = []
    for table, keys in tables.items():
        first = keys[0]
        if len(keys) == 1:
            problem = f"found the same key again, allowed is once; it is also on line {first.first}"
            faults.append(Fault(path, first.line, dotted(first.where), problem))
            continue
        found = listed(dict.fromkeys(dotted(key.where[1:]) for key in keys))
        problem = f"found {found} again, also on line {first.first}, allowed is once; is the line "
        problem += "with the name of their table missing before them?"
        faults.append(Fault(path, first.line, dotted(table), problem))
    return faults


def _not_toml(path: Path, text: str, message: str) -> list[Fault]:
    twice = given_twice(text)
    if twice and ("overwrite" in message or "twice" in message or "mutate" in message):
        return _given_twice(path, twice)
    lines = text.split("\n")
    named = re.search(r"at line (\d+)", message)
    number = int(named[1]) if named else max(len(text.rstrip().split("\n")), 1)
    line = lines[number - 1].strip()
    if not line and number > 1:  # a value without an end runs on into the lines after it
        number = max((n for n in range(1, number) if lines[n - 1].strip()), default=number)
        line = lines[number - 1].strip()
    if any(mark in line for mark in "“”‘’"):
        allowed = 'straight quotation marks ("), not curly ones'
    else:
        fitting = (hint for start, hint in _HINTS.items() if message.startswith(start))
        allowed = next(fitting, f"TOML ({message.split(' (at ')[0]})")
    return [Fault(path, number, "", f"found {describe(line)}, allowed is {allowed}")]
