"""Quantities of a set of cases, from settings that may change with time."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.journey.reads import Periods, table_of, watched
from ehc_sim.journey.sampling import days_distribution, minutes_distribution
from ehc_sim.network.case_keys import CaseKeys
from ehc_sim.network.distributions import Sampler, Shares, Trial
from ehc_sim.network.quantities import Quantity, Sampled
from ehc_sim.scenario.part import Effort, Wait
from ehc_sim.scenario.schema import Settings

__all__ = ["Keyed", "Periods"]


class Keyed:
    """Makes the quantities of consecutive cases.

    Parameters
    ----------
    keys : CaseKeys
        What keys the random numbers of all cases of the run.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with this replication's uncertain numbers.
    cases : range
        Numbers in the run of the cases.
    """

    def __init__(
        self,
        keys: CaseKeys,
        timeline: Timeline,
        periods: Periods,
        cases: range,
    ) -> None:
        self.keys, self.cases = keys, cases
        self.settings = [settings for _, settings in periods]
        self.starts = [max(0, timeline.minute(day)) for day, _ in periods]
        self._changes: dict[str, list[int]] = {}

    def constant(self, values: NDArray[np.integer]) -> Quantity:
        """Return a quantity that is given, and the same in the whole run."""
        return Quantity.constant(values, self.cases.start)

    def by_period(self, sampler: Callable[[Settings], Sampler]) -> Sampled:
        """Return a quantity whose sampler follows from the settings of each period.

        A sampler is not made again for a period in which no table that it was made of has changed.
        """
        starts: list[int] = []
        samplers: list[Sampler] = []
        period: int | None = 0
        while period is not None:
            read: set[str] = set()
            starts.append(self.starts[period])
            samplers.append(sampler(watched(self.settings[period], read)))
            changes = [change for name in read for change in self._changes_of(name)]
            period = min((change for change in changes if change > period), default=None)
        return self.from_each(starts, samplers)

    def by_year(
        self, firsts: Sequence[int], sampler: Callable[[Settings, int], Sampler]
    ) -> Sampled:
        """Return a quantity whose sampler follows from the settings of each period and the year.

        Parameters
        ----------
        firsts : sequence of int
            First minute of each year, rising from 0.
        sampler : callable
            Gives the sampler from the settings and the place of the year.
        """
        starts = sorted({*firsts, *self.starts})
        periods = (bisect_right(self.starts, start) - 1 for start in starts)
        years = (bisect_right(firsts, start) - 1 for start in starts)
        made = [
            sampler(self.settings[period], year)
            for period, year in zip(periods, years, strict=True)
        ]
        return self.from_each(starts, made)

    def _changes_of(self, name: str) -> list[int]:
        """Return the periods at which what was read under a name is another than just before."""
        if name not in self._changes:
            tables = [table_of(settings, name) for settings in self.settings]
            pairs = enumerate(pairwise(tables), start=1)
            self._changes[name] = [period for period, (one, other) in pairs if one is not other]
        return self._changes[name]

    def from_each(self, starts: Sequence[int], samplers: Sequence[Sampler]) -> Sampled:
        """Return a quantity from a sampler for each of the minutes from which one holds."""
        return Sampled.by_period(starts, samplers, self.keys, self.cases)

    def same(self, number: Callable[[Settings], float]) -> Sampled:
        """Return a whole number that is the same for all cases, by period."""
        return self.by_period(lambda s: Sampler(round(number(s))))

    def effort(self, name: str, of: Callable[[Settings], Effort | None]) -> Sampled:
        """Return minutes of work; ``name`` is of what."""

        def sampler(settings: Settings) -> Sampler:
            effort = of(settings)
            return Sampler(0 if effort is None else minutes_distribution(f"{name} hours", effort))

        return self.by_period(sampler)

    def wait(self, name: str, of: Callable[[Settings], Wait | None]) -> Sampled:
        """Return days of a wait; ``name`` is of what."""
        return self.by_period(lambda s: Sampler(days_distribution(f"{name} days", of(s))))

    def chosen(self, name: str, share: Callable[[Settings], Shares]) -> Sampled:
        """Return 1 for the cases whose own number is below the share: a higher share adds cases."""
        return self.by_period(lambda s: Sampler(0, (Trial(name, share(s)),)))
