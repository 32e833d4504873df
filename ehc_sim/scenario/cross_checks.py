"""What must agree between tables of a scenario.

The checks read the raw tree and pass over what is missing or of the wrong kind: that is found
elsewhere, and a mistake in one table must not hide one in another.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import get_args

import numpy as np

from ehc_sim.calendars import SchoolTerms, TermsError, sitting_days, working_days
from ehc_sim.inputs import problem_of
from ehc_sim.inputs.plain_file import NOT_READ
from ehc_sim.inputs.sheet import MOST_BYTES
from ehc_sim.network.orders import OVERDUE
from ehc_sim.scenario.checks_of_service import of_exceptions, of_requests_again, of_snapshot
from ehc_sim.scenario.checks_of_teams import away_all_year, capacity, stuck
from ehc_sim.scenario.faults import not_known
from ehc_sim.scenario.marked import TABLES_WITH_NAMES, names_in, other_files
from ehc_sim.scenario.numbers import number_of
from ehc_sim.scenario.people import KINDS_OF_WORK, Panel, Weekday
from ehc_sim.scenario.plain import Problem, checked
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.raw import a_date
from ehc_sim.scenario.schema import AGE_GROUPS, AGES, Period
from ehc_sim.scenario.tree import ABSENT, Tree

OLDEST = "25"
"""Age in years to which a plan can last, past those of requests."""


def problems_of(tree: Tree) -> list[Problem]:
    """Return what does not agree in the settings of one period.

    Parameters
    ----------
    tree : Tree

    Returns
    -------
    list of (Where, str)
        Path, and what was found and is allowed.
    """
    checks = (
        *(_unknown_names, _unknown_groups, _dates, _other_files, _never_sits),
        *(away_all_year, capacity, of_exceptions, of_snapshot),
    )
    return [problem for check in checks for problem in check(tree)]


def problems_of_run(trees: Sequence[Tree]) -> list[Problem]:
    """Return what does not agree over a whole run.

    Parameters
    ----------
    trees : sequence of Tree
        The settings of every period in order; one or more.
    """
    last = trees[-1]
    named = list(names_in(last, "teams"))
    waits = chain.from_iterable(
        stuck(last, name, [where for where, used in named if used == name])
        for name in last.table("teams")
    )
    return [*_idle_or_late(trees), *waits, *of_requests_again(trees)]


def _idle_or_late(trees: Sequence[Tree]) -> Iterator[Problem]:
    """Yield teams and panels that nothing names, or that are not there from the first day."""
    for table in TABLES_WITH_NAMES:
        used = {name for tree in trees for _, name in names_in(tree, table)}
        first = trees[0].table(table)
        for name in dict.fromkeys(name for tree in trees for name in tree.table(table)):
            if name not in used:
                problem = f"found a {table[:-1]} that no step names, allowed is one that is named"
                yield (table, name), problem
            elif name not in first:
                problem = f"found a new {table[:-1]}, allowed is one that is there from the first "
                yield (table, name), problem + "day, with no posts until it starts"


def _unknown_names(tree: Tree) -> Iterator[Problem]:
    for table in TABLES_WITH_NAMES:
        known = list(tree.table(table))
        for where, name in names_in(tree, table):
            if known and name not in known:
                yield where, not_known(name, known)


def _unknown_groups(tree: Tree) -> Iterator[Problem]:
    """Yield keys that are no source, need, age, area or kind of work."""
    sources, needs, areas = (
        list(tree.table("requests", name)) for name in ("sources", "needs", "areas")
    )
    ages = [*AGE_GROUPS, *AGES]
    by_group: list[tuple[Where, Sequence[str]]] = [
        (("requests", "ages"), AGES),
        (("decision_to_assess", "odds_by_source"), sources),
        (("decision_to_assess", "odds_by_age"), ages),
        (("draft_to_final", "placement_by_age"), ages),
        (("plans", "ceased_by_age"), [*ages, OLDEST]),
    ]
    for giver in tree.table("advice"):
        by_group += [(("advice", giver, "by_need"), needs), (("advice", giver, "by_age"), ages)]
    for team in tree.table("teams"):
        patch_by = tree.get("teams", team, "patch_by")
        if patch_by in ("area", "age group"):
            groups = areas if patch_by == "area" else AGE_GROUPS
            by_group.append((("teams", team, "patches"), groups))
        by_group.append((("teams", team, "reserved"), (*KINDS_OF_WORK, OVERDUE)))
    for where, known in by_group:
        for name in tree.table(*where):
            if known and name not in known:
                yield (*where, name), _not_a_group(name, known)


def _not_a_group(name: str, known: Sequence[str]) -> str:
    if AGES[0] not in known:
        return not_known(name, known)
    groups = ", ".join(f'"{group}"' for group in AGE_GROUPS if group in known)
    allowed = f'{groups + " or " if groups else ""}an age from "0" to "{known[-1]}"'
    return f'found "{name}", allowed is {allowed}'


def _dates(tree: Tree) -> Iterator[Problem]:
    period, _ = checked(Period, tree.table("period"))
    days = {key: a_date(tree.get("target", key)) for key in ("window_from", "window_until")}
    for key, day in days.items():
        if day is None:
            continue
        if period is not None and not period.plan_from <= day <= period.plan_until:
            allowed = f"{period.plan_from} to {period.plan_until}, the days of the plan"
            yield ("target", key), f"found {day}, allowed is {allowed}"
        if key == "window_from" and day.day != 1:
            yield ("target", key), f"found {day}, allowed is the first day of a month"
        if key == "window_until" and day.day != monthrange(day.year, day.month)[1]:
            yield ("target", key), f"found {day}, allowed is the last day of a month"


def _other_files(tree: Tree) -> Iterator[Problem]:
    for where, file in other_files().items():
        name = tree.get(*where)
        if not isinstance(name, str) or name == file.or_else:
            continue
        problem = problem_of(Path(name), MOST_BYTES)
        if problem is not None:
            problem = problem.removeprefix(NOT_READ)
            found = problem if problem.startswith("no such") else f"it cannot be read: {problem}"
            yield where, f'found "{name}", {found}; allowed is the path of a CSV file'


def _never_sits(tree: Tree) -> Iterator[Problem]:
    period, _ = checked(Period, tree.table("period"))
    terms = tree.get("council", "terms")
    terms = "somerset" if terms is ABSENT else terms
    for name in tree.table("panels"):
        cases = number_of(tree.get("panels", name, "cases"))
        if cases is not None and 0 < cases.largest < 1:
            yield ("panels", name, "cases"), f"found {cases.largest:g}, allowed is 1 or more"
        panel, _ = checked(Panel, tree.table("panels", name))
        if panel is None or period is None:
            continue
        try:
            sits = _sits(panel, period, terms)
        except TermsError as error:
            yield from ((("council", "terms"), fault) for fault in error.faults)
            return
        if not sits:
            problem = "found a panel that never sits from {} to {}, allowed is one sitting or more"
            yield ("panels", name), problem.format(period.run_in_from, period.plan_until)


def _sits(panel: Panel, period: Period, terms: str) -> bool:
    """Return whether a panel sits at least once in a run."""
    days = np.arange(
        np.datetime64(period.run_in_from, "D"), np.datetime64(period.plan_until, "D") + 1
    )
    weekday = get_args(Weekday).index(panel.weekday)
    sits = sitting_days(days, working_days(days), weekday, panel.every_weeks)
    if panel.sits_in_school_holidays:
        return len(sits) > 0
    return bool(SchoolTerms.read(terms).is_open(days)[sits].any())
