"""The orders of work, and who else is taken first: what scenarios and both models know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

Order = Literal["received", "due", "newest", "still in time first", "mixed"]
"""Name of an order of work."""


@dataclass(frozen=True)
class Key:
    """What the jobs of a queue are ordered by: the lowest key comes first.

    Attributes
    ----------
    received, due, minutes : int
        How often the key of a job has the minute at which its statutory clock started, the minute
        of its statutory date, and its minutes of work.
    overdue_last : bool
        Jobs that can no longer be in time come after all others, oldest first.
    newest_too : bool
        A share of the picks goes to the newest job.
    """

    received: int = 0
    due: int = 0
    minutes: int = 0
    overdue_last: bool = False
    newest_too: bool = False


ORDERS: Final[Mapping[Order, Key]] = {
    "received": Key(received=1),  # FCFS by the start of the clock
    "due": Key(due=1),  # EDD
    "newest": Key(received=-1),  # LIFO
    "still in time first": Key(due=1, overdue_last=True),  # EDD, with overdue jobs demoted to FCFS
    "mixed": Key(received=1, newest_too=True),  # FCFS and LIFO in turn
}
"""The key of each order of work."""

OVERDUE: Final = "overdue"
"""What a post can be reserved for beside a kind of work: whatever is past its statutory date."""

Class = Literal[
    "ordered", "looked after", "out of school", "starting or moving school", "waited long"
]
"""Name of a class of cases that a team can take ahead of the others."""

WAITED: Final = "waited long"
"""The class that a case comes to by waiting; the others are told by a flag of the case."""

FLAGS: Final[Mapping[str, int]] = {
    "looked after": 1,
    "out of school": 2,
    "starting or moving school": 4,
    "ordered": 8,
}
"""Flag of each class in the quantity ``AHEAD``. That of ``ordered`` is set within the run."""

AHEAD: Final = "ahead"
"""Quantity that gives the flags of a case at a minute, added up. It has them of the holders of the
plans: a case has those of the holder of the plan that it is about."""

if set(ORDERS) != set(get_args(Order)) or {*FLAGS, WAITED} != set(get_args(Class)):
    raise TypeError("each order of work needs one key, each class one flag")
