"""Hours of work, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.network import AlwaysThere, Rota
from ehc_sim.network.posts import NEVER
from tests.plain_counts import offered_by

pytestmark = pytest.mark.unit

NINE = 9 * 60


def at(day: int, hour: int, minute: int = 0) -> int:
    return day * 1440 + hour * 60 + minute


@pytest.fixture
def rota() -> Rota:
    """Four hours on days 0, 2 and 3; nothing on day 1; takes nothing new on day 3."""
    return Rota(np.array([240, 0, 240, 240]), np.array([True, True, True, False]))


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (at(0, 8, 59), False),
        (at(0, 9), True),
        (at(0, 12, 59), True),
        (at(0, 13), False),
        (at(1, 10), False),
        (at(2, 10), True),
        (at(3, 10), False),
    ],
)
def test_takes_jobs_in_its_hours_only(rota: Rota, minute: int, expected: bool) -> None:
    assert rota.at_work(minute) is expected


@pytest.mark.parametrize(
    ("minute", "expected"),
    [
        (at(0, 0), at(0, 9)),
        (at(0, 10, 7), at(0, 10, 7)),
        (at(0, 13), at(2, 9)),
        (at(1, 12), at(2, 9)),
        (at(2, 13), NEVER),
        (at(3, 10), NEVER),
    ],
)
def test_next_minute_at_which_it_may_take_a_job(rota: Rota, minute: int, expected: int) -> None:
    assert rota.next_at_work(minute) == expected


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        (at(0, 9), 1, at(0, 9, 1)),
        (at(0, 9), 240, at(0, 13)),  # ends with the day's last minute, not on the next morning
        (at(0, 9), 241, at(2, 9, 1)),
        (at(0, 12), 120, at(2, 10)),
        (at(2, 12), 120, at(3, 10)),  # work in hand goes on after the last day for new jobs
        (at(2, 12), 300, at(3, 13)),
        (at(2, 12), 301, NEVER),
    ],
)
def test_finish(rota: Rota, start: int, minutes: int, expected: int) -> None:
    assert rota.finish(start, minutes) == expected


def test_minutes_worked_and_offered(rota: Rota) -> None:
    times = np.array([0, at(0, 9), at(0, 10), at(0, 23), at(2, 9, 30), at(3, 12), at(9, 0)])
    assert rota.worked_by(times).tolist() == [0, 0, 60, 240, 270, 660, 720]
    assert offered_by(rota, times).tolist() == [0, 0, 60, 240, 270, 480, 480]


def test_a_post_that_is_always_there() -> None:
    post = AlwaysThere()
    assert post.at_work(at(1, 3)) and post.next_at_work(at(1, 3)) == at(1, 3)
    assert post.finish(at(1, 3), 7) == at(1, 3, 7)
    assert post.handover(at(1, 3), NEVER) == NEVER
    assert post.worked_by(np.array([5])).tolist() == offered_by(post, np.array([5])).tolist() == [5]


@pytest.mark.parametrize(
    ("start", "ended", "expected"),
    [
        (1000, 3000, 2000),
        (1000, 2000, NEVER),  # done at the very minute
        (2000, NEVER, 5000),
        (1000, NEVER, 2000),
        (5000, NEVER, NEVER),
    ],
)
def test_work_in_hand_is_handed_over_at_the_first_minute_between_two(
    start: int, ended: int, expected: int
) -> None:
    every_day = np.ones(10, dtype=bool)
    post = Rota(np.full(10, 240), every_day, handovers=(2000, 5000))
    assert post.handover(start, ended) == expected
    assert Rota(np.full(10, 240), every_day).handover(start, ended) == NEVER
