"""The stock of plans of one replication: plans in hand, plans that move in, and when plans end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline, deadline, law
from ehc_sim.journey.plans_file import PlansInHand
from ehc_sim.journey.requests import (
    DAYS_A_YEAR,
    Attributes,
    RequestCases,
    births,
    drawn_shares,
    picked,
)
from ehc_sim.journey.reviews import MOST_REVIEWS, days_to_early_review, days_to_review
from ehc_sim.journey.sampling import OLDEST, Floats, Ints, by_year
from ehc_sim.journey.school_years import first_days, minute_of_date, school_year_of_birth
from ehc_sim.network.case_keys import Group, uniforms_of
from ehc_sim.network.hazards import month_by_hazard
from ehc_sim.rng.streams import CASES_A_PAGE, Streams, poisson_counts
from ehc_sim.scenario.plans import Plans, Reviews
from ehc_sim.scenario.schema import Requests, Settings

AT_START, MOVED_IN = "plan at the start: ", "plan moved in: "
NOON = 12 * 60
FAR = 2**40
"""A minute that no run reaches."""
PLANS_A_PAGE = CASES_A_PAGE // MOST_REVIEWS
YOUNG = 5
"""Age in years from which reviews are no longer those of the youngest."""
KEPT_YEARS = 2
"""Years from the request in which a new plan is not ended. Assumption: a plan that has just been
made is seldom ceased, and nobody publishes ceased plans by their age."""


@dataclass(frozen=True, eq=False)
class Stock:
    """Plans in hand at the start, and plans that move in, in the order of their numbers.

    Attributes
    ----------
    groups : tuple of Group
        How their random numbers are keyed: plans at the start, plans moved in.
    attributes : Attributes
        Who they are about.
    arrived : ndarray of int64, shape (plans,)
        Minute 0, or that of the move.
    days_to_review : ndarray of int64, shape (plans,)
        Calendar days from there to the day on which the next review is arranged, if it is not
        brought forward.
    days_brought_forward : ndarray of int64, shape (plans,)
        Days by which it is brought forward; 0 where it is not.
    due : ndarray of int64, shape (plans,)
        Of one that is brought forward: last minute of the day by which it is due; -1 for others.
    """

    groups: tuple[Group, Group]
    attributes: Attributes
    arrived: Ints
    days_to_review: Ints
    days_brought_forward: Ints
    due: Ints


def stock(
    streams: Streams,
    timeline: Timeline,
    periods: Sequence[tuple[date, Settings]],
    in_hand: PlansInHand,
) -> Stock:
    """Draw the plans that do not come from a request of the run.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with plans.
    in_hand : PlansInHand
        Plans in hand on the first day, by age and month of the last review.
    """
    base, requests = _plans(periods[0][1]), periods[0][1].requests
    group, rows = _at_start(streams, in_hand, float(base.times))
    moved, arrived_later = _moving_in(streams, timeline, periods)
    ages = np.bincount(in_hand.age, in_hand.plans, OLDEST + 1)
    edges = np.cumsum(ages) / max(ages.sum(), 1)
    age_later = picked(edges, moved.uniforms(streams, "age"))
    n = len(rows)
    arrived = np.concatenate([np.zeros(n, dtype=np.int64), arrived_later])
    age = np.concatenate([in_hand.age[rows], age_later])
    groups = (group, moved)
    last_review = _day_of_last_review(streams, timeline, group, in_hand.last_review, rows)
    waits = [
        np.maximum(last_review + _gap(base, age[:n]), 0),
        _days_to_review_moved(streams, moved, _gap(base, age[n:]), base),
    ]
    early = np.zeros(len(age), dtype=np.int64)
    early[:n] = _days_brought_forward(streams, group, base.reviews, age[:n], last_review)
    days_to_review = np.concatenate(waits)
    due = deadline(days_to_review * MINUTES_A_DAY, round(float(base.reviews.arranged_days_before)))
    return Stock(
        groups,
        _attributes(streams, requests, groups, arrived, age),
        arrived,
        days_to_review,
        early,
        np.where(early > 0, due, -1),
    )


def ends_of_plans(
    streams: Streams,
    timeline: Timeline,
    periods: Sequence[tuple[date, Settings]],
    groups: Sequence[Group],
    attributes: Attributes,
    kept_until: Ints,
) -> tuple[Ints, NDArray[np.bool_]]:
    """Draw when each plan ends or moves away, if it does so otherwise than at a review.

    The yearly shares are turned into a hazard by month and age; a plan ends in the month in which
    its hazard adds up to its own exponential number, so that higher shares end the same plans
    sooner, and some more. No plan goes beyond the school year of the 25th birthday (Children and
    Families Act 2014, section 46; from memory).

    Parameters
    ----------
    streams, timeline, periods
        As for ``stock``.
    groups : sequence of Group
        How the random numbers of the plans are keyed.
    attributes : Attributes
        Who they are about.
    kept_until : ndarray of int64, shape (plans,)
        Minute before which a plan does not end.

    Returns
    -------
    ends : ndarray of int64, shape (plans,)
        Minute, ``FAR`` where not within the run.
    moves_out : ndarray of bool, shape (plans,)
        Whether it moves to another council then.
    """
    months = np.append(first_days(timeline), len(timeline.days)) * MINUTES_A_DAY
    starts = [max(0, timeline.minute(day)) for day, _ in periods]
    period = np.searchsorted(starts, months[:-1], "right") - 1
    hazard, leaving = _hazards([_plans(settings) for _, settings in periods])
    month, since = month_by_hazard(
        -np.log(uniforms_of(streams, groups, "plan ends")),
        attributes.birth,
        kept_until,
        months,
        hazard[period] + leaving[period, np.newaxis],
        round(DAYS_A_YEAR * MINUTES_A_DAY),
    )
    rows = np.flatnonzero(month >= 0)
    month, since = month[rows], since[rows]
    first, after = months[month], months[month + 1]
    u_day = uniforms_of(streams, groups, "day plan ends", rows)
    at = (since + u_day * (after - since)).astype(np.int64)
    noon = at // MINUTES_A_DAY * MINUTES_A_DAY + NOON
    ends = np.full(len(kept_until), FAR)
    ends[rows] = np.maximum(np.maximum(noon, kept_until[rows]), 1)
    last_year = school_year_of_birth(timeline, attributes.birth) + OLDEST
    too_old = minute_of_date(timeline, last_year, 8, 31) + NOON
    age = np.clip((first - attributes.birth[rows]) / (DAYS_A_YEAR * MINUTES_A_DAY), 0, OLDEST)
    out = leaving[period[month]]
    of_all = out / np.maximum(hazard[period[month], age.astype(np.int64)] + out, 1e-12)
    moves = uniforms_of(streams, groups, "plan moves out", rows) < of_all
    moves_out = np.zeros(len(ends), dtype=bool)
    moves_out[rows] = moves & (ends[rows] < FAR) & (ends[rows] <= too_old[rows])
    return np.maximum(np.minimum(ends, too_old), 0), moves_out


def _hazards(plans: Sequence[Plans]) -> tuple[Floats, Floats]:
    """Return the hazards a year of being ceased, shape (periods, ages), and of moving away."""
    shares = [float(p.ceased_a_year) * by_year(p.ceased_by_age) for p in plans]
    ceased = -np.log1p(-np.clip(np.stack(shares), 0, 0.99))
    return ceased, np.array([-np.log1p(-float(p.moved_out_a_year)) for p in plans])


def kept_until(requests: RequestCases, plans: Stock) -> Ints:
    """Return the minute before which each plan does not end: of requests, then of the stock."""
    years = round(KEPT_YEARS * DAYS_A_YEAR) * MINUTES_A_DAY
    first = requests.arrived[requests.again_of]  # of one made again the first is near enough
    return np.concatenate([first + years, plans.arrived])


def _at_start(streams: Streams, in_hand: PlansInHand, times: float) -> tuple[Group, Ints]:
    """Return the plans at the start and the row of the file that each comes from."""
    count = len(in_hand.plans)
    wanted = in_hand.plans * times
    u = streams.uniforms("plans at the start", np.arange(count))
    plans = np.floor(wanted).astype(np.int64) + (u < wanted % 1)
    rows = np.repeat(np.arange(count), plans)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(plans) - plans, plans)
    numbers = place * count + rows
    # On a page there is room for the numbers of every review that each of its plans may have.
    page = numbers // PLANS_A_PAGE * CASES_A_PAGE
    return Group(AT_START, page + numbers % PLANS_A_PAGE), rows


def _moving_in(
    streams: Streams, timeline: Timeline, periods: Sequence[tuple[date, Settings]]
) -> tuple[Group, Ints]:
    firsts = first_days(timeline)
    days = np.diff(firsts, append=len(timeline.days))
    starts = [max(0, timeline.minute(day)) for day, _ in periods]
    period = np.searchsorted(starts, firsts * MINUTES_A_DAY, "right") - 1
    a_year = np.array([float(_plans(settings).moved_in_a_year) for _, settings in periods])
    months = np.arange(len(firsts))
    u = [streams.uniform(f"plans moving in, month {month}") for month in months]
    count = poisson_counts(u, a_year[period] * days / DAYS_A_YEAR)
    month = np.repeat(months, count)
    number = (
        month * CASES_A_PAGE + np.arange(len(month)) - np.repeat(np.cumsum(count) - count, count)
    )
    day = firsts[month] + streams.uniforms("day of moving in", number) * days[month]
    minute = day.astype(np.int64) * MINUTES_A_DAY + NOON
    order = np.lexsort((number, minute))
    return Group(MOVED_IN, number[order]), minute[order]


def _attributes(
    streams: Streams, requests: Requests, groups: Sequence[Group], arrived: Ints, age: Ints
) -> Attributes:
    def u(name: str) -> Floats:
        return uniforms_of(streams, groups, name)

    return Attributes(
        np.full(len(age), -1, dtype=np.int64),
        picked(drawn_shares(streams, "need", requests.needs, requests), u("need")),
        picked(drawn_shares(streams, "area", requests.areas, requests), u("area")),
        age,
        births(arrived, age, u("birthday")),
    )


def _day_of_last_review(
    streams: Streams,
    timeline: Timeline,
    group: Group,
    last_review: NDArray[np.datetime64],
    rows: Ints,
) -> Ints:
    """Return the day of the run, mostly before it, on which each plan was last reviewed."""
    first_of_month = (last_review.astype("datetime64[D]") - timeline.days[0]).astype(np.int64)
    day = first_of_month[rows] + np.floor(30 * group.uniforms(streams, "day"))
    return np.asarray(day, dtype=np.int64)


def _days_brought_forward(
    streams: Streams, group: Group, reviews: Reviews, age: Ints, last_review: Ints
) -> Ints:
    """Return by how many days the next review of each plan at the start is brought forward.

    That it was not arranged before the start is known. So the longer ago the last review was, the
    fewer of the next ones are early, and they are later.
    """
    share = float(reviews.brought_forward)
    if share == 0:
        return np.zeros(len(age), dtype=np.int64)
    of_young, of_others = (
        (*days_to_early_review(reviews, every), days_to_review(reviews, every))
        for every in (reviews.every_days_under_five, reviews.every_days)
    )
    low, high, gap = np.where(age < YOUNG, *np.array([of_young, of_others])[..., np.newaxis])
    soonest = np.maximum(low, -last_review)
    left = np.maximum(high - soonest + 1, 0)
    still = share * left / (high - low + 1)
    early = group.uniforms(streams, "review brought forward") < still / np.maximum(
        1 - share + still, 1e-12
    )
    u = group.uniforms(streams, "days to early review")
    days = np.where(early & (left > 0), gap - soonest - np.floor(u * left), 0)
    return np.asarray(np.maximum(days, 0), dtype=np.int64)


def _days_to_review_moved(streams: Streams, group: Group, gap: Ints, plans: Plans) -> Ints:
    """Return days from moving in to arranging the review.

    It is due 12 months after the last, which was at any time in the year before, or three months
    after the move, whichever is later (regulation 15).
    """
    u = group.uniforms(streams, "review")
    soonest = max(law.REVIEW_AFTER_MOVE_DAYS - float(plans.reviews.arranged_days_before), 0)
    return np.asarray(np.maximum(u * gap, soonest), dtype=np.int64)


def _gap(plans: Plans, age: Ints) -> Ints:
    """Return the days from a review to arranging the next, by age."""
    of = plans.reviews
    under_five, every = (days_to_review(of, e) for e in (of.every_days_under_five, of.every_days))
    return np.where(age < YOUNG, under_five, every)


def _plans(settings: Settings) -> Plans:
    assert settings.plans is not None
    return settings.plans
