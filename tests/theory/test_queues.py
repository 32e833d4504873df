"""The model against the closed forms of queueing theory.

Each test states its load. Runs are independent replications that start empty; the first cases of
each are left out until the queue has forgotten its start. A test asserts that theory lies in the
simulation's 99% interval and that the interval is narrow: at most 3% of theory on either side.

Where an interval would need too many cases, a *control* narrows it: a simpler queue fed with the
same arrivals and work, computed here without the program, of which the mean is known. What the
control errs by in a replication is taken from the program's result (linear regression over the
replications, intervals by Student's t), which leaves the mean of the result as it is.

A mean piece of work is 1,000 minutes, so that rounding to whole minutes plays no part.
"""

from __future__ import annotations

from math import exp, log, log1p, sqrt

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.simpy import run
from ehc_sim.network import (
    AlwaysThere,
    Branch,
    Choice,
    Decision,
    Draw,
    End,
    Fork,
    Join,
    Log,
    Mark,
    Network,
    PanelPlan,
    Pathway,
    Quantity,
    Rules,
    Sitting,
    TeamPlan,
    Wait,
    Work,
)
from tests.theory.queueing import (
    WORK,
    arrivals,
    erlang_c,
    interval,
    kiefer_wolfowitz,
    lindley,
    long_timeline,
    waits,
    whole,
)

pytestmark = pytest.mark.theory


def served(
    arrived: np.ndarray, works: list[np.ndarray], posts: list[int], order: str = "received"
) -> Log:
    """Run a row of teams, one after the other, until every case is done."""
    nodes = [
        Work(f"step {i}", f"team {i}", f"minutes {i}", f"step {i + 1}") for i in range(len(works))
    ]
    pathway = Pathway([*nodes, End(f"step {len(works)}", "done")])
    teams = {
        f"team {i}": TeamPlan((AlwaysThere(),) * count, (Rules(order=order),))
        for i, count in enumerate(posts)
    }
    end = int(arrived[-1]) + 2 * sum(
        int(work.sum()) // c for work, c in zip(works, posts, strict=True)
    )
    draw = Draw(arrived, {f"minutes {i}": Quantity.constant(w) for i, w in enumerate(works)})
    return run(Network(pathway, long_timeline(end), teams), draw)


# --- M/M/c: the control is one post that is c times as fast, of the same load ---


@pytest.mark.parametrize(
    ("load", "cases", "start", "replications"),
    [(0.8, 30_000, 3_000, 12), (0.9, 50_000, 8_000, 12), (0.95, 100_000, 30_000, 12)],
)
def test_mean_wait_and_its_tail_with_three_posts(
    load: float, cases: int, start: int, replications: int
) -> None:
    posts, fast = 3, WORK / 3
    chance = erlang_c(load, posts)
    mean = chance * fast / (1 - load)
    late = 2 * mean  # a deadline that is missed by one in ten
    share_late = chance * exp(-late * (1 - load) / fast)
    fast_mean = load * fast / (1 - load)
    fast_late = load * exp(-late * (1 - load) / fast)
    means, shares, errors = [], [], []
    for replication in range(replications):
        rng = np.random.default_rng([101, int(load * 100), replication])
        arrived = arrivals(rng, cases, fast / load)
        work = whole(rng.exponential(WORK, cases))
        wait = waits(served(arrived, [work], [posts]), "step 0")[start:]
        control = lindley(arrived, work / posts)[start:]
        means.append(wait.mean())
        shares.append((wait > late).mean())
        errors.append([control.mean() - fast_mean, (control > late).mean() - fast_late])
    interval(means, errors).agrees_with(mean)
    interval(shares, errors).agrees_with(share_late)


# --- one post: Pollaczek and Khinchine ---


def pollaczek_khinchine(load: float, spread: float) -> float:
    """Return the mean wait of M/G/1; spread is the standard deviation over the mean of the work."""
    return load / (1 - load) * WORK * (1 + spread**2) / 2


def test_mean_wait_at_one_post_with_equal_work_at_load_90() -> None:
    load, cases, start = 0.9, 50_000, 5_000
    means, errors = [], []
    for replication in range(26):
        arrived = arrivals(np.random.default_rng([102, replication]), cases, WORK / load)
        log = served(arrived, [np.full(cases, WORK)], [1])
        means.append(waits(log, "step 0")[start:].mean())
        errors.append([arrived[-1] / cases - WORK / load])  # the load that was drawn
    interval(means, errors).agrees_with(pollaczek_khinchine(load, spread=0))


