"""Draws a pathway as a process map: Mermaid text, made from the table of nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ehc_sim.pathway.nodes import (
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
    following,
)
from ehc_sim.pathway.table import Pathway

SHAPES: Mapping[type, tuple[str, str]] = {
    Mark: ("(", ")"),
    Wait: ("[/", "/]"),
    Work: ("[", "]"),
    Decision: ("[[", "]]"),
    Choice: ("{", "}"),
    Repeat: ("{", "}"),
    Before: ("{", "}"),
    InPlace: ("{", "}"),
    Start: (">", "]"),
    Fork: ("{{", "}}"),
    Join: ("{{", "}}"),
    End: ("([", "])"),
}
"""Brackets that give each kind of node its shape."""

OF_ONE = ": "
"""Stands between the name of a branch and the name of a node that each branch has."""


@dataclass(frozen=True)
class _Lane:
    """Branches of a fork that are alike, drawn once.

    Attributes
    ----------
    labels : tuple of str
        What the branches are for.
    nodes : tuple of Node
        Nodes of the first of them, in the order of the table.
    stand_ins : mapping of str to str
        For each node of every one of the branches, the node drawn in its place.
    """

    labels: tuple[str, ...]
    nodes: tuple[Node, ...]
    stand_ins: Mapping[str, str]


def process_map(pathway: Pathway, stages: Mapping[str, str] | None = None) -> str:
    """Return a pathway as a Mermaid flowchart.

    Branches of a fork that differ only in their name are drawn once, with all their labels. A
    dashed arrow leads from where another case is started to where that case arrives.

    Parameters
    ----------
    pathway : Pathway
        The table of nodes.
    stages : mapping of str to str, optional
        Title of each stage by the name of its first node, in the order of the table. A stage goes
        on to the first node of the next.

    Returns
    -------
    str
        Text of the flowchart, which ends with a line break.

    Raises
    ------
    ValueError
        When a stage starts with a node that is not in the table.
    """
    stages = stages or {}
    unknown = [name for name in stages if name not in pathway.place]
    if unknown:
        raise ValueError(f"no node is called {', '.join(map(repr, unknown))}")
    lanes = [lane for node in pathway if isinstance(node, Fork) for lane in _lanes(pathway, node)]
    drawn_as = {name: stand_in for lane in lanes for name, stand_in in lane.stand_ins.items()}
    lines = ["flowchart TD"]
    for title, nodes in _staged(pathway, stages):
        indent = "  "
        if title:
            lines.append(f'  subgraph s{pathway.place[nodes[0].name]}["{_text(title)}"]')
            indent = "    "
        for node in nodes:
            if node.name not in drawn_as:
                lines.append(indent + _box(pathway, node))
            for lane in lanes:
                if node is lane.nodes[0]:
                    lines += _lane(pathway, lane, indent)
        if title:
            lines.append("  end")
    return "\n".join([*lines, *_arrows(pathway, lanes, drawn_as)]) + "\n"


def _staged(
    pathway: Pathway, stages: Mapping[str, str]
) -> Iterator[tuple[str | None, Sequence[Node]]]:
    starts = sorted(pathway.place[name] for name in stages)
    title_at = {pathway.place[name]: title for name, title in stages.items()}
    bounds = [*([0] if 0 not in starts else []), *starts, len(pathway.nodes)]
    for low, high in pairwise(bounds):
        yield title_at.get(low), pathway.nodes[low:high]


def _lanes(pathway: Pathway, fork: Fork) -> list[_Lane]:
    """Return the branches of a fork, those that are alike together."""
    alike: dict[tuple[object, ...], list[tuple[str, list[Node]]]] = {}
    for branch in fork.branches:
        nodes = _inside(pathway, branch.first, fork.join)
        shape = tuple(_shape(node, nodes) for node in nodes)
        alike.setdefault(shape, []).append((branch.label, nodes))
    return [
        _Lane(
            labels=tuple(label for label, _ in branches),
            nodes=tuple(branches[0][1]),
            stand_ins={
                node.name: first.name
                for _, nodes in branches
                for node, first in zip(nodes, branches[0][1], strict=True)
            },
        )
        for branches in alike.values()
    ]


def _inside(pathway: Pathway, first: str, join: str) -> list[Node]:
    found, ahead = {first}, [first]
    while ahead:
        for target in following(pathway[ahead.pop()]):
            if target != join and target not in found:
                found.add(target)
                ahead.append(target)
    return [node for node in pathway if node.name in found]


def _shape(node: Node, nodes: Sequence[Node]) -> tuple[object, ...]:
    """Return what two nodes of alike branches have in common."""
    places = {each.name: place for place, each in enumerate(nodes)}
    return (
        type(node),
        _of_each(node.name),
        _under(node),
        tuple(places.get(target, -1) for target in following(node)),
    )


def _of_each(name: str) -> str:
    """Return a node's name without that of its branch."""
    return name.partition(OF_ONE)[2] or name


def _under(node: Node) -> str:
    """Return who works or decides, or the days that are counted."""
    match node:
        case Work():
            return node.team
        case Decision():
            return node.panel
        case Wait():
            return f"{node.counted_in} days"
        case Mark(clock_days=int(days)):
            return f"a new clock of {days} days starts"
        case Mark(clock_days=str()):
            return "a clock of its own starts"
        case Start():
            return "a later case starts"
        case _:
            return ""


def _lane(pathway: Pathway, lane: _Lane, indent: str) -> list[str]:
    title = _text(", ".join(lane.labels))
    inner = [indent + "  " + _box(pathway, node, _of_each(node.name)) for node in lane.nodes]
    start = f'{indent}subgraph b{pathway.place[lane.nodes[0].name]}["{title}"]'
    return [start, *inner, f"{indent}end"]


def _box(pathway: Pathway, node: Node, name: str | None = None) -> str:
    opens, closes = SHAPES[type(node)]
    under = _under(node)
    words = _text(name or node.name) + (f"<br>{_text(under)}" if under else "")
    return f'n{pathway.place[node.name]}{opens}"{words}"{closes}'


def _arrows(pathway: Pathway, lanes: Sequence[_Lane], drawn_as: Mapping[str, str]) -> Iterator[str]:
    left_out = drawn_as.keys() - {node.name for lane in lanes for node in lane.nodes}
    for node in pathway:
        if node.name in left_out:
            continue
        arrows = dict.fromkeys(
            (label, drawn_as.get(target, target)) for label, target in _ways(node)
        )
        for label, target in arrows:
            said = f'|"{_text(label)}"|' if label else ""
            yield f"  n{pathway.place[node.name]} -->{said} n{pathway.place[target]}"
        if isinstance(node, Start):
            yield f"  n{pathway.place[node.name]} -.-> n{pathway.place[node.entry]}"


def _ways(node: Node) -> list[tuple[str, str]]:
    """Return label and node of each way on."""
    match node:
        case Choice():
            return list(node.ways)
        case Repeat():
            return [(node.label, node.again), ("", node.then)]
        case Before():
            what = node.minute.removeprefix("minute of ")
            return [(f"before {what}", node.then), (f"from {what} on", node.otherwise)]
        case InPlace():
            return [("yes", node.then), ("no", node.otherwise)]
        case Fork():
            return [("", branch.first) for branch in node.branches]
        case _:
            return [("", target) for target in following(node)]


def _text(words: str) -> str:
    return words.replace('"', "#quot;")
