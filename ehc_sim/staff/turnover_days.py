"""Who is in posts day by day, from the days on which people would leave: compiled."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@entry
def leave_and_start(
    established: Bools,
    leaves: Bools,
    to_fill: Ints,
    recruited: Bools,
    days_to_full_speed: Ints,
    starting_speed: Floats,
    filled: Bools,
    speed: Floats,
    working_up: Bools,
) -> Ints:
    """Work out who is in each post: people leave, posts stand empty, starters work up.

    The speed of a starter rises evenly, by the calendar day, until it is full.

    Parameters
    ----------
    established, leaves : ndarray of bool, shape (posts, days)
        Days on which each post exists, and days that would be the last of whoever is in it then.
    to_fill : ndarray of int64, shape (posts, days)
        Days for which the post is empty that becomes so after a day, or is new on it.
    recruited, days_to_full_speed, starting_speed : ndarray, shape (days,)
        As the attributes of ``Turnover``.
    filled, working_up : ndarray of bool, shape (posts, days)
        Changed in place; false at first. Days on which a person of the council is in post, and on
        which that person works up to full speed.
    speed : ndarray of float64, shape (posts, days)
        Changed in place; 1 at first.

    Returns
    -------
    ndarray of int64, shape (vacancies, 3)
        Post, first day on which it is empty, and first day on which it is not.
    """
    posts, days = established.shape
    new_posts = established[:, 1:] & ~established[:, :-1]
    vacancies = np.empty((leaves.sum() + new_posts.sum(), 3), np.int64)
    found = 0
    for post in range(posts):
        day, new = 0, False  # those of the first day are no starters
        added, gone = False, False
        while day < days:
            if not established[post, day]:
                day, new, added = day + 1, True, True
                continue
            empty = 0
            if added and recruited[day]:
                empty = to_fill[post, day]
            elif gone:
                empty = to_fill[post, day - 1]
            added, gone = False, False
            if empty > 0:
                vacancies[found, 0], vacancies[found, 1] = post, day
                filled_again = min(day + empty, days)
                while day < filled_again and established[post, day]:
                    day += 1
                vacancies[found, 2] = day
                found += 1
                continue
            slow = days_to_full_speed[day] if new else 0
            started = day
            while day < days and established[post, day] and not gone:
                filled[post, day] = True
                left = slow - (day - started)
                if left > 0:
                    speed[post, day] = 1 - left / slow * (1 - starting_speed[started])
                    working_up[post, day] = True
                # A post that is given up tomorrow is not left today.
                tomorrow = day + 1 < days and established[post, day + 1]
                gone = leaves[post, day] and tomorrow
                day += 1
            new = True
    return vacancies[:found]


@entry
def mentors_of(working_up: Bools, may_mentor: Bools, mentored: Ints) -> None:
    """Count the starters that each post mentors on each day: as ``starters_mentored``.

    Parameters
    ----------
    working_up, may_mentor : ndarray of bool, shape (posts, days)
        Whether there is a starter at work in the post, and a person who is none.
    mentored : ndarray of int64, shape (posts, days)
        Changed in place; 0 at first.
    """
    posts, days = working_up.shape
    for starter in range(posts):
        for day in range(days):
            if working_up[starter, day]:
                for step in range(1, posts):
                    mentor = (starter + step) % posts
                    if may_mentor[mentor, day]:
                        mentored[mentor, day] += 1
                        break
