"""The stock of plans of a council: what moves in and out, ends, and is amended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ehc_sim.jobs.new_council.ages import GROUPS, TRANSFER_AGES, in_groups, in_years
from ehc_sim.jobs.new_council.cohort import OLDEST, Floats, Flows, balanced
from ehc_sim.jobs.new_council.disputes_part import less
from ehc_sim.jobs.new_council.figures import Figures, Found
from ehc_sim.jobs.new_council.numbers import (
    FEWEST,
    ByYear,
    Said,
    count,
    last,
    quoted,
    years_in_words,
)
from ehc_sim.jobs.new_council.stock import FIRST_WAIT_YEARS, StockInHand

IN_STOCK = "The share by which so many end in a stock of these ages, at reviews and at 25 included."
FEWEST_ENDED = 60
"""Plans that ended below which England's ages are taken."""
FEWEST_BY_AGE = 100
"""Outcomes of reviews below which England's are taken."""


@dataclass(frozen=True)
class Turnover:
    """What moves into a stock of plans and out of it, and ends in it, as a file has it."""

    moved_in: Said
    moved_out: Said
    ceased: ByYear
    ceased_by_age: dict[str, Said]
    outcomes: dict[str, Any]


def turnover(found: Found, stock: StockInHand, ages: Mapping[str, Said], first: int) -> Turnover:
    """Return the turnover of the stock from a first year on, so that DfE's totals come out."""
    out, by_age, outcomes = moved_out(found), ceased_by_age(found), reviews(found)
    plain = _ceased(found, first)
    plans = found.own.of("plans")
    last_year = max((year - 1 for year in plans if year > first), default=first - 1)
    ended = less(found.own, "ended", "moved_away")
    ended = {year: ended[year] for year in plain.own if first <= year <= last_year}
    if not ended:
        few = Said(round(out.value * last(plans, 1)), note="Assumed: as many move in as move out.")
        return Turnover(few, out, plain, by_age, outcomes)
    a_year, shares = balanced(
        Flows(
            _by_age_in_years(stock) * stock.times.value,
            first, last_year, plans[last_year + 1],
            _new_plans(found, first), _at_issue(ages), ended,
            np.array([by_age[group].value for group in _groups()]),
            out.value, outcomes["review_ceased"].value * _reviews_a_plan(found),
        )
    )  # fmt: skip
    told = sorted(
        (year, replace(number, value=shares[year], note=IN_STOCK))
        for year, number in plain.own.items()
        if year in shares
    )
    move_in = Said(
        round(a_year),
        note="Closing entry: what the stock needs beside new and ended plans to come to the "
        f"{count(plans[last_year + 1])} of January {last_year + 1} (DfE); 8% of them at most.",
    )
    return Turnover(move_in, out, ByYear(told[0][1], tuple(told[1:])), by_age, outcomes)


def _groups() -> list[str]:
    return [name for age in range(OLDEST + 1) for name, of in GROUPS.items() if age in of]


def _by_age_in_years(stock: StockInHand) -> Floats:
    plans = stock.table.groupby("age")["plans"].sum()
    return np.asarray(plans.reindex(range(OLDEST + 1), fill_value=0), dtype=np.float64)


def _new_plans(found: Found, first: int) -> dict[int, float]:
    """Return plans issued by year: of the first those of requests that the run has."""
    issued = found.own.of("issued")
    return {year: n * (1 - FIRST_WAIT_YEARS * (year == first)) for year, n in issued.items()}


def _at_issue(ages: Mapping[str, Said]) -> Floats:
    """Return the shares of new plans by age: half a year after the request."""
    asked = np.zeros(OLDEST + 2)
    for age, share in ages.items():
        asked[int(age) : int(age) + 2] += share.value / 2
    return asked[:-1]


def _reviews_a_plan(found: Found) -> float:
    """Return reviews decided in a year for each plan in place."""
    for figures in found.places:
        plans, reviewed = figures.of("plans"), figures.of("reviewed")
        years = [year for year in reviewed if plans.get(year + 1, 0.0) >= 200]
        if years:
            return min(reviewed[max(years)] / plans[max(years) + 1], 1.0)
    raise AssertionError("the shipped figures have reviews")


