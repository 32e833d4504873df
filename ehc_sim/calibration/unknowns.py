"""The numbers that nobody publishes, and how a vector of them becomes the numbers of a member.

Each unknown is told in standard deviations from what was assumed, so that before any figure is
looked at it is standard normal and none depends on another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from ehc_sim.scenario.paths import split

Floats = NDArray[np.float64]
Scale = Literal["log", "logit"]

SMALLEST_SHARE = 0.005
"""A share is moved by its log odds, of which 0 and 1 have none."""
DIGITS = 5
"""Significant digits of a member's numbers: more than anybody can know, and they can be read."""


@dataclass(frozen=True)
class Unknown:
    """One unknown number.

    Attributes
    ----------
    words : str
        What it is, such as ``psychologists from July 2023``.
    since : date
        First day on which it changes anything: no figure of an earlier time can tell of it.
    """

    words: str
    since: date


@dataclass(frozen=True, eq=False)
class Told:
    """A number of members as a page tells it.

    Attributes
    ----------
    of : str
        What it is a number of, at whatever date.
    words : str
        What it is.
    path : str
        The setting, or the first of several that move together.
    since : date or None
        From when it holds; None for the whole run.
    values : ndarray of float64, shape (members,)
    """

    of: str
    words: str
    path: str
    since: date | None
    values: Floats


class Piece(Protocol):
    """Some unknowns and the columns of members that they make."""

    @property
    def unknowns(self) -> Sequence[Unknown]:
        """The unknowns, in order."""

    def columns(self, drawn: Floats) -> Mapping[str, Floats]:
        """Return the columns by header, shape (members,), for unknowns of (members, unknowns)."""

    def told(self, drawn: Floats) -> Sequence[Told]:
        """Return the same as a page tells it: of columns that are alike one."""


@dataclass(frozen=True)
class Walk:
    """A number that goes its way: from each date to the next it moves by a little, and stays.

    Attributes
    ----------
    words, path : str
        What it is, and the path of the setting.
    days : tuple of date
        The first is the first day of the run.
    middles : tuple of float
        What is assumed from each date.
    scale : {"log", "logit"}
        On which it moves, away from what is assumed.
    first : float
        Standard deviation on the first day.
    steps : tuple of float
        Standard deviation of each later move.
    """

    words: str
    path: str
    days: tuple[date, ...]
    middles: tuple[float, ...]
    scale: Scale
    first: float
    steps: tuple[float, ...]

    @property
    def unknowns(self) -> list[Unknown]:
        """One for each date."""
        return [Unknown(f"{self.words} from {day:%B %Y}", day) for day in self.days]

    def told(self, drawn: Floats) -> list[Told]:
        """Return the number at each date."""
        return _dated(self.words, self.path, self.days, self.values(drawn))

    def values(self, drawn: Floats) -> Floats:
        """Return the number at each date, shape (members, days)."""
        moves = drawn * np.array([self.first, *self.steps])
        return moved(np.array(self.middles), self.scale, np.cumsum(moves, axis=1))

    def columns(self, drawn: Floats) -> dict[str, Floats]:
        """Return one column for each date."""
        return dict(zip(headers(self.path, self.days), self.values(drawn).T, strict=True))


@dataclass(frozen=True)
class Around:
    """A number that is published for some dates and lies around it: always so, and each time anew.

    Attributes
    ----------
    words, path : str
    days : tuple of date
        The first is the first day of the run.
    middles : tuple of float
        What is published from each date.
    scale : {"log", "logit"}
    always, each : float
        Standard deviation of what is alike at all dates, and of what is of one date only.
    """

    words: str
    path: str
    days: tuple[date, ...]
    middles: tuple[float, ...]
    scale: Scale
    always: float
    each: float

    @property
    def unknowns(self) -> list[Unknown]:
        """One for all dates, and one for each where they differ."""
        alike = [Unknown(f"{self.words}, all years", self.days[0])]
        if not self.each:
            return alike
        return [*alike, *(Unknown(f"{self.words} from {day:%B %Y}", day) for day in self.days)]

    def told(self, drawn: Floats) -> list[Told]:
        """Return the number at each date."""
        values = np.stack(list(self.columns(drawn).values()), axis=1)
        return _dated(self.words, self.path, self.days, values)

    def columns(self, drawn: Floats) -> dict[str, Floats]:
        """Return one column for each date."""
        off = np.repeat(self.always * drawn[:, :1], len(self.days), axis=1)
        if self.each:
            off = off + self.each * drawn[:, 1:]
        values = moved(np.array(self.middles), self.scale, off)
        return dict(zip(headers(self.path, self.days), values.T, strict=True))


@dataclass(frozen=True)
class Together:
    """Numbers that are all as many times as large, and more or less so from date to date.

    Attributes
    ----------
    words : str
    days : tuple of date
        The first is the first day of the run.
    numbers : tuple of (str, tuple of float)
        Path of each, and what is assumed of it from each date.
    first : float
        Standard deviation of the logarithm on the first day.
    step : float
        The same of each later move, which lasts.
    """

    words: str
    days: tuple[date, ...]
    numbers: tuple[tuple[str, tuple[float, ...]], ...]
    first: float
    step: float

    @property
    def unknowns(self) -> list[Unknown]:
        """One for each date."""
        return [Unknown(f"{self.words} from {day:%B %Y}", day) for day in self.days]

    def told(self, drawn: Floats) -> list[Told]:
        """Return how many times what is assumed all of them are, at each date."""
        words = f"{self.words}, times what is assumed"
        return _dated(words, self.numbers[0][0], self.days, self.times(drawn))

    def times(self, drawn: Floats) -> Floats:
        """Return how many times what is assumed they are, shape (members, days)."""
        moves = drawn * np.array([self.first, *[self.step] * (len(self.days) - 1)])
        return np.asarray(np.exp(np.cumsum(moves, axis=1)))

    def columns(self, drawn: Floats) -> dict[str, Floats]:
        """Return one column for each number and date."""
        times = self.times(drawn)
        return {
            header: middle * times[:, place]
            for path, middles in self.numbers
            for place, (header, middle) in enumerate(
                zip(headers(path, self.days), middles, strict=True)
            )
        }


