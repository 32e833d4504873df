"""JSON Schemas of scenario files, so that editors can complete and check them.

A file starts with ``#:schema ../scenario.schema.json``, or ``../extending.schema.json`` where it
extends another.
"""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from ehc_sim.scenario.changes import KINDS, WITH_LEVERS
from ehc_sim.scenario.part import Part
from ehc_sim.scenario.schema import Settings


def descriptions(part: type[BaseModel]) -> dict[str, str]:
    """Return the docstring below each setting of a table, by the setting's name."""
    found = {name: one.description for name, one in part.model_fields.items() if one.description}
    for kind in reversed(part.__mro__):
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            found |= _of_module(kind.__module__).get(kind.__qualname__, {})
    return found


@cache
def _of_module(name: str) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(import_module(name)))
    return {node.name: _of_class(node) for node in tree.body if isinstance(node, ast.ClassDef)}


def _of_class(node: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for one, following in zip(node.body, node.body[1:], strict=False):
        if (
            isinstance(one, ast.AnnAssign)
            and isinstance(one.target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
            and isinstance(following.value.value, str)
        ):
            found[one.target.id] = inspect.cleandoc(following.value.value)
    return found


WHOLE, EXTENDING = "scenario.schema.json", "extending.schema.json"
"""Names of the two files."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ScenarioFile(Settings):
    """A scenario of the EHC assessment pathway."""

    name: str
    """What it is called, in tables and charts."""
    why: str
    """Why it is considered."""
    leaves_out: list[str] = Field(default_factory=list)
    """Paths of settings and tables that are left out on purpose: those of the files that it
    extends, with the changes to them; "plans" where a caseload has no plans in hand beside it."""
    change: list[WITH_LEVERS] = Field(default_factory=list)
    """What changes, from when until when; applied in order."""


class ExtendingFile(ScenarioFile):
    """A scenario that extends another: only what differs from it."""

    extends: str
    """Path of the scenario that it extends, relative to this file."""
    takes_over: list[str] = Field(default_factory=list)
    """Paths of settings of another council that this one takes over on purpose."""


def whole_schema() -> dict[str, Any]:
    """Return the JSON Schema of a file that extends no other."""
    schema = _tidied(_described(ScenarioFile))
    return {"$schema": _DIALECT, **_with_one_kind(schema)}


def extending_schema() -> dict[str, Any]:
    """Return the JSON Schema of a file that extends another: no settings are required in it."""
    schema = _tidied(_described(ExtendingFile))
    for name, part in schema["$defs"].items():
        if name not in ("Number", "Block"):
            part.pop("required", None)
    schema["required"] = ["extends", "name", "why"]
    for table in schema["properties"].values():
        table.pop("minProperties", None)
    return {"$schema": _DIALECT, **_with_one_kind(schema)}


def write(folder: Path) -> None:
    """Write both schemas into a folder.

    Parameters
    ----------
    folder : Path
        The folder of the shipped scenarios.
    """
    for name, text in texts().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def texts() -> dict[str, str]:
    """Return the text of each schema by the name of its file."""
    return {WHOLE: _text(whole_schema()), EXTENDING: _text(extending_schema())}


def _described(model: type[Part]) -> dict[str, Any]:
    """Return the schema that pydantic makes of a model, with what its settings mean."""
    schema = model.model_json_schema()
    tables = {part.__name__: part for part in _below(Part)}
    for name, table in {model.__name__: schema, **schema["$defs"]}.items():
        if name not in tables:
            continue
        meant = descriptions(tables[name])
        for field, info in tables[name].model_fields.items():
            if field in meant:
                table["properties"][info.alias or field]["description"] = meant[field]
    return schema


def _below(part: type[Part]) -> Iterator[type[Part]]:
    for one in part.__subclasses__():
        yield one
        yield from _below(one)


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _with_one_kind(schema: dict[str, Any]) -> dict[str, Any]:
    schema["$defs"]["Block"]["oneOf"] = [{"required": [kind]} for kind in KINDS]
    return schema


def _tidied(schema: Any, named: bool = False) -> Any:  # noqa: ANN401
    """Return a schema without machine-made titles, and with numbers as a file has them.

    Parameters
    ----------
    schema : any
    named : bool
        Whether its keys are names of settings, which may be ``title`` or ``default``.
    """
    if isinstance(schema, list):
        return [_tidied(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if named:
        return {name: _tidied(one) for name, one in schema.items()}
    kept = {
        key: _plain(value) if key == "default" else _tidied(value, key in ("properties", "$defs"))
        for key, value in schema.items()
        if key != "title" and not (key == "default" and value is None)
    }
    if "description" in kept:
        kept["description"] = kept["description"].replace("``", "")
    allowed = kept.pop("allowed", None)
    if allowed is not None:  # of a number: editors show the description
        kept["description"] = f"{kept.get('description', '')} Allowed: {allowed}.".strip()
    kinds = [kind for kind in kept.pop("anyOf", []) if kind != {"type": "null"}]  # TOML has no null
    if len(kinds) != 1:
        return kept | ({"anyOf": kinds} if kinds else {})
    said = [one["description"] for one in (kept, kinds[0]) if "description" in one]
    return kept | kinds[0] | ({"description": " ".join(said)} if said else {})


def _plain(default: Any) -> Any:  # noqa: ANN401
    """Return a default as a file would give it: a certain number is just the number."""
    if isinstance(default, dict) and default.keys() >= {"low", "likely", "high"}:
        return default["likely"]
    if isinstance(default, dict):
        return {name: _plain(one) for name, one in default.items()}
    return [_plain(one) for one in default] if isinstance(default, list | tuple) else default
