"""Arrivals, intervals and closed forms that the tests of queueing theory share."""

from __future__ import annotations

from datetime import date
from heapq import heapreplace
from math import factorial, sqrt
from typing import NamedTuple

import numpy as np
from scipy import stats

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.network import Log

WORK = 1_000
"""Minutes of a mean piece of work."""
TERMS = SchoolTerms.read("somerset")


class Interval(NamedTuple):
    low: float
    high: float

    def agrees_with(self, theory: float) -> None:
        assert self.low <= theory <= self.high, f"{self} does not hold {theory}"
        half_width = (self.high - self.low) / 2
        assert half_width <= 0.03 * theory, f"{self} is wider than 3% of {theory}"


def interval(values: list[float], errors: list[list[float]] | None = None) -> Interval:
    """Return the 99% interval of a mean over replications, with controls of which the errors are
    given: one row a replication."""
    known = np.ones((len(values), 1))
    if errors is not None:
        known = np.column_stack([known, errors])
    estimate, residuals, *_ = np.linalg.lstsq(known, np.array(values), rcond=None)
    free = len(values) - known.shape[1]
    variance = residuals[0] / free * np.linalg.inv(known.T @ known)[0, 0]
    half_width = stats.t.ppf(0.995, free) * sqrt(variance)
    return Interval(estimate[0] - half_width, estimate[0] + half_width)


def long_timeline(minutes: int) -> Timeline:
    """Return a timeline of any length: bank holidays are known for 22 years only."""
    days = minutes // MINUTES_A_DAY + 1
    every = np.ones(days, dtype=bool)
    return Timeline(
        first_day=date(2014, 1, 1),
        last_day=date(2014, 1, 1),
        days=np.arange(days).astype("datetime64[D]"),
        working=every,
        school=every,
        weekday=np.zeros(days, dtype=np.int8),
        month=np.zeros(days, dtype=np.int32),
        terms=TERMS,
        terms_made=(),
    )


def whole(minutes: np.ndarray) -> np.ndarray:
    return np.maximum(1, np.rint(minutes)).astype(np.int64)


def arrivals(rng: np.random.Generator, cases: int, gap: float) -> np.ndarray:
    return np.rint(np.cumsum(rng.exponential(gap, cases))).astype(np.int64)


def waits(log: Log, node: str) -> np.ndarray:
    """Return the minutes that each case waited in the queue of a node, in the order of cases."""
    rows = log.visits[log.visits[:, 1] == log.nodes.index(node)]
    assert (rows[:, 3] >= 0).all()
    return rows[:, 3] - rows[:, 2]


def lindley(arrived: np.ndarray, work: np.ndarray) -> np.ndarray:
    """Return the waits at one post, first come first served: W' = max(0, W + work - gap)."""
    steps = np.concatenate([[0], np.cumsum(work[:-1] - np.diff(arrived))])
    return steps - np.minimum.accumulate(steps)


def erlang_c(load: float, posts: int) -> float:
    """Return the chance of waiting in M/M/c (Erlang's second formula)."""
    offered = load * posts
    all_busy = offered**posts / factorial(posts) / (1 - load)
    return all_busy / (sum(offered**k / factorial(k) for k in range(posts)) + all_busy)


def kiefer_wolfowitz(arrived: np.ndarray, work: np.ndarray, posts: int) -> np.ndarray:
    """Return when each case leaves a first come, first served team."""
    free = [0] * posts
    leaves = []
    for minute, minutes in zip(arrived.tolist(), work.tolist(), strict=True):
        leaves.append(max(minute, free[0]) + minutes)
        heapreplace(free, leaves[-1])
    return np.array(leaves)
