"""What a run needs besides the draw: the pathway, its teams and its panels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.pathway.nodes import quantities_of
from ehc_sim.pathway.posts import Post
from ehc_sim.pathway.quantities import Quantity
from ehc_sim.pathway.queues import ORDERS
from ehc_sim.pathway.table import Pathway


@dataclass(frozen=True, eq=False)
class AgencyPlan:
    """Work that a team passes on to an agency when none of its posts is free.

    Attributes
    ----------
    opens : tuple of int
        Minutes at which a new allowance of cases begins, rising: the starts of months.
    allowance : tuple of int
        Most cases from each of them until the next.
    days : str
        Quantity that gives the calendar days to having the work back.
    """

    opens: tuple[int, ...]
    allowance: tuple[int, ...]
    days: str


@dataclass(frozen=True)
class Rules:
    """How a team shares out its work from a minute on.

    Attributes
    ----------
    starts : int
        First minute.
    order : str
        Order of work, one of ``ORDERS``.
    newest_share : float
        Share of picks that go to the newest case, for the order ``mixed``.
    minutes_to_go : int
        Minutes that a case needs after this work, for the order ``still in time first``.
    serves : tuple of tuple of int, or None
        For each post, the numbers of the patches that it serves; None where all serve all.
    """

    starts: int = 0
    order: str = "received"
    newest_share: float = 0.5
    minutes_to_go: int = 0
    serves: tuple[tuple[int, ...], ...] | None = None

    def __post_init__(self) -> None:
        if self.order not in ORDERS:
            raise ValueError(f"order {self.order!r}, allowed is one of {', '.join(ORDERS)}")


@dataclass(frozen=True, eq=False)
class TeamPlan:
    """A team: its posts, its queues and how it shares out its work.

    Attributes
    ----------
    posts : tuple of Post
        The posts.
    rules : tuple of Rules
        How work is shared out, from minute 0 on and from later minutes.
    patches : tuple of str
        Names of the patches; one for a team without patches.
    patch : ndarray of int64, shape (cases,), or None
        Number of each case's patch; None where there is one patch.
    agency : AgencyPlan or None
        Agency to which work is passed on.

    Raises
    ------
    ValueError
        When the rules do not start at minute 0 and rise, or do not speak of every post.
    """

    posts: tuple[Post, ...]
    rules: tuple[Rules, ...] = (Rules(),)
    patches: tuple[str, ...] = ("all",)
    patch: NDArray[np.int64] | None = None
    agency: AgencyPlan | None = None

    def __post_init__(self) -> None:
        starts = [rules.starts for rules in self.rules]
        if starts[0] != 0 or starts != sorted(set(starts)):
            raise ValueError("the rules of a team must start at minute 0 and rise")
        for rules in self.rules:
            if rules.serves is not None and len(rules.serves) != len(self.posts):
                raise ValueError(
                    f"rules give the patches of {len(rules.serves)} posts, there are "
                    f"{len(self.posts)}"
                )


@dataclass(frozen=True)
class Sitting:
    """One sitting of a panel.

    Attributes
    ----------
    closes : int
        Minute at which the list is made up; cases that join later wait for the next sitting.
    minute : int
        Minute of the decisions, after ``closes``.
    cases : int
        Most cases on the list.

    Raises
    ------
    ValueError
        When the decisions do not come after the list is made up.
    """

    closes: int
    minute: int
    cases: int

    def __post_init__(self) -> None:
        if self.minute <= self.closes:
            raise ValueError(f"a list closes at minute {self.closes}, decided at {self.minute}")


@dataclass(frozen=True)
class PanelPlan:
    """A panel: its sittings in the order in which their lists close."""

    sittings: tuple[Sitting, ...]


@dataclass(frozen=True, eq=False)
class Draw:
    """What chance decides for one replication, all sampled before the run.

    Attributes
    ----------
    arrived : ndarray of int64, shape (cases,)
        Minute at which each case arrives, rising.
    quantities : mapping of str to Quantity
        Values of every quantity of the pathway by name.

    Raises
    ------
    ValueError
        When the minutes of arrival do not rise, or a quantity lacks a value for a case or has one
        below 0.
    """

    arrived: NDArray[np.int64]
    quantities: Mapping[str, Quantity]

    def __post_init__(self) -> None:
        if (np.diff(self.arrived) < 0).any():
            raise ValueError("cases must be in the order in which they arrive")
        for name, quantity in self.quantities.items():
            found, cases = quantity.values.shape[1], len(self.arrived)
            if found != cases:
                raise ValueError(f"{name!r} has {found} values, there are {cases} cases")
            if (quantity.values < 0).any():
                raise ValueError(f"{name!r} has a value below 0")


@dataclass(frozen=True, eq=False)
class Network:
    """A pathway with its teams and panels, ready to run.

    Attributes
    ----------
    pathway : Pathway
        The table of nodes.
    teams : mapping of str to TeamPlan
        Teams by name.
    panels : mapping of str to PanelPlan
        Panels by name.
    timeline : Timeline
        Calendar of the run. The run ends with its last day.
    clock_days : int
        Days of the statutory clock that starts on the day a case arrives.

    Raises
    ------
    ValueError
        When a team or a panel of the pathway is missing.
    """

    pathway: Pathway
    timeline: Timeline
    teams: Mapping[str, TeamPlan] = field(default_factory=dict)
    panels: Mapping[str, PanelPlan] = field(default_factory=dict)
    clock_days: int = 140

    def __post_init__(self) -> None:
        missing = [f"team {t!r}" for t in self.pathway.teams if t not in self.teams]
        missing += [f"panel {p!r}" for p in self.pathway.panels if p not in self.panels]
        if missing:
            raise ValueError(f"the network lacks {', '.join(missing)}")

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """Names of the quantities that a draw must hold."""
        names = [name for node in self.pathway for name in quantities_of(node)]
        names += [team.agency.days for team in self.teams.values() if team.agency]
        return tuple(dict.fromkeys(names))
