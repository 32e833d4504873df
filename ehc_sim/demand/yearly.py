"""Forecast from totals of twelve months: a log random walk with growth leaned on England's.

For councils that have only DfE's yearly totals, or less than a year by month. The constants
were set on the requests of 144 English authorities in DfE's SEN2 release for 2019 to 2024, and are
wide enough to hold some 80% of their next years in an 80% range (see tests/theory).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.borrowing import GROWTH_ELSEWHERE, LIKELY_SCATTER
from ehc_sim.demand.exposure import Months, MonthWeights
from ehc_sim.demand.extremes import MOST_RISE, Limit
from ehc_sim.demand.history import History, covid
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.profile import MONTH_NOISE, expected_shares, expected_weight, split
from ehc_sim.rng.streams import Streams

WEIGHT_OF_LAST = 0.7
"""Weight of the last total in the level; the rest is the one before, grown by one year's drift."""
WEIGHT_OF_OWN_GROWTH = 0.3
"""Weight of the council's own growth in the drift; the rest is England's."""
DAMPING = 0.75
"""Growth kept from one year to the next."""
GROWTH_YEARS = 5
"""Years back over which growth is measured."""
TRANSIENT_SD = 0.10
"""Standard deviation of one year's log total that is gone the next year."""
MIDDLE_COUNCIL = 792
"""Requests a year of the middle English council (66 a month in 2024), which the constant above is
of."""
LASTING_SD = 0.05
"""Standard deviation of each year's change of log level that stays."""
LEVEL_SD = 0.05
"""Standard deviation of the log level from which the forecast starts."""
TAIL = 5
"""Degrees of freedom of the t distribution of the council's own variation."""
NATIONAL_SD = 0.11
"""Standard deviation of a change of the yearly growth that all councils share. Applied each year,
so that its effect grows with the years. 0.08 fitted the panel but left ranges a little narrow."""

ENGLAND = {
    2016: 55_235, 2017: 64_555, 2018: 72_423, 2019: 82_329, 2020: 75_951,
    2021: 93_302, 2022: 114_482, 2023: 138_242, 2024: 154_489,
}  # fmt: skip
"""Requests in England by calendar year. Source: DfE, Education, health and care plans (SEN2)."""


