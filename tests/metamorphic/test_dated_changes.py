"""A change on a date rewrites nothing before it, whatever of the schema it changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pandas as pd
import pytest

from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.marked import all_spots, holds_for_whole_run, spots_on
from ehc_sim.scenario.marks import AFile, Names
from ehc_sim.scenario.paths import Spot
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.tree import dotted
from tests.every_number import full, range_at
from tests.runs import events_before, run_once

pytestmark = pytest.mark.metamorphic

ON = date(2025, 4, 1)
LIST_CLOSES = timedelta(days=14)
"""The list of a panel's sitting closes so long before it at most: a panel that is changed from a
day on has its first other sitting after that day, and the list of it before."""

AT_ONCE = 150
HEAD = 'extends = "full.toml"\nname = "Another"\nwhy = "To see"\n'


def settings_of(scenario: Scenario) -> Iterator[tuple[Where, Spot, Any]]:
    """Give every setting of a scenario that is no table, with its value on the first day."""

    def below(where: Where, spot: Spot, value: Any) -> Iterator[tuple[Where, Spot, Any]]:
        if spot.is_number or not (spot.is_table or spot.is_named):
            yield where, spot, value
            return
        table = value if isinstance(value, Mapping) else dict(value or {})
        for name, inner in table.items():
            inside = spot.inside(name)
            assert inside is not None, (where, name)
            yield from below((*where, name), inside, inner)

    yield from below((), Spot(Settings), scenario.base)


def histories(events: pd.DataFrame) -> Counter[tuple[tuple[Any, ...], ...]]:
    """Return what happened to cases, whatever their numbers.

    Places are kept for all who may ask again, and for the phase transfers of the plans that they
    may have, so that more of them move the numbers; one that comes to nothing leaves at once.
    """
    cases: dict[int, list[tuple[Any, ...]]] = {}
    for case, *event in events[["case", "node", "event", "minute"]].itertuples(index=False):
        cases.setdefault(case, []).append(tuple(event))
    return Counter(
        tuple(sorted(one, key=lambda e: (e[2], e[0], e[1])))
        for one in cases.values()
        if not any(node == "no transfer needed" for node, _, _ in one)
    )


def starred(where: Where) -> Where:
    """Return a path with a star for each name that people choose."""
    spots = spots_on(where)
    assert spots is not None
    return tuple("*" if spot.is_named else part for part, spot in zip(where, spots, strict=False))


def another(where: Where, spot: Spot, value: Any, scenario: Scenario) -> str:
    """Return another value that a setting can have, as a file has it."""
    if spot.is_number:
        limits = range_at(where)
        assert limits is not None
        now = float(value) if value is not None else limits.low
        if now <= limits.low:
            return repr(limits.low + 0.02 * (limits.high - limits.low))
        return repr(now * 1.1 if now * 1.1 <= limits.high else now * 0.8)
    if get_origin(spot.kind) is Literal:
        return json.dumps(next(one for one in get_args(spot.kind) if one != value))
    if spot.kind is bool:
        return json.dumps(not value)
    if spot.kind is int:
        return str(value + 1)
    if spot.kind is date:
        return "2025-02-01"
    if where[-1] == "ahead":
        return '["waited long"]'
    names = [mark.table for mark in spot.marks if isinstance(mark, Names)]
    if names:
        others = [name for name in getattr(scenario.base, names[0]) if name != value]
        return json.dumps([*others, "another"][0])
    return json.dumps("another") if spot.kind is str else "[1, 1, 1, 1, 2]"


def all_changes(scenario: Scenario) -> dict[Where, str]:
    """Return a dated change of every setting of a scenario, by its path."""
    found = {}
    for where, spot, value in settings_of(scenario):
        if where[0] == "advice":
            giver = scenario.base.advice[str(where[1])]
            of_assistants = where[-1] in ("assistant_share", "sign_off_hours")
            if of_assistants and giver.assistant_team is None:
                continue
            if where[-1] == "agency_check_hours" and giver.team is None:
                continue
        if where[-1] in ("newest_share", "weeks_to_go"):
            continue  # refused without an order that reads it, and orders are tried one at a time
        what = json.dumps(dotted(where), ensure_ascii=False)
        new = another(where, spot, value, scenario) if value != {} else "{}"
        found[where] = f"[[change]]\nwhat = {what}\nset = {new}\nfrom = {ON}\n"
    return found


def accepted(
    folder: Path, changes: dict[Where, str]
) -> tuple[Scenario, dict[Where, str], dict[Where, str]]:
    """Return a scenario with all changes that are not refused, them, and why others are."""
    left, refused = dict(changes), dict[Where, str]()
    while True:
        blocks = list(left)
        text = HEAD + "".join(left.values())
        starts = [n for n, line in enumerate(text.split("\n"), 1) if line == "[[change]]"]
        (folder / "another.toml").write_text(text, encoding="utf-8")
        try:
            return load(folder / "another.toml"), left, refused
        except BadInput as bad:
            for fault in bad.faults:
                assert fault.line is not None, fault
                place = sum(start <= fault.line for start in starts) - 1
                refused[blocks[place]] = str(fault)
            assert refused.keys() & left.keys(), bad
            left = {where: block for where, block in left.items() if where not in refused}


def test_a_dated_change_of_any_setting_is_refused_or_leaves_the_past_alone(tmp_path: Path) -> None:
    scenario = full(tmp_path)
    changes = all_changes(scenario)
    assert len(changes) > 250
    dated = {where for where in changes if not holds_for_whole_run(where)}
    before = run_once(scenario)
    some = histories(events_before(before, ON - LIST_CLOSES))
    assert some.total() > 600
    all_made, all_refused = set[Where](), dict[Where, str]()
    for first in range(0, len(changes), AT_ONCE):
        part = dict(list(changes.items())[first : first + AT_ONCE])
        changed, made, refused = accepted(tmp_path, part)
        after = run_once(changed)
        assert some == histories(events_before(after, ON - LIST_CLOSES))
        assert len(before.log.events) != len(after.log.events)
        all_made |= made.keys()
        all_refused |= refused
    assert all_made <= dated
    untried = set(map(starred, dated)) - set(map(starred, all_made))
    assert not untried, {one: why for one, why in all_refused.items() if starred(one) in untried}


def test_every_setting_that_may_change_on_a_date_is_tried(tmp_path: Path) -> None:
    scenario = full(tmp_path)
    tried = {starred(where) for where, _, _ in settings_of(scenario)}
    single = {where for where, spot in all_spots() if not list(spot.any_inside())}
    assert single, "the schema has settings"
    # Those of no_plan_appeals stand for the same orders as no_plan_overturned, which is tried.
    tried |= {where for where in single if where[:2] == ("disputes", "no_plan_appeals")}
    tried |= {(*where, 0) for where in tried if where[-1] == "ahead"}  # a list is tried as a whole
    left = {where for where in single - tried if not holds_for_whole_run(where)}
    assert not left, sorted(map(dotted, left))


@pytest.mark.parametrize(
    ("where", "table"),
    [(where, spot) for where, spot in all_spots() if spot.kind is str],
    ids=lambda one: dotted(one) if isinstance(one, tuple) else "",
)
def test_every_text_says_what_it_is(where: Where, table: Spot) -> None:
    said = [m for m in table.marks if isinstance(m, Names | AFile) or hasattr(m, "func")]
    assert said, f"{dotted(where)}: a name of a team, a panel, a file, a name or a text?"
