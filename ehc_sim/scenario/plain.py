"""What is wrong with a table of settings, in plain English."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ehc_sim.scenario.faults import describe, listed, nearest
from ehc_sim.scenario.numbers import FROM_FILE
from ehc_sim.scenario.paths import Spot, spot_at
from ehc_sim.scenario.positions import Where

Problem = tuple[Where, str]
"""Path of what is wrong; what was found and what is allowed."""

Table = TypeVar("Table", bound=BaseModel)


def checked(model: type[Table], values: Mapping[str, Any]) -> tuple[Table | None, list[Problem]]:
    """Check what people wrote against the model of a table.

    Parameters
    ----------
    model : type of BaseModel
    values : Mapping
        As read from a file.

    Returns
    -------
    tuple
        The table, or None where something is wrong with it; and everything that is wrong.
    """
    try:
        return model.model_validate(values, context=FROM_FILE), []
    except ValidationError as error:
        details = error.errors(include_url=False)
    problems = [_problem(model, values, one) for one in details]
    return None, list(dict.fromkeys(problems))


def _problem(model: type[BaseModel], values: Mapping[str, Any], error: ErrorDetails) -> Problem:
    where = error["loc"]
    if where[-1:] == ("[key]",):  # of a name that people chose
        where = where[:-1]
    found = describe(error["input"])
    if error["type"] == "value_error":
        return where, str(error["ctx"]["error"])
    if error["type"] == "extra_forbidden":
        return where, _unknown(str(where[-1]), spot_at(where[:-1], model))
    if error["type"] == "missing" and isinstance(where[-1], int):  # a list that is too short
        where, error["type"] = where[:-1], "too_short"
    spot = spot_at(where, model)
    allowed = spot.allowed() if spot else error["msg"]
    if error["type"] == "missing":
        return where, f"found nothing, allowed is {allowed}{_meant(where, model, values)}"
    if error["type"] == "too_short" and spot and spot.is_named:
        return where, "found an empty table, allowed is at least one entry"
    if error["type"] == "too_long" and spot and spot.is_named:
        most = error["ctx"]["max_length"]
        return where, f"found {len(error['input'])} entries, allowed is {most} at most"
    if error["type"] == "too_long" and spot and get_args(spot.kind)[1:] == (...,):
        most = error["ctx"]["max_length"]
        return where, f"found {len(error['input'])}, allowed is {most} entries at most"
    if error["type"] in ("too_short", "too_long"):
        return where, f"found a list of another length, allowed is {allowed}"
    if error["type"] in ("greater_than_equal", "less_than_equal"):
        return where, f"found {found}, allowed is {_bounds(model, where)}"
    if error["type"] == "literal_error" and isinstance(error["input"], str):
        near = nearest(error["input"], allowed.replace('"', "").split(", "))
        return where, f"found {found}, allowed is {allowed}" + (
            f'; did you mean "{near}"?' if near else ""
        )
    return where, f"found {found}, allowed is {allowed}"


def _unknown(name: str, table: Spot | None) -> str:
    known = table.keys() if table else []
    near = nearest(name, known)
    rest = f'did you mean "{near}"?' if near else f"allowed is {listed(known)}"
    return f'found the unknown key "{name}", {rest}'


def _bounds(model: type[BaseModel], where: Where) -> str:
    spot = spot_at(where[:-1], model)
    schema = spot.kind.model_json_schema()["properties"][where[-1]] if spot else {}
    return f"a whole number from {schema.get('minimum')} to {schema.get('maximum')}"


def _meant(where: Where, model: type[BaseModel], values: Mapping[str, Any]) -> str:
    """Offer another name where an incomplete entry looks like a mistyped one."""
    for length in range(1, len(where)):
        spot = spot_at(where[:length], model)
        if spot is None or not spot.is_named:
            continue
        table: Any = values
        for part in where[:length]:
            table = table[part]
        name = str(where[length])
        near = get_close_matches(name, [other for other in table if other != name], 1, 0.8)
        if near:
            return f'; did you mean "{near[0]}" instead of "{name}"?'
    return ""
