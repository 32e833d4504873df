"""Why requests rise: what each group adds, population, mix and rate, and England beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from ehc_sim.demand.history import History
from ehc_sim.demand.rise.ages import OLDEST, YOUNGEST, Ages, ages_of, in_spans, one_span_each
from ehc_sim.demand.rise.chance import Counts, ranges
from ehc_sim.demand.rise.groups import in_last_year_only, shown, without_small
from ehc_sim.demand.rise.periods import (
    NOT_GIVEN,
    Periods,
    by_calendar_year,
    by_months_of_year,
    by_twelve_months,
)
from ehc_sim.demand.rise.population import Population
from ehc_sim.demand.yearly import ENGLAND

LEAST = 1e-9
"""Stands for no request where a logarithm is taken; what it adds is below a millionth of one."""


def logarithmic_mean(a: Counts, b: Counts) -> Counts:
    """Return (a - b) / ln(a / b), and a where both are the same; of positive numbers."""
    ratio = np.log(a / b)
    near = np.abs(ratio) < 1e-6
    return np.asarray(np.where(near, (a + b) / 2, (a - b) / np.where(near, 1.0, ratio)))


def population_mix_rate(
    before: Counts, after: Counts, children_before: Counts, children_after: Counts
) -> Counts:
    """Take a change apart into the number of children, their ages, and requests for each child.

    The additive logarithmic mean Divisia index (LMDI I) of Ang (2005, "The LMDI approach to
    decomposition analysis: a practical guide", Energy Policy 33): for each factor the sum over the
    groups of L(x1, x0) ln(factor1 / factor0). It treats both years alike and leaves no rest.

    Parameters
    ----------
    before, after : ndarray of float64, shape (..., groups)
        Requests of two years by age group.
    children_before, children_after : ndarray of float64, shape (groups,)
        Children and young people of those ages; above 0.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Requests more or less because of the number of children, of the mix of ages, of the rate.
    """
    first, last = np.maximum(before, LEAST), np.maximum(after, LEAST)
    weight = logarithmic_mean(last, first)
    size = np.log(children_after.sum() / children_before.sum())
    share = np.log(children_after / children_after.sum()) - np.log(
        children_before / children_before.sum()
    )
    rate = np.log(last / children_after) - np.log(first / children_before)
    return np.stack(
        [(weight * size).sum(-1), (weight * share).sum(-1), (weight * rate).sum(-1)], axis=-1
    )


def beside_england(
    before: Counts, after: Counts, england_before: Counts, england_after: Counts
) -> Counts:
    """Take a change apart into England's growth, the mix of groups, and what is the council's own.

    Shift-share: each group is first let grow as all of England's requests did, then as England's
    requests of that group did; what is left is the council's own.

    Parameters
    ----------
    before, after : ndarray of float64, shape (..., groups)
        The council's requests of two years.
    england_before, england_after : ndarray of float64, shape (groups,)
        England's requests of the same years.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Requests more or less as England's grew, because of the mix of groups, and locally.
    """
    everywhere = england_after.sum() / england_before.sum() - 1
    there = england_before > 0
    of_group = np.where(there, england_after / np.where(there, england_before, 1) - 1, everywhere)
    national = before.sum(-1) * everywhere
    mix = (before * (of_group - everywhere)).sum(-1)
    local = (after - before * (1 + of_group)).sum(-1)
    return np.stack([national, mix, local], axis=-1)


COLUMNS = (
    *("question", "part", "first", "last", "before", "after", "change", "percent", "points"),
    *("share", "low95", "high95", "clear"),
)
ALL, POPULATION, BESIDE_ENGLAND = "all", "population", "England"


@dataclass(frozen=True, eq=False)
class Rise:
    """A change of requests, taken apart in several ways that each add up to it.

    Attributes
    ----------
    table : DataFrame
        One row a part. Columns: question (all; source, age or need; population; England), part,
        first and last (the periods compared), before and after (requests; NaN where a part has
        none), change (requests), percent (change over before, as a share), points (change over all
        requests before, as a share), share (of the whole change), low95 and high95 (range of the
        change that chance allows), clear (whether that range leaves out 0). Empty where nothing
        can be compared.
    notes : tuple of str
        What to bear in mind, and what could not be worked out and why.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]

    def of(self, question: str) -> pd.DataFrame:
        """Return the rows of one question."""
        return self.table[self.table["question"] == question]

    def _repr_html_(self) -> str:
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        return f"{self.table.to_html(index=False, float_format='{:.3g}'.format)}<ul>{notes}</ul>"


