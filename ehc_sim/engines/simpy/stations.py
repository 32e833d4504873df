"""Teams and panels in the SimPy model: free posts that take jobs, lists of cases."""

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from simpy.events import Event, Timeout

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.engines.simpy.phases import TwoPhases, Walk, Walker
from ehc_sim.engines.simpy.queues import Job, Queue, new_queue
from ehc_sim.engines.simpy.team_queues import TeamQueues, Values
from ehc_sim.network.log import AGENCY, NOBODY, NOT_YET, SHARED
from ehc_sim.network.network import (
    AWAY_MINUTES,
    AgencyPlan,
    DailyHours,
    PanelPlan,
    Sitting,
    TeamPlan,
)
from ehc_sim.network.orders import OVERDUE
from ehc_sim.network.pathway import Pathway
from ehc_sim.network.posts import NEVER


class DailyStation(TeamQueues):
    """A team whose hours of each day are poured down its queue at 09:00.

    Each job in turn, in the team's order, is given what it still needs: at most what one job can
    be given a day, and what is left of the day. One that is not done keeps its place. What joins
    after 09:00 waits for the next day. In the order ``mixed``, each job given minutes on a day is a
    pick.

    Parameters
    ----------
    env : TwoPhases
        Environment of the run.
    plan : TeamPlan
        Rules; the order is one for all patches.
    daily : DailyHours
        Minutes of each day.
    rows : list of int
        Rows of the log, to which each job begun is added.
    values : mapping of str to callable
        For each quantity, what gives a case's value at this minute.
    work : Pathway
        Says of each node what kind of work it is, and whether an agency may do it.
    """

    def __init__(
        self,
        env: TwoPhases,
        plan: TeamPlan,
        daily: DailyHours,
        rows: list[int],
        values: Values,
        work: Pathway,
    ) -> None:
        super().__init__(env, plan, values, work, ())
        self._rows = rows
        self._minutes: list[int] = daily.minutes.tolist()
        self._most_a_case: list[int] = daily.most_a_case.tolist()
        Walker(self._days())

    def join(self, job: Job) -> Job:
        """Put a job in its queue and return it."""
        self._put(job)
        return job

    def waiting(self) -> Iterator[Job]:
        """Take all jobs out of the queues, at the end of the run, and return those not begun."""
        for job in self._take_out():
            if job.left == job.minutes:
                yield job
            else:
                self._log(job, NOT_YET)

    def _days(self) -> Walk:
        """Pour the minutes of each day at 09:00, once everything else of that minute happened."""
        for day, minutes in enumerate(self._minutes):
            if minutes:
                morning = day * MINUTES_A_DAY + WORK_STARTS
                yield Timeout(self._env, morning - self._env.minute)
                self._env.after_all_else(self._number, self._pour)

    def _pour(self) -> None:
        """Give the jobs that wait the minutes of this day."""
        now = self._env.minute
        day = now // MINUTES_A_DAY
        left, most = self._minutes[day], self._most_a_case[day]
        not_done = []
        while left and (queue := self._next_queue(self._every)) is not None:
            job = self._next_job(queue)
            given = min(left, most, job.left)
            if job.left == job.minutes:
                job.begun = now
            job.left -= given
            left -= given
            if job.left:
                not_done.append(job)
            else:
                self._log(job, now + given)
                self._env.happen(job, now + given)
        for job in not_done:
            self._put(job)

    def _log(self, job: Job, ended: int) -> None:
        """Add the row of a job that was begun."""
        self._rows += (job.case, job.node, job.joined, job.begun, ended, SHARED, job.minutes)


