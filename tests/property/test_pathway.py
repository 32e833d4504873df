"""What holds for every network, draw and order of work."""

from __future__ import annotations

from collections import Counter
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.engines.simpy import run
from ehc_sim.measures.team_hours import hours_by_kind, workload
from ehc_sim.network import Draw, End, Log, Network, Pathway, Post, Quantity, Rota, TeamPlan, Work
from ehc_sim.network.log import AGENCY, NOT_YET
from tests.property.log_rows import (
    CASE,
    ENDED,
    JOINED,
    NODE,
    RESOURCE,
    STARTED,
    WORKED,
    Made,
    team_visits,
    visits_of,
)
from tests.property.made_networks import DAYS, HAND_OVER, MINUTES, TIMELINE, made, made_post

pytestmark = pytest.mark.property

often = settings(max_examples=60, deadline=None)


def works(post: Post) -> np.ndarray:
    """Return for each minute of the run whether it is one of the post's, taken from its rota."""
    if not isinstance(post, Rota):
        return np.ones(MINUTES, dtype=bool)
    of_day = np.arange(MINUTES) % MINUTES_A_DAY - WORK_STARTS
    return (of_day >= 0) & (of_day < np.repeat(post.minutes, MINUTES_A_DAY))


def takes(post: Post) -> np.ndarray:
    """Return for each minute of the run whether the post may take a job."""
    there = works(post)
    return there & np.repeat(post.takes, MINUTES_A_DAY) if isinstance(post, Rota) else there


def ends_within(visits: np.ndarray) -> np.ndarray:
    return np.where(visits[:, ENDED] == NOT_YET, MINUTES, visits[:, ENDED])


# --- cases ---


@often
@given(made())
def test_cases_in_are_cases_out_and_open(network_and_draw: Made) -> None:
    network, draw = network_and_draw
    log = run(network, draw)
    ends = Counter(log.visits[log.visits[:, NODE] == log.nodes.index("done"), CASE].tolist())
    still_open = set(log.visits[log.visits[:, ENDED] == NOT_YET, CASE].tolist())
    assert set(ends.values()) <= {1}
    # An ended case may have an open branch that nobody waits for; no case is neither.
    assert ends.keys() | still_open == set(range(len(draw.arrived)))


@often
@given(made())
def test_times_never_run_backwards(network_and_draw: Made) -> None:
    network, draw = network_and_draw
    log = run(network, draw)
    _, _, joined, started, ended, _, _ = log.visits.T
    assert (joined >= draw.arrived[log.visits[:, CASE]]).all()
    assert (joined < MINUTES).all()
    assert (joined <= started)[started != NOT_YET].all()
    assert (started <= ended)[ended != NOT_YET].all()
    assert (ended[started == NOT_YET] == NOT_YET).all()


@often
@given(made(forks=False))
def test_a_case_joins_each_node_when_it_leaves_the_one_before(network_and_draw: Made) -> None:
    log = run(*network_and_draw)
    same_case = log.visits[1:, CASE] == log.visits[:-1, CASE]
    order = np.lexsort((ends_within(log.visits), log.visits[:, JOINED], log.visits[:, CASE]))
    visits = log.visits[order]
    assert (visits[1:, JOINED] == visits[:-1, ENDED])[same_case].all()


@often
@given(made(busy=True), st.integers(0, 2**32))
def test_the_order_of_the_event_list_changes_nothing(network_and_draw: Made, seed: int) -> None:
    network, draw = network_and_draw
    shuffled = Random(seed)
    numbers = iter(lambda: shuffled.getrandbits(80), None)
    with patch("simpy.core.count", lambda: numbers):  # numbers by which SimPy breaks ties
        other = run(network, draw)
    assert np.array_equal(run(network, draw).visits, other.visits)


@often
@given(made(forks=False), st.randoms(use_true_random=False))
def test_the_order_of_the_table_changes_nothing(network_and_draw: Made, random: Random) -> None:
    network, draw = network_and_draw
    first, *others = network.pathway.nodes
    random.shuffle(others)
    other = Network(
        Pathway([first, *others]),
        network.timeline,
        network.teams,
        network.panels,
        network.clock_days,
    )

    assert by_name(run(network, draw)) == by_name(run(other, draw))


