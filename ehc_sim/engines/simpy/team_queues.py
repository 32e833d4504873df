"""The queues of a team, and the rules by which its next job is taken from them."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from math import floor

from simpy.events import URGENT

from ehc_sim.engines.simpy.phases import TwoPhases
from ehc_sim.engines.simpy.queues import AlsoByDue, Job, Queue, new_queue
from ehc_sim.network.network import Rules, TeamPlan
from ehc_sim.network.orders import AHEAD, OVERDUE
from ehc_sim.network.pathway import Pathway

Values = Mapping[str, Callable[[int], int]]
"""For each quantity, what gives a case's value at this minute."""


class TeamQueues:
    """What waits for a team: a queue for each patch, by the rules that hold at the time.

    Where posts are reserved for kinds of work, each of these kinds has a queue of its own in every
    patch, beside the one for all other work. Where classes of cases are taken ahead of others, each
    of these queues is one for each class. Where some work is never passed on to the team's agency,
    each of all these is two, the second for that work.

    Parameters
    ----------
    env : TwoPhases
        Environment of the run.
    plan : TeamPlan
        Patches and rules.
    values : mapping of str to callable
        For each quantity, what gives a case's value at this minute.
    work : Pathway
        Says of each node what kind of work it is, and whether an agency may do it.
    """

    def __init__(self, env: TwoPhases, plan: TeamPlan, values: Values, work: Pathway) -> None:
        self._env = env
        self._number = env.next_station()
        self._values = values
        self._plan = plan
        self._kinds = work.work
        self._own_posts = plan.own_posts(work)
        self._patch: list[int] | None = None if plan.patch is None else plan.patch.tolist()
        self._waiting = 0
        self._picks = 0
        self._queues: list[Queue] = []
        self._by_due: list[AlsoByDue] = []
        self._set_up()
        for minute in (*(rules.starts for rules in plan.rules[1:]), *plan.sorted_again):
            env.call_at(minute, self._set_up, URGENT)

    def _put(self, job: Job) -> None:
        """Put a job in the queue of its patch and kind."""
        number = 0 if self._patch is None else self._patch[job.case]
        number = number * self._columns + self._column[job.node]
        if self._rules.ahead:
            number += self._class(job)
        self._queues[number].push(job)
        self._waiting += 1

    def _class(self, job: Job) -> int:
        """Return the class of a job at this minute."""
        by_flags = self._rules.classes[self._values[AHEAD](job.case)]
        waited = self._rules.class_of_waited
        if waited is None or self._env.minute - job.received <= self._rules.waited:
            return by_flags
        return min(by_flags, waited)

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
        self._rules = rules = self._plan.rules[bisect_right(starts, self._env.minute) - 1]
        self._classes = len(rules.ahead) + 1
        reserved = rules.reserved or ("",) * len(self._plan.posts)
        own = sorted(set(reserved) & set(self._kinds) - {""})
        kinds = [own.index(kind) if kind in own else len(own) for kind in self._kinds]
        for_agency = (len(own) + 1) * self._classes
        self._column = [
            kind * self._classes + for_agency * kept
            for kind, kept in zip(kinds, self._own_posts, strict=True)
        ]
        halves = 1 + any(self._own_posts)
        self._columns = for_agency * halves
        jobs = list(self._take_out())
        self._new_queues(rules, OVERDUE in reserved, for_agency)
        every = tuple(range(len(self._plan.patches)))
        self._serves, self._first = [], []
        for patches, kind in zip(rules.serves or (every,) * len(reserved), reserved, strict=True):
            firsts = [patch * self._columns for patch in patches]
            columns = range(self._columns)
            self._serves.append(tuple(first + column for first in firsts for column in columns))
            first_own = own.index(kind) * self._classes if kind in own else 0
            mine = [
                half * for_agency + first_own + number
                for half in range(halves)
                for number in range(self._classes if kind in own else 0)
            ]
            self._first.append(tuple(first + column for first in firsts for column in mine))
        self._for_overdue = [kind == OVERDUE for kind in reserved]
        self._newest_share = rules.newest_share if rules.order == "mixed" else 0.0
        self._newest = self._to_newest()
        for job in jobs:
            self._put(job)

    def _new_queues(self, rules: Rules, by_due: bool, for_agency: int) -> None:
        count = len(self._plan.patches) * self._columns
        self._queues = [
            new_queue("received")
            if number % self._classes == rules.class_of_waited
            else new_queue(rules.order, rules.minutes_to_go)
            for number in range(count)
        ]
        self._by_due = [AlsoByDue(queue) for queue in self._queues] if by_due else []
        if by_due:
            self._queues = list(self._by_due)
        self._every = tuple(range(count))
        self._for_agency = tuple(n for n in self._every if n % self._columns < for_agency)

    def _next_queue(self, numbers: tuple[int, ...]) -> Queue | None:
        """Return the queue of the job to be taken next, of the queues given."""
        if len(self._queues) == 1:
            return self._queues[0] if numbers and self._waiting else None
        waits = [number for number in numbers if len(self._queues[number])]
        if len(waits) < 2:
            return self._queues[waits[0]] if waits else None
        queues, classes, now, newest = self._queues, self._classes, self._env.minute, self._newest
        return queues[min(waits, key=lambda n: (n % classes, *queues[n].first(now, newest)))]

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

        Where classes are ahead, it is that of the first of them that has one.
        It is no pick by the team's order: in the order ``mixed``, the share is of the others.
        """
        waits = [number for number in numbers if len(self._by_due[number])]
        ranks = {n: (n % self._classes, *self._by_due[n].first_due()) for n in waits}
        late = {number: rank for number, rank in ranks.items() if rank[1] <= now}
        if not late:
            return None
        self._waiting -= 1
        return self._by_due[min(late, key=late.__getitem__)].pop_due()

    def _to_newest(self) -> bool:
        """Return whether the next pick goes to the newest case, in the order ``mixed``."""
        share = self._newest_share
        return floor((self._picks + 1) * share) > floor(self._picks * share)
