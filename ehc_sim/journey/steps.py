"""A step of the journey: a node of the network, with how its numbers come from the settings.

The journey is a list of steps. Its network, the numbers of every case, the steps at which a request
can be open and who is waited for are read off that list, so that a new step is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from operator import attrgetter
from typing import Any, Literal

import numpy as np

from ehc_sim.calendars import Timeline
from ehc_sim.journey.keyed import Keyed, Periods
from ehc_sim.journey.population import Population, Service
from ehc_sim.journey.requests import RequestCases
from ehc_sim.journey.sampling import MINUTES_AN_HOUR, OLDEST, Ints, days_distribution
from ehc_sim.network.case_keys import CaseKeys
from ehc_sim.network.distributions import Sampler, Shares, Trial
from ehc_sim.network.nodes import Choice, Node
from ehc_sim.network.nodes import Wait as WaitNode
from ehc_sim.network.nodes import Work as WorkNode
from ehc_sim.network.quantities import AnyQuantity
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.numbers import Number, fixed
from ehc_sim.scenario.part import Delay, Effort, Wait
from ehc_sim.scenario.schema import Requests, Settings

_ASKING = 2  # whether a request may be made again


@dataclass(frozen=True, eq=False)
class Profiles:
    """Every combination of source, need, age, and whether a request may be made again.

    Attributes
    ----------
    source, need, age, may_ask : ndarray of int64, shape (profiles,)
        What each profile stands for.
    """

    source: Ints
    need: Ints
    age: Ints
    may_ask: Ints

    @classmethod
    def of(cls, requests: Requests) -> Profiles:
        """Return the profiles of a scenario's requests."""
        return _every(len(requests.sources), len(requests.needs))


@lru_cache(maxsize=8)
def _every(sources: int, needs: int) -> Profiles:
    parts = np.indices((sources, needs, OLDEST + 1, _ASKING))
    return Profiles(*(part.ravel() for part in parts))


def profiles_of(cases: RequestCases, requests: Requests) -> Ints:
    """Return the number of each request's profile, shape (requests,)."""
    who = cases.attributes
    may_ask = cases.again != np.arange(len(cases.again))
    number = who.source * len(requests.needs) + who.need
    return np.asarray((number * (OLDEST + 1) + who.age) * _ASKING + may_ask, dtype=np.int64)


@dataclass(frozen=True)
class Chances:
    """What the numbers of the cases of one replication are made from.

    Attributes
    ----------
    keys : CaseKeys
        What keys the random numbers of all cases of the run.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with this replication's uncertain numbers.
    everybody : Population
        The cases.
    """

    keys: CaseKeys
    timeline: Timeline
    periods: Periods
    everybody: Population

    @classmethod
    def of(
        cls, streams: Streams, timeline: Timeline, periods: Periods, everybody: Population
    ) -> Chances:
        """Return the chances of the cases of one replication."""
        profile = np.zeros(sum(everybody.sizes), dtype=np.int64)
        profile[: everybody.sizes[0]] = profiles_of(everybody.requests, periods[0][1].requests)
        about_plans = slice(everybody.firsts[2], None)
        born = everybody.born(timeline)
        if len(born):
            profile[about_plans] = (born - born.min())[everybody.holder[about_plans]]
        return cls(everybody.keys(streams, profile), timeline, periods, everybody)

    @cached_property
    def requests(self) -> Keyed:
        """Makes numbers of the requests."""
        return self._keyed(0, 1)

    @cached_property
    def reviews(self) -> Keyed:
        """Makes numbers of the reviews."""
        return self._keyed(2, 3)

    @cached_property
    def transfers(self) -> Keyed:
        """Makes numbers of the phase transfers."""
        return self._keyed(3, 4)

    @cached_property
    def both(self) -> Keyed:
        """Makes numbers of the reviews and the phase transfers, which are reviews too."""
        return self._keyed(2, 4)

    @cached_property
    def every(self) -> Keyed:
        """Makes numbers of the cases of every kind."""
        return self._keyed(0, 4)

    @property
    def who(self) -> Profiles:
        """Profiles that requests may have."""
        return Profiles.of(self.settings.requests)

    @property
    def settings(self) -> Settings:
        """Settings of the first day."""
        return self.periods[0][1]

    @property
    def service(self) -> Service:
        """What the stock of plans adds; there are steps of plans only where there is one."""
        assert self.everybody.service is not None
        return self.everybody.service

    def _keyed(self, first: int, last: int) -> Keyed:
        ends = [0, *accumulate(self.everybody.sizes)]
        return Keyed(self.keys, self.timeline, self.periods, range(ends[first], ends[last]))


