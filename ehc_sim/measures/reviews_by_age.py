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

    def count(minutes: Ints, which: Bools | None = None, weight: Floats | None = None) -> Floats:
        assert weight is None, "counts only"
        inside = (minutes >= 0) & (minutes < bounds[-1])
        here = np.flatnonzero(inside if which is None else inside & which)
        period = np.searchsorted(bounds, minutes[here], side="right") - 1
        age = np.clip(every[period] - born[here], 0, OLDEST)
        group = np.searchsorted(last_ages, age)
        cells = [_cells(period, *view, len(every)) for view in ((age, AGES), (group, groups))]
        return np.concatenate(cells)

    blocks = ((every, ["age"], AGES), (every, ["age group"], groups))
    rows = [row for row in REVIEWS if row.name in REVIEWS_BY_AGE]
    return Table.of(Rows(("year", "by", "group"), blocks), columns(rows, r, count, {}))


def _cells(period: Ints, code: Ints, names: tuple[str, ...], periods: int) -> Floats:
    """Return how many there are in each period of each name; those past the last are left out."""
    width = len(names) + 1
    counts = np.bincount(period * width + code, minlength=periods * width)
    return counts.reshape(periods, width)[:, :-1].astype(np.float64).ravel()
