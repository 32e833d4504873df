"""A first or last month that is only there in part, by how few its requests are."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.borrowing import EXPOSURE_SD, LIKELY_SCATTER
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.findings import Finding, setting
from ehc_sim.demand.profile import MONTH_NOISE
from ehc_sim.demand.table import KEEP_FIRST, Monthly, Table, without_part

LOW = 0.5
"""Share of what the months beside it have, below which a month at an end may be a part of one."""
LEAST_BESIDE = 3
MOST_BESIDE = 12
"""Months beside it that tell what is expected of it."""
SURPRISING_Z = 3.5
"""Standard deviations of the log below what is expected (as of outliers, see `proposals`)."""
LEAST_SCATTER = 0.1
"""Standard deviation of a month's log rate, at the least."""
ASKED_CHANCE = 0.05
"""Chance of so few requests in a whole month below which it is asked about."""
NEAREST = 3
"""Months next to it whose level, where it is lower, is expected of it instead of that of all."""


@dataclass(frozen=True)
class _End:
    """What is expected of a month at an end, in requests."""

    expected: float
    least: int
    """Fewest of which the chance, in a whole month, is ``ASKED_CHANCE`` or more."""
    cut: bool
    """Whether it is left out."""
    low: bool
    """Whether it is asked about."""


def without_cut_months(
    table: Table, months: Monthly, keep_first: bool, keep_last: bool, *, ask: bool = True
) -> Monthly | None:
    """Leave out a first or last month that looks cut short, or ask about it; or keep it if told to.

    Works from four months on. The school terms are Somerset's, which tell a summer month from
    others in every council; what a council's own earlier years say of the month goes before them.

    Parameters
    ----------
    table : Table
        Takes the faults.
    months : Monthly
        All rows.
    keep_first, keep_last : bool
        Whether such a month stays.
    ask : bool
        Whether a month that is low but no clear part of one is asked about: not where the file
        itself says by its days how far it goes.
    """
    index = np.arange(months.first, months.last + 1)
    place = (months.months - months.first).astype(np.int64)
    counts = np.bincount(place, weights=months.requests, minlength=len(index))
    known = (np.bincount(place, minlength=len(index)) > 0) | np.isin(index, months.none)
    known &= ~np.isin(index, months.unknown)
    ends = (counts[1:].mean() if len(index) > 1 else 0.0) * 0.9  # few records need the calendar
    if min(counts[0], counts[-1]) > ends or known.sum() <= LEAST_BESIDE:
        return months
    weights = MonthWeights.england(index[0], index[-1], SchoolTerms.read("somerset"), DayWeights())
    exposure, rate = weights.exposure, counts / weights.exposure
    first = _end(rate, exposure, known)
    last = _end(rate[::-1], exposure[::-1], known[::-1])
    if first is not None and first.cut:
        months = _without_first(months, counts[0], first.expected, keep_first)
    elif first is not None and first.low and ask and not keep_first:
        months = _asked(months, index[0], counts[0], first)
    if last is None or _said(months):
        return months
    if last.low and not last.cut and ask and not keep_last:
        return _asked(months, index[-1], counts[-1], last)
    why = f"it has {counts[-1]:.0f} requests where some {last.expected:.0f} would be expected"
    return without_part(table, months, last.cut, keep_last, why)


def _said(months: Monthly) -> bool:
    """Return whether the last month was found to be a part already, and kept."""
    last = str(months.last)
    return any(one.about == "part month" and last in one.months for one in months.findings)


