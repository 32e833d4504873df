"""Puts the journey together for one replication: network, draw and the cases' attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import PLAN_DAYS, Timeline
from ehc_sim.pathway.case_keys import CaseKeys
from ehc_sim.pathway.caseload import Caseload
from ehc_sim.pathway.cases import Cases
from ehc_sim.pathway.draw import Draw
from ehc_sim.pathway.journey import journey
from ehc_sim.pathway.journey_disputes_draw import dispute_quantities
from ehc_sim.pathway.journey_draw import JourneyDraw, agency_quantities
from ehc_sim.pathway.journey_open import open_cases
from ehc_sim.pathway.journey_people import JourneyPeople
from ehc_sim.pathway.journey_plans_draw import (
    contents_appeal_quantities,
    plan_quantities,
    review_quantities,
    transfer_quantities,
)
from ehc_sim.pathway.journey_population import Population, population
from ehc_sim.pathway.journey_requests import request_cases
from ehc_sim.pathway.keyed import Keyed
from ehc_sim.pathway.network import Network
from ehc_sim.pathway.plans_file import PlansInHand
from ehc_sim.pathway.profiles import Profiles, profiles_of
from ehc_sim.pathway.quantities import AnyQuantity
from ehc_sim.scenario.schema import Settings
from ehc_sim.streams import Streams

Periods = Sequence[tuple[date, Settings]]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Prepared:
    """One replication of the journey, ready to run.

    Attributes
    ----------
    network : Network
        Pathway, teams with this replication's posts, and panels.
    draw : Draw
        Every case's arrival and quantities.
    everybody : Cases
        Who every case is about.
    """

    network: Network
    draw: Draw
    everybody: Cases

    @property
    def cases(self) -> pd.DataFrame:
        """One row a case, with the attributes of ``Cases`` as columns."""
        return self.everybody.frame


def prepare(
    streams: Streams,
    timeline: Timeline,
    periods: Periods,
    numbers: Ints,
    minutes: Ints,
    in_hand: PlansInHand | None = None,
    caseload: Caseload | None = None,
) -> Prepared:
    """Sample everything that one replication needs.

    Parameters
    ----------
    streams : Streams
        Random numbers of the replication.
    timeline : Timeline
        Calendar of the run.
    periods : sequence of (date, Settings)
        Settings as they stand from each date on, with this replication's uncertain numbers.
    numbers, minutes : ndarray of int64, shape (cases,)
        Case number and minute of each request, sorted by minute and number.
    in_hand : PlansInHand, optional
        Plans in hand on the first day; needed where the settings have plans.
    caseload : Caseload, optional
        Cases that are open on the first day; without it the service starts without any.

    Returns
    -------
    Prepared
    """
    first_time = _made_for_the_first_time(streams, periods, numbers)
    settings = periods[0][1]
    open_before = caseload.attributes(settings) if caseload else None
    requests = request_cases(
        streams, periods, numbers[first_time], minutes[first_time], open_before
    )
    everybody = population(streams, timeline, periods, requests, in_hand)
    draw = _draw(streams, timeline, periods, everybody)
    if caseload is not None:
        draw = replace(draw, open=open_cases(caseload, settings, timeline, streams))
    cases = everybody.cases(settings.requests)
    people = JourneyPeople(streams, timeline, periods)
    pathway = journey(periods[-1][1])
    network = Network(
        pathway,
        timeline,
        teams={name: people.team(name, cases) for name in pathway.teams},
        panels={name: people.panel(name) for name in pathway.panels},
        clock_days=PLAN_DAYS,
    )
    return Prepared(network, draw, cases)


def _made_for_the_first_time(
    streams: Streams, periods: Periods, numbers: Ints
) -> NDArray[np.bool_]:
    """Return the requests on record or forecast that the model does not make itself.

    The record counts requests that were made again after a refusal. The model makes those of its
    own refusals, so that their share is taken off.
    """
    disputes = periods[0][1].disputes
    if disputes is None:
        return np.ones(len(numbers), dtype=bool)
    u = streams.uniforms("recorded as made again", numbers)
    return np.asarray(u >= float(disputes.recorded_again))


def _draw(streams: Streams, timeline: Timeline, periods: Periods, everybody: Population) -> Draw:
    settings = periods[0][1]
    profile = profiles_of(everybody.requests, settings.requests)
    keys = CaseKeys.of(streams, everybody.groups, profile)
    ends = np.cumsum(everybody.sizes).tolist()

    def keyed(first: int, end: int) -> Keyed:
        return Keyed(keys, timeline, periods, range(first, end))

    requests, every = keyed(0, ends[0]), keyed(0, ends[3])
    profiles = Profiles.of(settings.requests)
    quantities: dict[str, AnyQuantity] = {}
    quantities |= JourneyDraw(requests, profiles, timeline).quantities()
    quantities |= agency_quantities(every)
    if settings.disputes is not None:
        quantities |= dispute_quantities(requests, everybody.requests, profiles)
        quantities |= contents_appeal_quantities(every)
    if (service := everybody.service) is not None:
        quantities |= plan_quantities(every, everybody)
        quantities |= review_quantities(keyed(*ends[1:3]))
        quantities |= transfer_quantities(keyed(*ends[2:4]), service.transfers)
    return Draw(
        everybody.arrived, quantities, entry=everybody.entry, holder=everybody.holder, keys=keys
    )
