"""Settings that were checked before, so that what days and files have in common is checked once.

An option differs from the service of today in a few settings, and a day from the day before. What
they share is the very same table, read once; it is known by its identity.
"""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ehc_sim.scenario import plain
from ehc_sim.scenario.changes import Aimed, applied
from ehc_sim.scenario.columns import Columns, columns_of
from ehc_sim.scenario.faults import Fault
from ehc_sim.scenario.members import read_members
from ehc_sim.scenario.numbers import FROM_FILE
from ehc_sim.scenario.part import Keyed
from ehc_sim.scenario.paths import Spot
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.tree import Tree

Table = Mapping[str, Any]
Identity = tuple[tuple[str, int], ...]
_WHOLE = Spot(Settings)


@dataclass(frozen=True)
class Known:
    """What was checked before.

    Attributes
    ----------
    tables : mapping
        A table as it was read, which is kept so that no other gets its identity, and the same as it
        was checked; by the identity of the first and what it is a table of.
    wholes : mapping
        All the settings of a day as they were read and as they were checked, nothing wrong with
        them; by the identity of their tables.
    made : mapping
        What a change was made in, the change as it was read and what came of it; by the identity of
        the first two.
    keyed : mapping
        Checked tables, and the same with the key of every number: see ``part.keyed``.
    columns : mapping
        Tables of members with their columns as changes, by their files.
    """

    tables: MutableMapping[tuple[int, Any], tuple[Table, BaseModel]] = field(default_factory=dict)
    wholes: MutableMapping[Identity, tuple[Table, Settings]] = field(default_factory=dict)
    made: MutableMapping[tuple[int, int], tuple[Table, Table, Table]] = field(default_factory=dict)
    keyed: Keyed = field(default_factory=dict)
    columns: MutableMapping[Path, Columns] = field(default_factory=dict)

    def apart(self) -> "Known":
        """Return what is known here, to which more can be added that is not kept here."""
        parts = (self.tables, self.wholes, self.made, self.keyed, self.columns)
        return Known(*(ChainMap({}, one) for one in parts))

    def columns_in(self, path: Path) -> Columns:
        """Return the table of members in a file, which is read once, with its columns as changes.

        Raises
        ------
        BadInput
            When it is no such table.
        """
        if path not in self.columns:
            self.columns[path] = columns_of(read_members(path))
        return self.columns[path]

    def changed(self, tree: Tree, one: Aimed) -> tuple[Tree, list[Fault]]:
        """Make a change as ``changes.applied`` does, and give the same tables as the time before.

        Parameters
        ----------
        tree : Tree
            The settings with all changes before this one.
        one : Aimed
        """
        after, faults = applied(tree, one)
        written = one.written.source.values["change"][one.written.number]
        mark = id(tree.values), id(written)
        _, _, values = self.made.setdefault(mark, (tree.values, written, after.values))
        return replace(after, values=values), faults

    def whole(self, values: Table) -> Settings | None:
        """Return settings that were checked before and are right; None where they were not."""
        known = self.wholes.get(_identity(values))
        return None if known is None else known[1]

    def keep(self, values: Table, settings: Settings) -> None:
        """Keep settings that were checked and are right in every respect."""
        self.wholes[_identity(values)] = values, settings

    def checked(self, values: Table) -> tuple[Settings | None, list[plain.Problem]]:
        """Check settings as ``plain.checked`` does, but tables only that were not checked before.

        Parameters
        ----------
        values : Mapping
            As read from a file, with changes made. None of its tables is ever changed in place.
        """
        try:
            found = Settings.model_validate(self._filled(values, _WHOLE), context=FROM_FILE)
        except ValidationError:
            return plain.checked(Settings, values)  # with what was read in all its messages
        self._keep(values, found, _WHOLE)
        return found, []

    def _filled(self, values: Table, spot: Spot) -> dict[str, Any]:
        """Return values in which tables that are known stand as they were checked."""
        return {key: self._or_known(one, spot.inside(key)) for key, one in values.items()}

    def _or_known(self, value: Any, spot: Spot | None) -> Any:  # noqa: ANN401
        if not isinstance(value, dict) or spot is None or not (spot.is_table or spot.is_named):
            return value
        known = self.tables.get((id(value), spot.kind)) if spot.is_table else None
        return self._filled(value, spot) if known is None else known[1]

    def _keep(self, values: Table, found: Any, spot: Spot) -> None:  # noqa: ANN401
        for key, value in values.items():
            inner = spot.inside(key)
            if not isinstance(value, dict) or inner is None:
                continue
            part = found[key] if spot.is_named else getattr(found, key)
            if inner.is_named:
                self._keep(value, part, inner)
            elif inner.is_table and (id(value), inner.kind) not in self.tables:
                self.tables[id(value), inner.kind] = value, part
                self._keep(value, part, inner)


def _identity(values: Table) -> Identity:
    return tuple((key, id(value)) for key, value in values.items())