def _end(
    rate: NDArray[np.float64], exposure: NDArray[np.float64], known: NDArray[np.bool_]
) -> _End | None:
    """Return what is expected of the first month; None where too little is known to tell."""
    beside = np.flatnonzero(known[1:])[:MOST_BESIDE] + 1
    if not known[0] or len(beside) < LEAST_BESIDE:
        return None
    usual = float(np.median(rate[beside]))
    of_year, doubt = _of_the_year(rate, exposure, known)
    expected = usual * exposure[0] * np.exp(of_year)
    logs = np.log((rate[beside] * exposure[beside] + 0.5) / (usual * exposure[beside] + 0.5))
    scatter = 1.4826 * float(np.median(np.abs(logs)))
    count = rate[0] * exposure[0]
    z = np.log((count + 0.5) / (expected + 0.5)) / np.sqrt(
        max(scatter, LEAST_SCATTER) ** 2 + 1 / (expected + 0.5) + doubt
    )
    next_to_it = rate[beside[0]] * exposure[0] * np.exp(of_year)  # or another level from here on
    cut = count < LOW * min(expected, next_to_it) and z < -SURPRISING_Z
    nearest = float(np.median(rate[beside[:NEAREST]]))
    likely = min(usual, nearest) * exposure[0] * float(np.exp(of_year))
    beyond_chance = max(scatter**2 - 1 / (usual * exposure[beside].mean() + 0.5), MONTH_NOISE)
    least = _fewest_unsurprising(likely, beyond_chance + doubt)
    return _End(likely if not cut else expected, least, bool(cut), bool(count < least))


def _of_the_year(
    rate: NDArray[np.float64], exposure: NDArray[np.float64], known: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the log effect of the first month's time of the year, and its variance.

    Before the record nothing is known but the calendar, give or take what `borrowing` gives; an
    August, which has few school days, may differ from it by more. The same months of other years,
    each relative to the year around it, say the rest.
    """
    around = np.median(exposure[: MOST_BESIDE + 1])
    doubt = LIKELY_SCATTER**2 + (EXPOSURE_SD * np.log(exposure[0] / around)) ** 2
    seen = []
    for at in range(12, len(rate), 12):
        if known[at]:
            near = np.arange(at - 6, min(at + 7, len(rate)))  # at is 12 or more
            level = max(float(np.median(rate[near[known[near]]])), 1e-9)
            seen.append(np.log((rate[at] * exposure[at] + 0.5) / (level * exposure[at] + 0.5)))
    if not seen:
        return 0.0, float(doubt)
    error = MONTH_NOISE + 1 / (np.median(rate[known]) * exposure[0] + 0.5)
    weight = len(seen) / (len(seen) + error / doubt)
    return float(weight * np.mean(seen)), float((1 - weight) * doubt)


def _fewest_unsurprising(expected: float, variance: float) -> int:
    """Return the fewest requests of a whole month that are no surprise.

    So few or fewer have a chance of ``ASKED_CHANCE`` at least (negative binomial).

    Parameters
    ----------
    expected : float
        Requests.
    variance : float
        Of the month's rate, relative, beyond chance.
    """
    from scipy.special import betainc  # slow to load, and few records need it

    upto = np.arange(int(np.ceil(expected)) + 1)
    chance = betainc(1 / variance, upto + 1, 1 / (1 + variance * max(expected, 1e-9)))
    return int(np.searchsorted(chance, ASKED_CHANCE))


def _asked(months: Monthly, month: np.datetime64, count: float, end: _End) -> Monthly:
    where, named = ("first", "first_month") if month == months.first else ("last", "last_month")
    text = (
        f"{month} is low for the {where} month of a record: is it there from its first day to its "
        "last? It is learnt from as it stands. If it is not whole, leave it out; if it is, "
        f'{named} = "keep" says so.'
    )
    size = (
        f"It has {count:.0f} requests where some {end.expected:.0f} would be expected; a whole "
        f"month has fewer than {end.least} once in {1 / ASKED_CHANCE:.0f} times or less."
    )
    leave_out = setting("leave_out", (str(month),))
    found = Finding("question", "part month", (str(month),), text, size, leave_out)
    return replace(months, findings=(*months.findings, found))


def _without_first(months: Monthly, count: float, expected: float, keep: bool) -> Monthly:
    first = str(months.first)
    why = f"it has {count:.0f} requests where some {expected:.0f} would be expected"
    if keep:
        text = f"{first} was kept because the scenario says so, though {why}."
        return replace(
            months, findings=(*months.findings, Finding("done", "part month", (first,), text))
        )
    return months.since(
        months.first + 1,
        Finding(
            "done",
            "part month",
            (first,),
            f"{first} was left out: {why}, as if the file began within the month.",
            setting=KEEP_FIRST,
        ),
    )
