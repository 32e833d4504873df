"""Annual reviews by the age of the child or young person, as DfE publishes them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.catalogue.service import REVIEWS, REVIEWS_BY_AGE
from ehc_sim.journey.cases import Cases
from ehc_sim.measures.columns import columns
from ehc_sim.measures.periods import Bools, Ints, year_bounds, years
from ehc_sim.measures.reviews import Reviews
from ehc_sim.measures.timeliness import OLDEST
from ehc_sim.tables import Rows, Table

Floats = NDArray[np.float64]
AGES = tuple(map(str, range(OLDEST + 1)))
SEPTEMBER_TO_JANUARY = 122
"""Days from 1 September to 1 January: who is born so late is a year younger on 31 August."""


def reviews_by_age(r: Reviews, cases: Cases) -> Table:
    """Return the reviews of each year by the age on its 31 August.

    Parameters
    ----------
    r : Reviews
        Reviews of a run.
    cases : Cases
        Who the cases are about.

    Returns
    -------
    Table
        Rows (year, by, group), by single age and by age group; one column a measure of
        ``REVIEWS_BY_AGE``, each event in the year in which it happened.

    Notes
    -----
    DfE tells reviews of 2025 by "Age at 31 August 2025" ("Education, health and care plans", 2026
    edition, annual_reviews.csv).
    """
    every, bounds = years(r.timeline), year_bounds(r.timeline)
    holders = cases.birth[: r.holder.max(initial=-1) + 1] // MINUTES_A_DAY + SEPTEMBER_TO_JANUARY
    school_year = (r.timeline.days[0] + holders).astype("datetime64[Y]").astype(np.int64) + 1970
    born = school_year[r.holder]
    groups = cases.age_group.names
    last_ages = np.array([int(group.split("-")[1]) for group in groups])

    known: dict[int, tuple[Ints, Bools, tuple[Ints, ...]]] = {}

    def cells_of(minutes: Ints) -> tuple[Ints, Bools, tuple[Ints, ...]]:
        # The array is kept beside its cells, so that no other can take its place in memory.
        if id(minutes) not in known:
            inside = (minutes >= 0) & (minutes < bounds[-1])
            period = np.searchsorted(bounds, np.where(inside, minutes, 0), side="right") - 1
            age = np.clip(every[period] - born, 0, OLDEST)
            group = np.searchsorted(last_ages, age)
            cells = (period * (len(AGES) + 1) + age, period * (len(groups) + 1) + group)
            known[id(minutes)] = minutes, inside, cells
        return known[id(minutes)]

    def count(minutes: Ints, which: Bools | None = None, weight: Floats | None = None) -> Floats:
        assert weight is None, "counts only"
        _, inside, cells = cells_of(minutes)
        here = inside if which is None else inside & which
        views = zip(cells, (AGES, groups), strict=True)
        return np.concatenate([_counts(cell[here], names, len(every)) for cell, names in views])

    blocks = ((every, ["age"], AGES), (every, ["age group"], groups))
    rows = [row for row in REVIEWS if row.name in REVIEWS_BY_AGE]
    return Table.of(Rows(("year", "by", "group"), blocks), columns(rows, r, count, {}))


def _counts(cells: Ints, names: tuple[str, ...], periods: int) -> Floats:
    """Return how many there are in each period of each name; those past the last are left out."""
    counts = np.bincount(cells, minlength=periods * (len(names) + 1))
    return counts.reshape(periods, -1)[:, :-1].astype(np.float64).ravel()
