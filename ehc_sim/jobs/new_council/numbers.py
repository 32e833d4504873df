"""Numbers of a scenario file, with the words that say where each comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ehc_sim.jobs.new_council.figures import Figures, Found

FEWEST = 20
"""Cases below which a share of one year is not taken by itself: it would be mostly chance."""
FEWEST_BY_GROUP = 100
"""Cases below which a council's own parts by group are not taken, but England's."""


@dataclass(frozen=True)
class Said:
    """A number of a file and its source or note, as it stands in TOML."""

    value: float
    source: str = ""
    note: str = ""
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.low is None or self.high is None:
            points = f"value = {written(self.value)}"
        else:
            ends = (("low", self.low), ("likely", self.value), ("high", self.high))
            points = ", ".join(f"{name} = {written(end)}" for name, end in ends)
        words = "".join(
            f", {name} = {quoted(text)}"
            for name, text in (("source", self.source), ("note", self.note))
            if text
        )
        return f"{{ {points}{words} }}"


@dataclass(frozen=True)
class ByYear:
    """A number that changes with the calendar year: of the first day, and later ones by year."""

    first: Said
    later: tuple[tuple[int, Said], ...] = ()
    first_year: int | None = None
    """Year of the first, where it is of one year of the council's own."""

    @property
    def own(self) -> dict[int, Said]:
        """The numbers of single years of the council's own."""
        first = {} if self.first_year is None else {self.first_year: self.first}
        return {**first, **dict(self.later)}

    @property
    def last(self) -> Said:
        """The number of the last year."""
        return self.later[-1][1] if self.later else self.first


def written(value: float) -> str:
    """Return a number as a file has it, with four digits that count."""
    return f"{float(f'{value:.4g}'):.10g}"


def quoted(text: str) -> str:
    """Return a text as TOML has it."""
    return json.dumps(text, ensure_ascii=False)


def count(value: float) -> str:
    """Return a count in words."""
    return f"{value:,.0f}"


def share_by_year(
    found: Found, part: str, rest: Sequence[str], words: str, run_from: int
) -> ByYear:
    """Return a share by year, as far as DfE has it.

    Parameters
    ----------
    found : Found
        The figures.
    part : str
        Measure whose share it is.
    rest : sequence of str
        Measures that add up to the whole.
    words : str
        What the two counts are, with ``{part}`` and ``{whole}``.
    run_from : int
        First year of the run: earlier ones are not told.

    Returns
    -------
    ByYear
        Years with fewer than ``FEWEST`` are taken together; where none is known, England's.
    """
    own = _shares(found.own, part, rest)
    own = {year: pair for year, pair in own.items() if year >= run_from}
    told = [
        (year, Said(one / whole, f"{found.own.edition}, {found.own.place} {year}: "
                                 f"{words.format(part=count(one), whole=count(whole))}"))
        for year, (one, whole) in own.items()
        if whole >= FEWEST
    ]  # fmt: skip
    if told:
        return ByYear(told[0][1], tuple(told[1:]), told[0][0])
    one, whole = (sum(pair[at] for pair in own.values()) for at in (0, 1))
    if whole >= FEWEST:
        years = f"{min(own)} to {max(own)}"
        said = words.format(part=count(one), whole=count(whole))
        source = f"{found.own.edition}, {found.own.place} {years} together: {said}"
        return ByYear(Said(one / whole, source))
    for england in (found.england, found.shipped):
        shares = _shares(england, part, rest)
        if shares:
            year = max(shares)
            one, whole = shares[year]
            said = words.format(part=count(one), whole=count(whole))
            note = f"England's, for DfE has too few of {found.own.place} or none"
            return ByYear(Said(one / whole, f"{england.edition}, England {year}: {said}", note))
    raise AssertionError(f"the shipped figures have {part}")


def _shares(figures: Figures, part: str, rest: Sequence[str]) -> dict[int, tuple[float, float]]:
    """Return the part and the whole of each year in which they are known and fit together."""
    parts, wholes = figures.of(part), [figures.of(one) for one in rest]
    found = {}
    for year, one in sorted(parts.items()):
        whole = sum(of.get(year, np.nan) for of in wholes)
        if whole >= one and whole > 0:
            found[year] = (one, whole)
    return found


def parts_by_group(
    found: Found, measure: str, by: str, years: int = 2, fewest: float = FEWEST_BY_GROUP
) -> tuple[pd.Series[float], str, str]:
    """Return counts by group of the last years, with their source, and a note if England's.

    Parameters
    ----------
    found, measure, by
        The figures, and which.
    years : int
        So many of the last years that have them are added up.
    fewest : float
        Fewer than this of the council are too few: England's are taken.
    """
    for figures in found.places:
        last = figures.years_by(measure, by)[-years:]
        counts = figures.by(measure, by, last)
        if counts.sum() >= fewest:
            told = years_in_words(last)
            own = figures is found.own
            note = "" if own else f"England's, for DfE has too few of {found.own.place} or none"
            return counts, f"{figures.edition}, {figures.place}, {told}", note
    raise AssertionError(f"the shipped figures have {measure} by {by}")


def shares(counts: pd.Series[float]) -> dict[str, float]:
    """Return shares with four digits that add up to 1."""
    whole = counts / counts.sum() * 10_000
    units: pd.Series[float] = whole // 1
    more = round(10_000 - units.sum())
    units[(whole - units).sort_values(ascending=False, kind="stable").index[:more]] += 1
    return {str(group): float(unit) / 10_000 for group, unit in units.items()}


def years_in_words(years: Sequence[int]) -> str:
    """Return one year, two or a span of them in words."""
    if len(years) < 3:
        return " and ".join(map(str, years))
    return f"{min(years)} to {max(years)}"


def rounded(value: float, unit: float = 0.5, least: float | None = None) -> float:
    """Return a number rounded to a unit, half a post for instance, and at least so much."""
    return max(round(value / unit) * unit, unit if least is None else least)


def last(by_year: Mapping[int, float], years: int = 2) -> float:
    """Return the mean of the last years that are known; 0 where none is."""
    last = [by_year[year] for year in sorted(by_year)[-years:]]
    return sum(last) / len(last) if last else 0.0
