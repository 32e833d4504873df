"""What a network, a draw and a quantity refuse, and what a quantity gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.engines.simpy import run
from ehc_sim.network import (
    AgencyPlan,
    AlwaysThere,
    Decision,
    Draw,
    End,
    InPlace,
    Log,
    Mark,
    Network,
    Pathway,
    Quantity,
    Rules,
    Sitting,
    TeamPlan,
    Work,
)

pytestmark = pytest.mark.unit

PATHWAY = Pathway(
    [
        Work("draft", "writers", "draft minutes", "decide"),
        Decision("decide", "panel", "end"),
        End("end", "end"),
    ]
)
TIMELINE = Timeline.england(date(2025, 4, 7), date(2025, 4, 30), SchoolTerms.read("somerset"))


def quantity(*starts: int) -> Quantity:
    return Quantity(starts, np.arange(2 * len(starts)).reshape(-1, 2))


# --- quantities ---


def test_a_case_reads_the_value_of_the_period_it_is_in() -> None:
    by_period = quantity(0, 100)
    assert [by_period.at(minute, 1) for minute in (0, 99, 100, 5_000)] == [1, 1, 3, 3]


def test_a_constant_quantity_has_one_period() -> None:
    constant = Quantity.constant([4, 5])
    assert constant.starts == (0,)
    assert [constant.at(minute, 1) for minute in (0, 9_999)] == [5, 5]


def test_periods_that_change_nothing_are_left_out() -> None:
    rows = [np.array(row) for row in ([1, 2], [1, 2], [1, 3], [1, 3], [1, 2])]
    made = Quantity.by_period([0, 10, 20, 30, 40], rows)
    assert made.starts == (0, 20, 40)
    assert made.values.tolist() == [[1, 2], [1, 3], [1, 2]]


def test_a_quantity_may_be_of_later_cases_only() -> None:
    later = Quantity.constant([4, 5], first=7)
    assert later.cases == range(7, 9)
    assert [later.at(0, case) for case in (7, 8)] == [4, 5]
    made = Quantity.by_period([0, 10], [np.array([1]), np.array([2])], first=3)
    assert (made.cases, made.at(9, 3), made.at(10, 3)) == (range(3, 4), 1, 2)


def test_a_variant_is_of_the_same_cases() -> None:
    with pytest.raises(ValueError, match="must have the same cases"):
        Quantity((0,), np.array([[1, 2]]), variant=Quantity.constant([1]))


@pytest.mark.parametrize("starts", [(1, 2), (0, 0), (0, 20, 10)])
def test_periods_must_start_at_0_and_rise(starts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="must start at minute 0 and rise"):
        quantity(*starts)


def test_each_period_needs_a_row() -> None:
    with pytest.raises(ValueError, match="one row of values for each period"):
        Quantity((0, 10), np.zeros((1, 2), dtype=np.int64))


# --- networks and draws ---


def draw(arrived: list[int], **minutes: list[int]) -> Draw:
    values = {name.replace("_", " "): Quantity.constant(row) for name, row in minutes.items()}
    return Draw(np.array(arrived), values)


def with_variant(values: list[int], variant: list[int]) -> Quantity:
    usual = Quantity.constant(values)
    return Quantity(usual.starts, usual.values, variant=Quantity.constant(variant))


PLANS = Pathway(
    [
        Work("work", "writers", "draft", "plan issued"),
        Mark("plan issued", "end", opens_plan=True),
        InPlace("plan", "ends", "end", "end"),
        End("end", "end"),
    ],
    ("work", "plan"),
)


def run_plans(entry: list[int], holder: list[int] | None = None, **quantities: Quantity) -> Log:
    """Run three cases: some are work, which makes a plan, some are about the plan of a holder."""
    given = {
        "draft": Quantity.constant([60] * 3),
        "ends": Quantity.constant([9] * 3),
        **quantities,
    }
    held = None if holder is None else np.array(holder)
    made = Draw(np.zeros(3, dtype=np.int64), given, entry=np.array(entry), holder=held)
    return run(Network(PLANS, TIMELINE, {"writers": TeamPlan((AlwaysThere(),))}), made)


def run_without_a_quantity() -> Log:
    pathway = Pathway([Work("draft", "writers", "draft minutes", "end"), End("end", "end")])
    teams = {"writers": TeamPlan((AlwaysThere(),), agency=AgencyPlan((0,), (1,), "agency days"))}
    return run(Network(pathway, TIMELINE, teams), draw([0], draft_minutes=[1]))


REFUSED: dict[str, tuple[Callable[[], object], str]] = {
    "no team and no panel": (
        lambda: Network(PATHWAY, TIMELINE),
        "the network lacks team 'writers', panel 'panel'",
    ),
    "an unknown order": (
        lambda: Rules(order="fastest"),
        "order 'fastest', allowed is one of received, due, newest",
    ),
    "rules that start late": (
        lambda: TeamPlan((), (Rules(starts=10),)),
        "rules of a team must start at minute 0 and rise",
    ),
    "rules that do not rise": (
        lambda: TeamPlan((), (Rules(), Rules(20), Rules(10))),
        "rules of a team must start at minute 0 and rise",
    ),
    "rules that forget a post": (
        lambda: TeamPlan((AlwaysThere(),) * 2, (Rules(serves=((0,),)),)),
        "rules give the patches of 1 posts, there are 2",
    ),
    "a decision before its list": (
        lambda: Sitting(closes=600, minute=600, cases=3),
        "a list closes at minute 600, decided at 600",
    ),
    "values of cases that are not there": (
        lambda: draw([0, 1], draft_minutes=[60, 60, 60]),
        "'draft minutes' has values for cases 0 to 2, there are 2 cases",
    ),
    "values of cases before the first": (
        lambda: Draw(np.array([0]), {"draft minutes": Quantity.constant([60], -1)}),
        "'draft minutes' has values for cases -1 to -1, there are 1 cases",
    ),
    "work of less than nothing": (
        lambda: draw([0], draft_minutes=[-1]),
        "'draft minutes' has a value below 0",
    ),
    "work without an end": (
        lambda: draw([0], draft_minutes=[2**62]),
        f"'draft minutes' has the value {2**62}, allowed is {2**40} at most",
    ),
    "work without an end after a meeting": (
        lambda: Draw(np.array([0]), {"draft minutes": with_variant([1], [2**50])}),
        f"'draft minutes' has the value {2**50}, allowed is {2**40} at most",
    ),
    "work of less than nothing after a meeting": (
        lambda: Draw(np.array([0]), {"draft minutes": with_variant([1], [-1])}),
        "'draft minutes' has a value below 0",
    ),
    "a case without an entry": (
        lambda: Draw(np.array([0, 1]), {}, entry=np.array([0])),
        "1 entries, there are 2 cases",
    ),
    "a case without a holder": (
        lambda: Draw(np.array([0, 1]), {}, holder=np.array([0, 1, 2])),
        "3 holders, there are 2 cases",
    ),
    "a case without a value": (
        lambda: run_plans(entry=[0, 0, 1], draft=Quantity.constant([60])),
        "'draft' has values for cases 0 to 0; cases 0 to 1 arrive at 'work' and read it",
    ),
    "a later case without a value": (
        lambda: run_plans(entry=[0, 0, 1], draft=Quantity.constant([60, 60], 1)),
        "'draft' has values for cases 1 to 2; cases 0 to 1 arrive at 'work' and read it",
    ),
    "a holder without a value": (
        lambda: run_plans(entry=[0, 0, 1], holder=[0, 1, 1], ends=Quantity.constant([9])),
        "'ends' has values for cases 0 to 0; cases 1 to 1 arrive at 'plan' and read it",
    ),
    "a quantity that is missing": (run_without_a_quantity, "the draw lacks agency days"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(ValueError, match=message):
        make()


def test_values_are_asked_only_of_the_cases_that_may_read_them() -> None:
    """The work of the first two cases, the end of the plan of the second, which holds it."""
    log = run_plans(
        entry=[0, 0, 1],
        holder=[0, 1, 1],
        draft=Quantity.constant([60, 60]),
        ends=Quantity.constant([9], 1),
    )
    assert log.reached("end").tolist() == [60, 120, 0]
