"""Posts: one person's job each, with hours of work on a calendar."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS

NEVER = 2**62
"""A minute that no run reaches."""


class PostCalendar(NamedTuple):
    """What a post works, day by day.

    Attributes
    ----------
    opens : int
        Minute of the day at which it starts.
    before : ndarray of int64, shape (days + 1,)
        Minutes of work that a post busy since minute 0 has done before each day and before the end.
    offered : ndarray of int64, shape (days,)
        Minutes of work that it offers on each day.
    """

    opens: int
    before: NDArray[np.int64]
    offered: NDArray[np.int64]


class Post(Protocol):
    """What a team needs to know of a post."""

    def at_work(self, minute: int) -> bool:
        """Return whether the post may take a job at this minute."""

    def next_at_work(self, minute: int) -> int:
        """Return the first minute from this one on at which it may take a job."""

    def finish(self, start: int, minutes: int) -> int:
        """Return the minute at which so much work is done when it is begun at ``start``."""

    def handover(self, start: int, ended: int) -> int:
        """Return the first minute at which the post hands back the work that it has in hand.

        Parameters
        ----------
        start : int
            Minute at which the work is begun.
        ended : int
            Minute at which it would be done.

        Returns
        -------
        int
            After ``start`` and before ``ended``; ``NEVER`` where the post keeps the work.
        """

    @property
    def gives_up(self) -> tuple[int, ...]:
        """Minutes at which whoever is in the post gives up all cases, where these are its own."""

    def worked_by(self, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the minutes of work that a post busy since minute 0 has done by each minute."""

    def calendar(self, days: int) -> PostCalendar:
        """Return the post's work on the first so many days."""


class AlwaysThere:
    """A post that works day and night, as the servers of queueing theory do.

    Examples
    --------
    >>> AlwaysThere().finish(100, minutes=60)
    160
    """

    def at_work(self, minute: int) -> bool:
        """Return whether the post may take a job at this minute: always."""
        return True

    def next_at_work(self, minute: int) -> int:
        """Return the minute itself."""
        return minute

    def finish(self, start: int, minutes: int) -> int:
        """Return the start plus the work."""
        return start + minutes

    def handover(self, start: int, ended: int) -> int:
        """Return ``NEVER``: the post keeps its work."""
        return NEVER

    @property
    def gives_up(self) -> tuple[int, ...]:
        """No minute: the post keeps its cases."""
        return ()

    def worked_by(self, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the minutes themselves."""
        return minutes

    def calendar(self, days: int) -> PostCalendar:
        """Return the whole of every day."""
        whole = np.full(days, MINUTES_A_DAY, dtype=np.int64)
        return PostCalendar(0, np.arange(days + 1, dtype=np.int64) * MINUTES_A_DAY, whole)


@dataclass(frozen=True, eq=False)
class Rota:
    """A post that works from 09:00 for a number of minutes a day, which differs between days.

    Work in hand goes on after the last day on which the post takes jobs: a leaver finishes the
    case in hand, unless the post hands its work over.

    Attributes
    ----------
    minutes : ndarray of int64, shape (days,)
        Minutes of work on each day.
    takes : ndarray of bool, shape (days,)
        Days on which the post takes new jobs.
    handovers : tuple of int
        Minutes at which the post hands back the work that it has in hand, rising.

    Examples
    --------
    Six hours on the first day, from minute 540 (09:00), none on the second, six on the third:

    >>> post = Rota(np.array([360, 0, 360]), np.array([True, False, True]))
    >>> post.finish(540, minutes=420) == 2 * 24 * 60 + 540 + 60
    True
    """

    minutes: NDArray[np.int64]
    takes: NDArray[np.bool_]
    handovers: tuple[int, ...] = ()

    @cached_property
    def before(self) -> NDArray[np.int64]:
        """Minutes of work before each day and before the end, shape (days + 1,)."""
        return np.concatenate([[0], self.minutes.cumsum()])

    @cached_property
    def next_day(self) -> NDArray[np.int64]:
        """First day from each on, and from the end, on which it takes jobs; -1 where none is."""
        there = np.flatnonzero(self.takes & (self.minutes > 0))
        following = np.searchsorted(there, np.arange(len(self.minutes) + 1))
        return np.append(there, -1)[following]

    @cached_property
    def gives_up(self) -> tuple[int, ...]:
        """Minutes at which the post hands its work back, or becomes empty, rising."""
        empty = np.flatnonzero(self.takes[:-1] & ~self.takes[1:]) + 1
        return tuple(sorted({*self.handovers, *(empty * MINUTES_A_DAY).tolist()}))

    # Plain lists: the SimPy model looks up one number at a time, at which they beat arrays.
    @cached_property
    def _minutes(self) -> list[int]:
        numbers: list[int] = self.minutes.tolist()
        return numbers

    @cached_property
    def _before(self) -> list[int]:
        numbers: list[int] = self.before.tolist()
        return numbers

    @cached_property
    def _next_day(self) -> list[int]:
        numbers: list[int] = self.next_day.tolist()
        return numbers

    def at_work(self, minute: int) -> bool:
        """Return whether the post may take a job at this minute."""
        day, of_day = divmod(minute, MINUTES_A_DAY)
        return self._next_day[day] == day and 0 <= of_day - WORK_STARTS < self._minutes[day]

    def next_at_work(self, minute: int) -> int:
        """Return the first minute from this one on at which it may take a job."""
        day, of_day = divmod(minute, MINUTES_A_DAY)
        if self._next_day[day] == day and of_day - WORK_STARTS < self._minutes[day]:
            return max(minute, day * MINUTES_A_DAY + WORK_STARTS)
        following = self._next_day[day + 1]
        return NEVER if following < 0 else following * MINUTES_A_DAY + WORK_STARTS

    def finish(self, start: int, minutes: int) -> int:
        """Return the minute at which so much work is done when it is begun at ``start``."""
        day, of_day = divmod(start, MINUTES_A_DAY)
        done = min(max(of_day - WORK_STARTS, 0), self._minutes[day])
        target = self._before[day] + done + minutes
        last = bisect_left(self._before, target, day) - 1
        if last >= len(self._minutes):
            return NEVER
        return last * MINUTES_A_DAY + WORK_STARTS + target - self._before[last]

    def handover(self, start: int, ended: int) -> int:
        """Return the first minute between the two at which the work is handed back, or NEVER."""
        if not self.handovers:
            return NEVER
        following = bisect_right(self.handovers, start)
        if following == len(self.handovers) or self.handovers[following] >= ended:
            return NEVER
        return self.handovers[following]

    def worked_by(self, minutes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the minutes of work that a post busy since minute 0 has done by each minute."""
        day = np.minimum(minutes // MINUTES_A_DAY, len(self.minutes))
        today = np.append(self.minutes, 0)[day]
        done = np.clip(minutes % MINUTES_A_DAY - WORK_STARTS, 0, today)
        return np.asarray(self.before[day] + done, dtype=np.int64)

    def calendar(self, days: int) -> PostCalendar:
        """Return the post's work on the first so many days."""
        offered = np.where(self.takes, self.minutes, 0)
        return PostCalendar(WORK_STARTS, self.before[: days + 1], offered[:days])
