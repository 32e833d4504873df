"""What has become of each year's requests so many weeks on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.measures.timings import Ints, Timings, reached

WEEKS = tuple(range(0, 105, 4))
OUTCOMES = ("issued", "refused", "no plan", "withdrawn", "open")


def cohort(timings: Timings) -> pd.DataFrame:
    """Return the shares of a year's requests by outcome, week by week from the request.

    The outcomes compete, and nobody is left out because the run ended: at each number of weeks the
    shares are of the requests that were followed for so long. A refusal that is overturned later
    counts as refused until the order to assess, and as open after it; so does a decision against a
    plan until the order to make one. Requests made before the run are in no year.

    Returns
    -------
    DataFrame
        Rows (year, weeks), one column an outcome of ``OUTCOMES``; NaN where no request of the year
        was followed for so long. Each row adds up to 1.
    """
    t = timings
    day = MINUTES_A_DAY
    year = t.year_of(t.received)
    years = np.arange(t.timeline.first_day.year, t.timeline.last_day.year + 1)
    first_day = t.received // day
    followed = t.until // day - 1 - first_day  # the last day of the run is seen to its end
    table = np.full((len(years), len(WEEKS), len(OUTCOMES)), np.nan)
    for i, weeks in enumerate(WEEKS):
        at = first_day + 7 * weeks

        def by(minutes: Ints, at: Ints = at) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
            return reached(minutes) & (minutes // day <= at)

        issued, withdrawn = by(t.final), by(t.withdrawn)
        refused = by(t.refused) & ~by(t.ordered)
        no_plan = by(t.no_plan) & ~by(t.ordered_to_issue)
        parts = np.stack([issued, refused, no_plan, withdrawn])
        known = np.vstack([parts, ~parts.any(axis=0)]).astype(float)
        for j, each in enumerate(years):
            chosen = (year == each) & (followed >= 7 * weeks)
            if chosen.any():
                table[j, i] = known[:, chosen].mean(axis=1)
    index = pd.MultiIndex.from_product([years, WEEKS], names=["year", "weeks"])
    return pd.DataFrame(table.reshape(-1, len(OUTCOMES)), index=index, columns=list(OUTCOMES))