def test_mean_wait_at_one_post_with_lognormal_work_at_load_90() -> None:
    """The controls are the same arrivals with equal work, and the mean work that was drawn."""
    load, spread, cases, start = 0.9, 0.7, 50_000, 5_000
    scale = sqrt(log1p(spread**2))
    means, errors = [], []
    for replication in range(26):
        rng = np.random.default_rng([103, replication])
        arrived = arrivals(rng, cases, WORK / load)
        work = whole(rng.lognormal(log(WORK) - scale**2 / 2, scale, cases))
        means.append(waits(served(arrived, [work], [1]), "step 0")[start:].mean())
        equal = lindley(arrived, np.full(cases, WORK))[start:].mean()
        errors.append([equal - pollaczek_khinchine(load, spread=0), work.mean() - WORK])
    interval(means, errors).agrees_with(pollaczek_khinchine(load, spread))


def test_mean_waits_of_urgent_and_ordinary_cases_at_load_90() -> None:
    """Cobham's formula: urgent work goes first and does not break off ordinary work.

    Ordinary cases have a clock so long that every urgent case is due before them. The control is
    first come, first served.
    """
    gap, means_of_work, cases, start = 2_000, (800, 1_000), 50_000, 5_000
    loads = [mean / gap for mean in means_of_work]  # 0.4 and 0.5
    left = sum(rho * mean for rho, mean in zip(loads, means_of_work, strict=True))
    expected = (left / (1 - loads[0]), left / (1 - loads[0]) / (1 - sum(loads)))
    ways = (("urgent", "work"), ("ordinary", "long clock"))
    pathway = Pathway(
        [
            Choice("class?", "class", ways),
            Mark("long clock", "work", clock_days=10**7),
            Work("work", "team", "minutes", "done"),
            End("done", "done"),
        ]
    )
    team = TeamPlan((AlwaysThere(),), (Rules(order="due"),))
    means, errors = [], []
    for replication in range(24):
        rng = np.random.default_rng([104, replication])
        arrived = arrivals(rng, cases, gap / 2)
        ordinary = rng.integers(0, 2, cases)
        work = whole(rng.exponential(np.where(ordinary, means_of_work[1], means_of_work[0])))
        network = Network(pathway, long_timeline(int(arrived[-1] + work.sum())), {"team": team})
        values = {"class": Quantity.constant(ordinary), "minutes": Quantity.constant(work)}
        wait = waits(run(network, Draw(arrived, values)), "work")
        means.append([wait[start:][ordinary[start:] == kind].mean() for kind in (0, 1)])
        errors.append([lindley(arrived, work)[start:].mean() - left / (1 - sum(loads))])
    for kind in (0, 1):
        interval([of_kind[kind] for of_kind in means], errors).agrees_with(expected[kind])


# --- networks ---


def test_waits_of_two_teams_one_after_the_other_at_loads_80_and_90() -> None:
    """Product form (Jackson): each team waits as if it stood alone.

    The control of each team is one fast post. Cases leave the first team as they come (Burke).
    """
    posts, loads, cases, start = (2, 3), (0.8, 0.9), 50_000, 8_000
    gap = 2_000
    work_means = [gap * load * count for load, count in zip(loads, posts, strict=True)]
    fast = [mean / count for mean, count in zip(work_means, posts, strict=True)]
    expected = [
        erlang_c(load, count) * quick / (1 - load)
        for load, count, quick in zip(loads, posts, fast, strict=True)
    ]
    means: list[list[float]] = [[], []]
    errors: list[list[list[float]]] = [[], []]
    for replication in range(12):
        rng = np.random.default_rng([105, replication])
        comes = arrivals(rng, cases, gap)
        works = [whole(rng.exponential(mean, cases)) for mean in work_means]
        log = served(comes, works, list(posts))
        for step in (0, 1):
            means[step].append(waits(log, f"step {step}")[start:].mean())
            leaves = kiefer_wolfowitz(comes, works[step], posts[step])
            control = lindley(comes, works[step] / posts[step])[start:].mean()
            errors[step].append([control - loads[step] * fast[step] / (1 - loads[step])])
            order = np.argsort(leaves, kind="stable")
            comes = leaves[order]
            works = [work[order] for work in works]
    for step in (0, 1):
        interval(means[step], errors[step]).agrees_with(expected[step])


