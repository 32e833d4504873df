"""The kinds of node that a pathway is made of.

A pathway is a table of these. Two things read it: the model that runs it and the process map that
shows it. Nodes hold no numbers: each names the *quantity* (see ``quantities.py``) that gives every
case's days, minutes or option.
"""

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
    kind : str
        Kind of work, by which posts can be reserved and hours are told.
    by_agency : str
        Node that follows where the team's agency did the work; empty where it is the same.
    own_posts : bool
        Whether only the team's own posts do it: it is never passed on to an agency.
    """

    name: str
    team: str
    minutes: str
    then: str
    kind: str = "assessments"
    by_agency: str = ""
    own_posts: bool = False


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
    clock_days : int, str or None
        Starts a new statutory clock of so many days from here; the name of a quantity where each
        case has its own.
    due_days : int, str or None
        From here on, the next statutory date is so many days after the clock was started; the name
        of a quantity where each case has its own.
    variant : int or None
        From here on, the case has this variant of the quantities that have several.
    opens_plan, closes_plan : bool
        From here on, the plan that the case is about is in place, or has ended.
    ordered : bool
        From here on, the case is one that was ordered, which teams may take ahead of others.
    """

    name: str
    then: str
    clock_days: int | str | None = None
    due_days: int | str | None = None
    variant: int | None = None
    opens_plan: bool = False
    closes_plan: bool = False
    ordered: bool = False


@dataclass(frozen=True)
class Start:
    """Starts another case later, such as the next annual review of a plan.

    Attributes
    ----------
    name : str
        Name of the node.
    case : str
        Quantity that gives the number of the case to be started.
    days : str
        Quantity that gives the calendar days until it arrives.
    entry : str
        Node at which it arrives.
    then : str
        Node that follows for the case that is here.
    """

    name: str
    case: str
    days: str
    entry: str
    then: str


@dataclass(frozen=True)
class Before:
    """One way before a minute of the run, another from it on.

    Attributes
    ----------
    name : str
        Name of the node.
    minute : str
        Quantity that gives the minute.
    then : str
        Node that follows before that minute.
    otherwise : str
        Node that follows from it on.
    """

    name: str
    minute: str
    then: str
    otherwise: str


@dataclass(frozen=True)
class InPlace:
    """One way while the plan that the case is about is in place, another where it is not.

    Attributes
    ----------
    name : str
        Name of the node.
    ends : str
        Quantity of the case that holds the plan: the minute at which the plan ends or moves away.
    then : str
        Node that follows while the plan is in place.
    otherwise : str
        Node that follows before it is issued and after it has ended.
    """

    name: str
    ends: str
    then: str
    otherwise: str


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


Node = (
    Wait | Work | Decision | Choice | Repeat | Fork | Join | Mark | Start | Before | InPlace | End
)


def following(node: Node) -> tuple[str, ...]:
    """Return the names of the nodes that a node leads to.

    A fork leads to the first node of each branch and, for a case that takes none, to its join. A
    start leads to where its own case goes on, not to where the other one arrives.
    """
    match node:
        case Choice():
            return tuple(target for _, target in node.ways)
        case Repeat():
            return (node.again, node.then)
        case Fork():
            return (*(branch.first for branch in node.branches), node.join)
        case Before() | InPlace():
            return (node.then, node.otherwise)
        case Work(by_agency=other) if other:
            return (other, node.then)
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
        case Mark():
            return tuple(one for one in (node.clock_days, node.due_days) if isinstance(one, str))
        case Start():
            return (node.case, node.days)
        case Before():
            return (node.minute,)
        case InPlace():
            return (node.ends,)
        case Fork():
            names = ((branch.taken, branch.awaited) for branch in node.branches)
            return tuple(name for pair in names for name in pair if name is not None)
        case _:
            return ()


KINDS = {
    Wait: "wait",
    Work: "work",
    Decision: "decision",
    Choice: "choice",
    Repeat: "choice",
    Before: "choice",
    InPlace: "choice",
    Fork: "fork",
    Join: "join",
    Mark: "mark",
    Start: "start",
    End: "end",
}
"""What the log calls each kind of node."""
