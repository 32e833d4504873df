"""Ages that a group's name stands for, in the words of DfE and of councils' records."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

YOUNGEST, OLDEST = 0, 25
"""Ages at which an EHC plan can be had (Children and Families Act 2014, section 83)."""
UNDER = re.compile(r"(?:under|below|<) *(\d+)")
UP_TO = re.compile(r"(\d+) *(?:and|or) (?:under|below|younger)")
FROM = re.compile(r"(\d+) *(?:\+|(?:and|or) (?:over|above|older))")
BETWEEN = re.compile(r"(\d+) *(?:-|–|to|_) *(\d+)")
ONE = re.compile(r"(\d+)")
BESIDE = re.compile(r"^(aged?|ages) *|^age_group *| *(years?|yrs?)( old)?$")


class Ages(NamedTuple):
    """Ages from the youngest to the oldest, both included."""

    youngest: int
    oldest: int

    def __str__(self) -> str:
        if self.youngest == self.oldest:
            return f"age {self.youngest}"
        return f"age {self.youngest} to {self.oldest}"


BANDS = (Ages(0, 4), Ages(5, 10), Ages(11, 15), Ages(16, 25))
"""Before school, primary, secondary, and after: in which single ages are shown."""


def ages_of(group: str) -> Ages | None:
    """Return the ages of a group such as "Aged 7", "5-10", "16+" or "2 and under"; None if none."""
    text = BESIDE.sub("", group.strip().lower())
    if found := UP_TO.fullmatch(text):
        span = YOUNGEST, int(found[1])
    elif found := FROM.fullmatch(text):
        span = int(found[1]), OLDEST
    elif found := UNDER.fullmatch(text):
        span = YOUNGEST, int(found[1]) - 1
    elif found := BETWEEN.fullmatch(text):
        span = int(found[1]), int(found[2])
    elif found := ONE.fullmatch(text):
        span = int(found[1]), int(found[1])
    else:
        return None
    return Ages(*span) if YOUNGEST <= span[0] <= span[1] <= OLDEST else None


def one_span_each(groups: pd.Index[str]) -> bool:
    """Return whether the groups that have ages do not overlap, and there are some."""
    spans = sorted(span for group in groups if (span := ages_of(group)) is not None)
    apart = all(a.oldest < b.youngest for a, b in pairwise(spans))
    return bool(spans) and apart


def in_spans(table: pd.DataFrame, spans: list[Ages]) -> pd.DataFrame | None:
    """Add up rows whose ages lie inside a span; None where a row's ages lie in two of them.

    Parameters
    ----------
    table : DataFrame
        Numbers, one row a group.
    spans : list of Ages
        What the rows are to be.
    """
    place: dict[str, int] = {}
    for group in table.index:
        ages = ages_of(group)
        if ages is None:
            continue
        inside = [
            k
            for k, s in enumerate(spans)
            if s.youngest <= ages.youngest and ages.oldest <= s.oldest
        ]
        touched = [
            k
            for k, s in enumerate(spans)
            if s.youngest <= ages.oldest and ages.youngest <= s.oldest
        ]
        if inside != touched:
            return None
        if inside:
            place[group] = inside[0]
    added = table.loc[list(place)].groupby(list(place.values())).sum()
    return added.reindex(range(len(spans)), fill_value=0.0).set_axis(list(map(str, spans)))
