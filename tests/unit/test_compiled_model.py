"""The compiled model at its edges: room that runs out, faults, posts that it does not know."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.engines.compiled.log_sort import MOST_POSTS, MOST_WORK
from ehc_sim.engines.compiled.loop import layout
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.compiled.packing import memory
from ehc_sim.engines.compiled.packing.memory import Memory
from ehc_sim.engines.simpy import run
from ehc_sim.network import (
    AlwaysThere,
    Branch,
    Decision,
    Draw,
    End,
    Fork,
    Join,
    Mark,
    Network,
    PanelPlan,
    Pathway,
    Quantity,
    Repeat,
    Rota,
    Rules,
    Sitting,
    Start,
    TeamPlan,
    Wait,
    Work,
)
from ehc_sim.network.log import NOT_YET
from tests.small_networks import DAYS, TIMELINE

pytestmark = pytest.mark.unit


def goes_round(times: int) -> tuple[Network, Draw]:
    """Return one case that passes two milestones so many times on its first day."""
    nodes = (
        Mark("here", "there"),
        Mark("there", "again?"),
        Repeat("again?", "times", "here", "done"),
        End("done", "done"),
    )
    values = {"times": Quantity.constant([times])}
    return Network(Pathway(nodes), TIMELINE), Draw(np.array([600]), values)


@pytest.mark.parametrize("times", [0, 500, 20_000])
def test_a_run_that_needs_more_room_gets_it(times: int) -> None:
    """The usual room is some thousand rows of the log and sixteen for each case."""
    network, draw = goes_round(times)
    log = run_compiled(network, draw)
    assert len(log.visits) == 2 * times + 3
    assert np.array_equal(log.visits, run(network, draw).visits)


def test_so_many_cases_in_one_queue_have_places_in_it() -> None:
    cases = 5_000
    nodes = (Work("work", "team", "minutes", "done"), End("done", "done"))
    network = Network(Pathway(nodes), TIMELINE, {"team": TeamPlan((AlwaysThere(),))})
    values = {"minutes": Quantity.constant([7] * cases)}
    draw = Draw(np.zeros(cases, np.int64), values)
    assert np.array_equal(run_compiled(network, draw).visits, run(network, draw).visits)


def test_room_of_one_run_does_not_reach_into_the_next() -> None:
    """The memory is used again: what a run left in it must not matter."""
    large, small = goes_round(3_000), goes_round(2)
    expected = run(*small).visits
    for _ in range(2):
        run_compiled(*large)
        assert np.array_equal(run_compiled(*small).visits, expected)


def test_a_log_is_not_changed_by_the_next_run() -> None:
    network, draw = goes_round(3)
    log = run_compiled(network, draw)
    before, arrived = log.visits.copy(), log.arrived.copy()
    run_compiled(*goes_round(50))
    assert np.array_equal(log.visits, before)
    assert np.array_equal(log.arrived, arrived)


def test_a_case_without_another_to_start_is_named_as_by_simpy() -> None:
    nodes = (
        Start("later", "other", "days", "later", "wait"),
        Wait("wait", "wait days", "done"),
        End("done", "done"),
    )
    values = {
        "other": Quantity.constant([1, 1]),
        "days": Quantity.constant([1, 1]),
        "wait days": Quantity.constant([1, 1]),
    }
    network = Network(Pathway(nodes), TIMELINE)
    draw = Draw(np.array([0, NOT_YET]), values)
    said = "'later' has no case left to start after case 1"
    for model in (run, run_compiled):
        with pytest.raises(RuntimeError, match=said):
            model(network, draw)


def test_a_draw_that_lacks_a_quantity_is_refused_as_by_simpy() -> None:
    network, draw = goes_round(1)
    for model in (run, run_compiled):
        with pytest.raises(ValueError, match="the draw lacks times"):
            model(network, Draw(draw.arrived, {}))


def test_posts_of_another_kind_are_refused() -> None:
    class Sometimes(AlwaysThere):
        def at_work(self, minute: int) -> bool:
            return minute % 2 == 0

    class Stranger:
        pass

    nodes = (Work("work", "team", "minutes", "done"), End("done", "done"))
    values = {"minutes": Quantity.constant([7])}
    for post in (Sometimes(), Stranger()):
        network = Network(Pathway(nodes), TIMELINE, {"team": TeamPlan((post,))})  # type: ignore[arg-type]
        with pytest.raises(TypeError, match=f"no {type(post).__name__}"):
            run_compiled(network, Draw(np.array([0]), values))


def one_post(posts: int, minutes: int) -> tuple[Network, Draw]:
    """Return a case of so much work for a team of so many posts that are always there."""
    nodes = (Work("work", "team", "minutes", "done"), End("done", "done"))
    network = Network(Pathway(nodes), TIMELINE, {"team": TeamPlan((AlwaysThere(),) * posts)})
    return network, Draw(np.array([0]), {"minutes": Quantity.constant([minutes])})


def test_more_work_than_a_row_can_hold_is_refused() -> None:
    network, draw = one_post(1, MOST_WORK)
    assert np.array_equal(run_compiled(network, draw).visits, run(network, draw).visits)
    said = "'work' is more than 2147483647 minutes of work for case 0"
    with pytest.raises(RuntimeError, match=said):
        run_compiled(*one_post(1, MOST_WORK + 1))


def test_the_last_of_as_many_posts_as_a_row_can_tell_apart_is_told() -> None:
    nodes = (Work("work", "team", "minutes", "done"), End("done", "done"))
    posts = (Rota(np.zeros(DAYS, int), np.zeros(DAYS, bool)),) * (MOST_POSTS - 1)
    network = Network(Pathway(nodes), TIMELINE, {"team": TeamPlan((*posts, AlwaysThere()))})
    log = run_compiled(network, Draw(np.array([0]), {"minutes": Quantity.constant([5])}))
    assert log.visits[0, 5] == MOST_POSTS - 1


def test_more_posts_than_a_row_can_tell_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="32769 posts, a team of the compiled model has 32768"):
        run_compiled(*one_post(MOST_POSTS + 1, 5))


def test_a_team_of_more_posts_than_a_word_has_bits() -> None:
    posts = 2 * layout.WORD + 3
    nodes = (Work("work", "team", "minutes", "done"), End("done", "done"))
    network = Network(Pathway(nodes), TIMELINE, {"team": TeamPlan((AlwaysThere(),) * posts)})
    cases = posts + 5
    values = {"minutes": Quantity.constant(np.arange(cases) % 9 + 1)}
    draw = Draw(np.zeros(cases, np.int64), values)
    log = run_compiled(network, draw)
    assert np.array_equal(log.visits, run(network, draw).visits)
    assert set(log.visits[log.visits[:, 5] >= 0, 5].tolist()) >= set(range(posts))


def test_the_memory_begins_with_the_numbers_of_the_run() -> None:
    network, draw = goes_round(1)
    numbers = Memory(network, draw).numbers
    assert numbers[layout.UNTIL] == DAYS * layout.DAY
    assert numbers[layout.FAULT] == 0


@pytest.mark.parametrize("leaves", ["work", "waits", "decisions"])
def test_more_left_under_way_than_there_is_room_for(leaves: str) -> None:
    """A case goes round a fork and each time leaves a branch under way that nobody waits for."""
    times = 4_000
    inside = {
        "work": Work("left", "team", "amount", "joined"),
        "waits": Wait("left", "amount", "joined"),
        "decisions": Decision("left", "panel", "joined"),
    }[leaves]
    nodes = (
        Fork("fork", (Branch("left", "left", None, "awaited"),), "joined"),
        inside,
        Join("joined", "again?"),
        Repeat("again?", "times", "fork", "done"),
        End("done", "done"),
    )
    values = {
        "amount": Quantity.constant([5]),
        "awaited": Quantity.constant([0]),
        "times": Quantity.constant([times]),
    }
    teams = {"team": TeamPlan((AlwaysThere(), AlwaysThere()), (Rules(order="mixed"),))}
    panels = {"panel": PanelPlan((Sitting(20_000, 20_060, 3_000),))}
    network = Network(Pathway(nodes), TIMELINE, teams, panels)
    draw = Draw(np.array([600]), values)
    log = run_compiled(network, draw)
    assert len(log.visits) == 2 * (times + 1) + 1
    assert np.array_equal(log.visits, run(network, draw).visits)


@pytest.mark.parametrize("what", ["MOST_CASES", "MOST_NODES"])
def test_more_than_the_event_loop_tells_apart_does_not_reach_it(
    what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case and its node share a number: one too many would be another's."""
    network, draw = goes_round(1)
    monkeypatch.setattr(memory, what, 0)
    with pytest.raises(ValueError, match=r"the compiled model has room for 0"):
        run_compiled(network, draw)
