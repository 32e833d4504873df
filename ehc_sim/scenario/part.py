"""What every table of a scenario file has in common; tables that stand at several places."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.ranges import Days, HoursOfACase, Share, Spread

CountedIn = Literal["calendar", "working", "school"]


class Part(BaseModel):
    """A table of a scenario file: frozen, with no unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        defer_build=True,  # most tables are only ever read as a part of the whole
    )


class Wait(Part):
    """Time that passes without anybody of a team working: a service's turnaround, a family's time.

    Lognormal with the given mean and spread; no spread means always the mean.
    """

    mean_days: Days
    """Mean number of days."""
    spread: Spread = fixed(0)
    """Standard deviation divided by the mean."""
    at_least_days: Days = fixed(0)
    """Added to every wait; the mean above is of what comes on top."""
    counted_in: CountedIn = "calendar"
    """Kind of days: calendar days, working days, or days on which schools are open."""


class Effort(Part):
    """Hours of one person's work on one case. Lognormal with the given mean and spread."""

    mean_hours: HoursOfACase
    """Mean hours of a case."""
    spread: Spread = fixed(0)
    """Standard deviation divided by the mean."""


class Delay(Part):
    """A delay that some cases meet."""

    share: Share
    """Share of cases."""
    wait: Wait
    """How long it takes."""
