"""Requests that are not made because more children are supported in school without a plan."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.journey.keyed import Periods
from ehc_sim.journey.sampling import Floats, Ints
from ehc_sim.journey.teams import DAYS_A_MONTH
from ehc_sim.rng.streams import Streams


def share_not_made(timeline: Timeline, periods: Periods) -> Floats:
    """Return the share of requests that are not made, at midday of each day of the run.

    From nothing on the first day a share goes evenly, over the months of its ramp, from what was
    reached before to what is set.

    Parameters
    ----------
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on.
    """
    supports = [settings.requests.school_support for _, settings in periods]
    moves = [n for n, one in enumerate(supports) if n == 0 or one != supports[n - 1]]
    firsts = [max(0, timeline.minute(periods[n][0])) // MINUTES_A_DAY for n in moves]
    share, reached = np.zeros(len(timeline.days)), 0.0
    for n, (first, after) in zip(moves, pairwise([*firsts, len(share)]), strict=True):
        ramp = max(float(supports[n].ramp_months) * DAYS_A_MONTH, 0.5)
        rise = float(supports[n].fewer) - reached
        share[first:after] = reached + rise * np.minimum((np.arange(after - first) + 0.5) / ramp, 1)
        reached += rise * min((after - first) / ramp, 1)
    return share


def still_made(
    streams: Streams, timeline: Timeline, periods: Periods, numbers: Ints, minutes: Ints
) -> NDArray[np.bool_]:
    """Return which requests are made all the same.

    Each has a number of its own, so that a larger share takes away the same requests and more.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline, periods
        As for ``share_not_made``.
    numbers, minutes : ndarray of int64, shape (cases,)
        Case number and minute of each request.
    """
    share = share_not_made(timeline, periods)
    if not share.any():
        return np.ones(len(numbers), dtype=bool)
    u = streams.uniforms("supported in school instead", numbers)
    return np.asarray(u >= share[minutes // MINUTES_A_DAY])
