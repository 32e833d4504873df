"""What a run needs besides the draw: the pathway, its teams and its panels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.network.capacity import Calendars
from ehc_sim.network.draw import Draw
from ehc_sim.network.nodes import InPlace, quantities_of
from ehc_sim.network.orders import AHEAD, FLAGS, ORDERS, WAITED, Order
from ehc_sim.network.pathway import Pathway
from ehc_sim.network.posts import Post


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
    longer_than : tuple of int or None
        For each of ``opens``: cases are passed on while more than so many wait.
    older_than : tuple of int or None
        For each of ``opens``: cases are passed on when the next one has waited more minutes. Where
        both are None, cases are passed on whenever no post is free; where both are given, either
        is enough.
    looks : tuple of int
        Minutes at which the rule is looked at even if nothing else happens: working mornings.
    """

    opens: tuple[int, ...]
    allowance: tuple[int, ...]
    days: str
    longer_than: tuple[int | None, ...] = ()
    older_than: tuple[int | None, ...] = ()
    looks: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class DailyHours:
    """Capacity of a team of which only the hours a day are known, and nobody's rota.

    Attributes
    ----------
    minutes : ndarray of int64, shape (days,)
        Minutes of work of the whole team on each day.
    most_a_case : ndarray of int64, shape (days,)
        Most minutes that one case can be given on each day, 1 or more.
    """

    minutes: NDArray[np.int64]
    most_a_case: NDArray[np.int64]


AWAY_MINUTES = 7 * MINUTES_A_DAY
"""A post without a job that will not be at work for so long leaves its cases to the agency."""


