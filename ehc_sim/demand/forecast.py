"""The forecast of monthly requests: sample paths, one for each replication of the simulation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms, holidays_made, made_in_words
from ehc_sim.demand.backtest import Backtest, backtest
from ehc_sim.demand.choose import choose
from ehc_sim.demand.even import even_paths
from ehc_sim.demand.exposure import DayWeights, Months, MonthWeights
from ehc_sim.demand.extremes import tempered, told
from ehc_sim.demand.findings import Finding
from ehc_sim.demand.fits import fit_once
from ehc_sim.demand.history import History
from ehc_sim.demand.ladder import Method
from ehc_sim.demand.member import Fitted
from ehc_sim.demand.overlay import adjust, describe
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.pool import FittedPool
from ehc_sim.demand.proposals import propose
from ehc_sim.demand.seasonal_naive import FittedNaive
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.schema import Overlay
from ehc_sim.tables import RANGES


@dataclass(frozen=True, eq=False)
class Forecast:
    """A forecast of requests by month, before and after the planner's adjustments.

    Attributes
    ----------
    history : History
        The record it rests on.
    base, adjusted : CountPaths
        Paths without and with the overlays, side by side; the same where there is no overlay.
    method, why : str
        The method's name, and why it was chosen.
    notes : tuple of str
        What a reader should know: growth, months left out, adjustments.
    weights : MonthWeights
        Exposure by month that was used.
    fitted : Fitted
        The method, fitted to the record.
    draws : tuple of Streams
        Random numbers of the paths.
    """

    history: History
    base: CountPaths
    adjusted: CountPaths
    method: str
    why: str
    notes: tuple[str, ...]
    weights: MonthWeights
    fitted: Fitted
    draws: tuple[Streams, ...]

    @property
    def paths(self) -> pd.DataFrame:
        """Adjusted requests, months in rows and replications in columns."""
        return self.adjusted.frame()

    def path(self, replication: int) -> NDArray[np.int64]:
        """Return the adjusted requests of one replication, shape (n_months,)."""
        return self.adjusted.of(replication)

    @cached_property
    def check(self) -> Backtest:
        """How the method would have done on this record, beside "the same as last year"."""
        plain = isinstance(self.fitted, FittedNaive)
        return backtest(self.history, self.weights, "seasonal naive" if plain else None)

    @cached_property
    def members(self) -> dict[str, CountPaths]:
        """Paths of each method of the pool by itself, without overlays; of no pool, the method."""
        if not isinstance(self.fitted, FittedPool):
            return {self.method: self.base}
        return {
            name: member.paths(self.base.months, self.draws)
            for name, member in self.fitted.members.items()
        }

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What was asked, proposed and done about the record; no proposal is applied."""
        return self.history.findings + propose(self.history, self.weights)

    def by_member(self) -> pd.DataFrame:
        """Return medians and ranges by month of each method by itself, without overlays.

        Returns
        -------
        DataFrame
            Columns month (Timestamp), member, median, low80, high80, low95, high95.
        """
        parts = [_summary(paths.months, name, paths.counts) for name, paths in self.members.items()]
        table = pd.concat(parts, ignore_index=True)
        return table.rename(columns={"period": "month", "kind": "member"})

    def quantiles(self) -> pd.DataFrame:
        """Return medians and ranges by month.

        Returns
        -------
        DataFrame
            Columns month (Timestamp), kind (history, base or adjusted), median, low80, high80,
            low95, high95. A month of the record has its count in all of them, and none where it is
            not known; a yearly record has no months to show.
        """
        parts = []
        if self.history.kind == "monthly":
            recorded = _summary(self.history.index, "history", self.history.counts[np.newaxis])
            recorded.loc[~self.history.known, list(RANGES)] = np.nan
            parts.append(recorded)
        for kind, paths in (("base", self.base), ("adjusted", self.adjusted)):
            parts.append(_summary(paths.months, kind, paths.counts))
        return pd.concat(parts, ignore_index=True).rename(columns={"period": "month"})

    def by_year(self) -> pd.DataFrame:
        """Return medians and ranges of whole calendar years.

        The year in which a monthly record ends is made of its recorded and its forecast months.

        Returns
        -------
        DataFrame
            Columns year (int), kind, median, low80, high80, low95, high95.
        """
        recorded = self.history
        parts = []
        if recorded.kind == "yearly":
            years = recorded.index[recorded.known], recorded.counts[np.newaxis, recorded.known]
            parts.append(_summary(years[0], "history", years[1]))
        elif recorded.kind == "monthly":
            known = recorded.known
            parts.append(
                _whole_years(recorded.index[known], recorded.counts[np.newaxis, known], "history")
            )
        for kind, paths in (("base", self.base), ("adjusted", self.adjusted)):
            parts.append(_whole_years(*self._with_recorded(paths), kind))
        table = pd.concat(parts, ignore_index=True).rename(columns={"period": "year"})
        return table.assign(year=table["year"].dt.year)

    def _with_recorded(self, paths: CountPaths) -> tuple[Months, NDArray[np.int64]]:
        """Put the recorded months of the year in which the record ends before the paths."""
        january = paths.months[0].astype("datetime64[Y]").astype("datetime64[M]")
        follows = paths.months[0] == self.history.last_month + 1
        rows = self.history.index >= january
        if (
            self.history.kind != "monthly"
            or not follows
            or january < self.history.first_month
            or not self.history.known[rows].all()
        ):
            return paths.months, paths.counts
        recorded = np.tile(self.history.counts[rows], (len(paths.counts), 1))
        months = np.concatenate([self.history.index[rows], paths.months])
        return months, np.hstack([recorded, paths.counts])

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        table = self.by_year().to_html(index=False, float_format="{:.0f}".format)
        return (
            f"<p><b>{escape(self.method)}</b>: {escape(self.why)}.</p><ul>{notes}</ul>"
            f"{table}{self.check._repr_html_()}"
        )


