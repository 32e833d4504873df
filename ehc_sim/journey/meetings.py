"""Outcome and Provision meetings: who has one, the steps of it, and what it changes."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.journey import milestones as m
from ehc_sim.journey.ramps import come_in
from ehc_sim.journey.steps import Chances, Rule, Step, Steps, plain
from ehc_sim.network.distributions import Sampler, Trial
from ehc_sim.network.nodes import Mark
from ehc_sim.network.quantities import AnyQuantity
from ehc_sim.scenario.disputes import Meetings
from ehc_sim.scenario.schema import Settings

Kept = Callable[[Settings, str], float]
"""Gives what is kept of a number, by the name of a setting of the meetings."""


def meeting(settings: Settings) -> Sequence[Step]:
    """Return the steps from the agreement to a plan to drafting; at once without meetings."""
    if settings.meetings is None:
        return plain(Mark(m.AGREED_TO_ISSUE, "drafting"))
    of, slot = Steps(settings, kind="meetings"), "wait for a slot"
    lead, attend = "Outcome and Provision meeting", "adviser at the meeting"
    return (
        *plain(Mark(m.AGREED_TO_ISSUE, "meeting?")),
        of.choice("meeting?", "meeting", _who_has_one, no="drafting", yes=slot),
        of.wait(slot, "meetings.slot", lead, number="slot", waited_for=f"{lead}s"),
        of.work(lead, "meetings.effort", attend, number="meeting"),
        of.work(attend, "meetings.adviser", m.MEETING_HELD, number="adviser"),
        *plain(Mark(m.MEETING_HELD, "drafting", variant=1)),
    )


def less_after_a_meeting(sampler: Callable[[Settings, Kept], Sampler]) -> Rule:
    """Return the rule of a quantity of which less is left for the requests that had a meeting."""

    def rule(chances: Chances) -> AnyQuantity:
        usual = chances.requests.by_period(lambda s: sampler(s, _as_usual))
        if chances.settings.meetings is None:
            return usual
        return replace(usual, variant=chances.requests.by_period(lambda s: sampler(s, _after_one)))

    return rule


def _as_usual(settings: Settings, setting: str) -> float:
    return 1.0


def _after_one(settings: Settings, setting: str) -> float:
    return float(getattr(_of(settings), setting))


def _who_has_one(chances: Chances) -> AnyQuantity:
    requests = chances.requests
    starts, shares = adoption(requests.settings, requests.starts, chances.timeline)
    return requests.from_each(starts, [Sampler(0, (Trial("meeting", share),)) for share in shares])


def adoption(
    settings: Sequence[Settings], starts: Sequence[int], timeline: Timeline
) -> tuple[list[int], list[float]]:
    """Return the share of cases with a meeting from each minute on.

    A change of the share comes in over its months, in even steps at the start of each month, beside
    those before it that are still under way.

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
    minutes = np.array(sorted({0, *starts, *firsts.tolist()}))
    begun = np.array(starts)
    months, since = (np.searchsorted(firsts, one, side="right") for one in (minutes, begun))
    gone = np.where(minutes[:, np.newaxis] >= begun, months[:, np.newaxis] - since, -1)
    goals = [float(_of(one).share) for one in settings]
    ramps = [float(_of(one).ramp_months) for one in settings]
    shares = come_in(goals, gone.astype(float), ramps, before=goals[0])
    return minutes.tolist(), shares.tolist()


def _of(settings: Settings) -> Meetings:
    assert settings.meetings is not None
    return settings.meetings
