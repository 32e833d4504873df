"""Days of leave and minutes of work of posts, day by day: compiled, as there are many days."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@entry
def take_leave(
    away: Bools, keys: Floats, weeks: Ints, count: int, days: Ints, firsts: Ints
) -> None:
    """Mark days of leave: a post's weeks in the order of their keys, each from its first day.

    Parameters
    ----------
    away : ndarray of bool, shape (posts, days of the timeline)
        Days of leave; some are added.
    keys : ndarray of float64, shape (posts, weeks of the timeline)
        Numbers from 0 to 1 that put each post's weeks in order.
    weeks : ndarray of int64, shape (weeks,)
        Numbers of the weeks in which leave may be taken.
    count : int
        Days that each post takes, as far as there are any.
    days : ndarray of int64, shape (days,)
        Days on which leave may be taken, rising.
    firsts : ndarray of int64, shape (weeks + 1,)
        Place in ``days`` of the first day of each week, and their number.
    """
    taken = 2.0
    mine = np.empty(len(weeks))
    for post in range(len(away)):
        for place in range(len(weeks)):
            mine[place] = keys[post, weeks[place]]
        left = min(count, len(days))
        while left > 0:
            week = mine.argmin()
            mine[week] = taken
            for place in range(firsts[week], min(firsts[week + 1], firsts[week] + left)):
                away[post, days[place]] = True
            left -= firsts[week + 1] - firsts[week]


@entry
def take_spells(away: Bools, post: Ints, first: Ints, after: Ints, days: Ints) -> None:
    """Mark the days of spells of sickness.

    Parameters
    ----------
    away : ndarray of bool, shape (posts, days of the timeline)
        Days of sickness; some are added.
    post : ndarray of int64, shape (spells,)
        Post of each spell.
    first, after : ndarray of int64, shape (spells,)
        Place in ``days`` of its first day, and of the first after its last, which may lie beyond.
    days : ndarray of int64, shape (days,)
        Days that count, rising.
    """
    for spell in range(len(post)):
        for place in range(first[spell], min(after[spell], len(days))):
            away[post[spell], days[place]] = True


@entry
def minutes_of_work(
    part: Floats,
    takes: Bools,
    filled: Bools,
    speed: Floats,
    mentored: Ints,
    at_work: Bools,
    contracted: Floats,
    overtime: Floats,
    mentoring: Floats,
    reassigns: Bools,
) -> Ints:
    """Return the minutes of work of each post and day, shape (posts, days).

    Parameters
    ----------
    part : ndarray of float64, shape (posts, days)
        How much of a full-time post each is.
    takes, filled, at_work : ndarray of bool, shape (posts, days)
        Whether somebody is in post, whether it is a person of the council, and whether the post is
        at work.
    speed : ndarray of float64, shape (posts, days)
        Speed of who is in post. When a post is empty, work in hand goes on at that of the last day
        on which it was not.
    mentored : ndarray of int64, shape (posts, days)
        Starters that each post mentors.
    contracted, overtime, mentoring : ndarray of float64, shape (days,)
        Minutes of a full-time post, of overtime, and of mentoring one starter.
    reassigns : ndarray of bool, shape (days,)
        Whether the work of a post that becomes empty on a day is handed on.
    """
    posts, days = takes.shape
    minutes = np.zeros((posts, days), np.int64)
    for post in range(posts):
        pace, handed_over = 0.0, reassigns[0]
        for day in range(days):
            if takes[post, day]:
                pace = part[post, day] * speed[post, day]
                handed_over = day + 1 < days and reassigns[day + 1]
            if not at_work[post, day] or (handed_over and not takes[post, day]):
                continue
            whole = contracted[day] + overtime[day] * filled[post, day]
            left = pace * whole - mentoring[day] * mentored[post, day]
            minutes[post, day] = np.int64(np.rint(max(left, 0.0)))
    return minutes
