"""Until when two networks with their draws run alike: what each may read is compared.

A run reads values, rotas, rules, sittings and allowances as its minutes go by. Two runs of the same
pathway and the same cases are the same as far as all that they have read is. Whatever is not
compared here is taken to differ from the start.
"""

from dataclasses import MISSING, fields
from itertools import zip_longest
from typing import Any

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.network.case_keys import CaseKeys
from ehc_sim.network.draw import Draw
from ehc_sim.network.network import (
    AgencyPlan,
    DailyHours,
    Network,
    PanelPlan,
    Rules,
    TeamPlan,
)
from ehc_sim.network.parting_teams import Parting, Posts, compare_team, same
from ehc_sim.network.posts import Rota
from ehc_sim.network.quantities import AnyQuantity, Quantity, Sampled

__all__ = ["Parting", "Posts", "parting"]

Run = tuple[Network, Draw]


def parting(one: Run, other: Run) -> Parting:
    """Return where two runs part.

    Parameters
    ----------
    one, other : tuple of Network and Draw
        What is run. The order matters for the posts only.

    Returns
    -------
    Parting
    """
    (network, draw), (network2, draw2) = one, other
    found = Parting(len(network.timeline.days) * MINUTES_A_DAY)
    unknown = _unknown(network, draw) or _unknown(network2, draw2)
    if unknown is not None:
        found.at(0, f"{unknown}, which are not compared")
    elif not _same_pathway(network, network2):
        found.at(0, "the steps of the journey")
    elif not _same_cases(draw, draw2):
        found.at(0, "requests, or plans at the start")
    else:
        for name in network.quantities:
            _compare_quantity(found, name, draw.quantities[name], draw2.quantities.get(name))
        for name in network.pathway.panels:
            _compare_panel(found, name, network.panels[name], network2.panels[name])
        for name in network.pathway.teams:
            compare_team(found, name, network.teams[name], network2.teams[name])
    return found


_COMPARED: dict[type[Any], tuple[str, ...]] = {
    Network: ("pathway", "timeline", "teams", "panels", "clock_days"),
    Draw: ("arrived", "quantities", "entry", "holder", "open", "keys"),
    TeamPlan: (
        *("posts", "rules", "patches", "patch", "agency", "daily"),
        *("filled", "covered", "sorted_again"),
    ),
    Rules: (
        *("starts", "order", "newest_share", "minutes_to_go"),
        *("serves", "reserved", "ahead", "waited"),
    ),
    AgencyPlan: ("opens", "allowance", "days", "longer_than", "older_than", "looks"),
    DailyHours: ("minutes", "most_a_case"),
    Rota: ("minutes", "takes", "handovers"),
    PanelPlan: ("sittings",),
    Quantity: ("starts", "values", "first", "variant"),
    Sampled: ("starts", "samplers", "keys", "cases", "variant"),
}
"""What is compared of each part, or read by no run (what posts cost)."""


_NOT_COMPARED = {
    kind: [(one.name, one.default) for one in fields(kind) if one.init and one.name not in compared]
    for kind, compared in _COMPARED.items()
}
"""What is not compared of each kind of part, with what says nothing: its default."""


def _unknown(network: Network, draw: Draw) -> str | None:
    """Return the name of something that a network or its draw says and that is not compared."""
    teams = network.teams.values()
    agencies = [team.agency for team in teams if team.agency is not None]
    days = [team.daily for team in teams if team.daily is not None]
    rules = [rules for team in teams for rules in team.rules]
    posts = [post for team in teams for post in team.posts if isinstance(post, Rota)]
    panels, quantities = network.panels.values(), draw.quantities.values()
    parts = (network, draw, *teams, *agencies, *days, *rules, *posts, *panels, *quantities)
    for part in parts:
        for name, default in _NOT_COMPARED[type(part)]:
            if default is MISSING or getattr(part, name) != default:
                return name
    return None


def _same_pathway(one: Network, other: Network) -> bool:
    return (
        one.pathway == other.pathway
        and one.clock_days == other.clock_days
        and _same_calendar(one, other)
    )


def _same_calendar(one: Network, other: Network) -> bool:
    a, b = one.timeline, other.timeline
    return a is b or (
        (a.first_day, a.last_day) == (b.first_day, b.last_day)
        and np.array_equal(a.working, b.working)
        and np.array_equal(a.school, b.school)
    )


def _same_cases(one: Draw, other: Draw) -> bool:
    pairs = [(one.arrived, other.arrived), (one.entry, other.entry), (one.holder, other.holder)]
    return (
        all(same(a, b) for a, b in pairs)
        and one.open == other.open
        and _same_keys(one.keys, other.keys)
    )


def _same_keys(one: CaseKeys | None, other: CaseKeys | None) -> bool:
    if one is None or other is None or one is other:
        return one is other
    a, b = one.streams, other.streams
    return (
        (a.seed, a.replication, one.prefixes) == (b.seed, b.replication, other.prefixes)
        and same(one.numbers, other.numbers)
        and same(one.group, other.group)
        and same(one.profile, other.profile)
    )


def _compare_quantity(
    found: Parting, name: str, one: AnyQuantity, other: AnyQuantity | None
) -> None:
    """Compare what is read of a quantity; that of an agency may be missing where it has no work."""
    if one is other or other is None:
        return
    if type(one) is not type(other) or one.cases != other.cases:
        found.at(0, name)
        return
    if (one.variant is None) != (other.variant is None):
        found.at(0, name)
    elif one.variant is not None:
        _compare_quantity(found, name, one.variant, other.variant)
    # Each of the minutes from which either has new values, with the values of both.
    for start in sorted({*one.starts, *other.starts}):
        if start >= found.minute:
            return
        if not _same_values(one, other, start):
            found.at(start, name)
            return


def _same_values(one: AnyQuantity, other: AnyQuantity, minute: int) -> bool:
    a, b = (int(np.searchsorted(q.starts, minute, "right")) - 1 for q in (one, other))
    if isinstance(one, Sampled) and isinstance(other, Sampled):
        return one.samplers[a] is other.samplers[b] or one.samplers[a].same_as(other.samplers[b])
    assert isinstance(one, Quantity)
    assert isinstance(other, Quantity)
    return same(one.values[a], other.values[b])


def _compare_panel(found: Parting, name: str, one: PanelPlan, other: PanelPlan) -> None:
    """Compare lists: each is looked up when the one before it is made up."""
    if one is other:
        return
    before = 0
    for a, b in zip_longest(one.sittings, other.sittings):
        if before >= found.minute:
            return
        if a != b:
            found.at(before, name)
            return
        before = a.closes
