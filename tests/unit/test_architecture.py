"""Imports run downward only, read from the source of every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import ehc_sim
from ehc_sim import pathway
from ehc_sim.pathway import nodes

pytestmark = pytest.mark.unit

HOUSE = Path(ehc_sim.__file__).parent

MAY_IMPORT: dict[str, set[str]] = {
    "version": set(),
    "compiled": set(),
    "plain_text": set(),
    "machine": set(),
    "counted": {"compiled", "machine"},
    "streams": {"counted"},
    "tables": set(),
    "spreadsheet": set(),
    "small_counts": set(),
    "inputs": set(),
    "calendars": {"inputs"},
    "catalogue": {"calendars", "pathway.milestones"},
    "scenario": {"plain_text", "inputs", "calendars"},
    "demand": {"inputs", "streams", "calendars", "scenario"},
    "pathway": {
        "inputs",
        "streams",
        "tables",
        "calendars",
        "scenario",
        "counted",
        "compiled",
        "machine",
    },
    "measures": {
        "catalogue",
        "compiled",
        "tables",
        "calendars",
        "pathway.cases",
        "pathway.log",
        "pathway.milestones",
    },
    "experiment": {
        *("inputs", "streams", "tables", "calendars", "scenario", "demand", "pathway"),
        *("measures", "catalogue"),
        *("version", "counted", "spreadsheet", "small_counts"),
    },
    "present": {"catalogue", "version", "spreadsheet", "small_counts"},
}
"""What each part of the house may know, beside itself. What is not named here stands at the door
(``api``, ``cli`` and their like) and may know everything."""

NO_CHANCE_OR_CLOCK = ("simpy", "numpy.random", "random", "scipy", "statsmodels")
"""What a part that computes nothing has no use for."""


def modules() -> dict[str, Path]:
    """Return every module of the program by its name within it."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = path
    return found


def imported(path: Path) -> Iterator[str]:
    """Give the full name of everything that a module imports, wherever in its text."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, part: str) -> bool:
    return name == part or name.startswith(f"{part}.")


MODULES = modules()
GUARDED = [name for name in MODULES if name.split(".")[0] in MAY_IMPORT]


@pytest.mark.parametrize("name", GUARDED)
def test_a_module_knows_only_what_lies_below_it(name: str) -> None:
    part = name.split(".")[0]
    allowed = {part, *MAY_IMPORT[part]}
    own = [
        one.removeprefix("ehc_sim.") for one in imported(MODULES[name]) if within(one, "ehc_sim")
    ]
    above = [one for one in own if not any(within(one, known) for known in allowed)]
    assert above == []


@pytest.mark.parametrize("part", ["present", "measures"])
def test_what_shows_or_measures_draws_no_random_numbers_and_runs_no_clock(part: str) -> None:
    for name, path in MODULES.items():
        if within(name, part):
            found = [
                one for one in imported(path) if any(within(one, bad) for bad in NO_CHANCE_OR_CLOCK)
            ]
            text = path.read_text(encoding="utf-8")
            assert found == [], name
            assert "np.random" not in text, name


def test_only_the_pathway_knows_simpy() -> None:
    knows = {
        name for name, path in MODULES.items() for one in imported(path) if within(one, "simpy")
    }
    assert knows
    assert {name.split(".")[0] for name in knows} == {"pathway"}


def test_every_part_named_is_there() -> None:
    """A part that is renamed must not slip out of the rules above."""
    assert {name.split(".")[0] for name in MODULES} >= set(MAY_IMPORT)


def test_only_single_files_stand_at_the_door() -> None:
    """A folder needs rules of its own above."""
    assert [name for name in MODULES if "." in name and name not in GUARDED] == []


def test_what_the_pathway_names_can_be_imported_from_it() -> None:
    """Types that are a choice of several, such as a node, as well as classes and functions."""
    for name in pathway.__all__:
        assert getattr(pathway, name) is not None
    assert pathway.Node is nodes.Node
    with pytest.raises(AttributeError, match="Nothing"):
        _ = pathway.Nothing
