"""Who is in each post: people leave, posts stand empty, starters work up to full speed.

All of it is keyed by post and day. A person leaves on the first working day of which the post's own
number is below the day's chance; a vacancy is covered by temporary staff where its own number is
below the share. A higher rate or share therefore keeps what a lower one has, and adds to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.pathway.absence import by_post, daily_chance
from ehc_sim.streams import CASES_A_PAGE, Streams

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Turnover:
    """How people come and go, as it stands on each day of the timeline.

    Attributes
    ----------
    leavers_a_year : ndarray of float64, shape (days,)
        Rate at which a person in post leaves.
    days_empty : ndarray of int64, shape (days,)
        Calendar days that the post of a person whose last day this is stands empty.
    days_to_full_speed : ndarray of int64, shape (days,)
        Calendar days in which a person who starts on this day works up to full speed.
    starting_speed : ndarray of float64, shape (days,)
        Speed on the first day of a person who starts on this day.
    cover : ndarray of float64, shape (days,)
        Share of empty posts that temporary staff cover.
    """

    leavers_a_year: Floats
    days_empty: Ints
    days_to_full_speed: Ints
    starting_speed: Floats
    cover: Floats


@dataclass(frozen=True, eq=False)
class People:
    """Who is in the posts of a group on each day.

    Attributes
    ----------
    filled : ndarray of bool, shape (posts, days)
        A person of the council is in post, at work or not.
    covered : ndarray of bool, shape (posts, days)
        The post is empty and temporary staff do its work.
    speed : ndarray of float64, shape (posts, days)
        Speed of whoever is in post: 1 but for starters.
    working_up : ndarray of bool, shape (posts, days)
        The person in post works up to full speed.
    """

    filled: Bools
    covered: Bools
    speed: Floats
    working_up: Bools


def people_in_post(
    streams: Streams, name: str, timeline: Timeline, established: Bools, turnover: Turnover
) -> People:
    """Draw who is in each post.

    The people of the first day are at full speed. A post that is established later is filled on
    its first day, by a starter.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    name : str
        Name of the group of posts; with the post's number it keys the draw.
    timeline : Timeline
        Calendar of the run.
    established : ndarray of bool, shape (posts, days)
        Days on which each post exists.
    turnover : Turnover
        How people come and go.
    """
    posts = len(established)
    leaves = np.zeros_like(established)
    if turnover.leavers_a_year.any():
        working = np.flatnonzero(timeline.working)
        u_leaves = by_post(streams, f"leavers of {name}", posts, len(working))
        leaves[:, working] = u_leaves < daily_chance(turnover.leavers_a_year[working])
    people = People(
        established.copy(),
        np.zeros_like(established),
        np.ones(established.shape),
        np.zeros_like(established),
    )
    for post in range(posts):
        for first, end in stretches(established[post]):
            starts = first
            for empty, filled in _vacancies(np.flatnonzero(leaves[post]), first, end, turnover):
                if 0 < starts < empty:  # those of the first day are no starters
                    _work_up(people, post, starts, empty, turnover)
                if empty < filled:
                    key = np.array([post * CASES_A_PAGE + empty])
                    u_cover = streams.uniforms(f"cover of {name}", key)
                    people.filled[post, empty:filled] = False
                    people.covered[post, empty:filled] = u_cover < turnover.cover[empty:filled]
                starts = filled
    return people


def stretches(days: Bools) -> Iterator[tuple[int, int]]:
    """Give the first day of each run of days that are true, and the day after its last."""
    edges = np.flatnonzero(np.diff(days, prepend=False, append=False)).tolist()
    yield from zip(edges[::2], edges[1::2], strict=True)


def _vacancies(
    leaves: NDArray[np.intp], first: int, end: int, turnover: Turnover
) -> Iterator[tuple[int, int]]:
    """Give, for each person in turn, the first day without them and the day the next one starts.

    Both are ``end``, at which the post is given up, for the last one.
    """
    starts = first
    for day in leaves[(leaves >= first) & (leaves < end - 1)].tolist():
        if day >= starts:
            starts = min(day + 1 + int(turnover.days_empty[day]), end)
            yield day + 1, starts
    yield end, end


def _work_up(people: People, post: int, starts: int, leaves: int, turnover: Turnover) -> None:
    """Slow a starter down: the speed rises evenly, by the calendar day, until it is full."""
    days = int(turnover.days_to_full_speed[starts])
    if days > 0:
        slow = slice(starts, min(starts + days, leaves))
        rest = np.arange(days, 0, -1) / days * (1 - turnover.starting_speed[starts])
        people.speed[post, slow] = 1 - rest[: slow.stop - starts]
        people.working_up[post, slow] = True


def starters_mentored(people: People, at_work: Bools) -> Ints:
    """Return how many starters each post mentors on each day.

    A starter who is at work takes the time of the next post of the group, round to the first,
    whose person is in post and not a starter; of nobody where there is none.

    Parameters
    ----------
    people : People
        Who is in post.
    at_work : ndarray of bool, shape (posts, days)
        Days on which each post is at work.

    Returns
    -------
    ndarray of int64, shape (posts, days)
    """
    mentored = np.zeros(at_work.shape, dtype=np.int64)
    may_mentor = people.filled & ~people.working_up
    posts = len(mentored)
    for starter in range(posts):
        alone = people.working_up[starter] & at_work[starter]
        for step in range(1, posts):
            if not alone.any():
                break
            mentor = (starter + step) % posts
            mentored[mentor] += alone & may_mentor[mentor]
            alone &= ~may_mentor[mentor]
    return mentored
