"""The stock of plans of a council: what moves in and out, ends, and is amended."""

from __future__ import annotations

from typing import Any

import numpy as np

from ehc_sim.jobs.new_council.ages import GROUPS, TRANSFER_AGES, in_groups, in_years
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

FEWEST_ENDED = 60
"""Plans that ended below which England's ages are taken."""
FEWEST_BY_AGE = 100
"""Outcomes of reviews below which England's are taken."""


def moved_in(found: Found) -> Said:
    """Return the plans that move in a year: what the stock needs beside new and ended plans."""
    own = found.own
    plans, new, ended = own.of("plans"), own.of("issued"), own.of("ended")
    closing = {
        year: plans[year + 1] - plans[year] - new[year] + ended[year]
        for year in sorted(new)
        if year in ended and year in plans and year + 1 in plans
    }
    if closing:
        mean = sum(closing.values()) / len(closing)
        least, most = 0.005 * plans[max(plans)], 0.06 * plans[max(plans)]
        value = float(np.clip(mean, least, most))
        each = ", ".join(f"{n:+,.0f} in {year}" for year, n in closing.items())
        note = (
            "Closing entry, kept between 0.5% and 6% of plans: what DfE's stocks need beside new "
            f"and ended plans ({each})."
        )
        return Said(round(value), note=note)
    stock = last(plans, 1)
    return Said(
        round(0.024 * stock), note="Assumed: as many as move out in England, 2.4% of plans."
    )


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


def ceased(found: Found, start: int) -> ByYear:
    """Return the share of plans that end otherwise than by a move or at a review, by year."""
    for figures in found.places:
        told = []
        at_reviews = figures.of("review_ceased")
        for year, ended in less(figures, "ended", "moved_away").items():
            stock = _stock(figures, year)
            ended = max(
                ended - at_reviews.get(year, 0.0), 0.5 * ended
            )  # those are the reviews' own
            if stock >= 200 and ended <= 0.5 * stock:
                how = "otherwise than by a move or a review"
                told_of = f"{count(ended)} plans ceased {how}, of some {count(stock)}"
                source = f"{figures.edition}, {figures.place} {year}: {told_of}"
                told.append((year, Said(ended / stock, source)))
        if told:
            if figures is not found.own:  # England's last year is for the whole run
                return ByYear(told[-1][1])
            later = tuple(one for one in told[1:] if one[0] > start)
            return ByYear(told[0][1], later, told[0][0])
    raise AssertionError("the shipped figures have plans that ended")


def ceased_by_age(found: Found) -> str:
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
            return ", ".join(
                f"{quoted(name)} = {Said(min(ended[name] / plans[name] / every, 15.0), source)}"
                for name in GROUPS
            )
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
