"""Who is in each post: people leave, posts stand empty, starters work up to full speed.

All of it is keyed by post and day. A person leaves on the first working day of which the post's own
number is below the day's chance; recruiting fails as often as its own number is below a power of
the chance of failing; a vacancy is covered by temporary staff where its own number is below the
share. A higher rate, chance or share therefore keeps what a lower one has, and adds to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.rng.streams import CASES_A_PAGE, Streams
from ehc_sim.staff.absence import by_post, daily_chance
from ehc_sim.staff.turnover_days import leave_and_start, mentors_of

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
    days_to_recruit : ndarray of int64, shape (days,)
        Calendar days in which somebody is found, or nobody, for a post that becomes empty.
    recruitment_fails : ndarray of float64, shape (days,)
        Chance that nobody is found in that time, and it begins again.
    recruited : ndarray of bool, shape (days,)
        Whether a post that is new on a day is recruited; else somebody is in post on that day.
    days_to_full_speed : ndarray of int64, shape (days,)
        Calendar days in which a person who starts on this day works up to full speed.
    starting_speed : ndarray of float64, shape (days,)
        Speed on the first day of a person who starts on this day.
    cover : ndarray of float64, shape (days,)
        Share of empty posts that temporary staff cover.
    """

    leavers_a_year: Floats
    days_to_recruit: Ints
    recruitment_fails: Floats
    recruited: Bools
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


def days_to_fill(streams: Streams, name: str, posts: int, turnover: Turnover) -> Ints:
    """Draw how long each post that becomes empty, or is new, is recruited for.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    name : str
        Name of the group of posts; with the post's number it keys the draw.
    posts : int
        Number of posts.
    turnover : Turnover
        How people come and go.

    Returns
    -------
    ndarray of int64, shape (posts, days)
        Calendar days for which the post is empty that becomes so after this day, or is new on it.
    """
    days, fails = turnover.days_to_recruit, turnover.recruitment_fails
    if not (days * fails).any():
        return np.repeat(days[np.newaxis], posts, axis=0)
    u_fails = by_post(streams, f"recruitment of {name}", posts, len(days))
    # It fails k times or more with the chance to the power of k.
    failures = np.zeros(u_fails.shape)
    may = fails > 0
    failures[:, may] = np.floor(np.log(u_fails[:, may]) / np.log(fails[may]))
    return np.asarray(days * (1 + failures.astype(np.int64)))


def people_in_post(
    streams: Streams,
    name: str,
    timeline: Timeline,
    established: Bools,
    turnover: Turnover,
    to_fill: Ints,
) -> People:
    """Draw who is in each post.

    The people of the first day are at full speed. A post that is established later is filled by a
    starter, once one is recruited.

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
    to_fill : ndarray of int64, shape (posts, days)
        From ``days_to_fill``.
    """
    leaves = np.zeros_like(established)
    if turnover.leavers_a_year.any():
        working = np.flatnonzero(timeline.working)
        u_leaves = by_post(streams, f"leavers of {name}", len(established), len(working))
        leaves[:, working] = u_leaves < daily_chance(turnover.leavers_a_year[working])
    people = People(
        np.zeros_like(established),
        np.zeros_like(established),
        np.ones(established.shape),
        np.zeros_like(established),
    )
    vacancies = leave_and_start(
        established,
        leaves,
        to_fill,
        turnover.recruited,
        turnover.days_to_full_speed,
        turnover.starting_speed,
        people.filled,
        people.speed,
        people.working_up,
    )
    if turnover.cover.any():
        numbers = vacancies[:, 0] * CASES_A_PAGE + vacancies[:, 1]
        u_cover = streams.uniforms(f"cover of {name}", numbers)
        for (post, empty, filled), u in zip(vacancies.tolist(), u_cover.tolist(), strict=True):
            people.covered[post, empty:filled] = u < turnover.cover[empty:filled]
    return people


def wait_for_more_of_a_post(part: Floats, to_fill: Ints, recruited: Bools) -> None:
    """Let what is added to a part of a post wait until somebody is found for it.

    Whoever is in the part stays in it meanwhile. A part that is given up is given up at once.

    Parameters
    ----------
    part : ndarray of float64, shape (posts, days)
        How much of a full-time post each is; changed in place.
    to_fill : ndarray of int64, shape (posts, days)
        From ``days_to_fill``.
    recruited : ndarray of bool, shape (days,)
        As the attribute of ``Turnover``.
    """
    more = (part[:, 1:] > part[:, :-1]) & (part[:, :-1] > 0) & recruited[1:]
    for post, before in zip(*(places.tolist() for places in np.nonzero(more)), strict=True):
        day = before + 1
        waits = slice(day, day + to_fill[post, day])
        part[post, waits] = np.minimum(part[post, waits], part[post, before])


def stretches(days: Bools) -> Iterator[tuple[int, int]]:
    """Give the first day of each run of days that are true, and the day after its last."""
    edges = np.flatnonzero(np.diff(days, prepend=False, append=False)).tolist()
    yield from zip(edges[::2], edges[1::2], strict=True)


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
    mentors_of(people.working_up & at_work, may_mentor, mentored)
    return mentored
