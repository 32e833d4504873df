"""The teams and panels of the journey, from a scenario and the keyed random numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import ceil
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, Timeline, sitting_days
from ehc_sim.pathway.absence import leave, sickness, years_of
from ehc_sim.pathway.network import AgencyPlan, PanelPlan, Rules, Sitting, TeamPlan
from ehc_sim.pathway.posts import Rota
from ehc_sim.scenario.schema import Panel, Settings, Team, Weekday
from ehc_sim.streams import Streams

LIST_CLOSES = 17 * 60
"""Minute of the day at which a panel's list is made up."""
SITS_AT = 10 * 60
"""Minute of the day at which a panel's decisions are known."""
DAYS_A_WEEK = 5
MINUTES_A_WEEK = 7 * MINUTES_A_DAY

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
        working = np.flatnonzero(timeline.working)
        sittings = []
        for period in dict.fromkeys(self._period_of_day.tolist()):
            panel = self._periods[period][1].panels[name]
            weekday = get_args(Weekday).index(panel.weekday)
            for day in sitting_days(timeline.days, timeline.working, weekday, panel.every_weeks):
                sits = panel.sits_in_school_holidays or timeline.school[day]
                if sits and self._period_of_day[day] == period:
                    sittings.append(_sitting_on(panel, int(day), working))
        held = (sitting for sitting in sittings if sitting)
        return PanelPlan(tuple(sorted(held, key=lambda sitting: sitting.closes)))

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
        # A year's leave is planned by what holds on its first day, or the first day of the run.
        january = [max(0, timeline.minute(day)) // MINUTES_A_DAY for day in years_of(timeline)]
        in_year = [teams[self._period_of_day[day]] for day in january]
        days = np.array([float(team.leave_days) for team in in_year])
        in_holidays = np.array([float(team.leave_in_school_holidays) for team in in_year])
        sick = np.array([float(team.sickness_days) for team in teams])[self._period_of_day]
        return leave(self._streams, key, posts, timeline, days, in_holidays) | sickness(
            self._streams, key, posts, timeline, sick
        )

    def _rules(
        self, teams: Sequence[Team], group_of: Sequence[int], patches: int
    ) -> tuple[Rules, ...]:
        every = tuple(range(max(patches, 1)))
        rules: list[Rules] = []
        for start, team in zip(self._starts, teams, strict=True):
            serves = tuple(
                every if group == 0 or team.pooled else (group - 1,) for group in group_of
            )
            to_go = round(float(team.weeks_to_go) * MINUTES_A_WEEK)
            new = Rules(start, team.order, float(team.newest_share), to_go, serves)
            if not rules or replace(new, starts=rules[-1].starts) != rules[-1]:
                rules.append(new)
        return tuple(rules)

    def _agency(self, name: str, teams: Sequence[Team]) -> AgencyPlan | None:
        if not any(team.agency for team in teams):
            return None
        period, month = self._period_of_day, self._timeline.month
        new_period = np.flatnonzero(np.diff(period)) + 1
        changes = [d for d in new_period if teams[period[d]].agency != teams[period[d - 1]].agency]
        # A month in which the agency starts, ends or changes has an allowance for each part of it.
        firsts = np.union1d(np.flatnonzero(np.diff(month, prepend=-1)), changes).astype(np.int64)
        part = np.diff(firsts, append=len(month)) / np.bincount(month)[month[firsts]]
        agencies = [teams[period[day]].agency for day in firsts]
        return AgencyPlan(
            opens=tuple(int(day) * MINUTES_A_DAY + WORK_STARTS for day in firsts),
            allowance=tuple(
                round(float(agency.cases_a_month) * share) if agency else 0
                for agency, share in zip(agencies, part.tolist(), strict=True)
            ),
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


def _sitting_on(panel: Panel, day: int, working: NDArray[np.intp]) -> Sitting | None:
    """Return the sitting on a day; None where its list would close before the run starts."""
    cases = round(float(panel.cases))
    minute = day * MINUTES_A_DAY + SITS_AT
    if panel.papers_working_days == 0:
        return Sitting(day * MINUTES_A_DAY + WORK_STARTS, minute, cases)
    place = int(np.searchsorted(working, day)) - panel.papers_working_days
    if place < 0:
        return None
    return Sitting(int(working[place]) * MINUTES_A_DAY + LIST_CLOSES, minute, cases)
