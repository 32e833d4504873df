"""Reserved posts, work handed over, agencies by rule and daily hours, worked out by hand."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.engines.simpy.model import SimPyModel
from ehc_sim.network import (
    AgencyPlan,
    AlwaysThere,
    Choice,
    DailyHours,
    Draw,
    End,
    Log,
    Mark,
    Network,
    Pathway,
    Quantity,
    Rota,
    Rules,
    TeamPlan,
    Work,
)
from ehc_sim.network.log import AGENCY, NOBODY, NOT_YET, SHARED

pytestmark = pytest.mark.unit

DAY = 1440
DAYS = 30
# From Monday 7 April.
TIMELINE = Timeline.england(date(2025, 4, 7), date(2025, 5, 6), SchoolTerms())
PATHWAY = Pathway(
    [
        Choice("what?", "what", (("assess", "assess"), ("review", "review"), ("now", "now"))),
        Work("assess", "team", "minutes", "done"),
        Work("review", "team", "minutes", "done", "annual reviews"),
        Mark("now", "assess", clock_days=0),
        End("done", "done"),
    ]
)
ASSESS, REVIEW, NOW = 0, 1, 2
"""What a case is for: work of one kind, of another, or work that is due on the day it arrives."""


def at(day: int, hour: int, minute: int = 0) -> int:
    return day * DAY + hour * 60 + minute


def model(
    team: TeamPlan, arrived: Sequence[int], what: Sequence[int], minutes: Sequence[int]
) -> SimPyModel:
    values = {"what": what, "minutes": minutes, "agency days": [4] * len(arrived)}
    quantities = {name: Quantity.constant(of_cases) for name, of_cases in values.items()}
    network = Network(PATHWAY, TIMELINE, {"team": team})
    return SimPyModel(network, Draw(np.array(arrived), quantities))


def rows(log: Log) -> list[tuple[int, ...]]:
    """Return case, minutes joined, started and ended, post and minutes of the visits to work."""
    here = log.visits[np.isin(log.visits[:, 1], [1, 2])]
    return [tuple(row) for row in here[:, [0, 2, 3, 4, 5, 6]].tolist()]


def ran(
    team: TeamPlan,
    arrived: Sequence[int],
    what: Sequence[int] | None = None,
    minutes: Sequence[int] | None = None,
) -> list[tuple[int, ...]]:
    count = len(arrived)
    return rows(model(team, arrived, what or [ASSESS] * count, minutes or [60] * count).run())


def starts(found: list[tuple[int, ...]]) -> list[int]:
    return [row[2] for row in found]


def posts(found: list[tuple[int, ...]]) -> list[int]:
    return [row[4] for row in found]


# --- reserved posts ---


def one_post(*reserved: str, order: str = "received") -> TeamPlan:
    return TeamPlan((AlwaysThere(),), (Rules(order=order, reserved=reserved),))


def test_a_reserved_post_takes_other_work_only_when_none_of_its_kind_waits() -> None:
    found = ran(one_post("annual reviews"), [0, 10, 20, 30], [ASSESS, ASSESS, REVIEW, ASSESS])
    assert starts(found) == [0, 120, 60, 180]


def test_a_reserved_post_takes_its_kind_in_the_teams_order() -> None:
    team = one_post("annual reviews", order="newest")
    found = ran(team, [0, 10, 20, 30], [ASSESS, REVIEW, REVIEW, ASSESS])
    assert starts(found) == [0, 120, 60, 180]


def test_a_post_reserved_for_work_that_the_team_has_none_of_takes_everything() -> None:
    assert starts(ran(one_post("meetings"), [0, 10, 20], [ASSESS, REVIEW, ASSESS])) == [0, 60, 120]


def test_free_posts_act_in_the_order_of_their_numbers() -> None:
    team = TeamPlan((AlwaysThere(), AlwaysThere()), (Rules(reserved=("", "annual reviews")),))
    assert posts(ran(team, [0, 0], [ASSESS, REVIEW])) == [0, 1]
    # The first post is not reserved, takes the first case, and leaves the other kind.
    assert posts(ran(team, [0, 0], [REVIEW, ASSESS])) == [0, 1]
    reserved_first = TeamPlan(team.posts, (Rules(reserved=("annual reviews", "")),))
    assert posts(ran(reserved_first, [0, 0], [ASSESS, REVIEW])) == [1, 0]


def test_a_reserved_post_keeps_to_its_patches() -> None:
    team = TeamPlan(
        (AlwaysThere(),),
        (Rules(serves=((0,),), reserved=("annual reviews",)),),
        patches=("east", "west"),
        patch=np.array([0, 0, 1]),
    )
    assert starts(ran(team, [0, 1, 2], [ASSESS, ASSESS, REVIEW])) == [0, 60, NOT_YET]


@pytest.mark.parametrize(
    ("first_ends", "expected"), [(DAY - 1, [0, 120, 60, 0]), (DAY, [0, 120, 0, 60])]
)
def test_a_post_reserved_for_what_is_overdue(first_ends: int, expected: list[int]) -> None:
    """Two cases are due on the first day: overdue from midnight on, nearest date first, and of
    one date the one that joined first. Before that the newest goes first."""
    team = one_post("overdue", order="newest")
    found = ran(team, [0, 10, 20, 30], [ASSESS, ASSESS, NOW, NOW], [first_ends, 60, 60, 60])
    assert [start - first_ends for start in starts(found)[1:]] == expected[1:]


def test_posts_are_reserved_from_a_date_on() -> None:
    team = TeamPlan((AlwaysThere(),), (Rules(), Rules(100, reserved=("annual reviews",))))
    found = ran(team, [0, 1, 2, 3, 4], [ASSESS, ASSESS, ASSESS, REVIEW, REVIEW])
    assert starts(found) == [0, 60, 240, 120, 180]


# --- work handed over ---


def leaver(handover: int) -> Rota:
    """Return a post that works four hours a day and takes jobs on the first day only."""
    return Rota(np.full(DAYS, 240), np.arange(DAYS) == 0, (handover,))


def there() -> Rota:
    return Rota(np.full(DAYS, 240), np.arange(DAYS) > 0)


def test_what_is_left_of_a_job_handed_over_is_done_by_another_post() -> None:
    team = TeamPlan((leaver(at(1, 0)), there()))
    log = model(team, [at(0, 9)], [ASSESS], [300]).run()
    assert rows(log) == [
        (0, at(0, 9), at(0, 9), at(1, 0), 0, 240),
        (0, at(1, 0), at(1, 9), at(1, 10), 1, 60),
    ]
    assert log.reached("done").tolist() == [at(1, 10)]


def test_work_handed_over_that_nobody_takes_up_is_not_done() -> None:
    team = TeamPlan((leaver(at(1, 0)),))
    log = model(team, [at(0, 9), at(0, 9)], [ASSESS, ASSESS], [300, 60]).run()
    assert [row[:4] for row in rows(log)] == [
        (0, at(0, 9), at(0, 9), at(1, 0)),
        (0, at(1, 0), NOT_YET, NOT_YET),
        (1, at(0, 9), NOT_YET, NOT_YET),
    ]
    assert log.done("assess").tolist() == []
    assert log.done("no such step").tolist() == []


def test_work_handed_over_waits_in_its_place_by_the_order_not_at_the_end() -> None:
    team = TeamPlan((leaver(at(1, 0)), there()))
    found = ran(team, [at(0, 9), at(0, 10)], minutes=[300, 60])
    assert found[1:] == [
        (0, at(1, 0), at(1, 9), at(1, 10), 1, 60),
        (1, at(0, 10), at(1, 10), at(1, 11), 1, 60),
    ]


def test_a_post_at_work_when_it_hands_over_is_free_at_once() -> None:
    """And may take up again what it gave back, if that is the next in the order."""
    post = Rota(np.full(DAYS, 240), np.ones(DAYS, dtype=bool), (at(0, 10), at(0, 11)))
    team = TeamPlan((post,), (Rules(order="newest"),))
    assert ran(team, [at(0, 9), at(0, 9, 30)], minutes=[90, 20]) == [
        (0, at(0, 9), at(0, 9), at(0, 10), 0, 60),
        (0, at(0, 10), at(0, 10, 20), at(0, 10, 50), 0, 30),
        (1, at(0, 9, 30), at(0, 10), at(0, 10, 20), 0, 20),
    ]


def test_work_that_a_post_would_never_finish_can_be_handed_over() -> None:
    """The rota ends while the job is in hand, so that without it nobody would go on."""
    short = Rota(np.where(np.arange(DAYS) == 0, 240, 0), np.arange(DAYS) == 0, (at(2, 0),))
    found = ran(TeamPlan((short, there())), [at(0, 9)], minutes=[300])
    assert found[1] == (0, at(2, 0), at(2, 9), at(2, 10), 1, 60)


# --- agencies by rule ---


def agency(longer: int | None, older: int | None, most: int = 5) -> AgencyPlan:
    mornings = tuple(at(day, 9) for day in range(DAYS))
    return AgencyPlan((0,), (most,), "agency days", (longer,), (older,), mornings)


def test_an_agency_takes_cases_while_more_than_so_many_wait() -> None:
    team = TeamPlan((AlwaysThere(),), agency=agency(2, None))
    assert posts(ran(team, [0] * 6, minutes=[9000] * 6))[:4] == [0, AGENCY, AGENCY, AGENCY]
    team = TeamPlan((AlwaysThere(),), agency=agency(2, None, most=1))
    assert posts(ran(team, [0] * 6, minutes=[100] * 6)) == [0, AGENCY, 0, 0, 0, 0]


def test_the_rule_does_not_look_at_posts_that_will_be_at_work_before_long() -> None:
    post = Rota(np.full(DAYS, 240), np.ones(DAYS, dtype=bool))
    found = ran(TeamPlan((post,), agency=agency(1, None)), [at(0, 20)] * 3)
    assert [(row[2], row[4]) for row in found] == [
        (at(0, 20), AGENCY),
        (at(0, 20), AGENCY),
        (at(1, 9), 0),
    ]


def test_an_agency_takes_cases_that_have_waited_longer() -> None:
    """The second case has waited two days on the third morning, and longer on the fourth."""
    team = TeamPlan((AlwaysThere(),), agency=agency(None, 2 * DAY))
    found = ran(team, [0, at(0, 9), at(1, 10)], minutes=[9000] * 3)
    assert [(row[2], row[4]) for row in found] == [
        (0, 0),
        (at(3, 9), AGENCY),
        (at(4, 9), AGENCY),
    ]


def test_either_rule_is_enough() -> None:
    team = TeamPlan((AlwaysThere(),), agency=agency(1, 2 * DAY))
    found = ran(team, [0, at(0, 9), at(0, 9)], minutes=[9000] * 3)
    assert [(row[2], row[4]) for row in found[1:]] == [(at(0, 9), AGENCY), (at(3, 9), AGENCY)]


def test_an_agency_without_a_rule_takes_what_no_post_is_free_for() -> None:
    team = TeamPlan((AlwaysThere(),), agency=agency(None, None))
    assert posts(ran(team, [0, 0], minutes=[9000] * 2)) == [0, AGENCY]


# --- daily hours ---


def daily(minutes: Sequence[int], most: int, order: str = "received", **rules: float) -> TeamPlan:
    """Return a team with so many minutes on the first days and none later."""
    of_day = np.array([*minutes, *[0] * (DAYS - len(minutes))])
    hours = DailyHours(of_day, np.full(DAYS, most))
    return TeamPlan((), (Rules(order=order, **rules),), daily=hours)


def test_the_minutes_of_a_day_are_poured_down_the_queue() -> None:
    """First day: 60 and 40 minutes. Second day: 30 end the first case, 50 the second."""
    assert ran(daily([100, 100], most=60), [0, 1], minutes=[90, 90]) == [
        (0, 0, at(0, 9), at(1, 9, 30), SHARED, 90),
        (1, 1, at(0, 9), at(1, 9, 50), SHARED, 90),
    ]


def test_what_joins_after_nine_waits_for_the_next_day_with_hours() -> None:
    found = ran(daily([100, 0, 100], most=100), [at(0, 9), at(0, 9, 1)], minutes=[10, 20])
    assert found == [
        (0, at(0, 9), at(0, 9), at(0, 9, 10), SHARED, 10),
        (1, at(0, 9, 1), at(2, 9), at(2, 9, 20), SHARED, 20),
    ]


def test_work_of_daily_hours_at_the_end_of_the_run() -> None:
    assert ran(daily([100], most=60), [0, 1, 2], minutes=[90, 90, 90]) == [
        (0, 0, at(0, 9), NOT_YET, SHARED, 90),
        (1, 1, at(0, 9), NOT_YET, SHARED, 90),
        (2, 2, NOT_YET, NOT_YET, NOBODY, 90),
    ]


def test_a_case_begun_is_overtaken_by_one_that_goes_first() -> None:
    found = ran(daily([100, 100, 100], most=100, order="newest"), [0, at(0, 10)], minutes=[150, 70])
    assert [row[2:4] for row in found] == [(at(0, 9), at(2, 9, 20)), (at(1, 9), at(1, 10, 10))]


def test_half_of_the_picks_of_daily_hours_go_to_the_newest() -> None:
    """Each case that is given minutes on a day is a pick: oldest, newest, oldest, ... in turn."""
    team = daily([40, 40, 40, 40, 40], most=20, order="mixed", newest_share=0.5)
    found = ran(team, [0, 1, 2], minutes=[60, 60, 60])
    assert [row[2:4] for row in found] == [
        (at(0, 9), at(2, 9, 20)),  # the oldest pick of the first three days
        (at(3, 9), NOT_YET),  # the oldest pick of the next two
        (at(0, 9), at(2, 9, 20)),  # the newest pick of the first three days
    ]


def test_daily_hours_take_up_new_rules_and_know_no_patches() -> None:
    hours = DailyHours(np.full(DAYS, 60), np.full(DAYS, 60))
    team = TeamPlan(
        (),
        (Rules(order="newest"), Rules(at(1, 9), order="received")),
        patches=("east", "west"),
        patch=np.array([0, 1, 0]),
        daily=hours,
    )
    assert starts(ran(team, [0, 1, 2])) == [at(1, 9), at(2, 9), at(0, 9)]


# --- memory ---


@pytest.mark.parametrize(
    "team",
    [
        TeamPlan((AlwaysThere(),), (Rules(order="mixed", reserved=("overdue",)),)),
        TeamPlan((leaver(at(1, 0)), there())),
        daily([100, 100], most=60, order="mixed"),
    ],
)
def test_a_run_leaves_nothing_that_only_the_collector_could_free(team: TeamPlan) -> None:
    gc.collect()
    gc.disable()
    try:
        made = model(team, [0] * 8, [ASSESS, NOW] * 4, [DAY * 6, 50] * 4)
        made.run()
        left = weakref.ref(made)
        del made
        assert left() is None
    finally:
        gc.enable()
