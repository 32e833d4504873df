"""Results move only when a change is meant to move them."""

from __future__ import annotations

import json

import pytest

from tests.regression.key_measures import KEPT, measured, moved

pytestmark = pytest.mark.regression


def test_key_measures_are_those_of_the_last_release() -> None:
    before = json.loads(KEPT.read_text(encoding="utf-8"))
    assert all(len(measures) > 20 for measures in before.values())
    lines = moved(before, measured())
    assert not lines, "\n".join(["results moved:", *lines])


def test_what_moved_is_told_with_how_far() -> None:
    before = {"today": {"chance": 0.25, "cost": 1_000_000.0, "appeals": 7.0}}
    now = {"today": {"chance": 0.5, "cost": 1_000_000.0, "due": 0.3}}
    assert moved(before, now) == [
        "today: appeals was 7.0, is None",
        "today: chance was 0.25, is 0.5 (+0.25)",
        "today: due was None, is 0.3",
    ]
    assert moved(before, before) == []
