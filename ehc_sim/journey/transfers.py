"""The phase transfers of one replication: who moves to another phase of education, and when.

A transfer is the annual review of its school year (SEND Regulations 2014, regulation 18: the plan
is reviewed and amended before the move). From 1 September of that year on no other review is held
until it has met.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline, law
from ehc_sim.journey.requests import Attributes
from ehc_sim.journey.sampling import Ints
from ehc_sim.journey.school_years import minute_of_date, school_year_of_birth
from ehc_sim.network.case_keys import Group, uniforms_of
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.plans import PhaseTransfers
from ehc_sim.scenario.schema import Settings


class Phase(NamedTuple):
    """A phase of education that begins on 1 September.

    Attributes
    ----------
    age : int
        Age in years on 31 August before it.
    due : tuple of (int, int)
        Month and day by which the amended plan is due (regulation 18).
    """

    age: int
    due: tuple[int, int]


PHASES = (
    *(Phase(4, law.TRANSFER_DAY), Phase(7, law.TRANSFER_DAY), Phase(11, law.TRANSFER_DAY)),
    *(Phase(16, law.POST_16_DAY), Phase(9, law.TRANSFER_DAY), Phase(13, law.TRANSFER_DAY)),
    Phase(18, law.POST_16_DAY),
)
"""School, junior school, secondary school, post-16; middle school, upper school, and from one
post-16 institution to another. That this last move comes after two years is an assumption."""
SCHOOL, JUNIOR, SECONDARY, POST_16, MIDDLE, UPPER, ANOTHER_POST_16 = range(len(PHASES))
MOST_PHASES = 16
"""Room for the random numbers of the transfers of one plan."""

YEAR_BEGINS = (9, 1)
"""Month and day, in the year before the move, from which the transfer is that year's review."""
BEGINS = (9, 15)
"""Month and day from which the reviews of transfers meet, in the year before the move."""
BEGINS_OVER_DAYS = 75
"""Days over which they meet, one after the other: until the end of November."""


@dataclass(frozen=True, eq=False)
class Transfers:
    """Phase transfers that plans may have in a run.

    Attributes
    ----------
    groups : tuple of Group
        How their random numbers are keyed.
    holder : ndarray of int64, shape (transfers,)
        Number of the plan that each belongs to, rising; those of one plan in order of time.
    arrived : ndarray of int64, shape (transfers,)
        First minute of the school year before the move, or that of the run.
    school_days : ndarray of int64, shape (transfers,)
        School days from then to the review meeting, 1 or more.
    met : ndarray of int64, shape (transfers,)
        Day of the run on which it meets, which may lie after its end.
    due : ndarray of int64, shape (transfers,)
        Last minute of the day by which the amended plan is due.
    """

    groups: tuple[Group, ...]
    holder: Ints
    arrived: Ints
    school_days: Ints
    met: Ints
    due: Ints


def transfers(
    streams: Streams,
    timeline: Timeline,
    settings: Settings,
    groups: Sequence[Group],
    attributes: Attributes,
    earliest: Ints,
) -> Transfers:
    """Return the phase transfers of the children whose plans may be in place by then.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    settings : Settings
        Settings on the first day, with plans.
    groups : sequence of Group
        Groups of the plans.
    attributes : Attributes
        Who the plans are about.
    earliest : ndarray of int64, shape (plans,)
        First minute at which each plan may be in place.
    """
    assert settings.plans is not None
    moves = _Moves(streams, groups, settings.plans.phase_transfers)
    born = school_year_of_birth(timeline, attributes.birth)
    until = len(timeline.days) * MINUTES_A_DAY
    found = []
    for phase, (age, due_on) in enumerate(PHASES):
        year = born + age
        due = minute_of_date(timeline, year, *due_on) + MINUTES_A_DAY - 1
        # Those under way when the run starts begin with it.
        arrived = np.maximum(minute_of_date(timeline, year - 1, *YEAR_BEGINS), 0)
        rows = np.flatnonzero((due > 0) & (arrived < until) & (earliest <= arrived))
        rows = rows[moves.to(phase, rows)]
        first = minute_of_date(timeline, year[rows] - 1, *BEGINS) // MINUTES_A_DAY
        u_day = uniforms_of(streams, groups, f"day of transfer {phase}", rows)
        day = first + np.floor(u_day * BEGINS_OVER_DAYS).astype(np.int64)
        found.append((rows, np.full(len(rows), phase), arrived[rows], day, due[rows]))
    holder, slot, arrived, day, due = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((due, holder))
    holder, slot, arrived, day, due = (one[order] for one in (holder, slot, arrived, day, due))
    school_days, met = _meetings(timeline, arrived, day)
    made = tuple(_of_groups(groups, holder, slot))
    return Transfers(made, holder, arrived, school_days, met, due)


class _Moves:
    """Who moves to a phase that not everybody has."""

    def __init__(
        self, streams: Streams, groups: Sequence[Group], transfers: PhaseTransfers
    ) -> None:
        self._streams, self._groups, self._shares = streams, groups, transfers

    def to(self, phase: int, rows: Ints) -> NDArray[np.bool_]:
        """Return which of some plans' holders move to a phase."""
        if phase in (SCHOOL, POST_16):
            return np.ones(len(rows), dtype=bool)
        if phase == ANOTHER_POST_16:
            return self._drawn("another post-16", float(self._shares.post_16_moves), rows)
        # One number decides between the two ways, so that no child is on both.
        middle = self._drawn("middle school", float(self._shares.middle_school), rows)
        if phase in (MIDDLE, UPPER):
            return middle
        if phase == SECONDARY:
            return ~middle
        return ~middle & self._drawn("infant to junior", float(self._shares.infant_to_junior), rows)

    def _drawn(self, name: str, share: float, rows: Ints) -> NDArray[np.bool_]:
        if share == 0:
            return np.zeros(len(rows), dtype=bool)
        return np.asarray(uniforms_of(self._streams, self._groups, name, rows) < share)


def _meetings(timeline: Timeline, arrived: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Return the school days to the first on or after a day, and the day of the run that it is."""
    so_far, mornings = timeline.counts["school"]
    last, come = len(so_far) - 1, np.where(day > 0, so_far[np.clip(day - 1, 0, len(so_far) - 1)], 0)
    before = so_far[np.minimum(arrived // MINUTES_A_DAY, last)]
    school_days = np.maximum(come - before, 0) + 1
    place = before + school_days - 1
    there = place < len(mornings)
    met = np.maximum(day, last + 1)
    met[there] = mornings[place[there]] // MINUTES_A_DAY
    return school_days, met


def _of_groups(groups: Sequence[Group], holder: Ints, slot: Ints) -> list[Group]:
    made, first = [], 0
    for group in groups:
        last = first + len(group.numbers)
        low, high = np.searchsorted(holder, [first, last])  # the holders rise
        rows = holder[low:high] - first
        made.append(group.inner("phase transfer", rows, slot[low:high], MOST_PHASES))
        first = last
    return made
