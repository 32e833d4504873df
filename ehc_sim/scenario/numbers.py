"""A number in a scenario: certain or uncertain, with where it comes from."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from ehc_sim.scenario.faults import ENDLESS, describe, not_known
from ehc_sim.scenario.levers import LEVERS

FROM_FILE = "from a file"
"""Validation context of what people wrote: the inner fields of a number cannot be set there."""

POINTS = ("low", "likely", "high")
"""The three points of an uncertain number."""

_WORDS = ("source", "note")
_FITTED = "fitted"


class Step(BaseModel):
    """One change applied to a number after it is drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: str
    """What is done with the amount: a key of ``LEVERS``."""
    amount: Number
    """By how much."""


class Number(BaseModel):
    """A number that may be uncertain and may carry its source.

    In a file it is written ``12``, ``{ value = 12, source = "…" }`` or
    ``{ low = 10, likely = 12, high = 16, source = "…" }``. An uncertain number has a
    triangular distribution with those three points and is drawn once a replication.

    Attributes
    ----------
    low, likely, high : float
        Smallest, most likely and largest value; equal when the number is certain.
    source : str or None
        Public source. A number without one is listed as an assumption.
    note : str or None
        Why this value, in words; shown with the assumption.
    fitted : bool
        Whether it was set so that the run-in agrees with published figures.
    key : str
        Path of the number in the scenario, such as ``drafting.hours.mean_hours``. It names the
        random number that draws the value, so the same number in two scenarios is the same draw.
    steps : tuple of Step
        Changes from ``[[change]]`` blocks, applied in order to the drawn value.
    column : str or None
        Column of the table of members that the value is taken from instead of being drawn; the
        three points are then the smallest, the middle and the largest value of the column.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    low: float
    likely: float
    high: float
    source: str | None = None
    note: str | None = None
    fitted: bool = False
    key: str = ""
    steps: tuple[Step, ...] = ()
    column: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, given: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
        if isinstance(given, int | float) and not isinstance(given, bool):
            if _is_endless(given):
                raise ValueError(f"found {describe(given)}, allowed is an ordinary number")
            return dict.fromkeys(POINTS, given)
        if isinstance(given, Mapping):
            problems = _problems(given) if info.context == FROM_FILE else []
            if problems:
                raise ValueError("; ".join(problems))
            if "value" in given:
                rest = {name: part for name, part in given.items() if name != "value"}
                return {**rest, **dict.fromkeys(POINTS, given["value"])}
            return given
        if isinstance(given, cls):
            return given
        raise ValueError(f"found {describe(given)}, allowed is a number")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for value in (self.low, self.likely, self.high):
            if not math.isfinite(value):
                raise ValueError(f"found {value:g}, allowed is an ordinary number")
        if not self.low <= self.likely <= self.high:
            found = ", ".join(f"{value:.10g}" for value in (self.low, self.likely, self.high))
            raise ValueError(f"found {found}, allowed is low, likely and high in rising order")
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the forms that a file may use, without the inner fields."""
        words: JsonSchemaValue = {word: {"type": "string"} for word in _WORDS}
        words[_FITTED] = {"type": "boolean"}
        forms: list[JsonSchemaValue] = [
            {
                "type": "object",
                "properties": {name: {"type": "number"} for name in names} | words,
                "required": list(names),
                "additionalProperties": False,
            }
            for names in (("value",), POINTS)
        ]
        return {
            "title": "Number",
            "description": "A number, or its low, likely and high value; with a source if any.",
            "anyOf": [{"type": "number"}, *forms],
        }

    def __float__(self) -> float:
        """Return the most likely value with the steps applied."""
        return self._through(self.likely, float) if self.steps else self.likely

    @property
    def uncertain(self) -> bool:
        """Whether the value differs between replications."""
        return self.low < self.high or any(step.amount.uncertain for step in self.steps)

    @property
    def smallest(self) -> float:
        """The smallest value it can take, steps applied."""
        return self._range()[0]

    @property
    def largest(self) -> float:
        """The largest value it can take, steps applied."""
        return self._range()[1]

    def __str__(self) -> str:
        """Return the number in words: ``12``, or ``10 to 16, most likely 12``."""
        words = f"{self.likely:,.10g}"
        if self.low < self.high:
            by = "" if self.column is None else " by explanation"
            words = f"{self.low:,.10g} to {self.high:,.10g}{by}, most likely {words}"
        for step in self.steps:
            words += f"; {LEVERS[step.kind].step} {step.amount}"
        return words

    def drawn(
        self, uniform: Callable[[str], float], member: Mapping[str, float] | None = None
    ) -> float:
        """Return this replication's value.

        Parameters
        ----------
        uniform : callable
            Gives the uniform number in [0, 1) that belongs to a key in this replication.
        member : mapping of str to float, optional
            What the replication's member has in each column; the most likely value of a column
            where there is none.
        """
        if self.column is not None:
            value = self.likely if member is None else member[self.column]
        else:
            value = self.quantile(uniform(self.key)) if self.low < self.high else self.likely
        return self._through(value, lambda number: number.drawn(uniform))

    def made_certain(self, value: float) -> Self:
        """Return the number with one of its values as the only one; it is not checked again."""
        points = dict.fromkeys(POINTS, value)
        return self.model_copy(update={**points, "steps": (), "column": None})

    def quantile(self, u: float) -> float:
        """Return the quantile of the triangular distribution, before the steps.

        Parameters
        ----------
        u : float
            Probability in [0, 1].
        """
        if self.low == self.high:
            return self.likely
        width = self.high - self.low
        mode = (self.likely - self.low) / width
        if u < mode:
            return self.low + width * math.sqrt(u * mode)
        return self.high - width * math.sqrt((1 - u) * (1 - mode))

    def _through(self, value: float, drawn: Callable[[Number], float]) -> float:
        for step in self.steps:
            value = LEVERS[step.kind].apply(value, drawn(step.amount))
        return value

    def _range(self) -> tuple[float, float]:
        low, high = self.low, self.high
        for step in self.steps:
            amounts = (step.amount.smallest, step.amount.largest)
            apply = LEVERS[step.kind].apply
            ends = [apply(value, amount) for value in (low, high) for amount in amounts]
            low, high = min(ends), max(ends)
        return low, high


