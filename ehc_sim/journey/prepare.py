"""Puts the journey together for one replication: network, draw and the cases' attributes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline, law
from ehc_sim.journey.alike import Alike, Drawing
from ehc_sim.journey.cases import Cases
from ehc_sim.journey.keyed import Periods
from ehc_sim.journey.open_cases.caseload import Caseload
from ehc_sim.journey.open_cases.opening import open_cases
from ehc_sim.journey.pathway import journey_steps, pathway_of
from ehc_sim.journey.plans_file import PlansInHand
from ehc_sim.journey.population import Population, population
from ehc_sim.journey.priority import flags, is_used
from ehc_sim.journey.requests import request_cases
from ehc_sim.journey.school_support import still_made
from ehc_sim.journey.steps import Chances, Rule, Step, rules_of
from ehc_sim.journey.teams import JourneyPeople, agency_quantities
from ehc_sim.network.case_keys import CaseKeys
from ehc_sim.network.draw import Draw
from ehc_sim.network.network import Network, PanelPlan, TeamPlan
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
    draws = Drawing(periods)
    if alike is not None and caseload is None:
        plans = () if in_hand is None else (in_hand.age, in_hand.last_review, in_hand.plans)
        draws = alike.drawing(streams, timeline, periods, (numbers, minutes, *plans))
    drawn = partial(_everybody, streams, timeline, numbers, minutes, in_hand, caseload)
    everybody = draws.part("everybody", drawn)
    who = draws.part("who", lambda p: everybody.cases(p[0][1].requests), "everybody")
    whole_run = of_whole_run(periods)
    steps = journey_steps(whole_run)
    draw = _draw(draws, streams, timeline, everybody, steps)
    if caseload is not None:
        opened = open_cases(caseload, periods[0][1], timeline, streams)
        draw = replace(draw, open=opened)
    pathway = pathway_of(steps, whole_run)

    def team(name: str, periods: Periods) -> TeamPlan:
        return JourneyPeople(streams, timeline, periods).team(name, who)

    def panel(name: str, periods: Periods) -> PanelPlan:
        return JourneyPeople(streams, timeline, periods).panel(name)

    network = Network(
        pathway,
        timeline,
        teams={
            name: draws.part(f"team {name}", partial(team, name), "who") for name in pathway.teams
        },
        panels={name: draws.part(f"panel {name}", partial(panel, name)) for name in pathway.panels},
        clock_days=law.PLAN.days,
    )
    return Prepared(network, draw, replace(who, ahead=draw.quantities.get(AHEAD)))


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


def _draw(
    draws: Drawing,
    streams: Streams,
    timeline: Timeline,
    everybody: Population,
    steps: Sequence[Step],
) -> Draw:
    def keys_of(periods: Periods) -> CaseKeys:
        return Chances.of(streams, timeline, periods, everybody).keys

    def ahead(periods: Periods) -> dict[str, AnyQuantity]:
        if not is_used(periods):
            return {}
        return {AHEAD: Quantity.by_period(*flags(streams, timeline, periods, everybody))}

    keys = draws.part("keys", keys_of, "everybody")
    known: dict[int, Chances] = {}

    def chances(periods: Periods) -> Chances:
        if id(periods) not in known:
            known[id(periods)] = Chances(keys, timeline, periods, everybody)
        return known[id(periods)]

    def quantity(rule: Rule, periods: Periods) -> AnyQuantity:
        return rule(chances(periods))

    made = {
        name: draws.part(f"quantity {name}", partial(quantity, rule), "keys")
        for name, rule in rules_of(steps).items()
    }
    agencies = draws.part("agencies", lambda p: agency_quantities(chances(p).every), "keys")
    return Draw(
        everybody.arrived,
        made | agencies | draws.part("ahead", ahead, "everybody"),
        entry=everybody.entry,
        holder=everybody.holder,
        keys=keys,
    )
