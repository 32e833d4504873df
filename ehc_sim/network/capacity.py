"""What the posts and the daily hours of teams work, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ehc_sim.network.posts import PostCalendar

if TYPE_CHECKING:
    from ehc_sim.network.network import TeamPlan


@dataclass(frozen=True, eq=False)
class Calendars:
    """What the posts and the daily hours of all teams work, day by day.

    Attributes
    ----------
    first_post : ndarray of int64, shape (teams,)
        Number of each team's first post among those of all teams.
    opens : ndarray of int64, shape (posts,)
        Minute of the day at which each post starts.
    before : ndarray of int64, shape (posts, days + 1)
        Minutes of work that each post has done before each day, if busy since minute 0.
    beyond : ndarray of int64, shape (posts, days + 1)
        Minutes before each day that each post can do and does not offer: a leaver's, who takes no
        job any more and finishes the one in hand.
    capacity : ndarray of int64, shape (teams, days)
        Minutes of work that each team offers on each day.
    """

    first_post: NDArray[np.int64]
    opens: NDArray[np.int64]
    before: NDArray[np.int64]
    beyond: NDArray[np.int64]
    capacity: NDArray[np.int64]

    @classmethod
    def of(cls, teams: Iterable[TeamPlan], days: int) -> Calendars:
        """Return the calendars of teams."""
        posts: list[PostCalendar] = []
        firsts, capacity = [], []
        for team in teams:
            own = [post.calendar(days) for post in team.posts]
            offered = np.zeros(days, dtype=np.int64)
            for post in own:
                offered += post.offered
            if team.daily is not None:
                offered += team.daily.minutes
            firsts.append(len(posts))
            capacity.append(offered)
            posts += own
        before = np.empty((len(posts), days + 1), dtype=np.int64)
        beyond = np.zeros((len(posts), days + 1), dtype=np.int64)
        for number, post in enumerate(posts):
            before[number] = post.before
            beyond[number, 1:] = np.cumsum(np.diff(post.before) - post.offered)
        return cls(
            np.array(firsts, dtype=np.int64),
            np.array([post.opens for post in posts], dtype=np.int64),
            before,
            beyond,
            np.stack(capacity) if capacity else np.zeros((0, days), dtype=np.int64),
        )