@dataclass(frozen=True)
class Divided:
    """Posts of a team that is divided into areas: of the whole team, or of each area.

    Attributes
    ----------
    whole : Walk
        Posts of all together.
    areas : tuple of (str, float)
        Path of each area's posts, and its share of them.
    unevenness : float
        Standard deviation of the logarithm of an area's posts for its share; 0 where every post
        serves every area, so that there is one queue.
    """

    whole: Walk
    areas: tuple[tuple[str, float], ...]
    unevenness: float

    @property
    def unknowns(self) -> list[Unknown]:
        """Those of the whole, and one for each area where they are uneven."""
        since = self.whole.days[0]
        apart = [Unknown(f"posts of {_area(path)}", since) for path, _ in self.areas]
        return [*self.whole.unknowns, *(apart if self.unevenness else [])]

    def told(self, drawn: Floats) -> list[Told]:
        """Return the posts of all at each date, and each area's for its share of the requests."""
        dates = len(self.whole.days)
        made = self.whole.told(drawn[:, :dates])
        if self.unevenness:
            parts = self._parts(drawn)
            made += [
                Told(words := f"posts of {_area(path)} for its share", words, path, None, times)
                for (path, share), times in zip(
                    self.areas, (parts / [share for _, share in self.areas]).T, strict=True
                )
            ]
        return made

    def columns(self, drawn: Floats) -> dict[str, Floats]:
        """Return the posts of the team and of each area at each date."""
        dates = len(self.whole.days)
        posts = self.whole.values(drawn[:, :dates])
        nothing = np.zeros_like(posts)
        made = self._of(self.whole.path, nothing if self.unevenness else posts)
        if not self.unevenness:
            return made | {
                k: v for path, _ in self.areas for k, v in self._of(path, nothing).items()
            }
        parts = self._parts(drawn)
        for place, (path, _) in enumerate(self.areas):
            made |= self._of(path, posts * parts[:, place : place + 1])
        return made

    def _parts(self, drawn: Floats) -> Floats:
        """Return each area's share of the posts, shape (members, areas)."""
        even = np.array([share for _, share in self.areas])
        parts = even * np.exp(self.unevenness * drawn[:, len(self.whole.days) :])
        return np.asarray(parts / parts.sum(axis=1, keepdims=True))

    def _of(self, path: str, values: Floats) -> dict[str, Floats]:
        return dict(zip(headers(path, self.whole.days), values.T, strict=True))


@dataclass(frozen=True)
class Fixed:
    """Columns that are the same in every member of an explanation, and not in every explanation."""

    numbers: tuple[tuple[str, float], ...]

    @property
    def unknowns(self) -> list[Unknown]:
        """None."""
        return []

    def told(self, drawn: Floats) -> list[Told]:
        """Return nothing: they are not unknown."""
        return []

    def columns(self, drawn: Floats) -> dict[str, Floats]:
        """Return the same number for every member."""
        return {header: np.full(len(drawn), value) for header, value in self.numbers}


@dataclass(frozen=True)
class Structure:
    """One explanation: what is assumed of how the service works, with its unknown numbers.

    Attributes
    ----------
    name : str
        Such as ``one queue, in order``.
    pieces : tuple of Piece
    """

    name: str
    pieces: tuple[Piece, ...]

    @property
    def unknowns(self) -> list[Unknown]:
        """All unknowns, in the order of the columns of a vector."""
        return [one for piece in self.pieces for one in piece.unknowns]

    def columns(self, drawn: Floats) -> dict[str, Floats]:
        """Return the columns of members, shape (members,), from (members, unknowns)."""
        made: dict[str, Floats] = {}
        for piece, part in self.parts(drawn):
            made |= {header: rounded(values) for header, values in piece.columns(part).items()}
        return made

    def parts(self, drawn: Floats) -> Iterator[tuple[Piece, Floats]]:
        """Yield each piece with its part of the unknowns."""
        first = 0
        for piece in self.pieces:
            last = first + len(piece.unknowns)
            yield piece, drawn[:, first:last]
            first = last


def moved(middle: Floats, scale: Scale, by: Floats) -> Floats:
    """Return numbers moved on their scale: multiplied, or by their log odds."""
    if scale == "log":
        return np.asarray(middle * np.exp(by))
    return np.asarray(expit(logit(np.clip(middle, SMALLEST_SHARE, 1 - SMALLEST_SHARE)) + by))


def headers(path: str, days: Sequence[date]) -> list[str]:
    """Return the headers of the columns of members of a setting, the first for the whole run."""
    return [path, *(f"{path} from {day}" for day in days[1:])]


def _area(path: str) -> str:
    """Return the name of the area whose posts are at a path."""
    return (split(path) or ("", ""))[-2]


def _dated(of: str, path: str, days: Sequence[date], values: Floats) -> list[Told]:
    """Return a number at each date, shape (members, days)."""
    if len(days) == 1:
        return [Told(of, of, path, None, values[:, 0])]
    since = (None, *days[1:])
    return [
        Told(of, f"{of} from {day:%B %Y}", path, start, column)
        for day, start, column in zip(days, since, values.T, strict=True)
    ]


def rounded(values: Floats) -> Floats:
    """Return numbers with so many significant digits as members have."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])
