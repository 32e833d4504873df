"""The requests of one replication: who asks for whom, and which of them may be made again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.journey.sampling import Floats, Ints
from ehc_sim.network.case_keys import Group, uniforms_of
from ehc_sim.network.log import NOT_YET
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.schema import Requests, Settings

DAYS_A_YEAR = 365.25
OPEN_CASES = "open case: "
AGAIN = "made again: "


@dataclass(frozen=True, eq=False)
class Attributes:
    """Who cases are about; every array has the shape (cases,).

    Attributes
    ----------
    source, need, area : ndarray of int64
        Numbers of the groups of ``requests``; -1 where a case has no source.
    age : ndarray of int64
        Years of age when the case arrived, or when the run started.
    birth : ndarray of int64
        Minute of birth, before the run.
    """

    source: Ints
    need: Ints
    area: Ints
    age: Ints
    birth: Ints

    def of(self, rows: NDArray[np.int64]) -> Attributes:
        """Return the attributes of some of the cases."""
        parts = (self.source, self.need, self.area, self.age, self.birth)
        return Attributes(*(part[rows] for part in parts))

    @classmethod
    def joined(cls, several: Sequence[Attributes]) -> Attributes:
        """Return the attributes of several sets of cases, one after the other."""
        names = ("source", "need", "area", "age", "birth")
        return cls(*(np.concatenate([getattr(one, name) for one in several]) for name in names))


def births(arrived: Ints, age: Ints, u: Floats) -> Ints:
    """Return minutes of birth for ages in years at a minute, even over the year of age."""
    days = (age + u) * DAYS_A_YEAR
    return np.asarray(arrived - np.rint(days * MINUTES_A_DAY), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class RequestCases:
    """The requests of a replication, in the order of their numbers in the run.

    First those that are open when the run starts, then those that arrive in it, then those that may
    be made again.

    Attributes
    ----------
    groups : tuple of Group
        How their random numbers are keyed.
    attributes : Attributes
        Who they are about.
    arrived : ndarray of int64, shape (cases,)
        Minute of the request; ``NOT_YET`` for those that may be made again.
    again : ndarray of int64, shape (cases,)
        For each case the number of the request that may be made again; its own where there is none.
    again_of : ndarray of int64, shape (cases,)
        For each case the number of the first request; its own where it is the first.
    """

    groups: tuple[Group, ...]
    attributes: Attributes
    arrived: Ints
    again: Ints
    again_of: Ints


def request_cases(
    streams: Streams,
    periods: Sequence[tuple[date, Settings]],
    numbers: Ints,
    minutes: Ints,
    open_cases: pd.DataFrame | None = None,
) -> RequestCases:
    """Draw who the requests are about.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on.
    numbers, minutes : ndarray of int64, shape (n,)
        Case number and minute of each request that arrives in the run, sorted by minute.
    open_cases : DataFrame, optional
        Requests that are open when the run starts: number, minute, source, age, need and area.
    """
    requests = periods[0][1].requests
    arriving = Group("", numbers)
    parts = [_drawn(streams, requests, arriving, minutes)]
    groups, arrived = [arriving], [minutes]
    if open_cases is not None:
        before = Group(OPEN_CASES, open_cases["number"].to_numpy(dtype=np.int64))
        parts.insert(0, _given(streams, requests, before, open_cases))
        groups.insert(0, before)
        arrived.insert(0, open_cases["minute"].to_numpy(dtype=np.int64))
    first = Attributes.joined(parts)
    own = np.arange(len(first.age))
    rows = np.flatnonzero(_may_ask_again(streams, periods, groups))
    again = own.copy()
    again[rows] = len(own) + np.arange(len(rows))
    counts = np.cumsum([0, *(len(group.numbers) for group in groups)])
    for group, low, high in zip(tuple(groups), counts, counts[1:], strict=False):
        mine = rows[(rows >= low) & (rows < high)] - low
        groups.append(Group(f"{AGAIN}{group.prefix}", group.numbers[mine]))
    later = len(own) + np.arange(len(rows))
    return RequestCases(
        tuple(groups),
        Attributes.joined([first, first.of(rows)]),
        np.concatenate([*arrived, np.full(len(rows), NOT_YET, dtype=np.int64)]),
        np.concatenate([again, later]),
        np.concatenate([own, rows]),
    )


def _may_ask_again(
    streams: Streams, periods: Sequence[tuple[date, Settings]], groups: Sequence[Group]
) -> NDArray[np.bool_]:
    """Return the requests whose own number would have them ask again in some period."""
    disputes = [s.disputes for _, s in periods if s.disputes is not None]
    most = max((float(one.ask_again) for one in disputes), default=0.0)
    return np.asarray(uniforms_of(streams, groups, "ask again") < most)


def _drawn(streams: Streams, requests: Requests, group: Group, minutes: Ints) -> Attributes:
    def pick(name: str, shares: Mapping[str, Number]) -> Ints:
        edges = drawn_shares(streams, name, shares, requests)
        return picked(edges, group.uniforms(streams, name))

    age = np.array([int(a) for a in requests.ages])[pick("age", requests.ages)]
    birthday = group.uniforms(streams, "birthday")
    return Attributes(
        pick("source", requests.sources),
        pick("need", requests.needs),
        pick("area", requests.areas),
        age,
        births(minutes, age, birthday),
    )


def _given(streams: Streams, requests: Requests, group: Group, table: pd.DataFrame) -> Attributes:
    def code(column: str, names: Mapping[str, Number]) -> Ints:
        place = {name: i for i, name in enumerate(names)}
        return np.array([place[str(name)] for name in table[column]], dtype=np.int64)

    age = table["age"].to_numpy(dtype=np.int64)
    birthday = group.uniforms(streams, "birthday")
    return Attributes(
        code("source", requests.sources),
        code("need", requests.needs),
        code("area", requests.areas),
        age,
        births(table["minute"].to_numpy(dtype=np.int64), age, birthday),
    )


def drawn_shares(
    streams: Streams, name: str, shares: Mapping[str, Number], requests: Requests
) -> Floats:
    """Return the upper edges of groups whose shares are themselves drawn once a replication."""
    nominal = np.array([float(share) for share in shares.values()])
    gammas = streams.generator(f"shares of {name}").gamma(nominal * float(requests.concentration))
    return np.asarray(np.cumsum(gammas / gammas.sum()))


def picked(edges: Floats, u: Floats) -> Ints:
    """Return the number of each case's group from its own uniform number."""
    return np.minimum(np.searchsorted(edges, u, side="right"), len(edges) - 1).astype(np.int64)
