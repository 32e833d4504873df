"""Imports run downward only, read from the source of every module."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import ehc_sim
from ehc_sim import network
from ehc_sim.network import nodes

pytestmark = pytest.mark.unit

HOUSE = Path(ehc_sim.__file__).parent

MAY_IMPORT: dict[str, set[str]] = {
    "version": set(),
    "safe": set(),
    "tables": set(),
    "garbage": set(),
    "inputs": set(),
    "jit": set(),
    "rng": {"jit"},
    "calendars": {"inputs"},
    "catalogue": {"calendars", "journey.milestones"},
    "scenario": {"safe", "inputs", "calendars", "network.orders"},
    "network": {"jit", "rng", "calendars"},
    "engines.simpy": {"garbage", "calendars", "network"},
    "engines.compiled": {"jit", "calendars", "network"},
    "engines": {"network"},
    "staff": {"jit", "rng", "calendars", "scenario", "network"},
    "demand": {"inputs", "tables", "rng", "calendars", "scenario"},
    "journey": {"inputs", "rng", "calendars", "scenario", "network", "staff"},
    "measures": {
        *("catalogue", "jit", "tables", "calendars", "network"),
        *("journey.cases", "journey.milestones"),
    },
    "experiment": {
        *("version", "safe", "inputs", "tables", "rng", "calendars", "scenario", "demand"),
        *("network", "engines", "staff", "journey", "measures", "catalogue"),
    },
    "calibration": {
        *("tables", "rng", "calendars", "demand", "catalogue", "scenario", "network.orders"),
        *("engines", "measures", "experiment"),
    },
    "present": {"catalogue", "version", "safe"},
}
"""What each part of the house may know, beside itself. What is not named here stands at the door
(``api``, ``cli`` and ``jobs``) and may know everything."""

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


def part_of(name: str) -> str:
    """Return the smallest part of the house with rules of its own that a module belongs to."""
    return max((part for part in MAY_IMPORT if within(name, part)), key=len, default="")


GUARDED = [name for name in MODULES if part_of(name)]


@pytest.mark.parametrize("name", GUARDED)
def test_a_module_knows_only_what_lies_below_it(name: str) -> None:
    part = part_of(name)
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


def test_only_its_own_model_knows_simpy() -> None:
    knows = {
        name for name, path in MODULES.items() for one in imported(path) if within(one, "simpy")
    }
    assert knows
    assert {part_of(name) for name in knows} == {"engines.simpy"}


def test_every_part_named_is_there() -> None:
    """A part that is renamed must not slip out of the rules above."""
    assert [part for part in MAY_IMPORT if not any(within(name, part) for name in MODULES)] == []


def test_only_the_door_has_no_rules() -> None:
    """A new folder needs rules of its own above."""
    assert {name.split(".")[0] for name in MODULES if name not in GUARDED} == {"api", "cli", "jobs"}


def test_no_part_is_over_a_fifth_of_the_house() -> None:
    lines = Counter[str]()
    for path in MODULES.values():
        lines[path.relative_to(HOUSE).parts[0]] += len(path.read_text("utf-8").splitlines())
    assert max(lines.values()) < lines.total() / 5, lines.most_common(3)


def test_what_the_network_names_can_be_imported_from_it() -> None:
    """Types that are a choice of several, such as a node, as well as classes and functions."""
    for name in network.__all__:
        assert getattr(network, name) is not None
    assert network.Node is nodes.Node
    with pytest.raises(AttributeError, match="Nothing"):
        _ = network.Nothing