def by_name(log: Log) -> Counter[tuple[object, ...]]:
    """Return the visits with the names of the nodes in the place of their numbers."""
    return Counter(
        (*row[:NODE], log.nodes[row[NODE]], *row[NODE + 1 :]) for row in log.visits.tolist()
    )


# --- posts ---


@often
@given(made())
def test_a_post_does_one_job_at_a_time_within_its_hours(network_and_draw: Made) -> None:
    network, draw = network_and_draw
    for team, visits in team_visits(run(network, draw), network):
        for number, post in enumerate(team.posts):
            jobs = visits[(visits[:, RESOURCE] == number) & (visits[:, STARTED] != NOT_YET)]
            jobs = jobs[np.argsort(jobs[:, STARTED])]
            assert (jobs[1:, STARTED] >= ends_within(jobs)[:-1]).all()
            assert takes(post)[jobs[:, STARTED]].all()


@often
@given(made())
def test_work_takes_its_minutes_of_the_posts_hours(network_and_draw: Made) -> None:
    network, draw = network_and_draw
    for team, visits in team_visits(run(network, draw), network):
        for number, post in enumerate(team.posts):
            jobs = visits[(visits[:, RESOURCE] == number) & (visits[:, STARTED] != NOT_YET)]
            worked = np.concatenate([[0], works(post).cumsum()])
            done = worked[ends_within(jobs)] - worked[jobs[:, STARTED]]
            over = jobs[:, ENDED] != NOT_YET
            assert (done == jobs[:, WORKED])[over].all()
            hands_over = post.handovers if isinstance(post, Rota) else ()
            last = jobs[over & ~np.isin(jobs[:, ENDED], hands_over), ENDED]
            assert works(post)[last - 1].all()  # it ends with its last minute
            assert (done <= jobs[:, WORKED]).all()


@often
@given(made())
def test_the_hours_of_a_post_never_exceed_its_calendar(network_and_draw: Made) -> None:
    """Day by day, of every post: minutes on the rota inside its jobs, and those told by month."""
    network, draw = network_and_draw
    log = run(network, draw)
    table = workload(log, network).frame().groupby("team")["worked_minutes"].sum()
    for name, team in network.teams.items():
        visits, worked = visits_of(log, network, Work, name), 0
        for number, post in enumerate(team.posts):
            busy = np.zeros(MINUTES, dtype=np.int64)
            jobs = visits[(visits[:, RESOURCE] == number) & (visits[:, STARTED] != NOT_YET)]
            for job in jobs:
                busy[job[STARTED] : MINUTES if job[ENDED] == NOT_YET else job[ENDED]] += 1
            assert busy.max() <= 1
            worked += (busy.astype(bool) & works(post)).sum()
        if team.daily is None:
            assert table[name] == worked


@often
@given(made(forks=False, busy=True))
def test_no_minute_of_work_is_lost_or_done_twice_when_work_is_handed_over(
    network_and_draw: Made,
) -> None:
    network, draw = network_and_draw
    log = run(network, draw)
    for _, visits in team_visits(log, network):
        order = np.lexsort((ends_within(visits), visits[:, JOINED], visits[:, NODE]))
        left: dict[tuple[int, int], tuple[int, int]] = {}  # minutes left, and when handed over
        for row in visits[order].tolist():
            node = network.pathway.nodes[row[NODE]]
            asked = draw.quantities[node.minutes].at(row[JOINED], row[CASE])
            due, since = left.get((row[CASE], row[NODE]), (0, 0))
            if due:
                assert row[JOINED] == since and since % MINUTES_A_DAY == HAND_OVER
            else:
                due = asked
            assert 1 <= row[WORKED] <= due
            left[row[CASE], row[NODE]] = due - row[WORKED], row[ENDED]
        # Of the last visit nothing is missing, unless it ended with the run.
        assert all(minutes == 0 for minutes, _ in left.values())


@often
@given(made())
def test_hours_by_kind_add_up_to_the_minutes_worked(network_and_draw: Made) -> None:
    network, draw = network_and_draw
    log = run(network, draw)
    again = np.random.default_rng(len(log.visits)).random(len(log.visits)) < 0.3
    by_kind = hours_by_kind(log, network, again).frame()
    assert (by_kind >= 0).all(axis=None)
    hours = by_kind["hours"].groupby("team").sum().reindex(list(network.teams), fill_value=0)
    worked = workload(log, network).frame().groupby("team")["worked_minutes"].sum()
    assert (hours * 60).round(6).to_dict() == worked.to_dict()


