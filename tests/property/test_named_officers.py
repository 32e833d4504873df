"""What named officers do to any team."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.network import (
    AlwaysThere,
    Draw,
    End,
    Network,
    Pathway,
    Post,
    Quantity,
    Rota,
    Rules,
    TeamPlan,
    Work,
)
from ehc_sim.network.log import NOT_YET
from tests.property.made_networks import DAYS, made
from tests.property.made_services import made_service

pytestmark = pytest.mark.property

FIRST = date(2025, 4, 7)
TIMELINE = Timeline.england(FIRST, FIRST + timedelta(59), SchoolTerms())


def named(team: TeamPlan, posts: tuple[Post, ...]) -> TeamPlan:
    """Return a team with these posts, all of them for all work, and an officer for each case."""
    every = (100,) * len(posts)
    rules = tuple(replace(one, officers=every, serves=None, reserved=None) for one in team.rules)
    return replace(team, posts=posts, rules=rules, agency=None)


def stays(post: Post) -> Post:
    """Return a post with the same hours, of which nobody leaves or hands work on."""
    return Rota(post.minutes, np.ones(DAYS, dtype=bool)) if isinstance(post, Rota) else post


def pooled(team: TeamPlan) -> TeamPlan:
    return replace(team, rules=tuple(replace(rules, officers=None) for rules in team.rules))


@settings(max_examples=30, deadline=None)
@given(made(forks=False))
def test_one_post_is_everybodys_officer(made: tuple[Network, Draw]) -> None:
    """A team of one post works on as it did, whatever its hours, its order and its classes.

    A post that gives up its cases has them put into their classes anew, which one queue does not.
    """
    network, draw = made
    teams = {
        name: team if team.daily else named(team, (stays(team.posts[0]),))
        for name, team in network.teams.items()
    }
    with_officers = replace(network, teams=teams)
    without = replace(network, teams={name: pooled(team) for name, team in teams.items()})
    log = run_compiled(with_officers, draw)
    assert np.array_equal(log.visits, run_compiled(without, draw).visits)


@settings(max_examples=30, deadline=None)
@given(made_service(), st.integers(2, 5))
def test_all_work_for_a_plan_is_done_by_one_post(made: tuple[Network, Draw], posts: int) -> None:
    network, draw = made
    teams = {
        name: team if team.daily else named(team, (AlwaysThere(),) * posts)
        for name, team in network.teams.items()
    }
    log = run_compiled(replace(network, teams=teams), draw)
    holder = np.arange(len(draw.arrived)) if draw.holder is None else draw.holder
    team_of = {
        place: node.team
        for place, node in enumerate(network.pathway)
        if isinstance(node, Work) and not network.teams[node.team].daily
    }
    officer: dict[tuple[str, int], int] = {}
    for case, node, _, started, _, post, *_ in log.visits.tolist():
        if node in team_of and started != NOT_YET and started >= 0:
            assert officer.setdefault((team_of[node], int(holder[case])), post) == post


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(0, 5_000), min_size=1, max_size=40),
    st.integers(1, 500),
    st.integers(1, 4),
)
def test_one_queue_finishes_as_many_equal_jobs_by_any_minute(
    arrived: list[int], minutes: int, posts: int
) -> None:
    """Of jobs that take equally long, one queue, oldest first, never has done fewer by a minute.

    It is no theorem where jobs differ: an officer with a long job holds up what is given to that
    post, and that can be a job which would have come first in one queue.
    """
    nodes = [Work("work", "team", "minutes", "done"), End("done", "done")]
    draw = Draw(np.sort(arrived), {"minutes": Quantity.constant([minutes] * len(arrived))})
    plan = TeamPlan((AlwaysThere(),) * posts, (Rules(officers=(100,) * posts),))
    done = [
        np.sort(
            run_compiled(Network(Pathway(nodes), TIMELINE, {"team": team}), draw).reached("done")
        )
        for team in (pooled(plan), plan)
    ]
    assert (done[0] <= done[1]).all()
