"""The teams and panels of the journey, from a scenario and the keyed random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, Timeline
from ehc_sim.pathway.absence import leave, sickness, years_of
from ehc_sim.pathway.network import AgencyPlan, PanelPlan, Rules, Sitting, TeamPlan
from ehc_sim.pathway.posts import Rota
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.schema import Panel, Team
from ehc_sim.streams import Streams

LIST_CLOSES = 17 * 60
"""Minute of the day at which a panel's list is made up."""
SITS_AT = 10 * 60
"""Minute of the day at which a panel's decisions are known."""
DAYS_A_WEEK = 5
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

Floats = NDArray[np.float64]
Periods = Sequence[tuple[date, Settings]]


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
        firsts = [start // MINUTES_A_DAY for start in self._starts]
        self._period_of_day = np.searchsorted(firsts, np.arange(len(timeline.days)), "right") - 1

    def team(self, name: str, cases: pd.DataFrame) -> TeamPlan:
        """Return a team with this replication's posts.

        Parameters
        ----------
        name : str
            Name of the team.
        cases : DataFrame
            One row a case, with the columns ``area`` and ``age_group``.
        """
        teams = [settings.teams[name] for _, settings in self._periods]
        patches = tuple(dict.fromkeys(patch for team in teams for patch in team.patches))
        groups = ["", *patches]
        posts: list[Rota] = []
        group_of: list[int] = []
        for number, group in enumerate(groups):
            rotas = self._rotas(name, group, teams)
            posts += rotas
            group_of += [number] * len(rotas)
        return TeamPlan(
            posts=tuple(posts),
            rules=self._rules(teams, group_of, len(patches)),
            patches=patches or ("all",),
            patch=_patch(teams[-1], patches, cases),
            agency=self._agency(name, teams),
        )

    def panel(self, name: str) -> PanelPlan:
        """Return a panel with its sittings."""
        timeline = self._timeline
        monday = -int(timeline.weekday[0])
        sittings: list[Sitting] = []
        working = np.flatnonzero(timeline.working)
        while monday < len(timeline.days):
            sitting = self._sitting(name, monday, working)
            # Two lists of one panel never close at the same time: the later sitting takes over.
            if sitting and (not sittings or sitting.closes > sittings[-1].closes):
                sittings.append(sitting)
            monday += 7
        return PanelPlan(tuple(sittings))

    def _sitting(self, name: str, monday: int, working: NDArray[np.intp]) -> Sitting | None:
        timeline = self._timeline
        period = self._period_of_day[max(monday, 0)]
        panel = self._periods[period][1].panels[name]
        # Weeks are counted from a fixed Monday, so that a fortnightly panel keeps its weeks.
        week = (int(timeline.days[0].astype(np.int64)) + monday + 3) // 7
        if week % panel.every_weeks:
            return None
        planned = monday + WEEKDAYS.index(panel.weekday)
        place = int(np.searchsorted(working, planned))
        if planned < 0 or place == len(working):
            return None
        day = int(working[place])
        if not panel.sits_in_school_holidays and not timeline.school[day]:
            return None
        return _sitting_on(panel, day, place, working)

    def _rotas(self, name: str, group: str, teams: Sequence[Team]) -> list[Rota]:
        """Return the posts of one patch, or those that serve the whole team."""
        counts = np.array([_posts(team, group) for team in teams])
        if (number := ceil(counts.max())) == 0:
            return []
        key = f"{name}, {group}" if group else name
        away = self._away(key, number, teams)
        full = np.array(
            [
                float(team.hours_a_week) / DAYS_A_WEEK * 60 * float(team.time_on_this_work)
                for team in teams
            ]
        )
        rotas = []
        for i in range(number):
            part = np.clip(counts - i, 0, 1)
            takes = part > 0
            minutes = np.rint(full * _kept_up(part)).astype(np.int64)[self._period_of_day]
            there = self._timeline.working & ~away[i]
            rotas.append(Rota(np.where(there, minutes, 0), takes[self._period_of_day]))
        return rotas

    def _away(self, key: str, posts: int, teams: Sequence[Team]) -> NDArray[np.bool_]:
        timeline = self._timeline
        in_year = [
            teams[self._period_of_day[max(0, timeline.day_index(day))]]
            for day in years_of(timeline)
        ]
        days = np.array([float(team.leave_days) for team in in_year])
        in_holidays = float(teams[-1].leave_in_school_holidays)
        sick = np.array([float(team.sickness_days) for team in teams])[self._period_of_day]
        return leave(self._streams, key, posts, timeline, days, in_holidays) | sickness(
            self._streams, key, posts, timeline, sick
        )

    def _rules(
        self, teams: Sequence[Team], group_of: Sequence[int], patches: int
    ) -> tuple[Rules, ...]:
        rules: list[Rules] = []
        for start, team in zip(self._starts, teams, strict=True):
            every = tuple(range(max(patches, 1)))
            serves = tuple(
                every if group == 0 or team.pooled else (group - 1,) for group in group_of
            )
            new = Rules(start, team.order, float(team.newest_share), serves)
            if not rules or (new.order, new.newest_share, new.serves) != (
                rules[-1].order,
                rules[-1].newest_share,
                rules[-1].serves,
            ):
                rules.append(new)
        return tuple(rules)

    def _agency(self, name: str, teams: Sequence[Team]) -> AgencyPlan | None:
        if not any(team.agency for team in teams):
            return None
        firsts = np.flatnonzero(np.diff(self._timeline.month, prepend=-1))
        of_month = [teams[self._period_of_day[day]].agency for day in firsts]
        return AgencyPlan(
            opens=tuple(int(day) * MINUTES_A_DAY + WORK_STARTS for day in firsts),
            allowance=tuple(int(round(float(a.cases_a_month))) if a else 0 for a in of_month),
            days=f"{name}: agency days",
        )


def _posts(team: Team, group: str) -> float:
    if not group:
        return float(team.posts)
    return float(team.patches[group].posts) if group in team.patches else 0.0


def _kept_up(part: Floats) -> Floats:
    """Return the part of full time with which work in hand goes on when a post has ended."""
    there = np.where(part > 0, np.arange(len(part)), 0)
    return part[np.maximum.accumulate(there)]


def _patch(team: Team, patches: tuple[str, ...], cases: pd.DataFrame) -> NDArray[np.int64] | None:
    if not patches:
        return None
    column = "area" if team.patch_by == "area" else "age_group"
    names = cases[column].astype(str)
    return np.array([patches.index(name) for name in names], dtype=np.int64)


def _sitting_on(panel: Panel, day: int, place: int, working: NDArray[np.intp]) -> Sitting | None:
    """Return the sitting on a day; None where its list would close before the run starts."""
    cases = int(round(float(panel.cases)))
    minute = day * MINUTES_A_DAY + SITS_AT
    if panel.papers_working_days == 0:
        return Sitting(day * MINUTES_A_DAY + WORK_STARTS, minute, cases)
    if place < panel.papers_working_days:
        return None
    closes = int(working[place - panel.papers_working_days])
    return Sitting(closes * MINUTES_A_DAY + LIST_CLOSES, minute, cases)
