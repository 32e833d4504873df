"""The queues of a team, and the rules by which its next job is taken from them."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from math import floor

from simpy.events import URGENT

from ehc_sim.engines.simpy.phases import TwoPhases
from ehc_sim.engines.simpy.queues import AlsoByDue, Job, Queue, new_queue
from ehc_sim.network.network import Rules, TeamPlan
from ehc_sim.network.orders import OVERDUE

Values = Mapping[str, Callable[[int], int]]
"""For each quantity, what gives a case's value at this minute."""


class TeamQueues:
    """What waits for a team: a queue for each patch, by the rules that hold at the time.

    Where posts are reserved for kinds of work, each of these kinds has a queue of its own in every
    patch, beside the one for all other work.

    Parameters
    ----------
    env : TwoPhases
        Environment of the run.
    plan : TeamPlan
        Patches and rules.
    kinds : tuple of str
        Kind of work of each node; empty for those that are no work.
    """

    def __init__(self, env: TwoPhases, plan: TeamPlan, kinds: tuple[str, ...]) -> None:
        self._env = env
        self._plan = plan
        self._kinds = kinds
        self._patch: list[int] | None = None if plan.patch is None else plan.patch.tolist()
        self._waiting = 0
        self._picks = 0
        self._queues: list[Queue] = []
        self._by_due: list[AlsoByDue] = []
        self._set_up()
        for rules in plan.rules[1:]:
            env.call_at(rules.starts, self._set_up, URGENT)

    def _put(self, job: Job) -> None:
        """Put a job in the queue of its patch and kind."""
        number = 0 if self._patch is None else self._patch[job.case]
        if self._column is not None:
            number = number * self._columns + self._column[job.node]
        self._queues[number].push(job)
        self._waiting += 1

    def _take_out(self) -> Iterator[Job]:
        """Take all jobs out of the queues, which then are no more."""
        for queue in self._queues:
            while len(queue):
                self._waiting -= 1
                yield queue.pop(self._env.minute, False)
        self._queues, self._by_due = [], []  # one of two sides holds what the other has given out

    def _set_up(self) -> None:
        """Set up the queues by the rules that hold from now on."""
        starts = [rules.starts for rules in self._plan.rules]
        rules = self._plan.rules[bisect_right(starts, self._env.minute) - 1]
        reserved = rules.reserved or ("",) * len(self._plan.posts)
        own = sorted(set(reserved) & set(self._kinds) - {""})
        kinds = [own.index(kind) if kind in own else len(own) for kind in self._kinds]
        self._column = kinds if own else None
        self._columns = len(own) + 1
        jobs = list(self._take_out())
        self._new_queues(rules, OVERDUE in reserved)
        every = tuple(range(len(self._plan.patches)))
        self._serves, self._first = [], []
        for patches, kind in zip(rules.serves or (every,) * len(reserved), reserved, strict=True):
            firsts = [patch * self._columns for patch in patches]
            columns = range(self._columns)
            self._serves.append(tuple(first + column for first in firsts for column in columns))
            mine = own.index(kind) if kind in own else None
            self._first.append(() if mine is None else tuple(first + mine for first in firsts))
        self._for_overdue = [kind == OVERDUE for kind in reserved]
        self._newest_share = rules.newest_share if rules.order == "mixed" else 0.0
        self._newest = self._to_newest()
        for job in jobs:
            self._put(job)

    def _new_queues(self, rules: Rules, by_due: bool) -> None:
        count = len(self._plan.patches) * self._columns
        self._queues = [new_queue(rules.order, rules.minutes_to_go) for _ in range(count)]
        self._by_due = [AlsoByDue(queue) for queue in self._queues] if by_due else []
        if by_due:
            self._queues = list(self._by_due)
        self._every = tuple(range(count))

    def _next_queue(self, numbers: tuple[int, ...]) -> Queue | None:
        """Return the queue of the job to be taken next, of the queues given."""
        if len(self._queues) == 1:
            return self._queues[0] if numbers and self._waiting else None
        queues = [self._queues[number] for number in numbers if len(self._queues[number])]
        if len(queues) < 2:
            return queues[0] if queues else None
        now, newest = self._env.minute, self._newest
        return min(queues, key=lambda queue: queue.first(now, newest))

    def _next_job(self, queue: Queue) -> Job:
        """Take the next job out of a queue."""
        job = queue.pop(self._env.minute, self._newest)
        self._waiting -= 1
        self._picks += 1
        if self._newest_share:
            self._newest = self._to_newest()
        return job

    def _next_overdue(self, numbers: tuple[int, ...], now: int) -> Job | None:
        """Take the job whose statutory date passed first, if any has, out of the queues given.

        It is no pick by the team's order: in the order ``mixed``, the share is of the others.
        """
        queues = [self._by_due[number] for number in numbers if len(self._by_due[number])]
        queue = min(queues, key=AlsoByDue.first_due, default=None)
        if queue is None or queue.first_due()[0] > now:
            return None
        self._waiting -= 1
        return queue.pop_due()

    def _to_newest(self) -> bool:
        """Return whether the next pick goes to the newest case, in the order ``mixed``."""
        share = self._newest_share
        return floor((self._picks + 1) * share) > floor(self._picks * share)
