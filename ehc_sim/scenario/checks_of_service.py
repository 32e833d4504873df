"""What must agree in the settings of disputes, exceptions and of where a run starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ehc_sim.calendars import law
from ehc_sim.scenario.plain import Problem
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.raw import a_date, least, most
from ehc_sim.scenario.tree import ABSENT, Tree


def of_exceptions(tree: Tree) -> Iterator[Problem]:
    """Yield delays that are no exception, or that no case can meet."""
    away: Where = ("exceptions", "away_from_area", "wait")
    if tree.table(*away) and tree.get(*away, "counted_in") in (ABSENT, "calendar"):
        shortest = least(tree, (*away, "at_least_days"), 0)
        if most(tree, (*away, "spread"), 0) == 0:
            shortest += least(tree, (*away, "mean_days"), law.EXCEPTION_DAYS)
        if shortest < law.EXCEPTION_DAYS:
            problem = f"found {shortest:g} days at least, allowed is {law.EXCEPTION_DAYS} or more: "
            yield away, problem + "an absence is an exception from four weeks on"
    missed: Where = ("exceptions", "missed_appointment")
    givers = [name for name in tree.table("advice") if tree.table("advice", name, "appointment")]
    if tree.table("advice") and tree.table(*missed) and not givers:
        problem = "found missed appointments, allowed is none: no advice giver has an appointment"
        yield missed, problem


def of_requests_again(trees: Sequence[Tree]) -> Iterator[Problem]:
    """Yield requests that are taken off the record and never made again."""
    where: Where = ("disputes", "recorded_again")
    recorded = max(most(tree, where, 0) for tree in trees)
    if recorded > 0 and not any(most(tree, ("disputes", "ask_again"), 0) > 0 for tree in trees):
        problem = f"found {recorded:g} without ask_again, allowed is both or 0: these requests"
        yield where, f"{problem} are taken off the record, and nobody would make them"


def of_snapshot(tree: Tree) -> Iterator[Problem]:
    """Yield a run without any run-in and without cases to start from."""
    first, plan = (a_date(tree.get("period", key)) for key in ("run_in_from", "plan_from"))
    if first is not None and first == plan and tree.get("caseload") is ABSENT:
        problem = f"found {plan}, allowed is a day after run_in_from, or a [caseload] to start from"
        yield ("period", "plan_from"), problem
