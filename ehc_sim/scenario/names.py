"""Names and texts that people write: plain, of a stated length, and told apart by more than looks.

They end up in tables, charts, pages and on a terminal, where a character that is not seen can make
two things look alike, forge a line of output, or break a file.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, WithJsonSchema

from ehc_sim.safe.plain_text import all_plain, folded, shown

MOST_NAME, MOST_TEXT, MOST_GROUPS = 100, 2000, 50
"""Most characters of a name and of a text; most sources, needs, areas, teams and the like. Codes
of groups are kept in a byte, and nobody reads a chart of more."""


def fault_of_name(name: str) -> str | None:
    """Return what is wrong with a name, or None.

    Parameters
    ----------
    name : str
        Of a scenario, a council, a team, a source or whatever else is told apart by it.
    """
    if not all_plain(name):
        return not_plain(name)
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
    if not all_plain(re.sub(r"[\n\t]", " ", text)):
        return not_plain(text)
    if len(text) > MOST_TEXT:
        return f"found a text of {len(text):,} characters, allowed is {MOST_TEXT:,} at most"
    return None


def not_plain(text: str) -> str:
    """Return the problem of a text with characters that are not seen."""
    start = shown(text)[:60]
    return f'found "{start}", allowed is plain text without characters that are not seen'


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


def _of_length(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _checked(fault_of: Callable[[str], str | None]) -> AfterValidator:
    def check(text: str) -> str:
        if (problem := fault_of(text)) is not None:
            raise ValueError(problem)
        return text

    return AfterValidator(check)


Name = Annotated[str, _checked(fault_of_name), WithJsonSchema(_of_length(MOST_NAME))]
"""A name: plain text of one line."""

Text = Annotated[str, _checked(fault_of_text), WithJsonSchema(_of_length(MOST_TEXT))]
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
