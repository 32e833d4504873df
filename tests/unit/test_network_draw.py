"""Cases that arrive by themselves, and cases that are open when the run starts."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Mapping, Sequence

import numpy as np
import pytest

from ehc_sim.engines.simpy import run
from ehc_sim.engines.simpy.model import SimPyModel
from ehc_sim.network import (
    AlwaysThere,
    Branch,
    Decision,
    Draw,
    End,
    Fork,
    Join,
    Log,
    Mark,
    Network,
    OpenBranch,
    OpenCase,
    PanelPlan,
    Pathway,
    Quantity,
    Rules,
    Sitting,
    TeamPlan,
    Wait,
    Work,
)
from ehc_sim.network.log import NOBODY, NOT_YET
from tests.small_networks import DAY, DAYS, TIMELINE, at, rows

pytestmark = pytest.mark.unit

BEFORE = -10 * DAY
NODES = (
    Mark("request", "evidence"),
    Wait("evidence", "evidence days", "panel"),
    Decision("panel", "panel", "ask"),
    Fork("ask", (Branch("school", "school"), Branch("advice", "seen", "needed", "awaited")), "in"),
    Wait("school", "school days", "in"),
    Wait("seen", "seen days", "advice"),
    Work("advice", "team", "advice minutes", "in"),
    Join("in", "met"),
    Mark("met", "drafting", variant=1),
    Work("drafting", "team", "drafting minutes", "done"),
    End("done", "done"),
)
PANEL = PanelPlan((Sitting(at(1, 17), at(3, 10), 5), Sitting(at(8, 17), at(10, 10), 5)))


def open_case(case: int, node: str, joined: int, left: int = 0, **others: object) -> OpenCase:
    """Return a case of which the request was received ten days before the run."""
    given: dict[str, object] = {"received": BEFORE, "clock": BEFORE, "clock_days": 140, **others}
    return OpenCase(case, node=node, joined=joined, left=left, **given)  # type: ignore[arg-type]


def network(order: str = "received", posts: int = 1) -> Network:
    team = TeamPlan((AlwaysThere(),) * posts, (Rules(order=order),))
    return Network(Pathway(NODES), TIMELINE, {"team": team}, {"panel": PANEL})


def drawn(opened: Sequence[OpenCase], later: Sequence[int] = (), **days: Sequence[int]) -> Draw:
    """Return a draw of open cases, then of cases that arrive; every number is 1 unless given."""
    cases = len(opened) + len(later)
    names = [name for node in NODES for name in _numbers(node)]
    quantities: Mapping[str, Quantity] = {name: Quantity.constant([1] * cases) for name in names}
    given = {name.replace("_", " "): Quantity.constant(row) for name, row in days.items()}
    arrived = np.array([one.received for one in opened] + list(later))
    return Draw(arrived, {**quantities, **given}, open=tuple(opened))


def _numbers(node: object) -> list[str]:
    names = ("days", "minutes", "taken", "awaited")
    branches = getattr(node, "branches", ())
    found = [getattr(one, name, None) for one in (node, *branches) for name in names]
    return [name for name in found if name is not None]


def started_from(*opened: OpenCase, order: str = "received", **days: Sequence[int]) -> Log:
    return run(network(order), drawn(opened, **days))


def test_cases_arrive_in_the_order_of_time_and_number() -> None:
    arrived = np.array([7, 3, NOT_YET, 7, 0])
    assert Draw(arrived, {}).arrivals().tolist() == [4, 1, 0, 3]


def test_cases_that_another_may_start_and_open_ones_do_not_arrive() -> None:
    opened = (open_case(0, "panel", -5), open_case(3, "panel", -5))
    arrived = np.array([BEFORE, NOT_YET, 4, BEFORE, 2])
    assert Draw(arrived, {}, open=opened).arrivals().tolist() == [4, 2]


def test_a_wait_goes_on_for_what_is_left_of_it() -> None:
    log = started_from(open_case(0, "evidence", -1_000, left=600), evidence_days=[30])
    assert rows(log, "evidence") == [(0, -1_000, -1_000, 600, NOBODY)]
    assert rows(log, "panel") == [(0, 600, at(1, 17), at(3, 10), NOBODY)]
    assert rows(log, "request") == []  # it is not asked for again
    assert log.arrived.tolist() == [BEFORE]


def test_a_wait_that_outlasts_the_run_is_not_over() -> None:
    log = started_from(open_case(0, "evidence", -1_000, left=DAYS * DAY))
    assert rows(log, "evidence") == [(0, -1_000, -1_000, NOT_YET, NOBODY)]


def test_of_work_only_what_is_left_is_done() -> None:
    log = started_from(open_case(0, "drafting", -1_000, left=90), drafting_minutes=[400])
    assert rows(log, "drafting") == [(0, -1_000, 0, 90, 0)]
    assert log.visits[log.visits[:, 1] == NODES.index(NODES[-2]), 6].tolist() == [90]
    assert log.reached("done").tolist() == [90]


def test_a_case_at_the_panel_is_on_the_first_list_that_it_can_be_on() -> None:
    log = started_from(open_case(0, "panel", -3), school_days=[4], needed=[0])
    assert rows(log, "panel") == [(0, -3, at(1, 17), at(3, 10), NOBODY)]
    assert log.reached("in").tolist() == [at(7, 10)]  # and then it goes on as others do


@pytest.mark.parametrize(
    ("order", "taken"), [("received", [1, 0, 2]), ("due", [2, 1, 0]), ("newest", [2, 0, 1])]
)
def test_open_cases_queue_by_their_own_clocks(order: str, taken: list[int]) -> None:
    """The clock of the first was started anew, 4 days ago, by an order."""
    opened = (
        open_case(0, "drafting", -900, left=60, clock=-4 * DAY, clock_days=98),
        open_case(1, "drafting", -800, left=60, clock_days=50),
        open_case(2, "drafting", -700, left=60, clock=-3 * DAY, clock_days=7),
    )
    log = started_from(*opened, order=order)
    starts = {row[0]: row[2] for row in rows(log, "drafting")}
    assert sorted(starts, key=lambda case: starts[case]) == taken


def test_open_cases_and_new_ones_share_the_queue() -> None:
    """The open one came first; the new one waits for it."""
    draw = drawn((open_case(0, "advice", -5, left=100),), [0])
    log = run(network(), draw)
    assert rows(log, "advice")[0] == (0, -5, 0, 100, 0)
    assert log.reached("request").tolist() == [NOT_YET, 0]


def branches(*, awaited: bool = True) -> tuple[OpenBranch, OpenBranch]:
    return (
        OpenBranch("school", True, -2_000, 2 * DAY),
        OpenBranch("advice", awaited, -500, 5 * DAY),
    )


def test_a_case_on_several_branches_goes_on_when_the_last_awaited_one_is_in() -> None:
    log = started_from(open_case(0, "ask", -2_500, branches=branches()))
    assert rows(log, "school") == [(0, -2_000, -2_000, 2 * DAY, NOBODY)]
    assert rows(log, "advice") == [(0, -500, 0, 5 * DAY, 0)]
    assert log.reached("in").tolist() == [5 * DAY]


def test_a_branch_that_nobody_awaits_is_finished_all_the_same() -> None:
    log = started_from(open_case(0, "ask", -2_500, branches=branches(awaited=False)))
    assert log.reached("in").tolist() == [2 * DAY]
    assert log.reached("advice").tolist() == [5 * DAY]


def test_branches_that_are_done_with_are_not_gone_through_again() -> None:
    log = started_from(open_case(0, "ask", -2_500, branches=branches()[:1]))
    assert rows(log, "advice") == rows(log, "seen") == []
    assert log.reached("in").tolist() == [2 * DAY]


def test_a_case_that_awaits_nobody_any_more_goes_on_at_once() -> None:
    log = started_from(open_case(0, "ask", -2_500, branches=branches(awaited=False)[1:]))
    assert log.reached("in").tolist() == [0]


def test_a_branch_goes_on_from_its_wait_to_its_work() -> None:
    one = open_case(0, "ask", -2_500, branches=(OpenBranch("seen", True, -600, DAY),))
    log = started_from(one, advice_minutes=[70])
    assert rows(log, "advice") == [(0, DAY, DAY, DAY + 70, 0)]
    assert log.reached("in").tolist() == [DAY + 70]


def test_what_is_behind_a_case_is_in_the_log() -> None:
    done = (("request", BEFORE, BEFORE, BEFORE), ("evidence", BEFORE, BEFORE, -3_000))
    log = started_from(open_case(0, "panel", -3_000, done=done))
    assert rows(log, "request") == [(0, BEFORE, BEFORE, BEFORE, NOBODY)]
    assert rows(log, "evidence") == [(0, BEFORE, BEFORE, -3_000, NOBODY)]
    assert log.reached("evidence").tolist() == [-3_000]
    events = log.events
    assert events["minute"].is_monotonic_increasing
    assert events.loc[0, ["node", "event", "minute"]].tolist() == ["arrival", "arrive", BEFORE]


def test_a_milestone_behind_a_case_has_set_its_variant() -> None:
    """With the meeting held before the run, drafting takes what it takes after a meeting."""
    usual = Quantity((0,), np.array([[500]]), variant=Quantity.constant([200]))
    for done, expected in (((), 501), ((("met", -90, -90, -90),), 201)):
        nodes = (*NODES[:-2], Work("drafting", "team", "minutes", "later"), *LATER)
        opened = open_case(0, "drafting", -80, left=1, done=done)
        values = drawn((opened,)).quantities
        draw = Draw(np.array([BEFORE]), {**values, "minutes": usual}, open=(opened,))
        plan = {"team": TeamPlan((AlwaysThere(),))}
        log = run(Network(Pathway(nodes), TIMELINE, plan, {"panel": PANEL}), draw)
        assert log.reached("done").tolist() == [expected]


LATER = (Work("later", "team", "minutes", "done"), End("done", "done"))


def test_a_run_with_open_cases_leaves_nothing_that_only_the_collector_could_free() -> None:
    """Cases are left on branches, with work that nobody does, and at a panel."""
    opened = (
        open_case(0, "ask", -9, branches=(OpenBranch("school", True, -9, DAYS * DAY),)),
        open_case(1, "drafting", -9, left=5),
        open_case(2, "ask", -9, branches=(OpenBranch("advice", True, -9, 5),)),
        open_case(3, "panel", -9),
    )
    nobody, closed = {"team": TeamPlan(())}, {"panel": PanelPlan(())}
    gc.collect()
    gc.disable()
    try:
        model = SimPyModel(Network(Pathway(NODES), TIMELINE, nobody, closed), drawn(opened))
        assert (model.run().reached("done") == NOT_YET).all()
        left = weakref.ref(model)
        del model
        assert left() is None
    finally:
        gc.enable()
