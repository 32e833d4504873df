"""Labels of charts are put where they hide nothing."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from ehc_sim.present.charts.labels import Box, nearest, place, spread

pytestmark = pytest.mark.unit


def test_spread_keeps_order_and_distance():
    heights = spread([0.5, 0.51, 0.1, 0.52], gap=0.1, low=0.0, high=1.0)
    assert sorted(heights) == [heights[2], heights[0], heights[1], heights[3]]
    assert min(np.diff(sorted(heights))) >= 0.1 - 1e-9
    assert np.mean(np.array(heights)[[0, 1, 3]]) == pytest.approx(0.51)
    crowded = spread([0.99] * 30, gap=0.1, low=0.0, high=1.0)
    assert min(crowded) >= -1e-9
    assert max(crowded) <= 1 + 1e-9


def test_labels_of_points_in_one_place_are_put_apart():
    points = [(1.0, 1.0)] * 8
    boxes = place(points, [(0.6, 0.15)] * 8, Box(0, 0, 4, 4))
    assert all(one.overlap(other) == 0 for one, other in combinations(boxes, 2))
    assert all(box.inside(Box(0, 0, 4, 4)) for box in boxes)


def test_a_label_is_not_joined_to_its_point_across_another_mark():
    """The near place is taken up by a wall; beyond the wall would be nearer than round it."""
    wall = Box(1.2, 0.5, 1.25, 1.5)
    taken = Box(0.0, 0.0, 0.95, 4.0)
    (box,) = place([(1.0, 1.0)], [(0.3, 0.15)], Box(0, 0, 4, 4), [wall, taken])
    end = nearest((1.0, 1.0), box)
    spots = [(1 + t * (end[0] - 1), 1 + t * (end[1] - 1)) for t in np.linspace(0, 1, 50)]
    assert not any(wall.holds(spot) for spot in spots)
    assert box.overlap(wall) == 0
