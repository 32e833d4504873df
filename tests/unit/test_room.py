"""Room that is used again: only once nobody has an array in it."""

from __future__ import annotations

from threading import Thread

import numpy as np
import pytest

from ehc_sim.engines.compiled.buffers import LINE, Room

pytestmark = pytest.mark.unit


def address(numbers: np.ndarray) -> int:
    return int(numbers.__array_interface__["data"][0])


def test_room_that_nobody_holds_is_used_again() -> None:
    room = Room()
    first = address(room.of(10_000))
    assert address(room.of(10_000)) == first
    assert address(room.of(9_000)) == first


@pytest.mark.parametrize("part", [slice(None), slice(5_000, 5_001)], ids=["all", "a part"])
def test_room_in_which_somebody_has_an_array_is_left_alone(part: slice) -> None:
    """A view of a view holds it too, as the columns of a log do."""
    room = Room()
    held = room.of(10_000).reshape(2, -1).T.ravel(order="F")[part]
    held[:] = 7
    room.of(10_000)[:] = 8
    assert (held == 7).all()


def test_room_grows() -> None:
    room = Room()
    room.of(10)
    assert len(room.of(10_000)) == 10_000


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_room_begins_a_line_of_memory(size: int) -> None:
    assert address(Room().of(size)) % (8 * LINE) == 0


def test_each_thread_has_room_of_its_own() -> None:
    room, found = Room(), list[np.ndarray]()
    mine = room.of(1_000)
    mine[:] = 1

    def other() -> None:
        found.append(room.of(1_000))
        found[0][:] = 2

    thread = Thread(target=other)
    thread.start()
    thread.join()
    assert (mine == 1).all() and (found[0] == 2).all()
