"""From monthly counts to requests on days, and from yearly records to months of the run-in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, Timeline
from ehc_sim.demand.exposure import DayWeights, Months, MonthWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.profile import expected_shares, expected_weight, split
from ehc_sim.rng.streams import CASES_A_PAGE, Streams, poisson_counts

OPEN_MINUTES = 8 * 60
"""Minutes a day in which requests come in: 09:00 to 17:00."""
MONTHS_AROUND = 6
"""Months before and after one that is not known that say what it may have had."""


@dataclass(frozen=True, eq=False)
class Arrivals:
    """Requests in order of arrival.

    Attributes
    ----------
    number : ndarray of int64, shape (n,)
        Case number: month * 2**20 + k for the k-th request of a month; month 0 is the timeline's
        first.
    minute : ndarray of int64, shape (n,)
        Minutes from midnight of the timeline's first day.
    """

    number: NDArray[np.int64]
    minute: NDArray[np.int64]


def arrivals(
    streams: Streams,
    timeline: Timeline,
    monthly_counts: NDArray[np.int64],
    day_weights: NDArray[np.float64],
) -> Arrivals:
    """Give every request of a replication its day and minute.

    A month's requests fall on its days independently, in proportion to the days' weights: given
    the month's count, the days' counts are multinomial, with no second Poisson draw. Each request
    has random numbers of its own, so a higher count keeps the same requests and adds some.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        The simulated days. Of a month that it holds in part, the requests on days outside it are
        left out; such days count as an average day of their weekday.
    monthly_counts : ndarray of int64, shape (n_months,)
        Requests in each month from the timeline's first; later months have none.
    day_weights : ndarray of float64, shape (n_days,)
        Weight of each day, from ``daily_weights``. A month of no weight has no arrivals.

    Raises
    ------
    ValueError
        If counts are negative, too many, or for more months than the timeline has.
    """
    days, weights = _whole_months(timeline, day_weights)
    cumulative = np.r_[0.0, np.cumsum(weights)]
    month_starts = np.flatnonzero(np.diff(days.astype("datetime64[M]").astype(int), prepend=-1))
    _check(monthly_counts, len(month_starts))
    months = slice(len(monthly_counts))
    low = cumulative[month_starts][months]
    high = cumulative[np.r_[month_starts[1:], len(days)]][months]

    counts = np.where(high > low, monthly_counts, 0)
    month = np.repeat(np.arange(len(counts)), counts)
    before = np.repeat(np.cumsum(counts) - counts, counts)
    number = month * CASES_A_PAGE + np.arange(len(month)) - before

    at = low[month] + streams.uniforms("request day", number) * (high - low)[month]
    last_with_weight = np.searchsorted(cumulative, high, side="left") - 1
    day = np.searchsorted(cumulative, at, side="right") - 1
    day = np.minimum(day, last_with_weight[month])  # where rounding reached the month's end
    since = (days[day] - timeline.days[0]).astype(np.int64)
    minute_of_day = WORK_STARTS + streams.uniforms("request minute", number) * OPEN_MINUTES
    minute = since * MINUTES_A_DAY + minute_of_day.astype(np.int64)

    simulated = (since >= 0) & (since < len(timeline.days))
    number, minute = number[simulated], minute[simulated]
    order = np.lexsort((number, minute))
    return Arrivals(number[order], minute[order])


def _check(monthly_counts: NDArray[np.int64], months: int) -> None:
    if len(monthly_counts) > months:
        raise ValueError(f"{len(monthly_counts)} months of counts for {months} months of days")
    if np.any((monthly_counts < 0) | (monthly_counts >= CASES_A_PAGE)):
        raise ValueError(f"monthly counts must be 0 to {CASES_A_PAGE - 1}")


def _whole_months(
    timeline: Timeline, day_weights: NDArray[np.float64]
) -> tuple[NDArray[np.datetime64], NDArray[np.float64]]:
    """Return days and weights with the first and last month made whole."""
    days = timeline.days
    start = days[0].astype("datetime64[M]").astype("datetime64[D]")
    end = (days[-1].astype("datetime64[M]") + 1).astype("datetime64[D]")
    before = int((days[0] - start).astype(np.int64))
    after = int((end - days[-1]).astype(np.int64)) - 1
    if before == after == 0:
        return days, day_weights
    seen = np.maximum(np.bincount(timeline.weekday, minlength=7), 1)
    average = np.bincount(timeline.weekday, weights=day_weights, minlength=7) / seen
    weekday = int(timeline.weekday[0])
    lead = average[(weekday - before + np.arange(before)) % 7]
    tail = average[(int(timeline.weekday[-1]) + 1 + np.arange(after)) % 7]
    return np.arange(start, end), np.concatenate([lead, day_weights, tail])


def recorded_months(
    history: History,
    timeline: Timeline,
    streams: Streams,
    day_weights: DayWeights | None = None,
    months: Months | None = None,
) -> NDArray[np.int64]:
    """Return the recorded number of requests in past months.

    A monthly record is returned as it is; a month of it that is not known is drawn, about what the
    months around it had for their calendar, and a year about the years beside it. A year's total is
    split at random by the months'
    expected shares; the months of a year add up to it exactly in every replication.

    Parameters
    ----------
    history : History
        The record.
    timeline : Timeline
        The run, which says where school terms come from.
    streams : Streams
        Random numbers of the replication; a year's split depends on the year and on these only.
    day_weights : DayWeights, optional
        Weights by kind of day.
    months : ndarray of datetime64[M], shape (n,), optional
        Months wanted, each within the record; by default the timeline's, as far as recorded.

    Returns
    -------
    ndarray of int64, shape (n,)

    Raises
    ------
    ValueError
        If a month is not within the record.
    """
    if months is None:
        months = timeline.months[timeline.months <= history.last_month]
    outside = (months < history.first_month) | (months > history.last_month)
    if outside.any():
        raise ValueError(
            f"no record for {months[outside][0]}: the history runs from {history.first_month} "
            f"to {history.last_month}"
        )
    if history.kind != "yearly":
        rows = (months - history.first_month).astype(np.int64)
        if history.known[rows].all():
            return history.counts[rows]
        weights = MonthWeights.england(
            history.first_month, history.last_month, timeline.terms, day_weights or DayWeights()
        )
        drawn = _where_unknown(history, weights, streams)
        return np.where(history.known, history.counts, drawn)[rows]
    counts = np.empty(len(months), dtype=np.int64)
    year_of_month = months.astype("datetime64[Y]")
    for year in np.unique(year_of_month):
        twelve = year.astype("datetime64[M]") + np.arange(12)
        total = _total_of(history, int((year - history.index[0]).astype(np.int64)), streams)
        rng = streams.generator(f"requests by month from {twelve[0]}")
        weights = MonthWeights.england(year, year, timeline.terms, day_weights or DayWeights())
        parts = split(total, expected_shares(twelve, weights), rng)
        rows = year_of_month == year
        counts[rows] = parts[(months[rows] - twelve[0]).astype(np.int64)]
    return counts


def _total_of(history: History, place: int, streams: Streams) -> int:
    """Return a year's total; of one that is not known, drawn about the known years beside it."""
    if history.known[place]:
        return int(history.counts[place])
    known = np.flatnonzero(history.known)
    mean = np.interp([place], known, history.counts[known])
    year = history.index[place : place + 1].astype(np.int64)
    return int(poisson_counts(streams.uniforms("requests in a year not known", year), mean)[0])


def _where_unknown(history: History, weights: MonthWeights, streams: Streams) -> NDArray[np.int64]:
    """Return a number of requests for each month of a record, drawn about those around it."""
    weight = expected_weight(history.index, weights)
    place = np.arange(len(history.counts))
    near = (np.abs(place[:, np.newaxis] - place) <= MONTHS_AROUND) & history.known
    near |= ~near.any(axis=1, keepdims=True) & history.known
    rate = (near @ history.counts) / (near @ weight)
    uniforms = streams.uniforms("requests in a month not known", history.index.astype(np.int64))
    return poisson_counts(uniforms, rate * weight)
