"""Settings that do nothing without another, and posts reserved for work that a team never has."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ehc_sim.network.orders import WAITED
from ehc_sim.scenario.marked import names_in
from ehc_sim.scenario.numbers import number_of
from ehc_sim.scenario.plain import Problem
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.tree import ABSENT, Tree


class Need(NamedTuple):
    """A number that nothing reads without another setting.

    Attributes
    ----------
    where : Where
        Its path, with ``*`` for a name that people choose.
    idle : float
        The value that says nothing, which it may have without the other.
    read : callable
        Whether something reads it, by the settings and the table of the other.
    without : str
        The other setting, in words.
    """

    where: Where
    idle: float
    read: Callable[[Tree, Where], bool]
    without: str


def _has(key: str) -> Callable[[Tree, Where], bool]:
    return lambda tree, table: tree.get(*table, key) is not ABSENT


def _in_order(order: str) -> Callable[[Tree, Where], bool]:
    return lambda tree, table: tree.get(*table, "order") == order


def _takes_ahead(tree: Tree, table: Where) -> bool:
    ahead = tree.get(*table, "ahead")
    return isinstance(ahead, list | tuple) and WAITED in ahead


def _by_share(tree: Tree, _: Where) -> bool:
    return tree.get("disputes", "no_plan_appeals") is ABSENT


NEEDS = (
    Need(("advice", "*", "sign_off_hours"), 0, _has("assistant_team"), "assistant_team"),
    Need(("advice", "*", "late_days_kept"), 1, _has("turnaround"), "turnaround"),
    Need(("teams", "*", "newest_share"), 0.5, _in_order("mixed"), 'order = "mixed"'),
    Need(
        ("teams", "*", "weeks_to_go"),
        *(0, _in_order("still in time first"), 'order = "still in time first"'),
    ),
    Need(("teams", "*", "waited_long_weeks"), 52, _takes_ahead, f'"{WAITED}" in ahead'),
    Need(("disputes", "no_plan_after", "mean_days"), 0, _by_share, "no_plan_overturned"),
)
"""What is read only where another setting is there."""

_ABOUT_PLANS = (("disputes", "contents"), ("disputes", "ceasing_appeals"))
WORK_OF: Mapping[str, Callable[[Where], bool]] = {
    "assessments": lambda where: where[0] not in ("plans", "disputes", "meetings"),
    "meetings": lambda where: where[0] == "meetings",
    "disputes": lambda where: where[0] == "disputes" and where[:2] not in _ABOUT_PLANS,
    "appeals about plans": lambda where: where[:2] in _ABOUT_PLANS,
    "annual reviews": lambda where: where[:2] == ("plans", "reviews"),
    # A transfer is signed by the team that signs reviews.
    "phase transfers": lambda where: (
        where[:2] == ("plans", "phase_transfers") or where == ("plans", "reviews", "check_team")
    ),
    "reassessments": lambda where: where[:2] == ("plans", "reassessments"),
    "plans moved in": lambda where: where[:2] == ("plans", "moving_in"),
}
"""Where the teams are named that have each kind of work."""


def unread(trees: Sequence[Tree], undated: Tree) -> Iterator[Problem]:
    """Yield settings that nothing reads on any day of a run, nor without its dated changes.

    Parameters
    ----------
    trees : sequence of Tree
        The settings of every period in order; one or more.
    undated : Tree
        The settings without dated changes: an option that takes away what read a setting need not
        take that away too.
    """
    for need in NEEDS:
        *table, key = need.where
        for where in dict.fromkeys(one for tree in trees for one in _tables(tree, tuple(table))):
            if not any(need.read(tree, where) for tree in (undated, *trees)):
                for tree in trees:
                    number = number_of(tree.get(*where, key))
                    if number is not None and {number.smallest, number.largest} != {need.idle}:
                        problem = f"found {number} without {need.without}, allowed is both or "
                        yield (*where, key), f"{problem}{need.idle:g}: nothing reads it"
                        break


def reserved_for_nothing(trees: Sequence[Tree]) -> Iterator[Problem]:
    """Yield shares of posts for a kind of work that other teams have and theirs never has.

    Work that nobody has was left out of the pathway, perhaps by a file that extends another.
    """
    named = {(where, name) for tree in trees for where, name in names_in(tree, "teams")}
    teams = {name for _, name in named}
    for team in dict.fromkeys(name for tree in trees for name in tree.table("teams")):
        found = {
            kind: number
            for tree in trees
            for kind, given in tree.table("teams", team, "reserved").items()
            if (number := number_of(given)) is not None and number.largest > 0
        }
        for kind, number in found.items():
            at = [name for where, name in named if kind in WORK_OF and WORK_OF[kind](where)]
            if at and team in teams and team not in at:
                problem = f"found {number} for work that this team never has, allowed is 0"
                yield ("teams", team, "reserved", kind), problem


def _tables(tree: Tree, pattern: Where) -> Iterator[Where]:
    """Yield the tables at a path in which ``*`` stands for every name."""
    if "*" not in pattern:
        yield pattern
        return
    place = pattern.index("*")
    for name in tree.table(*pattern[:place]):
        yield (*pattern[:place], name, *pattern[place + 1 :])
