"""What has become of each year's requests so many weeks on."""

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.measures.counting import count_outcomes
from ehc_sim.measures.periods import reached, share, years
from ehc_sim.measures.timings import Ints, Timings
from ehc_sim.tables import Rows, Table

WEEKS = tuple(range(0, 105, 4))
OUTCOMES = ("issued", "refused", "no plan", "withdrawn", "open")

_NEVER = 2**40
"""In place of a day: not within the run."""
_LOOK_OF_DAY = np.searchsorted(7 * np.array(WEEKS), np.arange(7 * WEEKS[-1] + 2)).astype(np.int64)
"""First of ``WEEKS`` on or after each day from the request's, and after the last their number."""


def cohort(timings: Timings) -> Table:
    """Return the shares of a year's requests by outcome, week by week from the request.

    The outcomes compete, and nobody is left out because the run ended: at each number of weeks the
    shares are of the requests that were followed for so long. A refusal that is overturned later
    counts as refused until the order to assess, and as open after it; so does a decision against a
    plan until the order to make one. Requests made before the run are in no year.

    Returns
    -------
    Table
        Rows (year, weeks), one column an outcome of ``OUTCOMES``; NaN where no request of the year
        was followed for so long. Each row adds up to 1.
    """
    t = timings
    every = years(t.timeline)
    first_day = t.received // MINUTES_A_DAY
    begun = (t.final, t.refused, t.no_plan, t.withdrawn)
    over = (None, t.ordered, t.ordered_to_issue, None)
    last = t.until // MINUTES_A_DAY - 1  # the last day of the run is seen to its end
    counts = np.zeros((len(every), len(WEEKS), len(OUTCOMES) + 1), dtype=np.int64)
    count_outcomes(
        t.year_of(t.received),
        last - first_day,
        np.stack([_days_from(first_day, minutes) for minutes in begun], axis=1),
        np.stack([_days_from(first_day, minutes) for minutes in over], axis=1),
        _LOOK_OF_DAY,
        counts,
    )
    shares = share(counts[..., :-1], counts[..., -1:].repeat(len(OUTCOMES), axis=2))
    rows = Rows.of(year=every, weeks=WEEKS)
    return Table(rows, OUTCOMES, shares.reshape(-1, len(OUTCOMES)))


def _days_from(first_day: Ints, minutes: Ints | None) -> Ints:
    if minutes is None:
        return np.full(len(first_day), _NEVER)
    return np.where(reached(minutes), minutes // MINUTES_A_DAY - first_day, _NEVER)
