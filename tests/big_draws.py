"""Draws of many requests, of which the shares and times can be held to those of the settings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.experiment.replication import Replicator
from ehc_sim.journey.plans_file import read_plans
from ehc_sim.journey.prepare import Prepared, prepare
from ehc_sim.rng.streams import CASES_A_PAGE, Streams
from ehc_sim.scenario import Scenario, load
from tests.runs import SEED
from tests.scenario_files import SMALL

REQUESTS = 20_000
PAGES = 24


def big_draw(scenario: Scenario, requests: int = REQUESTS, replication: int = 0) -> Prepared:
    """Return one replication with so many requests, spread evenly over the run."""
    base, timeline = scenario.base, Replicator(scenario, SEED).timeline
    place = np.arange(requests)
    numbers = place % PAGES * CASES_A_PAGE + place // PAGES
    minutes = place * (len(timeline.days) * MINUTES_A_DAY) // max(requests, 1)
    streams = Streams(SEED, replication)
    periods = scenario.drawn(lambda key: streams.uniform(f"parameter {key}"))
    plans = base.plans
    in_hand = read_plans(Path(plans.in_hand), timeline.first_day) if plans else None
    return prepare(streams, timeline, periods, numbers, minutes, in_hand)


@cache
def big_whole_service() -> Prepared:
    """Return the draw of the whole service of Smallshire."""
    return big_draw(load(SMALL / "whole_service.toml"))


def options(run: Prepared, quantity: str) -> NDArray[np.int64]:
    """Return every request's option in the last period."""
    return run.draw.quantities[quantity].values[-1]


def holds(found: NDArray[np.bool_], share: float) -> bool:
    """Return whether a share is within four and a half standard errors of what was found.

    Of 100,000 true shares one is not.
    """
    error = np.sqrt(share * (1 - share) / len(found))
    return abs(float(found.mean()) - share) <= 4.5 * error
