"""The JSON Schemas for editors agree with the models and accept the shipped files."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docs import json_schema
from ehc_sim.scenario.schema import Settings
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

SHIPPED = Path(__file__).parents[2] / "scenarios"
FILES = sorted([*SHIPPED.rglob("*.toml"), *SMALL.glob("*.toml")])


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def mistakes(values: dict[str, Any]) -> list[str]:
    name = json_schema.EXTENDING if "extends" in values else json_schema.WHOLE
    schema = json.loads((SHIPPED / name).read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [error.message for error in checker.iter_errors(as_json(values))]


def test_published_schemas_are_those_of_the_models() -> None:
    assert json_schema.up_to_date(SHIPPED), "write them again with json_schema.write"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_shipped_files_are_accepted(file: Path) -> None:
    assert mistakes(tomllib.loads(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_shipped_files_name_the_schema_that_fits(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    first = text.split("\n")[0].removeprefix("#:schema ")
    name = json_schema.EXTENDING if "extends" in tomllib.loads(text) else json_schema.WHOLE
    assert (file.parent / first).resolve() == (SHIPPED / name).resolve()


def test_schemas_are_valid_and_hide_inner_fields() -> None:
    for schema in (json_schema.whole_schema(), json_schema.extending_schema()):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert '"steps"' not in json.dumps(schema)
        assert '"key"' not in json.dumps(schema)
        assert set(Settings.model_fields) <= set(schema["properties"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"drafting": {"rewrok": 0.1}},
        {"drafting": {"rework": "much"}},
        {"drafting": {"rework": {"value": 1, "key": "x"}}},
        {"drafting": {"rework": {"low": 1, "high": 2}}},
        {"panels": {"x": {"every_weeks": 60}}},
        {"teams": {"x": {"order": "oldest"}}},
        {"change": [{"what": "a", "set": 1, "add": 1}]},
        {"change": [{"what": "a"}]},
        {"period": {"plan_from": "soon"}},
    ],
)
def test_mistakes_are_found_in_an_extending_file(wrong: dict[str, Any]) -> None:
    assert len(mistakes({"extends": "a.toml", "name": "x", "why": "y", **wrong})) > 0
    assert mistakes({"extends": "a.toml", "name": "x", "why": "y"}) == []


def test_whole_file_must_be_complete() -> None:
    missing = " ".join(mistakes({"name": "x", "why": "y"}))
    for table in ("council", "teams", "panels", "costs"):
        assert f"'{table}' is a required property" in missing
