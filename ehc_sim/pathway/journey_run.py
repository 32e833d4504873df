"""Puts the journey together for one replication: network, draw and the cases' attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calendars import PLAN_DAYS, Timeline
from ehc_sim.pathway.journey import journey
from ehc_sim.pathway.journey_draw import JourneyDraw
from ehc_sim.pathway.journey_people import JourneyPeople
from ehc_sim.pathway.network import Draw, Network
from ehc_sim.scenario.schema import Settings
from ehc_sim.streams import Streams


@dataclass(frozen=True, eq=False)
class Prepared:
    """One replication of the journey, ready to run.

    Attributes
    ----------
    network : Network
        Pathway, teams with this replication's posts, and panels.
    draw : Draw
        Every case's arrival and quantities.
    cases : DataFrame
        One row a case: number, minute, source, age, age_group, need and area.
    """

    network: Network
    draw: Draw
    cases: pd.DataFrame


def prepare(
    streams: Streams,
    timeline: Timeline,
    periods: Sequence[tuple[date, Settings]],
    numbers: NDArray[np.int64],
    minutes: NDArray[np.int64],
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

    Returns
    -------
    Prepared
    """
    sampled = JourneyDraw(streams, timeline, periods, numbers, minutes)
    people = JourneyPeople(streams, timeline, periods)
    cases = sampled.cases
    pathway = journey(periods[-1][1])
    network = Network(
        pathway,
        timeline,
        teams={name: people.team(name, cases) for name in pathway.teams},
        panels={name: people.panel(name) for name in pathway.panels},
        clock_days=PLAN_DAYS,
    )
    return Prepared(network, sampled.draw(), cases)
