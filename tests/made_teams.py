"""Teams of which only the settings that matter are given, and their posts."""

from __future__ import annotations

from datetime import date

import numpy as np

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.people import Team
from ehc_sim.staff.rota import Posts, RotaMaker
from tests.plain_counts import day_index

THREE_YEARS = Timeline.england(date(2023, 1, 1), date(2025, 12, 31), SchoolTerms())


def team(**settings: object) -> Team:
    """Return a team of people who are never away and only do this work: 444 minutes a day."""
    always = {"posts": 4, "time_on_this_work": 1, "leave_days": 0, "sickness_days": 0}
    return Team.model_validate({**always, "cost_a_post": 40_000, **settings})


def posts_of(
    *teams: Team,
    changes: tuple[date, ...] = (),
    timeline: Timeline = THREE_YEARS,
    seed: int = 1,
    plan_from: int = 0,
) -> Posts:
    """Return the posts of a team that serve all its patches; its settings change on some dates."""
    firsts = [0, *(day_index(timeline, day) for day in changes)]
    period = np.searchsorted(firsts, np.arange(len(timeline.days)), side="right") - 1
    maker = RotaMaker(Streams(seed, 0), timeline, teams, period, plan_from)
    return maker.posts("officers", [float(one.posts) for one in teams])
