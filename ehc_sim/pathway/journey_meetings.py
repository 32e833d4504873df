"""The numbers of Outcome and Provision meetings: who has one, and what it changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.pathway.keyed import Keyed
from ehc_sim.pathway.laws import Chance, Law
from ehc_sim.pathway.quantities import Sampled
from ehc_sim.scenario.disputes import Meetings
from ehc_sim.scenario.schema import Settings

Kept = Callable[[Settings, str], float]
"""Gives what is kept of a number, by the name of a setting of the meetings."""


def as_usual(settings: Settings, setting: str) -> float:
    """Return 1: without a meeting everything is kept."""
    return 1.0


def after_a_meeting(settings: Settings, setting: str) -> float:
    """Return what is kept after a meeting."""
    return float(getattr(_of(settings), setting))


def meeting_quantities(keyed: Keyed, timeline: Timeline) -> dict[str, Sampled]:
    """Return the quantities of the meetings themselves."""
    starts, shares = adoption(keyed.settings, keyed.starts, timeline)
    laws = [Law(0, (Chance("meeting", share),)) for share in shares]
    return {
        "meeting option": keyed.from_each(starts, laws),
        "slot days": keyed.wait("slot", lambda s: _of(s).slot),
        "meeting minutes": keyed.effort("meeting", lambda s: _of(s).effort),
        "adviser minutes": keyed.effort("adviser", lambda s: _of(s).adviser),
    }


def adoption(
    settings: Sequence[Settings], starts: Sequence[int], timeline: Timeline
) -> tuple[list[int], list[float]]:
    """Return the share of cases with a meeting from each minute on.

    A change of the share comes in over its months, in even steps at the start of each month, from
    the share that was reached when it began.

    Parameters
    ----------
    settings : sequence of Settings
        Settings of each period, with meetings.
    starts : sequence of int
        First minute of each period.
    timeline : Timeline
        Calendar of the run.

    Returns
    -------
    minutes : list of int
        Rising, the first is 0.
    shares : list of float
        Share from each of them on.
    """
    firsts = np.flatnonzero(np.diff(timeline.month, prepend=-1)) * MINUTES_A_DAY
    of_months = set(firsts.tolist())
    minutes = sorted({0, *starts, *of_months})
    shares: list[float] = []
    reached = begun = float(_of(settings[0]).share)
    goal, months_in = begun, 0
    for minute in minutes:
        meetings = _of(settings[bisect_right(starts, minute) - 1])
        if float(meetings.share) != goal:
            goal, begun, months_in = float(meetings.share), reached, 0
        elif minute in of_months:
            months_in += 1
        ramp = float(meetings.ramp_months)
        part = 1.0 if months_in >= ramp else months_in / ramp
        reached = begun + (goal - begun) * part
        shares.append(reached)
    return minutes, shares


def _of(settings: Settings) -> Meetings:
    assert settings.meetings is not None
    return settings.meetings
