"""Puts labels where they do not overlap."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_LEADER_FROM_INCHES = 0.2
"""A label farther from its point than this is joined to it by a line."""


class Box(NamedTuple):
    """A rectangle in inches: left, bottom, right, top."""

    left: float
    bottom: float
    right: float
    top: float

    def overlap(self, other: Box) -> float:
        """Area in square inches that two boxes share."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.top, other.top) - max(self.bottom, other.bottom)
        return width * height if width > 0 and height > 0 else 0.0

    def grown(self, by: float) -> Box:
        """Return the box with a margin on every side."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point lies within the box."""
        return self.left <= point[0] <= self.right and self.bottom <= point[1] <= self.top

    def inside(self, other: Box) -> bool:
        """Whether the box lies within another."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


def spread(heights: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move heights apart until neighbours are `gap` away, keeping their order.

    Parameters
    ----------
    heights : sequence of float
        Where each label would best be.
    gap : float
        Least distance between two labels; made smaller where there is no room for it.
    low, high : float
        Ends of the room.
    """
    if not heights:
        return []
    gap = min(gap, (high - low) / max(1, len(heights) - 1))
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    # Labels that touch form a pile, which stands where its members would be on average.
    piles: list[list[float]] = []
    for rank, place in enumerate(order):
        piles.append([heights[place] - rank * gap])
        while len(piles) > 1 and _mean(piles[-2]) >= _mean(piles[-1]):
            upper = piles.pop()
            piles[-1] += upper
    feet = [_mean(pile) for pile in piles for _ in pile]
    highest_foot = high - (len(order) - 1) * gap
    result = [0.0] * len(heights)
    for rank, (place, foot) in enumerate(zip(order, feet, strict=True)):
        result[place] = min(max(foot, low), highest_foot) + rank * gap
    return result


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def place(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    room: Box,
    obstacles: Sequence[Box] = (),
) -> list[Box]:
    """Return a box for each point's label, clear of one another and of every point.

    Parameters
    ----------
    points : sequence of (float, float)
        In inches, the most important first.
    sizes : sequence of (float, float)
        Width and height of each label in inches.
    room : Box
        Where labels may be.
    obstacles : sequence of Box
        What labels should keep clear of besides the points, where they can.

    Notes
    -----
    Each label in turn takes the free place nearest its point, but goes round a place that it could
    only be joined to across other marks. Where no place is free it takes the one that hides least.
    """
    marks = [Box(x, y, x, y).grown(0.07) for x, y in points]
    taken: list[Box] = []
    for point, size in zip(points, sizes, strict=True):
        best, least = None, math.inf
        for box, reach in _around(point, size):
            if not box.inside(room):
                continue
            hidden = sum(box.overlap(other) for other in (*marks, *taken))
            crossed = sum(box.overlap(other) for other in obstacles)
            fault = 1000 * hidden + 100 * crossed + reach
            if fault < least and reach > _LEADER_FROM_INCHES:
                fault += 0.5 * _met(point, box, (*marks, *taken, *obstacles))
            if fault < least:
                best, least = box, fault
        taken.append((best or _kept_inside(point, size, room)).grown(0.015))
    return [box.grown(-0.015) for box in taken]


def nearest(point: tuple[float, float], box: Box) -> tuple[float, float]:
    """Return where on a box, or in it, is nearest to a point."""
    return (
        min(max(point[0], box.left), box.right),
        min(max(point[1], box.bottom), box.top),
    )


def _met(point: tuple[float, float], box: Box, others: Sequence[Box]) -> int:
    """Return how many boxes the line from a point to its label runs into on its way."""
    (x0, y0), (x1, y1) = point, nearest(point, box)
    steps = [step / 16 for step in range(1, 16)]
    spots = [(x0 + step * (x1 - x0), y0 + step * (y1 - y0)) for step in steps]
    return sum(
        1 for other in others if not other.holds(point) and any(other.holds(spot) for spot in spots)
    )


def _around(point: tuple[float, float], size: tuple[float, float]) -> Iterator[tuple[Box, float]]:
    """Boxes round a point with how far off each is; right and left are preferred."""
    x, y = point
    width, height = size
    for ring in range(26):
        away = 0.1 + 0.09 * ring
        for step in range(24):
            angle = 2 * math.pi * step / 24
            side, rise = math.cos(angle), math.sin(angle)
            middle_x = x + side * away + width / 2 * _sign(side)
            middle_y = y + rise * away + height / 2 * _sign(rise)
            box = Box(
                middle_x - width / 2,
                middle_y - height / 2,
                middle_x + width / 2,
                middle_y + height / 2,
            )
            yield box, away + 0.02 * abs(rise) + (0.03 if side < 0 else 0.0)


def _sign(value: float) -> float:
    return 0.0 if abs(value) < 0.1 else math.copysign(1.0, value)


def _kept_inside(point: tuple[float, float], size: tuple[float, float], room: Box) -> Box:
    left = min(max(point[0], room.left), room.right - size[0])
    bottom = min(max(point[1], room.bottom), room.top - size[1])
    return Box(left, bottom, left + size[0], bottom + size[1])
