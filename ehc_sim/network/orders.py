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

if set(ORDERS) != set(get_args(Order)):
    raise TypeError("each name of an order of work needs one key")
