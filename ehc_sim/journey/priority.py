"""Which children belong to the classes that teams can take ahead of others, and when."""

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.journey.keyed import Periods
from ehc_sim.journey.population import Population
from ehc_sim.journey.sampling import Floats, Ints, by_year
from ehc_sim.journey.school_years import school_year_of_birth
from ehc_sim.network.case_keys import uniforms_of
from ehc_sim.network.orders import FLAGS, WAITED
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.people import Team

LOOKED_AFTER, OUT_OF_SCHOOL, MOVING, _ = FLAGS

MOVES = (4, 11, 16)
"""Age in years on 31 August of those who start school in September, or move to secondary school or
to post-16."""


def is_used(periods: Periods) -> bool:
    """Return whether a scenario has children of these classes, or a team that takes some ahead."""
    first = periods[0][1].requests.priority
    return first is not None or any(t.ahead for _, s in periods for t in s.teams.values())


def flags(
    streams: Streams, timeline: Timeline, periods: Periods, everybody: Population
) -> tuple[tuple[int, ...], list[Ints]]:
    """Return the flags of whoever may hold a plan, by school year.

    They belong to the child: to the request, to a request that is made again, and to the reviews
    and transfers of the plan.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on.
    everybody : Population
        Every case that the run may have.

    Returns
    -------
    starts : tuple of int
        First minute of the run, and of each 1 September in it.
    flags : list of ndarray of int64, each of shape (holders,)
        ``FLAGS`` added up; that of those ordered is set within the run.
    """
    who = everybody.attributes
    child = np.arange(len(who.age))
    child[: len(everybody.requests.again_of)] = everybody.requests.again_of
    given = np.zeros(len(child), np.int64)
    priority = periods[0][1].requests.priority
    if priority is not None:
        for name, share, by_age in (
            (LOOKED_AFTER, priority.looked_after, priority.looked_after_by_age),
            (OUT_OF_SCHOOL, priority.out_of_school, priority.out_of_school_by_age),
        ):
            of_age: Floats = np.minimum(float(share) * by_year(by_age)[who.age], 1.0)
            given += FLAGS[name] * (uniforms_of(streams, everybody.holders, name) < of_age)
    born = school_year_of_birth(timeline, who.birth)
    starts = (0, *septembers(timeline))
    ends = [school_year(timeline, start) for start in starts]
    rows = [given + FLAGS[MOVING] * np.isin(year - born, MOVES) for year in ends]
    return starts, [row[child] for row in rows]


def septembers(timeline: Timeline) -> tuple[int, ...]:
    """Return the first minute of each 1 September of a run after its first day."""
    month = timeline.days.astype("datetime64[M]")
    first = (month.astype("datetime64[D]") == timeline.days) & (month.astype(int) % 12 == 8)
    return _minutes(first)


def _mondays(timeline: Timeline) -> tuple[int, ...]:
    weekday = (timeline.days.astype(int) + 3) % 7  # 1 January 1970 was a Thursday
    return _minutes(weekday == 0)


def _minutes(days: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the first minute of some days, the first day of the run left out."""
    return tuple((MINUTES_A_DAY * (1 + np.flatnonzero(days[1:]))).tolist())


def school_year(timeline: Timeline, minute: int) -> int:
    """Return the year in which the school year of a minute of the run ends."""
    month = timeline.days[minute // MINUTES_A_DAY].astype("datetime64[M]").astype(int)
    return int(1970 + (month + 4) // 12)


def sorted_again(
    teams: Sequence[Team], starts: Sequence[int], timeline: Timeline
) -> tuple[int, ...]:
    """Return when all that waits for a team is put into its class anew.

    At the start of each week while cases come ahead by waiting, and of each school year while they
    do by moving school: what comes ahead only later changes nothing before.

    Parameters
    ----------
    teams : sequence of Team
        The team as it stands in each period.
    starts : sequence of int
        First minute of each period, 0 for the first and for those that began before the run.
    timeline : Timeline
        Calendar of the run.
    """
    found = {
        minute
        for name, minutes in ((MOVING, septembers), (WAITED, _mondays))
        if any(name in team.ahead for team in teams)
        for minute in minutes(timeline)
        if name in teams[bisect_right(starts, minute) - 1].ahead
    }
    return tuple(sorted(found))
