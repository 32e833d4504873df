"""Runs a small service with every number of a scenario at both ends of its range, many at a time.

Started in a process of its own, since what compiled code cannot hold ends the process. Prints what
is about to be tried, and at the end how many values were run and how many were refused.
"""

from __future__ import annotations

import random
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from ehc_sim.experiment.before import faults_of_size_of
from ehc_sim.experiment.replication import Replicator
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.tree import dotted
from ehc_sim.scenario.what_if import what_if
from tests.every_number import full, numbers_with_ranges

AT_ONCE = 24
SEED = 20_250_101

Value = tuple[Where, float]


def main() -> None:
    """Try every number, and then values that multiply."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = full(Path(folder))
        tried, refused = try_ends(scenario)
        print(f"numbers: {tried} run, {refused} refused", flush=True)
        for changes in MULTIPLYING:
            print(f"multiplying: {changes}", "ran" if ran(scenario, changes) else "refused")


def try_ends(scenario: Scenario) -> tuple[int, int]:
    """Run every number at both ends; return how many ran and how many were refused."""
    values = [
        (where, end)
        for where, limits in numbers_with_ranges(scenario)
        if limits is not None
        for end in (limits.low, limits.high)
    ]
    random.Random(SEED).shuffle(values)
    alone: list[Value] = []
    tried = 0
    while values:
        batch = dict(values[:AT_ONCE])
        later = [(w, v) for w, v in values[:AT_ONCE] if batch[w] != v]
        values = later + values[AT_ONCE:]
        while batch:
            print(f"trying {said(batch)}", flush=True)
            faults = run(scenario, batch)
            if not faults:
                break
            bad = [where for where in batch if any(about(where, fault) for fault in faults)]
            for where in bad or list(batch):
                alone.append((where, batch.pop(where)))
        tried += len(batch)
    refused = 0
    for where, value in alone:
        print(f"trying alone {said({where: value})}", flush=True)
        refused += bool(run(scenario, {where: value}))
    return tried + len(alone) - refused, refused


def about(where: Where, fault: str) -> bool:
    """Return whether a fault of a setting may come from a number."""
    return fault.split(".")[:2] == dotted(where).split(".")[:2] or fault in dotted(where)


def said(batch: dict[Where, float]) -> str:
    """Return values as people read them."""
    return ", ".join(f"{dotted(where)} = {value}" for where, value in batch.items())


def run(scenario: Scenario, batch: dict[Where, float]) -> list[str]:
    """Run one replication; return where it was refused instead, if it was."""
    changes: dict[str, Any] = {}
    for where, value in batch.items():
        if where[:2] == ("demand", "weekday_weights"):
            changes["demand.weekday_weights"] = [value if n == where[2] else 1 for n in range(5)]
        elif where[0] == "requests" and where[1] in ("sources", "ages", "needs", "areas"):
            table = getattr(scenario.base.requests, str(where[1]))
            rest = (1 - value) / (len(table) - 1)
            shares = {name: value if name == where[2] else rest for name in table}
            changes[f"requests.{where[1]}"] = shares
        else:
            changes[dotted(where)] = value
    try:
        go(what_if(scenario, changes, "Tried"))
    except BadInput as bad:
        return [fault.where for fault in bad.faults]
    return []


def ran(scenario: Scenario, changes: dict[str, Any]) -> bool:
    """Return whether a scenario with changes was run and not refused."""
    try:
        go(what_if(scenario, changes, "Tried"))
    except BadInput:
        return False
    return True


def go(scenario: Scenario) -> None:
    """Run one replication, or raise ``BadInput`` where it is too large."""
    if faults := faults_of_size_of(scenario):
        raise BadInput(faults)
    replicator = Replicator(scenario, SEED)
    for drawn in replicator.drawn([0]):
        totals = replicator.tables(replicator.run(drawn))["totals"]
        assert totals.column("cost")[0] == totals.column("cost")[0], "the cost is no number"


OVERLAY = "demand.overlay.growth"
MULTIPLYING: list[dict[str, Any]] = [
    {"plans.times": 10, "plans.moved_in_a_year": 5000},
    {"plans.reviews.every_days": 90, "plans.reviews.arranged_days_before": 89},
    {"plans.reviews.every_days": 90, "plans.reviews.every_days_under_five": 90},
    {f"{OVERLAY}.growth_a_year": 1, f"{OVERLAY}.sd_share": 3},
    {f"{OVERLAY}.growth_a_year": {"low": -0.5, "likely": 0, "high": 1}},
    {"demand.overlay.reform.step": 5, f"{OVERLAY}.growth_a_year": 1},
    {"period.plan_until": date(2035, 12, 31), f"{OVERLAY}.growth_a_year": 1},
    {"draft_to_final.placement_wait": {"mean_days": 1826, "spread": 3, "at_least_days": 1826}},
    {"drafting.effort": {"mean_hours": 200, "spread": 3}, "drafting.rework": 0.9},
    {"disputes.ask_again": 1, "decision_to_assess.refused": 1},
    {"requests.concentration": 10, "requests.areas": {"North": 1, "South": 0}},
    {f"teams.{name}.posts": 500 for name in ("plan writers", "reviewing officers")},
]
"""Settings that are allowed one by one."""

if __name__ == "__main__":
    main()
