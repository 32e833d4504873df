"""Named officers, worked out by hand: each line is checked in both models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.network import (
    AgencyPlan,
    AlwaysThere,
    DailyHours,
    Draw,
    End,
    Network,
    Pathway,
    Post,
    Quantity,
    Rota,
    Rules,
    TeamPlan,
    Wait,
    Work,
)
from ehc_sim.network.log import AGENCY, NOT_YET
from ehc_sim.network.orders import FLAGS

pytestmark = pytest.mark.unit

DAY = 1440
DAYS = 30
# From Monday 7 April.
TIMELINE = Timeline.england(date(2025, 4, 7), date(2025, 5, 6), SchoolTerms())
PATHWAY = Pathway(
    [
        Work("first", "team", "minutes", "wait"),
        Wait("wait", "days", "second"),
        Work("second", "team", "minutes later", "done", "annual reviews"),
        End("done", "done"),
    ]
)
FIRST, SECOND = 0, 2
NINE = 9 * 60


def at(day: int, hour: int, minute: int = 0) -> int:
    return day * DAY + hour * 60 + minute


def there(
    *, off: Sequence[int] = (), takes: Sequence[int] = range(DAYS), gives_back: int = 0
) -> Rota:
    """Return a post of four hours a day but on some days, that takes jobs on some days."""
    minutes = np.where(np.isin(np.arange(DAYS), off), 0, 240)
    return Rota(minutes, np.isin(np.arange(DAYS), takes), (gives_back,) if gives_back else ())


def team(*posts: Post, sizes: Sequence[int] | None = None, **rules: object) -> TeamPlan:
    officers = tuple(sizes or [100] * len(posts))
    return TeamPlan(posts, (Rules(officers=officers, **rules),))  # type: ignore[arg-type]


def ran(
    plan: TeamPlan,
    arrived: Sequence[int],
    *,
    minutes: Sequence[int] | None = None,
    later: int = 60,
    days: int = 1,
    holder: Sequence[int] | None = None,
    flags: Sequence[int] | None = None,
) -> list[tuple[int, ...]]:
    """Return case, job, minutes joined and started, and post, of every job."""
    count = len(arrived)
    values = {
        "minutes": minutes or [60] * count, "minutes later": [later] * count,
        "days": [days] * count, "agency days": [4] * count, "ahead": flags or [0] * count,
    }  # fmt: skip
    network = Network(PATHWAY, TIMELINE, {"team": plan})
    draw = Draw(
        np.array(arrived),
        {name: Quantity.constant(of_cases) for name, of_cases in values.items()},
        holder=None if holder is None else np.array(holder),
    )
    log = run(network, draw)
    assert np.array_equal(log.visits, run_compiled(network, draw).visits)
    here = log.visits[np.isin(log.visits[:, 1], [FIRST, SECOND])]
    return [tuple(row) for row in here[:, [0, 1, 2, 3, 5]].tolist()]


def posts(found: list[tuple[int, ...]], job: int = FIRST) -> list[int]:
    return [row[4] for row in found if row[1] == job]


def starts(found: list[tuple[int, ...]], job: int = FIRST) -> list[int]:
    return [row[3] for row in found if row[1] == job]


def test_the_cases_of_an_officer_who_is_away_wait_though_a_colleague_is_free() -> None:
    """Two officers, three cases, one officer away from Tuesday to Thursday."""
    away, colleague = there(off=[1, 2, 3]), there()
    found = ran(team(away, colleague), [at(0, 9)] * 3)
    assert posts(found) == [0, 1, 0]
    assert starts(found) == [at(0, 9), at(0, 9), at(0, 10)]
    assert posts(found, SECOND) == [0, 1, 0]
    assert starts(found, SECOND) == [at(4, 9), at(1, 10), at(4, 10)]
    # One queue for both: the colleague does all three on the Tuesday.
    pooled = ran(TeamPlan((away, colleague)), [at(0, 9)] * 3)
    assert posts(pooled, SECOND) == [1, 1, 1]
    assert starts(pooled, SECOND) == [at(1, 10), at(1, 11), at(1, 12)]


def test_a_case_is_given_to_the_officer_with_the_fewest_open_cases() -> None:
    """Cases 0 and 2 are over when case 3 comes, case 1 is not."""
    found = ran(
        team(AlwaysThere(), AlwaysThere()),
        [0, 1, 2, at(2, 9), at(2, 10), at(2, 11)],
        minutes=[60, at(3, 0), 60, 60, 60, 60],
    )
    assert posts(found) == [0, 1, 0, 0, 0, 1]
    found = ran(team(AlwaysThere(), AlwaysThere()), [0, 1, 2, 3, 4], days=20)
    assert posts(found) == [0, 1, 0, 1, 0]


def test_a_part_time_officer_has_so_many_fewer_cases() -> None:
    found = ran(team(AlwaysThere(), AlwaysThere(), sizes=[50, 100]), [0] * 6, days=20)
    assert posts(found) == [1, 0, 1, 1, 0, 1]
    quarter = team(AlwaysThere(), AlwaysThere(), sizes=[100, 25])
    assert sum(posts(ran(quarter, [0] * 10, days=20))) == 2


def test_the_reviews_of_a_plan_stay_with_the_officer_of_the_plan() -> None:
    """Case 2 is about the plan of case 1, case 3 about that of case 2's holder too."""
    found = ran(team(AlwaysThere(), AlwaysThere()), [0, 1, at(9, 9), at(9, 10), at(9, 11)],
                holder=[0, 1, 1, 1, 4])  # fmt: skip
    assert posts(found) == [0, 1, 1, 1, 0]
    assert starts(found)[3] == at(9, 10)


