"""What must agree between tables of a scenario.

The checks read the raw tree and pass over what is missing or of the wrong kind: that is found
elsewhere, and a mistake in one table must not hide one in another.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any, get_args

import numpy as np

from ehc_sim.calendars import SchoolTerms, TermsError, law, sitting_days, working_days
from ehc_sim.inputs import problem_of, same_key
from ehc_sim.inputs.plain_file import NOT_READ
from ehc_sim.inputs.sheet import MOST_BYTES
from ehc_sim.network.orders import OVERDUE
from ehc_sim.scenario.faults import describe, not_known
from ehc_sim.scenario.marked import TABLES_WITH_NAMES, names_in, other_files
from ehc_sim.scenario.money import of_prices
from ehc_sim.scenario.needs import reserved_for_nothing, unread
from ehc_sim.scenario.numbers import Number, number_of
from ehc_sim.scenario.people import KINDS_OF_WORK, Panel, Weekday
from ehc_sim.scenario.plain import Problem, checked
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.schema import AGE_GROUPS, AGES, Period
from ehc_sim.scenario.target import TARGETS
from ehc_sim.scenario.tree import ABSENT, Tree


def number_at(tree: Tree, where: Where) -> Number | None:
    """Return the number at a path, or None where there is none."""
    given = tree.get(*where)
    return None if given is ABSENT else number_of(given)


def most(tree: Tree, where: Where, absent: float) -> float:
    """Return the largest value of a number; what is no number is passed over as if it were 1."""
    number = number_at(tree, where)
    if number is None:
        return absent if tree.get(*where) is ABSENT else 1
    return number.largest


def least(tree: Tree, where: Where, absent: float) -> float:
    """Return the smallest value of a number; what is no number is passed over as if absent."""
    number = number_at(tree, where)
    return absent if number is None else number.smallest


def at_work(tree: Tree, where: Where, absent: float) -> float:
    """Return ``most`` of who or what does a step: where members set it, none may have nothing."""
    number = number_at(tree, where)
    if number is None or number.column is None:
        return most(tree, where, absent)
    return number.smallest


def _one_or_the_other(tree: Tree, where: Where, patch: str) -> bool:
    """Return whether some members have posts for the whole team, and others have them by patch."""
    both = [
        number_at(tree, (*where, "posts")),
        number_at(tree, (*where, "patches", patch, "posts")),
    ]
    return all(one is not None and one.column is not None and one.high > 0 for one in both)


def a_date(value: Any) -> date | None:  # noqa: ANN401
    """Return a value that is a date without a time, or None."""
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


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
        problem = (
            "found missed appointments, allowed is none: no advice provider has an appointment"
        )
        yield missed, problem


def of_requests_again(trees: Sequence[Tree]) -> Iterator[Problem]:
    """Yield requests that are taken off the record and never made again."""
    where: Where = ("disputes", "recorded_again")
    recorded = max(most(tree, where, 0) for tree in trees)
    if recorded > 0 and not any(most(tree, ("disputes", "ask_again"), 0) > 0 for tree in trees):
        problem = f"found {recorded:g} without ask_again, allowed is both or 0: these requests"
        yield where, f"{problem} are taken off the record, and nobody would make them"


def of_plan_from(tree: Tree) -> Iterator[Problem]:
    """Yield a plan without any run-in or cases to start from, or that starts within a month.

    What is counted by the month (pounds, plans, weeks of waiting) would have a part of that month,
    or all of it. A run that starts with the plan has no other part of it.
    """
    first, plan = (a_date(tree.get("period", key)) for key in ("run_in_from", "plan_from"))
    if plan is not None and plan not in (plan.replace(day=1), first):
        yield ("period", "plan_from"), f"found {plan}, allowed is the first day of a month"
    if first is not None and first == plan and tree.get("caseload") is ABSENT:
        problem = f"found {plan}, allowed is a day after run_in_from, or a [caseload] to start from"
        yield ("period", "plan_from"), problem


WORKING_DAYS_A_YEAR = 253
"""Fewest working days in a year in England."""

_OF_POSTS: tuple[str, ...] = (
    *("posts", "patch_by", "agency", "reserved", "leavers_a_year", "overtime_hours_a_week"),
    *("long_sickness_a_year", "reassign_after_weeks", "named_officers"),
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


def nobody_ahead(tree: Tree) -> Iterator[Problem]:
    """Yield classes that a team takes ahead and that no child is in."""
    shares = {"looked after": "looked_after", "out of school": "out_of_school"}
    for name in tree.table("teams"):
        given = tree.get("teams", name, "ahead")
        ahead = given if isinstance(given, list | tuple) else ()
        for place, one in enumerate(ahead):
            key = shares.get(one) if isinstance(one, str) else None
            if key and most(tree, ("requests", "priority", key), 0) == 0:
                problem = f'found "{one}" and no child who is, allowed is a share above 0 of '
                yield ("teams", name, "ahead", place), f"{problem}requests.priority.{key}"


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
        if at_work(tree, (*where, "hours_a_day"), 0) == 0:
            problem = "found no hours, allowed is more than 0: cases would wait for ever"
            yield (*where, "hours_a_day"), problem
        return
    if at_work(tree, (*where, "time_on_this_work"), 1) == 0:
        yield (*where, "time_on_this_work"), "found 0, allowed is more than 0"
    if at_work(tree, (*where, "posts"), 0) != 0:
        return
    yield from _nobody_checks(tree, where, named)
    if at_work(tree, (*where, "agency", "cases_a_month"), 0) > 0:
        yield from _left_by_agency(tree, where)
        return
    patches = tree.table(*where, "patches")
    posts = {patch: at_work(tree, (*where, "patches", patch, "posts"), 0) for patch in patches}
    if not patches:
        problem = "found no posts and no agency, allowed is more than 0: cases would wait for ever"
        yield (*where, "posts"), problem
    elif tree.get(*where, "pooled") is True:
        if not any(posts.values()):
            yield (*where, "patches"), "found no posts, allowed is more than 0 in one patch"
    else:
        for group in _groups_of(tree, where, named):
            if posts.get(group, 0) == 0 and not _one_or_the_other(tree, where, group):
                problem = f'found no posts for "{group}", allowed is more than 0 there, or posts '
                problem += "for the whole team, or pooled: cases would wait for ever"
                yield _patch(where, group, patches), problem


def _is_set(tree: Tree, where: Where) -> bool:
    """Return whether a setting says something: 0 and false do not, nor 0 of the posts reserved."""
    given = tree.get(*where)
    if where[-1] == "reserved" and isinstance(given, Mapping):
        return any(_is_set(tree, (*where, kind)) for kind in given)
    number = number_at(tree, where)
    return given not in (ABSENT, False) and not (number is not None and number.largest == 0)


def _left_by_agency(tree: Tree, team: Where) -> Iterator[Problem]:
    """Yield an agency that never takes the last cases of a team without posts."""
    where: Where = (*team, "agency", "queue_longer_than")
    number = number_at(tree, where)
    by_age = tree.get(*team, "agency", "older_than_weeks") is not ABSENT
    if number is not None and number.largest > 0 and not by_age and not _any_posts(tree, team):
        problem = f"found {number.largest:g} in a team without posts, allowed is 0, or "
        yield where, problem + "older_than_weeks beside it: the last cases would wait for ever"


def _nobody_checks(tree: Tree, team: Where, named: Sequence[Where]) -> Iterator[Problem]:
    """Yield checks of an agency's advice in a team of which some cases have no post to check."""
    if most(tree, (*team, "agency", "cases_a_month"), 0) == 0:
        return
    patches = tree.table(*team, "patches")
    if patches and tree.get(*team, "pooled") is not True:
        groups: Sequence[str] = _groups_of(tree, team, named)
        without = [
            f' for "{group}"'
            for group in groups
            if most(tree, (*team, "patches", group, "posts"), 0) == 0
        ]
    else:
        without = [] if _any_posts(tree, team) else [""]
    for where in (where[:-1] for where in named if where[-1] in ("team", "adviser_team")):
        hours = most(tree, (*where, "agency_check_hours"), 0)
        if hours > 0:
            for whose in without:
                problem = f"found {hours:g} and no posts{whose} in the team that checks, allowed "
                problem += "is 0, or posts there: cases would wait for ever"
                yield (*where, "agency_check_hours"), problem


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
        *(
            away_all_year,
            capacity,
            labels_told_apart,
            nobody_ahead,
            of_exceptions,
            of_plan_from,
            of_prices,
        ),
    )
    return [problem for check in checks for problem in check(tree)]


