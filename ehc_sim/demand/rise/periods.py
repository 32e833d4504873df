"""Which two periods of a record are compared: the same months of both, and whole ones only."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.demand.history import COVID_FROM, History
from ehc_sim.demand.sen2_council import PERSON_LEVEL

LEAST_MONTHS = 6
"""Months that both periods must have; with fewer, one season would stand for the year."""
GROUPED = {"source": "source", "age": "age_group", "need": "need"}
"""Columns of a record that has groups, by topic."""
NOT_GIVEN = "not given"


@dataclass(frozen=True, eq=False)
class Periods:
    """Requests of two like periods.

    Attributes
    ----------
    first, last : str
        The periods in words, the earlier first.
    before, after : int
        Requests.
    middles : tuple of float
        Middles of the two periods in years, such as 2024.5.
    groups : dict of str to DataFrame
        By topic (source, age, need): one row a group, columns before and after, which add up.
    notes : tuple of str
        What to bear in mind.
    """

    first: str
    last: str
    before: int
    after: int
    middles: tuple[float, float]
    groups: dict[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def by_calendar_year(
    history: History, years_back: int, tables: dict[str, pd.DataFrame]
) -> Periods | str:
    """Return the last known year of a yearly record and one before it, or why there are not two.

    Parameters
    ----------
    history : History
        A yearly record.
    years_back : int
        Years between the two. Where there is no figure, the last one before that is taken.
    tables : dict of str to DataFrame
        Requests by group (rows) and year (columns), by topic.
    """
    years = 1970 + history.index.astype(np.int64)
    known = years[history.learnt]
    earlier = known[known <= known[-1] - years_back] if len(known) else known
    if not len(earlier):
        return "the record has no two years that can be compared"
    last, first = int(known[-1]), int(earlier[-1])
    counts = dict(zip(years.tolist(), history.counts.tolist(), strict=True))
    groups, notes = {}, _notes(first, last, years_back)
    for topic, table in tables.items():
        if {first, last} <= set(table.columns):
            pair = _adding_up(table, first, last, counts)
            if (pair < 0).any(axis=None):
                notes.append(f"Not by {topic}: the groups add up to more than all requests.")
            else:
                groups[topic] = pair
    return Periods(
        str(first), str(last), counts[first], counts[last], (first + 0.5, last + 0.5), groups,
        tuple(notes),
    )  # fmt: skip


def _adding_up(table: pd.DataFrame, first: int, last: int, counts: dict[int, int]) -> pd.DataFrame:
    """Return a topic's two years; requests in no group have one of their own.

    A group without a figure in one of them is no group of its own: it would seem to come from 0.
    """
    pair = table[[first, last]].dropna().set_axis(["before", "after"], axis=1)
    rest = np.array([counts[first], counts[last]]) - pair.sum().to_numpy()
    if np.any(rest != 0):
        pair.loc[NOT_GIVEN] = pair.reindex([NOT_GIVEN]).fillna(0.0).to_numpy()[0] + rest
    return pair[(pair != 0).any(axis=1)]


def _notes(first: int, last: int, years_back: int) -> list[str]:
    notes = []
    if last - first > years_back:
        notes.append(f"{last} is compared with {first}: no year between can be used.")
    if first < PERSON_LEVEL <= last:
        notes.append(
            f"DfE counts child by child from {PERSON_LEVEL} on; part of the change since {first} "
            "may be in the counting."
        )
    covid_year = 1970 + int(COVID_FROM.astype("datetime64[Y]").astype(np.int64))
    if covid_year in (first, last):
        notes.append(f"{covid_year} was a COVID year, with fewer requests than others.")
    return notes


def by_twelve_months(history: History, years_back: int) -> Periods | str:
    """Return the last twelve months of a monthly record and the same ones earlier, or why not.

    A month counts only where both years have it, and neither is left out.
    """
    return _months(history, history.last_month, years_back)


def by_months_of_year(history: History, year: int, years_back: int) -> Periods | str:
    """Return a calendar year of a monthly record and an earlier one, both whole; or why not."""
    found = _months(history, np.datetime64(f"{year}-12", "M"), years_back)
    if isinstance(found, Periods) and found.notes:
        return f"not every month of {year} and {year - years_back} can be used"
    return found


def _months(history: History, last: np.datetime64, years_back: int) -> Periods | str:
    after = last - np.arange(12)[::-1]
    before = after - 12 * years_back
    both = _learnt(history, after) & _learnt(history, before)
    if both.sum() < LEAST_MONTHS:
        return (
            f"the twelve months to {last} and those {12 * years_back} months earlier have "
            f"{both.sum()} usable months in common, and {LEAST_MONTHS} are needed"
        )
    rows = [(months[both] - history.index[0]).astype(np.int64) for months in (before, after)]
    counts = [int(history.counts[place].sum()) for place in rows]
    notes: tuple[str, ...] = ()
    if not both.all():
        left = ", ".join(str(month) for month in after[~both])
        notes = (f"Compared are the {both.sum()} months that both have; not {left}.",)
    middles = [float(months[0].astype(np.int64)) / 12 + 1970 + 0.5 for months in (before, after)]
    return Periods(
        _in_words(before[-1]), _in_words(after[-1]), counts[0], counts[1], (middles[0], middles[1]),
        _groups(history, before[both], after[both]), notes,
    )  # fmt: skip


def _in_words(last: np.datetime64) -> str:
    if str(last).endswith("-12"):
        return str(last)[:4]
    return f"12 months to {pd.Timestamp(str(last)):%B %Y}"


def _learnt(history: History, months: NDArray[np.datetime64]) -> NDArray[np.bool_]:
    place = (months - history.index[0]).astype(np.int64)
    inside = (place >= 0) & (place < len(history.index))
    return np.asarray(inside & history.learnt[np.clip(place, 0, len(history.index) - 1)])


def _groups(
    history: History, before: NDArray[np.datetime64], after: NDArray[np.datetime64]
) -> dict[str, pd.DataFrame]:
    if history.requests is None:
        return {}
    rows = history.requests
    month = rows["month"].to_numpy().astype("datetime64[M]")
    found = {}
    for topic, column in GROUPED.items():
        if column not in rows:
            continue
        name = rows[column].where(rows[column].str.strip() != "", NOT_GIVEN)
        pair = {
            label: rows.loc[np.isin(month, months), "requests"].groupby(name).sum()
            for label, months in (("before", before), ("after", after))
        }
        found[topic] = pd.DataFrame(pair).fillna(0.0)
    return found
