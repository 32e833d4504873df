"""Names and texts that people write: plain, of a stated length, and told apart by more than looks.

They end up in tables, charts, pages and on a terminal, where a character that is not seen can make
two things look alike, forge a line of output, or break a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field

MOST_NAME, MOST_TEXT, MOST_GROUPS = 100, 2000, 50
"""Most characters of a name and of a text; most sources, needs, areas, teams and the like. Codes
of groups are kept in a byte, and nobody reads a chart of more."""

_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Categories of Unicode without a glyph: control characters, marks that turn the direction of text,
characters of no width, halves of a pair, private ones."""

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\u034f\u180b\u180c\u180d")
"""Letters and signs that are drawn as nothing."""


def is_plain(character: str) -> bool:
    """Return whether a character can be seen, or is a plain space."""
    variation = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return not (variation or character in _BLANK or unicodedata.category(character) in _UNSEEN)


def shown(text: str) -> str:
    """Return a text as it can be printed: a character that is not plain is written as its number.

    The one place in which what users wrote, file names too, is made safe for a terminal, a page or
    a message.
    """
    return "".join(c if is_plain(c) else f"\\u{{{ord(c):x}}}" for c in text)


def normal(text: str) -> str:
    """Return a text in Unicode's composed form (NFC), with every kind of space a plain one."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(c) == "Zs" else c for c in text)


def folded(name: str) -> str:
    """Return what two names have in common that people would take for one: letters and signs."""
    return "".join(normal(name).casefold().split())


def fault_of_name(name: str) -> str | None:
    """Return what is wrong with a name, or None.

    Parameters
    ----------
    name : str
        Of a scenario, a council, a team, a source or whatever else is told apart by it.
    """
    if any(not is_plain(c) for c in name):
        return f'found "{shown(name)}", allowed is plain text without characters that are not seen'
    if len(name) > MOST_NAME:
        return f"found a name of {len(name):,} characters, allowed is {MOST_NAME} at most"
    if not any(c.isalnum() for c in name):
        return f'found "{name}", allowed is a name with a letter or a figure in it'
    tidy = " ".join(name.split())
    if tidy != name:
        return f'found "{name}" with spaces too many, allowed is "{tidy}"'
    return None


def fault_of_text(text: str) -> str | None:
    """Return what is wrong with a text such as a reason or a source, or None.

    Parameters
    ----------
    text : str
        Line breaks and tabs are allowed in it.
    """
    if any(not is_plain(c) for c in re.sub(r"[\n\t]", " ", text)):
        start = shown(text)[:60]
        return f'found "{start}", allowed is plain text without characters that are not seen'
    if len(text) > MOST_TEXT:
        return f"found a text of {len(text):,} characters, allowed is {MOST_TEXT:,} at most"
    return None


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the names that differ from one before in capitals or spaces alone, or not at all.

    Returns
    -------
    list of (str, str)
        The name, and the one before that it is like.
    """
    first: dict[str, str] = {}
    found = []
    for name in names:
        if folded(name) in first:
            found.append((name, first[folded(name)]))
        else:
            first[folded(name)] = name
    return found


def _checked(fault_of: Callable[[str], str | None]) -> AfterValidator:
    def check(text: str) -> str:
        if (problem := fault_of(text)) is not None:
            raise ValueError(problem)
        return text

    return AfterValidator(check)


Name = Annotated[str, Field(max_length=MOST_NAME), _checked(fault_of_name)]
"""A name: plain text of one line."""

Text = Annotated[str, Field(max_length=MOST_TEXT), _checked(fault_of_text)]
"""A text, such as a reason."""

Table = TypeVar("Table", bound=Mapping[str, Any])


def told_apart(table: Table) -> Table:
    """Return a table of named things, or raise ``ValueError`` where two names look alike."""
    found = alike(table)
    if found:
        one, other = found[0]
        raise ValueError(
            f'found "{other}" and "{one}", allowed are names that differ in more than capitals and '
            "spaces"
        )
    return table


Inner = TypeVar("Inner")

ByName = Annotated[dict[Name, Inner], Field(max_length=MOST_GROUPS), AfterValidator(told_apart)]
"""A table of things by their names."""
