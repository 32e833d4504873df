"""Years of a council's figures that cannot be right: left out, and said.

Councils send what they have: a year of requests that is 0 or a part, one in which nothing was
refused, assessments that are as many as requests. What such a year says is not known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from ehc_sim.jobs.new_council.figures import Figures
from ehc_sim.jobs.new_council.numbers import count

ENOUGH = 50
"""Cases a year from which on a year is held against others."""
PART_OF_NEIGHBOURS, PART_OF_LAST = 0.6, 0.4
"""Requests below this part of both years around them, or of the year before the last."""
FEW_REFUSED, SOME_REFUSED = 0.01, 0.05
TIMES_OTHERS = 4.0
PART_ENDED = 0.1

OF_REQUESTS = (
    *("requests", "agreed", "refused", "withdrawn", "in_six_weeks", "after_six_weeks"),
    *("mediated", "appealed", "appealed_after_mediation"),
)
OF_DECISIONS = ("agreed", "refused", "mediated", "appealed", "appealed_after_mediation")
OF_ASSESSMENTS = (
    *("issued", "not_issued", "counted", "counted_ex", "on_time", "on_time_ex"),
    *("over_a_year", "over_a_year_ex", "mean_weeks"),
)
OF_ENDED = ("ended", "moved_away")


@dataclass(frozen=True)
class Doubt:
    """A year of some measures that cannot be right, and what is said of it."""

    year: int
    measures: tuple[str, ...]
    text: str


def without_doubtful(figures: Figures) -> tuple[Figures, tuple[str, ...]]:
    """Return figures without the years that cannot be right, and a line for each of those."""
    figures, notes = _refusals_under_withdrawn(figures)
    for find in (_requests, _refused, _assessments, _ended):
        for doubt in list(find(figures)):
            figures = _without(figures, doubt)
            notes.append(f"Not used: {doubt.text}.")
    return figures, tuple(notes)


def _refusals_under_withdrawn(figures: Figures) -> tuple[Figures, list[str]]:
    """Return figures in which refusals that were sent in as withdrawn requests are refusals.

    Some councils refuse nothing from one year to the next, and as many requests are withdrawn as
    were refused before. An earlier share refused beside these would leave the same requests out
    twice.
    """
    table, notes = figures.table.copy(), list[str]()
    withdrawn, requests = figures.of("withdrawn"), figures.of("requests")
    refused = figures.of("refused")
    for year, others in _nothing_refused(figures):
        if withdrawn.get(year, 0.0) < SOME_REFUSED * requests[year]:
            continue
        notes.append(
            f"Taken for refusals in {year}: {count(withdrawn[year])} of {count(requests[year])} "
            f"requests withdrawn, for {count(refused[year])} were refused, {others:.0%} in other "
            "years."
        )
        table[year, "refused", "all", "all"] = refused[year] + withdrawn[year]
        table[year, "withdrawn", "all", "all"] = 0.0
    return Figures(figures.place, table, figures.edition), notes


def _without(figures: Figures, doubt: Doubt) -> Figures:
    level = figures.table.index.get_level_values
    gone = (level(0) == doubt.year) & level(1).isin(doubt.measures)
    return Figures(figures.place, figures.table[~gone], figures.edition)


def _requests(figures: Figures) -> Iterator[Doubt]:
    requests = figures.of("requests")
    years = sorted(requests)
    for before, year, after in zip([None, *years], years, [*years[1:], None], strict=False):
        beside = [requests[one] for one in (before, after) if one is not None]
        alone = len(beside) == 1
        part = PART_OF_LAST if alone else PART_OF_NEIGHBOURS
        if beside and min(beside) >= ENOUGH and requests[year] < part * min(beside):
            around = " and ".join(count(one) for one in beside)
            when = "the year beside it" if alone else "the years around it"
            told = f"{count(requests[year])} requests in {year}, {around} in {when}"
            yield Doubt(year, OF_REQUESTS, told)


def _nothing_refused(figures: Figures) -> Iterator[tuple[int, float]]:
    """Yield years in which next to nothing was refused, with the share of the other years."""
    refused, requests = figures.of("refused"), figures.of("requests")
    years = [year for year in refused if requests.get(year, 0) >= ENOUGH]
    for year in years:
        others = _pooled(refused, requests, [one for one in years if one != year])
        if refused[year] < FEW_REFUSED * requests[year] and others > SOME_REFUSED:
            yield year, others


def _refused(figures: Figures) -> Iterator[Doubt]:
    refused, requests = figures.of("refused"), figures.of("requests")
    for year, others in _nothing_refused(figures):
        told = f"{count(refused[year])} of {count(requests[year])} requests refused in {year}"
        yield Doubt(year, OF_DECISIONS, f"{told}, {others:.0%} in other years")


def _assessments(figures: Figures) -> Iterator[Doubt]:
    issued, none = figures.of("issued"), figures.of("not_issued")
    done = {year: issued[year] + none.get(year, 0.0) for year in issued}
    requests = figures.of("requests")
    for year, number in done.items():
        others = [value for one, value in done.items() if one != year]
        usual = median(others) if others else 0.0
        if usual < ENOUGH:
            continue
        if number == requests.get(year) and not none.get(year):
            told = f"{count(number)} assessments completed in {year}, exactly as many as requests"
            yield Doubt(year, OF_ASSESSMENTS, told)
        elif not usual / TIMES_OTHERS <= number <= usual * TIMES_OTHERS:
            told = f"{count(number)} assessments completed in {year}, {count(usual)} in other years"
            yield Doubt(year, OF_ASSESSMENTS, told)


def _ended(figures: Figures) -> Iterator[Doubt]:
    ended, plans = figures.of("ended"), figures.of("plans")
    years = [year for year in ended if year in plans]
    for year in years:
        others = _pooled(ended, plans, [one for one in years if one != year])
        if others * plans[year] >= ENOUGH and ended[year] < PART_ENDED * others * plans[year]:
            told = f"{count(ended[year])} of {count(plans[year])} plans ended in {year}"
            yield Doubt(year, OF_ENDED, f"{told}, {others:.1%} in other years")


def _pooled(parts: Mapping[int, float], wholes: Mapping[int, float], years: list[int]) -> float:
    whole = sum(wholes[year] for year in years)
    return sum(parts[year] for year in years) / whole if whole else 0.0
