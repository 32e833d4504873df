"""How many posts a council's own work takes, by hours a case: a first guess, until it is known.

Nobody publishes a council's posts. So each team is sized to what the council finished in its last
two years: cases, times the hours of a case as the scenario has them, over the hours of a post.
"""

from __future__ import annotations

from dataclasses import dataclass

from ehc_sim.jobs.new_council.numbers import Said, count, rounded

WORKING_DAYS = 253
"""Of a year: 365 less weekends and eight bank holidays."""
HOURS_A_DAY = 7.4
SPARE = 1.1
"""Where most plans are on time there is no queue, so there are more hours than the work takes."""
MOST_ON_TIME = 0.6
FILLED = 0.88
"""Share of officers' hours that are there: a quarter leave in a year, a post is empty for 12 to 16
weeks, and a starter is at half speed for 20."""
LEAST = 0.5
"""Posts of the smallest team. A tenth of a post would take weeks for each case: the few cases of a
small council are done by people who do other work as well."""
UNSURE = 0.2
"""Part by which posts may be more or fewer."""
ROOM = 1.25
"""Writers and senior officers have room beside their busiest year: what councils name as the narrow
place is psychologists, so these make no queue of their own unless a council says so."""
AHEAD_OF_REVIEWS = 1.4
"""Hours of officers and senior officers that are kept for assessments, for those that assessments
take: with a little more a queue empties, and requests rise. Reviews get what is left, and wait:
councils decided fewer than half as many reviews in 2025 as they had plans (DfE), and more
assessments in time."""
MOST_KEPT = 0.75
"""The rest is for what has dates of its own, such as disputes."""
EP_HOURS, NEW_ADVICE = 17.4, 0.95
"""Hours of an advice, and the share of assessments in which there is no recent one."""
WRITING, CHECKING, SIGNING = 6.5, 5.6, 1.7
"""Hours a plan, as the scenario has them on average: one check in six sends the draft back."""


@dataclass(frozen=True)
class Work:
    """What a council's teams have to do in a year, as counts.

    Attributes
    ----------
    requests, completed, issued, busiest : float
        Requests, assessments that end, plans issued, and plans issued in the busiest year.
    plans : float
        Plans in place.
    reviewed, amended, transfers : float
        Reviews decided, plans amended after them, phase transfers.
    mediated, appealed, moved_in : float
        Mediations and appeals after a refusal; plans that move in.
    on_time : float
        Share of plans on time in the last year.
    """

    requests: float
    completed: float
    issued: float
    busiest: float
    plans: float
    reviewed: float
    amended: float
    transfers: float
    mediated: float
    appealed: float
    moved_in: float
    on_time: float


@dataclass(frozen=True)
class Posts:
    """Posts of each team, as a file has them, and shares kept for assessments."""

    psychologists: Said
    officers: Said
    writers: Said
    seniors: Said
    officers_kept: Said
    seniors_kept: Said


def posts(work: Work) -> Posts:
    """Return the posts of each team."""
    spare = SPARE if work.on_time >= MOST_ON_TIME else 1.0
    reassessed = 0.015 * work.reviewed
    contents = 0.08 * work.issued + 0.03 * work.amended + 0.05 * work.transfers
    psychologists = (EP_HOURS * NEW_ADVICE * work.completed + 17.0 * reassessed) * spare
    of_assessments = 1.5 * work.requests + 3.0 * work.issued
    officers = (
        of_assessments + 2.0 * work.reviewed + 2.5 * work.amended
        + 3.0 * work.transfers + 5.0 * work.mediated + 45.0 * work.appealed + 78.0 * contents
        + 5.0 * work.moved_in + 6.0 * reassessed
    ) / FILLED  # fmt: skip
    writers = (WRITING * work.busiest + 7.0 * reassessed) * ROOM
    of_plans = (CHECKING + SIGNING) * work.busiest
    seniors = (of_plans + 0.5 * work.amended + 0.4 * work.transfers + reassessed) * ROOM
    busiest = f"{count(work.busiest)} plans in the busiest year"
    room = "and a quarter more: that they hold cases up is not known"
    assessed = f"{count(work.completed)} assessments a year"
    more = " and a tenth more, as most plans are on time" if spare > 1 else ""
    return Posts(
        _said(
            psychologists, hours_a_year(30, 8, 0.6),
            f"Not published. Sized to {assessed} at 17.4 hours each and to reassessments{more}",
        ),
        _said(
            officers, hours_a_year(28, 8, 0.7),
            f"Not published. Sized to {count(work.requests)} requests, "
            f"{count(work.reviewed)} reviews and {count(work.transfers)} transfers a year, with "
            "disputes, and to empty posts",
        ),
        _said(
            writers, hours_a_year(28, 8, 0.8),
            f"Not published. Sized to {busiest} at 6.5 hours with drafts written again, {room}",
        ),
        _said(
            seniors, hours_a_year(30, 8, 0.6),
            f"Not published. Sized to {busiest} at 7.3 hours to check and sign, to amended plans, "
            f"{room}",
        ),
        _kept(of_assessments / (officers * FILLED)),
        _kept(of_plans * ROOM / seniors),
    )  # fmt: skip


def _kept(share: float) -> Said:
    """Return the share of hours kept for assessments, which take the given share of all hours."""
    return Said(
        round(min(AHEAD_OF_REVIEWS * share, MOST_KEPT), 2),
        note="Assumed: assessments come before reviews, and have two fifths more hours than those "
        "finished a year take, three quarters at most.",
    )


def hours_a_year(leave: float, sickness: float, on_this_work: float) -> float:
    """Return hours of a full-time post on the work in a year."""
    return (WORKING_DAYS - leave - sickness) * HOURS_A_DAY * on_this_work


def _said(hours: float, of_a_post: float, note: str) -> Said:
    needed = hours / of_a_post
    value = rounded(needed, 0.1 if needed < 20 else 0.5, LEAST)
    if needed < LEAST:
        note = f"{note}: half a post, the least, for somebody who does other work too"
    low, high = (max(round(value * (1 + sign * UNSURE), 2), 0.05) for sign in (-1, 1))
    told = f"{note}, at {count(of_a_post)} hours a post; it may be a fifth more or fewer."
    return Said(value, note=told, low=low, high=high)
