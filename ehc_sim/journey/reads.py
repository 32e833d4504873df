"""Which tables of the settings are read: what was made of the same tables is the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, cast

from ehc_sim.scenario.schema import Settings

Periods = Sequence[tuple[date, Settings]]
"""Settings as they stand from each date on."""

ALL = "*"
"""In place of the name of a table: whatever the settings say."""


def watched(settings: Settings, read: set[str]) -> Settings:
    """Return settings that note which of their tables are read.

    Parameters
    ----------
    settings : Settings
        Settings, which may be watched already.
    read : set of str
        To which the names are added: of a table, such as ``drafting``; of one entry of a table that
        has entries, such as ``teams.plan writers``; ``ALL`` where it is not known what is read.
    """
    return cast(Settings, _Watched(settings, read))


def watched_periods(periods: Periods, read: set[str]) -> Periods:
    """Return periods whose settings note which of their tables are read."""
    return tuple((day, watched(settings, read)) for day, settings in periods)


def table_of(settings: Settings, name: str) -> object:
    """Return what is read under a name; None for an entry that there is not."""
    while isinstance(settings, _Watched):
        settings = settings.plain
    if name == ALL:
        return settings
    table, _, entry = name.partition(".")
    found = getattr(settings, table)
    return found.get(entry) if entry else found


def differences(one: Periods, other: Periods) -> frozenset[str]:
    """Return the names under which something else is read in other periods, on any day."""
    days = sorted({day for day, _ in chain(one, other)})
    pairs = {(id(a), id(b)): (a, b) for day in days for a, b in [(_on(one, day), _on(other, day))]}
    found: set[str] = set()
    known: set[tuple[int, int]] = set()

    def differ(a: object, b: object) -> bool:
        if a is b or (id(a), id(b)) in known:
            return False
        if a != b:
            return True
        known.add((id(a), id(b)))
        return False

    for a, b in pairs.values():
        for name in Settings.model_fields:
            mine, others = getattr(a, name), getattr(b, name)
            if mine is others:
                continue
            if isinstance(mine, Mapping) and isinstance(others, Mapping):
                entries = dict.fromkeys((*mine, *others))
                apart = [one for one in entries if differ(mine.get(one), others.get(one))]
                found |= {f"{name}.{entry}" for entry in apart}
                if apart or list(mine) != list(others):
                    found.add(name)
            elif differ(mine, others):
                found.add(name)
    return frozenset({*found, ALL} if found else ())


class _Watched:
    """Settings that note what is read of them."""

    def __init__(self, settings: Settings, read: set[str]) -> None:
        self.plain = settings
        self._read = read

    def __getattr__(self, name: str) -> object:
        table = getattr(self.plain, name)
        if name not in Settings.model_fields:
            self._read.add(ALL)
        elif isinstance(table, Mapping):
            return _Entries(name, table, self._read)
        else:
            self._read.add(name)
        return table


class _Entries(Mapping[str, Any]):
    """A table with entries, of which it is noted which are read."""

    def __init__(self, name: str, entries: Mapping[str, Any], read: set[str]) -> None:
        self._name, self._entries, self._read = name, entries, read

    def __getitem__(self, entry: str) -> Any:  # noqa: ANN401
        self._read.add(f"{self._name}.{entry}")
        return self._entries[entry]

    def __iter__(self) -> Iterator[str]:
        self._read.add(self._name)
        return iter(self._entries)

    def __len__(self) -> int:
        self._read.add(self._name)
        return len(self._entries)


def _on(periods: Periods, day: date) -> Settings:
    """Return the settings of the last period that begins by a day, or of the first."""
    begun = [settings for first, settings in periods if first <= day]
    return begun[-1] if begun else periods[0][1]
