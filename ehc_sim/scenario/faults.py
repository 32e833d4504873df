"""Faults in what people wrote, said in plain English and all at once."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from ehc_sim.safe.plain_text import shown

MOST_OF_A_KIND = 5
"""Faults of one kind that are said one by one; of the rest it is said how many they are."""

ENDLESS = 300
"""Figures of a whole number that is more than a floating-point number holds."""

_PARTICULARS = re.compile(r'"[^"]*"|[0-9]+(?:[.,:-][0-9]+)*')


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in an input file.

    Attributes
    ----------
    file : Path or None
        File in which it was written; None where it was not read from a file.
    line : int or None
        Line of the file, counted from 1.
    where : str
        What it concerns, such as ``teams.plan writers.posts``; may be empty.
    problem : str
        What was found and what is allowed.
    """

    file: Path | None
    line: int | None
    where: str
    problem: str

    def __str__(self) -> str:
        place = "" if self.file is None else str(self.file)
        if place and self.line is not None:
            place += f":{self.line}"
        return shown(": ".join(part for part in (place, self.where, self.problem) if part))

    @property
    def kind(self) -> tuple[str, ...]:
        """What faults have in common that come from one mistake made many times.

        The file and the problem, whatever the numbers and quoted texts in it; in a table also
        whatever the column and the row.
        """
        place, where = str(self.file), self.where
        if self.line is not None and (not where or where.startswith(("column ", "row"))):
            where = ""
        return (place, _in_general(where), _in_general(self.problem))


@lru_cache(1 << 10)
def _in_general(text: str) -> str:
    """Return a text without its numbers and quoted texts; mostly the same of many faults."""
    return _PARTICULARS.sub("#", text)


class BadInput(Exception):  # noqa: N818
    """Input that cannot be used, with every fault that was found in it.

    Attributes
    ----------
    faults : tuple of Fault
        At least one. ``str()`` gives one line each, of many of one kind the first and a count.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> today = ehc.load("scenarios/somerset/baseline.toml")
    >>> try:
    ...     today.with_change("teams.educational psychologist.posts", add=1)
    ... except ehc.BadInput as bad:
    ...     len(bad.faults)
    1
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__(self.faults)

    def __str__(self) -> str:
        return "\n".join(summarised(self.faults))


def summarised(faults: Iterable[Fault], most: int = MOST_OF_A_KIND) -> list[str]:
    """Return a line for each fault; of those of one kind the first ones, and how many more.

    Parameters
    ----------
    faults : iterable of Fault
    most : int
        How many of a kind are said one by one.
    """
    faults = tuple(faults)
    of_kind = [fault.kind for fault in faults]
    kinds: dict[tuple[str, ...], list[Fault]] = {}
    for kind, fault in zip(of_kind, faults, strict=True):
        kinds.setdefault(kind, []).append(fault)
    said: list[str] = []
    so_far: Counter[tuple[str, ...]] = Counter()
    for kind, fault in zip(of_kind, faults, strict=True):
        so_far[kind] += 1
        same = kinds[kind]
        alone = len(same) if len(same) <= most + 1 else most  # "1 more" tells less than itself
        if so_far[kind] <= alone:
            said.append(str(fault))
        if so_far[kind] == alone < len(same):
            said.append(_more(same[most:]))
    return said


def _more(faults: Sequence[Fault]) -> str:
    """Return how many more faults of a kind there are, and on which lines."""
    place = "" if faults[0].file is None else f"{faults[0].file}: "
    lines = [fault.line for fault in faults if fault.line is not None]
    span = f" (lines {min(lines)} to {max(lines)})" if len(lines) > 1 else ""
    return f"{place}and {len(faults):,} more of this kind{span}"


def describe(found: Any) -> str:  # noqa: ANN401
    """Return what was found in words that follow "found".

    Parameters
    ----------
    found : any value of a TOML file

    Returns
    -------
    str
        Such as ``the text "twelve"``, ``12``, ``true``, ``a table``.
    """
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, str):
        return f'the text "{shortened(found)}"'
    if isinstance(found, datetime):
        return f"the date and time {found.isoformat(sep=' ')}"
    if isinstance(found, date):
        return f"the date {found.isoformat()}"
    if isinstance(found, time):
        return f"the time {found.isoformat()}"
    if isinstance(found, dict):
        return "a table"
    if isinstance(found, list | tuple):
        return "a list"
    if isinstance(found, int) and abs(found) >= 10**ENDLESS:
        return f"a number of {len(str(abs(found)))} figures"
    if isinstance(found, int | float):
        return f"{found:.10g}"
    return "nothing" if found is None else str(found)


def listed(names: Iterable[str]) -> str:
    """Return names in quotation marks, joined by commas."""
    return ", ".join(f'"{name}"' for name in names)


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that looks most like a mistyped one, or None."""
    lower = {other.casefold(): other for other in known}
    found = get_close_matches(name.casefold(), lower, n=1, cutoff=0.7)
    return lower[found[0]] if found else None


def not_known(name: str, known: Collection[str]) -> str:
    """Return the problem of a name that is not among the known ones.

    The nearest known name is offered; where none is near, all are listed.
    """
    near = nearest(name, known)
    if near is not None:
        return f'found "{name}", did you mean "{near}"?'
    if not known:
        return f'found "{name}", allowed is none'
    return f'found "{name}", allowed is {listed(known)}'


def shortened(text: str, most: int = 60) -> str:
    """Return a text in one line of no more than some characters."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