def test_when_an_officer_leaves_the_cases_are_given_out_anew() -> None:
    """Those that wait at once, the others at their next job; both go to the colleague."""
    leaves, colleague = there(takes=[0]), there()
    found = ran(team(leaves, colleague), [at(0, 9)] * 5, minutes=[60, 60, 60, 60, 240])
    # Case 4 is begun on the Monday and finished by the leaver, as every job in hand.
    assert posts(found) == [0, 1, 0, 1, 0]
    assert posts(found, SECOND) == [1, 1, 1, 1, 1]
    waits = ran(team(leaves, colleague), [at(0, 9)] * 3, minutes=[240, 240, 60])
    assert next(row for row in waits if row[0] == 2) == (2, FIRST, at(0, 9), at(1, 9), 1)


def test_work_handed_back_goes_with_the_case_to_another_officer() -> None:
    """And those who come back from a long absence begin with no cases."""
    ill = there(off=range(1, 15), gives_back=at(0, 13))
    found = ran(team(ill, there()), [at(0, 9), at(0, 9), at(16, 9)], minutes=[300, 60, 60])
    case = [row for row in found if row[0] == 0]
    assert case[0] == (0, FIRST, at(0, 9), at(0, 9), 0)
    assert case[1] == (0, FIRST, at(0, 13), at(1, 9), 1)
    assert case[2][4] == 1
    assert posts(found)[-1] == 0


def test_one_who_follows_without_a_gap_takes_the_cases_over() -> None:
    post = there(takes=range(DAYS))
    assert post.gives_up == ()
    assert there(takes=[0, 1, 5, 6, 7]).gives_up == (2 * DAY, 8 * DAY)
    assert there(takes=[0], gives_back=at(0, 13)).gives_up == (at(0, 13), DAY)
    assert AlwaysThere().gives_up == ()


def test_nobody_is_given_a_case_who_is_away_for_a_week_unless_all_are() -> None:
    long, short = there(off=range(0, 8)), there(off=range(0, 4))
    assert posts(ran(team(long, short), [at(0, 9)] * 3)) == [1, 1, 1]
    assert posts(ran(team(long, there(off=range(0, 9))), [at(0, 9)] * 3)) == [0, 0, 0]


def test_a_new_officer_starts_with_no_cases_and_gets_the_new_ones() -> None:
    two = (AlwaysThere(), AlwaysThere())
    rules = (Rules(officers=(100, 0)), Rules(at(2, 0), officers=(100, 100)))
    found = ran(TeamPlan(two, rules), [0, 1, 2, at(2, 9), at(2, 10), at(2, 11), at(2, 12)], days=9)
    assert posts(found) == [0, 0, 0, 1, 1, 1, 0]
    assert posts(found, SECOND) == posts(found)


def test_the_cases_of_a_post_that_ends_are_given_out_anew() -> None:
    rules = (Rules(officers=(100, 100)), Rules(at(2, 0), officers=(100, 0)))
    ends = there(takes=[0, 1])
    found = ran(TeamPlan((AlwaysThere(), ends), rules), [at(0, 9)] * 4, days=9)
    assert posts(found) == [0, 1, 0, 1]
    assert posts(found, SECOND) == [0, 0, 0, 0]


def test_what_waits_is_given_out_when_officers_are_named_from_a_date_on() -> None:
    """The oldest first; from then on they wait for their officer, and no more once pooled again."""
    rules = (Rules(), Rules(100, officers=(100, 100)), Rules(at(1, 0), officers=None))
    plan = TeamPlan((AlwaysThere(), AlwaysThere()), rules)
    found = ran(plan, [0, 0, 1, 2, 3], minutes=[150, 2000, 60, 60, 60], days=3)
    assert posts(found) == [0, 1, 0, 0, 0]
    assert starts(found) == [0, 0, 150, at(1, 0), 210]