@pytest.mark.parametrize("branches", [2, 4, 8])
def test_time_to_the_last_of_parallel_waits(branches: int) -> None:
    """The mean of the longest of n exponential waits is the n-th harmonic number. Load: none."""
    cases, mean_days = 30_000, 400
    givers = [f"giver {i}" for i in range(branches)]
    pathway = Pathway(
        [
            Fork("ask", tuple(Branch(giver, giver) for giver in givers), "all in"),
            *(Wait(giver, giver, "all in") for giver in givers),
            Join("all in", "done"),
            End("done", "done"),
        ]
    )
    rng = np.random.default_rng([106, branches])
    days = [whole(rng.exponential(mean_days, cases)) for _ in givers]
    arrived = np.sort(rng.integers(0, 10_000 * MINUTES_A_DAY, cases))
    quantities = {g: Quantity.constant(d) for g, d in zip(givers, days, strict=True)}
    end = 10_000 * MINUTES_A_DAY + int(np.max(days) + 1) * MINUTES_A_DAY
    log = run(Network(pathway, long_timeline(end)), Draw(arrived, quantities))
    took = (log.reached("all in") - arrived) / MINUTES_A_DAY
    # Cases do not meet, so any batches will do. The control is the mean wait that was drawn.
    batches = took.reshape(30, -1).mean(axis=1)
    errors = np.mean(days, axis=0).reshape(30, -1).mean(axis=1, keepdims=True) - mean_days
    harmonic = sum(1 / n for n in range(1, branches + 1))
    interval(batches.tolist(), errors.tolist()).agrees_with(mean_days * harmonic)


def test_littles_law_at_load_90() -> None:
    """Mean queue = arrivals a minute x mean wait; mean posts at work = arrivals x mean work."""
    load, posts, cases, start = 0.9, 3, 30_000, 5_000
    gap = WORK / posts / load
    ratios, busy, errors = [], [], []
    for replication in range(20):
        rng = np.random.default_rng([107, replication])
        arrived = arrivals(rng, cases, gap)
        work = whole(rng.exponential(WORK, cases))
        log = served(arrived, [work], [posts])
        joined, started, ended = (np.sort(log.visits[log.visits[:, 1] == 0, c]) for c in (2, 3, 4))
        looks = np.arange(arrived[start], arrived[-1], 97)  # looked at every 97 minutes
        begun = np.searchsorted(started, looks, "right")
        queue = np.searchsorted(joined, looks, "right") - begun
        wait = waits(log, "step 0")[start:].mean()
        ratios.append(queue.mean() / (wait / gap))
        busy.append((begun - np.searchsorted(ended, looks, "right")).mean())
        errors.append([arrived[-1] / cases - gap])
    interval(ratios, errors).agrees_with(1.0)
    interval(busy, errors).agrees_with(load * posts)


# --- panels ---


def decided(arrived: np.ndarray, every: int, places: int) -> np.ndarray:
    """Return how long each case waits for the list of a panel that sits every so many minutes."""
    lists = range(every, int(arrived[-1]) + 100 * every, every)
    panel = PanelPlan(tuple(Sitting(closes, closes + 60, places) for closes in lists))
    pathway = Pathway([Decision("decision", "panel", "done"), End("done", "done")])
    timeline = long_timeline(lists[-1] + every)
    log = run(Network(pathway, timeline, panels={"panel": panel}), Draw(arrived, {}))
    return waits(log, "decision")


def test_mean_wait_for_a_panel_with_room_for_all_is_half_its_interval() -> None:
    cases, every = 40_000, 14 * MINUTES_A_DAY
    arrived = arrivals(np.random.default_rng(108), cases, every / 40)
    batches = decided(arrived, every, cases).reshape(40, -1).mean(axis=1)
    interval(batches.tolist()).agrees_with(every / 2)


def test_mean_wait_for_a_panel_with_one_place_at_load_90() -> None:
    """A queue served at set times only waits D / 2 / (1 - load).

    The queue at a sitting is that at the end of a job of M/D/1, load + load**2 / 2 / (1 - load),
    of which one goes; half a sitting's arrivals come on top; Little's law gives the wait. The
    control is M/D/1 itself.
    """
    load, every, cases, start = 0.9, WORK, 40_000, 5_000
    means, errors = [], []
    for replication in range(10):
        arrived = arrivals(np.random.default_rng([109, replication]), cases, every / load)
        means.append(decided(arrived, every, 1)[start:].mean())
        control = lindley(arrived, np.full(cases, every))[start:].mean()
        errors.append([control - pollaczek_khinchine(load, spread=0)])
    interval(means, errors).agrees_with(every / 2 / (1 - load))


# --- without controls: minutes of running, not in the ordinary run ---


@pytest.mark.slow
@pytest.mark.parametrize(("load", "replications"), [(0.9, 40), (0.95, 64)])
def test_mean_wait_with_three_posts_without_a_control(load: float, replications: int) -> None:
    posts, cases, start = 3, 400_000, 40_000
    means = []
    for replication in range(replications):
        rng = np.random.default_rng([110, int(load * 100), replication])
        arrived = arrivals(rng, cases, WORK / posts / load)
        work = whole(rng.exponential(WORK, cases))
        means.append(waits(served(arrived, [work], [posts]), "step 0")[start:].mean())
    interval(means).agrees_with(erlang_c(load, posts) * WORK / posts / (1 - load))