class TeamStation(TeamQueues):
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
    work : Pathway
        Says of each node what kind of work it is, and whether an agency may do it.
    holder : sequence of int
        For each case, the number of the case that holds the plan that it is about.
    """

    def __init__(
        self,
        env: TwoPhases,
        plan: TeamPlan,
        rows: list[int],
        values: Values,
        work: Pathway,
        holder: Sequence[int],
    ) -> None:
        self._agency = plan.agency
        self._rows = rows
        self._posts = plan.posts
        self._idle = list(range(len(plan.posts)))
        self._called = False
        self._wake = NEVER
        self._bought = (-1, 0)  # allowance in use and cases bought from it
        super().__init__(env, plan, values, work, holder)
        if plan.agency is not None:
            for minute in plan.agency.opens + plan.agency.looks:
                env.call_at(minute, self._call)

    def join(self, job: Job) -> Job:
        """Put a job in its queue and return it."""
        self._put(job)
        if self._idle or self._agency is not None or self._to_give:
            self._call()
        return job

    def waiting(self) -> Iterator[Job]:
        """Take all jobs that wait out of the queues, at the end of the run."""
        return self._take_out()

    def _set_up(self) -> None:
        """Set up the queues by the rules that hold from now on."""
        super()._set_up()
        if self._waiting:
            self._call()

    def _give_up(self, post: int) -> None:
        """Have a post give up its cases; what waits for it is given out anew."""
        super()._give_up(post)
        if self._waiting:
            self._call()

    def _call(self) -> None:
        """Have posts take jobs once everything else of this minute has happened."""
        if not self._called:
            self._called = True
            self._env.after_all_else(self._number, self._dispatch)

    def _dispatch(self) -> None:
        """Let each free post, in the order of their numbers, take the next job that it serves."""
        self._called = False
        if self._to_give:
            self._give_out()
        now = self._env.minute
        wake = NEVER
        for number in tuple(self._idle):
            if not self._waiting:
                return
            post = self._posts[number]
            if not post.at_work(now):
                wake = min(wake, post.next_at_work(now))  # whether it serves a job is seen then
                continue
            queue = self._next_queue(self._serves[number])
            if queue is not None:
                self._take(number, self._next_of_post(number, queue, now), now)
        if self._agency is not None and self._waiting:
            self._pass_on(self._agency, now)
        if wake < NEVER and not now < self._wake <= wake:
            self._wake = wake
            self._env.call_at(wake, self._call)

    def _next_of_post(self, number: int, queue: Queue, now: int) -> Job:
        """Take what a post is reserved for, else the next job of a queue out of it.

        Of several kinds, it is the one that lacks most of its share of the post's hours. What is
        taken in the order of work, for no kind of its own, counts for none, whatever it is.
        """
        parts, hours = self._first_kinds[number], self._hours[number]
        whole, worked = sum(parts.values()), hours.total()
        for kind in sorted(parts, key=lambda kind: whole * hours[kind] - parts[kind] * worked):
            job = self._next_of_kind(number, kind, queue, now)
            if job is not None:
                break
        else:
            kind, job = "", self._next_job(queue)
        hours[kind] += job.minutes
        return job

    def _next_of_kind(self, number: int, kind: str, queue: Queue, now: int) -> Job | None:
        """Take the next job of a kind, if any waits; any kind is what is next in a queue."""
        if kind == OVERDUE:
            return self._next_overdue(self._serves[number], now)
        if kind in self._first[number]:
            own = self._next_queue(self._first[number][kind])
            return None if own is None else self._next_job(own)
        return self._next_job(queue)

    def _take(self, number: int, job: Job, now: int) -> None:
        """Have a post work on a job to its end, or until it hands the job over."""
        self._idle.remove(number)
        post = self._posts[number]
        ended, minutes = post.finish(now, job.minutes), job.minutes
        handed_over = post.handover(now, ended)
        if handed_over < ended:
            # Minutes that the post has worked since the run began, at either end.
            begun, done = post.worked_by(np.array([now, handed_over])).tolist()
            ended, minutes = handed_over, done - begun
            self._env.call_at(handed_over, partial(self._hand_over, number, job, minutes))
        elif ended < NEVER:
            job.post = number
            job.callbacks.append(self._free)
            self._env.happen(job, ended)
        self._rows += (job.case, job.node, job.joined, now, ended, number, minutes)

    def _free(self, job: Event) -> None:
        """Have the post that did a job take another; called when the job is done."""
        assert isinstance(job, Job)
        insort(self._idle, job.post)
        if self._waiting:
            self._call()

    def _hand_over(self, number: int, job: Job, done: int) -> None:
        """Put what is left of a job back in its queue, for whoever waits for the job."""
        insort(self._idle, number)
        rest = Job(self._env, job.case, job.node, job.received, job.due, job.minutes - done)
        rest.callbacks = job.callbacks
        self.join(rest)

    def _pass_on(self, agency: AgencyPlan, now: int) -> None:
        """Pass jobs on to the agency by its rule, in its allowance."""
        period = bisect_right(agency.opens, now) - 1
        if period < 0:
            return
        longer_than = agency.longer_than[period] if agency.longer_than else None
        older_than = agency.older_than[period] if agency.older_than else None
        by_rule = longer_than is not None or older_than is not None
        numbers = self._for_agency if by_rule else self._not_cared_for(now)
        bought = self._bought[1] if self._bought[0] == period else 0
        while bought < agency.allowance[period]:
            queue = self._next_queue(numbers)
            if queue is None:
                break
            long = longer_than is not None and self._waiting > longer_than
            joined = queue.next(now, self._newest).joined
            old = older_than is not None and now - joined > older_than
            if by_rule and not long and not old:
                break
            job = self._next_job(queue)
            bought += 1
            ended = now + self._values[agency.days](job.case) * MINUTES_A_DAY
            self._rows += (job.case, job.node, job.joined, now, ended, AGENCY, job.minutes)
            job.bought = True
            self._env.happen(job, ended)
        self._bought = (period, bought)

    def _not_cared_for(self, now: int) -> tuple[int, ...]:
        """Return the queues that no free post serves which is at work or will be before long."""
        cared_for = {
            queue
            for number in self._idle
            if self._posts[number].next_at_work(now) - now < AWAY_MINUTES
            for queue in self._serves[number]
        }
        return tuple(queue for queue in self._for_agency if queue not in cared_for)


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
        self._number = env.next_station()
        self._rows = rows
        self._queue: Queue = new_queue("received")
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
            self._env.after_all_else(self._number, partial(self._close, sitting))

    def _close(self, sitting: Sitting) -> None:
        for _ in range(min(sitting.cases, len(self._queue))):
            job = self._queue.pop(self._env.minute, False)
            closed = self._env.minute
            self._rows += (job.case, job.node, job.joined, closed, sitting.minute, NOBODY, 0)
            self._env.happen(job, sitting.minute)


Station = TeamStation | DailyStation
"""Where a team works."""


def station_of(
    env: TwoPhases,
    plan: TeamPlan,
    rows: list[int],
    values: Values,
    work: Pathway,
    holder: Sequence[int],
) -> Station:
    """Return the station of a team: one with posts, or one of which only daily hours are known.

    Parameters
    ----------
    env, plan, rows, values, work, holder
        As of ``TeamStation``.
    """
    if plan.daily is not None:
        return DailyStation(env, plan, plan.daily, rows, values, work)
    return TeamStation(env, plan, rows, values, work, holder)
