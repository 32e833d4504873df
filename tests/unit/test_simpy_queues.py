"""The order in which jobs leave each kind of queue."""

from __future__ import annotations

import pytest

from ehc_sim.engines.simpy.phases import TwoPhases
from ehc_sim.engines.simpy.queues import AlsoByDue, Job, Queue, new_queue
from ehc_sim.network.orders import ORDERS

pytestmark = pytest.mark.unit

DAY = 1440


def job(case: int, received: int, due: int, joined: int = 0, node: int = 0) -> Job:
    env = TwoPhases()
    env.minute = joined
    return Job(env, case, node, received, due, minutes=60)


def filled(order: str, *jobs: Job) -> Queue:
    queue = new_queue(order)
    for one in jobs:
        queue.push(one)
    return queue


def cases(queue: Queue, now: int = 0, newest: bool = False) -> list[int]:
    found = []
    while len(queue):
        first, shown = queue.first(now, newest), queue.next(now, newest)
        taken = queue.pop(now, newest)
        assert taken is shown
        assert first[-3:] == (taken.joined, taken.case, taken.node)
        found.append(taken.case)
    return found


JOBS = (job(1, 30, 900), job(2, 10, 800), job(3, 20, 1000))


@pytest.mark.parametrize(
    ("order", "expected"), [("received", [2, 3, 1]), ("due", [2, 1, 3]), ("newest", [1, 3, 2])]
)
def test_order_by_a_key(order: str, expected: list[int]) -> None:
    assert cases(filled(order, *JOBS)) == expected


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_ties_go_by_joining_then_case_then_node(order: str) -> None:
    tied = [
        job(5, 10, 900, joined=7),
        job(4, 10, 900, joined=8),
        job(6, 10, 900, joined=7, node=3),
        job(6, 10, 900, joined=7, node=2),
    ]
    queue = filled(order, *tied)
    nodes = [(taken.case, taken.node) for taken in (queue.pop(9, False) for _ in range(4))]
    assert nodes == [(5, 0), (6, 2), (6, 3), (4, 0)]


def test_still_in_time_first_takes_what_can_still_be_on_time_then_the_oldest() -> None:
    overdue = (job(1, 20, 2 * DAY), job(2, 10, 3 * DAY))
    in_time = (job(3, 40, 9 * DAY), job(4, 50, 8 * DAY))
    queue = filled("still in time first", *overdue, *in_time)
    assert cases(queue, now=3 * DAY) == [4, 3, 2, 1]


def test_a_case_runs_out_of_time_while_it_waits() -> None:
    queue = filled("still in time first", job(1, 10, 2 * DAY), job(2, 20, 5 * DAY))
    assert queue.pop(DAY, False).case == 1
    queue.push(job(3, 5, 2 * DAY))
    assert queue.first(2 * DAY - 1, False)[:2] == (0, 2 * DAY)
    assert queue.pop(2 * DAY, False).case == 2  # from this minute on, 3 is overdue
    assert queue.first(2 * DAY, False)[:2] == (1, 5)


def test_a_case_that_needs_more_time_than_it_has_counts_as_overdue() -> None:
    queue = new_queue("still in time first", minutes_to_go=2 * DAY)
    for one in (job(1, 20, 5 * DAY), job(2, 10, 9 * DAY)):
        queue.push(one)
    assert queue.first(3 * DAY - 1, False)[:2] == (0, 5 * DAY)
    assert cases(queue, now=3 * DAY) == [2, 1]


def test_mixed_takes_from_either_end_as_it_is_told() -> None:
    queue = filled("mixed", *(job(case, 10 * case, 900) for case in range(6)))
    taken = [queue.pop(0, newest).case for newest in (True, False, False, True, True, False)]
    assert taken == [5, 0, 1, 4, 3, 2]
    assert len(queue) == 0


def test_mixed_gives_no_job_twice_when_one_case_waits_with_two_jobs() -> None:
    queue = filled("mixed", job(1, 10, 900, node=1), job(1, 10, 900, node=2))
    assert [queue.pop(0, False).node for _ in range(2)] == [1, 2]
    queue.push(job(2, 20, 900))
    assert queue.pop(0, True).case == 2
    queue.push(job(3, 30, 900))
    assert cases(queue, newest=True) == [3]


def test_equal_jobs_of_one_case_do_not_stop_the_queue() -> None:
    """A fork that is come to twice at one minute makes two jobs that nothing tells apart."""
    for order in ORDERS:
        assert cases(filled(order, job(1, 10, 900), job(1, 10, 900))) == [1, 1]


def test_jobs_of_one_case_node_and_minute_go_by_what_is_left_of_them() -> None:
    """One may be the rest of a job that was handed over at that minute."""
    whole, rest = job(1, 10, 900), job(1, 10, 900)
    rest.left = 20
    for order in ORDERS:
        for queue in (filled(order, whole, rest), filled(order, rest, whole)):
            assert [queue.pop(0, False).left for _ in range(2)] == [20, 60]


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_a_job_that_comes_back_stands_where_it_stood(order: str) -> None:
    """A case on which part of the day's hours were spent: taken out by either way, put back."""
    jobs = [job(case, 10 * case, 900 + case) for case in range(4)]
    untouched, queue = filled(order, *jobs), filled(order, *jobs)
    for newest in (False, True, True, False):
        taken = [queue.pop(0, newest) for _ in range(3)]
        for one in taken:
            queue.push(one)
        assert len(queue) == 4
    assert cases(queue) == cases(untouched)


@pytest.mark.parametrize("order", sorted(ORDERS))
def test_a_queue_that_is_also_kept_by_due_date(order: str) -> None:
    jobs = [job(1, 30, 900), job(2, 10, 800), job(3, 20, 1000), job(4, 40, 700), job(5, 5, 950)]
    queue = AlsoByDue(new_queue(order, 0))
    for one in jobs:
        queue.push(one)
    assert queue.first_due()[0] == 700
    assert queue.pop_due().case == 4
    left = filled(order, *(one for one in jobs if one.case != 4))
    assert queue.pop(0, False) is left.pop(0, False)
    by_due = [left.pop(0, False) for _ in range(3)]
    by_due.sort(key=lambda one: one.due)
    assert queue.pop_due() is by_due[0]
    queue.push(by_due[0])
    assert cases(queue) == cases(filled(order, *by_due))
    assert len(queue) == 0
