"""What must agree between tables of a scenario.

The checks read the raw tree and pass over what is missing or of the wrong kind: that is found
elsewhere, and a mistake in one table must not hide one in another.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import numpy as np

from ehc_sim.calendars import SchoolTerms, TermsError, sitting_days, working_days
from ehc_sim.calendars.bank_holidays import FIRST_YEAR, LAST_YEAR
from ehc_sim.scenario.faults import not_known
from ehc_sim.scenario.files import OTHER_FILES
from ehc_sim.scenario.numbers import number_of
from ehc_sim.scenario.plain import Problem, checked
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.schema import AGE_GROUPS, Panel, Period, Weekday
from ehc_sim.scenario.tree import ABSENT, Tree

AGES = tuple(str(age) for age in range(25))
"""Ages in years of ``requests.ages``."""

WORKING_DAYS_A_YEAR = 253
"""Fewest working days in a year in England."""

_NAMED: Mapping[str, tuple[Where, ...]] = {
    "teams": (
        ("requests", "registration_team"),
        ("drafting", "team"),
        ("drafting", "check_team"),
        ("draft_to_final", "team"),
        ("draft_to_final", "sign_team"),
    ),
    "panels": (("decision_to_assess", "panel"), ("decision_to_issue", "panel")),
}
"""Where a team or a panel is named, beside the teams of advice givers."""


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
    checks = (_unknown_names, _unknown_groups, _dates, _other_files, _never_sits, _other)
    return [problem for check in checks for problem in check(tree)]


def problems_of_run(trees: Sequence[Tree]) -> list[Problem]:
    """Return what does not agree over a whole run.

    Parameters
    ----------
    trees : sequence of Tree
        The settings of every period in order; one or more.
    """
    last = trees[-1]
    used = {name for _, name in _names(last, "teams")}
    waits = [one for name in last.table("teams") if name in used for one in _stuck(last, name)]
    return [*_idle_or_late(trees), *waits, *_another_kind(trees)]


def _idle_or_late(trees: Sequence[Tree]) -> Iterator[Problem]:
    """Yield teams and panels that nothing names, or that are not there from the first day."""
    for table in _NAMED:
        used = {name for tree in trees for _, name in _names(tree, table)}
        first = trees[0].table(table)
        for name in dict.fromkeys(name for tree in trees for name in tree.table(table)):
            if name not in used:
                problem = f"found a {table[:-1]} that no step names, allowed is one that is named"
                yield (table, name), problem
            elif name not in first:
                problem = f"found a new {table[:-1]}, allowed is one that is there from the first "
                yield (table, name), problem + "day, with no posts until it starts"


def _another_kind(trees: Sequence[Tree]) -> Iterator[Problem]:
    """Yield advice givers of which a date changes what shapes the pathway."""
    shapes = (("team",), ("label",), ("school",), ("view_of_family",), ("turnaround", "counted_in"))
    for name in dict.fromkeys(name for tree in trees for name in tree.table("advice")):
        there = [tree for tree in trees if name in tree.table("advice")]
        for shape in shapes:
            kinds = [tree.get("advice", name, *shape) for tree in there]
            if any(kind != kinds[0] for kind in kinds):
                problem = "found another on a date, allowed is one for the whole run"
                yield ("advice", name, *shape), problem


def _names(tree: Tree, table: str) -> Iterator[tuple[Where, str]]:
    """Yield where teams or panels are named, and the name."""
    places = list(_NAMED[table])
    if table == "teams":
        places += [("advice", giver, "team") for giver in tree.table("advice")]
    for where in places:
        name = tree.get(*where)
        if isinstance(name, str):
            yield where, name


def _unknown_names(tree: Tree) -> Iterator[Problem]:
    for table in _NAMED:
        known = list(tree.table(table))
        for where, name in _names(tree, table):
            if known and name not in known:
                yield where, not_known(name, known)


def _unknown_groups(tree: Tree) -> Iterator[Problem]:
    """Yield keys that are no source, need, age or area of the requests."""
    sources, needs, areas = (
        list(tree.table("requests", name)) for name in ("sources", "needs", "areas")
    )
    ages = [*AGE_GROUPS, *AGES]
    by_group: list[tuple[Where, Sequence[str]]] = [
        (("requests", "ages"), AGES),
        (("decision_to_assess", "odds_by_source"), sources),
        (("decision_to_assess", "odds_by_age"), ages),
        (("draft_to_final", "placement_by_age"), ages),
    ]
    for giver in tree.table("advice"):
        by_group += [(("advice", giver, "by_need"), needs), (("advice", giver, "by_age"), ages)]
    for team in tree.table("teams"):
        patch_by = tree.get("teams", team, "patch_by")
        if patch_by in ("area", "age group"):
            groups = areas if patch_by == "area" else AGE_GROUPS
            by_group.append((("teams", team, "patches"), groups))
    for where, known in by_group:
        for name in tree.table(*where):
            if known and name not in known:
                yield (*where, name), _not_a_group(name, known)


def _not_a_group(name: str, known: Sequence[str]) -> str:
    if AGES[0] not in known:
        return not_known(name, known)
    groups = ", ".join(f'"{group}"' for group in AGE_GROUPS if group in known)
    return f'found "{name}", allowed is {groups + " or " if groups else ""}an age from "0" to "24"'


def _dates(tree: Tree) -> Iterator[Problem]:
    for key in ("run_in_from", "plan_until"):
        day = _date(tree.get("period", key))
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            years = f"the years {FIRST_YEAR} to {LAST_YEAR}, whose bank holidays are known"
            yield ("period", key), f"found {day}, allowed is {years}"
    first, last = (_date(tree.get("target", key)) for key in ("window_from", "window_until"))
    plan = [_date(tree.get("period", key)) for key in ("plan_from", "plan_until")]
    for key, day in (("window_from", first), ("window_until", last)):
        if day and plan[0] and plan[1] and not plan[0] <= day <= plan[1]:
            allowed = f"{plan[0]} to {plan[1]}, the days of the plan"
            yield ("target", key), f"found {day}, allowed is {allowed}"
    if first and first.day != 1:
        yield ("target", "window_from"), f"found {first}, allowed is the first day of a month"
    if last and last.day != monthrange(last.year, last.month)[1]:
        yield ("target", "window_until"), f"found {last}, allowed is the last day of a month"


def _other_files(tree: Tree) -> Iterator[Problem]:
    for where in OTHER_FILES:
        name = tree.get(*where)
        if isinstance(name, str) and name != "somerset" and not Path(name).is_file():
            yield where, f'found "{name}", no such file'


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
            yield ("council", "terms"), "; ".join(error.faults)
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


def _other(tree: Tree) -> Iterator[Problem]:
    assess = tree.table("decision_to_assess")
    overturned = number_of(assess.get("overturned", 0))
    if overturned and overturned.largest > 0 and "overturned_after" not in assess:
        problem = f"found {overturned.largest:g} without overturned_after, allowed is both or 0"
        yield ("decision_to_assess", "overturned"), problem
    for name in tree.table("teams"):
        team = tree.table("teams", name)
        away = [number_of(team.get(key)) for key in ("leave_days", "sickness_days")]
        days = sum(number.largest for number in away if number is not None)
        if days >= WORKING_DAYS_A_YEAR:
            problem = f"found {days:g} days of leave and sickness a year, allowed is fewer than "
            yield ("teams", name), f"{problem}{WORKING_DAYS_A_YEAR}"


def _stuck(tree: Tree, name: str) -> Iterator[Problem]:
    """Yield why some cases of a team would wait for ever."""
    where: Where = ("teams", name)
    if _most(tree, (*where, "time_on_this_work"), 1) == 0:
        yield (*where, "time_on_this_work"), "found 0, allowed is more than 0"
    if _most(tree, (*where, "agency", "cases_a_month"), 0) > 0:
        return
    if _most(tree, (*where, "posts"), 0) != 0:
        return
    patches = tree.table(*where, "patches")
    posts = {patch: _most(tree, (*where, "patches", patch, "posts"), 0) for patch in patches}
    if not patches:
        problem = "found no posts and no agency, allowed is more than 0: cases would wait for ever"
        yield (*where, "posts"), problem
    elif tree.get(*where, "pooled") is True:
        if not any(posts.values()):
            yield (*where, "patches"), "found no posts, allowed is more than 0 in one patch"
    else:
        by_area = tree.get(*where, "patch_by") == "area"
        for group in _groups(tree, "areas") if by_area else _age_groups(tree):
            if posts.get(group, 0) == 0:
                problem = f'found no posts for "{group}", allowed is more than 0 there, or posts '
                problem += "for the whole team, or pooled: cases would wait for ever"
                yield _patch(where, group, patches), problem


def _patch(team: Where, group: str, patches: Mapping[str, Any]) -> Where:
    return (*team, "patches", group) if group in patches else (*team, "patches")


def _groups(tree: Tree, table: str) -> list[str]:
    """Return the names of a table of shares that are not always 0."""
    names = tree.table("requests", table)
    return [name for name in names if _most(tree, ("requests", table, name), 0) > 0]


def _age_groups(tree: Tree) -> list[str]:
    ages = [int(age) for age in _groups(tree, "ages") if age in AGES]
    groups = {group: [int(age) for age in group.split("-")] for group in AGE_GROUPS}
    return [
        group for group, (low, high) in groups.items() if any(low <= age <= high for age in ages)
    ]


def _most(tree: Tree, where: Where, absent: float) -> float:
    """Return the largest value of a number; what is no number is passed over as if it were 1."""
    given = tree.get(*where)
    if given is ABSENT:
        return absent
    number = number_of(given)
    return 1 if number is None else number.largest


def _date(value: Any) -> date | None:  # noqa: ANN401
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
