"""Posts that are empty or away at times, against renewal theory and queueing theory.

Intervals are 99%, by Student's t over posts or replications, as in ``test_queues``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_matrix, vstack
from scipy.sparse.linalg import spsolve

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.engines.simpy import run
from ehc_sim.network import AlwaysThere, Draw, End, Network, Pathway, Post, Quantity, TeamPlan, Work
from ehc_sim.network.posts import NEVER
from ehc_sim.rng.streams import Streams
from ehc_sim.staff.absence import long_sickness
from ehc_sim.staff.turnover import Turnover, days_to_fill, people_in_post
from tests.plain_counts import day_index
from tests.theory.test_queues import WORK, arrivals, interval, lindley, long_timeline, whole

pytestmark = pytest.mark.theory


# --- leavers and long sickness ---

LONG = Timeline.england(date(2014, 1, 1), date(2035, 12, 31), SchoolTerms())
FORGOTTEN = day_index(LONG, date(2017, 1, 1))
"""Everybody is in post on the first day; by then that plays no part."""


EVERY_DAY = np.ones(len(LONG.days))


@pytest.mark.parametrize(
    ("rate", "weeks", "fails", "posts"),
    [(0.3, 12, 0, 1500), (1.0, 26, 0, 300), (0.5, 8, 0.4, 1200)],
)
def test_the_share_of_time_that_a_post_is_empty(
    rate: float, weeks: int, fails: float, posts: int
) -> None:
    """Renewal theory: a stay of 1/rate and then weeks / (1 - fails) on average, and again."""
    turnover = Turnover(
        leavers_a_year=rate * EVERY_DAY,
        days_to_recruit=np.full(len(LONG.days), 7 * weeks),
        recruitment_fails=fails * EVERY_DAY,
        recruited=EVERY_DAY > 0,
        days_to_full_speed=np.zeros(len(LONG.days), dtype=np.int64),
        starting_speed=EVERY_DAY,
        cover=0 * EVERY_DAY,
    )
    established = np.ones((posts, len(LONG.days)), dtype=bool)
    to_fill = days_to_fill(Streams(1, 0), "team", posts, turnover)
    people = people_in_post(Streams(1, 0), "team", LONG, established, turnover, to_fill)
    empty = (~people.filled[:, FORGOTTEN:]).mean(axis=1).tolist()
    expected = rate * weeks / (1 - fails) * 7 / 365.25
    interval(empty).agrees_with(expected / (1 + expected))


def test_the_share_of_time_that_people_are_long_sick() -> None:
    """Spells that begin at a rate and may overlap leave a post well for exp(-rate * length)."""
    rate, weeks = 0.3, 12
    days = np.full(len(LONG.days), 7 * weeks)
    away = long_sickness(Streams(1, 0), "team", 1500, LONG, rate * EVERY_DAY, days)
    sick = away[:, FORGOTTEN:][:, LONG.working[FORGOTTEN:]].mean(axis=1).tolist()
    interval(sick).agrees_with(1 - np.exp(-rate * weeks * 7 / 365.25))


# --- a post that is absent half of the time ---

MEAN_STRETCH = 4 * WORK
"""Minutes of a mean stretch at work, and of a mean absence; both are exponential."""


class ComesAndGoes(Post):
    """A post that is there and away by turns, day and night; work in hand waits for it."""

    def __init__(self, rng: np.random.Generator, until: int) -> None:
        turns = until // MEAN_STRETCH + 200
        minutes = whole(rng.exponential(MEAN_STRETCH, (turns, 2)))
        ends = minutes.ravel().cumsum()
        self.share_there = minutes[:, 0].sum() / ends[-1]
        self._comes = np.concatenate([[0], ends[1:-1:2]]).tolist()
        self._there = minutes[:, 0].tolist()
        self._before = np.concatenate([[0], minutes[:, 0].cumsum()]).tolist()

    def _turn(self, minute: int) -> int:
        return bisect_right(self._comes, minute) - 1

    def at_work(self, minute: int) -> bool:
        turn = self._turn(minute)
        return minute < self._comes[turn] + self._there[turn]

    def next_at_work(self, minute: int) -> int:
        return minute if self.at_work(minute) else self._comes[self._turn(minute) + 1]

    def finish(self, start: int, minutes: int) -> int:
        turn = self._turn(start)
        target = self._before[turn] + start - self._comes[turn] + minutes
        last = bisect_left(self._before, target) - 1
        return self._comes[last] + target - self._before[last]

    def handover(self, start: int, ended: int) -> int:
        return NEVER


def times_in_team(
    seed: int, load: float, others: int, cases: int, start: int
) -> tuple[float, list[float]]:
    """Run one post that comes and goes beside ``others`` that do not, at a load.

    Return the mean time from joining the queue to the end of the work, and what the controls err
    by: one fast post with the same work and the same load, the share of time that the post is
    there, and the mean work.
    """
    rng = np.random.default_rng([201, others, seed])
    speed = others + 0.5
    arrived = arrivals(rng, cases, WORK / speed / load)
    work = whole(rng.exponential(WORK, cases))
    until = int(arrived[-1]) + 4 * int(work.sum())
    post = ComesAndGoes(rng, until)
    pathway = Pathway([Work("work", "team", "minutes", "done"), End("done", "done")])
    posts = (*(AlwaysThere() for _ in range(others)), post)
    network = Network(pathway, long_timeline(until), {"team": TeamPlan(posts)})
    log = run(network, Draw(arrived, {"minutes": Quantity.constant(work)}))
    rows = log.visits[log.visits[:, 1] == 0][start:]
    assert (rows[:, 4] >= rows[:, 3]).all()
    fast = lindley(arrived, work / speed)[start:].mean() - load / (1 - load) * WORK / speed
    return (rows[:, 4] - rows[:, 2]).mean(), [fast, post.share_there - 0.5, work.mean() - WORK]


def breakdowns(arrival: float, service: float, fails: float, mended: float) -> float:
    """Return the mean number of cases at M/M/1 with breakdowns.

    White and Christie (1958), Operations Research 6(1), 79-95: the post fails at a rate whether or
    not it works, is mended at a rate, and then goes on with the work where it was. With A the share
    of time there, the generating function of the number while there is
    P(z) = A (s - a/A) / (s - a z - f a z / (a (1 - z) + m)) for the rates a, s, f and m, and that
    while away f P(z) / (a (1 - z) + m); the mean is the slope of their sum at z = 1.
    """
    there = mended / (mended + fails)
    while_there = (arrival / there + fails * arrival**2 / mended**2) / (service - arrival / there)
    return while_there + there * fails * arrival / mended**2


def test_one_post_that_is_absent_half_of_the_time_at_load_80() -> None:
    load, cases, start = 0.8, 40_000, 5_000
    runs = [times_in_team(seed, load, 0, cases, start) for seed in range(26)]
    turn = 1 / MEAN_STRETCH
    arrival = load * 0.5 / WORK
    mean = breakdowns(arrival, 1 / WORK, turn, turn) / arrival
    interval([time for time, _ in runs], [errors for _, errors in runs]).agrees_with(mean)


def number_in_team(arrival: float, service: float, turn: float, longest: int = 300) -> float:
    """Return the mean number of cases at two posts, of which one comes and goes.

    From the balance equations, solved with at most ``longest`` cases in the queue. A state is
    (cases in the queue, first post busy, second post busy, second post there). A new case goes to
    the first post if it is free, then to the second if it is there.
    """
    states = [
        (queue, first, second, there)
        for queue in range(longest + 1)
        for first in (0, 1)
        for second in (0, 1)
        for there in (0, 1)
        if queue == 0 or (first and (second or not there))
    ]
    place = {state: number for number, state in enumerate(states)}

    def settled(queue: int, first: int, second: int, there: int) -> tuple[int, int, int, int]:
        if queue and not first:
            queue, first = queue - 1, 1
        if queue and there and not second:
            queue, second = queue - 1, 1
        return queue, first, second, there

    rows: list[tuple[int, int, float]] = []
    for state in states:
        queue, first, second, there = state
        moves = [(arrival, settled(queue + 1, first, second, there))]
        moves.append((turn, settled(queue, first, second, 1 - there)))
        if first:
            moves.append((service, settled(queue, 0, second, there)))
        if second and there:
            moves.append((service, settled(queue, first, 0, there)))
        for rate, to in moves:
            if to in place:
                rows += [(place[to], place[state], rate), (place[state], place[state], -rate)]
    to, of, rate = zip(*rows, strict=True)
    size = len(states)
    balance = csr_matrix((rate, (to, of)), shape=(size, size))
    balance = vstack([csr_matrix(np.ones((1, size))), balance[1:]]).tocsc()
    chances = spsolve(balance, np.eye(1, size).ravel())
    assert chances[-3:].max() < 1e-12  # longer queues play no part
    return float(chances @ [queue + first + second for queue, first, second, _ in states])


def test_two_posts_of_which_one_is_absent_half_of_the_time_at_load_80() -> None:
    load, cases, start = 0.8, 40_000, 5_000
    runs = [times_in_team(seed, load, 1, cases, start) for seed in range(26)]
    arrival = load * 1.5 / WORK
    mean = number_in_team(arrival, 1 / WORK, 1 / MEAN_STRETCH) / arrival
    interval([time for time, _ in runs], [errors for _, errors in runs]).agrees_with(mean)
