"""Scenario files: what was written is what is read, and every key has its line."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehc_sim.network.orders import OVERDUE
from ehc_sim.safe.plain_text import normal
from ehc_sim.scenario import BadInput, load
from ehc_sim.scenario.names import alike, fault_of_name
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.paths import split
from ehc_sim.scenario.positions import Where, lines_of
from ehc_sim.scenario.tree import dotted
from tests.scenario_files import SMALL

pytestmark = pytest.mark.property

BASELINE, WHOLE_SERVICE = (
    tomllib.loads((SMALL / f"{name}.toml").read_text(encoding="utf-8"))
    for name in ("baseline", "whole_service")
)
SOURCES = [{}, {"source": "A book, p. 3"}, {"note": 'Said "so"\n# twice'}]
THEIR_WORK = ("disputes", "annual reviews", "phase transfers", "appeals about plans")
"""Kinds of work of the reviewing officers, for which posts can be reserved."""


def put_records(folder: str) -> None:
    for name in ("history.csv", "plans.csv"):
        shutil.copy(SMALL / name, folder)


def toml_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else toml_text(key)


def toml_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml(value: Any) -> str:
    """Return a value as TOML on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_key(k)} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return value.isoformat() if isinstance(value, date) else repr(value)


def written(tree: dict[str, Any], draw: st.DrawFn, where: tuple[str, ...] = ()) -> list[str]:
    """Return a tree as lines of TOML, in one of the many ways it can be written."""
    lines: list[str] = []
    tables: list[str] = []
    for key, value in tree.items():
        path = ".".join(toml_key(part) for part in (*where, key))
        if isinstance(value, dict) and value:
            style = draw(st.sampled_from(["header", "inline", "dotted"]))
            if style == "header":
                tables += [f"[{path}] # {style}", *written(value, draw, (*where, key))]
                continue
            if style == "dotted":
                lines += [f"{toml_key(key)} . {toml_key(k)} = {toml(v)}" for k, v in value.items()]
                continue
        elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            for one in value:
                tables += ["", f"[[{path}]]", *written(one, draw, (*where, key))]
            continue
        elif isinstance(value, list) and draw(st.booleans()):
            items = "".join(f"  {toml(one)}, # ]\n" for one in value)
            lines.append(f"{toml_key(key)} = [\n{items}]")
            continue
        lines.append(f"{toml_key(key)}={toml(value)}")
    return [*lines, *draw(st.sampled_from([[], ["", "# note = [1]"]])), *tables]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
plain_names = (
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=8)
    .map(lambda text: " ".join(normal(text).split()))
    .filter(lambda text: fault_of_name(text) is None)
)
leaves = (
    st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | texts
    | st.dates()
)
tables = st.recursive(
    st.dictionaries(texts, leaves, max_size=4),
    lambda inner: st.dictionaries(
        texts,
        leaves | inner | st.lists(leaves, max_size=3) | st.lists(inner, max_size=3),
        max_size=4,
    ),
    max_leaves=12,
)


def paths_of(value: Any, where: Where = ()) -> Iterator[Where]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*where, key)
        if isinstance(one, dict | list):
            yield from paths_of(one, (*where, key))


@given(st.data(), tables)
@settings(deadline=None)
def test_every_key_that_is_read_has_a_line_with_its_name(
    data: st.DataObject, tree: dict[str, Any]
) -> None:
    text = "\n".join(written(tree, data.draw)) + "\n"
    lines = lines_of(text)
    rows = text.split("\n")
    assert set(paths_of(tomllib.loads(text))) == set(lines)
    for where, line in lines.items():
        if isinstance(where[-1], str):
            assert toml_key(where[-1]) in rows[line - 1]


@given(st.lists(st.text(st.characters(exclude_characters='"\n\r'), min_size=1), min_size=1))
def test_paths_survive_a_round_trip(parts: list[str]) -> None:
    parts = [part.strip() for part in parts]
    if all(parts):
        assert split(dotted(tuple(parts))) == tuple(parts)


@st.composite
def numbers(draw: st.DrawFn, low: float, high: float) -> Any:
    points = sorted(draw(st.lists(st.floats(low, high), min_size=3, max_size=3)))
    words = draw(st.sampled_from(SOURCES))
    uncertain = {**dict(zip(("low", "likely", "high"), points, strict=True)), **words}
    return draw(st.sampled_from([points[1], {"value": points[1], **words}, uncertain]))


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """Return Smallshire's tree with other numbers, other names and some changes."""
    tree: dict[str, Any] = json.loads(json.dumps(BASELINE, default=str))
    tree["period"], tree["target"] = BASELINE["period"], {**BASELINE["target"]}
    service = json.loads(json.dumps(WHOLE_SERVICE))
    for table in ("disputes", "meetings", "plans"):
        tree[table] = service[table]
    tree["teams"] |= service["teams"]
    tree["disputes"]["mediation"]["share"] = draw(numbers(0, 0.9))
    tree["plans"]["ceased_by_age"]["16-25"] = draw(numbers(0, 5))
    reserved = draw(st.sampled_from((*THEIR_WORK, OVERDUE)))
    tree["teams"]["reviewing officers"]["reserved"] = {reserved: draw(numbers(0, 1))}
    tree["name"] = draw(plain_names)
    tree["target"]["share"] = draw(numbers(0, 1))
    tree["drafting"]["rework"] = draw(numbers(0, 0.9))
    tree["decision_to_assess"]["odds_by_source"]["parent"] = draw(numbers(0.1, 9))
    team = tree["teams"].pop("plan writers")
    name = draw(plain_names.filter(lambda text: not alike([*tree["teams"], text])))
    tree["teams"][name] = {**team, "posts": draw(numbers(0.5, 50))}
    for table in (tree["requests"], tree["drafting"], tree["draft_to_final"], tree["meetings"]):
        for key in ("team", "registration_team"):
            if table.get(key) == "plan writers":
                table[key] = name
    firsts = st.dates(date(2023, 1, 1), date(2026, 6, 30))
    tree["change"] = [
        {
            "what": "drafting.effort.mean_hours",
            draw(st.sampled_from(["set", "add", "multiply"])): draw(numbers(0.1, 2.5)),
            "from": first,
            "until": first + timedelta(days=draw(st.integers(0, 180))),
            "one_off_cost": draw(numbers(0, 1e6)),
        }
        for first in draw(st.lists(firsts, max_size=3, unique=True))
    ]
    return tree


