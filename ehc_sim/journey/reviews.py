"""The annual reviews and phase transfers of one replication: which may take place, and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, Timeline, law
from ehc_sim.journey.requests import DAYS_A_YEAR, Attributes
from ehc_sim.journey.sampling import Ints
from ehc_sim.journey.school_years import minute_of_date, school_year_of_birth
from ehc_sim.network.case_keys import Group, uniforms_of
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.plans import Reviews
from ehc_sim.scenario.schema import Settings

MOST_REVIEWS = 64
"""Most reviews that one plan can have in a run."""

PHASES = (4, 7, 11, 16)
"""Age in years on 31 August of the year of a move: to school, to junior school, to secondary
school, to post-16."""
JUNIOR, POST_16 = 1, 3
DUE = (law.TRANSFER_DAY, law.TRANSFER_DAY, law.TRANSFER_DAY, law.POST_16_DAY)
"""Month and day by which the amended plan is due (regulation 18)."""
BEGINS = (9, 15)
"""Month and day from which the autumn's work on transfers begins, in the year before."""
BEGINS_OVER_DAYS = 75
"""Days over which it begins, one transfer after the other: until the end of November."""
WORK_STARTS = 9 * 60


@dataclass(frozen=True, eq=False)
class Slots:
    """Cases that belong to plans, in the order of their numbers in the run.

    Attributes
    ----------
    groups : tuple of Group
        How their random numbers are keyed.
    holder : ndarray of int64, shape (cases,)
        Number of the plan that each belongs to.
    """

    groups: tuple[Group, ...]
    holder: Ints


def review_slots(
    groups: Sequence[Group],
    attributes: Attributes,
    earliest: Ints,
    until: int,
    periods: Sequence[tuple[date, Settings]],
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
    """
    reviews = [s.plans.reviews for _, s in periods if s.plans is not None]
    fifth = attributes.birth + round(5 * DAYS_A_YEAR) * MINUTES_A_DAY
    while_under_five = np.clip(np.minimum(fifth, until) - earliest, 0, None)
    after = np.clip(until - np.maximum(earliest, fifth), 0, None)
    count = (
        2
        + while_under_five // _shortest(reviews, "every_days_under_five")
        + after // _shortest(reviews, "every_days")
    )
    count = np.where(earliest < until, count, 0)
    if len(count) and count.max() > MOST_REVIEWS:
        raise ValueError(f"a plan may have {count.max()} reviews, allowed is {MOST_REVIEWS}")
    holder = np.repeat(np.arange(len(count)), count)
    slot = np.arange(len(holder)) - np.repeat(np.cumsum(count) - count, count)
    return _of_groups(groups, "review", holder, slot, MOST_REVIEWS)


def _shortest(reviews: Sequence[Reviews], setting: str) -> int:
    """Return the fewest minutes from one review to the next."""
    gaps = (float(getattr(r, setting)) - float(r.arranged_days_before) for r in reviews)
    return max(round(min(gaps)), 1) * MINUTES_A_DAY


def _of_groups(groups: Sequence[Group], what: str, holder: Ints, slot: Ints, slots: int) -> Slots:
    made, first = [], 0
    for group in groups:
        last = first + len(group.numbers)
        low, high = np.searchsorted(holder, [first, last])  # the holders rise
        made.append(group.inner(what, holder[low:high] - first, slot[low:high], slots))
        first = last
    return Slots(tuple(made), holder)


def next_of(slots: Slots, first: int, holders: int) -> tuple[Ints, Ints]:
    """Return the case of the next review, for the plans and for the reviews.

    Parameters
    ----------
    slots : Slots
        The reviews, those of a plan one after the other.
    first : int
        Number in the run of the first of them.
    holders : int
        Number of plans.

    Returns
    -------
    of_plans : ndarray of int64, shape (holders,)
        Number of the first review of each plan; its own number where it can have none.
    of_reviews : ndarray of int64, shape (reviews,)
        Number of the next review of the same plan; its own number where there is no other.
    """
    of_plans = np.arange(holders)
    count = np.bincount(slots.holder, minlength=holders)
    begins = first + np.cumsum(count) - count
    of_plans[count > 0] = begins[count > 0]
    own = first + np.arange(len(slots.holder))
    last = np.append(slots.holder[1:] != slots.holder[:-1], True)[: len(own)]
    return of_plans, np.where(last, own, own + 1)


@dataclass(frozen=True, eq=False)
class Transfers:
    """Phase transfers that plans may have in a run.

    Attributes
    ----------
    slots : Slots
        Whose they are.
    arrived : ndarray of int64, shape (transfers,)
        Minute at which the work on each begins.
    due : ndarray of int64, shape (transfers,)
        Last minute of the day by which the amended plan is due.
    """

    slots: Slots
    arrived: Ints
    due: Ints


def transfers(
    streams: Streams,
    timeline: Timeline,
    settings: Settings,
    groups: Sequence[Group],
    attributes: Attributes,
    earliest: Ints,
) -> Transfers:
    """Return the phase transfers of the children whose plans may be in place by then.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    settings : Settings
        Settings on the first day, with plans.
    groups : sequence of Group
        Groups of the plans.
    attributes : Attributes
        Who the plans are about.
    earliest : ndarray of int64, shape (plans,)
        First minute at which each plan may be in place.
    """
    assert settings.plans is not None
    junior = float(settings.plans.phase_transfers.infant_to_junior)

    born = school_year_of_birth(timeline, attributes.birth)
    until = len(timeline.days) * MINUTES_A_DAY
    found = []
    for phase, age in enumerate(PHASES):
        year = born + age
        due = minute_of_date(timeline, year, *DUE[phase]) + MINUTES_A_DAY - 1
        first = minute_of_date(timeline, year - 1, *BEGINS) + WORK_STARTS
        last = first + BEGINS_OVER_DAYS * MINUTES_A_DAY
        # Random numbers are only made for those that may begin within the run.
        rows = np.flatnonzero((due > 0) & (first < until) & (earliest <= np.maximum(last, 0)))
        u_day = uniforms_of(streams, groups, f"day of transfer {phase}", rows)
        begins = first[rows] + np.floor(u_day * BEGINS_OVER_DAYS).astype(np.int64) * MINUTES_A_DAY
        arrived = np.maximum(begins, 0)  # those under way when the run starts begin with it
        there = (arrived < until) & (earliest[rows] <= arrived)
        if phase == JUNIOR:
            there &= uniforms_of(streams, groups, "infant to junior", rows) < junior
        rows = rows[there]
        found.append((rows, np.full(len(rows), phase), arrived[there], due[rows]))
    holder, slot, arrived, due = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((slot, holder))
    slots = _of_groups(groups, "phase transfer", holder[order], slot[order], len(PHASES))
    return Transfers(slots, arrived[order], due[order])
