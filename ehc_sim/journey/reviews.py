"""The annual reviews of one replication: which may take place.

The reviews of a plan run in stretches between its phase transfers, since a transfer is the review
of its school year and the next one is due 12 months after it. The reviews of a stretch follow each
other; those that would be held in the school year of the transfer that ends it are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.journey.requests import DAYS_A_YEAR, Attributes
from ehc_sim.journey.sampling import Ints
from ehc_sim.journey.transfers import MOST_PHASES, Transfers
from ehc_sim.network.case_keys import Group
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.plans import Reviews
from ehc_sim.scenario.schema import Settings

MOST_REVIEWS = 64
"""Most reviews that one plan can have in a run."""


def days_to_review(reviews: Reviews, every: Number) -> int:
    """Return the days from a review to arranging the next, where ``every`` is when it is due."""
    return max(round(float(every) - float(reviews.arranged_days_before)), 1)


def days_to_early_review(reviews: Reviews, every: Number) -> tuple[int, int]:
    """Return the fewest and the most days from a review to arranging one that is brought forward.

    It is arranged as long before its own day as any other, on the day after the last at the
    soonest.
    """
    ahead, soonest = float(reviews.arranged_days_before), float(reviews.brought_forward_after)
    last = max(days_to_review(reviews, every) - 1, 1)
    return min(max(ceil(float(every) * soonest - ahead), 1), last), last


@dataclass(frozen=True, eq=False)
class Slots:
    """Reviews that plans may have in a run, in the order of their numbers.

    Attributes
    ----------
    groups : tuple of Group
        How their random numbers are keyed.
    holder : ndarray of int64, shape (reviews,)
        Number of the plan that each belongs to.
    next : ndarray of int64, shape (reviews,)
        Place of the next review of the same stretch; its own where there is no other.
    transfer_year : ndarray of int64, shape (reviews,)
        Minute from which the transfer that ends its stretch takes its place; the end of the run
        where there is none.
    first : ndarray of int64, shape (stretches,)
        Place of the first review of each stretch.
    first_stretch : ndarray of int64, shape (plans,)
        Number of the first stretch of each plan; its others follow, one after each transfer.
    """

    groups: tuple[Group, ...]
    holder: Ints
    next: Ints
    transfer_year: Ints
    first: Ints
    first_stretch: Ints


def review_slots(
    groups: Sequence[Group],
    attributes: Attributes,
    earliest: Ints,
    until: int,
    periods: Sequence[tuple[date, Settings]],
    transfers: Transfers,
) -> Slots:
    """Return the reviews that plans may have in a run.

    Parameters
    ----------
    groups : sequence of Group
        Groups of the plans.
    attributes : Attributes
        Who the plans are about.
    earliest : ndarray of int64, shape (plans,)
        First minute at which each plan may be in place.
    until : int
        Minute at which the run ends.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with plans.
    transfers : Transfers
        Phase transfers of the plans.
    """
    of = _Stretches.of(earliest, until, transfers)
    count = _count(attributes.birth[of.holder], of.begins, of.ends, periods)
    count = np.where(of.begins < until, count, 0)
    if len(count) and count.max() > MOST_REVIEWS:
        raise ValueError(f"a plan may have {count.max()} reviews, allowed is {MOST_REVIEWS}")
    bounds = np.cumsum([0, *(len(group.numbers) for group in groups)])
    group = np.searchsorted(bounds, of.holder, side="right") - 1
    order = np.lexsort((of.number, group))  # which keeps the holders of a stretch rising
    first = np.empty(len(order), dtype=np.int64)
    first[order] = np.cumsum(count[order]) - count[order]
    stretch = np.repeat(order, count[order])
    own = np.arange(len(stretch))
    slot = own - first[stretch]
    kind = group[stretch] * MOST_PHASES + of.number[stretch]
    made = []
    for low, high in pairwise([*np.flatnonzero(np.diff(kind, prepend=-1)).tolist(), len(kind)]):
        place, transfers_before = divmod(int(kind[low]), MOST_PHASES)
        # They are in the name, so that no number depends on how many reviews came before.
        name = f"review after {transfers_before}" if transfers_before else "review"
        rows = of.holder[stretch[low:high]] - bounds[place]
        made.append(groups[place].inner(name, rows, slot[low:high], MOST_REVIEWS))
    following = np.where(slot + 1 < count[stretch], own + 1, own)
    of_reviews = of.holder[stretch], following, of.ends[stretch]
    return Slots(tuple(made), *of_reviews, first, of.first_of_plan)


@dataclass(frozen=True, eq=False)
class _Stretches:
    """Stretches of time between the transfers of each plan; those of a plan follow each other.

    Attributes
    ----------
    holder, number : ndarray of int64, shape (stretches,)
        Number of the plan, and of its transfers before it.
    begins, ends : ndarray of int64, shape (stretches,)
        Minutes between which reviews may be arranged.
    first_of_plan : ndarray of int64, shape (plans,)
        Place of the first of each plan.
    """

    holder: Ints
    number: Ints
    begins: Ints
    ends: Ints
    first_of_plan: Ints

    @classmethod
    def of(cls, earliest: Ints, until: int, transfers: Transfers) -> _Stretches:
        """Divide the run, from when each plan may be in place."""
        each = np.bincount(transfers.holder, minlength=len(earliest)) + 1
        first = np.cumsum(each) - each
        holder = np.repeat(np.arange(len(earliest)), each)
        begins, ends = earliest[holder], np.full(len(holder), until)
        after = first[transfers.holder] + rank_of(transfers.holder) + 1
        begins[after] = np.maximum(begins[after], transfers.arrived)
        ends[after - 1] = transfers.arrived
        return cls(holder, np.arange(len(holder)) - first[holder], begins, ends, first)


def _count(birth: Ints, begins: Ints, ends: Ints, periods: Sequence[tuple[date, Settings]]) -> Ints:
    """Return the most reviews that are arranged between two minutes, and one after them."""
    reviews = [s.plans.reviews for _, s in periods if s.plans is not None]
    fifth = birth + round(5 * DAYS_A_YEAR) * MINUTES_A_DAY
    while_under_five = np.clip(np.minimum(fifth, ends) - begins, 0, None)
    after = np.clip(ends - np.maximum(begins, fifth), 0, None)
    both = (while_under_five > 0) & (after > 0)  # the first after the birthday was begun before it
    return np.asarray(
        2
        + both
        + while_under_five // _shortest(reviews, "every_days_under_five")
        + after // _shortest(reviews, "every_days")
    )


def _shortest(reviews: Sequence[Reviews], setting: str) -> int:
    """Return the fewest minutes from one review to the next."""

    def days(of: Reviews) -> int:
        every = getattr(of, setting)
        early = float(of.brought_forward) > 0
        return days_to_early_review(of, every)[0] if early else days_to_review(of, every)

    return min(map(days, reviews)) * MINUTES_A_DAY


def rank_of(holder: Ints) -> Ints:
    """Return the place of each among those of the same holder; the holders rise."""
    count = np.bincount(holder)
    return np.arange(len(holder)) - (np.cumsum(count) - count)[holder]
