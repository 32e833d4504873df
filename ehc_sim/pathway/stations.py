"""Teams and panels in the SimPy model: queues, free posts, lists of cases."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import floor

from simpy.events import URGENT, Event, Timeout

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.pathway.log import AGENCY, NOBODY
from ehc_sim.pathway.network import PanelPlan, Sitting, TeamPlan
from ehc_sim.pathway.phases import TwoPhases, Walk, Walker
from ehc_sim.pathway.posts import NEVER
from ehc_sim.pathway.queues import ORDERS, Job, Queue, new_queue

Values = Mapping[str, Callable[[int], int]]
"""For each quantity, what gives a case's value at this minute."""

AWAY_MINUTES = 7 * MINUTES_A_DAY
"""A post without a job that will not be at work for so long leaves its cases to the agency."""


class TeamStation:
    """A team at work: takes jobs from its queues when posts are free.

    Parameters
    ----------
    env : TwoPhases
        Environment of the run.
    plan : TeamPlan
        Posts, patches, rules and agency.
    rows : list of int
        Rows of the log, to which each job taken is added.
    values : mapping of str to callable
        For each quantity, what gives a case's value at this minute.
    """

    def __init__(self, env: TwoPhases, plan: TeamPlan, rows: list[int], values: Values) -> None:
        self._env = env
        self._plan = plan
        self._agency = plan.agency
        self._rows = rows
        self._values = values
        self._posts = plan.posts
        self._patch: list[int] | None = None if plan.patch is None else plan.patch.tolist()
        self._idle = list(range(len(plan.posts)))
        self._waiting = 0
        self._picks = 0
        self._called = False
        self._wake = NEVER
        self._bought = (-1, 0)  # allowance in use and cases bought from it
        self._queues: list[Queue] = []
        self._take_up()
        for rules in plan.rules[1:]:
            env.call_at(rules.starts, self._take_up, URGENT)
        if plan.agency is not None:
            for minute in plan.agency.opens:
                env.call_at(minute, self._call)

    def join(self, job: Job) -> Job:
        """Put a job in the queue of its patch and return it."""
        patch = 0 if self._patch is None else self._patch[job.case]
        self._queues[patch].push(job)
        self._waiting += 1
        if self._idle or self._agency is not None:
            self._call()
        return job

    def waiting(self) -> Iterator[Job]:
        """Take all jobs that wait out of the queues."""
        for queue in self._queues:
            while len(queue):
                self._waiting -= 1
                yield queue.pop(self._env.minute, False)

    def _take_up(self) -> None:
        """Take up the rules that hold from now on."""
        starts = [rules.starts for rules in self._plan.rules]
        rules = self._plan.rules[bisect_right(starts, self._env.minute) - 1]
        jobs = list(self.waiting())
        every = tuple(range(len(self._plan.patches)))
        self._queues = [new_queue(rules.order, rules.minutes_to_go) for _ in every]
        self._serves = rules.serves or (every,) * len(self._posts)
        self._newest_share = rules.newest_share if rules.order == "mixed" else 0.0
        self._newest = self._to_newest()
        for job in jobs:
            self.join(job)

    def _call(self) -> None:
        """Have posts take jobs once everything else of this minute has happened."""
        if not self._called:
            self._called = True
            self._env.after_all_else.append(self._dispatch)

    def _dispatch(self) -> None:
        """Let each free post, in the order of their numbers, take the next job that it serves."""
        self._called = False
        now = self._env.minute
        wake = NEVER
        for number in tuple(self._idle):
            if not self._waiting:
                return
            queue = self._next_queue(self._serves[number])
            if queue is None:
                continue
            post = self._posts[number]
            if post.at_work(now):
                self._take(number, self._next_job(queue), now)
            else:
                wake = min(wake, post.next_at_work(now))
        if self._agency is not None:
            self._pass_on(now)
        if wake < NEVER and not now < self._wake <= wake:
            self._wake = wake
            self._env.call_at(wake, self._call)

    def _next_queue(self, patches: tuple[int, ...]) -> Queue | None:
        """Return the queue of the job to be taken next, of the patches given."""
        if len(self._queues) == 1:
            return self._queues[0] if patches and self._waiting else None
        queues = [self._queues[patch] for patch in patches if len(self._queues[patch])]
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

    def _to_newest(self) -> bool:
        """Return whether the next pick goes to the newest case, in the order ``mixed``."""
        share = self._newest_share
        return floor((self._picks + 1) * share) > floor(self._picks * share)

    def _take(self, number: int, job: Job, now: int) -> None:
        """Have a post work on a job to its end."""
        self._idle.remove(number)
        ended = self._posts[number].finish(now, job.minutes)
        self._rows += (job.case, job.node, job.joined, now, ended, number, job.minutes)
        if ended < NEVER:
            job.post = number
            job.callbacks.append(self._free)
            self._env.happen(job, ended)

    def _free(self, job: Event) -> None:
        """Have the post that did a job take another; called when the job is done."""
        assert isinstance(job, Job)
        insort(self._idle, job.post)
        if self._waiting:
            self._call()

    def _pass_on(self, now: int) -> None:
        """Pass jobs of which no free post could take care on to the agency, in its allowance."""
        assert self._agency is not None
        period = bisect_right(self._agency.opens, now) - 1
        if period < 0:
            return
        cared_for = {
            patch
            for number in self._idle
            if self._posts[number].next_at_work(now) - now < AWAY_MINUTES
            for patch in self._serves[number]
        }
        patches = tuple(patch for patch in range(len(self._queues)) if patch not in cared_for)
        bought = self._bought[1] if self._bought[0] == period else 0
        while bought < self._agency.allowance[period]:
            queue = self._next_queue(patches)
            if queue is None:
                break
            job = self._next_job(queue)
            bought += 1
            ended = now + self._values[self._agency.days](job.case) * MINUTES_A_DAY
            self._rows += (job.case, job.node, job.joined, now, ended, AGENCY, job.minutes)
            self._env.happen(job, ended)
        self._bought = (period, bought)


class PanelStation:
    """A panel: makes up its list before each sitting and decides the cases on it.

    Parameters
    ----------
    env : TwoPhases
        Environment of the run.
    plan : PanelPlan
        Sittings.
    rows : list of int
        Rows of the log, to which each case decided is added.
    """

    def __init__(self, env: TwoPhases, plan: PanelPlan, rows: list[int]) -> None:
        self._env = env
        self._rows = rows
        self._queue: Queue = ORDERS["received"]()
        Walker(self._lists(plan.sittings))

    def join(self, job: Job) -> Job:
        """Put a case in the queue for the next list and return it."""
        self._queue.push(job)
        return job

    def waiting(self) -> Iterator[Job]:
        """Take all cases that wait out of the queue."""
        while len(self._queue):
            yield self._queue.pop(self._env.minute, False)

    def _lists(self, sittings: tuple[Sitting, ...]) -> Walk:
        """Make up the list of each sitting when it closes."""
        for sitting in sittings:
            yield Timeout(self._env, sitting.closes - self._env.minute)
            self._env.after_all_else.append(partial(self._close, sitting))

    def _close(self, sitting: Sitting) -> None:
        for _ in range(min(sitting.cases, len(self._queue))):
            job = self._queue.pop(self._env.minute, False)
            closed = self._env.minute
            self._rows += (job.case, job.node, job.joined, closed, sitting.minute, NOBODY, 0)
            self._env.happen(job, sitting.minute)