def explain(
    history: History,
    *,
    years_back: int = 1,
    population: Population | None = None,
    groups: dict[str, pd.DataFrame] | None = None,
    england: pd.Series[float] | None = None,
    england_by_age: pd.DataFrame | None = None,
) -> Rise:
    """Explain the change from one year of a record to a later one.

    Parameters
    ----------
    history : History
        The record. By month: the last twelve months and the same ones earlier; by year: the last
        known calendar year and one before.
    years_back : int
        Years between the two periods, 1 or more.
    population : Population, optional
        Children by age.
    groups : dict of str to DataFrame, optional
        For a yearly record: requests by group (rows) and year (columns), by topic.
    england : Series, optional
        Requests in England by year; by default the column england of the record, then DfE's totals.
    england_by_age : DataFrame, optional
        Requests in England by age group (rows) and year (columns).

    Raises
    ------
    BadInput
        If the population does not cover what is compared.
    """
    if history.kind == "assumed":
        return _nothing("there is no record")
    yearly = history.kind == "yearly"
    periods = (
        by_calendar_year(history, years_back, groups or {})
        if yearly
        else by_twelve_months(history, years_back)
    )
    if isinstance(periods, str):
        return _nothing(periods)
    rows, notes = _contributions(periods), list(periods.notes)
    notes += in_last_year_only(periods, groups or {}) if yearly else []
    rows += _population(periods, population, notes)
    of_england = _of_england(history) if england is None else england.dropna()
    same_years = periods if yearly else _calendar_years(history, of_england, years_back)
    rows += _beside_england(same_years, of_england, england_by_age, notes)
    return Rise(pd.DataFrame(rows, columns=list(COLUMNS)), tuple(dict.fromkeys(notes)))


def _nothing(why: str) -> Rise:
    note = f"Why requests changed cannot be said: {why}."
    return Rise(pd.DataFrame(columns=list(COLUMNS)), (note,))


def _contributions(periods: Periods) -> list[dict[str, object]]:
    """Return the whole change, and what each group of each topic adds to it."""
    whole = pd.DataFrame({"before": [periods.before], "after": [periods.after]}, index=["requests"])
    rows = _rows(periods, ALL, whole.astype(float))
    for topic, table in periods.groups.items():
        rows += _rows(periods, topic, without_small(shown(topic, table)))
    return rows


def _rows(periods: Periods, question: str, table: pd.DataFrame) -> list[dict[str, object]]:
    before, after = table["before"].to_numpy(float), table["after"].to_numpy(float)
    ends = ranges(lambda b, a: a - b, before, after)
    named = zip(table.index, before, after, after - before, ends, strict=True)
    found = [_row(periods, question, *one) for one in named]
    return sorted(found, key=lambda row: -float(str(row["change"])))


def _row(
    periods: Periods,
    question: str,
    part: str,
    before: float,
    after: float,
    change: float,
    ends: Counts,
) -> dict[str, object]:
    whole = periods.after - periods.before
    return {
        "question": question,
        "part": part,
        "first": periods.first,
        "last": periods.last,
        "before": before,
        "after": after,
        "change": change,
        "percent": change / before if before > 0 else np.nan,
        "points": change / periods.before if periods.before else np.nan,
        "share": change / whole if whole else np.nan,
        "low95": ends[0],
        "high95": ends[1],
        "clear": bool(ends[0] > 0 or ends[1] < 0),
    }


def _effects(
    periods: Periods,
    question: str,
    names: Sequence[str],
    worked_out: Callable[[Counts, Counts], Counts],
    table: pd.DataFrame,
) -> list[dict[str, object]]:
    before, after = table["before"].to_numpy(float), table["after"].to_numpy(float)
    found, ends = worked_out(before, after), ranges(worked_out, before, after)
    return [
        _row(periods, question, name, np.nan, np.nan, float(effect), end)
        for name, effect, end in zip(names, found, ends, strict=True)
    ]