@dataclass(frozen=True)
class Rules:
    """How a team shares out its work from a minute on.

    Attributes
    ----------
    starts : int
        First minute.
    order : Order
        Order of work.
    newest_share : float
        Share of picks that go to the newest case, where the order has it.
    minutes_to_go : int
        Minutes that a case needs after this work, where overdue jobs come last.
    serves : tuple of tuple of int, or None
        For each post, the numbers of the patches that it serves; None where all serve all.
    reserved : tuple of str, or None
        For each post, the kind of work that it takes first (``overdue``: whatever is past its
        statutory date), empty where it has none; None where no post is reserved. Where each case
        has an officer of its own, it is not by post, but for each equal part of an officer's hours:
        of the kinds that wait, an officer takes first the one that lacks most of its share of the
        hours since these rules began.
    ahead : tuple of str
        Classes of ``network.orders`` that are taken ahead of all other cases, the first named
        first; within a class, and among the others, the order of work holds, but those that have
        waited long are taken oldest first in every order. What a post is reserved for comes before
        them.
    waited : int
        Minutes since the start of its clock after which a case is of the class ``waited long``.
    officers : tuple of int, or None
        For each post, how large it is as one of which each case has its own, such as hundredths of
        a full-time post, and 0 for one that is given no cases; None where any post that is free
        takes the next job. Every case belongs to the plan that it is about (``Draw.holder``), and
        all of these have one officer: of the posts that serve the patch, the one with the fewest
        open cases for its size when their first job comes to the team. Only this post does the
        team's jobs for them, until whoever is in it gives up its cases (``Post.gives_up``).
    """

    starts: int = 0
    order: Order = "received"
    newest_share: float = 0.5
    minutes_to_go: int = 0
    serves: tuple[tuple[int, ...], ...] | None = None
    reserved: tuple[str, ...] | None = None
    ahead: tuple[str, ...] = ()
    waited: int = 0
    officers: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.order not in ORDERS:
            raise ValueError(f"order {self.order!r}, allowed is one of {', '.join(ORDERS)}")
        for name in self.ahead:
            if name not in FLAGS and name != WAITED:
                known = ", ".join((*FLAGS, WAITED))
                raise ValueError(f"class {name!r}, allowed is one of {known}")

    @cached_property
    def classes(self) -> tuple[int, ...]:
        """Class of a case by its flags, from 0 for the first that is ahead; waiting left aside."""
        return tuple(
            next(
                (place for place, name in enumerate(self.ahead) if flags & FLAGS.get(name, 0)),
                len(self.ahead),
            )
            for flags in range(sum(FLAGS.values()) + 1)
        )

    @property
    def class_of_waited(self) -> int | None:
        """Class of a case that has waited long; None where that is no class."""
        return self.ahead.index(WAITED) if WAITED in self.ahead else None


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
    daily : DailyHours or None
        Hours a day, for a team without known posts.
    filled, covered : ndarray of float64, shape (days,), or None
        Full-time posts that are filled, and full-time posts of temporary staff, on each day, for
        what they cost; None where every post is filled.
    sorted_again : tuple of int
        Minutes, beside the starts of rules, at which all that waits is put into its class anew; a
        case comes into the class that it has when it joins or is put back, and keeps it until then.

    Raises
    ------
    ValueError
        When the rules do not start at minute 0 and rise, or do not speak of every post; when a team
        of daily hours has posts.
    """

    posts: tuple[Post, ...]
    rules: tuple[Rules, ...] = (Rules(),)
    patches: tuple[str, ...] = ("all",)
    patch: NDArray[np.int64] | None = None
    agency: AgencyPlan | None = None
    daily: DailyHours | None = None
    filled: NDArray[np.float64] | None = None
    covered: NDArray[np.float64] | None = None
    sorted_again: tuple[int, ...] = ()

    @property
    def named_officers(self) -> bool:
        """Whether each case has an officer of its own at some time of the run."""
        return any(rules.officers is not None for rules in self.rules)

    def rows_of_queues(self, rules: Rules) -> int:
        """Return how often a team has the queues for each kind and class of work.

        Once for each patch, or for each officer and for the cases that nobody can be given.
        """
        return len(self.patches) if rules.officers is None else len(self.posts) + 1

    def rows_served(self, rules: Rules) -> tuple[tuple[int, ...], ...]:
        """Return which of these each post takes its jobs from."""
        if rules.officers is not None:
            return tuple((number,) for number in range(len(self.posts)))
        every = tuple(range(len(self.patches)))
        return rules.serves or (every,) * len(self.posts)

    def first_kinds(self, rules: Rules) -> tuple[dict[str, int], ...]:
        """Return for each post the kinds that it takes first, with the parts of its hours of each.

        A kind that is empty comes first, the others in the order of their names.
        """
        if rules.officers is not None:
            return (dict(sorted(Counter(rules.reserved or ("",)).items())),) * len(self.posts)
        return tuple({kind: 1} for kind in rules.reserved or ("",) * len(self.posts))

    def sizes(self, rules: Rules) -> tuple[tuple[int, ...], ...]:
        """Return how large each post is as one that is given cases of each patch."""
        assert rules.officers is not None
        every = tuple(range(len(self.patches)))
        serves = rules.serves or (every,) * len(self.posts)
        return tuple(
            tuple(
                size if patch in patches else 0
                for size, patches in zip(rules.officers, serves, strict=True)
            )
            for patch in every
        )

    def own_posts(self, pathway: Pathway) -> tuple[bool, ...]:
        """Return whether each node waits apart from what the team's agency may take."""
        if self.agency is None:
            return (False,) * len(pathway.nodes)
        return pathway.own_posts

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
            of_posts = rules.reserved if rules.officers is None else None
            if of_posts is not None and len(of_posts) != len(self.posts):
                raise ValueError(
                    f"rules reserve {len(of_posts)} posts, there are {len(self.posts)}"
                )
            if rules.officers is not None and len(rules.officers) != len(self.posts):
                raise ValueError(
                    f"rules name {len(rules.officers)} officers, there are {len(self.posts)} posts"
                )
            if rules.officers is not None and self.daily is not None:
                raise ValueError("rules name officers of a team of daily hours, which has none")
        if self.daily is not None and self.posts:
            raise ValueError(f"a team of daily hours has no posts of its own: {len(self.posts)}")


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

    Examples
    --------
    One post, which is always there, and two cases: the second comes while the first is worked on.

    >>> from datetime import date
    >>> import numpy as np
    >>> from ehc_sim.calendars import SchoolTerms, Timeline
    >>> from ehc_sim.engines.simpy import run
    >>> from ehc_sim.network import AlwaysThere, Draw, End, Network, Pathway, Quantity
    >>> from ehc_sim.network import TeamPlan, Work
    >>> drafting = Work("drafting", "officers", "minutes", "issued")
    >>> pathway = Pathway([drafting, End("issued", "done")])
    >>> year = Timeline.england(date(2026, 1, 1), date(2026, 12, 31), SchoolTerms())
    >>> network = Network(pathway, year, teams={"officers": TeamPlan(posts=(AlwaysThere(),))})
    >>> draw = Draw(np.array([0, 10]), {"minutes": Quantity.constant([60, 30])})
    >>> log = run(network, draw)
    >>> log.reached("issued").tolist()
    [60, 90]
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
        if any(rules.ahead for team in self.teams.values() for rules in team.rules):
            names.append(AHEAD)
        return tuple(dict.fromkeys(names))

    @cached_property
    def calendars(self) -> Calendars:
        """What the posts and the daily hours of all teams work, day by day."""
        return Calendars.of(self.teams.values(), len(self.timeline.days))

    def check(self, draw: Draw) -> None:
        """Check that a draw has what this network reads.

        Raises
        ------
        ValueError
            When it lacks a quantity, or a quantity lacks the value of a case that may read it.

        Examples
        --------
        With the names of the example of ``Network``:

        >>> network.check(Draw(np.array([0]), {}))
        Traceback (most recent call last):
        ValueError: the draw lacks minutes
        """
        missing = [name for name in self.quantities if name not in draw.quantities]
        if missing:
            raise ValueError(f"the draw lacks {', '.join(missing)}")
        numbers = np.arange(len(draw.arrived))
        entry = np.zeros_like(numbers) if draw.entry is None else draw.entry
        holder = numbers if draw.holder is None else draw.holder
        of_plans = {node.ends for node in self.pathway if isinstance(node, InPlace)}
        for place, name in enumerate(self.pathway.entries):
            here = numbers[entry == place]
            if not len(here):
                continue
            ends_of_cases = here[0], here[-1]
            holders = holder[here]
            ends_of_holders = holders.min(), holders.max()
            for quantity in self.pathway.quantities_from(name):
                first, last = ends_of_holders if quantity in of_plans else ends_of_cases
                there = draw.quantities[quantity].cases
                if first < there.start or last >= there.stop:
                    raise ValueError(
                        f"{quantity!r} has values for cases {there.start} to {there.stop - 1}; "
                        f"cases {first} to {last} arrive at {name!r} and read it"
                    )
