"""Small services: cases that start others, plans in place, and cases open when the run starts.

They go on from ``made_networks``, of which the cases are the requests: each may start a review,
each review the next, and both read the plan of the request. Arrivals, waits and posts are full of
ties.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.network import (
    Before,
    Decision,
    Draw,
    End,
    Fork,
    InPlace,
    Mark,
    Network,
    Node,
    OpenBranch,
    OpenCase,
    Pathway,
    Quantity,
    Start,
    Wait,
    Work,
)
from tests.property.made_laws import with_laws
from tests.property.made_networks import DAYS, PERIOD, made

REVIEWS = 3
"""Reviews that can follow one another."""


@st.composite
def made_service(draw: st.DrawFn) -> tuple[Network, Draw]:
    """Draw a service with its draw."""
    network, of_requests = draw(made())
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    requests = len(of_requests.arrived)
    pathway = _pathway(network.pathway, rng)
    cases = requests * (1 + REVIEWS)
    teams = {
        name: replace(team, patch=None if team.patch is None else np.tile(team.patch, 1 + REVIEWS))
        for name, team in network.teams.items()
    }
    whole = Network(pathway, network.timeline, teams, network.panels, network.clock_days)
    number = np.arange(cases)
    following = np.where(number < cases - requests, number + requests, number)
    quantities = {
        name: _for_all(quantity, cases, rng) for name, quantity in of_requests.quantities.items()
    }
    # The last review has none to start: its next would come after the end of the run.
    days = np.where(following == number, DAYS, rng.choice([0, 1, 7, 20], cases))
    quantities |= {
        "next": Quantity.constant(following),
        "days to next": Quantity.constant(days),
        "plan ends": _minutes(rng, cases),
        "changes": _minutes(rng, cases),
        "minutes of review": Quantity.constant(rng.choice([0, 60, 240], cases)),
        "days of clock": Quantity.constant(rng.choice([0, 5, 40], cases)),
    }
    arrived = np.full(cases, -(2**40))
    arrived[:requests] = of_requests.arrived
    drawn = Draw(
        arrived,
        quantities,
        entry=(number >= requests).astype(np.int64),
        holder=number % requests,
    )
    opened = replace(drawn, open=_open(whole, drawn, requests, rng))
    return whole, with_laws(opened, rng) if draw(st.booleans()) else opened


def _pathway(of_requests: Pathway, rng: np.random.Generator) -> Pathway:
    team = next(iter(of_requests.teams), None)
    review: Node = Wait("review", "days to next", "reviewed")
    if team is not None:
        review = Work("review", team, "minutes of review", "reviewed", "annual reviews")
    nodes = [node for node in of_requests if not isinstance(node, End)]
    ending = [
        Mark("done", "first review", opens_plan=True, variant=1, due_days=30),
        Start("first review", "next", "days to next", "in hand?", "out"),
        InPlace("in hand?", "plan ends", "early?", "out"),
        Before("early?", "changes", "noted", "reviewed"),
        Mark("noted", "review", due_days="days of clock"),
        review,
        Mark("reviewed", "next review", clock_days="days of clock", variant=int(rng.integers(2))),
        Start("next review", "next", "days to next", "in hand?", "closes"),
        Mark("closes", "out", closes_plan=bool(rng.integers(2)), ordered=True),
        End("out", "out"),
    ]
    return Pathway([*nodes, *ending], (of_requests.entries[0], "in hand?"))


def _minutes(rng: np.random.Generator, cases: int) -> Quantity:
    return Quantity.constant(rng.integers(0, DAYS, cases) * MINUTES_A_DAY + 540)


def _for_all(quantity: Quantity, cases: int, rng: np.random.Generator) -> Quantity:
    """Return a quantity with a value for every case, and perhaps a variant with other values."""
    times = cases // len(quantity.cases)
    values = np.tile(quantity.values, (1, times))
    variant = None
    if rng.random() < 0.5:
        variant = Quantity((0, PERIOD), rng.permuted(np.tile(values[:1], (2, 1)), axis=1))
    return Quantity(quantity.starts, values, variant=variant)


def _open(
    network: Network, draw: Draw, requests: int, rng: np.random.Generator
) -> tuple[OpenCase, ...]:
    """Make some of the requests cases that are open when the run starts."""
    nodes = list(network.pathway)
    stations = [n for n in nodes if isinstance(n, Wait | Work | Decision)]
    inside = {b.first for n in nodes if isinstance(n, Fork) for b in n.branches}
    inside |= {n.then for n in nodes if n.name in inside and isinstance(n, Wait)}
    outside = [n for n in stations if n.name not in inside]
    forks = [n for n in nodes if isinstance(n, Fork)]
    marks = [n for n in nodes if isinstance(n, Mark)]
    found = []
    for case in rng.choice(requests, rng.integers(0, 1 + requests // 2), replace=False).tolist():
        here = forks + outside
        if not here:
            break
        node = here[rng.integers(len(here))]
        joined = -int(rng.choice([0, 60, 1440]))
        branches = _branches(network, node, rng) if isinstance(node, Fork) else ()
        left = int(rng.choice([1, 60, 600, 3000]))
        done = ()
        if marks and rng.random() < 0.5:
            minute = joined - int(rng.choice([0, 1440]))
            done = ((marks[rng.integers(len(marks))].name, minute, minute, minute),)
        clock = joined - int(rng.choice([0, 1440, 20_000]))
        days = int(rng.choice([5, 30, 140]))
        if isinstance(node, Fork | Decision):
            left = 0
        found.append(OpenCase(case, clock, clock, days, node.name, joined, left, branches, done))
    return tuple(found)


def _branches(network: Network, fork: Fork, rng: np.random.Generator) -> tuple[OpenBranch, ...]:
    found = []
    for branch in fork.branches:
        if rng.random() < 0.7:
            wait = network.pathway[branch.first]
            assert isinstance(wait, Wait)
            name = wait.name if rng.random() < 0.5 else wait.then
            awaited, joined = bool(rng.integers(2)), -int(rng.choice([0, 60]))
            found.append(OpenBranch(name, awaited, joined, int(rng.choice([1, 60, 1440]))))
    return tuple(found)