def _population(
    periods: Periods, population: Population | None, notes: list[str]
) -> list[dict[str, object]]:
    """Return what the number of children, their ages and requests for each child bring."""
    if population is None:
        notes.append(
            "No population was given, so whether there are more children, or more requests for "
            "each child, cannot be told: give children by age with --population."
        )
        return []
    ages = periods.groups.get("age")
    whole = pd.DataFrame({"before": [periods.before], "after": [periods.after]}, dtype=float)
    table, spans = whole, [Ages(YOUNGEST, OLDEST)]
    rest = np.zeros(2)
    if ages is not None and one_span_each(ages.index):
        found = [ages_of(group) for group in ages.index]
        table = ages[[one is not None for one in found]]
        spans = [one for one in found if one is not None]
        rest = ages.to_numpy(float).sum(axis=0) - table.to_numpy(float).sum(axis=0)
    else:
        notes.append("The record has no ages, so children of all ages are taken as one group.")
    children = [population.at(middle, spans) for middle in periods.middles]
    names = ["number of children", "mix of ages", "requests for each child"]
    rows = _effects(
        periods, POPULATION, names,
        lambda b, a: population_mix_rate(b, a, children[0], children[1]), table,
    )  # fmt: skip
    if len(spans) == 1:
        rows.pop(1)
    if rest.any():
        other = pd.DataFrame({"before": [rest[0]], "after": [rest[1]]})
        rows += _effects(periods, POPULATION, ["age not known"], lambda b, a: a - b, other)
    return rows


def _of_england(history: History) -> pd.Series[float]:
    """Return England's requests by year: those given with the record, or DfE's totals."""
    if history.england is not None and np.isfinite(history.england).sum() > 1:
        years = 1970 + history.index.astype(np.int64)
        return pd.Series(history.england, index=years).dropna()
    return pd.Series(ENGLAND, dtype=float)


def _calendar_years(history: History, england: pd.Series[float], years_back: int) -> Periods | str:
    """Return the last calendar years that a monthly record and England's figures both have."""
    for year in sorted(map(int, england.index), reverse=True):
        found = by_months_of_year(history, year, years_back)
        if isinstance(found, Periods) and year - years_back in england.index:
            return found
    return "the record and England's figures have no two whole calendar years in common"


def _beside_england(
    periods: Periods | str,
    england: pd.Series[float],
    by_age: pd.DataFrame | None,
    notes: list[str],
) -> list[dict[str, object]]:
    """Return the change as England's growth, the mix of ages, and what is the council's own."""
    if isinstance(periods, str):
        notes.append(f"Not compared with England: {periods}.")
        return []
    years = [int(middle) for middle in periods.middles]
    if not set(years) <= set(england.index):
        notes.append(f"Not compared with England: no figure for {years[0]} or {years[1]}.")
        return []
    table, of_england = _like_groups(periods, years, england, by_age)
    if periods.notes:
        notes.extend(periods.notes)
    names = ["as England's requests grew", "mix of ages", "the council's own"]
    pair = of_england.to_numpy(float).T
    rows = _effects(
        periods, BESIDE_ENGLAND, names,
        lambda b, a: beside_england(b, a, pair[0], pair[1]), table,
    )  # fmt: skip
    if len(table) == 1:
        rows.pop(1)
    return rows


def _like_groups(
    periods: Periods, years: list[int], england: pd.Series[float], by_age: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the council's and England's requests by the same groups: ages, or all as one."""
    whole = pd.DataFrame({"before": [periods.before], "after": [periods.after]}, dtype=float)
    alone = whole, pd.DataFrame([[england[years[0]], england[years[1]]]], dtype=float)
    ages = periods.groups.get("age")
    if ages is None or by_age is None or not set(years) <= set(by_age.columns):
        return alone
    if not one_span_each(ages.index):
        return alone
    spans = sorted(span for group in ages.index if (span := ages_of(group)) is not None)
    own = in_spans(ages, spans)
    theirs = in_spans(by_age[years], spans)
    if own is None or theirs is None:
        return alone
    rest_own = np.array([periods.before, periods.after]) - own.sum().to_numpy()
    rest_theirs = np.array([england[year] for year in years]) - theirs.sum().to_numpy()
    own.loc[NOT_GIVEN], theirs.loc[NOT_GIVEN] = rest_own, rest_theirs
    return (own, theirs) if (rest_theirs >= 0).all() else alone
