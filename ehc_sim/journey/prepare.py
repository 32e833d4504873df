"""Puts the journey together for one replication: network, draw and the cases' attributes."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline, law
from ehc_sim.journey.alike import Alike
from ehc_sim.journey.cases import Cases
from ehc_sim.journey.keyed import Periods
from ehc_sim.journey.open_cases.caseload import Caseload
from ehc_sim.journey.open_cases.opening import open_cases
from ehc_sim.journey.pathway import journey, journey_steps
from ehc_sim.journey.plans_file import PlansInHand
from ehc_sim.journey.population import Population, population
from ehc_sim.journey.priority import flags, is_used
from ehc_sim.journey.requests import request_cases
from ehc_sim.journey.school_support import still_made
from ehc_sim.journey.steps import Chances, quantities
from ehc_sim.journey.teams import JourneyPeople, agency_quantities
from ehc_sim.network.draw import Draw
from ehc_sim.network.network import Network
from ehc_sim.network.orders import AHEAD
from ehc_sim.network.quantities import AnyQuantity, Quantity
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.whole_run import of_whole_run

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
    alike: Alike | None = None,
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
    alike : Alike, optional
        What was drawn for the same replication of other scenarios.

    Returns
    -------
    Prepared
    """
    settings = periods[0][1]
    drawn = partial(_everybody, streams, timeline, numbers, minutes, in_hand, caseload)
    if alike is None or caseload is not None:
        everybody = drawn(periods)
    else:
        plans = () if in_hand is None else (in_hand.age, in_hand.last_review, in_hand.plans)
        arrays = (numbers, minutes, *plans)
        everybody = alike.population(streams, timeline, periods, arrays, drawn)
    draw = _draw(streams, timeline, periods, everybody)
    if caseload is not None:
        draw = replace(draw, open=open_cases(caseload, settings, timeline, streams))
    cases = everybody.cases(settings.requests, draw.quantities.get(AHEAD))
    people = JourneyPeople(streams, timeline, periods)
    pathway = journey(of_whole_run(periods))
    network = Network(
        pathway,
        timeline,
        teams={name: people.team(name, cases) for name in pathway.teams},
        panels={name: people.panel(name) for name in pathway.panels},
        clock_days=law.PLAN.days,
    )
    return Prepared(network, draw, cases)


def _everybody(
    streams: Streams,
    timeline: Timeline,
    numbers: Ints,
    minutes: Ints,
    in_hand: PlansInHand | None,
    caseload: Caseload | None,
    periods: Periods,
) -> Population:
    """Draw who every case is about."""
    made = _made_for_the_first_time(streams, periods, numbers)
    made &= still_made(streams, timeline, periods, numbers, minutes)
    open_before = caseload.attributes(periods[0][1]) if caseload else None
    requests = request_cases(streams, periods, numbers[made], minutes[made], open_before)
    return population(streams, timeline, periods, requests, in_hand)


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
    chances = Chances.of(streams, timeline, periods, everybody)
    made = quantities(journey_steps(of_whole_run(periods)), chances)
    ahead: dict[str, AnyQuantity] = {}
    if is_used(periods):
        starts, of_year = flags(streams, timeline, periods, everybody)
        ahead[AHEAD] = Quantity.by_period(starts, list(of_year))
    return Draw(
        everybody.arrived,
        made | agency_quantities(chances.every) | ahead,
        entry=everybody.entry,
        holder=everybody.holder,
        keys=chances.keys,
    )
