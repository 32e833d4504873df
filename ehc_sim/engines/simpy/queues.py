"""Queues of jobs, by the keys of ``network.orders``.

Every queue shows its next job with a *rank*; of several queues that a post serves, it takes the job
of the lowest rank. Ties are broken by the time of joining the queue and the case number, so the
order never depends on the order in which events happened to be handled. A case that joins a queue
twice at one minute, from two branches, is taken in the order of the nodes.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Protocol

from simpy.events import Event

from ehc_sim.engines.simpy.phases import TwoPhases
from ehc_sim.network.orders import ORDERS, Key, Order

OLDEST, NEWEST, NEAREST_DATE = Key(received=1), Key(received=-1), Key(due=1)


class Job(Event):
    """A case that waits for a team or a panel: an event that happens when the work is done.

    Attributes
    ----------
    case : int
        Case number.
    node : int
        Number of the node at which it waits.
    received : int
        Minute at which its statutory clock started.
    due : int
        Minute of the day after which its clock has run out.
    joined : int
        Minute at which it joined the queue.
    minutes : int
        Minutes of work it needs; 0 at a panel.
    left : int
        Minutes of it that are not done yet.
    begun : int
        Minute at which work on it began, once it has.
    post : int
        Number of the post that works on it, once one does.
    bought : bool
        Whether an agency does the work.
    """

    begun: int
    post: int

    def __init__(
        self,
        env: TwoPhases,
        case: int,
        node: int,
        received: int,
        due: int,
        minutes: int,
    ) -> None:
        self.env = env  # what Event does, without the call
        self.callbacks = []
        self.case = case
        self.node = node
        self.received = received
        self.due = due
        self.joined = env.minute
        self.minutes = self.left = minutes
        self.bought = False

    def __lt__(self, other: Job) -> bool:
        """Return whether less is left: all that tells jobs of one case, node and minute apart."""
        return self.left < other.left


Rank = tuple[int, ...]


class Queue(Protocol):
    """What a team or panel needs of a queue."""

    def __len__(self) -> int:
        """Return the number of jobs that wait."""

    def push(self, job: Job) -> None:
        """Take a job in."""

    def first(self, now: int, newest: bool) -> Rank:
        """Return the rank of the next job; the queue must not be empty.

        Parameters
        ----------
        now : int
            The minute.
        newest : bool
            Whether this pick goes to the newest case, where a share does.
        """

    def next(self, now: int, newest: bool) -> Job:
        """Return the next job, which stays; the queue must not be empty."""

    def pop(self, now: int, newest: bool) -> Job:
        """Remove and return the next job."""


class ByKey:
    """Jobs by a key that does not change.

    Parameters
    ----------
    key : Key
        What they are ordered by.
    """

    def __init__(self, key: Key) -> None:
        self._key = key
        self._jobs: list[tuple[int, int, int, int, Job]] = []

    def __len__(self) -> int:
        return len(self._jobs)

    def push(self, job: Job) -> None:
        """Take a job in."""
        of = self._key
        key = of.received * job.received + of.due * job.due + of.minutes * job.minutes
        heappush(self._jobs, (key, job.joined, job.case, job.node, job))

    def first(self, now: int, newest: bool) -> Rank:
        """Return the rank of the next job."""
        return self._jobs[0][:4]

    def next(self, now: int, newest: bool) -> Job:
        """Return the next job, which stays."""
        return self._jobs[0][4]

    def pop(self, now: int, newest: bool) -> Job:
        """Remove and return the next job."""
        return heappop(self._jobs)[4]


class OverdueLast:
    """Jobs that can still be in time by their key, then the rest, oldest first.

    Parameters
    ----------
    key : Key
        What those in time are ordered by: their statutory date.
    minutes_to_go : int
        Minutes that a case needs after this work; with fewer left it counts among the rest.
    """

    def __init__(self, key: Key, minutes_to_go: int) -> None:
        self._minutes_to_go = minutes_to_go
        self._in_time = ByKey(key)
        self._overdue = ByKey(OLDEST)

    def __len__(self) -> int:
        return len(self._in_time) + len(self._overdue)

    def push(self, job: Job) -> None:
        """Take a job in."""
        self._in_time.push(job)

    def _side(self, now: int) -> tuple[int, ByKey]:
        # The nearest due date is at the front, so what has run out since is moved from there.
        latest = now + self._minutes_to_go
        while len(self._in_time) and self._in_time.first(now, False)[0] <= latest:
            self._overdue.push(self._in_time.pop(now, False))
        return (0, self._in_time) if len(self._in_time) else (1, self._overdue)

    def first(self, now: int, newest: bool) -> Rank:
        """Return the rank of the next job."""
        late, queue = self._side(now)
        return (late, *queue.first(now, newest))

    def next(self, now: int, newest: bool) -> Job:
        """Return the next job, which stays."""
        return self._side(now)[1].next(now, newest)

    def pop(self, now: int, newest: bool) -> Job:
        """Remove and return the next job."""
        return self._side(now)[1].pop(now, newest)


class _TwoSides:
    """Jobs that stand in two queues at once: one that is taken from either is gone from both."""

    def __init__(self, one: Queue, other: Queue) -> None:
        self._sides = (one, other)
        self._gone: tuple[set[Job], set[Job]] = (set(), set())
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def push(self, job: Job) -> None:
        """Take a job in."""
        for side, gone in zip(self._sides, self._gone, strict=True):
            if job in gone:
                gone.discard(job)  # it comes back to the place that it still has
            else:
                side.push(job)
        self._size += 1

    def _side(self, number: int, now: int, newest: bool) -> Queue:
        """Return a side of which the next job is there: what the other has taken is dropped."""
        side, gone = self._sides[number], self._gone[number]
        while side.next(now, newest) in gone:
            gone.discard(side.pop(now, newest))
        return side

    def _take(self, number: int, now: int, newest: bool) -> Job:
        job = self._side(number, now, newest).pop(now, newest)
        self._gone[1 - number].add(job)
        self._size -= 1
        return job


class NewestToo(_TwoSides):
    """A share of the picks goes to the newest case, the rest by the key.

    Parameters
    ----------
    key : Key
        What the others are ordered by.
    """

    def __init__(self, key: Key) -> None:
        super().__init__(ByKey(key), ByKey(NEWEST))

    def first(self, now: int, newest: bool) -> Rank:
        """Return the rank of the next job."""
        return self._side(int(newest), now, newest).first(now, newest)

    def next(self, now: int, newest: bool) -> Job:
        """Return the next job, which stays."""
        return self._side(int(newest), now, newest).next(now, newest)

    def pop(self, now: int, newest: bool) -> Job:
        """Remove and return the next job."""
        return self._take(int(newest), now, newest)


class AlsoByDue(_TwoSides):
    """A queue out of which the job with the nearest statutory date can be taken as well.

    Parameters
    ----------
    queue : Queue
        An empty queue of any order.
    """

    def __init__(self, queue: Queue) -> None:
        super().__init__(queue, ByKey(NEAREST_DATE))

    def first(self, now: int, newest: bool) -> Rank:
        """Return the rank of the next job."""
        return self._side(0, now, newest).first(now, newest)

    def next(self, now: int, newest: bool) -> Job:
        """Return the next job, which stays."""
        return self._side(0, now, newest).next(now, newest)

    def pop(self, now: int, newest: bool) -> Job:
        """Remove and return the next job."""
        return self._take(0, now, newest)

    def first_due(self) -> Rank:
        """Return the rank by statutory date of the job with the nearest one."""
        return self._side(1, 0, False).first(0, False)

    def pop_due(self) -> Job:
        """Remove and return the job with the nearest statutory date."""
        return self._take(1, 0, False)


def new_queue(order: Order, minutes_to_go: int = 0) -> Queue:
    """Return an empty queue.

    Parameters
    ----------
    order : Order
        Order of work.
    minutes_to_go : int
        Minutes that a case needs after this work, where overdue jobs come last.
    """
    key = ORDERS[order]
    if key.overdue_last:
        return OverdueLast(key, minutes_to_go)
    return NewestToo(key) if key.newest_too else ByKey(key)
