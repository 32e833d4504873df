"""The work that both models are timed on: one network and its draw.

Time is in ticks of 1/1440 minute, so that no two events of a team fall together and the two models
must give the same times. What the model calls a day is then a minute. Posts work day and night.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.network import (
    AlwaysThere,
    Branch,
    Choice,
    Draw,
    End,
    Fork,
    Join,
    Mark,
    Network,
    Node,
    Pathway,
    Quantity,
    Rules,
    TeamPlan,
    Wait,
    Work,
)

Ints = NDArray[np.int64]

TICKS_A_MINUTE = 1440
MINUTES_A_YEAR = 365 * 1440
REQUESTS_A_YEAR = 1_500
REVIEWS_A_YEAR = 8_000
STOP = 0.3
"""Share of requests that end with the first decision."""
ADVICE = {"psychologists": 9, "health": 4, "social care": 3, "schools": 6}
"""Advice givers and their posts."""
WRITERS, CHECKERS = 22, 2
REVIEW_DUE_DAYS = 10**8
"""Clock of a review, so long that every plan of a request is due before it."""
OTHER_LOAD = 0.9
"""Load of every team but the writers."""


@dataclass(frozen=True, eq=False)
class Workload:
    """Requests and reviews in the order of arrival, and what each of them needs.

    Attributes
    ----------
    load : float
        Work that comes to the writers as a share of what they can do.
    arrived : ndarray of int64, shape (cases,)
        Ticks.
    review : ndarray of int64, shape (cases,)
        1 for a review, 0 for a request.
    stops : ndarray of int64, shape (cases,)
        1 for a request that ends with the first decision.
    waits : dict of str to ndarray of int64, shape (cases,)
        Minutes of waiting without anybody's work: ``decision`` and ``final``.
    work : dict of str to ndarray of int64, shape (cases,)
        Ticks of work of each team: the advice givers, ``writing`` and ``check``.
    """

    load: float
    arrived: Ints
    review: Ints
    stops: Ints
    waits: dict[str, Ints]
    work: dict[str, Ints]


def make(load: float, years: int, seed: int, a_year: int = REQUESTS_A_YEAR) -> Workload:
    """Draw a workload.

    Parameters
    ----------
    load : float
        Load of the writers; all other teams have ``OTHER_LOAD``.
    years : int
        Years in which cases arrive; both models then work on until nothing is left.
    seed : int
        Seed of the draw.
    a_year : int
        Requests a year. Reviews keep their ratio to requests, and the teams their loads.
    """
    rng = np.random.default_rng(seed)
    reviews_a_year = a_year * REVIEWS_A_YEAR // REQUESTS_A_YEAR
    counts = rng.poisson([a_year * years, reviews_a_year * years])
    arrived = rng.integers(0, years * MINUTES_A_YEAR * TICKS_A_MINUTE, counts.sum())
    review = (np.arange(counts.sum()) >= counts[0]).astype(np.int64)
    order = np.argsort(arrived, kind="stable")
    cases = len(order)

    def ticks(mean_minutes: float) -> Ints:
        drawn = rng.gamma(4.0, mean_minutes * TICKS_A_MINUTE / 4, cases)
        return np.maximum(1, np.rint(drawn)).astype(np.int64)

    agreed_a_year = a_year * (1 - STOP)
    # A plan takes four times as long as a review.
    review_minutes = load * WRITERS * MINUTES_A_YEAR / (4 * agreed_a_year + reviews_a_year)
    of_one = OTHER_LOAD * MINUTES_A_YEAR / agreed_a_year
    writing = np.where(review[order] == 1, ticks(review_minutes), ticks(4 * review_minutes))
    return Workload(
        load=load,
        arrived=arrived[order],
        review=review[order],
        stops=(rng.random(cases) < STOP).astype(np.int64),
        waits={
            "decision": _days(rng, 20, 10, cases),
            "final": _days(rng, 30, 15, cases),
        },
        work={
            **{giver: ticks(of_one * posts) for giver, posts in ADVICE.items()},
            "writing": writing,
            "check": ticks(of_one * CHECKERS),
        },
    )


def _days(rng: np.random.Generator, least: int, spread: float, cases: int) -> Ints:
    """Return minutes of a wait of at least so many days."""
    days = least + rng.gamma(2.0, spread / 2, cases)
    return np.rint(days * 1440).astype(np.int64)


def pathway(in_sequence: bool = False) -> Pathway:
    """Return the network's table of nodes; with the advice in sequence there is no fork."""
    steps = [f"{giver}: advice" for giver in ADVICE]
    follow = [*steps[1:], "writing"] if in_sequence else ["assessed"] * len(steps)
    advice: Iterable[Node] = (
        Work(step, giver, giver, then)
        for step, giver, then in zip(steps, ADVICE, follow, strict=True)
    )
    branches = tuple(Branch(giver, step) for giver, step in zip(ADVICE, steps, strict=True))
    parted = (
        () if in_sequence else (Fork("advice", branches, "assessed"), Join("assessed", "writing"))
    )
    return Pathway(
        [
            Choice("kind", "review", (("request", "decision"), ("review", "review due"))),
            Wait("decision", "decision", "stop?"),
            Choice(
                "stop?",
                "stops",
                (("no", steps[0] if in_sequence else "advice"), ("yes", "stopped")),
            ),
            *advice,
            *parted,
            Work("writing", "writers", "writing", "check"),
            Work("check", "checkers", "check", "final"),
            Wait("final", "final", "issued"),
            Mark("review due", "reviewing", clock_days=REVIEW_DUE_DAYS),
            Work("reviewing", "writers", "writing", "reviewed"),
            End("stopped", "stopped"),
            End("issued", "issued"),
            End("reviewed", "reviewed"),
        ]
    )


def network(years: int, in_sequence: bool = False) -> Network:
    """Return the network: oldest request first everywhere, and the nearest date at the writers.

    Parameters
    ----------
    years : int
        Years in which cases arrive.
    in_sequence : bool
        Whether the advice givers are asked one after the other, and not at once.
    """
    teams = {
        "writers": TeamPlan((AlwaysThere(),) * WRITERS, (Rules(order="due"),)),
        "checkers": TeamPlan((AlwaysThere(),) * CHECKERS),
        **{giver: TeamPlan((AlwaysThere(),) * posts) for giver, posts in ADVICE.items()},
    }
    # A year's work is left at most at the end, and the waits after it are short.
    return Network(pathway(in_sequence), _timeline((years + 2) * MINUTES_A_YEAR), teams)


def draw(work: Workload) -> Draw:
    """Return the draw that our model reads."""
    values = {"review": work.review, "stops": work.stops, **work.waits, **work.work}
    quantities = {name: Quantity.constant(value) for name, value in values.items()}
    return Draw(work.arrived, quantities)


def _timeline(days: int) -> Timeline:
    """Return a timeline of any length, of which each day is a working day."""
    every = np.ones(days, dtype=bool)
    return Timeline(
        first_day=date(2014, 1, 1),
        last_day=date(2014, 1, 1),
        days=np.arange(days).astype("datetime64[D]"),
        working=every,
        school=every,
        weekday=np.zeros(days, dtype=np.int8),
        month=np.zeros(days, dtype=np.int32),
        terms=SchoolTerms.read("somerset"),
        terms_made=(),
    )
