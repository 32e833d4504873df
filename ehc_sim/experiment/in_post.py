"""Which teams carry cases and plans, and how many of their posts are filled."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.experiment.spending import established
from ehc_sim.measures.officers import Carried
from ehc_sim.network.network import TeamPlan
from ehc_sim.scenario.scenario import Periods
from ehc_sim.scenario.schema import Settings

Floats = NDArray[np.float64]


def carried_by(settings: Settings) -> dict[str, Carried]:
    """Return what each team of officers carries.

    An open case is carried by the team that finalises plans, which leads it to its end; a plan in
    place by the team that decides its annual reviews, where the scenario has the plans in place.

    Parameters
    ----------
    settings : Settings
        Settings that name the teams.
    """
    of_cases = settings.draft_to_final.team
    of_plans = settings.plans.reviews.team if settings.plans else None
    teams = dict.fromkeys(team for team in (of_cases, of_plans) if team is not None)
    return {team: Carried(team == of_cases, team == of_plans) for team in teams}


def in_post_by_month(
    team: str, periods: Periods, timeline: Timeline, teams: Mapping[str, TeamPlan]
) -> Floats:
    """Return a team's full-time posts that are filled or covered on the last day of each month.

    Parameters
    ----------
    team : str
        Name of the team.
    periods : sequence of (date, Settings)
        Settings with this replication's uncertain numbers.
    timeline : Timeline
        Calendar of the run.
    teams : mapping of str to TeamPlan
        Teams of the run, for posts that stood empty or were covered.

    Returns
    -------
    ndarray of float64, shape (months,)
        NaN where only the team's hours a day are known.
    """
    last = np.append(np.flatnonzero(np.diff(timeline.month)), len(timeline.days) - 1)
    plan = teams[team]
    if plan.daily is not None:
        return np.full(len(last), np.nan)
    if plan.filled is None or plan.covered is None:
        starts = [max(0, timeline.minute(day)) // MINUTES_A_DAY for day, _ in periods]
        posts = np.array([established(settings.teams[team]) for _, settings in periods])
        return np.asarray(posts[np.searchsorted(starts, last, side="right") - 1])
    return np.asarray(plan.filled[last] + plan.covered[last], dtype=np.float64)
