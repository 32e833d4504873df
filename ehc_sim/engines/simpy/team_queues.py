"""The queues of a team, and the rules by which its next job is taken from them."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from math import floor

from simpy.events import URGENT

from ehc_sim.engines.simpy.officers import Officers
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
    each of all these is two, the second for that work. Where each case has an officer of its own,
    each post has all these queues in place of each patch, and so have the cases of nobody.

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
    holder : sequence of int
        For each case, the number of the case that holds the plan that it is about.
    """

    def __init__(
        self,
        env: TwoPhases,
        plan: TeamPlan,
        values: Values,
        work: Pathway,
        holder: Sequence[int],
    ) -> None:
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
        self.officers = Officers(plan.posts, holder) if plan.named_officers else None
        self._sizes: tuple[tuple[int, ...], ...] = ()
        self._to_give: list[Job] = []
        self._set_up()
        for minute in (*(rules.starts for rules in plan.rules[1:]), *plan.sorted_again):
            env.call_at(minute, self._set_up, URGENT)
        if self.officers is not None:
            for number, post in enumerate(plan.posts):
                for minute in post.gives_up:
                    env.call_at(minute, partial(self._give_up, number), URGENT)

    def _put(self, job: Job) -> None:
        """Put a job in its queue, or among those to be given to an officer in this minute."""
        self._waiting += 1
        if self._sizes:
            self._to_give.append(job)
        else:
            self._put_in_row(0 if self._patch is None else self._patch[job.case], job)

    def _put_in_row(self, row: int, job: Job) -> None:
        """Put a job in the queue of its kind and class, of those of a patch or an officer."""
        number = row * self._columns + self._column[job.node]
        if self._rules.ahead:
            number += self._class(job)
        self._queues[number].push(job)

    def _give_out(self) -> None:
        """Put what came in this minute in the queues of its officers, the oldest clock first.

        It is done once everything else of the minute has happened, and in an order of its own, so
        that who is given what never depends on the order of events.
        """
        assert self.officers is not None
        jobs, self._to_give = sorted(self._to_give, key=_oldest_first), []
        for job in jobs:
            sizes = self._sizes[0 if self._patch is None else self._patch[job.case]]
            self._put_in_row(self.officers.post_of(job.case, sizes, self._env.minute), job)

    def _class(self, job: Job) -> int:
        """Return the class of a job at this minute."""
        by_flags = self._rules.classes[self._values[AHEAD](job.case)]
        waited = self._rules.class_of_waited
        if waited is None or self._env.minute - job.received <= self._rules.waited:
            return by_flags
        return min(by_flags, waited)

    def _take_out(self) -> Iterator[Job]:
        """Take all jobs out of the queues, which then are no more."""
        yield from self._emptied(self._queues)
        self._queues, self._by_due = [], []  # one of two sides holds what the other has given out
        jobs, self._to_give = self._to_give, []
        self._waiting -= len(jobs)
        yield from jobs

    def _emptied(self, queues: Iterable[Queue]) -> Iterator[Job]:
        for queue in queues:
            while len(queue):
                self._waiting -= 1
                yield queue.pop(self._env.minute, False)

    def _give_up(self, post: int) -> None:
        """Have a post give up its cases; what waits for it is given out anew."""
        assert self.officers is not None
        self.officers.give_up(post)
        if self._sizes:
            first = post * self._columns
            for job in self._emptied(self._queues[first : first + self._columns]):
                self._put(job)

    def _set_up(self) -> None:
        """Set up the queues by the rules that hold from now on."""
        starts = [rules.starts for rules in self._plan.rules]
        rules = self._plan.rules[bisect_right(starts, self._env.minute) - 1]
        if rules.starts == self._env.minute:
            self._hours: list[Counter[str]] = [Counter() for _ in self._plan.posts]
        self._rules = rules
        self._classes = len(rules.ahead) + 1
        reserved = rules.reserved or ()
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
        self._sizes = () if rules.officers is None else self._plan.sizes(rules)
        self._first_kinds = self._plan.first_kinds(rules)
        self._serves, self._first = [], []
        for served in self._plan.rows_served(rules):
            firsts = [row * self._columns for row in served]
            columns = range(self._columns)
            self._serves.append(tuple(first + column for first in firsts for column in columns))
            of_kind = {
                kind: tuple(
                    first + half * for_agency + place * self._classes + number
                    for first in firsts
                    for half in range(halves)
                    for number in range(self._classes)
                )
                for place, kind in enumerate(own)
            }
            self._first.append(of_kind)
        self._newest_share = rules.newest_share if rules.order == "mixed" else 0.0
        self._newest = self._to_newest()
        for job in jobs:
            self._put(job)

    def _new_queues(self, rules: Rules, by_due: bool, for_agency: int) -> None:
        count = self._plan.rows_of_queues(rules) * self._columns
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


def _oldest_first(job: Job) -> tuple[int, ...]:
    return job.received, job.joined, job.case, job.node, job.left