@dataclass(frozen=True)
class FittedYearly:
    """Level and growth, ready to be carried forward.

    Attributes
    ----------
    next_month : datetime64[M]
        First month after the record.
    log_level : float
        Log of the level of twelve months' requests, in the last twelve months used.
    drift : float
        Log growth a year, before damping.
    years_since : int
        Years from the last total used to the last in the record (COVID months are not used).
    weights : MonthWeights
        Exposure by month, which splits a total.
    notes : tuple of str
        What a reader should know.
    limit : Limit
        The most requests of a year.
    level_sd : float
        Standard deviation of the log level.
    """

    next_month: np.datetime64
    log_level: float
    drift: float
    years_since: int
    weights: MonthWeights
    notes: tuple[str, ...]
    limit: Limit
    level_sd: float = LEVEL_SD

    def totals(self, years: int, draws: Sequence[Streams]) -> NDArray[np.int64]:
        """Return sample paths of the next totals of twelve months, shape (n_paths, years)."""
        own = np.empty((len(draws), years, 2))
        shared = np.empty((len(draws), 3))
        for r, streams in enumerate(draws):
            rng = streams.generator("requests by year")
            shared[r] = rng.chisquare(TAIL), *rng.standard_normal(2)
            own[r] = rng.standard_normal((years, 2))
        chi, level, national = shared.T[:, :, np.newaxis]
        unit_variance_t = np.sqrt((TAIL - 2) / chi)
        ahead = self.years_since + np.arange(1, years + 1)
        lasting = LASTING_SD * (np.cumsum(own[:, :, 1], axis=1))
        council = TRANSIENT_SD * own[:, :, 0] + lasting + self.level_sd * level
        growth = self.drift * np.cumsum(DAMPING ** np.arange(1, ahead[-1] + 1))[ahead - 1]
        log_total = (
            self.log_level + growth + unit_variance_t * council + NATIONAL_SD * ahead * national
        )
        most = self.limit.at(self.next_month + 12 * np.arange(1, years + 1) - 1)
        return self._counted(
            np.minimum(np.exp(np.minimum(log_total, np.log(most))), most), most, draws
        )

    def _counted(
        self, means: NDArray[np.float64], most: NDArray[np.float64], draws: Sequence[Streams]
    ) -> NDArray[np.int64]:
        """Return whole requests, with the chance of a count where they are few.

        A count of mean m has a variance of m. That of a middle council is in the constants; of a
        smaller one, a part of the mean that grows to all of it is drawn from a Poisson.
        """
        part = max(1 - float(np.exp(self.log_level)) / MIDDLE_COUNCIL, 0.0)
        if part > 0:
            drawn = [
                streams.generator("requests by year, chance").poisson(part * mean)
                for streams, mean in zip(draws, means, strict=True)
            ]
            means = (1 - part) * means + np.stack(drawn)
        return np.asarray(np.rint(np.minimum(means, most)), dtype=np.int64)

    def paths(self, months: Months, draws: Sequence[Streams]) -> CountPaths:
        """Return sample paths of monthly counts; see ``ehc_sim.demand.member.Fitted``."""
        first = int((months[0] - self.next_month).astype(np.int64))
        years = (first + len(months) - 1) // 12 + 1
        totals = self.totals(years, draws)
        counts = np.empty((len(draws), years * 12), dtype=np.int64)
        for year in range(years):
            twelve = self.next_month + 12 * year + np.arange(12)
            shares = expected_shares(twelve, self.weights)
            for r, streams in enumerate(draws):
                rng = streams.generator(f"requests by month from {twelve[0]}")
                counts[r, 12 * year : 12 * year + 12] = split(int(totals[r, year]), shares, rng)
        return CountPaths(months, counts[:, first : first + len(months)], draws[0].replication)


@dataclass(frozen=True)
class YearlyTotals:
    """Method for yearly totals, and for less than a year by month."""

    name: str = "yearly totals, growth leaned on England's"

    def fit(self, history: History, weights: MonthWeights) -> FittedYearly:
        """Find level and growth.

        Parameters
        ----------
        history : History
            At least one year, or some months.
        weights : MonthWeights
            Covers the months to forecast, in whole years after the record.
        """
        if history.kind == "monthly":
            return _from_part_of_a_year(history, weights)
        ends, totals = year_ends(history), history.counts
        used = learnt_years(history)
        log_totals, at = np.log(np.maximum(totals[used], 0.5)), ends[used].astype(np.int64) / 12
        national, source = national_growth(history)
        own = growth(at, log_totals)
        drift = national
        if own is not None:
            drift = WEIGHT_OF_OWN_GROWTH * own + (1 - WEIGHT_OF_OWN_GROWTH) * national
        level = log_totals[-1]
        if len(log_totals) > 1:
            brought_on = log_totals[-2] + drift * (at[-1] - at[-2])
            brought_on = np.clip(brought_on, level - np.log(MOST_RISE), level + np.log(MOST_RISE))
            level = WEIGHT_OF_LAST * level + (1 - WEIGHT_OF_LAST) * brought_on
        return FittedYearly(
            next_month=history.last_month + 1,
            log_level=float(level),
            drift=float(drift),
            years_since=round((history.last_month.astype(np.int64) / 12) - at[-1]),
            weights=weights,
            notes=_notes(own, national, source, drift, int((history.learnt & ~used).sum())),
            limit=Limit.of(history),
        )


