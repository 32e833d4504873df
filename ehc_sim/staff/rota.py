"""The rotas of a team's posts, from its settings and the keyed random numbers."""

from collections.abc import Callable, Sequence
from functools import cached_property
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import DAYS_A_WEEK, MINUTES_A_DAY, WORK_STARTS, Timeline
from ehc_sim.network.posts import Rota
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.people import Team
from ehc_sim.staff.absence import leave, long_sickness, sickness, years_of
from ehc_sim.staff.rota_days import minutes_of_work
from ehc_sim.staff.turnover import (
    People,
    Turnover,
    days_to_fill,
    people_in_post,
    starters_mentored,
    stretches,
    wait_for_more_of_a_post,
)

WORKING_DAYS_A_WEEK = 5

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Posts(NamedTuple):
    """The posts of one patch, or those that serve the whole team.

    Attributes
    ----------
    rotas : list of Rota
        Hours of each post.
    filled, covered : ndarray of float64, shape (days,)
        Full-time posts that are filled, and full-time posts of temporary staff, on each day.
    """

    rotas: list[Rota]
    filled: Floats
    covered: Floats


class RotaMaker:
    """Makes the rotas of one team in one replication.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    teams : sequence of Team
        The team's settings in each period.
    period_of_day : ndarray of int64, shape (days,)
        Number of the period that each day belongs to.
    plan_from : int
        Day of the timeline from which posts that are added are recruited, unless the settings say
        that somebody is in post; before it they are the people who came.
    """

    def __init__(
        self,
        streams: Streams,
        timeline: Timeline,
        teams: Sequence[Team],
        period_of_day: NDArray[np.intp],
        plan_from: int,
    ) -> None:
        self._streams = streams
        self._timeline = timeline
        self._teams = teams
        self._period_of_day = period_of_day
        self._plan_from = plan_from

    def posts(self, key: str, counts: Sequence[float]) -> Posts:
        """Return the posts of a group.

        Parameters
        ----------
        key : str
            Name of the group, which keys its random numbers.
        counts : sequence of float
            Full-time posts of the group in each period; the last may be a part of one.
        """
        if (number := ceil(max(counts))) == 0:
            return Posts([], *np.zeros((2, len(self._timeline.days))))
        numbers = np.arange(number)[:, np.newaxis]
        part: Floats = np.clip(np.array(counts)[self._period_of_day] - numbers, 0, 1)
        turnover = self._turnover
        to_fill = days_to_fill(self._streams, key, number, turnover)
        people = people_in_post(self._streams, key, self._timeline, part > 0, turnover, to_fill)
        wait_for_more_of_a_post(part, to_fill, turnover.recruited)
        at_work = self._timeline.working & ~self._away(key, number)
        takes = people.filled | people.covered
        minutes = self._minutes(part, people, takes, at_work)
        rotas = [
            Rota(minutes[i], takes[i], self._handovers(minutes[i], takes[i], at_work[i]))
            for i in range(number)
        ]
        filled, covered = ((part * there).sum(axis=0) for there in (people.filled, people.covered))
        return Posts(rotas, filled, covered)

    def _by_day(self, value: Callable[[Team], float]) -> Floats:
        return np.array([value(team) for team in self._teams])[self._period_of_day]

    def _days(self, weeks: Callable[[Team], float]) -> Ints:
        """Return a number of weeks in whole calendar days, as it stands on each day."""
        return np.rint(DAYS_A_WEEK * self._by_day(weeks)).astype(np.int64)

    # What all groups of the team have in common is made once, as it stands on each day.
    @cached_property
    def _turnover(self) -> Turnover:
        return Turnover(
            leavers_a_year=self._by_day(lambda team: float(team.leavers_a_year)),
            days_to_recruit=self._days(lambda team: float(team.weeks_to_recruit)),
            recruitment_fails=self._by_day(lambda team: float(team.recruitment_fails)),
            recruited=self._by_day(lambda team: float(team.new_posts == "recruited")).astype(bool)
            & (np.arange(len(self._timeline.days)) >= self._plan_from),
            days_to_full_speed=self._days(lambda team: float(team.weeks_to_full_speed)),
            starting_speed=self._by_day(lambda team: float(team.starting_speed)),
            cover=self._by_day(lambda team: float(team.cover)),
        )

    @cached_property
    def _leave(self) -> tuple[Floats, Floats]:
        """Days of leave and the share in the school holidays, of each calendar year.

        A year's leave is planned by what holds on its first day, or the first day of the run.
        """
        timeline = self._timeline
        january = [max(0, timeline.minute(day)) // MINUTES_A_DAY for day in years_of(timeline)]
        days = self._by_day(lambda team: float(team.leave_days))
        in_holidays = self._by_day(lambda team: float(team.leave_in_school_holidays))
        return days[january], in_holidays[january]

    @cached_property
    def _sickness_days(self) -> Floats:
        return self._by_day(lambda team: float(team.sickness_days))

    @cached_property
    def _long_sickness(self) -> tuple[Floats, Ints]:
        """Spells a year, and the days of each."""
        spells = self._by_day(lambda team: float(team.long_sickness_a_year))
        return spells, self._days(lambda team: float(team.long_sickness_weeks))

    @cached_property
    def _minutes_a_day(self) -> tuple[Floats, Floats, Floats]:
        """Minutes of a full-time post, of its overtime, and of mentoring one starter."""

        def a_day(hours_a_week: Callable[[Team], float]) -> Floats:
            return self._by_day(lambda team: hours_a_week(team) / WORKING_DAYS_A_WEEK * 60)

        contracted = a_day(lambda team: float(team.hours_a_week))
        contracted *= self._by_day(lambda team: float(team.time_on_this_work))
        overtime = a_day(lambda team: float(team.overtime_hours_a_week))
        return contracted, overtime, a_day(lambda team: float(team.mentor_hours_a_week))

    @cached_property
    def _reassign(self) -> Floats:
        """Weeks of absence after which work is handed back; NaN where it is not."""
        return self._by_day(
            lambda team: np.nan if (n := team.reassign_after_weeks) is None else float(n)
        )

    def _away(self, key: str, posts: int) -> Bools:
        streams, timeline = self._streams, self._timeline
        return (
            leave(streams, key, posts, timeline, *self._leave)
            | sickness(streams, key, posts, timeline, self._sickness_days)
            | long_sickness(streams, key, posts, timeline, *self._long_sickness)
        )

    def _minutes(self, part: Floats, people: People, takes: Bools, at_work: Bools) -> Ints:
        """Return the minutes of each post and day, shape (posts, days)."""
        minutes: Ints = minutes_of_work(
            part,
            takes,
            people.filled,
            people.speed,
            starters_mentored(people, at_work & takes),
            at_work,
            *self._minutes_a_day,
            ~np.isnan(self._reassign),
        )
        return minutes

    def _handovers(self, minutes: Ints, takes: Bools, at_work: Bools) -> tuple[int, ...]:
        """Return the minutes at which a post hands its work back.

        It does so when the post becomes empty, and at the end of the last day at work before an
        absence of more weeks than the team's rule says, from the first working day missed to the
        last.
        """
        reassign = self._reassign
        if np.isnan(reassign).all():
            return ()
        found: set[int] = set()
        for first, after in stretches(takes):
            if after < len(takes) and not np.isnan(reassign[after]):
                found.add(after * MINUTES_A_DAY)
            days = first + np.flatnonzero(self._timeline.working[first:after])
            for start, end in stretches(~at_work[days]):
                missed = days[end - 1] - days[start] + 1
                if start > 0 and missed > DAYS_A_WEEK * reassign[days[start]]:
                    last = int(days[start - 1])
                    found.add(last * MINUTES_A_DAY + WORK_STARTS + int(minutes[last]))
        return tuple(sorted(found))


def kinds_reserved(shares: Sequence[tuple[str, float]], posts: int) -> tuple[str, ...]:
    """Return the kind of work that each post of a group takes first, empty where it has none.

    Posts are given out one by one, by number: each goes to the kind, or to those without one, that
    lacks most of its share of the posts so far; those without one go first where both lack the
    same, then the kinds in their order. A single kind so has its share of every number of posts to
    the nearest whole post, half a post downwards, and a post that is added changes no other.

    Parameters
    ----------
    shares : sequence of (str, float)
        Share of the posts of each kind; they add up to 1 at most.
    posts : int
        Number of posts.
    """
    names = ["", *(name for name, _ in shares)]
    rates = np.array([1 - sum(share for _, share in shares), *(share for _, share in shares)])
    given = np.zeros(len(names))
    kinds = []
    for number in range(1, posts + 1):
        lacks = np.round(rates * number - given, 9)  # so that shares that look equal are
        next_kind = int(lacks.argmax())
        given[next_kind] += 1
        kinds.append(names[next_kind])
    return tuple(kinds)