def moved_out(found: Found) -> Said:
    """Return the share of plans that move to other councils in a year."""
    for figures in found.places:
        years = [year for year in figures.of("moved_away") if _stock(figures, year)]
        moved = figures.total("moved_away", years)
        stock = sum(_stock(figures, year) for year in years)
        if years and stock >= 200:
            told = (
                f"{count(moved)} plans moved to other councils of some {count(stock / len(years))}"
            )
            source = f"{figures.edition}, {figures.place} {years_in_words(years)}: {told} a year"
            return Said(min(moved / stock, 0.2), source)
    raise AssertionError("the shipped figures have plans that moved")


def _stock(figures: Figures, year: int) -> float:
    """Return the plans in place in the middle of a year; of one January alone where only it is."""
    plans = figures.of("plans")
    both = [plans[one] for one in (year, year + 1) if one in plans]
    return sum(both) / len(both) if both else 0.0


def _ceased(found: Found, start: int) -> ByYear:
    """Return the share of plans that end otherwise than by a move, by year."""
    for figures in found.places:
        told = []
        for year, ended in less(figures, "ended", "moved_away").items():
            stock = _stock(figures, year)
            if stock >= 200 and ended <= 0.5 * stock:
                how = "otherwise than by a move"
                told_of = f"{count(ended)} plans ceased {how}, of some {count(stock)}"
                source = f"{figures.edition}, {figures.place} {year}: {told_of}"
                told.append((year, Said(ended / stock, source)))
        if told:
            if figures is not found.own:  # England's last year is for the whole run
                return ByYear(told[-1][1])
            later = tuple(one for one in told[1:] if one[0] > start)
            return ByYear(told[0][1], later, told[0][0])
    raise AssertionError("the shipped figures have plans that ended")


def ceased_by_age(found: Found) -> dict[str, Said]:
    """Return what multiplies that share by age group."""
    for figures in found.places:
        years = [
            year
            for year in figures.years_by("ended", "age")
            if {year, year + 1} & set(figures.years_by("plans", "age"))
        ][-2:]
        ended = in_groups(_less_by_age(figures, years))
        of_plans = figures.years_by("plans", "age")[-1:]
        plans = in_groups(in_years(figures.by("plans", "age", of_plans)))
        if sum(ended.values()) >= FEWEST_ENDED and min(plans.values()) > 0:
            every = sum(ended.values()) / sum(plans.values())
            source = (
                f"{figures.edition}, {figures.place} {years_in_words(years)}: ceased plans by age"
            )
            return {
                name: Said(min(ended[name] / plans[name] / every, 15.0), source) for name in GROUPS
            }
    raise AssertionError("the shipped figures have plans that ended by age")


def _less_by_age(figures: Figures, years: list[int]) -> dict[int, float]:
    ended, moved = (in_years(figures.by(name, "age", years)) for name in ("ended", "moved_away"))
    return {age: max(n - moved.get(age, 0.0), 0.0) for age, n in ended.items()}


def reviews(found: Found) -> dict[str, Any]:
    """Return the shares of reviews that amend or cease a plan, by age."""
    for figures in found.places:
        years = figures.years_by("review_amended", "age")[-1:]
        amended, kept, ceased = (
            in_years(figures.by(f"review_{name}", "age", years))
            for name in ("amended", "maintained", "ceased")
        )
        every = {age: n + kept.get(age, 0) + ceased.get(age, 0) for age, n in amended.items()}
        plain = [age for age in every if age not in TRANSFER_AGES and age < 16]
        whole = sum(every[age] for age in plain)
        if not years or whole < FEWEST_BY_AGE:
            continue
        part = sum(amended[age] for age in plain)
        share = min(part / whole, 0.95)
        source = f"{figures.edition}, annual reviews, {figures.place} {years[0]}"
        note = "" if figures is found.own else "England's: the council's are not there or few."
        told = []
        for name, ages in (("16", (16,)), ("17", (17,)), ("18", (18,)), ("16-25", range(19, 26))):
            outcomes = sum(every.get(age, 0) for age in ages)
            if outcomes >= FEWEST and share > 0:
                mine = sum(amended.get(age, 0) for age in ages) / outcomes
                times = Said(mine / share, f"{source}: {mine:.0%} of {count(outcomes)} outcomes")
                told.append(f"{quoted(name)} = {times}")
        gone = sum(ceased.values())
        return {
            "amended": Said(
                share,
                f"{source}, ages without a transfer: {count(part)} of {count(whole)} outcomes",
                note,
            ),
            "amended_by_age": ", ".join(told),
            "review_ceased": Said(
                min(gone / sum(every.values()), 0.04),
                f"{source}: {count(gone)} of {count(sum(every.values()))} outcomes", note,
            ),
        }  # fmt: skip
    raise AssertionError("the shipped figures have reviews")
