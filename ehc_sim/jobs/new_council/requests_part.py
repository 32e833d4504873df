"""Who asks a council, for whom, and how refusals differ among them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.stats import norm

from ehc_sim.jobs.new_council.ages import GROUPS, in_groups, in_years
from ehc_sim.jobs.new_council.figures import Found
from ehc_sim.jobs.new_council.numbers import (
    FEWEST_BY_GROUP,
    ByYear,
    Said,
    count,
    parts_by_group,
    quoted,
    shares,
    years_in_words,
)
from ehc_sim.safe.small_counts import FEW

NAMED_NEEDS = ("SEMH", "ASD", "SLCN", "MLD")
"""Needs by which advice differs; all others are one."""
ALL_NEEDS = (*NAMED_NEEDS, "HI", "MSI", "OTH", "PD", "PMLD", "SLD", "SPLD", "VI")
SIX_WEEKS, PANEL_DAYS, BEFORE_PANEL, CALENDAR_DAYS = 42, 14, 8, 1.4
"""Calendar days: until the decision is due, between two sittings, for registration and papers, and
for each working day."""
EVIDENCE_SPREAD = 0.8
MOST_DAYS = (2.0, 90.0)
"""Working days that evidence may take on average."""
ODDS = (0.01, 200.0)
"""Odds of refusal beyond which a few cases speak."""


def sources(found: Found) -> dict[str, Said]:
    """Return the share of requests by who asked."""
    counts, source, note = parts_by_group(found, "requests", "source", 1)
    parts = shares(_three_sources(counts))
    return {
        name: Said(share, f"{source}: source of request", note) for name, share in parts.items()
    }


def _three_sources(counts: pd.Series[float]) -> pd.Series[float]:
    def which(label: str) -> str:
        low = label.lower()
        if "parent" in low or "young person" in low:
            return "parent or young person"
        return "school or setting" if "school" in low or "setting" in low else "other"

    groups = ["school or setting", "parent or young person", "other"]
    return counts.groupby(which).sum().reindex(groups, fill_value=0.0)


def ages(found: Found) -> dict[str, Said]:
    """Return the share of requests by age."""
    counts, source, note = parts_by_group(found, "requests", "age")
    ages = pd.Series({str(age): n for age, n in _none_few(in_years(counts)).items()})
    return {
        name: Said(share, f"{source}: requests by age", note)
        for name, share in sorted(shares(ages).items(), key=lambda one: int(one[0]))
        if share > 0
    }


def _none_few(counts: dict[int, float]) -> dict[int, float]:
    """Return counts by age without small ones, which are put to the next younger age.

    By the rule of ``docs/privacy.md``: a count by group below 6 is not passed on.
    """
    found, carried = dict[int, float](), 0.0
    for age in sorted(counts, reverse=True):
        carried += counts[age]
        if carried >= FEW:
            found[age], carried = carried, 0.0
    youngest = min(found, default=min(counts))
    return {**found, youngest: found.get(youngest, 0.0) + carried}


def evidence(found: Found, start: int) -> ByYear:
    """Return the working days for evidence by year, so that decisions in six weeks come about.

    Of the years before the first with a figure nothing is known: those of a usual council.
    """
    soon, late = found.own.of("in_six_weeks"), found.own.of("after_six_weeks")
    told = []
    for year in sorted(set(soon) & set(late)):
        whole = soon[year] + late[year]
        if year >= start and whole >= FEWEST_BY_GROUP:
            days = days_for(soon[year] / whole)
            of = f"{count(soon[year])} of {count(whole)} decisions of {year}"
            note = (
                f"Not published: by {of} within six weeks ({found.own.edition}), with a panel "
                "every two weeks."
            )
            low, high = (round(days * times, 1) for times in (0.7, 1.3))
            told.append((year, Said(round(days, 1), note=note, low=low, high=high)))
    if told and told[0][0] == start:
        return ByYear(told[0][1], tuple(told[1:]))
    note = "Officers chase missing evidence before the panel; the time is not published."
    return ByYear(Said(7, note=note, low=4, high=12), tuple(told))


def days_for(share: float) -> float:
    """Return the mean working days of a wait after which a share is decided in six weeks."""
    panel = np.linspace(0, PANEL_DAYS, 29)
    left = (SIX_WEEKS - BEFORE_PANEL - panel) / CALENDAR_DAYS

    def too_many(days: float) -> float:
        sd = np.sqrt(np.log1p(EVIDENCE_SPREAD**2))
        within = norm.cdf((np.log(left / days) + sd**2 / 2) / sd)
        return float(within.mean()) - share

    low, high = MOST_DAYS
    if too_many(low) <= 0:
        return low
    return high if too_many(high) >= 0 else float(brentq(too_many, low, high))


def needs(found: Found) -> dict[str, Said]:
    """Return the share of new plans by primary need."""
    for figures in found.places:
        years = sorted(figures.of("SEMH"))[-1:]
        counts = {need: figures.of(need).get(year, 0.0) for year in years for need in ALL_NEEDS}
        if sum(counts.values()) >= 50:
            named = {need: counts[need] for need in NAMED_NEEDS}
            every = pd.Series({**named, "other": sum(counts.values()) - sum(named.values())})
            note = "" if figures is found.own else "England's: the council's are not there or few."
            source = f"{figures.edition}, {figures.place}, {years[0]}: primary need of new plans"
            return {need: Said(share, source, note) for need, share in shares(every).items()}
    raise AssertionError("the shipped figures have needs")


def out_of_school(found: Found) -> Said:
    """Return the share of children out of school, by where those with new plans are."""
    for figures in found.places:
        years = sorted(set(figures.of("out_of_school")) & set(figures.of("other_arrangements")))[
            -2:
        ]
        new = figures.total("new_plans", years)
        out = figures.total("out_of_school", years) + figures.total("other_arrangements", years)
        if years and new >= 200 and 0 < out < 0.3 * new:
            told = (
                "other arrangements by the council, and not in education at compulsory school age"
            )
            of = f"{figures.place} {count(out)} of {count(new)}"
            source = f"{figures.edition}, new plans of {years_in_words(years)}: {told}, {of}"
            share = out / new
            return Said(share, source, low=0.4 * share, high=min(1.7 * share, 1))
    raise AssertionError("the shipped figures have new plans")


def odds_by_source(found: Found) -> str:
    """Return the odds of refusal by who asked, against those of schools."""
    for figures in found.places:
        years = figures.years_by("agreed", "source")[-1:]
        refused, agreed = (
            _three_sources(figures.by(name, "source", years)) for name in ("refused", "agreed")
        )
        if years and min(refused.min(), agreed.min()) >= 10:
            school = refused["school or setting"] / agreed["school or setting"]
            told = []
            for name in ("parent or young person", "other"):
                odds = float(np.clip(refused[name] / agreed[name] / school, *ODDS))
                told_of = [
                    f"{count(refused[one])} refused and {count(agreed[one])} agreed"
                    for one in (name, "school or setting")
                ]
                which = f"{told_of[0]}; of schools {told_of[1]}"
                source = f"{figures.edition}, {figures.place} {years[0]}: {which}"
                told.append(f"{quoted(name)} = {Said(odds, source)}")
            return ", ".join(told)
    raise AssertionError("the shipped figures have who asked")


def odds_by_age(found: Found) -> str:
    """Return the odds of refusal by age group, against those of all."""
    for figures in found.places:
        years = figures.years_by("agreed", "age")[-2:]
        refused, agreed = (
            in_groups(in_years(figures.by(name, "age", years))) for name in ("refused", "agreed")
        )
        if years and min(*refused.values(), *agreed.values()) >= 10:
            every = sum(refused.values()) / sum(agreed.values())
            place = f"{figures.place} {years_in_words(years)}"
            source = f"{figures.edition}, {place}: refused and agreed by age"
            return ", ".join(
                f"{quoted(name)} = {Said(refused[name] / agreed[name] / every, source)}"
                for name in GROUPS
            )
    raise AssertionError("the shipped figures have decisions by age")
