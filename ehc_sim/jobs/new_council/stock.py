"""Plans in hand on the first day of the run, by age and month of the last review."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ehc_sim.jobs.new_council.ages import in_years
from ehc_sim.jobs.new_council.figures import Figures, Found
from ehc_sim.jobs.new_council.numbers import Said, count, last

MONTHS = 18
"""Months over which the last reviews are spread: some are late."""
FEWEST_PLANS = 200
"""Plans below which ages are England's: of a few children each they would be told one by one."""
FIRST_WAIT_YEARS = 0.5
"""The run starts without open requests: what is finished in the first half-year is missing."""


@dataclass(frozen=True, eq=False)
class StockInHand:
    """The file of plans in hand, where it is from, and what multiplies it."""

    table: pd.DataFrame
    source: str
    times: Said


def stock_in_hand(found: Found, year: int) -> StockInHand:
    """Return the plans in place in January of a year.

    Where DfE has none of that January, those of the nearest one are taken, by England's growth
    between the two; where it has no ages of that January, the ages of the first that has them.
    """
    total, told = _total(found, year)
    ages, of_ages = _ages(found, year)
    counts = _whole(ages * total / ages.sum(), round(total))
    rows, place = [], 0
    months = pd.period_range(end=f"{year - 1}-12", periods=MONTHS, freq="M").astype(str)
    for age, plans in counts.items():
        each, more = divmod(int(plans), MONTHS)
        extra = {(place + step) % MONTHS for step in range(more)}
        place = (place + more) % MONTHS
        rows += [
            (found.council.name, f"{year}-01-01", age, month, each + (at in extra))
            for at, month in enumerate(months)
            if each + (at in extra)
        ]
    columns = ["council", "as_at", "age", "last_review", "plans"]
    issued = found.own.of("issued").get(year, np.nan)
    missing = 0.0 if np.isnan(issued) else FIRST_WAIT_YEARS * issued
    starts = "The run starts without open requests"
    told_of = f"so half of the {count(issued)} plans of {year} are put among those in hand."
    unknown = "how many plans that is, is not known."
    note = f"{starts}, {told_of}" if missing else f"{starts}; {unknown}"
    times = Said(1 + missing / max(total, 1), note=note)
    return StockInHand(pd.DataFrame(rows, columns=columns), f"{told}, {of_ages}", times)


def _total(found: Found, year: int) -> tuple[float, str]:
    own, edition = found.own.of("plans"), found.own.edition
    if year in own:
        return own[year], f"{edition}: {count(own[year])} plans in January {year}"
    if own:
        near = min(own, key=lambda one: (abs(one - year), one))
        england = {**found.shipped.of("plans"), **found.england.of("plans")}
        growth = england[year] / england[near] if {year, near} <= england.keys() else 1.0
        told = f"{edition}: {count(own[near])} plans in January {near}, by England's growth"
        return own[near] * growth, told
    plans, requests = (found.shipped.of(name) for name in ("plans", "requests"))
    times = last(plans, 1) / last(requests, 1)
    mine = found.own.of("requests")
    near = min(mine, key=lambda one: abs(one - year))
    return times * mine[
        near
    ], f"Assumed: {times:.1f} plans for each request of {near}, as in England"


def _ages(found: Found, year: int) -> tuple[pd.Series[float], str]:
    for figures in found.places:
        years = figures.years_by("plans", "age")
        counts = _by_age(figures, years, year)
        if counts.sum() >= FEWEST_PLANS:
            near = min(years, key=lambda one: (abs(one - year), one))
            of = "" if figures is found.own else f" of {figures.place}"
            return counts, f"by the ages{of} of January {near}"
    raise AssertionError("the shipped figures have plans by age")


def _by_age(figures: Figures, years: list[int], year: int) -> pd.Series[float]:
    if not years:
        return pd.Series(dtype=np.float64)
    near = min(years, key=lambda one: (abs(one - year), one))
    ages = pd.Series(in_years(figures.by("plans", "age", [near])))
    return ages[ages > 0]


def _whole(parts: pd.Series[float], total: int) -> pd.Series[int]:
    """Return whole numbers near some parts, which add up to a total."""
    whole: pd.Series[float] = parts // 1
    more = total - int(whole.sum())
    whole[(parts - whole).sort_values(ascending=False, kind="stable").index[:more]] += 1
    return whole.astype(np.int64)
