"""What holds for the people of every team: hours, hand-overs, counts of posts."""

from __future__ import annotations

from datetime import date
from math import ceil
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, SchoolTerms, Timeline
from ehc_sim.engines.simpy import run
from ehc_sim.network import Draw, End, Network, Pathway, Quantity, Rota, TeamPlan, Work
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario.people import Team
from ehc_sim.staff.rota import Posts
from tests.made_teams import posts_of, team

pytestmark = pytest.mark.property

YEAR = Timeline.england(date(2024, 11, 1), date(2025, 12, 31), SchoolTerms())
DAYS = len(YEAR.days)
CHANGES = date(2025, 5, 14)
often = settings(max_examples=40, deadline=None)

teams = st.builds(
    team,
    posts=st.sampled_from([0, 0.4, 1, 2.6, 4]),
    hours_a_week=st.sampled_from([30, 37]),
    time_on_this_work=st.sampled_from([0.3, 0.8, 1]),
    leave_days=st.sampled_from([0, 28]),
    sickness_days=st.sampled_from([0, 8]),
    leavers_a_year=st.sampled_from([0, 0.5, 3]),
    weeks_to_recruit=st.sampled_from([0, 1, 10.3]),
    recruitment_fails=st.sampled_from([0, 0.4]),
    new_posts=st.sampled_from(["recruited", "in post"]),
    weeks_to_full_speed=st.sampled_from([0, 26]),
    starting_speed=st.sampled_from([0, 0.5]),
    mentor_hours_a_week=st.sampled_from([0, 4]),
    cover=st.sampled_from([0, 0.5, 1]),
    overtime_hours_a_week=st.sampled_from([0, 5]),
    long_sickness_a_year=st.sampled_from([0, 0.5]),
    long_sickness_weeks=st.just(8),
    reassign_after_weeks=st.sampled_from([None, 0, 2]),
)


class Ran(NamedTuple):
    teams: tuple[Team, Team]
    posts: Posts
    asked: np.ndarray
    visits: np.ndarray


@st.composite
def ran(draw: st.DrawFn) -> Ran:
    """Run a team, of which every setting may change on a date, with more work than it can do."""
    both = (draw(teams), draw(teams))
    posts = posts_of(*both, changes=(CHANGES,), timeline=YEAR, seed=draw(st.integers(0, 2**32)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    cases = draw(st.integers(1, 200))
    arrived = np.sort(rng.integers(0, DAYS * MINUTES_A_DAY, cases))
    minutes = rng.choice([1, 60, 444, 1_000, 8_000], cases)
    pathway = Pathway([Work("work", "team", "minutes", "done"), End("done", "done")])
    network = Network(pathway, YEAR, {"team": TeamPlan(tuple(posts.rotas))})
    log = run(network, Draw(arrived, {"minutes": Quantity.constant(minutes)}))
    return Ran(both, posts, minutes, log.visits[log.visits[:, 1] == 0])


def jobs_of(visits: np.ndarray, number: int) -> np.ndarray:
    """Return started, ended and minutes of a post's jobs in the order in which it began them."""
    jobs = visits[(visits[:, 5] == number) & (visits[:, 3] != NOT_YET)][:, [3, 4, 6]]
    jobs[jobs[:, 1] == NOT_YET, 1] = DAYS * MINUTES_A_DAY
    return jobs[np.argsort(jobs[:, 0], kind="stable")]


def works(post: Rota) -> np.ndarray:
    """Return for each minute of the run whether it is one of the post's."""
    of_day = np.arange(DAYS * MINUTES_A_DAY) % MINUTES_A_DAY - WORK_STARTS
    return (of_day >= 0) & (of_day < np.repeat(post.minutes, MINUTES_A_DAY))


def most_minutes(both: tuple[Team, Team], number: int) -> np.ndarray:
    """Return the minutes that nobody in a post may exceed on each day, from the settings alone."""
    from_change = YEAR.days >= np.datetime64(CHANGES)
    a_day, part = (
        np.where(from_change, *reversed(values))
        for values in (
            [
                12
                * (
                    float(one.hours_a_week) * float(one.time_on_this_work)
                    + float(one.overtime_hours_a_week)
                )
                for one in both
            ],
            [min(max(float(one.posts) - number, 0), 1) for one in both],
        )
    )
    # A post that is given up keeps its pace for the work in hand: the larger part, to be safe.
    part = np.maximum.accumulate(part)
    return np.where(YEAR.working, np.ceil(a_day * part), 0)


@often
@given(ran())
def test_no_post_works_longer_than_its_calendar_in_any_month(made: Ran) -> None:
    for number, post in enumerate(made.posts.rotas):
        busy = np.zeros(DAYS * MINUTES_A_DAY, dtype=bool)
        for started, ended, _ in jobs_of(made.visits, number):
            assert not busy[started:ended].any()  # one job at a time
            busy[started:ended] = True
        by_day = (busy & works(post)).reshape(DAYS, MINUTES_A_DAY).sum(axis=1)
        worked, calendar, allowed = (
            np.bincount(YEAR.month, days)
            for days in (by_day, post.minutes, most_minutes(made.teams, number))
        )
        assert (worked <= calendar).all()
        assert (calendar <= allowed).all()


@often
@given(ran())
def test_the_minutes_of_a_job_are_worked_in_the_posts_own_hours(made: Ran) -> None:
    for number, post in enumerate(made.posts.rotas):
        hours = works(post)
        for started, ended, minutes in jobs_of(made.visits, number):
            done = hours[started:ended].sum()
            within = ended < DAYS * MINUTES_A_DAY
            assert done == minutes if within else done <= minutes
            assert post.takes[started // MINUTES_A_DAY] and hours[started]


@often
@given(ran())
def test_work_in_hand_is_never_kept_over_a_handover(made: Ran) -> None:
    for number, post in enumerate(made.posts.rotas):
        for started, ended, _ in jobs_of(made.visits, number):
            assert not any(started < minute < ended for minute in post.handovers)


@often
@given(ran())
def test_handing_work_over_loses_and_adds_none(made: Ran) -> None:
    rows = [made.visits[made.visits[:, 0] == case] for case in range(len(made.asked))]
    for of_case, asked in zip(rows, made.asked.tolist(), strict=True):
        minutes = of_case[:, 6].sum()
        done = (of_case[:, 4] != NOT_YET).all()
        assert minutes == asked if done else minutes <= asked
        before, again = of_case[:-1], of_case[1:]
        assert (before[:, 4] == again[:, 2]).all()  # back in the queue at once


@often
@given(teams, st.integers(0, 2**32))
def test_posts_are_filled_covered_or_empty(one: Team, seed: int) -> None:
    posts = posts_of(one, timeline=YEAR, seed=seed)
    assert len(posts.rotas) == ceil(float(one.posts))
    there = posts.filled + posts.covered
    assert (posts.filled >= 0).all() and (posts.covered >= 0).all()
    assert (there <= float(one.posts) + 1e-9).all()
    assert there[0] == pytest.approx(float(one.posts))
    if float(one.cover) == 1 or float(one.leavers_a_year) == 0:
        np.testing.assert_allclose(there, float(one.posts))