def _from_part_of_a_year(history: History, weights: MonthWeights) -> FittedYearly:
    """Work out the level of a year from some months, by their share of a year elsewhere."""
    learnt, next_month = history.learnt, history.last_month + 1
    counts = history.counts[learnt]
    weight = expected_weight(history.index[learnt], weights)
    share = weight.sum() / expected_weight(next_month + np.arange(12), weights).sum()
    national, source = national_growth(history)
    scatter = np.sum((weight / weight.sum()) ** 2) * (MONTH_NOISE + LIKELY_SCATTER**2)
    unsure = 1 / max(int(counts.sum()), 1) + scatter
    part = (
        f"The year's level was worked out from {len(counts)} months, which elsewhere have "
        f"{share:.0%} of a year's requests."
    )
    return FittedYearly(
        next_month=next_month,
        log_level=float(np.log(max(float(counts.sum()), 0.5) / share)),
        drift=national,
        years_since=0,
        weights=weights,
        notes=(part, *_notes(None, national, source, national, 0)),
        limit=Limit.of(history, max(float(counts.sum()), 0.5) / share),
        level_sd=float(np.sqrt(LEVEL_SD**2 + unsure)),
    )


def year_ends(history: History) -> Months:
    """Return the last month of each year of a yearly record."""
    return history.index.astype("datetime64[M]") + 11


def learnt_years(history: History) -> NDArray[np.bool_]:
    """Return which years of a yearly record set level and growth.

    Those that are known and not left out, without the COVID year where there are others.
    """
    learnt = history.learnt if history.learnt.any() else history.known
    free = np.zeros_like(learnt)
    free[learnt] = usable(year_ends(history)[learnt])
    return free


def usable(ends: Months) -> NDArray[np.bool_]:
    """Return which totals of twelve months hold no COVID month; all, if none is free of them."""
    free = ~np.any(covid(ends[:, np.newaxis] - np.arange(12)), axis=1)
    return np.asarray(free | ~free.any())


def growth(years: NDArray[np.float64], log_totals: NDArray[np.float64]) -> float | None:
    """Return the mean log growth a year over the last years, or None from a single total.

    The rise or fall in all is taken as no more than ``MOST_RISE`` times: a total of 0 among others
    is no growth.
    """
    recent = years >= years[-1] - GROWTH_YEARS - 0.01
    if recent.sum() < 2:
        return None
    first = int(np.argmax(recent))
    rise = np.clip(log_totals[-1] - log_totals[first], -np.log(MOST_RISE), np.log(MOST_RISE))
    return float(rise / (years[-1] - years[first]))


def national_growth(history: History) -> tuple[float, str]:
    """Return England's mean log growth a year up to the end of the record, and where it is from."""
    source = "DfE's SEN2 release"
    years = np.array(list(ENGLAND))
    requests = np.array(list(ENGLAND.values()), dtype=np.float64)
    if history.england is not None and np.isfinite(history.england).sum() > 1:
        known = np.isfinite(history.england)
        years = history.index[known].astype(np.int64) + 1970
        requests, source = history.england[known], "the column england"
    ended = years.astype(str).astype("datetime64[Y]").astype("datetime64[M]") + 11
    rows = (ended <= history.last_month) & usable(ended)
    found = growth(years[rows].astype(float), np.log(requests[rows])) if rows.any() else None
    if found is None:
        return GROWTH_ELSEWHERE, "the middle of England's authorities"
    return found, source


def _notes(
    own: float | None, national: float, source: str, drift: float, left_out: int
) -> tuple[str, ...]:
    def percent(log_growth: float) -> str:
        return f"{np.expm1(log_growth):+.1%} a year"

    own_text = "unknown from one total" if own is None else percent(own)
    notes = [
        f"Growth: the council's own was {own_text}, England's {percent(national)} ({source}); "
        f"the forecast starts from {percent(drift)} and keeps {DAMPING:.0%} of it each year."
    ]
    if left_out:
        notes.append(
            "2020 is a COVID year: totals with months from March to August 2020 set neither the "
            "level nor the growth."
        )
    notes.append(
        "Months: a total is split by school days, with the quarters of Devon's requests in "
        "2018 and 2019 as a guide to what the calendar leaves over."
    )
    return tuple(notes)
