"""Small networks with everything that a pathway may hold, and draws full of ties."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, SchoolTerms, Timeline
from ehc_sim.network import (
    AgencyPlan,
    AlwaysThere,
    Branch,
    Choice,
    DailyHours,
    Decision,
    Draw,
    End,
    Fork,
    Join,
    Mark,
    Network,
    Node,
    PanelPlan,
    Pathway,
    Post,
    Quantity,
    Repeat,
    Rota,
    Rules,
    Sitting,
    TeamPlan,
    Wait,
    Work,
)
from ehc_sim.network.orders import FLAGS, ORDERS, WAITED

DAYS = 60
MINUTES = DAYS * MINUTES_A_DAY
FIRST = date(2025, 4, 7)
TIMELINE = Timeline.england(FIRST, FIRST + timedelta(DAYS - 1), SchoolTerms.read("somerset"))
PERIOD = MINUTES // 3
"""Quantities, rules and allowances may change at each third of the run."""

KINDS = ("assessments", "annual reviews")
RESERVED = ("", *KINDS, "overdue")
HAND_OVER = 613
"""Minute of the day at which posts hand over, in the middle of their work."""

STAGES = ("wait", "work", "checked", "decision", "choice", "repeat", "mark", "fork")


@st.composite
def made(
    draw: st.DrawFn,
    forks: bool = True,
    changes: bool = True,
    busy: bool = False,
    officers: bool = True,
) -> tuple[Network, Draw]:
    """Draw a network with its draw.

    ``forks`` allows parallel branches (without them marks may start new clocks); ``changes`` allows
    rules that change within the run; ``busy`` asks for work by one team that many cases come to;
    ``officers`` allows that each case has its own.
    """
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    allowed = [stage for stage in STAGES if forks or stage != "fork"]
    stages = draw(st.lists(st.sampled_from(allowed), min_size=1, max_size=5))
    teams = 1 if busy else draw(st.integers(1, 2))
    stages = ["work", "work", *stages] if busy else stages
    nodes = _nodes(stages, teams, rng, clocks=not forks)
    cases = draw(st.integers(30 if busy else 1, 40))
    network = Network(
        Pathway(nodes),
        TIMELINE,
        teams={f"team {i}": _team(draw, rng, cases, changes, officers) for i in range(teams)},
        panels={"panel": _panel(rng)},
        clock_days=draw(st.sampled_from([0, 5, 30])),
    )
    return network, _draw(network, cases, rng)


def _nodes(stages: list[str], teams: int, rng: np.random.Generator, clocks: bool) -> list[Node]:
    names = [f"{i} {stage}" for i, stage in enumerate(stages)] + ["done"]
    nodes: list[Node] = []
    for i, (stage, then) in enumerate(zip(stages, names[1:], strict=True)):
        name, team = names[i], f"team {rng.integers(teams)}"
        if stage == "wait":
            kind = ("calendar", "working", "school")[rng.integers(3)]
            nodes.append(Wait(name, f"days {i}", then, kind))
        elif stage == "work":
            nodes.append(Work(name, team, f"minutes {i}", then, KINDS[rng.integers(2)]))
        elif stage == "checked":
            check, kind = f"{name} check", KINDS[rng.integers(2)]
            nodes.append(Work(name, team, f"minutes {i}", then, kind, by_agency=check))
            nodes.append(Work(check, team, f"minutes {i} check", then, kind, own_posts=True))
        elif stage == "decision":
            nodes.append(Decision(name, "panel", then))
        elif stage == "choice":
            over = names[rng.integers(i + 1, len(names))]
            # The next node stays reachable, whichever node the second way leads to.
            nodes.append(Choice(name, f"option {i}", (("on", then), ("over", over))))
        elif stage == "repeat":
            nodes.append(Repeat(name, f"times {i}", names[max(0, i - 1)], then))
        elif stage == "mark":
            days = 20 if clocks else None
            nodes.append(Mark(name, then, clock_days=days, ordered=bool(rng.integers(2))))
        else:
            nodes += _fork(name, i, then, teams, rng)
    return [*nodes, End("done", "done")]


def _fork(name: str, i: int, then: str, teams: int, rng: np.random.Generator) -> list[Node]:
    join, branches, inside = f"{name} joined", [], []
    for b in range(rng.integers(1, 4)):
        wait, work = f"{name} wait {b}", f"{name} work {b}"
        taken, awaited = (f"option {i} {kind} {b}" for kind in ("taken", "awaited"))
        branches.append(Branch(f"branch {b}", wait, taken, awaited))
        inside.append(Wait(wait, f"days {i} {b}", work))
        team, kind = f"team {rng.integers(teams)}", KINDS[rng.integers(2)]
        check = f"{name} check {b}" if rng.integers(2) else ""
        inside.append(Work(work, team, f"minutes {i} {b}", join, kind, check))
        if check:
            inside.append(Work(check, team, f"minutes {i} {b} check", join, kind, own_posts=True))
    return [Fork(name, tuple(branches), join), *inside, Join(join, then)]


def made_post(rng: np.random.Generator, hands_over: bool = False) -> Post:
    """Return a post that is always there, or one with a rota and perhaps a start and an end.

    ``hands_over`` allows minutes at which the post hands back what it has in hand.
    """
    if rng.random() < 0.3:
        return AlwaysThere()
    minutes = rng.choice([0, 60, 240, 444], DAYS, p=[0.3, 0.1, 0.3, 0.3])
    takes = np.arange(DAYS) >= rng.choice([0, 0, 10])
    takes &= np.arange(DAYS) < rng.choice([DAYS, DAYS, 30])
    if not hands_over or rng.random() < 0.5:
        return Rota(minutes, takes)
    days = np.sort(rng.choice(DAYS, 20, replace=False))
    return Rota(minutes, takes, tuple((days * MINUTES_A_DAY + HAND_OVER).tolist()))


def _team(
    draw: st.DrawFn, rng: np.random.Generator, cases: int, changes: bool, officers: bool
) -> TeamPlan:
    daily = _daily(rng) if rng.random() < 0.25 else None
    count = draw(st.integers(1, 3)) if daily is None else 0
    posts = tuple(made_post(rng, hands_over=True) for _ in range(count))
    patches = int(rng.choice([1, 2], p=[0.7, 0.3]))
    starts = [0, PERIOD, 2 * PERIOD] if changes and draw(st.booleans()) else [0]
    reserves = rng.random() < 0.7
    named = [_officers(rng, len(posts)) if officers else None for _ in starts]
    rules = tuple(
        Rules(
            start,
            draw(st.sampled_from(sorted(ORDERS))),
            float(rng.choice([0.25, 0.5, 0.7])),
            int(rng.choice([0, 2 * MINUTES_A_DAY])),
            _serves(rng, len(posts), patches) if patches > 1 else None,
            _reserved(rng, len(posts) if sizes is None else 3) if reserves else None,
            _ahead(rng),
            int(rng.choice([0, 1, 5, 20])) * MINUTES_A_DAY,
            sizes,
        )
        for start, sizes in zip(starts, named, strict=True)
    )
    return TeamPlan(
        posts,
        rules,
        tuple(f"patch {i}" for i in range(patches)),
        rng.integers(0, patches, cases) if patches > 1 else None,
        made_agency(rng) if posts and draw(st.booleans()) else None,
        daily,
        sorted_again=tuple(
            ((np.flatnonzero(rng.random(DAYS - 1) < 0.1) + 1) * MINUTES_A_DAY).tolist()
        )
        if rng.random() < 0.5
        else (),
    )


def _ahead(rng: np.random.Generator) -> tuple[str, ...]:
    """Return no classes that are taken ahead, or some in any order."""
    names = rng.permutation([*FLAGS, WAITED])
    return tuple(names[: rng.choice([0, 0, 1, 2, 5])].tolist())


def _reserved(rng: np.random.Generator, count: int) -> tuple[str, ...]:
    return tuple(RESERVED[rng.integers(4)] for _ in range(count))


def _officers(rng: np.random.Generator, posts: int) -> tuple[int, ...] | None:
    """Return no officers, or a size of each post, of which some are given no cases."""
    if not posts or rng.random() < 0.5:
        return None
    return tuple(rng.choice([0, 50, 100, 100], posts).tolist())


def made_agency(rng: np.random.Generator) -> AgencyPlan:
    opens, allowance = (0, PERIOD, 2 * PERIOD), tuple(rng.integers(0, 4, 3).tolist())
    if rng.random() < 0.5:
        return AgencyPlan(opens, allowance, "days of the agency")
    looks = np.flatnonzero(rng.random(DAYS) < 0.5) * MINUTES_A_DAY + WORK_STARTS
    return AgencyPlan(
        opens,
        allowance,
        "days of the agency",
        tuple((None, 0, 2, 5)[rng.integers(4)] for _ in opens),  # some with neither rule
        tuple((None, 0, MINUTES_A_DAY, 5 * MINUTES_A_DAY)[rng.integers(4)] for _ in opens),
        tuple(looks.tolist()),
    )


def _daily(rng: np.random.Generator) -> DailyHours:
    minutes = rng.choice([0, 60, 500, 3000], DAYS, p=[0.3, 0.2, 0.3, 0.2])
    return DailyHours(minutes, rng.choice([1, 60, 100, 444], DAYS, p=[0.05, 0.3, 0.3, 0.35]))


def _serves(rng: np.random.Generator, posts: int, patches: int) -> tuple[tuple[int, ...], ...]:
    some = [(0,), (1,), tuple(range(patches)), ()]
    return tuple(some[rng.choice(4, p=[0.3, 0.3, 0.3, 0.1])] for _ in range(posts))


def _panel(rng: np.random.Generator) -> PanelPlan:
    closes = np.arange(rng.integers(0, 7), DAYS, rng.integers(3, 9)) * MINUTES_A_DAY + 600
    return PanelPlan(
        tuple(
            Sitting(int(minute), int(minute) + int(rng.choice([60, 1440])), int(rng.integers(0, 6)))
            for minute in closes
        )
    )


def _draw(network: Network, cases: int, rng: np.random.Generator) -> Draw:
    arrived = np.sort(rng.choice([0, 540, 600, 660, 720, 1430], cases))
    arrived = np.sort(arrived + MINUTES_A_DAY * rng.integers(0, DAYS // 2, cases))
    return Draw(
        arrived.astype(np.int64),
        {name: _quantity(name, cases, rng) for name in network.quantities},
    )


def _quantity(name: str, cases: int, rng: np.random.Generator) -> Quantity:
    values = {
        "days": np.array([0, 1, 2, 7]),
        "minutes": np.array([0, 1, 60, 120, 240, 1000]),
        "option": np.array([0, 1]),
        "times": np.array([0, 0, 1, 2]),
        "ahead": np.array([0, 0, 1, 2, 4, 6]),
    }[name.split()[0]]
    least = int(name == "days of the agency")  # an agency takes a day at least
    rows = [np.maximum(rng.choice(values, cases), least) for _ in range(rng.integers(1, 3))]
    return Quantity(tuple(PERIOD * i for i in range(len(rows))), np.stack(rows))
