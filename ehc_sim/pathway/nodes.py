"""The kinds of node that a pathway is made of.

A pathway is a table of these. Two things read it: the model that runs it and the process map that
shows it. Nodes hold no numbers: each names the *quantity* (see ``quantities.py``) that gives every
case's days, minutes or option.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Days = Literal["calendar", "working", "school"]


@dataclass(frozen=True)
class Wait:
    """Time that passes while nobody of a team works on the case.

    Attributes
    ----------
    name : str
        Name of the node.
    days : str
        Quantity that gives whole days; a case with 0 does not wait.
    then : str
        Node that follows.
    counted_in : {"calendar", "working", "school"}
        Kind of days.
    """

    name: str
    days: str
    then: str
    counted_in: Days = "calendar"


@dataclass(frozen=True)
class Work:
    """Work by one post of a team. The case queues until a post is free.

    Attributes
    ----------
    name : str
        Name of the node.
    team : str
        Team that works.
    minutes : str
        Quantity that gives minutes of work; a case with 0 needs none.
    then : str
        Node that follows.
    """

    name: str
    team: str
    minutes: str
    then: str


@dataclass(frozen=True)
class Decision:
    """A decision at a sitting of a panel. The case queues for a place on the list.

    Attributes
    ----------
    name : str
        Name of the node.
    panel : str
        Panel that decides.
    then : str
        Node that follows.
    """

    name: str
    panel: str
    then: str


@dataclass(frozen=True)
class Choice:
    """One of several ways on.

    Attributes
    ----------
    name : str
        Name of the node.
    option : str
        Quantity that gives the number of the way, from 0.
    ways : tuple of (str, str)
        Label and node of each way.
    """

    name: str
    option: str
    ways: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Repeat:
    """A way back that a case takes a number of times.

    Attributes
    ----------
    name : str
        Name of the node.
    times : str
        Quantity that gives how many times this case goes back.
    again : str
        Node to go back to.
    then : str
        Node that follows when the case has gone back often enough.
    label : str
        Label of the way back, for the map.
    """

    name: str
    times: str
    again: str
    then: str
    label: str = "again"


@dataclass(frozen=True)
class Branch:
    """One of the parallel ways of a fork.

    Attributes
    ----------
    label : str
        What the branch is for.
    first : str
        First node of the branch.
    taken : str or None
        Quantity that is 1 for the cases that take the branch; None where all do.
    awaited : str or None
        Quantity that is 1 for the cases whose join waits for this branch; None where all do.
    """

    label: str
    first: str
    taken: str | None = None
    awaited: str | None = None


@dataclass(frozen=True)
class Fork:
    """Several branches at once, which meet again at a join.

    Attributes
    ----------
    name : str
        Name of the node.
    branches : tuple of Branch
        The branches.
    join : str
        Join at which they meet.
    """

    name: str
    branches: tuple[Branch, ...]
    join: str


@dataclass(frozen=True)
class Join:
    """Where the branches of a fork meet: the case goes on when the last awaited one is here.

    Attributes
    ----------
    name : str
        Name of the node.
    then : str
        Node that follows.
    """

    name: str
    then: str


@dataclass(frozen=True)
class Mark:
    """A milestone, which takes no time.

    Attributes
    ----------
    name : str
        Name of the milestone.
    then : str
        Node that follows.
    clock_days : int or None
        Starts a new statutory clock of so many days from here.
    """

    name: str
    then: str
    clock_days: int | None = None


@dataclass(frozen=True)
class End:
    """The end of a case.

    Attributes
    ----------
    name : str
        Name of the node.
    outcome : str
        How the case ended.
    """

    name: str
    outcome: str


Node = Wait | Work | Decision | Choice | Repeat | Fork | Join | Mark | End


def following(node: Node) -> tuple[str, ...]:
    """Return the names of the nodes that a node leads to.

    A fork leads to the first node of each branch and, for a case that takes none, to its join.
    """
    match node:
        case Choice():
            return tuple(target for _, target in node.ways)
        case Repeat():
            return (node.again, node.then)
        case Fork():
            return (*(branch.first for branch in node.branches), node.join)
        case End():
            return ()
        case _:
            return (node.then,)


def quantities_of(node: Node) -> tuple[str, ...]:
    """Return the names of the quantities that a node reads."""
    match node:
        case Wait():
            return (node.days,)
        case Work():
            return (node.minutes,)
        case Choice():
            return (node.option,)
        case Repeat():
            return (node.times,)
        case Fork():
            names = ((branch.taken, branch.awaited) for branch in node.branches)
            return tuple(name for pair in names for name in pair if name is not None)
        case _:
            return ()