def _problems(given: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the table of a number that people wrote."""
    allowed = ("value", *POINTS, *_WORDS, _FITTED)
    problems = [f"unknown key: {not_known(name, allowed)}" for name in given if name not in allowed]
    if not isinstance(given.get(_FITTED, False), bool):
        found = describe(given[_FITTED])
        problems.append(f"{_FITTED}: found {found}, allowed is true or false")
    for name in given.keys() & {*allowed} - {_FITTED}:
        kind, needed = (str, "text") if name in _WORDS else (int | float, "a number")
        if not isinstance(given[name], kind) or isinstance(given[name], bool):
            problems.append(f"{name}: found {describe(given[name])}, allowed is {needed}")
        elif name not in _WORDS and _is_endless(given[name]):
            found = describe(given[name])
            problems.append(f"{name}: found {found}, allowed is an ordinary number")
    points = [name for name in POINTS if name in given]
    if "value" in given and points:
        problems.append("found value and " + " and ".join(points) + ", allowed is one or the other")
    elif "value" not in given and len(points) < len(POINTS) and not problems:
        found = " and ".join(points) or "none of them"
        problems.append(f"found {found}, allowed is value, or low, likely and high")
    return problems


def _is_endless(value: float) -> bool:
    """Return whether a whole number is larger than floating-point numbers are."""
    return isinstance(value, int) and abs(value) >= 10**ENDLESS


def fixed(value: float) -> Number:
    """Return a certain number."""
    return Number(low=value, likely=value, high=value)


def number_of(given: Any) -> Number | None:  # noqa: ANN401
    """Return what people wrote as a number, or None where it is no number."""
    try:
        return Number.model_validate(given, context=FROM_FILE)
    except ValidationError:
        return None
