"""People who leave, start, mentor, cover, work overtime and are long sick: worked by hand."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.network import Rota
from ehc_sim.rng.streams import Streams
from ehc_sim.staff.absence import long_sickness
from ehc_sim.staff.rota import Posts, kinds_reserved
from ehc_sim.staff.turnover import People, starters_mentored, stretches
from tests.made_teams import THREE_YEARS, posts_of, team
from tests.plain_counts import day_index, offered_by

pytestmark = pytest.mark.unit

DAY = MINUTES_A_DAY
WORKING = THREE_YEARS.working
END = len(THREE_YEARS.days)
FULL_DAY = 444
"""Minutes of 37 hours a week."""


def gaps(post: Rota) -> list[tuple[int, int]]:
    """Return the first day of each time in which a post is empty, and the day after its last."""
    return list(stretches(~post.takes))


def whole_gaps(post: Rota) -> list[tuple[int, int]]:
    return [(first, after) for first, after in gaps(post) if after < END]


# --- leavers ---


@pytest.mark.parametrize("weeks", [1, 12, 30])
def test_a_leavers_post_is_empty_for_its_weeks(weeks: int) -> None:
    posts = posts_of(team(posts=40, leavers_a_year=0.4, weeks_to_recruit=weeks)).rotas
    lengths = [after - first for post in posts for first, after in whole_gaps(post)]
    assert len(lengths) > 20
    assert set(lengths) == {7 * weeks}


def test_an_empty_post_offers_no_minutes_and_takes_no_job() -> None:
    posts = posts_of(team(posts=40, leavers_a_year=0.4, weeks_to_recruit=12)).rotas
    post, (first, after) = next((post, gap) for post in posts for gap in whole_gaps(post))
    offered = offered_by(post, np.array([first, after]) * DAY)
    assert offered[0] == offered[1]
    assert not any(post.at_work(minute) for minute in range(first * DAY, after * DAY, 30))
    assert post.next_at_work(first * DAY) >= after * DAY
    # The leaver goes on with what is in hand, at the pace of the last day.
    days = np.arange(first, after)
    assert (post.minutes[days] == np.where(WORKING[days], FULL_DAY, 0)).all()


def test_people_leave_at_the_end_of_a_working_day_and_nobody_before_the_first() -> None:
    posts = posts_of(team(posts=60, leavers_a_year=0.8, weeks_to_recruit=4)).rotas
    firsts = [first for post in posts for first, _ in gaps(post)]
    assert min(firsts) > 0
    assert all(WORKING[first - 1] for first in firsts)


def test_a_higher_rate_keeps_the_leavers_and_adds_some() -> None:
    """A leaver of the lower rate has left by then at the latest, at the higher rate."""
    few, more = (
        posts_of(team(posts=40, leavers_a_year=rate, weeks_to_recruit=10)).rotas
        for rate in (0.2, 0.5)
    )
    left = [sum(len(gaps(post)) for post in posts) for posts in (few, more)]
    assert 0 < left[0] < left[1]
    for one, other in zip(few, more, strict=True):
        begins = {first for first, _ in gaps(other)}
        assert all(first in begins or not other.takes[first - 1] for first, _ in gaps(one))


def test_a_rate_that_rises_on_a_date_changes_nothing_before() -> None:
    low, high = (team(posts=40, leavers_a_year=rate, weeks_to_recruit=10) for rate in (0.2, 2))
    day = date(2024, 7, 1)
    kept, changed = posts_of(low).rotas, posts_of(low, high, changes=(day,)).rotas
    until = day_index(THREE_YEARS, day)
    after = 0
    for one, other in zip(kept, changed, strict=True):
        np.testing.assert_array_equal(one.takes[: until + 1], other.takes[: until + 1])
        after += int((one.takes & ~other.takes)[until:].sum())
    assert after > 0


def test_one_more_post_changes_nobody_elses_leaving() -> None:
    of = {"leavers_a_year": 0.5, "weeks_to_recruit": 10, "cover": 0.4}
    few, more = (posts_of(team(posts=posts, **of)).rotas for posts in (5, 6))
    for one, other in zip(few, more[:5], strict=True):
        np.testing.assert_array_equal(one.takes, other.takes)
        np.testing.assert_array_equal(one.minutes, other.minutes)


def test_somebody_starts_at_once_where_recruiting_takes_no_time() -> None:
    posts = posts_of(team(posts=40, leavers_a_year=0.5, weeks_to_full_speed=10)).rotas
    assert all(post.takes.all() for post in posts)
    assert any((post.minutes[WORKING] < FULL_DAY).any() for post in posts)


# --- starters ---


def starting(**settings: object) -> list[tuple[Rota, int, int]]:
    """Return posts, and the days on which each starter and the person after them begin."""
    of = {"posts": 60, "leavers_a_year": 0.3, "weeks_to_recruit": 2, **settings}
    found = []
    for post in posts_of(team(**of)).rotas:
        starts = [after for _, after in whole_gaps(post)]
        leaves = [first for first, _ in gaps(post)][1:]
        found += [(post, *pair) for pair in itertools.zip_longest(starts, leaves, fillvalue=END)]
    assert len(found) > 20
    return found


def test_a_starters_speed_rises_evenly_to_full_speed() -> None:
    """From half speed in 20 weeks: day k of 140 is worked at (1 + k / 140) / 2."""
    checked = 0
    for post, starts, leaves in starting(weeks_to_full_speed=20, starting_speed=0.5):
        so_far = np.arange(min(leaves, END) - starts)
        speed = np.minimum(1, (1 + so_far / 140) / 2)
        days = starts + so_far
        expected = np.where(WORKING[days], FULL_DAY * speed, 0)
        assert np.abs(post.minutes[days] - expected).max() <= 0.5
        checked += len(so_far) > 140
    assert checked > 10


def test_a_starter_loses_half_of_the_missing_speed_over_the_time_of_working_up() -> None:
    """Starting at 0.4 and working up for 30 weeks costs 0.3 of 30 weeks' work: 9 weeks, or 45 days.

    Bank holidays fall early in some starters' weeks and late in others': the mean is within a day.
    """
    lost = []
    for post, starts, leaves in starting(weeks_to_full_speed=30, starting_speed=0.4):
        if leaves - starts >= 210:
            days = slice(starts, starts + 210)
            share = WORKING[days].sum() / 150  # 30 weeks without a bank holiday have 150 days
            full = FULL_DAY * WORKING[days].sum()
            lost.append((full - post.minutes[days].sum()) / FULL_DAY / share)
    assert np.mean(lost) == pytest.approx(45, abs=1)


def test_everybody_is_at_full_speed_on_the_first_day() -> None:
    slow = {"weeks_to_full_speed": 50, "starting_speed": 0.1, "mentor_hours_a_week": 5}
    for post in posts_of(team(**slow)).rotas:
        np.testing.assert_array_equal(post.minutes, np.where(WORKING, FULL_DAY, 0))


def test_a_post_that_is_added_later_is_filled_by_a_starter() -> None:
    slow = {"weeks_to_full_speed": 10, "starting_speed": 0.5}
    day = date(2024, 4, 2)  # a Tuesday
    added = posts_of(team(posts=1, **slow), team(posts=2, **slow), changes=(day,)).rotas[1]
    first = day_index(THREE_YEARS, day)
    assert (added.takes[first - 1], added.takes[first]) == (False, True)
    assert added.minutes[first] == FULL_DAY / 2
    assert added.minutes[first + 35] == FULL_DAY * 3 / 4
    assert added.minutes[first + 70] == FULL_DAY


def test_a_leaver_who_worked_up_finishes_at_the_speed_of_the_last_day() -> None:
    for post, starts, leaves in starting(leavers_a_year=3, weeks_to_full_speed=52):
        if leaves + 14 <= END and 1 < leaves - starts < 350:
            last = leaves - 1
            days = leaves + np.flatnonzero(WORKING[leaves : leaves + 14])
            assert set(post.minutes[days]) == {post.minutes[last]}
            assert post.minutes[last] < FULL_DAY


# --- new posts ---

DAY_OF_CHANGE = date(2024, 4, 2)  # a Tuesday
FIRST = day_index(THREE_YEARS, DAY_OF_CHANGE)


def added(before: float, after: float, plan_from: int = 0, **settings: object) -> Posts:
    """Return posts of which there are more, or fewer, from 2 April 2024 on."""
    of = ({**settings, "posts": posts} for posts in (before, after))
    return posts_of(*(team(**one) for one in of), changes=(DAY_OF_CHANGE,), plan_from=plan_from)


def test_a_new_post_is_recruited_for_and_then_has_a_starter_with_a_mentor() -> None:
    """Twelve weeks after 2 April 2024 is 25 June; then half speed, full ten weeks later."""
    slow = {"weeks_to_full_speed": 10, "starting_speed": 0.5, "mentor_hours_a_week": 5}
    posts = added(1, 2, weeks_to_recruit=12, **slow)
    starts = day_index(THREE_YEARS, date(2024, 6, 25))
    mentor, new = posts.rotas
    assert list(stretches(new.takes)) == [(starts, END)]
    assert not new.minutes[:starts].any()
    assert [new.minutes[starts + day] for day in (0, 35, 70)] == [222, 333, 444]
    assert [mentor.minutes[starts + day] for day in (-1, 0, 69, 70)] == [444, 384, 384, 444]
    assert posts.filled.tolist() == [1] * starts + [2] * (END - starts)


@pytest.mark.parametrize(
    "settings",
    [{"new_posts": "in post", "weeks_to_recruit": 12}, {"plan_from": FIRST + 1}, {}],
)
def test_a_new_post_is_filled_at_once_if_said_or_before_the_plan_or_without_weeks(
    settings: dict[str, object],
) -> None:
    weeks = {"weeks_to_recruit": 12} if "plan_from" in settings else {}
    posts = added(1, 3, **settings, **weeks)
    assert posts.filled.tolist() == [1] * FIRST + [3] * (END - FIRST)


def test_recruiting_that_fails_is_tried_again() -> None:
    """Four weeks at a time; of 400 posts half, a quarter, an eighth need more than 1, 2, 3 tries.

    Four standard errors of half of 400 are 40.
    """
    posts = added(0, 400, weeks_to_recruit=4, recruitment_fails=0.5)
    waits = np.array([next(iter(stretches(post.takes)))[0] - FIRST for post in posts.rotas])
    assert (waits % 28 == 0).all() and waits.min() == 28
    longer = [(waits > 28 * tries).sum() for tries in (1, 2, 3)]
    np.testing.assert_allclose(longer, [200, 100, 50], atol=40)
    surer = added(0, 400, weeks_to_recruit=4, recruitment_fails=0.2)
    sooner = np.array([next(iter(stretches(post.takes)))[0] - FIRST for post in surer.rotas])
    assert (sooner <= waits).all() and (sooner < waits).any()


def test_a_leavers_post_waits_for_each_try_too() -> None:
    of = {"posts": 60, "leavers_a_year": 0.5, "weeks_to_recruit": 2}
    posts = posts_of(team(**of, recruitment_fails=0.4)).rotas
    lengths = {after - first for post in posts for first, after in whole_gaps(post)}
    assert {14, 28, 42} <= lengths
    assert all(length % 14 == 0 for length in lengths)


def test_more_of_a_part_of_a_post_waits_too_and_a_cut_does_not() -> None:
    """1.4 to 2.6 posts: 1.4 for twelve weeks, then the second whole and 0.6 of a third."""
    more = added(1.4, 2.6, weeks_to_recruit=12)
    filled = FIRST + 84
    np.testing.assert_allclose(more.filled, [1.4] * filled + [2.6] * (END - filled))
    assert set(more.rotas[1].minutes[:filled][WORKING[:filled]].tolist()) == {178}
    fewer = added(2.6, 1.4, weeks_to_recruit=12)
    np.testing.assert_allclose(fewer.filled, [2.6] * FIRST + [1.4] * (END - FIRST))


def test_temporary_staff_cover_a_new_post_until_somebody_is_found() -> None:
    posts = added(1, 3, weeks_to_recruit=12, cover=1)
    filled = FIRST + 84
    assert posts.covered.tolist() == [0] * FIRST + [2] * 84 + [0] * (END - filled)
    assert posts.filled.tolist() == [1] * filled + [3] * (END - filled)


def test_a_new_post_that_ends_before_anybody_is_found_is_never_filled() -> None:
    few, more = (team(posts=posts, weeks_to_recruit=12) for posts in (1, 2))
    ends = date(2024, 6, 1)
    posts = posts_of(few, more, few, changes=(DAY_OF_CHANGE, ends))
    assert posts.filled.tolist() == [1] * END


# --- mentors ---


def mentored(filled: list[int], working_up: list[int], at_work: list[int]) -> list[int]:
    """Return how many starters each post mentors on a day; 1 is yes."""
    on = [np.array([days], dtype=bool).T for days in (filled, working_up, at_work)]
    people = People(on[0], ~on[0], np.ones((len(filled), 1)), on[1])
    return starters_mentored(people, on[2])[:, 0].tolist()


def test_the_next_post_with_an_old_hand_in_it_mentors() -> None:
    assert mentored([1, 1, 1, 1], [0, 1, 0, 0], [1, 1, 1, 1]) == [0, 0, 1, 0]
    assert mentored([1, 1, 0, 1], [0, 1, 0, 0], [1, 1, 0, 1]) == [0, 0, 0, 1]  # 2 is empty
    assert mentored([1, 1, 1, 1], [0, 1, 1, 0], [1, 1, 1, 1]) == [0, 0, 0, 2]
    assert mentored([1, 1, 1, 1], [0, 0, 0, 1], [1, 1, 1, 1]) == [1, 0, 0, 0]  # round to the first
    assert mentored([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]) == [0, 0, 0, 0]
    assert mentored([1, 1, 1, 1], [0, 1, 0, 0], [1, 0, 1, 1]) == [0, 0, 0, 0]  # starter is away


def test_a_mentor_gives_hours_of_every_week() -> None:
    """Two posts. While one works up for 26 weeks, the other gives 5 of its 37 hours a week."""
    of = {"posts": 2, "leavers_a_year": 0.4, "weeks_to_recruit": 4, "weeks_to_full_speed": 26}
    without, with_mentor = (
        posts_of(team(**of, mentor_hours_a_week=hours), seed=3).rotas for hours in (0, 5)
    )
    days = 0
    for number, other in ((0, 1), (1, 0)):
        starter = without[number]
        for _, starts in whole_gaps(starter):
            for day in range(starts, min(starts + 182, END)):
                gap = any(first <= day < after for first, after in gaps(starter))
                slow = any(0 <= day - after < 182 for _, after in gaps(without[other]))
                if WORKING[day] and not gap and not slow and without[other].takes[day]:
                    given = without[other].minutes[day] - with_mentor[other].minutes[day]
                    assert given == 60
                    days += 1
    assert days > 20
    total = sum(int(post.minutes.sum()) for post in without)
    assert total - sum(int(post.minutes.sum()) for post in with_mentor) == 60 * days


# --- cover ---


def test_cover_keeps_its_share_of_empty_posts_at_work_and_more_cover_the_same_and_more() -> None:
    of = {"posts": 60, "leavers_a_year": 0.5, "weeks_to_recruit": 12}
    none, half, all_of_them = (posts_of(team(**of, cover=share)) for share in (0, 0.5, 1))
    assert all(post.takes.all() for post in all_of_them.rotas)
    vacancies = [(i, gap) for i, post in enumerate(none.rotas) for gap in gaps(post)]
    covered = [half.rotas[i].takes[first:after].all() for i, (first, after) in vacancies]
    never = [not half.rotas[i].takes[first:after].any() for i, (first, after) in vacancies]
    assert all(a or b for a, b in zip(covered, never, strict=True))
    assert 0.3 < np.mean(covered) < 0.7
    np.testing.assert_allclose(half.covered, half.covered.round())
    np.testing.assert_array_equal(none.filled, half.filled)
    np.testing.assert_array_equal(none.filled + all_of_them.covered, np.full(END, 60))
    assert not none.covered.any()


def test_cover_that_starts_on_a_date_helps_from_that_date() -> None:
    of = {"posts": 60, "leavers_a_year": 0.5, "weeks_to_recruit": 12}
    day = date(2024, 7, 1)
    plans = posts_of(team(**of), team(**of, cover=1), changes=(day,))
    first = day_index(THREE_YEARS, day)
    assert not plans.covered[:first].any()
    assert (plans.filled + plans.covered)[first:].tolist() == [60] * (END - first)
    assert plans.covered[first] > 0


def test_filled_posts_are_counted_in_full_time_posts() -> None:
    """Two posts and 0.6 of a third."""
    posts = posts_of(team(posts=2.6, leavers_a_year=1, weeks_to_recruit=20))
    takes = np.array([post.takes for post in posts.rotas])
    np.testing.assert_allclose(posts.filled, takes[0] * 1.0 + takes[1] + 0.6 * takes[2])
    assert (takes == 0).any(axis=1).all()


# --- overtime ---


def test_overtime_is_all_on_this_work() -> None:
    """37 hours a week at 50% and 5 hours: 222 and 60 minutes a day; of 0.4 posts 88.8 and 24."""
    posts = posts_of(team(posts=1.4, time_on_this_work=0.5, overtime_hours_a_week=5)).rotas
    assert [set(post.minutes[WORKING].tolist()) for post in posts] == [{282}, {113}]
    assert not any(post.minutes[~WORKING].any() for post in posts)


def test_nobody_works_overtime_who_is_away_or_gone() -> None:
    of = {"posts": 10, "leave_days": 28, "sickness_days": 8, "leavers_a_year": 0.5}
    of |= {"weeks_to_recruit": 8}
    usual, longer = (
        posts_of(team(**of, overtime_hours_a_week=hours, cover=0.5)) for hours in (0, 5)
    )
    more = sum(b.minutes - a.minutes for a, b in zip(usual.rotas, longer.rotas, strict=True))
    for day in np.flatnonzero(WORKING):
        there = sum(a.minutes[day] > 0 and a.takes[day] for a in usual.rotas)
        covered = usual.covered[day]
        assert 60 * (there - covered) <= more[day] <= 60 * min(there, usual.filled[day])
    for one, other in zip(usual.rotas, longer.rotas, strict=True):
        np.testing.assert_array_equal(one.minutes == 0, other.minutes == 0)
        np.testing.assert_array_equal(one.minutes[~one.takes], other.minutes[~one.takes])


# --- long sickness ---


def test_a_long_spell_lasts_its_weeks() -> None:
    """Eight weeks from a working day on: back at work on the first working day after 56 days.

    Only spells that begin while another lasts make a longer absence; at 0.1 a year 1 in 65 does.
    """
    days = np.full(END, 56)
    away = long_sickness(Streams(1, 0), "team", 100, THREE_YEARS, np.full(END, 0.1), days)
    working = np.flatnonzero(WORKING)
    back_after = [
        (int(working[first]), int(working[after]) - int(working[first]))
        for post in away
        for first, after in stretches(post[working])
        if after < len(working)
    ]
    single = [56 + int(np.argmax(WORKING[first + 56 :])) for first, _ in back_after]
    as_long = [one == of for (_, one), of in zip(back_after, single, strict=True)]
    assert all(one >= of for (_, one), of in zip(back_after, single, strict=True))
    assert len(back_after) > 15
    assert np.mean(as_long) > 0.9
    assert not away[:, ~WORKING].any()


def test_more_long_sickness_keeps_the_days_and_adds_some() -> None:
    days = np.full(END, 70)
    some, more = (
        long_sickness(Streams(1, 0), "team", 40, THREE_YEARS, np.full(END, rate), days)
        for rate in (0.1, 0.3)
    )
    assert (more | ~some).all()
    assert more.sum() > some.sum() > 0


def test_long_sickness_changes_no_other_absence() -> None:
    of = {"posts": 20, "leave_days": 28, "sickness_days": 8}
    usual, longer = (
        posts_of(team(**of, long_sickness_a_year=rate, long_sickness_weeks=10)).rotas
        for rate in (0, 0.2)
    )
    for one, other in zip(usual, longer, strict=True):
        assert ((other.minutes == one.minutes) | (other.minutes == 0)).all()
    assert sum(int(post.minutes.sum()) for post in longer) < sum(
        int(post.minutes.sum()) for post in usual
    )


# --- work handed over ---


def test_a_leaver_hands_over_where_the_team_reassigns() -> None:
    of = {"posts": 40, "leavers_a_year": 0.4, "weeks_to_recruit": 12}
    keeps, reassigns = (
        posts_of(team(**of, reassign_after_weeks=weeks)).rotas for weeks in (None, 2)
    )
    assert all(post.handovers == () for post in keeps)
    assert sum(len(gaps(post)) for post in reassigns) > 20
    for post in reassigns:
        assert post.handovers == tuple(first * DAY for first, _ in gaps(post))
        assert not post.minutes[~post.takes].any()


def test_a_post_that_ends_hands_over_and_temporary_staff_take_over() -> None:
    until = date(2024, 6, 3)
    two, one = (team(posts=posts, reassign_after_weeks=1) for posts in (2, 1))
    kept, ended = posts_of(two, one, changes=(until,)).rotas
    assert kept.handovers == ()
    assert ended.handovers == (day_index(THREE_YEARS, until) * DAY,)
    of = {"leavers_a_year": 1, "weeks_to_recruit": 9, "cover": 1, "reassign_after_weeks": 1}
    assert all(post.handovers == () for post in posts_of(team(**of)).rotas)


@pytest.mark.parametrize(("weeks", "hands_over"), [(1, True), (9, True), (10, False)])
def test_work_is_handed_over_before_a_long_absence_only(weeks: float, hands_over: bool) -> None:
    """Of ten weeks: from the first working day missed to the last they are 68 to 70 days."""
    of = {"posts": 40, "long_sickness_a_year": 0.08, "long_sickness_weeks": 10}
    found = 0
    for post in posts_of(team(**of, reassign_after_weeks=weeks)).rotas:
        worked = np.flatnonzero(post.minutes)
        before = worked[:-1][np.diff(worked) > 60]
        expected = [int(day) * DAY + 540 + FULL_DAY for day in before]
        absences = np.diff(worked)[np.diff(worked) > 60]
        if all(absences < 73):  # of one spell: two that overlap are longer
            assert [at for at in post.handovers if at < worked[-1] * DAY] == expected * hands_over
            found += len(expected)
    assert found > 3


def test_a_weeks_leave_is_a_week_whatever_the_weekends() -> None:
    """Monday to Friday is away for 5 days, with both weekends 9: not more than a week."""
    year = Timeline.england(date(2023, 1, 1), date(2023, 12, 31), SchoolTerms())
    of = {"posts": 20, "leave_days": 5, "leave_in_school_holidays": 0}
    none, all_of_them = (
        posts_of(team(**of, reassign_after_weeks=weeks), timeline=year).rotas for weeks in (1, 0)
    )
    assert all(post.handovers == () for post in none)
    assert all(len(post.handovers) >= 1 for post in all_of_them)


# --- reserved posts ---


def test_a_share_of_the_posts_is_the_nearest_whole_number_of_them() -> None:
    for share in (0.1, 0.25, 0.4, 0.7, 1.0):
        for posts in range(1, 30):
            given = kinds_reserved([("disputes", share)], posts).count("disputes")
            assert abs(given - share * posts) <= 0.5 + 1e-9


def test_a_post_that_is_added_changes_no_other_posts_kind() -> None:
    shares = [("annual reviews", 0.3), ("overdue", 0.2), ("disputes", 0.1)]
    every = kinds_reserved(shares, 40)
    assert all(kinds_reserved(shares, posts) == every[:posts] for posts in range(40))
    kinds = ("annual reviews", "overdue", "disputes", "")
    assert [every.count(kind) for kind in kinds] == [12, 8, 4, 16]
