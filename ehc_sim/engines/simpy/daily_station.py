"""Teams of which only the hours a day are known, in the SimPy model."""

from __future__ import annotations

from collections.abc import Iterator

from simpy.events import Timeout

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.engines.simpy.phases import TwoPhases, Walk, Walker
from ehc_sim.engines.simpy.queues import Job
from ehc_sim.engines.simpy.team_queues import TeamQueues
from ehc_sim.network.log import NOT_YET, SHARED
from ehc_sim.network.network import DailyHours, TeamPlan


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
    kinds : tuple of str
        Kind of work of each node; empty for those that are no work.
    """

    def __init__(
        self,
        env: TwoPhases,
        plan: TeamPlan,
        daily: DailyHours,
        rows: list[int],
        kinds: tuple[str, ...],
    ) -> None:
        super().__init__(env, plan, kinds)
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
                self._env.after_all_else.append(self._pour)

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
