"""What is drawn alike for the same replication of several scenarios, and made once."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.journey.reads import Periods, differences, watched_periods
from ehc_sim.rng.streams import Streams

Part = TypeVar("Part")


class _Kept(NamedTuple):
    """A part of a draw, and the names of the tables that were read when it was made."""

    part: Any
    read: frozenset[str]


class Drawing:
    """The draw of one scenario, part by part: each is made, or was for another scenario.

    Parameters
    ----------
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with the replication's uncertain numbers.
    kept : dict, optional
        Parts of the first scenario's draw.
    differ : frozenset of str, optional
        Names of the tables in which the two differ; None for the first scenario, whose parts are
        put to ``kept``.
    """

    def __init__(
        self,
        periods: Periods,
        kept: dict[str, _Kept] | None = None,
        differ: frozenset[str] | None = None,
    ) -> None:
        self._periods, self._kept, self._differ = periods, kept, differ
        self._shared: set[str] = set()
        self._read: set[str] = set()
        keeps = kept is not None and differ is None
        self._watched = watched_periods(periods, self._read) if keeps else periods

    def part(self, name: str, made: Callable[[Periods], Part], *of: str) -> Part:
        """Return a part of the draw.

        Parameters
        ----------
        name : str
            Its name.
        made : callable
            Makes it from the settings; which tables it reads is watched, not listed.
        *of : str
            Names of the parts of which it is made, beside the settings.
        """
        if self._kept is None:
            return made(self._periods)
        if self._differ is None:
            self._read.clear()
            found = made(self._watched)
            self._kept[name] = _Kept(found, frozenset(self._read))
            return found
        known = self._kept.get(name)
        if known is None or known.read & self._differ or not self._shared.issuperset(of):
            return made(self._periods)
        self._shared.add(name)
        same: Part = known.part
        return same


class Alike:
    """The draw of a replication of one scenario, kept for the others.

    A part of it is theirs too where the replication and the requests are the same, and all tables
    that were read when it was made.
    """

    def __init__(self) -> None:
        self._whose: tuple[object, ...] = ()
        self._arrays: tuple[NDArray[Any], ...] = ()
        self._periods: Periods = ()
        self._kept: dict[str, _Kept] = {}

    def drawing(
        self,
        streams: Streams,
        timeline: Timeline,
        periods: Periods,
        arrays: Sequence[NDArray[Any]],
    ) -> Drawing:
        """Return the draw of a replication of a scenario, to be made.

        Parameters
        ----------
        streams : Streams
            Random numbers of the replication.
        timeline : Timeline
            Calendar of the run.
        periods : sequence of (date, Settings)
            Settings as they stand from each date on.
        arrays : sequence of ndarray
            What else it is made of.
        """
        whose = (
            *(type(streams), streams.seed, streams.replication),
            *(timeline.first_day, timeline.last_day, timeline.terms, len(arrays)),
        )
        if whose != self._whose:  # the first scenario's: the others differ from it
            self._whose, self._arrays, self._periods = whose, tuple(arrays), periods
            self._kept = {}
            return Drawing(periods, self._kept)
        if not all(map(np.array_equal, arrays, self._arrays)):
            return Drawing(periods)
        return Drawing(periods, self._kept, differences(self._periods, periods))
