"""What must agree in the settings of a team: its posts, hours, patches and agency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ehc_sim.scenario.faults import describe
from ehc_sim.scenario.plain import Problem
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.raw import most, number_at
from ehc_sim.scenario.schema import AGE_GROUPS, AGES
from ehc_sim.scenario.tree import ABSENT, Tree

WORKING_DAYS_A_YEAR = 253
"""Fewest working days in a year in England."""

_OF_POSTS: tuple[str, ...] = (
    *("posts", "patch_by", "agency", "reserved", "leavers_a_year", "overtime_hours_a_week"),
    *("long_sickness_a_year", "reassign_after_weeks"),
)
"""Settings that mean nothing where nobody's rota is known."""

_OF_DAILY_HOURS = ("hours_a_day", "most_hours_a_case")


def away_all_year(tree: Tree) -> Iterator[Problem]:
    """Yield teams whose posts would never be there."""
    for name in tree.table("teams"):
        away = [number_at(tree, ("teams", name, key)) for key in ("leave_days", "sickness_days")]
        days = sum(number.largest for number in away if number is not None)
        if days >= WORKING_DAYS_A_YEAR:
            problem = f"found {days:g} days of leave and sickness a year, allowed is fewer than "
            yield ("teams", name), f"{problem}{WORKING_DAYS_A_YEAR}"


def capacity(tree: Tree) -> Iterator[Problem]:
    """Yield settings of posts in a team of daily hours, and of daily hours in a team of posts."""
    for name in tree.table("teams"):
        kind = tree.get("teams", name, "capacity")
        kind = "posts" if kind is ABSENT else kind
        for key in _OF_POSTS if kind == "daily hours" else _OF_DAILY_HOURS:
            if kind in ("posts", "daily hours") and _is_set(tree, ("teams", name, key)):
                found = describe(tree.get("teams", name, key))
                yield ("teams", name, key), f'found {found}, allowed is none with "{kind}"'


def stuck(tree: Tree, name: str, named: Sequence[Where]) -> Iterator[Problem]:
    """Yield why some cases of a team would wait for ever.

    Parameters
    ----------
    tree : Tree
        The settings of the last period.
    name : str
        Name of the team.
    named : sequence of Where
        Where the team is named; one that nothing names has no cases.
    """
    where: Where = ("teams", name)
    if not named:
        return
    if tree.get(*where, "capacity") == "daily hours":
        if most(tree, (*where, "hours_a_day"), 0) == 0:
            problem = "found no hours, allowed is more than 0: cases would wait for ever"
            yield (*where, "hours_a_day"), problem
        return
    if most(tree, (*where, "time_on_this_work"), 1) == 0:
        yield (*where, "time_on_this_work"), "found 0, allowed is more than 0"
    if most(tree, (*where, "posts"), 0) != 0:
        return
    if most(tree, (*where, "agency", "cases_a_month"), 0) > 0:
        yield from _left_by_agency(tree, where)
        return
    patches = tree.table(*where, "patches")
    posts = {patch: most(tree, (*where, "patches", patch, "posts"), 0) for patch in patches}
    if not patches:
        problem = "found no posts and no agency, allowed is more than 0: cases would wait for ever"
        yield (*where, "posts"), problem
    elif tree.get(*where, "pooled") is True:
        if not any(posts.values()):
            yield (*where, "patches"), "found no posts, allowed is more than 0 in one patch"
    else:
        for group in _groups_of(tree, where, named):
            if posts.get(group, 0) == 0:
                problem = f'found no posts for "{group}", allowed is more than 0 there, or posts '
                problem += "for the whole team, or pooled: cases would wait for ever"
                yield _patch(where, group, patches), problem


def _is_set(tree: Tree, where: Where) -> bool:
    """Return whether a setting says something: 0 does not, nor do posts reserved of which 0 are."""
    given = tree.get(*where)
    if where[-1] == "reserved" and isinstance(given, Mapping):
        return any(_is_set(tree, (*where, kind)) for kind in given)
    number = number_at(tree, where)
    return given is not ABSENT and not (number is not None and number.largest == 0)


def _left_by_agency(tree: Tree, team: Where) -> Iterator[Problem]:
    """Yield an agency that never takes the last cases of a team without posts."""
    where: Where = (*team, "agency", "queue_longer_than")
    number = number_at(tree, where)
    by_age = tree.get(*team, "agency", "older_than_weeks") is not ABSENT
    if number is not None and number.largest > 0 and not by_age and not _any_posts(tree, team):
        problem = f"found {number.largest:g} in a team without posts, allowed is 0, or "
        yield where, problem + "older_than_weeks beside it: the last cases would wait for ever"


def _any_posts(tree: Tree, team: Where) -> bool:
    patches = tree.table(*team, "patches")
    return any(most(tree, (*team, "patches", patch, "posts"), 0) > 0 for patch in patches)


def _patch(team: Where, group: str, patches: Mapping[str, Any]) -> Where:
    return (*team, "patches", group) if group in patches else (*team, "patches")


def _groups_of(tree: Tree, team: Where, named: Sequence[Where]) -> Sequence[str]:
    """Return the patches that cases of a team come from."""
    if tree.get(*team, "patch_by") == "area":
        return _groups(tree, "areas")
    of_plans = any(where[0] == "plans" or where[:2] == ("disputes", "contents") for where in named)
    return AGE_GROUPS if of_plans and tree.table("plans") else _age_groups(tree)


def _groups(tree: Tree, table: str) -> list[str]:
    """Return the names of a table of shares that are not always 0."""
    names = tree.table("requests", table)
    return [name for name in names if most(tree, ("requests", table, name), 0) > 0]


def _age_groups(tree: Tree) -> list[str]:
    ages = [int(age) for age in _groups(tree, "ages") if age in AGES]
    groups = {group: [int(age) for age in group.split("-")] for group in AGE_GROUPS}
    return [
        group for group, (low, high) in groups.items() if any(low <= age <= high for age in ages)
    ]