def problems_of_run(trees: Sequence[Tree], undated: Tree) -> list[Problem]:
    """Return what does not agree over a whole run.

    Parameters
    ----------
    trees : sequence of Tree
        The settings of every period in order; one or more.
    undated : Tree
        The settings without dated changes.
    """
    last = trees[-1]
    # Of a provider that was asked until a date there may be advice to give after it.
    named = list(dict.fromkeys(one for tree in trees for one in names_in(tree, "teams")))
    waits = chain.from_iterable(
        stuck(last, name, [where for where, used in named if used == name])
        for name in last.table("teams")
    )
    idle = (*unread(trees, undated), *reserved_for_nothing(trees))
    return [*_idle_or_late(trees), *waits, *of_requests_again(trees), *idle]


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


def labels_told_apart(tree: Tree) -> Iterator[Problem]:
    """Yield labels of teams by which a reader could not tell them apart."""
    called: dict[str, str] = {}
    for key, team in tree.table("teams").items():
        label = team.get("label") if isinstance(team, Mapping) else None
        name = label if isinstance(label, str) else key
        other = called.setdefault(same_key(name), key)
        if other != key:
            where: Where = ("teams", key, "label") if name == label else ("teams", other, "label")
            yield where, f'found "{name}", which is what two teams are then called, allowed is one'


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
        (("plans", "reviews", "amended_by_age"), [*ages, OLDEST]),
        (("plans", "reviews", "put_off_by_age"), [*ages, OLDEST]),
        (("requests", "priority", "looked_after_by_age"), [*ages, OLDEST]),
        (("requests", "priority", "out_of_school_by_age"), [*ages, OLDEST]),
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
    keys: list[Where] = [("window_from",), ("window_until",), *((key, "by") for key in TARGETS)]
    for key in keys:
        day = a_date(tree.get("target", *key))
        if day is None:
            continue
        if period is not None and not period.plan_from <= day <= period.plan_until:
            allowed = f"{period.plan_from} to {period.plan_until}, the days of the plan"
            yield ("target", *key), f"found {day}, allowed is {allowed}"
        if key == ("window_from",) and day.day != 1:
            yield ("target", *key), f"found {day}, allowed is the first day of a month"
        if key != ("window_from",) and day.day != monthrange(day.year, day.month)[1]:
            yield ("target", *key), f"found {day}, allowed is the last day of a month"


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
