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


class Piece(Protocol):
    """Some unknowns and the columns of members that they make."""

    @property
    def unknowns(self) -> Sequence[Unknown]:
        """The unknowns, in order."""

    def columns(self, drawn: Floats) -> Mapping[str, Floats]:
        """Return the columns by header, shape (members,), for unknowns of (members, unknowns)."""

    def named(self) -> Sequence[str]:
        """Return what the columns are, in words; of several that are alike only the first."""


@dataclass(frozen=True)
class Walk:
    """A number that goes its way: from each date to the next it moves by a little, and stays.

    Attributes
    ----------
    words, path : str
        What it is, and the path of the setting.
    days : tuple of date
        The first is the first day of the run.
    middle : float
        What is assumed on the first day.
    scale : {"log", "logit"}
        On which it moves.
    first : float
        Standard deviation on the first day.
    steps : tuple of float
        Standard deviation of each later move.
    """

    words: str
    path: str
    days: tuple[date, ...]
    middle: float
    scale: Scale
    first: float
    steps: tuple[float, ...]

    @property
    def unknowns(self) -> list[Unknown]:
        """One for each date."""
        return [Unknown(f"{self.words} from {day:%B %Y}", day) for day in self.days]

    def named(self) -> list[str]:
        """Return what the number of each date is."""
        return [one.words for one in self.unknowns]

    def values(self, drawn: Floats) -> Floats:
        """Return the number at each date, shape (members, days)."""
        moves = drawn * np.array([self.first, *self.steps])
        return moved(np.array(self.middle), self.scale, np.cumsum(moves, axis=1))

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

    def named(self) -> list[str]:
        """Return what the number of each date is."""
        if len(self.days) == 1:
            return [self.words]
        return [f"{self.words} from {day:%B %Y}" for day in self.days]

    def columns(self, drawn: Floats) -> dict[str, Floats]:
        """Return one column for each date."""
        off = np.repeat(self.always * drawn[:, :1], len(self.days), axis=1)
        if self.each:
            off = off + self.each * drawn[:, 1:]
        values = moved(np.array(self.middles), self.scale, off)
        return dict(zip(headers(self.path, self.days), values.T, strict=True))


@dataclass(frozen=True)
class Together:
    """Numbers that are all as many times as large.

    Attributes
    ----------
    words : str
    numbers : tuple of (header, float)
        Column and what is assumed there.
    spread : float
        Standard deviation of the logarithm.
    since : date
        First day of the run.
    """

    words: str
    numbers: tuple[tuple[str, float], ...]
    spread: float
    since: date

    @property
    def unknowns(self) -> list[Unknown]:
        """One."""
        return [Unknown(self.words, self.since)]

    def named(self) -> list[str]:
        """Return what the first of the numbers stands for: all of them."""
        return [self.words]

    def columns(self, drawn: Floats) -> dict[str, Floats]:
        """Return one column for each number."""
        times = np.exp(self.spread * drawn[:, 0])
        return {header: middle * times for header, middle in self.numbers}


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
        apart = [Unknown(f"posts of {path.split('.')[-2]}", since) for path, _ in self.areas]
        return [*self.whole.unknowns, *(apart if self.unevenness else [])]

    def named(self) -> list[str]:
        """Return what each column is: of one queue the posts of all, else those of each area."""
        if not self.unevenness:
            return self.whole.named()
        days = self.whole.days
        areas = [path.split(".")[-2] for path, _ in self.areas]
        return [f"{name} from {day:%B %Y}" for name in ("of all areas", *areas) for day in days]

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
        even = np.array([share for _, share in self.areas])
        parts = even * np.exp(self.unevenness * drawn[:, dates:])
        parts /= parts.sum(axis=1, keepdims=True)
        for place, (path, _) in enumerate(self.areas):
            made |= self._of(path, posts * parts[:, place : place + 1])
        return made

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

    def named(self) -> list[str]:
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
        for piece, part in self._parts(drawn):
            made |= {header: rounded(values) for header, values in piece.columns(part).items()}
        return made

    def _parts(self, drawn: Floats) -> Iterator[tuple[Piece, Floats]]:
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


def rounded(values: Floats) -> Floats:
    """Return numbers with so many significant digits as members have."""
    return np.array([float(f"{value:.{DIGITS}g}") for value in values])
