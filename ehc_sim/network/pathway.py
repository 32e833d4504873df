"""The pathway: a checked table of nodes."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ehc_sim.network.nodes import (
    Decision,
    End,
    Fork,
    Join,
    Mark,
    Node,
    Repeat,
    Start,
    Wait,
    Work,
    following,
    quantities_of,
)


class PathwayFault(ValueError):  # noqa: N818
    """The table of nodes does not make a pathway; the message lists every fault."""


@dataclass(frozen=True)
class Pathway:
    """A table of nodes, checked when it is built.

    Parameters
    ----------
    nodes : iterable of Node
        The table.
    entries : sequence of str
        Nodes at which cases arrive; the first node where none is named.

    Raises
    ------
    PathwayFault
        When a name is used twice or is unknown, a node cannot be reached, a fork is not joined, no
        end can be reached from a node, or a branch holds what it may not.

    Examples
    --------
    >>> from ehc_sim.network import End, Pathway, Work
    >>> drafting = Work("drafting", "officers", "minutes", "issued")
    >>> pathway = Pathway([drafting, End("issued", "done")])
    >>> pathway.names, pathway.teams
    (('drafting', 'issued'), ('officers',))
    """

    nodes: tuple[Node, ...]
    entries: tuple[str, ...]
    index: dict[str, int] = field(init=False, repr=False, compare=False)
    _read_from: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    _read_next: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __init__(self, nodes: Iterable[Node], entries: Sequence[str] = ()) -> None:
        object.__setattr__(self, "nodes", tuple(nodes))
        object.__setattr__(self, "entries", tuple(entries) or self.names[:1])
        object.__setattr__(self, "index", {node.name: i for i, node in enumerate(self.nodes)})
        object.__setattr__(self, "_read_from", {})
        object.__setattr__(self, "_read_next", {})
        if faults := list(self._faults()):
            raise PathwayFault("\n".join(faults))

    def __getitem__(self, name: str) -> Node:
        return self.nodes[self.index[name]]

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the nodes, in the order of the table."""
        return tuple(node.name for node in self.nodes)

    @property
    def teams(self) -> tuple[str, ...]:
        """Names of the teams that work, in the order of the table."""
        return tuple(dict.fromkeys(n.team for n in self.nodes if isinstance(n, Work)))

    @property
    def work(self) -> tuple[str, ...]:
        """Kind of work of each node; empty for those that are no work."""
        return tuple(n.kind if isinstance(n, Work) else "" for n in self.nodes)

    @property
    def own_posts(self) -> tuple[bool, ...]:
        """Whether each node is work that is never passed on to an agency."""
        return tuple(isinstance(n, Work) and n.own_posts for n in self.nodes)

    @property
    def panels(self) -> tuple[str, ...]:
        """Names of the panels that decide, in the order of the table."""
        return tuple(dict.fromkeys(n.panel for n in self.nodes if isinstance(n, Decision)))

    def quantities_from(self, entry: str) -> tuple[str, ...]:
        """Return the quantities that a case which arrives at a node may read, in table order."""
        if entry not in self._read_from:
            reached = self._reached(entry)
            names = (name for n in self.nodes if n.name in reached for name in quantities_of(n))
            self._read_from[entry] = tuple(dict.fromkeys(names))
        return self._read_from[entry]

    def read_next(self, name: str) -> tuple[str, ...]:
        """Return the quantities that a case which comes to a node may read before it waits."""
        if name not in self._read_next:
            seen, left = {name}, [self[name]]
            while left:
                node = left.pop()
                if isinstance(node, Wait | Work | Decision | Join | End):
                    continue
                new = [target for target in following(node) if target not in seen]
                seen.update(new)
                left += [self[target] for target in new]
            names = (n for node in self.nodes if node.name in seen for n in quantities_of(node))
            self._read_next[name] = tuple(dict.fromkeys(names))
        return self._read_next[name]

    def _faults(self) -> Iterator[str]:
        if not self.nodes:
            yield "a pathway needs at least one node"
            return
        for name, count in Counter(node.name for node in self.nodes).items():
            if count > 1:
                yield f"{name!r}: {count} nodes have this name, allowed is one"
        unknown = False
        for node in self.nodes:
            for target in following(node):
                if target not in self.index:
                    unknown = True
                    yield f"{node.name!r}: leads to {target!r}, which is no node of the table"
            if isinstance(node, Start) and node.entry not in self.entries:
                yield f"{node.name!r}: starts cases at {node.entry!r}, at which none may arrive"
        for entry in self.entries:
            if entry not in self.index:
                unknown = True
                yield f"cases arrive at {entry!r}, which is no node of the table"
        if unknown:
            return
        reached = set[str]().union(*(self._reached(entry) for entry in self.entries))
        for node in self.nodes:
            if node.name not in reached:
                ways = " or ".join(repr(entry) for entry in self.entries)
                yield f"{node.name!r}: cannot be reached from {ways}"
            elif not any(isinstance(self[n], End) for n in self._reached(node.name)):
                yield f"{node.name!r}: no end can be reached from here"
        yield from self._fork_faults()

    def _fork_faults(self) -> Iterator[str]:
        joins = Counter(node.join for node in self.nodes if isinstance(node, Fork))
        branch_of: dict[str, tuple[str, str]] = {}
        for node in self.nodes:
            if isinstance(node, Join) and joins[node.name] != 1:
                yield f"{node.name!r}: {joins[node.name]} forks meet here, allowed is one"
            if not isinstance(node, Fork):
                continue
            if not isinstance(self[node.join], Join):
                yield f"{node.name!r}: {node.join!r} is not a join"
                continue
            for branch in node.branches:
                inside = self._reached(branch.first, stop=node.join)
                if node.join not in inside:
                    yield f"{node.name!r}: branch {branch.label!r} never comes to {node.join!r}"
                for name in sorted(inside - {node.join}):
                    if _not_in_a_branch(self[name]):
                        yield f"{node.name!r}: branch {branch.label!r} may not hold {name!r}"
                    if name in branch_of:
                        yield f"{node.name!r}: more than one branch holds {name!r}"
                    branch_of[name] = (node.name, branch.label)
        yield from self._faults_at_the_edge(branch_of)

    def _faults_at_the_edge(self, branch_of: dict[str, tuple[str, str]]) -> Iterator[str]:
        """Yield the ways into a branch or a join that do not come from its fork."""
        for entry in self.entries:
            if entry in branch_of or isinstance(self[entry], Join):
                yield f"cases arrive at {entry!r}, to which only a fork may lead"
        for node in self.nodes:
            if isinstance(node, Fork):
                continue
            for target in following(node):
                joins = isinstance(self[target], Join)
                into_branch = target in branch_of and branch_of.get(node.name) != branch_of[target]
                if into_branch or (joins and node.name not in branch_of):
                    yield f"{node.name!r}: leads to {target!r}, to which only a fork may lead"

    def _reached(self, start: str, stop: str | None = None) -> set[str]:
        found, ahead = {start}, [start]
        while ahead:
            name = ahead.pop()
            if name == stop:
                continue
            for target in following(self[name]):
                if target not in found:
                    found.add(target)
                    ahead.append(target)
        return found


def _not_in_a_branch(node: Node) -> bool:
    # What a milestone sets belongs to the whole case, so that only the case itself may set it.
    sets = isinstance(node, Mark) and node != Mark(node.name, node.then)
    return sets or isinstance(node, End | Fork | Join | Repeat)
