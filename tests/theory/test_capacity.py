"""Reserved posts, an agency by rule and daily hours against theory, as in ``test_queues``."""

from __future__ import annotations

from math import factorial

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.simpy import run
from ehc_sim.network import (
    AgencyPlan,
    AlwaysThere,
    Choice,
    DailyHours,
    Draw,
    End,
    Network,
    Pathway,
    Quantity,
    Rota,
    Rules,
    TeamPlan,
    Work,
)
from ehc_sim.network.log import AGENCY
from tests.theory.queueing import (
    WORK,
    arrivals,
    erlang_c,
    interval,
    kiefer_wolfowitz,
    long_timeline,
    waits,
    whole,
)

pytestmark = pytest.mark.theory

ONE_STEP = Pathway([Work("step", "team", "minutes", "done"), End("done", "done")])


def test_mean_waits_with_three_posts_reserved_for_one_kind_at_load_90() -> None:
    """Cobham (1954) for several servers of the same mean work: W1 = W0 / (1 - load of the first
    kind), W2 = W1 / (1 - load), where W0 = chance of waiting x mean work / posts.

    Posts do not break off other work for the kind for which they are reserved. The control is
    first come, first served, of which the mean is W0 / (1 - load).
    """
    load, share, posts, cases, start = 0.9, 0.45, 3, 40_000, 8_000
    chance = erlang_c(load, posts) * WORK / posts
    first = chance / (1 - load * share)
    expected = (first, first / (1 - load))
    pathway = Pathway(
        [
            Choice("kind?", "kind", (("reserved", "review"), ("other", "assess"))),
            Work("review", "team", "minutes", "done", "annual reviews"),
            Work("assess", "team", "minutes", "done"),
            End("done", "done"),
        ]
    )
    team = TeamPlan((AlwaysThere(),) * posts, (Rules(reserved=("annual reviews",) * posts),))
    means, errors = [], []
    for replication in range(20):
        rng = np.random.default_rng([111, replication])
        arrived = arrivals(rng, cases, WORK / posts / load)
        other = (rng.random(cases) > share).astype(np.int64)
        work = whole(rng.exponential(WORK, cases))
        network = Network(pathway, long_timeline(int(arrived[-1] + work.sum())), {"team": team})
        values = {"kind": Quantity.constant(other), "minutes": Quantity.constant(work)}
        log = run(network, Draw(arrived, values))
        of_kind = (waits(log, "review"), waits(log, "assess"))
        left_out = (np.count_nonzero(other[:start] == 0), np.count_nonzero(other[:start]))
        means.append([wait[n:].mean() for wait, n in zip(of_kind, left_out, strict=True)])
        fifo = (kiefer_wolfowitz(arrived, work, posts) - work - arrived)[start:]
        errors.append([fifo.mean() - chance / (1 - load)])
    for kind in (0, 1):
        interval([both[kind] for both in means], errors).agrees_with(expected[kind])


@pytest.mark.parametrize(("load", "room"), [(0.9, 4), (1.3, 4)])
def test_share_passed_on_to_an_agency_while_more_than_so_many_wait(load: float, room: int) -> None:
    """What is passed on is what an M/M/c queue with so much room turns away (Erlang's loss formula
    with waiting places): whichever case goes, the number that is there is the same."""
    posts, cases, start = 2, 20_000, 2_000
    weights = [(load * posts) ** k / factorial(k) for k in range(posts)]
    weights += [weights[-1] * load ** (k + 1) for k in range(room + 1)]
    share = weights[-1] / sum(weights)
    agency = AgencyPlan((0,), (cases,), "agency days", (room,), (None,))
    team = TeamPlan((AlwaysThere(),) * posts, agency=agency)
    shares, errors = [], []
    for replication in range(20):
        rng = np.random.default_rng([112, int(load * 100), replication])
        arrived = arrivals(rng, cases, WORK / posts / load)
        work = whole(rng.exponential(WORK, cases))
        values = {
            "minutes": Quantity.constant(work),
            "agency days": Quantity.constant(np.ones(cases, dtype=np.int64)),
        }
        end = long_timeline(int(arrived[-1]) + 100 * WORK)
        log = run(Network(ONE_STEP, end, {"team": team}), Draw(arrived, values))
        shares.append((log.visits[log.visits[:, 1] == 0, 5] == AGENCY)[start:].mean())
        errors.append([arrived[-1] / cases - WORK / posts / load, work.mean() - WORK])
    interval(shares, errors).agrees_with(share)


# --- daily hours against posts ---

POSTS, HOURS_A_DAY, MEAN_HOURS = 5, 6, 10
"""Five posts of six hours a day, and cases of ten hours on average."""


def time_to_the_end(arrived: np.ndarray, work: np.ndarray, team: TeamPlan, days: int) -> np.ndarray:
    """Return the days from joining the queue to the end of the work of each case."""
    timeline = long_timeline((days - 1) * MINUTES_A_DAY)
    draw = Draw(arrived, {"minutes": Quantity.constant(work)})
    log = run(Network(ONE_STEP, timeline, {"team": team}), draw)
    ended = log.reached("step")
    assert (ended > arrived).all()
    return (ended - arrived) / MINUTES_A_DAY


@pytest.mark.parametrize(("load", "cases"), [(0.7, 4_000), (0.9, 8_000), (0.97, 20_000)])
def test_daily_hours_are_within_a_quarter_of_a_day_of_posts(load: float, cases: int) -> None:
    """The same cases, once with five posts of six hours a day, once with their thirty hours poured
    down the queue, at most six a case and day: at every load, the mean time from joining to the end
    differs by less than a quarter of a day, and so does the time of the slowest tenth.

    The reason for the bound: both are given the same minutes on every day, no case more than one
    post could give it, and the first in the queue first. They differ in the time of day only, and
    within the working day, which is a quarter of a day. Posts may begin at once what joins in these
    hours, a quarter of the cases; daily hours begin it at the next 09:00, less than a day later.
    The other way round, a day's minutes on a case count from 09:00, up to six hours before a post
    would have come to them.
    """
    day = HOURS_A_DAY * 60
    within = HOURS_A_DAY / 24
    gaps, slow = [], []
    for replication in range(8):
        rng = np.random.default_rng([113, int(load * 100), replication])
        arrived = arrivals(rng, cases, MEAN_HOURS / HOURS_A_DAY / POSTS / load * MINUTES_A_DAY)
        work = whole(rng.exponential(MEAN_HOURS * 60, cases))
        days = int(arrived[-1]) // MINUTES_A_DAY + 200
        every = np.full(days, day)
        post = Rota(every, every > 0)
        by_posts = time_to_the_end(arrived, work, TeamPlan((post,) * POSTS), days)
        hours = DailyHours(POSTS * every, every)
        by_day = time_to_the_end(arrived, work, TeamPlan((), daily=hours), days)
        later = cases // 10
        gaps.append(float((by_day - by_posts)[later:].mean()))
        tenth = [np.quantile(times[later:], 0.9) for times in (by_day, by_posts)]
        slow.append(float(tenth[0] - tenth[1]))
    for found in (interval(gaps), interval(slow)):
        assert -within < found.low < found.high < within
        assert found.high - found.low < within