@often
@given(made())
def test_no_post_is_idle_while_a_job_that_it_serves_waits(network_and_draw: Made) -> None:
    network, draw = network_and_draw
    for team, visits in team_visits(run(network, draw), network):
        free = [takes(post) for post in team.posts]
        for job in visits[(visits[:, RESOURCE] >= 0) & (visits[:, STARTED] != NOT_YET)]:
            free[job[RESOURCE]][job[STARTED] : MINUTES if job[ENDED] == NOT_YET else job[ENDED]] = 0
        idle = [np.concatenate([[0], minutes.cumsum()]) for minutes in free]
        changes = [*(rules.starts for rules in team.rules), MINUTES]
        for job in visits:
            patch_of_job = 0 if team.patch is None else team.patch[job[CASE]]
            waited_until = MINUTES if job[STARTED] == NOT_YET else job[STARTED]
            for rules, start, end in zip(team.rules, changes, changes[1:], strict=False):
                low, high = max(start, job[JOINED]), min(end, waited_until)
                for number, of_post in enumerate(idle if rules.officers is None else []):
                    if rules.serves is None or patch_of_job in rules.serves[number]:
                        assert low >= high or of_post[high] == of_post[low]


# --- agencies ---


@often
@given(made())
def test_an_agency_takes_no_more_than_its_allowance(network_and_draw: Made) -> None:
    network, draw = network_and_draw
    for team, visits in team_visits(run(network, draw), network):
        passed_on = visits[visits[:, RESOURCE] == AGENCY]
        if team.agency is None:
            assert len(passed_on) == 0
            continue
        period = np.searchsorted(team.agency.opens, passed_on[:, STARTED], "right") - 1
        assert (np.bincount(period, minlength=3) <= team.agency.allowance).all()
        days = (passed_on[:, ENDED] - passed_on[:, STARTED])[passed_on[:, ENDED] != NOT_YET]
        assert (days % MINUTES_A_DAY == 0).all() and (days > 0).all()


# --- one team, first come, first served, against a recursion of its own ---


def first_come_first_served(
    joined: list[int], minutes: list[int], posts: tuple[Post, ...]
) -> list[tuple[int, int, int]]:
    """Return start, end and post of each job: the post that can start first, of several the first.

    Hours are looked up in lists of every minute that a post works.
    """
    may_start = [np.flatnonzero(takes(post)) for post in posts]
    worked = [np.flatnonzero(works(post)) for post in posts]
    free = [0] * len(posts)
    jobs = []
    for minute, work in zip(joined, minutes, strict=True):
        starts = []
        for post, of_post in enumerate(may_start):
            place = np.searchsorted(of_post, max(minute, free[post]))
            starts.append(int(of_post[place]) if place < len(of_post) else MINUTES)
        start = min(starts)
        post = starts.index(start)
        last = np.searchsorted(worked[post], start) + work - 1
        end = int(worked[post][last]) + 1 if last < len(worked[post]) else MINUTES
        if start < MINUTES:
            free[post] = end
        jobs.append((start, end, post))
    return jobs


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 4), st.integers(1, 60))
def test_a_first_come_first_served_team_equals_the_recursion(
    seed: int, posts: int, cases: int
) -> None:
    rng = np.random.default_rng(seed)
    team = TeamPlan(tuple(made_post(rng) for _ in range(posts)))
    arrived = np.sort(rng.integers(0, DAYS * 20, cases) * 60)
    minutes = rng.choice([1, 30, 60, 240, 1000], cases)
    pathway = Pathway([Work("work", "team", "minutes", "done"), End("done", "done")])
    log = run(
        Network(pathway, TIMELINE, {"team": team}),
        Draw(arrived, {"minutes": Quantity.constant(minutes)}),
    )
    expected = first_come_first_served(arrived.tolist(), minutes.tolist(), team.posts)
    found = log.visits[log.visits[:, NODE] == 0]
    for row, (start, end, post) in zip(found.tolist(), expected, strict=True):
        assert row[STARTED] == (start if start < MINUTES else NOT_YET)
        assert row[ENDED] == (end if end < MINUTES else NOT_YET)
        assert start == MINUTES or row[RESOURCE] == post
