"""What is drawn alike for the same replication of several scenarios, and made once."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.journey.keyed import Periods, Watched
from ehc_sim.journey.population import Population
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.schema import Settings


class Alike:
    """Who the cases of a replication are about, kept from one scenario for the others.

    They are the same where the requests are, and all tables of the settings that were read when
    they were drawn: which those are is watched, not listed.
    """

    def __init__(self) -> None:
        self._population: Population | None = None
        self._whose: tuple[object, ...] = ()
        self._arrays: tuple[NDArray[Any], ...] = ()
        self._periods: Periods = ()
        self._read: set[str] = set()

    def population(
        self,
        streams: Streams,
        timeline: Timeline,
        periods: Periods,
        arrays: Sequence[NDArray[Any]],
        made: Callable[[Periods], Population],
    ) -> Population:
        """Return the population of a replication.

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
        made : callable
            Makes it from settings.
        """
        whose = (
            *(type(streams), streams.seed, streams.replication),
            *(timeline.first_day, timeline.last_day, timeline.terms, len(arrays)),
        )
        if self._population is not None and whose == self._whose:
            same = all(map(np.array_equal, arrays, self._arrays))
            if same and _same_tables(self._periods, periods, self._read):
                return self._population
        watched = [(day, Watched(settings)) for day, settings in periods]
        population = made(cast(Periods, watched))
        if whose != self._whose:  # the first scenario's: the others differ from it
            self._population, self._whose, self._periods = population, whose, periods
            self._arrays = tuple(arrays)
            self._read = {table for _, settings in watched for table in settings.tables_read()}
        return population


def _same_tables(one: Periods, other: Periods, tables: set[str]) -> bool:
    """Return whether some tables of settings are the same on each day."""
    days = sorted({day for day, _ in (*one, *other)})
    pairs = [(_on(one, day), _on(other, day)) for day in days]
    known: set[tuple[int, int]] = set()
    for table in tables:
        for a, b in pairs:
            mine, theirs = getattr(a, table), getattr(b, table)
            if mine is theirs or (id(mine), id(theirs)) in known:
                continue
            if mine != theirs:
                return False
            known.add((id(mine), id(theirs)))
    return True


def _on(periods: Periods, day: date) -> Settings:
    """Return the settings of the last period that begins by a day, or of the first."""
    begun = [settings for first, settings in periods if first <= day]
    return begun[-1] if begun else periods[0][1]