Rule = Callable[[Chances], AnyQuantity]
"""How a quantity comes about in one replication."""
Kind = Literal["requests", "reviews", "transfers", "every"]
"""Cases that come to a step."""
Of = Callable[[Settings], Any]
"""Gives a setting."""


@dataclass(frozen=True)
class Step:
    """A node of the journey and its numbers.

    Attributes
    ----------
    node : Node
        The node.
    rules : mapping of str to Rule
        How the quantities that it reads come about, by name. Steps that read the same quantity have
        the same rule for it.
    wait : callable or None
        Gives the wait of the settings, for a step that is one; it may be None in a scenario.
    effort : callable or None
        Gives the effort of the settings, for a step that is work.
    waited_for : str
        Who or what is waited for; the name of the node unless the step says otherwise.
    """

    node: Node
    rules: Mapping[str, Rule] = field(default_factory=dict)
    wait: Callable[[Settings], Wait | None] | None = None
    effort: Callable[[Settings], Effort | None] | None = None
    waited_for: str = ""

    @property
    def name(self) -> str:
        """Name of the node."""
        return self.node.name


@dataclass(frozen=True)
class Steps:
    """Makes the usual kinds of step from the settings, each named by its path.

    A path such as ``drafting.effort`` is that of a scenario file; where more is needed than a path,
    a function of the settings may stand in its place.

    Attributes
    ----------
    settings : Settings
        Settings that name teams and say which kinds of days are counted.
    cases : {"requests", "reviews", "transfers", "every"}
        Cases that come to the steps.
    kind : str
        Kind of the work, by which posts can be reserved and hours are told.
    """

    settings: Settings
    cases: Kind = "requests"
    kind: str = "assessments"

    def wait(
        self,
        name: str,
        setting: str | Of,
        then: str,
        *,
        number: str = "",
        waited_for: str = "",
        rule: Rule | None = None,
    ) -> Step:
        """Return a wait; where the settings have none, nobody waits.

        Parameters
        ----------
        name : str
            Name of the node.
        setting : str or callable
            A ``Wait`` of the settings.
        then : str
            Node that follows.
        number : str
            What the days are of, which names them and their random numbers; by default the node.
        waited_for : str
            Who or what is waited for, where that is not the name of the node.
        rule : Rule, optional
            How the days come about, where that is more than the setting.
        """
        what, of = number or name, _of(setting)
        wait = of(self.settings)
        node = WaitNode(name, f"{what} days", then, wait.counted_in if wait else "calendar")
        days = rule or (lambda c: self._keyed(c).wait(what, of))
        return Step(node, {node.days: days}, wait=of, waited_for=waited_for)

    def delay(self, name: str, setting: str | Of, then: str, rule: Rule | None = None) -> Step:
        """Return a wait that a share of the cases meets: a ``Delay`` of the settings.

        ``rule`` says how the days come about, where that is more than the setting.
        """
        of = _of(setting)

        def wait(settings: Settings) -> Wait | None:
            delay: Delay | None = of(settings)
            return None if delay is None else delay.wait

        def sampler(settings: Settings) -> Sampler:
            delay: Delay | None = of(settings)
            return (
                Sampler(0) if delay is None else days_of_some(name, float(delay.share), delay.wait)
            )

        return self.wait(name, wait, then, rule=rule or self.by_period(sampler))

    def fixed_days(
        self, name: str, setting: str | Of, then: str, *, number: str, waited_for: str = ""
    ) -> Step:
        """Return a wait of as many calendar days for everybody; else as ``wait``."""
        of = _of(setting)

        def wait(settings: Settings) -> Wait:
            return Wait(mean_days=fixed(float(of(settings))))

        def days(chances: Chances) -> AnyQuantity:
            return self._keyed(chances).same(lambda s: float(of(s)))

        return self.wait(name, wait, then, number=number, waited_for=waited_for, rule=days)

    def work(
        self,
        name: str,
        setting: str | Of,
        then: str,
        *,
        team: str = "",
        number: str = "",
        rule: Rule | None = None,
        by_agency: str = "",
        own_posts: bool = False,
    ) -> Step:
        """Return work by a team.

        Parameters
        ----------
        name : str
            Name of the node.
        setting : str or callable
            An ``Effort`` of the settings, or a number of hours that is the same for every case.
        then : str
            Node that follows.
        team : str
            Team that works; by default that of the setting beside the effort: ``team`` beside
            ``effort``, and else such as ``check_team`` beside ``check``.
        number : str
            What the minutes are of, which names them and their random numbers; by default the node.
        rule : Rule, optional
            How the minutes come about, where that is more than the setting.
        by_agency : str
            Node that follows where the team's agency did the work, if it is another.
        own_posts : bool
            Whether the work is never passed on to an agency.
        """
        what, of = number or name, _effort_of(setting)
        if isinstance(setting, str) and not team:
            beside = (
                setting.removesuffix("effort") if setting.endswith(".effort") else f"{setting}_"
            )
            team = attrgetter(f"{beside}team")(self.settings)
        node = WorkNode(name, team, f"{what} minutes", then, self.kind, by_agency, own_posts)
        minutes = rule or (lambda c: self._keyed(c).effort(what, of))
        return Step(node, {node.minutes: minutes}, effort=of)

    def choice(self, name: str, option: str, rule: Rule, **ways: str) -> Step:
        """Return one of several ways on, numbered from 0, by the quantity ``<option> option``.

        Parameters
        ----------
        name : str
            Name of the node.
        option : str
            What is chosen.
        rule : Rule
            How the number of the way comes about.
        **ways : str
            Label and node of each way.
        """
        return Step(
            Choice(name, f"{option} option", tuple(ways.items())), {f"{option} option": rule}
        )

    def share(self, name: str, setting: str | Callable[[Settings], Shares]) -> Rule:
        """Return the rule by which a share of the cases has 1 and the others 0.

        Parameters
        ----------
        name : str
            Name of the random numbers.
        setting : str or callable
            A share of the settings, or for each profile.
        """
        of = _of(setting) if callable(setting) else (lambda s: float(_of(setting)(s)))
        return lambda c: self._keyed(c).chosen(name, of)

    def by_period(self, sampler: Callable[[Settings], Sampler]) -> Rule:
        """Return the rule of a quantity whose law follows from the settings of each period."""
        return lambda c: self._keyed(c).by_period(sampler)

    def _keyed(self, chances: Chances) -> Keyed:
        keyed: Keyed = getattr(chances, self.cases)
        return keyed


