"""Options of small services: what differs of a network and its draw from some day on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.network import (
    AgencyPlan,
    Draw,
    Network,
    PanelPlan,
    Post,
    Quantity,
    Rota,
    Sitting,
    TeamPlan,
)
from ehc_sim.network.network import Rules
from ehc_sim.network.orders import ORDERS
from tests.property.made_networks import DAYS, RESERVED, made_agency

CHANGED = 0.5
"""Share of the things that an option may change which it does change."""


WHO = ("next", "days to next")
"""Quantities that say which case starts which, so that each is started once."""


def made_option(network: Network, draw: Draw, rng: np.random.Generator) -> tuple[Network, Draw]:
    """Return a network and a draw that differ from others from a day on, which is another for each
    thing that differs."""
    teams = {name: _team(team, rng, network) for name, team in network.teams.items()}
    panels = {
        name: _panel(panel, rng) if rng.random() < CHANGED else panel
        for name, panel in network.panels.items()
    }
    option = replace(network, teams=teams, panels=panels)
    quantities = {
        name: _quantity(quantity, rng)
        if isinstance(quantity, Quantity) and name not in WHO and rng.random() < CHANGED / 5
        else quantity
        for name, quantity in draw.quantities.items()
    }
    cases = len(draw.arrived)
    for name in option.quantities:
        if name not in quantities:
            quantities[name] = Quantity.constant(rng.integers(1, 9, cases))
    return option, replace(draw, quantities=quantities)


def _day(rng: np.random.Generator) -> int:
    """Return a day, mostly one on which there is work in hand."""
    return int(rng.integers(3, DAYS // 2 if rng.random() < 0.7 else DAYS))


def _team(team: TeamPlan, rng: np.random.Generator, network: Network) -> TeamPlan:
    if team.daily is not None:
        from_day = _day(rng)
        minutes = team.daily.minutes.copy()
        if rng.random() < CHANGED:
            minutes[from_day:] = rng.permutation(minutes[from_day:])
        return replace(
            team,
            daily=replace(team.daily, minutes=minutes),
            rules=_rules(team.rules, rng, ()) if rng.random() < CHANGED else team.rules,
        )
    posts: list[Post] = [
        _rota(post, rng) if rng.random() < CHANGED else post for post in team.posts
    ]
    of_posts = list(range(len(posts)))
    for _ in range(rng.choice([0, 0, 1, 2])):
        place = int(rng.integers(0, len(posts) + 1))
        posts.insert(place, _new_post(rng))
        of_posts.insert(place, -1)
    rules = tuple(_with_posts(one, of_posts, rng, len(team.patches)) for one in team.rules)
    if rng.random() < CHANGED:
        rules = _rules(rules, rng, tuple(posts))
    sorted_again = team.sorted_again
    if rng.random() < CHANGED:
        from_minute = _day(rng) * MINUTES_A_DAY
        sorted_again = tuple(minute for minute in sorted_again if minute < from_minute)
    agency = team.agency
    if rng.random() < CHANGED and network.quantities:
        agency = _agency(agency, rng)
    return replace(team, posts=tuple(posts), rules=rules, sorted_again=sorted_again, agency=agency)


def _rota(post: Post, rng: np.random.Generator) -> Post:
    """Return a post with other hours from a day on; it may leave, or hand over at other minutes."""
    if not isinstance(post, Rota):
        return post
    day = _day(rng)
    minutes, takes = post.minutes.copy(), post.takes.copy()
    if rng.random() < 0.7:
        minutes[day:] = rng.permutation(minutes[day:])
    if rng.random() < 0.4:
        takes[day:] = False
    handovers = post.handovers
    if rng.random() < 0.4:
        handovers = tuple(minute for minute in handovers if minute < day * MINUTES_A_DAY)
    return Rota(minutes, takes, handovers)


def _new_post(rng: np.random.Generator) -> Rota:
    day = _day(rng)
    minutes = rng.choice([0, 60, 240, 444], DAYS, p=[0.3, 0.1, 0.3, 0.3])
    minutes[:day] = 0
    return Rota(minutes, np.arange(DAYS) >= day)


def _with_posts(rules: Rules, of_posts: list[int], rng: np.random.Generator, patches: int) -> Rules:
    serves, reserved, officers = rules.serves, rules.reserved, rules.officers
    every = tuple(range(patches))
    return replace(
        rules,
        serves=None if serves is None else tuple(every if i < 0 else serves[i] for i in of_posts),
        reserved=reserved
        if reserved is None or officers is not None
        else tuple(RESERVED[rng.integers(3)] if i < 0 else reserved[i] for i in of_posts),
        officers=None
        if officers is None
        else tuple(100 if i < 0 else officers[i] for i in of_posts),
    )


def _rules(
    rules: tuple[Rules, ...], rng: np.random.Generator, posts: tuple[Post, ...]
) -> tuple[Rules, ...]:
    """Return rules of which those from a minute on are others."""
    minute = _day(rng) * MINUTES_A_DAY
    kept = tuple(one for one in rules if one.starts < minute)
    order = sorted(ORDERS)[rng.integers(len(ORDERS))]
    reserved = tuple(RESERVED[rng.integers(4)] for _ in posts)
    last = replace(kept[-1], starts=minute, order=order, reserved=reserved)
    return (*kept, last)


def _agency(agency: AgencyPlan | None, rng: np.random.Generator) -> AgencyPlan:
    """Return an agency that takes work from the second third of the run on, or another rule."""
    if agency is not None:
        return replace(agency, allowance=(*agency.allowance[:-1], int(rng.integers(0, 4))))
    made = made_agency(rng)
    looks = made.looks
    if rng.random() < 0.7:
        looks = tuple((np.arange(DAYS) * MINUTES_A_DAY + WORK_STARTS).tolist())
    later = tuple(minute for minute in looks if minute >= made.opens[1])
    return replace(made, allowance=(0, *made.allowance[1:]), looks=later)


def _panel(panel: PanelPlan, rng: np.random.Generator) -> PanelPlan:
    minute = _day(rng) * MINUTES_A_DAY
    kept = [one for one in panel.sittings if one.closes < minute]
    later = [
        Sitting(one.closes, one.minute, int(rng.integers(0, 6)))
        for one in panel.sittings
        if one.closes >= minute and rng.random() < 0.8
    ]
    return PanelPlan((*kept, *later))


def _quantity(quantity: Quantity, rng: np.random.Generator) -> Quantity:
    """Return a quantity with other values from a minute on."""
    minute = _day(rng) * MINUTES_A_DAY
    kept = [i for i, start in enumerate(quantity.starts) if start < minute]
    rows = quantity.values[kept]
    other = rng.permuted(rows[-1:], axis=1)
    starts = (*(quantity.starts[i] for i in kept), minute)
    return Quantity(starts, np.concatenate([rows, other]), quantity.first, quantity.variant)