def test_of_an_officers_hours_a_share_is_of_a_kind_first() -> None:
    """Half of the hours are for reviews if one waits, and else for the newest case.

    On the Monday the officer works two hours for cases 0 and 1, since no review waits, and on the
    Tuesday two for case 2. Two reviews of an hour are then less than their half, so both come
    before cases 3 and 4. Of two reviews of 241 minutes one is more than its half, by a minute.
    """
    half = team(AlwaysThere(), reserved=("", "annual reviews"), order="newest")
    arrived, minutes = [0, 0, DAY, DAY, DAY], [60, 60, 120, 30, 30]
    found = ran(half, arrived, minutes=minutes)
    assert starts(found) == [0, 60, DAY, at(1, 4), at(1, 4, 30)]
    assert starts(found, SECOND)[:2] == [at(1, 2), at(1, 3)]
    found = ran(half, arrived, minutes=minutes, later=241)
    assert starts(found) == [0, 60, DAY, at(1, 6, 1), at(1, 10, 32)]
    assert starts(found, SECOND)[:2] == [at(1, 2), at(1, 6, 31)]


def test_what_is_taken_in_the_order_of_work_counts_for_no_kind() -> None:
    """Half for assessments, oldest clock first: case 0 is one that came by its order.

    Of the Monday's two hours one was for assessments. After case 2's ten hours, taken by the order,
    those of cases 3 and 4 come before the older reviews.
    """
    half = team(AlwaysThere(), reserved=("", "assessments"))
    found = ran(half, [0, 0, DAY, DAY, DAY], minutes=[60, 60, 600, 30, 30])
    assert starts(found) == [0, 60, DAY, at(1, 10), at(1, 10, 30)]
    assert starts(found, SECOND)[:2] == [at(1, 11), at(1, 12)]


def test_a_kind_of_which_none_waits_leaves_its_turn_to_the_next() -> None:
    """Nothing is ever overdue, though a third of the hours is for it: reviews come next."""
    thirds = team(AlwaysThere(), reserved=("", "annual reviews", "overdue"), order="newest")
    found = ran(thirds, [0, 0, DAY, DAY, DAY], minutes=[60, 60, 120, 30, 30])
    assert starts(found) == [0, 60, DAY, at(1, 4), at(1, 4, 30)]
    assert starts(found, SECOND)[:2] == [at(1, 2), at(1, 3)]


def test_classes_hold_within_an_officers_own_queue() -> None:
    """The second officer is free, and does not take the child who is ahead from the first."""
    ahead = team(AlwaysThere(), AlwaysThere(), ahead=("looked after",))
    flags = [0, 0, 0, 0, FLAGS["looked after"]]
    arrived = [0, 1, 2, 3, 4]
    found = ran(ahead, arrived, minutes=[100, 1, 60, 1, 60], days=20, flags=flags)
    assert posts(found) == [0, 1, 0, 1, 0]
    assert starts(found) == [0, 1, 160, 3, 100]


def test_an_officer_has_cases_of_the_patches_that_the_post_serves() -> None:
    plan = TeamPlan(
        (AlwaysThere(), AlwaysThere()),
        (Rules(serves=((0,), (0, 1)), officers=(100, 100)),),
        patches=("east", "west", "north"),
        patch=np.array([0, 1, 1, 0, 2]),
    )
    found = ran(plan, [0] * 5, days=9)
    assert posts(found)[:4] == [0, 1, 1, 0]
    assert starts(found)[4] == NOT_YET  # nobody serves it


def test_an_agency_takes_what_waits_for_an_officer_who_is_not_free() -> None:
    agency = AgencyPlan((0,), (1,), "agency days")
    plan = TeamPlan((AlwaysThere(), AlwaysThere()), (Rules(officers=(100, 100)),), agency=agency)
    found = ran(plan, [0, 1, 2, 3], minutes=[120, 1, 60, 1], days=20)
    assert posts(found) == [0, 1, AGENCY, 1]


def test_each_post_is_named_and_a_team_of_daily_hours_has_none() -> None:
    with pytest.raises(ValueError, match="rules name 1 officers, there are 2 posts"):
        team(AlwaysThere(), AlwaysThere(), sizes=[100])
    daily = DailyHours(np.full(DAYS, 60), np.full(DAYS, 60))
    with pytest.raises(ValueError, match="officers of a team of daily hours"):
        TeamPlan((), (Rules(officers=()),), daily=daily)
