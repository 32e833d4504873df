"""Requests that are not made because more children are supported in school without a plan."""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.journey.keyed import Periods
from ehc_sim.journey.ramps import come_in
from ehc_sim.journey.sampling import Floats, Ints
from ehc_sim.journey.teams import DAYS_A_MONTH
from ehc_sim.rng.streams import Streams


def share_not_made(timeline: Timeline, periods: Periods) -> Floats:
    """Return the share of requests that are not made, at midday of each day of the run.

    Each change of the share comes in evenly over the months of its ramp, from nothing on its first
    day, beside those before it that are still under way.

    Parameters
    ----------
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on.
    """
    supports = [settings.requests.school_support for _, settings in periods]
    firsts = [max(0, timeline.minute(day)) // MINUTES_A_DAY for day, _ in periods]
    gone = np.arange(len(timeline.days))[:, np.newaxis] + 0.5 - np.array(firsts)
    ramps = [float(support.ramp_months) * DAYS_A_MONTH for support in supports]
    return come_in([float(support.fewer) for support in supports], gone, ramps, before=0)


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
