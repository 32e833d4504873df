"""Packs the nodes of a pathway."""

from collections.abc import Collection, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from ehc_sim.engines.compiled.loop import layout
from ehc_sim.engines.compiled.packing.parts import NONE, Parts
from ehc_sim.network.draw import Draw
from ehc_sim.network.nodes import (
    Before,
    Choice,
    Decision,
    End,
    Fork,
    InPlace,
    Join,
    Mark,
    Node,
    Repeat,
    Start,
    Wait,
    Work,
)
from ehc_sim.network.pathway import Pathway
from ehc_sim.network.quantities import Quantity

Places = Mapping[str, int]

_KINDS: dict[type, int] = {
    Wait: layout.WAIT,
    Work: layout.WORK,
    Decision: layout.DECISION,
    Choice: layout.CHOICE,
    Repeat: layout.REPEAT,
    Before: layout.BEFORE,
    InPlace: layout.IN_PLACE,
    Fork: layout.FORK,
    Join: layout.JOIN,
    Mark: layout.MARK,
    Start: layout.START,
    End: layout.END,
}
_COUNTED_IN = {"calendar": 0, "working": 1, "school": 2}


def pack_nodes(
    parts: Parts,
    pathway: Pathway,
    draw: Draw,
    quantities: Places,
    teams: Places,
    panels: Places,
    repeats: int,
    noted: Collection[str] | None,
) -> int:
    """Add the table of nodes and what they have; return its place.

    At ``repeats`` there is room for how often each case has gone back at each node of that kind.
    ``noted`` are those that are to be in the log, as of ``Memory``.
    """
    packer = _Nodes(parts, pathway, draw, quantities, teams, panels, repeats, noted)
    rows = [packer.row(node) for node in pathway]
    parts.to_line()
    return parts.add_table(rows)


class _Nodes:
    def __init__(
        self,
        parts: Parts,
        pathway: Pathway,
        draw: Draw,
        quantities: Places,
        teams: Places,
        panels: Places,
        repeats: int,
        noted: Collection[str] | None,
    ) -> None:
        self._parts, self._pathway, self._draw = parts, pathway, draw
        self._quantities, self._teams, self._panels = quantities, teams, panels
        self._repeats, self._noted = repeats, noted
        self._of_holders = {node.ends for node in pathway if isinstance(node, InPlace)}

    def row(self, node: Node) -> tuple[int, ...]:
        """Add what a node has and return its row."""
        row = np.full((), NONE, layout.NODE)
        row["kind"] = _KINDS[type(node)]
        row["then"] = self._number(getattr(node, "then", ""))
        row["plan"] = row["ordered"] = 0
        row["noted"] = self._noted is None or node.name in self._noted
        row["first_read"], row["reads"] = self._parts.add_list(self._given_next(node.name))
        quantities = self._quantities
        match node:
            case Wait():
                row["value"] = quantities[node.days]
                row["counted_in"] = _COUNTED_IN[node.counted_in]
            case Work():
                row["value"] = quantities[node.minutes]
                row["station"] = self._teams[node.team]
                row["otherwise"] = self._number(node.by_agency)
            case Decision():
                row["station"] = self._panels[node.panel]
            case Choice():
                row["value"] = quantities[node.option]
                row["first_way"] = self._parts.add(
                    [self._number(target) for _, target in node.ways]
                )
            case Repeat():
                row["value"] = quantities[node.times]
                row["otherwise"] = self._number(node.again)
                row["first_way"] = self._repeats
                self._repeats += len(self._draw.arrived)
            case Fork():
                row["otherwise"] = self._number(node.join)
                row["ways"] = len(node.branches)
                row["first_way"] = self._add_branches(node)
            case Mark():
                self._mark(row, node)
            case Start():
                row["value"] = quantities[node.case]
                row["other_value"] = quantities[node.days]
                row["otherwise"] = self._number(node.entry)
            case Before():
                row["value"] = quantities[node.minute]
                row["otherwise"] = self._number(node.otherwise)
            case InPlace():
                row["value"] = quantities[node.ends]
                row["otherwise"] = self._number(node.otherwise)
        return tuple(row.item())

    def _given_next(self, name: str) -> Iterator[int]:
        """Give the quantities with given values that may be read next; below 0 if of the holder."""
        for quantity in self._pathway.read_next(name):
            if isinstance(self._draw.quantities[quantity], Quantity):
                place = self._quantities[quantity]
                yield -place if quantity in self._of_holders else place

    def _number(self, name: str) -> int:
        return self._pathway.index.get(name, NONE)

    def _add_branches(self, fork: Fork) -> int:
        return self._parts.add_table(
            [
                (
                    self._number(branch.first),
                    NONE if branch.taken is None else self._quantities[branch.taken],
                    NONE if branch.awaited is None else self._quantities[branch.awaited],
                )
                for branch in fork.branches
            ]
        )

    def _mark(self, row: NDArray[np.void], node: Mark) -> None:
        if isinstance(node.clock_days, str):
            row["clock_value"] = self._quantities[node.clock_days]
        elif node.clock_days is not None:
            row["clock"] = node.clock_days
        if isinstance(node.due_days, str):
            row["due_value"] = self._quantities[node.due_days]
        elif node.due_days is not None:
            row["due"] = node.due_days
        row["variant"] = NONE if node.variant is None else node.variant
        row["ordered"] = node.ordered
        if node.closes_plan or node.opens_plan:
            row["plan"] = layout.PLAN_ENDED if node.closes_plan else layout.PLAN_IN_PLACE