def as_number(given: Any) -> tuple[float, float, float, str | None, str | None]:
    number = Number.model_validate(given)
    return (number.low, number.likely, number.high, number.source, number.note)


@given(st.data(), scenarios())
@settings(deadline=None, max_examples=60)
def test_scenario_survives_a_round_trip(data: st.DataObject, tree: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        put_records(folder)
        file = Path(folder) / "x.toml"
        file.write_text("\n".join(written(tree, data.draw)) + "\n", encoding="utf-8", newline="\n")
        scenario = load(file)
    assert scenario.name == tree["name"]
    base = scenario.base
    team = base.requests.registration_team
    assert base.disputes is not None
    assert base.plans is not None
    for read, given_number in (
        (base.target.share, tree["target"]["share"]),
        (base.drafting.rework, tree["drafting"]["rework"]),
        (
            base.decision_to_assess.odds_by_source["parent"],
            tree["decision_to_assess"]["odds_by_source"]["parent"],
        ),
        (base.teams[team].posts, tree["teams"][team]["posts"]),
        (base.disputes.mediation.share, tree["disputes"]["mediation"]["share"]),
        (base.plans.ceased_by_age["16-25"], tree["plans"]["ceased_by_age"]["16-25"]),
        *zip(
            base.teams["reviewing officers"].reserved.values(),
            tree["teams"]["reviewing officers"]["reserved"].values(),
            strict=True,
        ),
    ):
        assert as_number(given_number) == (read.low, read.likely, read.high, read.source, read.note)
    assert base.requests.sources.keys() == tree["requests"]["sources"].keys()
    assert [(one.from_, one.until) for one in scenario.changes] == [
        (one["from"], one["until"]) for one in tree["change"]
    ]


@given(scenarios(), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=40)
def test_each_day_has_the_changes_of_that_day_and_no_others(
    tree: dict[str, Any], number: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        put_records(folder)
        file = Path(folder) / "x.toml"
        lines = [f"{toml_key(key)} = {toml(value)}" for key, value in tree.items()]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        scenario = load(file)
    day = date(2023, 1, 1) + timedelta(days=number % 1461)
    hours = float(tree["drafting"]["effort"]["mean_hours"])
    for one in tree["change"]:
        if one["from"] <= day <= one["until"]:
            kind = next(kind for kind in ("set", "add", "multiply") if kind in one)
            amount = float(Number.model_validate(one[kind]))
            hours = {"set": amount, "add": hours + amount, "multiply": hours * amount}[kind]
    assert float(scenario.on(day).drafting.effort.mean_hours) == hours


@given(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_draws_rise_with_the_uniform_number_and_stay_in_range(first: float, second: float) -> None:
    number = Number(low=10, likely=12, high=16)
    low, high = sorted((first, second))
    assert 10 <= number.quantile(low) <= number.quantile(high) <= 16


def with_damage(tree: Any, where: Where, draw: st.DrawFn) -> Any:
    """Return a tree in which one value is another of any kind, or is gone."""
    if not where:
        return draw(leaves | st.lists(leaves, max_size=2) | tables)
    if isinstance(tree, list):
        return [with_damage(v, where[1:], draw) if i == where[0] else v for i, v in enumerate(tree)]
    if len(where) == 1 and draw(st.booleans()):
        return {key: value for key, value in tree.items() if key != where[0]}
    return {**tree, where[0]: with_damage(tree[where[0]], where[1:], draw)}


@given(st.data(), scenarios())
@settings(deadline=None, max_examples=80)
def test_any_mistake_is_a_fault_with_its_line_and_never_a_crash(
    data: st.DataObject, tree: dict[str, Any]
) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.sampled_from(list(paths_of(tree))))
        tree = with_damage(tree, where, data.draw)
    with tempfile.TemporaryDirectory() as folder:
        put_records(folder)
        file = Path(folder) / "x.toml"
        lines = [f"{toml_key(key)} = {toml(value)}" for key, value in tree.items()]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        try:
            load(file)
        except BadInput as bad:
            for fault in bad.faults:
                assert fault.file == file
                assert fault.line is not None
                assert 1 <= fault.line <= max(len(lines), 1)
                assert "found " in fault.problem
                assert "allowed " in fault.problem or "did you mean" in fault.problem
                assert "Input should" not in fault.problem


@given(
    st.integers(0), st.integers(0, 30), st.sampled_from(['"', "[", "]", "{", "=", "é", "\0", ""])
)
@settings(deadline=None, max_examples=80)
def test_any_slip_of_the_pen_is_a_fault_and_never_a_crash(at: int, gone: int, put: str) -> None:
    text = (SMALL / "baseline.toml").read_text(encoding="utf-8")
    at %= len(text)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(SMALL / "history.csv", folder)
        file = Path(folder) / "x.toml"
        file.write_text(text[:at] + put + text[at + gone :], encoding="utf-8", newline="\n")
        try:
            load(file)
        except BadInput as bad:
            assert all(fault.file == file and fault.line for fault in bad.faults)
