"""On which line of a TOML file each key stands.

The standard library reads TOML but does not say where a value was. This scanner reads the same text
a second time for the lines alone; ``tomllib`` judges whether the text is TOML at all.
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

Where = tuple[str | int, ...]
"""Path of a value: keys of tables, and numbers from 0 of the items of lists."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\r\n]+")
_SPACE = re.compile(r"[ \t]*")
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_TEXTS = (
    re.compile(r'"""(?:\\.|[^\\])*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)


class NotToml(ValueError):  # noqa: N818
    """The scanner met something that is not TOML."""


@dataclass(frozen=True)
class Twice:
    """A key that was given a second value.

    Attributes
    ----------
    where : Where
        Path of the key.
    line, first : int
        Line of the second value, and of the first.
    """

    where: Where
    line: int
    first: int


@dataclass
class _Scanner:
    text: str
    at: int = 0
    lines: dict[Where, int] = field(default_factory=dict)
    twice: list[Twice] = field(default_factory=list)
    _items: dict[Where, int] = field(default_factory=dict)
    _headers: set[Where] = field(default_factory=set)
    _values: set[Where] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._ends = [found.start() for found in re.finditer("\n", self.text)]

    def document(self) -> None:
        """Read the whole text."""
        table: Where = ()
        while not self._skip(_BLANK):
            table = self._header() if self.text[self.at] == "[" else self._pair(table)

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.at >= len(self.text)

    def _line(self) -> int:
        return bisect_right(self._ends, self.at - 1) + 1

    def _expect(self, mark: str) -> None:
        if not self.text.startswith(mark, self.at):
            raise NotToml(f"expected {mark} on line {self._line()}")
        self.at += len(mark)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise NotToml(f"line {self._line()}")
        self.at = found.end()
        return found.group()

    def _header(self) -> Where:
        line = self._line()
        double = self.text.startswith("[[", self.at)
        self._expect("[[" if double else "[")
        *above, last = self._key()
        self._expect("]]" if double else "]")
        where: Where = ()
        for part in above:
            where = (*where, part)
            self.lines.setdefault(where, line)
            if where in self._items:
                where = (*where, self._items[where])
        where = (*where, last)
        if double:
            self.lines.setdefault(where, line)
            self._items[where] = self._items.get(where, -1) + 1
            where = (*where, self._items[where])
        elif where in self._headers or where in self._values:
            self.twice.append(Twice(where, line, self.lines[where]))
        self._headers.add(where)
        self.lines[where] = line
        return where

    def _pair(self, table: Where) -> Where:
        line = self._line()
        where = table
        for part in self._key():
            where = (*where, part)
            if where in self._values:
                self.twice.append(Twice(where, line, self.lines[where]))
            self.lines.setdefault(where, line)
        self._values.add(where)
        self._expect("=")
        self._skip(_SPACE)
        self._value(where)
        return table

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            if self.text[self.at : self.at + 1] in ('"', "'"):
                quoted = self._take(_TEXTS[2 if self.text[self.at] == '"' else 3])
                parts.append(self._unquoted(quoted))
            else:
                parts.append(self._take(_BARE_KEY))
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return parts
            self.at += 1

    def _unquoted(self, quoted: str) -> str:
        try:
            return str(tomllib.loads(f"key = {quoted}")["key"])
        except tomllib.TOMLDecodeError:
            raise NotToml(f"the key {quoted} on line {self._line()}") from None

    def _value(self, where: Where) -> None:
        self.lines.setdefault(where, self._line())
        start = self.text[self.at : self.at + 1]
        if start == "[":
            self._list(where)
        elif start == "{":
            self._inline_table(where)
        elif start in ('"', "'"):
            self._text()
        else:
            self._take(_BARE_VALUE)

    def _text(self) -> None:
        for pattern in _TEXTS:
            found = pattern.match(self.text, self.at)
            if found:
                self.at = found.end()
                return
        raise NotToml(f"text without an end on line {self._line()}")

    def _list(self, where: Where) -> None:
        self._expect("[")
        number = 0
        while True:
            self._skip(_BLANK)
            if self.text.startswith("]", self.at):
                break
            self._value((*where, number))
            number += 1
            self._skip(_BLANK)
            if not self.text.startswith(",", self.at):
                break
            self.at += 1
        self._skip(_BLANK)
        self._expect("]")

    def _inline_table(self, where: Where) -> None:
        self._expect("{")
        self._skip(_BLANK)
        while not self.text.startswith("}", self.at):
            self._pair(where)
            self._skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
                self._skip(_BLANK)
        self._expect("}")


def lines_of(text: str) -> Mapping[Where, int]:
    """Return the line of every key, table and list item of a TOML text.

    Parameters
    ----------
    text : str
        TOML that ``tomllib`` accepts.

    Returns
    -------
    Mapping
        Line, counted from 1, by path. A table's line is that of its header.

    Raises
    ------
    NotToml
        When the text is not TOML.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def given_twice(text: str) -> list[Twice]:
    """Return the keys and tables of a text that stand in it twice, as far as it can be read."""
    scanner = _Scanner(text)
    with suppress(NotToml):
        scanner.document()
    return scanner.twice
