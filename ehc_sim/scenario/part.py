"""What every table of a scenario file has in common; tables that stand at several places."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from ehc_sim.scenario.marks import Mark
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
    as_a_whole: ClassVar[Mark | None] = None
    """Whether the table may be set as a whole on a date (``ON_A_DATE``; what in it holds for the
    whole run must then stay) or not (``WHOLE_RUN``). By default it may where all in it may."""


class Wait(Part):
    """Time that passes without anybody of a team working: a service's turnaround, a family's time.

    Lognormal with the given mean and spread; no spread means always the mean.
    """

    as_a_whole = Mark.ON_A_DATE
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

    as_a_whole = Mark.WHOLE_RUN
    share: Share
    """Share of cases."""
    wait: Wait
    """How long it takes."""
