"""Groups as they are shown: ages in bands, small numbers put together, and those of one year."""

from __future__ import annotations

import pandas as pd

from ehc_sim.demand.rise.ages import BANDS, ages_of, in_spans, one_span_each
from ehc_sim.demand.rise.periods import NOT_GIVEN, Periods
from ehc_sim.demand.sen2_topics import WORDS

FEW = 6
"""Counts of children by group below this are put together with others (a common rule)."""
OTHERS = "other groups, small numbers"
ONE_YEAR = "By "
"""How a note begins that tells of a topic in the later year alone."""


def shown(topic: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return groups as they are shown: many single ages as a few bands."""
    if topic != "age" or len(table) <= len(BANDS) + 4 or not one_span_each(table.index):
        return table
    rest = table[[ages_of(group) is None for group in table.index]].sum()
    banded = in_spans(table, list(BANDS))
    if banded is None:
        return table
    if rest.any():
        banded.loc[NOT_GIVEN] = rest
    return banded


def without_small(table: pd.DataFrame) -> pd.DataFrame:
    """Put groups with few children together, and the next larger with them while they are few."""
    table = table.sort_values(["before", "after"], ascending=False, kind="stable")
    few = (table < FEW).any(axis=1).to_numpy()
    if not few.any():
        return table
    small, large = table[few], table[~few]
    while len(large) and (small.sum() < FEW).any():
        small, large = pd.concat([large.iloc[-1:], small]), large.iloc[:-1]
    return pd.concat([large, small.sum().to_frame(OTHERS).T])


def in_last_year_only(periods: Periods, tables: dict[str, pd.DataFrame]) -> list[str]:
    """Tell of each topic that is known for the later year alone what it was then.

    Parameters
    ----------
    periods : Periods
        Two calendar years.
    tables : dict of str to DataFrame
        Requests by group (rows) and year (columns), by topic.
    """
    first, last = int(periods.first), int(periods.last)
    return [
        _one_year(topic, table[last], periods)
        for topic, table in tables.items()
        if last in table.columns and first not in table.columns
    ]


def _one_year(topic: str, requests: pd.Series[float], periods: Periods) -> str:
    known = requests.dropna()
    rest = periods.after - known.sum()
    if rest < 0:
        return f"Not by {topic}: the groups add up to more than all requests."
    if rest > 0:
        known[NOT_GIVEN] = rest
    twice = pd.DataFrame({"before": known, "after": known}).query("after > 0")
    told = without_small(shown(topic, twice))["after"]
    groups = ", ".join(
        f"{group[:1].lower()}{group[1:]} {count:,.0f} ({count / periods.after:.0%})"
        for group, count in zip(told.index, told, strict=True)
    )
    told_by = WORDS.get(topic, topic).capitalize()
    return (
        f"{ONE_YEAR}{topic} only {periods.last} is known, not {periods.first}: how it changed "
        f"cannot be told. {told_by} in {periods.last}, of {periods.after:,} requests: {groups}."
    )
