"""One open case of a caseload, and the columns of the file that it is read from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ehc_sim.journey.as_at import AS_AT
from ehc_sim.scenario.csv_table import COUNCIL
from ehc_sim.scenario.schema import Settings

COLUMNS = (
    *("reference", COUNCIL, AS_AT, "received", "step", "since", "source", "age", "need", "area"),
    *("ordered", "decided", "hours_done"),
)
"""Columns that do not depend on the scenario."""


@dataclass(frozen=True)
class OpenAdvice:
    """A piece of advice that was asked for.

    Attributes
    ----------
    asked : date
        Day on which it was asked for.
    came_in : date or None
        Day on which it came in; None where it is outstanding.
    minutes_done : int
        Minutes that the team has worked on it.
    """

    asked: date
    came_in: date | None = None
    minutes_done: int = 0


@dataclass(frozen=True)
class CaseRow:
    """One open case of a caseload.

    Attributes
    ----------
    reference : str
        The council's reference.
    received : date
        Day on which the request was received.
    step : str
        Step at which the case is.
    since : date
        Day on which it came there.
    source, need, area : str
        Who asked, primary need and area, as in ``requests``.
    age : int
        Age in years at the request.
    ordered : date or None
        Day of an order to assess after a refusal; None on the first clock.
    decided : date or None
        Day on which the family was told the decision to assess.
    minutes_done : int
        Minutes already worked at the step.
    advice : mapping of str to OpenAdvice
        Advice asked for, by advice provider.
    """

    reference: str
    received: date
    step: str
    since: date
    source: str
    age: int
    need: str
    area: str
    ordered: date | None = None
    decided: date | None = None
    minutes_done: int = 0
    advice: Mapping[str, OpenAdvice] = field(default_factory=dict)


def asked_column(giver: str) -> str:
    """Return the name of the column with the day on which an advice provider was asked."""
    return f"{giver} asked"


def in_column(giver: str) -> str:
    """Return the name of the column with the day on which an advice provider's advice came in."""
    return f"{giver} in"


def hours_column(giver: str) -> str:
    """Return the name of the column with the hours that an advice provider's team has worked."""
    return f"{giver} hours"


def columns(settings: Settings) -> tuple[str, ...]:
    """Return the columns of a caseload in a scenario, in order.

    For each advice provider there is one for the day asked and one for the day on which the advice
    came in; for those that are a team of the scenario one for the hours worked, which may be left
    out of a file.
    """
    names = list(COLUMNS)
    for giver, advice in settings.advice.items():
        names += [asked_column(giver), in_column(giver)]
        names += [hours_column(giver)] if advice.team is not None else []
    return tuple(names)
