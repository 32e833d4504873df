"""Small runs worked out by hand: what each kind of node and each rule of a team does."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence

import numpy as np
import pytest

from ehc_sim.engines.simpy.model import SimPyModel
from ehc_sim.network import (
    AgencyPlan,
    AlwaysThere,
    Branch,
    Choice,
    Decision,
    Draw,
    End,
    Fork,
    Join,
    Log,
    Mark,
    Network,
    PanelPlan,
    Pathway,
    Quantity,
    Repeat,
    Rota,
    Rules,
    Sitting,
    TeamPlan,
    Wait,
    Work,
)
from ehc_sim.network.log import AGENCY, NOBODY, NOT_YET
from tests.small_networks import DAY, DAYS, TIMELINE, WORK, at, ran, rota, rows

pytestmark = pytest.mark.unit


# --- nodes ---


def test_waits_in_each_kind_of_day() -> None:
    for counted_in, expected in (
        ("calendar", at(6, 10)),
        ("working", at(8, 9)),  # over a weekend
        ("school", at(17, 9)),  # schools come back on Tuesday 22 April
    ):
        nodes = (Wait("wait", "days", "done", counted_in), End("done", "done"))
        assert rows(ran(nodes, [at(3, 10)], days=[3]), "wait") == [
            (0, at(3, 10), at(3, 10), expected, NOBODY)
        ]


def test_a_wait_of_no_days_and_work_of_no_minutes_leave_no_trace() -> None:
    nodes = (Wait("wait", "days", "work"), *WORK)
    log = ran(nodes, [at(0, 9)], TeamPlan((AlwaysThere(),)), days=[0], minutes=[0])
    assert log.visits[:, 1].tolist() == [2]
    assert log.reached("done").tolist() == [at(0, 9)]


def test_each_case_takes_its_own_way() -> None:
    ways = (("yes", "done"), ("no", "refused"))
    nodes = (Choice("assess?", "option", ways), End("done", "done"), End("refused", "refused"))
    log = ran(nodes, [5, 5], option=[1, 0])
    assert log.reached("done").tolist() == [NOT_YET, 5]
    assert log.reached("refused").tolist() == [5, NOT_YET]


def test_a_case_goes_back_as_often_as_drawn() -> None:
    nodes = (
        Wait("round", "days", "settled?"),
        Repeat("settled?", "times", "round", "done"),
        End("done", "done"),
    )
    log = ran(nodes, [0, 0], days=[2, 2], times=[0, 3])
    assert log.reached("done").tolist() == [2 * DAY, 8 * DAY]


def forked(awaited: Sequence[int], taken: Sequence[int]) -> Log:
    branches = (
        Branch("school", "school", taken="school taken"),
        Branch("health", "health", taken="health taken", awaited="health awaited"),
    )
    nodes = (
        Fork("ask", branches, "all in"),
        Wait("school", "school days", "all in"),
        Wait("health", "health days", "all in"),
        Join("all in", "done"),
        End("done", "done"),
    )
    given = {"school_days": [3], "health_days": [10], "health_awaited": awaited}
    return ran(nodes, [0], **given, school_taken=taken[:1], health_taken=taken[1:])


def test_a_join_waits_for_the_last_branch() -> None:
    assert forked(awaited=[1], taken=[1, 1]).reached("all in").tolist() == [10 * DAY]


def test_a_join_does_not_wait_for_a_branch_that_nobody_awaits() -> None:
    log = forked(awaited=[0], taken=[1, 1])
    assert log.reached("all in").tolist() == log.reached("done").tolist() == [3 * DAY]
    assert log.reached("health").tolist() == [10 * DAY]  # it comes all the same


def test_branches_that_are_not_taken_do_not_happen() -> None:
    log = forked(awaited=[1], taken=[1, 0])
    assert log.reached("all in").tolist() == [3 * DAY]
    assert rows(log, "health") == []
    assert forked(awaited=[1], taken=[0, 0]).reached("all in").tolist() == [0]


def test_what_comes_after_the_end_of_the_run_is_not_yet() -> None:
    nodes = (Wait("wait", "days", "done"), End("done", "done"))
    log = ran(nodes, [0, at(DAYS, 0)], days=[DAYS, 1])
    assert rows(log, "wait") == [(0, 0, 0, NOT_YET, NOBODY)]
    assert log.reached("done").tolist() == [NOT_YET, NOT_YET]


def test_a_case_reads_the_value_of_the_period_in_which_it_comes() -> None:
    nodes = (Wait("wait", "days", "done"), End("done", "done"))
    changed = Quantity((0, DAY), np.array([[5, 5, 5], [1, 1, 1]]))
    log = ran(nodes, [0, DAY - 1, DAY], days=changed)
    assert log.reached("done").tolist() == [5 * DAY, 6 * DAY - 1, 2 * DAY]


# --- teams ---


def test_a_post_freed_at_a_minute_takes_the_case_that_comes_at_that_minute_by_its_order() -> None:
    """The tie of two phases: the newest of both waiting cases, though one came just now."""
    team = TeamPlan((AlwaysThere(),), (Rules(order="newest"),))
    log = ran(WORK, [0, 10, 60], team, minutes=[60, 60, 60])
    assert [row[2] for row in rows(log, "work")] == [0, 120, 60]


def test_a_new_clock_moves_a_case_in_the_queue() -> None:
    nodes = (
        Choice("ordered?", "option", (("no", "work"), ("yes", "order"))),
        Mark("order", "work", clock_days=1),
        *WORK,
    )
    team = TeamPlan((AlwaysThere(),), (Rules(order="due"),))
    log = ran(nodes, [0, 1, 2], team, option=[0, 0, 1], minutes=[60, 60, 60])
    assert [row[2] for row in rows(log, "work")] == [0, 120, 60]


def test_a_team_takes_up_new_rules() -> None:
    team = TeamPlan((AlwaysThere(),), (Rules(order="received"), Rules(100, order="newest")))
    log = ran(WORK, [0, 1, 2, 3], team, minutes=[60, 60, 60, 60])
    assert [row[2] for row in rows(log, "work")] == [0, 60, 180, 120]


def test_posts_serve_their_patches_only() -> None:
    team = TeamPlan(
        (AlwaysThere(), AlwaysThere()),
        (Rules(serves=((0,), (1,))), Rules(100, serves=((0, 1), (0, 1)))),
        patches=("east", "west"),
        patch=np.array([0, 0, 0]),
    )
    log = ran(WORK, [0, 0, 0], team, minutes=[80, 80, 80])
    # The second post may help from minute 100 on.
    assert [(row[2], row[4]) for row in rows(log, "work")] == [(0, 0), (80, 0), (100, 1)]


def test_a_leaver_finishes_the_job_in_hand() -> None:
    team = TeamPlan((rota(takes=[0]),))
    log = ran(WORK, [at(0, 9), at(0, 10)], team, minutes=[300, 10])
    assert rows(log, "work") == [
        (0, at(0, 9), at(0, 9), at(1, 10), 0),
        (1, at(0, 10), NOT_YET, NOT_YET, NOBODY),
    ]


# --- agencies ---


def agency(allowance: Sequence[int], opens: Sequence[int] = (0,)) -> AgencyPlan:
    return AgencyPlan(tuple(opens), tuple(allowance), "agency days")


def posts_of(log: Log) -> list[int]:
    return [row[4] for row in rows(log, "work")]


def test_an_agency_takes_what_no_post_is_free_for_up_to_its_allowance() -> None:
    team = TeamPlan((AlwaysThere(),), agency=agency([1, 2], opens=(0, 600)))
    log = ran(WORK, [0] * 5, team, minutes=[9_000] * 5, agency_days=[4] * 5)
    assert rows(log, "work")[:4] == [
        (0, 0, 0, 9_000, 0),
        (1, 0, 0, 4 * DAY, AGENCY),
        (2, 0, 600, 600 + 4 * DAY, AGENCY),
        (3, 0, 600, 600 + 4 * DAY, AGENCY),
    ]
    assert posts_of(log)[4] == 0


def test_a_case_that_comes_after_hours_waits_for_the_morning_not_for_the_agency() -> None:
    team = TeamPlan((rota(),), agency=agency([5]))
    log = ran(WORK, [at(0, 20)], team, minutes=[60], agency_days=[4])
    assert rows(log, "work") == [(0, at(0, 20), at(1, 9), at(1, 10), 0)]


@pytest.mark.parametrize("post", [rota(takes=[0]), rota(range(30, DAYS))])
def test_an_empty_post_does_not_keep_cases_from_the_agency(post: Rota) -> None:
    """One that has ended, or that starts in a month."""
    team = TeamPlan((post,), agency=agency([5]))
    assert posts_of(ran(WORK, [at(2, 10)], team, minutes=[60], agency_days=[4])) == [AGENCY]


def test_a_free_post_of_one_patch_does_not_keep_another_patch_from_the_agency() -> None:
    team = TeamPlan(
        (AlwaysThere(), AlwaysThere()),
        (Rules(serves=((0,), (1,))),),
        patches=("east", "west"),
        patch=np.array([0, 0]),
        agency=agency([5]),
    )
    log = ran(WORK, [0, 0], team, minutes=[60, 60], agency_days=[4, 4])
    assert posts_of(log) == [0, AGENCY]


# --- memory ---


def test_a_run_leaves_nothing_that_only_the_collector_could_free() -> None:
    """A study makes thousands of runs, and the collector stands still in each."""
    nodes = (
        Fork("ask", (Branch("wait", "wait"), Branch("work", "work")), "all in"),
        Wait("wait", "days", "all in"),
        Work("work", "team", "minutes", "decide"),
        Decision("decide", "panel", "all in"),
        Join("all in", "done"),
        End("done", "done"),
    )
    panel = PanelPlan((Sitting(at(0, 9), at(0, 10), 1),))
    network = Network(Pathway(nodes), TIMELINE, {"team": TeamPlan((rota(),))}, {"panel": panel})
    draw = Draw(
        np.zeros(4, dtype=np.int64),
        {"days": Quantity.constant([DAYS] * 4), "minutes": Quantity.constant([1, 1, 10_000, 1])},
    )
    gc.collect()
    gc.disable()
    try:
        model = SimPyModel(network, draw)
        log = model.run()
        assert (log.reached("done") == NOT_YET).all()  # cases are left at every kind of place
        left = weakref.ref(model)
        del model
        assert left() is None
    finally:
        gc.enable()


def test_a_run_leaves_the_collector_as_it_was() -> None:
    for switch in (gc.disable, gc.enable):
        switch()
        before = gc.isenabled()
        ran(WORK, [0], TeamPlan((AlwaysThere(),)), minutes=[1])
        assert gc.isenabled() is before
