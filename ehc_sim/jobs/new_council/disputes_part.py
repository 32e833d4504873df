"""Refusals, mediations and appeals of a council."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ehc_sim.jobs.new_council.figures import Figures, Found
from ehc_sim.jobs.new_council.numbers import (
    FEWEST,
    ByYear,
    Said,
    count,
    share_by_year,
    years_in_words,
)

LEAST_REFUSED = 0.01
"""Share refused below which nothing can be said of those at the margin."""


def refused(found: Found, start: int) -> ByYear:
    """Return the share of decisions that refuse; of requests where decisions are not known."""
    decided = share_by_year(
        found, "refused", ["agreed", "refused"], "{part} refused of {whole} decisions", start
    )
    of_requests = share_by_year(
        found, "refused", ["requests"], "{part} refused of {whole} requests", start
    )
    if not of_requests.own or not decided.own:
        return of_requests if of_requests.own else decided
    told = sorted({**of_requests.own, **decided.own}.items())
    return ByYear(told[0][1], tuple(told[1:]), told[0][0])


def at_margin(refused: Said) -> Said:
    """Return the share refused at which disputes were counted; a hundredth at least."""
    if refused.value >= LEAST_REFUSED:
        return refused
    return Said(
        LEAST_REFUSED, refused.source, "Fewer than 1 in 100 are refused: taken as 1 in 100."
    )


def appeals(found: Found, start: int) -> ByYear:
    """Return the share of refusals that are appealed without a mediation."""
    more = replace(
        found, own=_directly(found.own), england=_directly(found.england),
        shipped=_directly(found.shipped),
    )  # fmt: skip
    return share_by_year(
        more, "appealed_directly", ["refused"],
        "{part} appeals without a mediation, {whole} refusals", start,
    )  # fmt: skip


def _directly(figures: Figures) -> Figures:
    """Return figures with the appeals that followed no mediation."""
    by_year = less(figures, "appealed", "appealed_after_mediation")
    return _with(figures, "appealed_directly", by_year)


def less(figures: Figures, whole: str, part: str) -> dict[int, float]:
    """Return one count less another by year, 0 at least, where both are known."""
    parts = figures.of(part)
    return {
        year: max(value - parts[year], 0.0)
        for year, value in figures.of(whole).items()
        if year in parts
    }


def _with(figures: Figures, measure: str, by_year: dict[int, float]) -> Figures:
    index = pd.MultiIndex.from_tuples(
        [(year, measure, "all", "all") for year in by_year], names=figures.table.index.names
    )
    more = pd.Series(list(by_year.values()), index=index, dtype=np.float64)
    table = pd.concat([figures.table, more]) if by_year else figures.table
    return Figures(figures.place, table, figures.edition)


def together(mediation: ByYear, appeals: ByYear) -> tuple[ByYear, ByYear]:
    """Return both shares of refusals so that they are 1 at most together."""

    def capped(of: ByYear, most: float) -> ByYear:
        def one(number: Said) -> Said:
            if number.value <= most:
                return number
            note = f"More in the figures, {number.value:.0%} of refusals: taken as {most:.0%}."
            return Said(most, number.source, note)

        later = tuple((year, one(number)) for year, number in of.later)
        return ByYear(one(of.first), later, of.first_year)

    return capped(mediation, 0.7), capped(appeals, 0.3)


def agreed(found: Found) -> Said:
    """Return the share of mediations that end in an assessment, by the plans that are left out."""
    own = found.own
    years = [
        year
        for year in own.of("mediated")
        if all(year in own.of(name) for name in ("appealed", "issued", "counted"))
    ][-2:]
    mediated, appealed, issued, counted = (
        own.total(name, years) for name in ("mediated", "appealed", "issued", "counted")
    )
    if not years or mediated < FEWEST or issued < counted:
        note = (
            "Not published; England's plans left out of DfE's measure after a mediation or appeal, "
            "8% in 2025, would be about so many."
        )
        return Said(0.5, note=note, low=0.3, high=0.7)
    share = float(np.clip((issued - counted - 0.7 * appealed) / mediated, 0.1, 0.85))
    left_out = f"{count(issued - counted)} of {count(issued)} plans of {years_in_words(years)}"
    note = (
        f"Not published. By {left_out} left out of DfE's measure after a mediation or appeal, and "
        f"{count(mediated)} mediations."
    )
    low, high = (round(float(np.clip(share + by, 0.02, 0.95)), 2) for by in (-0.1, 0.1))
    return Said(round(share, 2), note=note, low=low, high=high)


def after_mediation(found: Found) -> Said:
    """Return the share of mediations without agreement that are followed by an appeal."""
    for figures in found.places:
        mediated, appealed = (figures.of(name) for name in ("mediated", "appealed_after_mediation"))
        years = sorted(set(mediated) & set(appealed))[-2:]
        whole, part = (sum(of[year] for year in years) for of in (mediated, appealed))
        if whole >= FEWEST:
            note = "Of mediations without agreement, taken as half of them."
            told = f"{count(part)} appeals after {count(whole)} mediations"
            source = f"{figures.edition}, {figures.place} {years_in_words(years)}: {told}"
            return Said(min(part / whole / 0.5, 0.9), source, note)
    raise AssertionError("the shipped figures have mediations")
