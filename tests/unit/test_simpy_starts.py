"""Cases that start others, plans that are in place, clocks and variants: small runs by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from ehc_sim.engines.simpy import run
from ehc_sim.network import (
    AlwaysThere,
    Before,
    Choice,
    Draw,
    End,
    InPlace,
    Log,
    Mark,
    Network,
    Pathway,
    Quantity,
    Rules,
    Start,
    TeamPlan,
    Wait,
)
from ehc_sim.network.log import NOBODY, NOT_YET
from tests.small_networks import DAY, DAYS, TIMELINE, WORK, at, ran, rows

pytestmark = pytest.mark.unit


def starts_another(
    arrived: Sequence[int], others: Sequence[int], days: Sequence[int], minutes: int = 1
) -> Log:
    """Run plans, each of which starts a review, as many days later; reviews are work."""
    nodes = (
        Mark("plan", "later"),
        Start("later", "other", "days", "review", "done"),
        Mark("review", "work"),
        *WORK,
    )
    team = {"team": TeamPlan((AlwaysThere(),))}
    network = Network(Pathway(nodes, ("plan", "review")), TIMELINE, team)
    entry = np.array([0] * len(others) + [1] * (len(arrived) - len(others)))
    values = {
        "other": Quantity.constant(others),
        "days": Quantity.constant(days),
        "minutes": Quantity.constant([minutes] * len(arrived)),
    }
    return run(network, Draw(np.array(arrived), values, entry=entry))


def test_a_started_case_arrives_at_its_minute_and_the_other_goes_on_at_once() -> None:
    log = starts_another([at(0, 9), NOT_YET], others=[1], days=[3])
    assert log.arrived.tolist() == [at(0, 9), at(3, 9)]
    assert rows(log, "later") == [(0, at(0, 9), at(0, 9), at(3, 9), NOBODY)]
    assert rows(log, "review") == [(1, at(3, 9), at(3, 9), at(3, 9), NOBODY)]
    assert log.reached("done").tolist() == [at(0, 9), at(3, 9, 1)]


def test_a_case_that_nobody_starts_does_not_arrive() -> None:
    log = starts_another([0, NOT_YET, NOT_YET], others=[2], days=[1])
    assert log.arrived.tolist() == [0, NOT_YET, DAY]
    assert log.reached("review").tolist() == [NOT_YET, NOT_YET, DAY]


def test_a_started_case_queues_by_its_own_arrival() -> None:
    """It comes on day 1; the second review came on day 0, both while the first is worked on."""
    log = starts_another([0, NOT_YET, 10, 600], others=[1], days=[1], minutes=3_000)
    assert [(row[0], row[2]) for row in rows(log, "work")] == [(1, 6_010), (2, 10), (3, 3_010)]


def test_a_start_beyond_the_end_of_the_run_is_told_but_does_not_take_place() -> None:
    """Both name the same case, which neither starts."""
    log = starts_another([0, DAY, NOT_YET], others=[2, 2], days=[DAYS, DAYS - 1])
    assert log.arrived.tolist() == [0, DAY, NOT_YET]
    assert rows(log, "later") == [
        (0, 0, 0, NOT_YET, NOBODY),
        (1, DAY, DAY, NOT_YET, NOBODY),
    ]
    assert rows(log, "review") == []


@pytest.mark.parametrize(
    ("arrived", "others"),
    [
        ([0, 5, NOT_YET], [2, 2]),  # taken by another
        ([0, 5], [0, 1]),  # itself
        ([0, 0, 7], [2, 2]),  # arrives by itself
    ],
)
def test_a_start_of_a_case_that_is_taken_is_refused(arrived: list[int], others: list[int]) -> None:
    with pytest.raises(RuntimeError, match="'later' has no case left to start after case"):
        starts_another(arrived, others, days=[3, 3])


def test_one_way_before_a_minute_another_from_it_on() -> None:
    nodes = (
        Before("young?", "birthday", "done", "old"),
        End("done", "done"),
        End("old", "old"),
    )
    log = ran(nodes, [99, 100, 101], birthday=[100, 100, 101])
    assert log.reached("done").tolist() == [99, NOT_YET, NOT_YET]
    assert log.reached("old").tolist() == [NOT_YET, 100, 101]


def test_a_plan_is_in_place_from_its_issue_until_it_ends_or_is_ceased() -> None:
    """The first is issued on day 2 and ends on day 5; the second is ceased on day 3.

    The third is never issued. Each is looked at by cases of its own.
    """
    nodes = (
        Wait("draft", "days", "issued"),
        Mark("issued", "done", opens_plan=True),
        Mark("ceased", "done", closes_plan=True),
        InPlace("in place?", "ends", "kept", "gone"),
        *(End(name, name) for name in ("done", "kept", "gone")),
    )
    first = [at(1, 0), at(2, 0) - 1, at(2, 0) + 1, at(5, 0) - 1, at(5, 0), at(9, 0)]
    second = [at(3, 0) - 1, at(3, 0) + 1, at(9, 0)]
    looks = [*first, *second, at(9, 0)]
    holder = [0, 1, 2, 1, *([0] * len(first)), *([1] * len(second)), 2]
    values = {
        "days": Quantity.constant([2, 2, DAYS]),
        "ends": Quantity.constant([at(5, 0), at(90, 0), at(90, 0)]),
    }
    draw = Draw(
        np.array([0, 0, 0, at(3, 0), *looks]),
        values,
        entry=np.array([0, 0, 0, 1] + [2] * len(looks)),
        holder=np.array(holder),
    )
    pathway = Pathway(nodes, ("draft", "ceased", "in place?"))
    log = run(Network(pathway, TIMELINE), draw)
    kept = log.reached("kept")[4:] != NOT_YET
    gone = log.reached("gone")[4:] != NOT_YET
    assert kept.tolist() == [False, False, True, True, False, False, True, False, False, False]
    assert (gone == ~kept).all()


def test_a_milestone_with_a_variant_changes_the_quantities_that_have_one() -> None:
    """From there on, by period, of this case only: 60 minutes become 30, and 20 from day 1 on."""
    nodes = (
        Wait("wait", "days", "met?"),
        Choice("met?", "option", (("no", "work"), ("yes", "met"))),
        Mark("met", "work", variant=1),
        *WORK,
    )
    after = Quantity((0, DAY), np.array([[30] * 3, [20] * 3]))
    minutes = Quantity((0,), np.array([[60] * 3]), variant=after)
    team = TeamPlan((AlwaysThere(),) * 3)
    log = ran(nodes, [0, 0, 0], team, days=[0, 0, 1], option=[0, 1, 1], minutes=minutes)
    assert log.reached("done").tolist() == [60, 30, DAY + 20]


def test_a_quantity_without_variants_is_the_same_after_the_milestone() -> None:
    nodes = (Mark("met", "work", variant=1), *WORK)
    log = ran(nodes, [0], TeamPlan((AlwaysThere(),)), minutes=[60])
    assert log.reached("done").tolist() == [60]


def test_each_case_may_have_a_clock_of_its_own() -> None:
    """Told at one minute, the second has two days and the third three: that is their order."""
    nodes = (
        Choice("told?", "option", (("no", "work"), ("yes", "told"))),
        Mark("told", "work", clock_days="clock"),
        *WORK,
    )
    team = TeamPlan((AlwaysThere(),), (Rules(order="due"),))
    given = {"option": [0, 1, 1], "clock": [0, 3, 2]}
    log = ran(nodes, [0, 5, 5], team, **given, minutes=[60, 60, 60])
    assert [row[2] for row in rows(log, "work")] == [0, 120, 60]


def test_another_date_of_a_clock_counts_from_its_start() -> None:
    """The clock of the second starts on day 0 and its date of 10 days is set on day 5; the third
    has until day 12. Counted from day 5 it would be the other way round."""
    nodes = (
        Choice("which?", "option", (("work", "work"), ("due", "clock"), ("other", "twelve days"))),
        Mark("clock", "wait", clock_days=50),
        Wait("wait", "days", "due"),
        Mark("due", "work", due_days=10),
        Mark("twelve days", "work", clock_days=7),
        *WORK,
    )
    team = TeamPlan((AlwaysThere(),), (Rules(order="due"),))
    log = ran(
        nodes,
        [at(0, 0), at(0, 1), at(5, 1)],
        team,
        option=[0, 1, 2],
        days=[0, 5, 0],
        minutes=[8 * DAY, 60, 60],
    )
    assert [row[2] for row in rows(log, "work")] == [0, 8 * DAY, 8 * DAY + 60]
