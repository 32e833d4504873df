"""Draws a pathway as a process map: Mermaid text, made from the table of nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

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
    following,
)
from ehc_sim.network.pathway import Pathway

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


@dataclass(frozen=True)
class Part:
    """A part of a pathway, which is drawn by itself.

    Attributes
    ----------
    first : str
        Its first node. A part goes on to the first node of the next.
    title : str
        What it is called.
    weeks : str
        When it is due, such as "weeks 0 to 6"; may be empty.
    """

    first: str
    title: str
    weeks: str = ""


def process_map(pathway: Pathway, parts: Sequence[Part] = (), only: Part | None = None) -> str:
    """Return a pathway, or a part of it, as a Mermaid flowchart.

    Branches of a fork that differ only in their name are drawn once, with all their labels. A
    dashed arrow leads from where another case is started to where that case arrives. Where a part
    is drawn, ways from and to others have a box with the other's title at their end; the outcomes
    that it leads to are drawn with it.

    Parameters
    ----------
    pathway : Pathway
        The table of nodes.
    parts : sequence of Part
        Of the pathway, in the order of the table.
    only : Part, optional
        The part to draw; by default the whole pathway is drawn.

    Returns
    -------
    str
        Text of the flowchart, which ends with a line break.

    Raises
    ------
    ValueError
        When a part starts with a node that is not in the table, or a node belongs to no part.
    """
    of = _part_of(pathway, parts) if only else {}
    drawn = [node for node in pathway if only is None or of.get(node.name) is only]
    ends = {target for node in drawn for target in following(node)} & pathway.index.keys()
    if only:
        drawn += [node for node in pathway if isinstance(node, End) and node.name in ends]
    lanes = [lane for node in drawn if isinstance(node, Fork) for lane in _lanes(pathway, node)]
    drawn_as = {name: stand_in for lane in lanes for name, stand_in in lane.stand_ins.items()}
    lines = ["flowchart TD"]
    for node in drawn:
        if node.name not in drawn_as:
            lines.append("  " + _box(pathway, node))
        for lane in lanes:
            if node is lane.nodes[0]:
                lines += _lane(pathway, lane, "  ")
    left_out = drawn_as.keys() - {node.name for lane in lanes for node in lane.nodes}
    inside = {node.name for node in drawn}
    return "\n".join([*lines, *_arrows(pathway, inside, left_out, drawn_as, of)]) + "\n"


def overview(pathway: Pathway, parts: Sequence[Part]) -> str:
    """Return a pathway as a Mermaid flowchart with one box for each part, and its weeks.

    Parameters
    ----------
    pathway : Pathway
        The table of nodes.
    parts : sequence of Part
        Of the pathway, in the order of the table.

    Raises
    ------
    ValueError
        When a part starts with a node that is not in the table, or a node belongs to no part.
    """
    of = _part_of(pathway, parts)
    boxes = [
        f'  p{pathway.index[part.first]}["<b>{_text(part.title)}</b>'
        + (f"<br>{_text(part.weeks)}" if part.weeks else "")
        + '"]'
        for part in parts
    ]
    arrows: dict[str, None] = {}
    for node in pathway:
        for line, target in [("-->", t) for t in following(node)] + [
            ("-.->", entry) for entry in ([node.entry] if isinstance(node, Start) else [])
        ]:
            if target in of and node.name in of and of[target] is not of[node.name]:
                one, other = (pathway.index[of[name].first] for name in (node.name, target))
                arrows[f"  p{one} {line} p{other}"] = None
    return "\n".join(["flowchart TD", *boxes, *arrows]) + "\n"


def _part_of(pathway: Pathway, parts: Sequence[Part]) -> dict[str, Part]:
    """Return the part of every node but the outcomes, which many parts lead to."""
    unknown = [part.first for part in parts if part.first not in pathway.index]
    if unknown:
        raise ValueError(f"no node is called {', '.join(map(repr, unknown))}")
    at = {pathway.index[part.first]: part for part in parts}
    if list(at) != sorted(at):
        raise ValueError("the parts are not in the order of the table")
    found: dict[str, Part] = {}
    now: Part | None = None
    for place, node in enumerate(pathway):
        now = at.get(place, now)
        if isinstance(node, End):
            continue
        if now is None:
            raise ValueError(f"{node.name!r} belongs to no part")
        found[node.name] = now
    return found


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
    """Return a lane; what it is for stands in its first box, since a long title is drawn over."""
    inner = [indent + "  " + _box(pathway, node, _of_each(node.name)) for node in lane.nodes]
    head = "<br>".join(f"<i>{_text(label)}</i>" for label in lane.labels)
    inner[0] = inner[0].replace('"', f'"{head}<br>', 1)
    start = f'{indent}subgraph b{pathway.index[lane.nodes[0].name]}[" "]'
    return [start, *inner, f"{indent}end"]


def _box(pathway: Pathway, node: Node, name: str | None = None) -> str:
    opens, closes = SHAPES[type(node)]
    under = _under(node)
    words = _text(name or node.name) + (f"<br>{_text(under)}" if under else "")
    return f'n{pathway.index[node.name]}{opens}"{words}"{closes}'


def _arrows(
    pathway: Pathway,
    inside: AbstractSet[str],
    left_out: AbstractSet[str],
    drawn_as: Mapping[str, str],
    of: Mapping[str, Part],
) -> Iterator[str]:
    """Give the arrows of what is drawn, and a box for each other part that one leads to or from."""
    others: dict[str, None] = {}
    arrows: dict[str, None] = {}
    for node in pathway:
        if node.name in left_out:
            continue
        ways = [("-->", label, target) for label, target in _ways(node)]
        if isinstance(node, Start):
            ways.append(("-.->", "", node.entry))
        for line, label, target in ways:
            target = drawn_as.get(target, target)
            if node.name not in inside and (target not in inside or target not in of):
                continue
            ends = []
            for name, side in ((node.name, "from"), (target, "to")):
                end = f"n{pathway.index[name]}"
                if name not in inside:
                    end = f"{side}{pathway.index[of[name].first]}"
                    others[f'  {end}[["{side} <i>{_text(of[name].title)}</i>"]]:::other'] = None
                ends.append(end)
            said = f'|"{_text(label)}"|' if label else ""
            arrows[f"  {ends[0]} {line}{said} {ends[1]}"] = None
    yield from others
    yield from arrows
    if others:
        yield "  classDef other fill:#eeeeee,stroke:#999999,stroke-dasharray:4 3"


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
        case Work(by_agency=other) if other:
            return [("by an agency", other), ("", node.then)]
        case _:
            return [("", target) for target in following(node)]


def _text(words: str) -> str:
    return words.replace('"', "#quot;")