def _of(setting: str | Of) -> Of:
    return attrgetter(setting) if isinstance(setting, str) else setting


def _effort_of(setting: str | Of) -> Callable[[Settings], Effort | None]:
    """Return what gives an effort of the settings; a number is the hours of every case."""
    of = _of(setting)

    def effort(settings: Settings) -> Effort | None:
        found: Effort | Number | None = of(settings)
        if not isinstance(found, Number):
            return found
        hours = float(found)
        return Effort(mean_hours=fixed(max(hours, 1 / MINUTES_AN_HOUR))) if hours > 0 else None

    return effort


def plain(*several: Node) -> tuple[Step, ...]:
    """Return the steps of nodes that read no number."""
    return tuple(map(Step, several))


def rules_of(steps: Iterable[Step]) -> dict[str, Rule]:
    """Return how the quantities that the nodes of steps read come about, by name."""
    return {name: rule for step in steps for name, rule in step.rules.items()}


def days_of_some(name: str, share: Shares, wait: Wait) -> Sampler:
    """Return the days of a wait that a share of the cases has; 0 for the others."""
    days = days_distribution(f"{name} days", wait)
    if isinstance(days, int):
        return Sampler(0, (Trial(name, share, days),))
    return Sampler(0, (Trial(name, share, None),), days)
