"""Every case that a run may have: requests, plans, reviews and phase transfers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline, law
from ehc_sim.journey import milestones as m
from ehc_sim.journey.cases import Cases, Named
from ehc_sim.journey.plans_file import PlansInHand
from ehc_sim.journey.requests import Attributes, RequestCases
from ehc_sim.journey.reviews import Slots, rank_of, review_slots
from ehc_sim.journey.sampling import Ints, age_group
from ehc_sim.journey.school_years import minute_of_date, school_year_of_birth
from ehc_sim.journey.stock import Stock, ends_of_plans, kept_until, stock
from ehc_sim.journey.transfers import YEAR_BEGINS, Transfers, transfers
from ehc_sim.network.case_keys import CaseKeys, Group
from ehc_sim.network.log import NOT_YET
from ehc_sim.network.quantities import AnyQuantity
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.schema import AGE_GROUPS, Requests, Settings

REQUESTED, IN_HAND, REVIEWED, MOVING = range(4)
"""Entries of the journey: a request, a plan in hand, a review, a phase transfer."""
NO_DAY = -1


@dataclass(frozen=True, eq=False)
class Service:
    """What the stock of plans adds to the requests.

    Attributes
    ----------
    plans : Stock
        Plans at the start, and plans that move in.
    reviews : Slots
        Reviews that plans may have.
    transfers : Transfers
        Phase transfers that plans may have.
    ends : ndarray of int64, shape (requests and plans,)
        Minute at which each plan ends or moves away.
    moves_out : ndarray of bool, shape (requests and plans,)
        Whether it moves away then.
    """

    plans: Stock
    reviews: Slots
    transfers: Transfers
    ends: Ints
    moves_out: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Population:
    """Every case that a run may have, in the order of their numbers.

    Attributes
    ----------
    requests : RequestCases
        Requests, the first of them.
    service : Service or None
        Plans, reviews and transfers; None where a scenario has no stock of plans.
    """

    requests: RequestCases
    service: Service | None

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """How the random numbers of all cases are keyed."""
        s = self.service
        if s is None:
            return self.requests.groups
        return (*self.holders, *s.reviews.groups, *s.transfers.groups)

    @property
    def holders(self) -> tuple[Group, ...]:
        """The same of those that may hold a plan: requests and plans."""
        return self.requests.groups + (self.service.plans.groups if self.service else ())

    @cached_property
    def sizes(self) -> tuple[int, int, int, int]:
        """Number of requests, plans, reviews and transfers."""
        requests, s = len(self.requests.arrived), self.service
        if s is None:
            return requests, 0, 0, 0
        return requests, len(s.plans.arrived), len(s.reviews.holder), len(s.transfers.arrived)

    @property
    def firsts(self) -> tuple[int, int, int, int]:
        """Number in the run of the first request, plan, review and transfer."""
        requests, plans, reviews, _ = self.sizes
        return 0, requests, requests + plans, requests + plans + reviews

    @cached_property
    def arrived(self) -> Ints:
        """Minute at which each case arrives by itself; ``NOT_YET`` for those started by another."""
        if self.service is None:
            return self.requests.arrived
        s = self.service
        reviews = np.full(len(s.reviews.holder), NOT_YET, dtype=np.int64)
        return np.concatenate(
            [self.requests.arrived, s.plans.arrived, reviews, s.transfers.arrived]
        )

    @property
    def entry(self) -> Ints:
        """Number of the entry at which each case arrives."""
        return np.repeat((REQUESTED, IN_HAND, REVIEWED, MOVING), self.sizes).astype(np.int64)

    @cached_property
    def holder(self) -> Ints:
        """Number of the case that holds the plan that each case is about."""
        requests, plans, _, _ = self.sizes
        own = np.arange(requests + plans)
        if self.service is None:
            return own
        s = self.service
        return np.concatenate([own, s.reviews.holder, s.transfers.holder])

    @cached_property
    def numbers(self) -> Ints:
        """Number of each case in its streams."""
        return np.concatenate([group.numbers for group in self.groups])

    @cached_property
    def attributes(self) -> Attributes:
        """Who the requests and plans are about."""
        if self.service is None:
            return self.requests.attributes
        return Attributes.joined([self.requests.attributes, self.service.plans.attributes])

    def born(self, timeline: Timeline) -> Ints:
        """Return the school year of birth of whom each plan is about; none without plans."""
        if self.service is None:
            return np.zeros(0, dtype=np.int64)
        return school_year_of_birth(timeline, self.attributes.birth)

    def next_reviews(self) -> Ints:
        """Return for every review and transfer the number of the next review; its own where none.

        After a transfer that is the first review of the stretch that it begins.
        """
        assert self.service is not None
        reviews, moving = self.service.reviews, self.service.transfers
        begun = reviews.first_stretch[moving.holder] + rank_of(moving.holder) + 1
        following = np.concatenate([reviews.next, reviews.first[begun]])
        return np.asarray(self.firsts[2] + following)

    def first_reviews(self, timeline: Timeline) -> tuple[list[int], list[Ints]]:
        """Return the number of the first review of each holder's plan, by when it is in place.

        A plan that is issued in the school year before a move is made for it: that transfer is none
        of the plan's.

        Returns
        -------
        starts : list of int
            Minutes from which other numbers hold: 0, and each 1 September.
        numbers : list of ndarray of int64, each of shape (holders,)
            Number of the review for a plan that is in place from then on.
        """
        assert self.service is not None
        reviews, moving = self.service.reviews, self.service.transfers
        requests, holders = self.sizes[0], sum(self.sizes[:2])
        years = np.arange(timeline.first_day.year, timeline.last_day.year + 1)
        begins = minute_of_date(timeline, years, *YEAR_BEGINS)
        starts = [
            0,
            *(begins[(begins > 0) & (begins < len(timeline.days) * MINUTES_A_DAY)]).tolist(),
        ]
        numbers = []
        for start in starts:
            # Plans in hand on the first day are older than the transfers that are under way then.
            over = (moving.arrived <= start) & ((start > 0) | (moving.holder < requests))
            passed = np.bincount(moving.holder[over], minlength=holders)
            numbers.append(self.firsts[2] + reviews.first[reviews.first_stretch + passed])
        return starts, numbers

    def cases(self, requests: Requests, ahead: AnyQuantity | None = None) -> Cases:
        """Return who the cases are about, with names from the settings of requests.

        ``ahead`` gives the flags of the classes that teams may take ahead, where there are some.
        """
        names = tuple(requests.sources), tuple(requests.needs), tuple(requests.areas)
        if names not in self._cases_by_names:
            self._cases_by_names[names] = self._cases(*names)
        return replace(self._cases_by_names[names], ahead=ahead)

    @cached_property
    def _cases_by_names(self) -> dict[tuple[tuple[str, ...], ...], Cases]:
        """Cases that were made, by the names of sources, needs and areas."""
        return {}

    def keys(self, streams: Streams, profile: Ints) -> CaseKeys:
        """Return what keys the random numbers of all cases; the same for the same profiles."""
        for known in self._keys:
            if np.array_equal(known.profile, profile):
                return known
        self._keys.append(CaseKeys.of(streams, self.groups, profile))
        return self._keys[-1]

    @cached_property
    def _keys(self) -> list[CaseKeys]:
        return []

    def _cases(
        self, sources: tuple[str, ...], needs: tuple[str, ...], areas: tuple[str, ...]
    ) -> Cases:
        who, holder = self.attributes, self.holder

        def of_all(codes: NDArray[np.integer]) -> NDArray[np.int8]:
            return codes.astype(np.int8)[holder]

        ends, moves_out = self._ends()
        due = np.full(len(holder), NO_DAY, dtype=np.int64)
        if self.service is not None:
            due[self.firsts[3] :] = self.service.transfers.due
            due[self.firsts[1] : self.firsts[2]] = self.service.plans.due
        return Cases(
            number=self.numbers,
            minute=self.arrived,
            source=Named(of_all(who.source), sources),
            age=of_all(who.age),
            birth=who.birth[holder],
            age_group=Named(of_all(age_group(who.age)), tuple(AGE_GROUPS)),
            need=Named(of_all(who.need), needs),
            area=Named(of_all(who.area), areas),
            kind=Named(self._kinds(), m.KINDS_OF_CASE),
            holder=holder,
            ends=ends,
            moves_out=moves_out,
            due_minute=due,
        )

    def _kinds(self) -> NDArray[np.int8]:
        requests, plans, reviews, transfers_ = self.sizes
        again = int((self.requests.again_of != np.arange(requests)).sum())
        at_start = len(self.service.plans.groups[0].numbers) if self.service else 0
        counts = (requests - again, again, at_start, plans - at_start, reviews, transfers_)
        return np.repeat(np.arange(len(counts), dtype=np.int8), counts)

    def _ends(self) -> tuple[Ints, NDArray[np.bool_]]:
        ends = np.full(len(self.holder), 2**62, dtype=np.int64)
        moves_out = np.zeros(len(self.holder), dtype=bool)
        if self.service is not None:
            ends[: len(self.service.ends)] = self.service.ends
            moves_out[: len(self.service.ends)] = self.service.moves_out
        return ends, moves_out


def population(
    streams: Streams,
    timeline: Timeline,
    periods: Sequence[tuple[date, Settings]],
    requests: RequestCases,
    in_hand: PlansInHand | None,
) -> Population:
    """Draw every case that a run may have.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on.
    requests : RequestCases
        The requests.
    in_hand : PlansInHand or None
        Plans in hand on the first day; None where the settings have no plans.
    """
    if in_hand is None:
        return Population(requests, None)
    plans = stock(streams, timeline, periods, in_hand)
    groups = (*requests.groups, *plans.groups)
    who = Attributes.joined([requests.attributes, plans.attributes])
    until = len(timeline.days) * MINUTES_A_DAY
    # A request that is made again may have a plan no sooner than the first could.
    asked = requests.arrived[requests.again_of]
    earliest = np.concatenate([np.maximum(asked, 0), plans.arrived])
    ends, moves_out = ends_of_plans(
        streams, timeline, periods, groups, who, kept_until(requests, plans)
    )
    could_be_decided = asked + law.ASSESS_DECISION.days * MINUTES_A_DAY
    moving = transfers(
        streams,
        timeline,
        periods[0][1],
        groups,
        who,
        np.concatenate([could_be_decided, plans.arrived]),
    )
    reviews = review_slots(groups, who, earliest, until, periods, moving)
    return Population(requests, Service(plans, reviews, moving, ends, moves_out))
