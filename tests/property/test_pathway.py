"""What holds for every network, draw and order of work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import floor
from random import Random
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.pathway import (
    Decision,
    Draw,
    End,
    Log,
    Mark,
    Network,
    Pathway,
    Post,
    Quantity,
    Rota,
    Rules,
    TeamPlan,
    Work,
    run,
)
from ehc_sim.pathway.log import AGENCY, NOT_YET
from tests.property.made_networks import DAYS, MINUTES, TIMELINE, made, made_post

pytestmark = pytest.mark.property

CASE, NODE, JOINED, STARTED, ENDED, RESOURCE, WORKED = range(7)
Made = tuple[Network, Draw]
often = settings(max_examples=60, deadline=None)


def visits_of(log: Log, network: Network, kind: type, name: str) -> np.ndarray:
    """Return the visits to the work of a team or to the decisions of a panel."""
    places = [
        place
        for place, node in enumerate(network.pathway)
        if isinstance(node, kind) and (node.team if isinstance(node, Work) else node.panel) == name
    ]
    return log.visits[np.isin(log.visits[:, NODE], places)]


def team_visits(log: Log, network: Network) -> Iterator[tuple[TeamPlan, np.ndarray]]:
    for name, team in network.teams.items():
        yield team, visits_of(log, network, Work, name)


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
@given(made(), st.integers(0, 2**32))
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
            assert works(post)[jobs[over, ENDED] - 1].all()  # it ends with its last minute
            assert (done <= jobs[:, WORKED]).all()


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
                for number, of_post in enumerate(idle):
                    if rules.serves is None or patch_of_job in rules.serves[number]:
                        assert low >= high or of_post[high] == of_post[low]


# --- the order of work ---


def clock(log: Log, network: Network, case: int, minute: int) -> tuple[int, int]:
    """Return when a case's clock started and runs out, as it stands at a minute."""
    started, days = int(log.arrived[case]), network.clock_days
    for row in log.visits[log.visits[:, CASE] == case]:
        node = network.pathway.nodes[row[NODE]]
        if isinstance(node, Mark) and node.clock_days is not None and row[ENDED] <= minute:
            started, days = int(row[ENDED]), node.clock_days
    return started, (started // MINUTES_A_DAY + days + 1) * MINUTES_A_DAY


def key(rules: Rules, newest: bool, now: int, received: int, due: int) -> tuple[int, ...]:
    order = rules.order
    if order == "still in time first":
        return (0, due) if due > now + rules.minutes_to_go else (1, received)
    if order == "newest" or (order == "mixed" and newest):
        return (-received,)
    return (due,) if order == "due" else (received,)


@settings(max_examples=120, deadline=None)
@given(made(forks=False, changes=False))
def test_jobs_are_taken_in_the_teams_order(network_and_draw: Made) -> None:
    network, draw = network_and_draw
    log = run(network, draw)
    for team, visits in team_visits(log, network):
        if len(team.patches) > 1:
            continue
        (rules,) = team.rules
        share, picks = rules.newest_share, 0
        waiting = visits.tolist()
        clocks = {tuple(row): clock(log, network, row[CASE], row[JOINED]) for row in waiting}
        taken = [row for row in waiting if row[STARTED] != NOT_YET]
        for now in sorted({row[STARTED] for row in taken}):
            expected = []
            for _ in range(sum(row[STARTED] == now for row in taken)):
                newest = floor((picks + 1) * share) > floor(picks * share)
                here = [row for row in waiting if row[JOINED] <= now]
                expected.append(min(here, key=lambda row: rank(row, rules, newest, now, clocks)))
                waiting.remove(expected[-1])
                picks += 1
            by_posts = [row for row in expected if row[RESOURCE] != AGENCY]
            # First the posts in the order of their numbers, then the agency.
            assert all(row[STARTED] == now for row in expected)
            assert [row[RESOURCE] for row in by_posts] == sorted(row[RESOURCE] for row in by_posts)
            assert expected[: len(by_posts)] == by_posts


def rank(
    row: list[int],
    rules: Rules,
    newest: bool,
    now: int,
    clocks: dict[tuple[int, ...], tuple[int, int]],
) -> tuple[int, ...]:
    return (*key(rules, newest, now, *clocks[tuple(row)]), row[JOINED], row[CASE])


# --- panels and agencies ---


@often
@given(made(forks=False))
def test_a_panel_decides_the_oldest_on_its_list_and_no_more_than_it_can(
    network_and_draw: Made,
) -> None:
    network, draw = network_and_draw
    log = run(network, draw)
    visits = visits_of(log, network, Decision, "panel").tolist()

    def received(row: list[int]) -> int:
        return clock(log, network, row[CASE], row[JOINED])[0]

    for sitting in network.panels["panel"].sittings:
        waiting = [
            row
            for row in visits
            if row[JOINED] <= sitting.closes
            and (row[STARTED] == NOT_YET or row[STARTED] >= sitting.closes)
        ]
        waiting.sort(key=lambda row: (received(row), row[JOINED], row[CASE], row[NODE]))
        listed = [row for row in visits if row[STARTED] == sitting.closes]
        assert sorted(waiting[: sitting.cases]) == sorted(listed)
        decided = NOT_YET if sitting.minute >= MINUTES else sitting.minute
        assert all(row[ENDED] == decided for row in listed)
    closed = {sitting.closes for sitting in network.panels["panel"].sittings}
    assert {row[STARTED] for row in visits} <= closed | {NOT_YET}


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