def forecast(
    history: History,
    months: int,
    *,
    terms: SchoolTerms,
    first_month: date | np.datetime64 | None = None,
    paths: int = 400,
    first_path: int = 0,
    seed: int = 0,
    day_weights: DayWeights | None = None,
    overlays: Mapping[str, Overlay] | None = None,
    method: Method | None = None,
    even_until: np.datetime64 | None = None,
) -> Forecast:
    """Forecast monthly requests.

    Path r depends on the record, the seed and r: not on how many paths or months are asked for.

    Parameters
    ----------
    history : History
        The record.
    months : int
        Number of months, 1 or more.
    terms : SchoolTerms
        The council's school terms.
    first_month : date or datetime64, optional
        First month wanted, after the record; by default the first after it.
    paths : int
        Number of paths, 1 or more.
    first_path : int
        Replication of the first path.
    seed : int
        Seed of the study.
    day_weights : DayWeights, optional
        Weights by kind of day.
    overlays : mapping of str to Overlay, optional
        The planner's adjustments.
    method : str, optional
        ``seasonal naive`` for the plain guess; by default the record decides.
    even_until : datetime64[M], optional
        Draw the paths evenly by their total up to this month, as replications do
        (``ehc_sim.demand.even``); by default each path is drawn by itself.

    Raises
    ------
    BadInput
        If the history is too short for any method.
    ValueError
        If the first month is within the record, or a month lies after 2099.
    """
    after = history.last_month + 1
    first = after if first_month is None else np.datetime64(str(first_month)[:7], "M")
    if first < after or months < 1 or paths < 1:
        raise ValueError(
            f"{months} months from {first}, {paths} paths: the record ends in {history.last_month}"
        )
    member, why = choose(history, method)
    weights = _weights(history, first + months - 1, terms, day_weights or DayWeights())
    fitted = fit_once(member, history, weights)
    draws = tuple(Streams(seed, r) for r in range(first_path, first_path + paths))
    wanted = first + np.arange(months)
    if even_until is None:
        base = fitted.paths(wanted, draws)
    else:
        numbers = range(first_path, first_path + paths)
        content = (member, history.content, weights.content)
        base = even_paths(fitted, content, wanted, seed, numbers, even_until)
    overlays = overlays or {}
    first_year, last_year = int(str(after)[:4]), int(str(first + months - 1)[:4])
    made = [year for year in weights.terms_made if first_year <= year <= last_year]
    learnt = tempered(history, weights)
    notes = [*history.notes, *fitted.notes, *told(history, learnt)]
    notes += made_in_words(made, holidays_made(first_year, last_year))
    notes += [f"Adjusted by {describe(overlay)}." for overlay in overlays.values()]
    return Forecast(
        history=history,
        base=base,
        adjusted=adjust(base, overlays, draws),
        method=member.name,
        why=why,
        notes=tuple(notes),
        weights=weights,
        fitted=fitted,
        draws=draws,
    )


def _weights(
    history: History, last: np.datetime64, terms: SchoolTerms, day_weights: DayWeights
) -> MonthWeights:
    """Return the exposure of the record and the forecast, in whole twelve months after it."""
    ahead = int((last - history.last_month).astype(np.int64))
    end = history.last_month + 12 * -(-ahead // 12)
    return MonthWeights.england(history.first_month, end, terms, day_weights)


def _summary(when: NDArray[np.datetime64], kind: str, counts: NDArray[np.int64]) -> pd.DataFrame:
    ranges = np.quantile(counts, list(RANGES.values()), axis=0)
    table = pd.DataFrame(dict(zip(RANGES, ranges, strict=True)))
    table.insert(0, "kind", kind)
    table.insert(0, "period", pd.to_datetime(when.astype("datetime64[ns]")))
    return table[["period", "kind", "median", "low80", "high80", "low95", "high95"]]


def _whole_years(months: Months, counts: NDArray[np.int64], kind: str) -> pd.DataFrame:
    years, number, length = np.unique(
        months.astype("datetime64[Y]"), return_inverse=True, return_counts=True
    )
    totals = np.stack([counts[:, number == k].sum(axis=1) for k in range(len(years))], axis=1)
    whole = length == 12
    return _summary(years[whole], kind, totals[:, whole])
