"""The teams and panels of the journey, from a scenario and the keyed random numbers."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from math import floor
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, Timeline, sitting_days
from ehc_sim.journey.cases import Cases
from ehc_sim.journey.keyed import Keyed, Periods
from ehc_sim.journey.priority import sorted_again
from ehc_sim.network.network import AgencyPlan, DailyHours, PanelPlan, Rules, Sitting, TeamPlan
from ehc_sim.network.quantities import Sampled
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.part import Wait
from ehc_sim.scenario.people import Agency, Panel, Team, Weekday
from ehc_sim.scenario.schema import Settings
from ehc_sim.staff.rota import RotaMaker, kinds_reserved
from ehc_sim.staff.turnover import stretches

LIST_CLOSES = 17 * 60
"""Minute of the day at which a panel's list is made up."""
SITS_AT = 10 * 60
"""Minute of the day at which a panel's decisions are known."""
HUNDREDTHS = 100
MINUTES_A_WEEK = 7 * MINUTES_A_DAY
DAYS_A_MONTH = 365.25 / 12


class JourneyPeople:
    """Builds a replication's teams and panels.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with this replication's uncertain numbers.
    """

    def __init__(self, streams: Streams, timeline: Timeline, periods: Periods) -> None:
        self._streams = streams
        self._timeline = timeline
        self._periods = periods
        self._starts = [max(0, timeline.minute(day)) for day, _ in periods]
        self._firsts = [start // MINUTES_A_DAY for start in self._starts]
        self._period_of_day = _period_of_day(self._firsts, timeline)

    def team(self, name: str, cases: Cases) -> TeamPlan:
        """Return a team with this replication's posts, or its hours a day.

        Parameters
        ----------
        name : str
            Name of the team.
        cases : Cases
            Who the cases are about.
        """
        teams = [settings.teams[name] for _, settings in self._periods]
        if teams[0].capacity == "daily hours":
            return TeamPlan(
                (),
                self._rules(teams, [], 1, [()] * len(teams)),
                daily=self._daily(teams),
                sorted_again=sorted_again(teams, self._starts, self._timeline),
            )
        return self._team_of_posts(name, teams, cases)

    def _team_of_posts(self, name: str, teams: Sequence[Team], cases: Cases) -> TeamPlan:
        patches = tuple(dict.fromkeys(patch for team in teams for patch in team.patches))
        plan_from = self._timeline.minute(self._periods[0][1].period.plan_from) // MINUTES_A_DAY
        maker = RotaMaker(self._streams, self._timeline, teams, self._period_of_day, plan_from)
        groups = [
            maker.posts(
                f"{name}, {group}" if group else name, [_posts(team, group) for team in teams]
            )
            for group in ("", *patches)
        ]
        group_of = [number for number, group in enumerate(groups) for _ in group.rotas]
        parts = [_parts(team, ("", *patches), group_of) for team in teams]
        come_and_go = any(
            float(team.leavers_a_year) > 0 or float(team.weeks_to_recruit) > 0 for team in teams
        )
        return TeamPlan(
            posts=tuple(rota for group in groups for rota in group.rotas),
            rules=self._rules(teams, group_of, len(patches), parts),
            patches=patches or ("all",),
            patch=_patch(teams[-1], patches, cases),
            agency=self._agency(name, teams),
            filled=np.sum([group.filled for group in groups], axis=0) if come_and_go else None,
            covered=np.sum([group.covered for group in groups], axis=0) if come_and_go else None,
            sorted_again=sorted_again(teams, self._starts, self._timeline),
        )

    def panel(self, name: str) -> PanelPlan:
        """Return a panel with its sittings."""
        panels = tuple(settings.panels[name] for _, settings in self._periods)
        return _panel(panels, tuple(self._firsts), self._timeline)

    def _daily(self, teams: Sequence[Team]) -> DailyHours:
        a_day, most = (
            np.rint([60 * float(hours) for hours in of_team]).astype(np.int64)[self._period_of_day]
            for of_team in (
                [team.hours_a_day for team in teams],
                [team.most_hours_a_case for team in teams],
            )
        )
        return DailyHours(np.where(self._timeline.working, a_day, 0), np.maximum(most, 1))

    def _rules(
        self,
        teams: Sequence[Team],
        group_of: Sequence[int],
        patches: int,
        parts: Sequence[tuple[int, ...]],
    ) -> tuple[Rules, ...]:
        every = tuple(range(max(patches, 1)))
        rules: list[Rules] = []
        for start, team, part in zip(self._starts, teams, parts, strict=True):
            serves = tuple(
                every if group == 0 or team.pooled else (group - 1,) for group in group_of
            )
            to_go = round(float(team.weeks_to_go) * MINUTES_A_WEEK)
            reserved = _reserved(team, group_of)
            waited = round(float(team.waited_long_weeks) * MINUTES_A_WEEK) if team.ahead else 0
            of_order = (team.order, float(team.newest_share), to_go)
            officers = part if team.named_officers else None
            new = Rules(start, *of_order, serves, reserved, team.ahead, waited, officers)
            if not rules or replace(new, starts=rules[-1].starts) != rules[-1]:
                rules.append(new)
        return tuple(rules)

    def _agency(self, name: str, teams: Sequence[Team]) -> AgencyPlan | None:
        if not any(team.agency for team in teams):
            return None
        period, month = self._period_of_day, self._timeline.month
        new_period = np.flatnonzero(np.diff(period)) + 1
        works = [_which_cases(team.agency) for team in teams]
        changes = [d for d in new_period if works[period[d]] != works[period[d - 1]]]
        # A month in which the agency starts, ends or changes has an allowance for each part of it.
        firsts = np.union1d(np.flatnonzero(np.diff(month, prepend=-1)), changes).astype(np.int64)
        part = np.diff(firsts, append=len(month)) / np.bincount(month)[month[firsts]]
        part *= np.add.reduceat(_ramp(teams, period), firsts) / np.diff(firsts, append=len(month))
        agencies = [teams[period[day]].agency for day in firsts]
        longer = [_whole(agency and agency.queue_longer_than, 1) for agency in agencies]
        older = [_whole(agency and agency.older_than_weeks, MINUTES_A_WEEK) for agency in agencies]
        by_rule = [a is not None or b is not None for a, b in zip(longer, older, strict=True)]
        looks = self._timeline.working & np.repeat(by_rule, np.diff(firsts, append=len(month)))
        return AgencyPlan(
            opens=tuple(int(day) * MINUTES_A_DAY + WORK_STARTS for day in firsts),
            allowance=_allowances(agencies, part.tolist()),
            days=f"{name}: agency days",
            longer_than=tuple(longer),
            older_than=tuple(older),
            looks=tuple(int(day) * MINUTES_A_DAY + WORK_STARTS for day in np.flatnonzero(looks)),
        )


def _which_cases(agency: Agency | None) -> Agency | None:
    """Return what says which cases an agency takes, whatever they cost and take."""
    others = dict.fromkeys(("price", "funded_by", "turnaround"))
    return agency and agency.model_copy(update=others)


def _allowances(agencies: Sequence[Agency | None], shares: Sequence[float]) -> tuple[int, ...]:
    """Return how many cases an agency takes in each month, or part of one.

    What is left of a case is carried to the next, while the contract lasts: half a case a month is
    one case every second month.

    Parameters
    ----------
    agencies : sequence of Agency or None
        The agency in each part.
    shares : sequence of float
        Share of a month's full number.
    """
    found, due, taken = [], 0.0, 0
    for agency, share in zip(agencies, shares, strict=True):
        if agency is None:
            due, taken = 0.0, 0
        else:
            due += float(agency.cases_a_month) * share
        found.append(int(due + 0.5 + 1e-9) - taken)
        taken += found[-1]
    return tuple(found)


def _ramp(teams: Sequence[Team], period: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the share of the full number that an agency takes on each day, at midday.

    It rises evenly over the months of the contract's ramp, from the first day of the contract.
    """
    there = np.array([team.agency is not None for team in teams])[period]
    days = DAYS_A_MONTH * np.array(
        [0.0 if team.agency is None else float(team.agency.ramp_months) for team in teams]
    )
    share = np.ones(len(period))
    for first, after in stretches(there):
        if first > 0:
            gone = np.arange(after - first) + 0.5
            ramp = np.maximum(days[period[first:after]], 0.5)
            share[first:after] = np.minimum(1, gone / ramp)
    return share


def _whole(number: Number | None, times: int) -> int | None:
    """Return the whole number that what is counted in whole ones is more than just as often."""
    return None if number is None else floor(float(number) * times)


def _posts(team: Team, group: str) -> float:
    if not group:
        return float(team.posts)
    return float(team.patches[group].posts) if group in team.patches else 0.0


def _parts(team: Team, groups: Sequence[str], group_of: Sequence[int]) -> tuple[int, ...]:
    """Return how much of a full-time post each post is, in hundredths; 0 where it is not there."""
    parts = []
    for number, group in enumerate(groups):
        for place in range(group_of.count(number)):
            part = min(max(_posts(team, group) - place, 0), 1)
            parts.append(max(round(100 * part), 1) if part else 0)
    return tuple(parts)


def _reserved(team: Team, group_of: Sequence[int]) -> tuple[str, ...] | None:
    """Return the kind of work that each post takes first, by number within each group.

    Where officers are named, it is the kind that each of them takes first in each hundredth of the
    hours: an officer does all kinds of work for a child.
    """
    reserved = ((kind, float(share)) for kind, share in team.reserved.items())
    shares = tuple((kind, share) for kind, share in reserved if share > 0)
    if not shares or not group_of:
        return None
    if team.named_officers:
        return _kinds_by_group(shares, (HUNDREDTHS,))
    return _kinds_by_group(shares, tuple(np.bincount(np.array(group_of)).tolist()))


@lru_cache(maxsize=64)
def _kinds_by_group(
    shares: tuple[tuple[str, float], ...], counts: tuple[int, ...]
) -> tuple[str, ...]:
    """Return the kinds of ``kinds_reserved`` for groups of so many posts, one after the other."""
    return tuple(kind for count in counts for kind in kinds_reserved(shares, count))


def _patch(team: Team, patches: tuple[str, ...], cases: Cases) -> NDArray[np.int64] | None:
    if not patches:
        return None
    by = cases.area if team.patch_by == "area" else cases.age_group
    place = np.zeros(len(by.names), dtype=np.int64)
    for code in np.flatnonzero(np.bincount(by.codes, minlength=len(by.names))).tolist():
        place[code] = patches.index(by.names[code])
    return np.asarray(place[by.codes])


def _period_of_day(firsts: Sequence[int], timeline: Timeline) -> NDArray[np.intp]:
    """Return the number of the period of each day, from the first day of each period."""
    return np.searchsorted(firsts, np.arange(len(timeline.days)), "right") - 1


@lru_cache(maxsize=16)
def _panel(panels: tuple[Panel, ...], firsts: tuple[int, ...], timeline: Timeline) -> PanelPlan:
    """Return a panel from its settings in each period; the same for panels that are equal."""
    working = np.flatnonzero(timeline.working)
    period_of_day = _period_of_day(firsts, timeline)
    sittings = []
    for period in dict.fromkeys(period_of_day.tolist()):
        panel = panels[period]
        weekday = get_args(Weekday).index(panel.weekday)
        for day in sitting_days(timeline.days, timeline.working, weekday, panel.every_weeks):
            sits = panel.sits_in_school_holidays or timeline.school[day]
            if sits and period_of_day[day] == period:
                sittings.append(_sitting_on(panel, int(day), working))
    return PanelPlan(tuple(sorted(sittings, key=lambda sitting: sitting.closes)))


def _sitting_on(panel: Panel, day: int, working: NDArray[np.intp]) -> Sitting:
    """Return the sitting on a day; a list made up before the run is made up at its start."""
    cases = round(float(panel.cases))
    minute = day * MINUTES_A_DAY + SITS_AT
    if panel.papers_working_days == 0:
        return Sitting(day * MINUTES_A_DAY + WORK_STARTS, minute, cases)
    place = int(np.searchsorted(working, day)) - panel.papers_working_days
    closes = int(working[place]) * MINUTES_A_DAY + LIST_CLOSES if place >= 0 else 0
    return Sitting(closes, minute, cases)


def agency_quantities(every: Keyed) -> dict[str, Sampled]:
    """Return the turnaround of the agencies of teams, for cases of every kind."""
    names = dict.fromkeys(name for s in every.settings for name in s.teams)

    def turnaround(name: str) -> Callable[[Settings], Wait | None]:
        def of(settings: Settings) -> Wait | None:
            agency = settings.teams[name].agency if name in settings.teams else None
            return agency.turnaround if agency else None

        return of

    return {
        f"{name}: agency days": every.wait(f"{name}: agency", turnaround(name))
        for name in names
        if any((team := s.teams.get(name)) and team.agency for s in every.settings)
    }
